"""An office's script that brings its sheet up to its list by gspread, unmodified (tests/google/clients/elsewhere.py).

    sheet.py URL CREDENTIALS_FILE SPREADSHEET_ID cells|whole|read

Reads as JSON on standard input what the list says, tab by tab, by the names in the first column, and how many cells it may
write at the most. `cells` writes each cell that differs, `whole` everything, `read` nothing. Prints how many cells differ,
how many it wrote, and how long it took to read and to write. Whatever stood there that nobody had read is gone.
"""

import json
import sys
import time

from elsewhere import open_book, sign_in


def different(rows, people):
    """The cells that the list has otherwise, counted from one, with what they should say."""
    found = []
    for number, row in enumerate(rows[1:], start=2):
        for column, text in enumerate(people.get(row[0], ()), start=2):
            if row[column - 1] != text:
                found.append((number, column, text))
    return found


def main():
    url, path, book_id, what = sys.argv[1:]
    office = json.load(sys.stdin)
    begun = time.perf_counter()
    book = open_book(url, sign_in(path, f"{url}/token"), book_id)
    tabs = [sheet for sheet in book.worksheets() if sheet.title in office["tabs"]]
    tabs = [(sheet, sheet.get_all_values()) for sheet in tabs]
    changes = [(sheet, rows, different(rows, office["tabs"][sheet.title])) for sheet, rows in tabs]
    read = time.perf_counter()
    written = 0
    for sheet, rows, cells in changes:
        if what == "cells":
            for number, column, text in cells[: office["most"] - written]:
                sheet.update_cell(number, column, text)
                written += 1
        elif what == "whole":
            for number, column, text in cells:
                rows[number - 1][column - 1] = text
            sheet.update(rows, "A1")
            written += sum(map(len, rows))
    ended = time.perf_counter()
    count = sum(len(cells) for _, _, cells in changes)
    json.dump({"different": count, "written": written, "reading": read - begun, "writing": ended - read}, sys.stdout)


main()
