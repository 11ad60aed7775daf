"""The office works on its sheet by gspread: fills it, reads what was written there, and edits it.

    office_sheet.py URL CREDENTIALS_FILE SPREADSHEET_ID fill|read|edit

gspread is unmodified: its session has an adapter that takes what goes to sheets.googleapis.com to the URL.
"""

import json
import sys

import gspread
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import credentials
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


def open_book(url, path, book_id):
    with open(path, encoding="utf-8") as file:
        info = json.load(file)
    names = ["refresh_token", "token_uri", "client_id", "client_secret"]
    info["token_uri"] = f"{url}/token"
    signed_in = credentials.Credentials(None, scopes=SCOPES, **{name: info[name] for name in names})
    session = AuthorizedSession(signed_in)
    session.mount(SHEETS, Elsewhere(url))
    return gspread.Client(auth=signed_in, session=session).open_by_key(book_id)


def fill(book):
    roster = book.sheet1
    roster.update_title("Roster")
    roster.update(
        [
            ["Name", "E-mail", "Rank", "Order"],
            ["Dana Reyes", "dana@example.com", "Captain", 1],
            ["Lee Park", "lee@example.com", "deckhand", 1],
        ]
    )
    june = book.add_worksheet("June 2099", rows=20, cols=10)
    june.update([["Name", "6/26", "6/27", "6/28"], ["Dana Reyes", "Y", "N", ""], ["Lee Park", "", "Y", "AM only"]])


def edit(book):
    june = book.worksheet("June 2099")
    june.update_acell("D2", "Y")
    june.insert_row(["Boat: America"], index=2)
    june.sort((1, "des"), range="A3:D4")
    book.worksheet("Roster").append_row(["Kim Vale", "kim@example.com", "mate"])


def main():
    url, path, book_id, what = sys.argv[1:]
    book = open_book(url.rstrip("/"), path, book_id)
    if what == "fill":
        fill(book)
    elif what == "edit":
        edit(book)
    tabs = [sheet for sheet in book.worksheets() if not sheet.isSheetHidden]
    print(json.dumps({sheet.title: sheet.get_all_values() for sheet in tabs}))


main()
