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
