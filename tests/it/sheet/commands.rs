//! `crewcall sheets …`: the real program, from the first look to the first answer.

use crewcall::google::Scope;
use crewcall_google_peer::{Google as Peer, Quota, Spreadsheet};

use crate::cli::home::{Home, SETTINGS};

const ACCOUNT: &str = "crew@example.com";

struct Shell {
    home: Home,
    sheet: Spreadsheet,
    _peer: Peer,
}

fn shell() -> Shell {
    let peer = Peer::start();
    peer.set_quota(Quota::UNLIMITED);
    peer.account(ACCOUNT);
    let client = peer.client();
    let token = peer.grant(&client, ACCOUNT, &[Scope::Spreadsheets.as_str()]);
    let home = Home::empty();
    home.write("google.json", client.authorized_user(ACCOUNT, &token));
    let sheet = peer.spreadsheet(ACCOUNT, "Harbor Sails");
    let (token_uri, base, id) = (peer.token_uri(), peer.sheets_base_url(), sheet.id());
    home.write(
        "crewcall.toml",
        format!(
            "{SETTINGS}[google]\ncredentials_file = \"google.json\"\ntoken_uri = \"{token_uri}\"\nsheets_base_url = \"{base}\"\n\
             [sheets]\nspreadsheet_id = \"{id}\"\n"
        ),
    );
    let rows = [
        "Name|E-mail|Rank|Order",
        "Dana Reyes|dana@example.com|Captain|1",
        "Lee Park|lee@example.com|deckhand|1",
    ];
    fill(&sheet, "Sheet1", &rows);
    sheet.rename("Sheet1", "Roster");
    sheet.add_tab("June 2099");
    fill(&sheet, "June 2099", &["Name|6/26|6/27|6/28", "Dana Reyes|Y|x|N", "Lee Prak|Y|Y|"]);
    Shell { home, sheet, _peer: peer }
}

fn fill(sheet: &Spreadsheet, tab: &str, rows: &[&str]) {
    for (number, row) in (1..).zip(rows) {
        for (column, text) in ('A'..).zip(row.split('|')).filter(|(_, text)| !text.is_empty()) {
            sheet.edit(&format!("{tab}!{column}{number}"), text);
        }
    }
}

#[test]
fn first_one_looks_then_tries_then_answers_then_it_is_on() {
    let shell = shell();
    let preview = shell.home.run(&["sheets", "preview"]).done();
    for line in [
        "Roster: the roster",
        "    2  dana-reyes (new)  name=Dana Reyes  email=dana@example.com  rank=Captain  cascade_order=1",
        "June 2099: availability",
        "  3 days, 2099-06-26 to 2099-06-28",
        "       678",
        "    2  Y?N  dana-reyes",
        "    3  YY.  ? Lee Prak",
        "2 to ask about:",
        "  June 2099!A3  nobody on the roster is called \"Lee Prak\" (perhaps lee-park); say who it is: crewcall sheets name \"Lee Prak\" ID|nobody",
        "  June 2099!C2  \"x\" is neither a yes nor a no, nor hours of a day; say what it means: crewcall sheets word \"x\" yes|no",
    ] {
        assert!(preview.lines().any(|shown| shown == line), "{line:?} is not in\n{preview}");
    }
    let before = shell.sheet.read("Roster!A1:F4");
    let tried = shell.home.run(&["sheets", "sync", "--dry-run"]).done();
    assert!(tried.contains("sheet   Roster!E2: dana-reyes"), "{tried}");
    assert!(tried.contains("store   dana-reyes  2099-06-26: (nothing) -> Y   June 2099!B2"), "{tried}");
    assert!(tried.contains("Nothing was done."), "{tried}");
    assert_eq!(shell.sheet.read("Roster!A1:F4"), before);
    assert_eq!(shell.home.run(&["roster", "export"]).json(), serde_json::json!([]));

    shell.home.run(&["sheets", "sync"]).done();
    assert_eq!(shell.sheet.read("Roster!E1:E3").concat(), ["crew id", "dana-reyes", "lee-park"]);
    let said = shell.home.run(&["sheets", "word", "X", "no"]).done();
    assert_eq!(said, "From now on \"X\" counts as \"unavailable\": 1 cell at present.\n");
    shell.home.run(&["sheets", "name", "Lee Prak", "lee-park"]).done();
    let report = shell.home.run(&["sheets", "sync", "--json"]).json();
    assert_eq!(report["asks"], serde_json::json!([]), "{report:#}");
    let roster = shell.home.run(&["roster", "export"]).json();
    assert_eq!(roster[0]["availability"]["2099-06-27"], "unavailable");
    assert_eq!(roster[1]["availability"]["2099-06-27"], "Y");
    let history = shell.home.run(&["sheets", "history", "--json"]).json();
    let of = |cell: &str| {
        history.as_array().unwrap().iter().filter(|event| event["cell"] == cell).collect::<Vec<_>>()
    };
    assert_eq!(
        (&of("June 2099!B2")[0]["what"], &of("June 2099!B2")[0]["after"]),
        (&"taken".into(), &"Y".into())
    );
    assert_eq!(
        (&of("Roster!E2")[0]["what"], &of("Roster!E2")[0]["after"]),
        (&"written".into(), &"dana-reyes".into())
    );
    let x: Vec<_> = of("June 2099!C2").iter().map(|event| event["after"].clone()).collect();
    assert_eq!(x, ["x", "unavailable"]);
    // What people wrote stays as they wrote it.
    assert_eq!(shell.sheet.read("June 2099!A2:C3").concat(), ["Dana Reyes", "Y", "x", "Lee Prak", "Y", "Y"]);
}

