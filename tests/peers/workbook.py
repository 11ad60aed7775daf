"""What openpyxl finds in a workbook of crewcall's.

Prints it as JSON: of each tab its cells with their types, and what people see of it beside them.
"""

import json
import sys

from openpyxl import load_workbook


def plain(value):
    """Dates, and times of more than a day, as text."""
    return value if isinstance(value, (int, float, str)) else str(value) if not hasattr(value, "isoformat") else value.isoformat()


book = load_workbook(sys.argv[1])
tabs = []
for sheet in book.worksheets:
    cells = {
        cell.coordinate: [cell.data_type, plain(cell.value), cell.number_format]
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    tabs.append(
        {
            "title": sheet.title,
            "cells": cells,
            "frozen": sheet.freeze_panes,
            "landscape": sheet.page_setup.orientation == "landscape",
            "fits": [sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight],
            "on_every_page": [sheet.print_title_rows, sheet.print_title_cols],
            "quoted": sorted(cell.coordinate for row in sheet.iter_rows() for cell in row if cell.quotePrefix),
            "widths": {letter: column.width for letter, column in sheet.column_dimensions.items()},
        }
    )
print(json.dumps(tabs))
