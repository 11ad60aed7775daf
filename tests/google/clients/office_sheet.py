"""The office works on its sheet by gspread: fills it, reads what was written there, and edits it.

    office_sheet.py URL CREDENTIALS_FILE SPREADSHEET_ID fill|read|edit

gspread is unmodified (`elsewhere.py`).
"""

import json
import sys

from elsewhere import open_book, sign_in


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
    book = open_book(url, sign_in(path, f"{url}/token"), book_id)
    if what == "fill":
        fill(book)
    elif what == "edit":
        edit(book)
    tabs = [sheet for sheet in book.worksheets() if not sheet.isSheetHidden]
    print(json.dumps({sheet.title: sheet.get_all_values() for sheet in tabs}))


main()
