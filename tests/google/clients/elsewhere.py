"""gspread, unmodified, at another address: its session has an adapter that takes what goes to sheets.googleapis.com there."""

import json

import gspread
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials, service_account
from requests.adapters import HTTPAdapter

SHEETS = "https://sheets.googleapis.com"
SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]


class Elsewhere(HTTPAdapter):
    """Sends each request to another host."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def send(self, request, **options):
        request.url = self.url + request.url.removeprefix(SHEETS)
        return super().send(request, **options)


def sign_in(path, token_uri=None):
    """By a file of an authorized user, whose tokens are had at `token_uri` if it does not say where, or of a service account."""
    with open(path, encoding="utf-8") as file:
        info = json.load(file)
    if info["type"] == "service_account":
        return service_account.Credentials.from_service_account_info(info, scopes=SCOPES)
    info.setdefault("token_uri", token_uri)
    # google-auth's own reader of such files goes to Google, whatever address the file has.
    names = ["refresh_token", "token_uri", "client_id", "client_secret"]
    return credentials.Credentials(None, scopes=SCOPES, **{name: info[name] for name in names})


def open_book(url, signed_in, book_id):
    session = AuthorizedSession(signed_in)
    session.mount(SHEETS, Elsewhere(url))
    return gspread.Client(auth=signed_in, session=session).open_by_key(book_id)
