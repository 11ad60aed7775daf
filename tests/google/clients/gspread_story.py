"""A day with a crew's spreadsheet, by clients that others wrote: gspread, and google-api-python-client.

    gspread_story.py URL CREDENTIALS_FILE [SPREADSHEET_ID]

URL is where the Google of the tests answers, CREDENTIALS_FILE an authorized user (with a token_uri) or a service
account. Without an id the story creates its own spreadsheet. It prints one JSON line with what it saw, and fails if anything is
not as these clients have it from Google.

gspread is unmodified (`elsewhere.py`).
"""

import json
import sys

import gspread
from elsewhere import open_book, sign_in
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from gspread.utils import MergeType, ValueInputOption, ValueRenderOption


def refused(message, call, *arguments, **options):
    """The call is refused as wrong, with this in the message."""
    try:
        call(*arguments, **options)
    except gspread.exceptions.APIError as error:
        assert (error.code, error.error["status"]) == (400, "INVALID_ARGUMENT"), error
        assert message in error.error["message"], error
    else:
        raise AssertionError(f"not refused: {message}")


def reading_and_writing(book):
    sheet = book.sheet1
    assert (sheet.title, sheet.id, sheet.row_count, sheet.col_count) == ("Sheet1", 0, 1000, 26)
    assert sheet.get_all_values() == [[]]
    rows = [["Name", "Rank", "6/27/2026"], ["Dana", 2, "yes"], ["Gene", 1, ""], ["Alex", 3, "AM only"]]
    answer = sheet.update(rows, "A1:C4")
    assert answer["updatedRange"] == "Sheet1!A1:C4" and answer["updatedCells"] == 12, answer
    assert sheet.get_all_values() == [
        ["Name", "Rank", "6/27/2026"],
        ["Dana", "2", "yes"],
        ["Gene", "1", ""],
        ["Alex", "3", "AM only"],
    ]
    assert sheet.get_all_records()[1] == {"Name": "Gene", "Rank": 1, "6/27/2026": ""}
    assert sheet.row_values(3) == ["Gene", "1"]
    assert sheet.col_values(3) == ["6/27/2026", "yes", "", "AM only"]
    assert sheet.acell("B2").value == "2"
    assert sheet.cell(2, 2, value_render_option=ValueRenderOption.unformatted).value == 2
    found = sheet.find("Gene")
    assert (found.row, found.col) == (3, 1)
    assert sheet.find("Nobody") is None
    sheet.update_cell(3, 3, "no")
    sheet.update_acell("D1", "6/28/2026")
    assert sheet.get("C1:D1", value_render_option=ValueRenderOption.unformatted) == [["6/27/2026", 46201]]
    sheet.update([["=1+2"]], "D2", value_input_option=ValueInputOption.raw)
    sheet.update([["=1+2"]], "D3", value_input_option=ValueInputOption.user_entered)
    assert sheet.get("D2:D3") == [["=1+2"], ["3"]]
    assert sheet.get("D2:D3", value_render_option=ValueRenderOption.formula) == [["=1+2"], ["=1+2"]]
    assert sheet.batch_get(["A1:B1", "C:C"])[1] == [["6/27/2026"], ["yes"], ["no"], ["AM only"]]
    answer = sheet.batch_update([{"range": "E1", "values": [["x"]]}, {"range": "E2:F2", "values": [["y", "z"]]}])
    assert (answer["totalUpdatedCells"], answer["totalUpdatedRows"]) == (3, 2), answer
    sheet.batch_clear(["D1:F4"])
    assert [len(row) for row in sheet.get_all_values()] == [3, 3, 3, 3]
    refused("Unable to parse range: Nowhere!A1", book.values_get, "Nowhere!A1")
    refused("tried writing to column [C]", sheet.update, [["a", "b", "c"]], "A1:B1")
    refused("exceeds grid limits. Max rows: 1000, max columns: 26", sheet.update, [["a"]], "A1001")