#[test]
fn answers_are_listed_and_taken_back() {
    let shell = shell();
    assert!(shell.home.run(&["sheets", "answers"]).done().starts_with("Nothing was asked"));
    // Also before anybody is on the roster: the preview shows the ids.
    shell.home.run(&["sheets", "name", "Lee Prak", "lee-park"]).done();
    shell.home.run(&["sheets", "name", "Total", "nobody"]).done();
    shell.home.run(&["sheets", "word", "x", "no"]).done();
    let preview = shell.home.run(&["sheets", "preview"]).done();
    assert!(preview.contains("0 to ask about") && preview.contains("YY.  lee-park"), "{preview}");
    let answers = shell.home.run(&["sheets", "answers", "--json"]).json();
    assert_eq!(answers["names"], serde_json::json!({ "lee prak": "lee-park", "total": null }));
    assert_eq!(answers["words"], serde_json::json!({ "x": "unavailable" }));
    let listed = shell.home.run(&["sheets", "answers"]).done();
    assert!(listed.contains("total") && listed.contains("nobody"), "{listed}");
    shell.home.run(&["sheets", "name", "Lee Prak", "ask"]).done();
    shell.home.run(&["sheets", "name", "Total", "ask"]).done();
    let answers = shell.home.run(&["sheets", "answers", "--json"]).json();
    assert_eq!(answers["names"], serde_json::json!({}));
}

