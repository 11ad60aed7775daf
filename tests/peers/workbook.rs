//! A workbook that is exported, as openpyxl reads it.

use std::process::Command;

use serde_json::{Value, json};

use crate::home::Home;
use crate::support::python;

#[test]
fn openpyxl_reads_what_is_exported() {
    let home = Home::with_charter();
    let days = json!({ "2099-06-01": "=cmd|' /C calc'!A0", "2099-06-02": "+1", "2099-06-03": "two\nlines", "2099-06-04": "1",
        "2099-06-05": "a\u{1}b", "2099-06-06": "<&>\" ☂" });
    let people = json!([{ "crew_id": "f-1", "name": "=1+1", "rank": "deckhand", "cascade_order": 10, "availability": days }]);
    home.write("more.json", people.to_string());
    home.run(&["roster", "import", "more.json"]).done();
    home.run(&["call", "assign", "charter_5678", "dana-reyes", "--reason", "rang"]).done();
    home.run(&["availability", "export", "June.xlsx", "--month", "2099-06"]).done();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/workbook.py");
    let output = Command::new(python())
        .arg(script)
        .arg(home.path().join("June.xlsx"))
        .output()
        .expect("scripts/peers installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tabs: Value = serde_json::from_slice(&output.stdout).unwrap();
    let titles: Vec<&Value> = tabs.as_array().unwrap().iter().map(|tab| &tab["title"]).collect();
    assert_eq!(titles, ["Roster", "June 2099 Availability", "Charters"]);
    for tab in tabs.as_array().unwrap() {
        assert_eq!((&tab["frozen"], &tab["landscape"]), (&"B2".into(), &true.into()));
        // As wide as a page, and as high as it comes.
        assert_eq!((&tab["fits"][0], &tab["fits"][2]), (&true.into(), &0.into()), "{}", tab["fits"]);
        assert_eq!(tab["on_every_page"], json!(["$1:$1", "$A:$A"]));
    }
    let (roster, june) = (&tabs[0]["cells"], &tabs[1]["cells"]);
    // Real dates, shown as people write them.
    assert_eq!(june["AB1"], json!(["d", "2099-06-27T00:00:00", "ddd m/d"]));
    assert_eq!((&june["A1"][1], &june["AF1"][1]), (&"Name".into(), &"crew id".into()));
    let text = |cell: &str| {
        let cell = &june[cell];
        assert_eq!(cell[0], "s", "{cell}");
        cell[1].as_str().unwrap_or_default().to_owned()
    };
    // Captains first, and of the deckhands this one last.
    assert_eq!((text("A2").as_str(), text("AB2").as_str()), ("Dana Reyes", "charter_5678 ✓"));
    let row: Vec<String> =
        ["A6", "B6", "C6", "D6", "F6", "G6", "AF6"].iter().map(|cell| text(cell)).collect();
    assert_eq!(row, ["=1+1", "=cmd|' /C calc'!A0", "+1", "two\nlines", "ab", "<&>\" ☂", "f-1"]);
    assert_eq!(tabs[1]["quoted"], json!(["A6", "B6", "C6"]));
    assert_eq!((&june["E6"][0], &june["E6"][1]), (&"n".into(), &1.into()));
    assert_eq!((&roster["E6"][0], &roster["E6"][1]), (&"n".into(), &10.into()));
    assert_eq!((&roster["C2"][0], &roster["C2"][1]), (&"s".into(), &"+1-619-555-0142".into()));
    assert!(tabs[1]["widths"]["A"].as_f64().unwrap() > 10.0);
}
