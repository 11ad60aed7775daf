//! Reading, writing and appending, in Google's own examples where there are some.

use serde_json::{Value, json};

use super::super::testing::Desk;

const RAW: (&str, &str) = ("valueInputOption", "RAW");
const TYPED: (&str, &str) = ("valueInputOption", "USER_ENTERED");

#[test]
fn what_was_written_is_read() {
    let mut desk = Desk::new();
    let written = desk.ok("values.update", &[("range", "Sheet1!A1:C3"), RAW], {
        json!({ "values": [["Name", "June 27"], [null, 7, true], ["", 1.5]] })
    });
    let said =
        json!({ "updatedRange": "Sheet1!A1:C3", "updatedRows": 3, "updatedColumns": 3, "updatedCells": 6 });
    assert_eq!(written, said);
    let read = desk.ok("values.get", &[("range", "A:D")], Value::Null);
    let rows = json!([["Name", "June 27"], ["", "7", "TRUE"], ["", "1.5"]]);
    assert_eq!(read, json!({ "range": "Sheet1!A1:D1000", "majorDimension": "ROWS", "values": rows }));
    let columns =
        [("range", "A1:C2"), ("majorDimension", "COLUMNS"), ("valueRenderOption", "UNFORMATTED_VALUE")];
    let read = desk.ok("values.get", &columns, Value::Null);
    assert_eq!(read["values"], json!([["Name"], ["June 27", 7], ["", true]]));
    assert_eq!(desk.ok("values.get", &[("range", "E5:F9")], Value::Null), {
        json!({ "range": "Sheet1!E5:F9", "majorDimension": "ROWS" })
    });
}

#[test]
fn columns_are_written_as_columns() {
    let mut desk = Desk::new();
    let body = json!({ "majorDimension": "COLUMNS", "values": [["a", "b"], ["c"]] });
    let written =
        desk.ok("values.update", &[("range", "B2"), RAW, ("includeValuesInResponse", "True")], body);
    assert_eq!(written["updatedRange"], "Sheet1!B2:C3");
    let data = json!({ "range": "Sheet1!B2:C3", "majorDimension": "COLUMNS", "values": [["a", "b"], ["c"]] });
    assert_eq!(written["updatedData"], data);
    assert_eq!(desk.read("B2:C3"), [["a", "c"], ["b", ""]]);
}

#[test]
fn what_is_typed_is_understood_and_what_is_raw_is_not() {
    let mut desk = Desk::new();
    let values = json!({ "values": [["6/27/2026", "=1+2", "TRUE", "'7", "=SUM(A1)"]] });
    desk.ok("values.update", &[("range", "A1"), RAW], values.clone());
    desk.ok("values.update", &[("range", "A2"), TYPED], values);
    let mut read = |render: &str, dates: &str| {
        let options = [("range", "A1:E2"), ("valueRenderOption", render), ("dateTimeRenderOption", dates)];
        desk.ok("values.get", &options, Value::Null)["values"].take()
    };
    let raw = json!(["6/27/2026", "=1+2", "TRUE", "'7", "=SUM(A1)"]);
    assert_eq!(
        read("FORMATTED_VALUE", "SERIAL_NUMBER"),
        json!([raw, ["6/27/2026", "3", "TRUE", "7", "#ERROR!"]])
    );
    assert_eq!(read("UNFORMATTED_VALUE", "SERIAL_NUMBER"), json!([raw, [46200, 3, true, "7", "#ERROR!"]]));
    assert_eq!(read("UNFORMATTED_VALUE", "FORMATTED_STRING")[1][0], "6/27/2026");
    assert_eq!(read("FORMULA", "SERIAL_NUMBER"), json!([raw, [46200, "=1+2", true, "7", "=SUM(A1)"]]));
}