def appending_and_inserting(book):
    sheet = book.sheet1
    answer = sheet.append_row(["Kim", 4])
    assert answer["tableRange"] == "Sheet1!A1:C4", answer
    assert answer["updates"]["updatedRange"] == "Sheet1!A5:B5", answer
    sheet.append_rows([["Lee", 5], ["Max", 6]], value_input_option=ValueInputOption.user_entered)
    assert sheet.col_values(1) == ["Name", "Dana", "Gene", "Alex", "Kim", "Lee", "Max"]
    sheet.insert_row(["Bo", 7], 2)
    assert sheet.row_values(2) == ["Bo", "7"]
    assert book.sheet1.row_count == 1001
    sheet.insert_cols([["June", "x"]], 2)
    assert sheet.row_values(1) == ["Name", "June", "Rank", "6/27/2026"]
    sheet.delete_columns(2)
    sheet.delete_rows(2)
    assert sheet.col_values(1)[1] == "Dana"
    sheet.sort((2, "asc"), range="A2:C7")
    assert sheet.col_values(1) == ["Name", "Gene", "Dana", "Alex", "Kim", "Lee", "Max"]
    sheet.sort((2, "des"), range="A2:C7")
    assert sheet.col_values(2) == ["Rank", "6", "5", "4", "3", "2", "1"]
    refused("Cannot delete a row that doesn't exist", sheet.delete_rows, 5000)


