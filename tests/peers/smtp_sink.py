"""An SMTP server that takes all mail and tells, as JSON lines on standard output, what it took.

The first line is {"port": ...}; each further one is a mail as Python's own mail parser reads it. With --delay it
thinks that long before it takes a mail, and tells {"begun": ...} when it begins to; with --slow-for it does so for
that reader only. With --tell-goodbyes it tells {"goodbye": ...} of each connection that ends with a QUIT.
It stops at the end of standard input, so it never outlives the test that started it.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def tell(what):
    print(json.dumps(what), flush=True)


class Sink:
    def __init__(self, delay, slow_for, tell_goodbyes):
        self.tell_goodbyes = tell_goodbyes
        self.delay = delay
        self.slow_for = slow_for

    async def handle_QUIT(self, server, session, envelope):
        if self.tell_goodbyes:
            tell({"goodbye": session.peer[0]})
        return "221 Bye"

    async def handle_DATA(self, server, session, envelope):
        if self.delay and self.slow_for in (None, *envelope.rcpt_tos):
            tell({"begun": envelope.rcpt_tos})
            await asyncio.sleep(self.delay)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        tell(
            {
                "mail_from": envelope.mail_from,
                "rcpt_tos": envelope.rcpt_tos,
                "encrypted": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
                "authenticated": bool(session.authenticated),
                "headers": [[name, str(value)] for name, value in mail.items()],
                "display_names": [address.display_name for name in ("from", "to") for address in mail[name].addresses],
                "type": mail.get_content_type(),
                "parts": [{"type": part.get_content_type(), "text": part.get_content()} for part in parts],
                "defects": [repr(defect) for part in mail.walk() for defect in part.defects],
            }
        )
        return "250 2.0.0 taken"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tls", choices=["none", "starttls", "tls"], default="none")
    arguments.add_argument("--cert")
    arguments.add_argument("--key")
    arguments.add_argument("--user")
    arguments.add_argument("--password")
    arguments.add_argument("--delay", type=float, default=0.0)
    arguments.add_argument("--slow-for")
    arguments.add_argument("--tell-goodbyes", action="store_true")
    options = arguments.parse_args()
    # What it warns of (a sign-in that does not ask for STARTTLS, failed handshakes) is what the tests are about.
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)

    context = None
    if options.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)

    def authenticate(server, session, envelope, mechanism, data):
        known = LoginPassword((options.user or "").encode(), (options.password or "").encode())
        # handled=False leaves the refusal, 535, to aiosmtpd.
        return AuthResult(success=data == known, handled=False)

    def protocol():
        return SMTP(
            Sink(options.delay, options.slow_for, options.tell_goodbyes),
            hostname="sink.example.com",
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            authenticator=authenticate if options.user else None,
            auth_required=bool(options.user),
            auth_require_tls=options.tls == "starttls",
        )

    async def serve():
        implicit = context if options.tls == "tls" else None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit)
        tell({"port": server.sockets[0].getsockname()[1]})
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
