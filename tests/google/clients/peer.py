"""The Google of the tests, as a program that these stories start."""

import contextlib
import json
import subprocess
import sys

GMAIL_SEND = "https://www.googleapis.com/auth/gmail.send"
SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"


@contextlib.contextmanager
def start():
    """Starts the program that the command line names. Gives the addresses and credentials that it prints."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PROGRAM")
    program = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield json.loads(program.stdout.readline())
    finally:
        program.stdin.close()
        ended = program.wait(timeout=10)
    # It ends otherwise if one of its own answers was not as Google's documents say.
    assert ended == 0, ended


def client(said):
    """The client's fields, as its downloadable file has them."""
    return said["client"]["installed"]