#[test]
fn a_colour_is_named_by_a_cell_that_has_it() {
    let shell = shell();
    let tab = shell.sheet.whole()["sheets"][1]["properties"]["sheetId"].clone();
    let range =
        serde_json::json!({ "sheetId": tab, "startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 3 });
    let cell = serde_json::json!({ "userEnteredFormat": { "backgroundColor": { "red": 1, "green": 0.6 } } });
    let painted =
        serde_json::json!({ "range": range, "cell": cell, "fields": "userEnteredFormat.backgroundColor" });
    shell.sheet.request(&serde_json::json!({ "repeatCell": painted }));
    let said = shell.home.run(&["sheets", "colour", "June 2099!D2", "no"]).failed(1);
    assert!(said.contains("June 2099!D2 is not painted by hand"), "{said}");
    let said = shell.home.run(&["sheets", "colour", "D3", "no"]).failed(2);
    assert!(said.contains("write the tab and the cell, as in June Availability!C5"), "{said}");
    let said = shell.home.run(&["sheets", "colour", "June!D3", "no"]).failed(1);
    assert!(said.contains("there is no tab \"June\"; there are \"Roster\", \"June 2099\""), "{said}");
    let said = shell.home.run(&["sheets", "colour", "'June 2099'!d3", "no"]).done();
    assert_eq!(
        said,
        "From now on #ff9900 counts as \"unavailable\" where nothing is written: 1 cell at present.\n"
    );
    let preview = shell.home.run(&["sheets", "preview"]).done();
    assert!(preview.lines().any(|line| line == "    3  YYN  ? Lee Prak"), "{preview}");
    let preview = shell.home.run(&["sheets", "preview", "--json"]).json();
    let means: Vec<_> = preview["tabs"][1]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            row["cells"].as_array().unwrap().iter().map(|cell| cell["means"].clone()).collect::<Vec<_>>()
        })
        .collect();
    let (yes, no) = ("available", "unavailable");
    assert_eq!(serde_json::json!(means), serde_json::json!([[yes, "unclear", no], [yes, yes, no]]));
    shell.home.run(&["sheets", "colour", "June 2099!D3", "ask"]).done();
    let preview = shell.home.run(&["sheets", "preview"]).done();
    assert!(preview.lines().any(|line| line == "    3  YY.  ? Lee Prak"), "{preview}");
}

#[test]
fn a_tab_that_is_gone_is_let_go_by_its_name() {
    let shell = shell();
    shell.home.run(&["sheets", "sync"]).done();
    let tab = shell.sheet.whole()["sheets"][1]["properties"]["sheetId"].clone();
    shell.sheet.request(&serde_json::json!({ "deleteSheet": { "sheetId": tab } }));
    let ran = shell.home.run(&["sheets", "sync"]);
    assert!(
        ran.out.contains("the tab \"June 2099\" is gone") && ran.out.contains("crewcall sheets ignore"),
        "{ran:?}"
    );
    assert!(ran.code == 1 && ran.err.contains("1 tab is left alone"), "{ran:?}");
    shell.home.run(&["sheets", "ignore", "June 2099"]).done();
    assert!(!shell.home.run(&["sheets", "sync"]).done().contains("is gone"));
}

#[test]
fn what_cannot_be_is_said_with_the_way_out() {
    let shell = shell();
    let said = shell.home.run(&["sheets", "word", "x", "perhaps"]).failed(2);
    assert!(said.contains("neither yes nor no, nor hours"), "{said}");
    let said = shell.home.run(&["sheets", "name", "Lee Prak", "lee-prak"]).failed(1);
    assert!(said.contains("nobody has the id lee-prak; `crewcall roster list` shows"), "{said}");
    let said = shell.home.run(&["sheets", "name", "Dana Reyes", "nobody"]).failed(1);
    assert!(said.contains("\"Dana Reyes\" is dana-reyes, who is on the roster"), "{said}");
    let said = shell.home.run(&["sheets", "accept", "June 2099"]).failed(1);
    assert!(said.contains("nothing in \"June 2099\" waits to be accepted"), "{said}");
    let said = shell.home.run(&["sheets", "ignore", "July"]).failed(1);
    assert!(said.contains("there is no tab \"July\"; there are \"Roster\", \"June 2099\""), "{said}");
    let said = shell.home.run(&["sheets", "month", "2099-07"]).failed(1);
    assert!(said.contains("no tab has all the days of a month"), "{said}");
    let said = shell.home.run(&["sheets", "month", "July"]).failed(2);
    assert!(said.contains("is no month; write year and month"), "{said}");
    assert!(shell.home.run(&["sheets", "shadow"]).done().contains("There is no report yet"));
    shell.home.write("crewcall.toml", SETTINGS);
    let said = shell.home.run(&["sheets", "preview"]).failed(1);
    assert!(said.contains("no sheet is named; write its id into [sheets] spreadsheet_id"), "{said}");
    shell.home.write("crewcall.toml", format!("{SETTINGS}[sheets]\nsync = \"on\"\n"));
    let said = shell.home.run(&["sheets", "preview"]).failed(1);
    assert!(said.contains("sheets.sync") && said.contains("no sheet is named"), "{said}");
}
