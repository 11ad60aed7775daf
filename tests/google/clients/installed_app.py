"""Signing in at a browser with google-auth-oauthlib: InstalledAppFlow, which listens on this machine.

    installed_app.py PROGRAM
"""

import contextlib
import io
import json
import os
import threading
import urllib.parse

import google.auth.exceptions
import google.auth.transport.requests
import requests
from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from peer import GMAIL_SEND, SPREADSHEETS, start

# The Google of the tests speaks no TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
# Google adds and reorders scopes, which oauthlib takes for an error otherwise.
os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"


class Browser(io.StringIO):
    """Somebody who opens the address that a program prints, and goes wherever that leads."""

    def __init__(self):
        super().__init__()
        self.pages = []

    def write(self, text):
        if "http://" in text:
            address = text[text.index("http://"):].split()[0]
            threading.Thread(target=lambda: self.pages.append(requests.get(address))).start()
        return super().write(text)


def sign_in(said, scopes, **options):
    flow = InstalledAppFlow.from_client_config(said["client"], scopes)
    browser = Browser()
    with contextlib.redirect_stdout(browser):
        credentials = flow.run_local_server(port=0, open_browser=False, timeout_seconds=20, **options)
    return flow, credentials, browser


with start() as said:
    # The account has signed in with this client before, so the page has to be shown again for a refresh token.
    assert sign_in(said, [GMAIL_SEND])[1].refresh_token is None
    flow, user, browser = sign_in(said, [GMAIL_SEND, SPREADSHEETS, EMAIL], prompt="consent")
    assert user.valid and user.refresh_token, user
    assert sorted(user.granted_scopes) == sorted([GMAIL_SEND, SPREADSHEETS, EMAIL, "openid"]), user.granted_scopes
    assert user.id_token.count(".") == 2
    first = user.token
    user.refresh(google.auth.transport.requests.Request())
    assert user.valid and user.token != first

    # The code was for once. Its second use ends what came of the first.
    redirect = browser.pages[0].history[0]
    assert redirect.status_code == 302, redirect
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(redirect.headers["location"]).query))["code"]
    try:
        flow.fetch_token(code=code)
        raise AssertionError("a code was good twice")
    except InvalidGrantError as error:
        twice = error.error
    try:
        user.refresh(google.auth.transport.requests.Request())
        raise AssertionError("a sign-in whose code was used twice still holds")
    except google.auth.exceptions.RefreshError as error:
        ended = error.args[1]["error"]

    # What is wrong is shown on a page, and nobody is sent anywhere.
    pages = {}
    for name, config in {
        "unknown client": {**said["client"]["installed"], "client_id": "nobody"},
        "unknown scope": said["client"]["installed"],
    }.items():
        scope = "everything" if name == "unknown scope" else GMAIL_SEND
        wrong = InstalledAppFlow.from_client_config({"installed": config}, [scope], redirect_uri="http://localhost")
        page = requests.get(wrong.authorization_url()[0], allow_redirects=False)
        pages[name] = (page.status_code, page.text.rsplit("Error ", 1)[1].split()[1])
    assert pages == {"unknown client": (401, "invalid_client"), "unknown scope": (400, "invalid_scope")}, pages

print(json.dumps({"scopes": user.granted_scopes, "twice": twice, "ended": ended, "pages": pages}))
