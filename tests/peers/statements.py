"""Looks at the formulas of a workbook, and at what they come to.

    statements.py values FILE       what each cell shows, by tab and cell
    statements.py bare FILE OUT     writes the workbook without the results of its formulas; prints where they are
"""

import json
import sys

from openpyxl import load_workbook


def number(value):
    """Times are parts of a day; what is no number is text."""
    if hasattr(value, "total_seconds"):
        return value.total_seconds() / 86400
    if hasattr(value, "hour") and not hasattr(value, "year"):
        return (value.hour * 60 + value.minute) / 1440
    return value if isinstance(value, (int, float)) else str(value)


def main():
    what, file, *rest = sys.argv[1:]
    if what == "values":
        book = load_workbook(file, data_only=True)
        shown = {
            sheet.title: {cell.coordinate: number(cell.value)
                          for row in sheet.iter_rows() for cell in row if cell.value is not None}
            for sheet in book.worksheets
        }
        json.dump(shown, sys.stdout)
    else:
        book = load_workbook(file)
        formulas = [f"{sheet.title}!{cell.coordinate}" for sheet in book.worksheets
                    for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        # openpyxl writes formulas without results.
        book.save(rest[0])
        json.dump(formulas, sys.stdout)


main()