#[test]
fn a_day_without_a_year_is_in_this_one() {
    let mut desk = Desk::with(&[&["6/27"]]);
    desk.books.set_year(2027);
    let body = json!({ "majorDimension": null, "values": [["6/27"]] });
    desk.ok("values.update", &[("range", "B1"), TYPED], body);
    let read =
        desk.ok("values.get", &[("range", "1:1"), ("valueRenderOption", "UNFORMATTED_VALUE")], Value::Null);
    assert_eq!(read["values"], json!([[46200, 46565]]));
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut desk = Desk::new();
    let mut refused = |range: &str, values: Value| {
        desk.refused("values.update", &[("range", range), RAW], json!({ "values": values }))
    };
    let within = "Requested writing within range";
    assert_eq!(refused("A1:B2", json!([[1, 2, 3]])), {
        format!("{within} [Sheet1!A1:B2], but tried writing to column [C]")
    });
    assert_eq!(refused("A1:B2", json!([[1], [2], [3]])), {
        format!("{within} [Sheet1!A1:B2], but tried writing to row [3]")
    });
    assert_eq!(refused("A1001", json!([[1]])), {
        "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    });
    assert_eq!(refused("Z1", json!([[1, 2]])), {
        "Range (Sheet1!Z1:AA1) exceeds grid limits. Max rows: 1000, max columns: 26"
    });
    assert_eq!(refused("Nowhere!A1", json!([[1]])), "Unable to parse range: Nowhere!A1");
    assert!(refused("A1", json!([["x", ["y"]]])).starts_with("Invalid values[0][1]: list_value"));
    let without = desk.refused("values.update", &[("range", "A1")], json!({ "values": [[1]] }));
    assert_eq!(without, "'valueInputOption' is required but not specified");
    let other =
        desk.refused("values.update", &[("range", "A1"), RAW], json!({ "range": "A2", "values": [[1]] }));
    assert_eq!(other, "Request range[A1] does not match value's range[A2]");
}

#[test]
fn several_ranges_are_written_all_or_not_at_all() {
    let mut desk = Desk::new();
    let written = desk.ok("values.batchUpdate", &[], {
        json!({ "valueInputOption": "RAW", "data": [
            { "range": "A1:B1", "values": [["a", "b"]] },
            { "range": "A1:A2", "values": [["c"], ["d"]] },
        ] })
    });
    let count = |name: &str| written[format!("totalUpdated{name}")].clone();
    assert_eq!((count("Rows"), count("Columns"), count("Cells"), count("Sheets")), {
        (json!(2), json!(2), json!(4), json!(1))
    });
    assert_eq!(written["responses"][1]["updatedRange"], "Sheet1!A1:A2");
    let refused = desk.refused("values.batchUpdate", &[], {
        json!({ "valueInputOption": "RAW", "data": [
            { "range": "A1", "values": [["lost"]] },
            { "range": "Nowhere!A1", "values": [["x"]] },
        ] })
    });
    assert_eq!(refused, "Invalid data[1]: Unable to parse range: Nowhere!A1");
    let read = desk.ok("values.batchGet", &[("ranges", "A1:B1"), ("ranges", "A2")], Value::Null);
    assert_eq!(read["valueRanges"][0]["values"], json!([["c", "b"]]));
    assert_eq!(read["valueRanges"][1]["values"], json!([["d"]]));
}

/// The example of Google's guide: one table is A1:C2, another one is B4:D6.
fn two_tables() -> Desk {
    Desk::with(&[
        &["x", "y", "z"],
        &["x", "y", "z"],
        &[],
        &["", "x", "y", "z"],
        &["", "", "y", "z"],
        &["", "x", "y", "z"],
    ])
}

#[test]
fn values_go_below_the_last_table_that_the_range_meets() {
    for (range, table, written) in [
        ("Sheet1", Some("B4:D6"), "B7"),
        ("B4:D4", Some("B4:D6"), "B7"),
        ("A3:G10", Some("B4:D6"), "B7"),
        ("C5:D5", Some("B4:D6"), "B7"),
        ("A1", Some("A1:C2"), "A3"),
        ("C1:D2", Some("A1:C2"), "A3"),
        ("E4", None, "E4"),
        ("A4", None, "A4"),
        ("A10", None, "A10"),
    ] {
        let mut desk = two_tables();
        let answer = desk.ok("values.append", &[("range", range), RAW], json!({ "values": [["new"]] }));
        assert_eq!(answer["updates"]["updatedRange"], format!("Sheet1!{written}"), "{range}");
        let table = table.map_or(Value::Null, |table| json!(format!("Sheet1!{table}")));
        assert_eq!(answer["tableRange"], table, "{range}");
    }
}

#[test]
fn an_empty_cell_inside_a_row_parts_the_tables() {
    let mut desk = Desk::with(&[&["a", "", "c"]]);
    let answer = desk.ok("values.append", &[("range", "Sheet1"), RAW], json!({ "values": [["d", "", "f"]] }));
    assert_eq!(answer["tableRange"], "Sheet1!C1");
    assert_eq!(answer["updates"], {
        let id = &desk.id;
        json!({ "spreadsheetId": id, "updatedRange": "Sheet1!C2:E2",
            "updatedRows": 1, "updatedColumns": 3, "updatedCells": 3 })
    });
}

#[test]
fn what_stands_below_is_overwritten_or_moved() {
    for (option, rows) in [("OVERWRITE", ["a", "new", "", "total"]), ("INSERT_ROWS", ["a", "new", "", ""])] {
        let mut desk = Desk::with(&[&["a"], &[], &[], &["total"]]);
        let params = [("range", "A1"), RAW, ("insertDataOption", option)];
        desk.ok("values.append", &params, json!({ "values": [["new"]] }));
        assert_eq!(desk.read("A1:A4").concat(), rows, "{option}");
    }
}

#[test]
fn the_grid_grows_for_what_is_appended() {
    let mut desk = Desk::new();
    desk.ok("values.update", &[("range", "A1000"), RAW], json!({ "values": [["last"]] }));
    let wide: Vec<usize> = (0..27).collect();
    let answer = desk.ok("values.append", &[("range", "A1000"), RAW], json!({ "values": [wide, ["end"]] }));
    assert_eq!(answer["updates"]["updatedRange"], "Sheet1!A1001:AA1002");
    let grid = desk.sheet()["properties"]["gridProperties"].take();
    assert_eq!(grid, json!({ "rowCount": 1002, "columnCount": 27 }));
}

#[test]
fn clearing_leaves_the_look() {
    let mut desk = Desk::with(&[&["6/27/2026", "b"], &["c", "d"]]);
    let cleared = desk.ok("values.clear", &[("range", "A1:A2")], json!({}));
    assert_eq!(cleared, json!({ "clearedRange": "Sheet1!A1:A2" }));
    desk.books.edit(&desk.id, "A1", "46201");
    assert_eq!(desk.read("A1:B2"), [["6/28/2026", "b"], ["", "d"]]);
    let cleared = desk.ok("values.batchClear", &[], json!({ "ranges": ["A1", "Sheet1"] }));
    assert_eq!(cleared, json!({ "clearedRanges": ["Sheet1!A1", "Sheet1!A1:Z1000"] }));
    assert_eq!(desk.read("A1:B2"), [["", ""], ["", ""]]);
}
