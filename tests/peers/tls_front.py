"""What stands before an HTTP API under a name of its own: TLS, and the API's host name behind it.

    tls_front.py --cert FILE --key FILE --upstream ADDRESS --host NAME

The first line on standard output is {"port": ...}. It stops at the end of standard input.
"""

import argparse
import http.client
import http.server
import json
import ssl
import sys
import threading


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("--cert", "--key", "--upstream", "--host"):
        arguments.add_argument(name, required=True)
    options = arguments.parse_args()

    class Front(http.server.BaseHTTPRequestHandler):
        def forward(self):
            length = int(self.headers.get("content-length", 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            upstream = http.client.HTTPConnection(options.upstream)
            upstream.request(self.command, self.path, self.rfile.read(length), {**headers, "Host": options.host})
            answer = upstream.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = forward

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
