//! Workbooks as files: the roster and the availability come in with the same eyes as from the sheet.

use std::path::Path;

use super::home::{Home, SETTINGS};

fn with(name: &str) -> Home {
    let home = Home::empty();
    home.write("crewcall.toml", SETTINGS);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks").join(name);
    home.write("people.xlsx", std::fs::read(file).unwrap());
    home
}

#[test]
fn a_roster_and_its_days_come_in_from_a_workbook() {
    let home = with("01-plain.xlsx");
    let preview = home.run(&["roster", "import", "people.xlsx", "--preview"]).done();
    assert!(
        preview.contains("Roster: the roster") && preview.contains("June Availability: availability"),
        "{preview}"
    );
    let tried = home.run(&["roster", "import", "people.xlsx", "--dry-run"]).done();
    assert!(
        tried.ends_with("Nothing was written. It would be: 8 added, 0 changed, 0 unchanged.\n"),
        "{tried}"
    );
    home.run(&["roster", "import", "people.xlsx"]).done();
    let roster = home.run(&["roster", "export"]).json();
    assert_eq!((roster.as_array().unwrap().len(), &roster[0]["rank"]), (8, &"captain".into()));
    let done = home.run(&["availability", "import", "people.xlsx"]).done();
    assert!(done.ends_with("0 added, 8 changed, 0 unchanged.\n"), "{done}");
    // The same again changes nothing.
    let again = home.run(&["availability", "import", "people.xlsx"]).done();
    assert!(again.ends_with("0 added, 0 changed, 8 unchanged.\n"), "{again}");
    let again = home.run(&["roster", "import", "people.xlsx"]).done();
    assert!(again.ends_with("0 added, 0 changed, 8 unchanged.\n"), "{again}");
}

#[test]
fn what_is_not_read_is_told_and_the_rest_comes_in() {
    let home = with("07-nicknames.xlsx");
    home.run(&["roster", "import", "people.xlsx"]).done();
    let done = home.run(&["availability", "import", "people.xlsx"]).done();
    let asked = "nobody on the roster is called \"Lee Prak\" (perhaps lee-park); say who it is";
    assert!(done.lines().any(|line| line.starts_with("not read   ") && line.contains(asked)), "{done}");
}

#[test]
fn another_file_is_refused_with_the_way_out() {
    let home = with("01-plain.xlsx");
    home.write("people.xlsx", "Name,Rank\n");
    let said = home.run(&["roster", "import", "people.xlsx"]).failed(1);
    assert!(said.contains("is no workbook that can be read") && said.contains("save it as .xlsx"), "{said}");
    let said = home.run(&["availability", "import", "none.xlsx"]).failed(1);
    assert!(said.contains("there is no file none.xlsx"), "{said}");
    home.write("people.csv", "crew_id,name,rank\n");
    let said = home.run(&["roster", "import", "people.csv", "--preview"]).failed(2);
    assert!(said.contains("--preview shows a workbook"), "{said}");
    let home = with("12-transposed.xlsx");
    home.run(&["roster", "import", "people.xlsx"]).done();
}

/// People whom no spreadsheet is fond of; Dana and the deckhands are aboard a sail.
fn with_hostile_people() -> Home {
    let home = Home::with_charter();
    let long = "so long ".repeat(5000);
    let people = serde_json::json!([
        { "crew_id": "f-1", "name": "=cmd|' /C calc'!A0", "rank": "deckhand", "email": "f1@example.com", "phone": "+1-619-555-0101",
          "availability": { "2099-06-01": "=HYPERLINK(\"https://example.com\")", "2099-06-02": "+1", "2099-06-03": "@x",
              "2099-06-04": "\t=1", "2099-06-05": "-", "2099-06-06": "a\u{0}b\u{b}c\u{fffe}", "2099-06-07": "_x0041_",
              "2099-06-08": " two\r\nlines ", "2099-06-09": "CH-999 ✓", "2099-06-10": "available charter_5678 ✓" } },
        { "crew_id": "f-2", "name": "[Roster]'!A1:*?/\\", "rank": "deckhand", "availability": { "2099-06-01": "1", "2099-06-02": "0" } },
        { "crew_id": "f-3", "name": "Ortiz, Sam (\"Skip\")", "rank": "captain", "paired_crew": ["sam-ortiz", "f-1", "f-2", "f-3"] },
        { "crew_id": "f-4", "name": "sam ORTIZ", "rank": "deckhand", "left": true, "cascade_order": 100,
          "availability": { "2099-08-01": "Yes" } },
        { "crew_id": "f-5", "name": "Jo Ng", "rank": "deckhand", "availability": { "2099-07-01": long, "2099-07-02": " " } },
    ]);
    home.write("more.json", people.to_string());
    home.run(&["roster", "import", "more.json"]).done();
    for crew in ["dana-reyes", "lee-park", "sam-ortiz"] {
        home.run(&["call", "assign", "charter_5678", crew, "--reason", "rang"]).done();
    }
    home
}