def sheets_and_looks(book):
    sheet = book.sheet1
    june = book.add_worksheet("June Availability", rows=20, cols=8)
    assert (june.row_count, june.col_count, june.index) == (20, 8, 1)
    answer = june.append_row(["Dana", "yes"])
    assert answer["updates"]["updatedRange"] == "'June Availability'!A1:B1", answer
    refused("already exists. Please enter another name.", book.add_worksheet, "June Availability", rows=1, cols=1)
    copy = sheet.duplicate(new_sheet_name="Copy")
    assert copy.get_all_values() == sheet.get_all_values()
    assert [one.title for one in book.worksheets()] == ["Copy", "Sheet1", "June Availability"]
    book.reorder_worksheets([sheet, june, copy])
    assert [one.title for one in book.worksheets()] == ["Sheet1", "June Availability", "Copy"]
    sheet.update_title("Roster")
    assert book.worksheet("Roster").id == 0
    sheet.freeze(rows=1)
    assert book.worksheet("Roster").frozen_row_count == 1
    sheet.format("A1:C1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0.5}})
    sheet.insert_note("A2", "has the key")
    assert sheet.get_note("A2") == "has the key"
    assert sheet.get_notes()[1][0] == "has the key"
    june.merge_cells("A3:B4")
    assert june.merge_cells("D3:E4", merge_type=MergeType.merge_rows)["replies"] == [{}]
    june.unmerge_cells("A3:B4")
    sheet.hide_columns(1, 2)
    sheet.set_basic_filter("A1:C7")
    sheet.clear_basic_filter()
    sheet.add_protected_range("A1:C1", ["crew@example.com"], description="headings", warning_only=True)
    june.resize(rows=30, cols=10)
    assert (book.worksheet("June Availability").row_count, june.col_count) == (30, 10)
    sheet.copy_range("A1:C2", "E1")
    assert sheet.get("E1:G1") == sheet.get("A1:C1")
    sheet.cut_range("E1:G2", "E3")
    assert sheet.get("E1:G1") == [[]] and sheet.acell("E3").value == "Name"
    sheet.batch_clear(["E3:G4"])
    copy.clear()
    assert copy.get_all_values() == [[]]
    book.del_worksheet(copy)
    assert [one.title for one in book.worksheets()] == ["Roster", "June Availability"]


def by_the_api(sheets, book_id):
    """What gspread does not ask for: masks, cells with their looks, developer metadata."""
    book = sheets.get(spreadsheetId=book_id, fields="sheets(properties(sheetId,title),merges)").execute()
    titles = [sheet["properties"]["title"] for sheet in book["sheets"]]
    assert titles == ["Roster", "June Availability"] and set(book) == {"sheets"}, book
    june = book["sheets"][1]["properties"]["sheetId"]
    rows = [(merge["startRowIndex"], merge["sheetId"]) for merge in book["sheets"][1]["merges"]]
    assert rows == [(2, june), (3, june)], book
    whole = sheets.get(spreadsheetId=book_id, ranges=["Roster!A1:C2"], includeGridData=True).execute()
    data = whole["sheets"][0]["data"][0]
    head = data["rowData"][0]["values"][0]
    assert head["formattedValue"] == "Name" and head["userEnteredFormat"]["textFormat"]["bold"] is True, head
    assert head["userEnteredFormat"]["backgroundColorStyle"] == {"rgbColor": {"red": 1, "green": 0.5}}, head
    assert data["columnMetadata"][1] == {"hiddenByUser": True, "pixelSize": 100}, data["columnMetadata"]
    assert data["rowData"][1]["values"][0]["note"] == "has the key"
    assert whole["sheets"][0]["protectedRanges"][0]["description"] == "headings"

    values = sheets.values()
    body = {"valueInputOption": "RAW", "data": [{"range": "Roster!C2:C3", "values": [["yes"], ["no"]]}]}
    answer = values.batchUpdate(spreadsheetId=book_id, body=body).execute()
    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (2, 1), answer
    got = values.batchGet(spreadsheetId=book_id, ranges=["Roster!C1:C3", "'June Availability'!A:B"]).execute()
    assert got["valueRanges"][0]["values"] == [["6/27/2026"], ["yes"], ["no"]], got
    assert got["valueRanges"][1]["range"] == "'June Availability'!A1:B30", got

    row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    tag = {"metadataKey": "person", "metadataValue": "max", "visibility": "DOCUMENT", "location": {"dimensionRange": row}}
    above = {"range": {**row, "startIndex": 1, "endIndex": 3}, "inheritFromBefore": False}
    requests = [{"createDeveloperMetadata": {"developerMetadata": tag}}, {"insertDimension": above}]
    replies = sheets.batchUpdate(spreadsheetId=book_id, body={"requests": requests}).execute()["replies"]
    made = replies[0]["createDeveloperMetadata"]["developerMetadata"]
    assert made["location"]["locationType"] == "ROW" and replies[1] == {}, replies
    filters = [{"developerMetadataLookup": {"metadataKey": "person"}}]
    search = sheets.developerMetadata().search(spreadsheetId=book_id, body={"dataFilters": filters}).execute()
    found = search["matchedDeveloperMetadata"][0]["developerMetadata"]
    assert found["location"]["dimensionRange"]["startIndex"] == 3, found
    got = values.batchGetByDataFilter(spreadsheetId=book_id, body={"dataFilters": filters}).execute()
    assert got["valueRanges"][0]["valueRange"]["values"] == [["Max", "6", "yes"]], got

    # All of it or nothing.
    before = values.get(spreadsheetId=book_id, range="Roster").execute()
    requests = [{"deleteDimension": {"range": row}}, {"deleteSheet": {"sheetId": 12345}}]
    try:
        sheets.batchUpdate(spreadsheetId=book_id, body={"requests": requests}).execute()
        raise AssertionError("a sheet was deleted that is not there")
    except HttpError as error:
        assert error.status_code == 400, error
        assert error.reason == "Invalid requests[1].deleteSheet: No sheet with id: 12345", error.reason
    assert values.get(spreadsheetId=book_id, range="Roster").execute() == before
    try:
        sheets.get(spreadsheetId="1" + "x" * 43).execute()
        raise AssertionError("a spreadsheet was opened that is not there")
    except HttpError as error:
        assert (error.status_code, error.reason) == (404, "Requested entity was not found."), error


def main():
    url, path = sys.argv[1].rstrip("/"), sys.argv[2]
    signed_in = sign_in(path)
    sheets = build(
        "sheets", "v4", credentials=signed_in, static_discovery=True, client_options={"api_endpoint": url}
    ).spreadsheets()
    if len(sys.argv) > 3:
        book_id = sys.argv[3]
    else:
        book_id = sheets.create(body={"properties": {"title": "Crew"}}).execute()["spreadsheetId"]
    book = open_book(url, signed_in, book_id)
    assert (book.title, book.locale, len(book_id)) == ("Crew", "en_US", 44)
    reading_and_writing(book)
    appending_and_inserting(book)
    sheets_and_looks(book)
    by_the_api(sheets, book_id)
    print(json.dumps({"gspread": gspread.__version__, "spreadsheet": book_id, "rows": len(book.sheet1.get_all_values())}))


if __name__ == "__main__":
    main()