#[test]
fn what_is_exported_comes_in_again_and_changes_nothing() {
    let home = with_hostile_people();
    let before = home.data();
    let months = ["--month", "2099-06", "--month", "2099-07", "--month", "2099-08"];
    let said = home.run(&[&["availability", "export", "June.xlsx"][..], &months].concat()).done();
    let tabs = "Roster, June 2099 Availability, July 2099 Availability, August 2099 Availability, Charters";
    assert_eq!(said, format!("June.xlsx has the tabs {tabs}.\n"));
    for what in ["roster", "availability"] {
        let tried = home.run(&[what, "import", "June.xlsx", "--dry-run", "--json"]).json();
        assert_eq!(
            (&tried["added"], &tried["changed"]),
            (&serde_json::json!([]), &serde_json::json!([])),
            "{what}"
        );
        assert_eq!((&tried["unchanged"], &tried["asks"]), (&9.into(), &serde_json::Value::Null), "{what}");
        home.run(&[what, "import", "June.xlsx"]).done();
    }
    assert_eq!(home.data(), before);
    let book = crewcall::workbook::read(&std::fs::read(home.path().join("June.xlsx")).unwrap()).unwrap();
    let june = &book.tabs[1].rows;
    let cell = |name: &str, column: usize| {
        june.iter().find(|row| row[0].text == name).map(|row| row[column].text.as_str()).unwrap()
    };
    assert_eq!((cell("Dana Reyes", 27), cell("Dana Reyes", 28)), ("charter_5678 ✓", "unavailable"));
    assert_eq!((cell("=cmd|' /C calc'!A0", 2), cell("=cmd|' /C calc'!A0", 3)), ("+1", "@x"));
    assert!(book.tabs.iter().flat_map(|tab| &tab.rows).flatten().all(|cell| !cell.formula));
    // Whoever has left stands where they said something.
    let stands = |tab: usize| book.tabs[tab].rows.iter().any(|row| row[0].text == "sam ORTIZ");
    assert_eq!([stands(0), stands(1), stands(3)], [true, false, true]);
    let charter: Vec<&str> = book.tabs[4].rows[1].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(
        charter[..9],
        [
            "charter_5678",
            "2099-06-27 Sat",
            "America",
            "16:00",
            "19:00",
            "Shelter Island, pier 3",
            "6",
            "Dana Reyes",
            "Lee Park, Sam Ortiz"
        ]
    );
}

#[test]
fn a_change_in_the_workbook_comes_in_beside_what_was_exported() {
    let home = Home::with_charter();
    home.run(&["availability", "export", "June.xlsx", "--month", "2099-06"]).done();
    home.write("days.csv", "crew_id,2099-06-28,2099-06-29\ndana-reyes,available,no\n");
    home.run(&["roster", "import", "days.csv"]).done();
    // What the workbook says counts; where it says nothing, what was said stays.
    let done = home.run(&["availability", "import", "June.xlsx"]).done();
    assert!(done.contains("2099-06-28: available -> unavailable") && done.contains("1 changed"), "{done}");
    let roster = home.run(&["roster", "export"]).json();
    assert_eq!(roster[0]["availability"]["2099-06-29"], "no");
}

#[test]
fn the_months_are_those_to_come_and_a_file_is_replaced_whole() {
    let home = with_hostile_people();
    let tabs = home.run(&["availability", "export", "All.xlsx", "--json"]).json();
    let tabs: Vec<&str> = tabs["tabs"].as_array().unwrap().iter().map(|tab| tab.as_str().unwrap()).collect();
    // The present month first, whichever that is.
    assert_eq!((tabs.len(), tabs[0], tabs[5]), (6, "Roster", "Charters"));
    assert_eq!(tabs[2..5], ["June 2099 Availability", "July 2099 Availability", "August 2099 Availability"]);
    home.write("All.xlsx", "what stood there before");
    home.run(&["availability", "export", "All.xlsx", "--month", "2099-06"]).done();
    home.run(&["availability", "import", "All.xlsx", "--dry-run"]).done();
    let left: Vec<_> =
        std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");

    let said = home.run(&["availability", "export", "June.csv"]).failed(2);
    assert!(said.contains("let its name end in .xlsx"), "{said}");
    let said = home.run(&["availability", "export", "June.xlsx", "--month", "June"]).failed(2);
    assert!(said.contains("write year and month, as in 2026-06"), "{said}");
    let said = home.run(&["availability", "export", "no/June.xlsx"]).failed(1);
    assert!(said.contains("no/June.xlsx cannot be written"), "{said}");
}

#[test]
fn an_office_without_anybody_gets_the_headings() {
    let home = Home::new();
    home.run(&["availability", "export", "June.xlsx"]).done();
    let book = crewcall::workbook::read(&std::fs::read(home.path().join("June.xlsx")).unwrap()).unwrap();
    assert_eq!(
        (book.tabs.len(), book.tabs[0].rows.len(), book.tabs[0].rows[0][0].text.as_str()),
        (3, 1, "Name")
    );
}

#[test]
fn where_a_workbook_cannot_be_put_together_the_file_stays() {
    let home = Home::with_charter();
    home.write("June.xlsx", "what stood there before");
    let said =
        home.run_with(&["availability", "export", "June.xlsx"], &[("TMPDIR", "/not/there")], b"").failed(1);
    assert!(said.contains("cannot be put together in /not/there"), "{said}");
    assert_eq!(std::fs::read(home.path().join("June.xlsx")).unwrap(), b"what stood there before");
}
