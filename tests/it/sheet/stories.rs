//! What the office writes reaches the store, and what happens elsewhere reaches the sheet.

use crewcall::sheet::{Answer, answer};
use crewcall_dispatch::sheet::{Stop, TabId, Why};
use serde_json::json;

use super::desk::Desk;
use crate::web::sign_in::{get, sign_in};

#[tokio::test]
async fn at_first_the_roster_and_the_days_are_taken_over_and_rows_get_their_ids() {
    let desk = Desk::new().await;
    let round = desk.sync().await;
    assert_eq!(round.title, "Harbor Sails");
    let dana = desk.member("dana-reyes").await;
    assert_eq!(
        (dana.name.as_str(), dana.rank.as_str(), dana.cascade_order),
        ("Dana Reyes", "captain", Some(1))
    );
    assert_eq!(dana.email.unwrap().as_str(), "dana@example.com");
    assert_eq!(desk.says("gene-hart", 25).await.as_deref(), Some("AM only"));
    assert_eq!(desk.says("lee-park", 22).await, None);
    assert_eq!(
        desk.sheet.read("Roster!F1:F5").concat(),
        ["crew id", "dana-reyes", "gene-hart", "lee-park", "sam-ortiz"]
    );
    assert_eq!(desk.shows("June Availability!H4"), "gene-hart");
    // What is not understood is left as it is, and asked.
    assert_eq!(desk.shows("June Availability!E5"), "x");
    let asks: Vec<String> = round.plan.asks.iter().map(|ask| format!("{} {}", ask.at, ask.text)).collect();
    assert_eq!(asks, ["June Availability!E5 x"]);
}

#[tokio::test]
async fn nothing_new_costs_one_call_and_a_change_two() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.sync().await;
    let before = desk.counted();
    let round = desk.sync().await;
    assert_eq!((desk.calls(before), round.plan.edits.len(), round.plan.changes.len()), ((1, 0), 0, 0));
    let before = desk.counted();
    desk.answer("lee-park", 26, "unavailable").await;
    desk.sync().await;
    assert_eq!(desk.calls(before), (1, 1));
    assert_eq!(desk.shows("June Availability!F3"), "unavailable");
    let before = desk.counted();
    desk.sheet.edit("June Availability!F3", "Y");
    desk.sync().await;
    assert_eq!(desk.calls(before), (1, 0));
    assert_eq!(desk.says("lee-park", 26).await.as_deref(), Some("Y"));
}

#[tokio::test]
async fn rows_are_whose_they_are_wherever_they_stand() {
    let desk = Desk::new().await;
    desk.sync().await;
    // All but the ids is sorted, a column of remarks comes in, the tab is renamed.
    desk.sheet.sort("June Availability!A2:G5", 0);
    desk.sheet.insert_columns("June Availability!B1:B1");
    desk.sheet.edit("June Availability!B1", "Remarks");
    desk.sheet.rename("June Availability", "Crew June");
    desk.sheet.insert_rows("Crew June!3:4");
    let before = desk.says("gene-hart", 25).await;
    let round = desk.sync().await;
    assert_eq!(round.plan.changes, []);
    assert_eq!(desk.says("gene-hart", 25).await, before);
    let names = desk.sheet.read("Crew June!A2:A7").concat();
    let ids = desk.sheet.read("Crew June!I2:I7").concat();
    for (name, id) in names.iter().zip(&ids).filter(|(name, _)| !name.is_empty()) {
        assert_eq!(&name.to_lowercase().replace(' ', "-"), id);
    }
}

#[tokio::test]
async fn both_say_something_else_and_a_no_counts_until_somebody_settles_it() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.answer("dana-reyes", 24, "unavailable").await;
    desk.sheet.edit("June Availability!D2", "Y");
    desk.sync().await;
    assert_eq!(desk.shows("June Availability!D2"), "unavailable");
    let note = desk.sheet.note("June Availability!D2");
    assert!(note.contains("\"Y\" was written here while \"unavailable\" was said elsewhere"), "{note}");
    desk.sync().await;
    // Somebody rings Dana, and types what is right.
    desk.sheet.edit("June Availability!D2", "Y");
    desk.sync().await;
    assert_eq!(desk.says("dana-reyes", 24).await.as_deref(), Some("Y"));
    assert_eq!(desk.sheet.note("June Availability!D2"), "");
}

#[tokio::test]
async fn whoever_is_new_anywhere_is_soon_everywhere() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.sheet.edit("Roster!A6", "Kim Vale");
    desk.sheet.edit("Roster!C6", "Host");
    desk.sync().await;
    assert_eq!(desk.member("kim-vale").await.rank.as_str(), "host");
    assert_eq!(desk.shows("Roster!F6"), "kim-vale");
    let ana = serde_json::json!({ "crew_id": "ana-cole", "name": "Ana Cole", "rank": "mate", "email": "ana@example.com",
        "availability": { "2026-06-23": "available" } });
    desk.office.import(&[serde_json::from_value(ana).unwrap()]).await;
    desk.sync().await;
    assert_eq!(
        desk.sheet.read("Roster!A7:F7").concat(),
        ["Ana Cole", "ana@example.com", "mate", "", "", "ana-cole"]
    );
    assert_eq!(
        desk.sheet.read("June Availability!A6:H6").concat(),
        ["Ana Cole", "", "available", "", "", "", "", "ana-cole"]
    );
    let round = desk.sync().await;
    assert!(round.plan.edits.is_empty() && round.plan.changes.is_empty());
}

#[tokio::test]
async fn whoever_has_left_is_marked_and_nothing_of_them_is_deleted() {
    let desk = Desk::new().await;
    desk.sync().await;
    let sam = "sam-ortiz".parse().unwrap();
    let office = crewcall::app::Caller::tick();
    // Somebody says so on the command line, and the roster of the sheet had no column for that.
    assert!(desk.office.app.mark_left(&sam, true, &office).await.unwrap());
    desk.sync().await;
    desk.sync().await;
    assert_eq!(desk.sheet.read("Roster!G1:G5").concat(), ["Status", "", "", "", "left"]);
    assert_eq!(desk.shows("June Availability!A5"), "Sam Ortiz");
    // The row may go now, and nobody is told of it.
    desk.sheet.delete_rows("Roster!5:5");
    let round = desk.sync().await;
    assert_eq!((round.plan.asks.len(), round.plan.edits.len()), (1, 0), "{:?}", round.plan.asks);
    // The office writes it of another one, and takes it back.
    desk.sheet.edit("Roster!G3", "Inactive");
    desk.sync().await;
    let gene = desk.member("gene-hart").await;
    assert!(gene.left);
    let charter = desk.office.book("CH-104", (9, 12), &[("captain", 1)]).await;
    assert!(charter.is_ok());
    desk.sheet.edit("Roster!G3", "active");
    desk.sync().await;
    assert!(!desk.member("gene-hart").await.left);
    assert_eq!(desk.shows("Roster!G3"), "active");
}

#[tokio::test]
async fn where_the_grid_ends_it_grows() {
    let desk = Desk::new().await;
    // Somebody has a tab of that name already.
    desk.sheet.add_tab("Crewcall");
    // Nothing is left below the last row, and nothing right of the last column.
    desk.sheet.delete_rows("Roster!6:1000");
    desk.sheet.delete_columns("Roster!F:Z");
    desk.sync().await;
    for name in ["Ana Cole", "Bea Lund"] {
        let id = name.to_lowercase().replace(' ', "-");
        let record = serde_json::json!({ "crew_id": id, "name": name, "rank": "mate" });
        desk.office.import(&[serde_json::from_value(record).unwrap()]).await;
    }
    desk.sync().await;
    assert_eq!(
        desk.sheet.read("Roster!A6:F7").concat().join("|"),
        "Ana Cole||mate|||ana-cole|Bea Lund||mate|||bea-lund"
    );
}

#[tokio::test]
async fn an_empty_tab_a_lost_one_and_a_lost_heading_cancel_nothing() {
    let desk = Desk::new().await;
    desk.sync().await;
    let before = desk.office.app.roster().await.unwrap();
    desk.sheet.clear("June Availability!A1:H9");
    let round = desk.sync().await;
    assert!(
        round.plan.stops[0].to_string().contains("the row with the days is not found"),
        "{}",
        round.plan.stops[0]
    );
    desk.sheet.edit("Roster!B1", "Contct");
    let round = desk.sync().await;
    assert!(round.plan.stops.iter().any(|stop| stop.to_string().contains("has lost the columns E-mail")));
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
    desk.sheet.edit("Roster!B1", "E-mail");
    // A row that is gone is told, and no more.
    desk.sheet.delete_rows("Roster!3:3");
    let round = desk.sync().await;
    let gone = Why::RowGone("gene-hart".parse().unwrap());
    assert!(round.plan.asks.iter().any(|ask| ask.why == gone), "{:?}", round.plan.asks);
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
}

#[tokio::test]
async fn a_program_that_runs_keeps_both_the_same_until_it_is_told_to_stop() {
    let desk = Desk::new().await;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(crewcall::sheet::run(desk.sync.clone(), crewcall::sheet::Mode::On, stopping));
    while desk.shows("June Availability!H4").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(desk.says("gene-hart", 25).await.as_deref(), Some("AM only"));
    assert!(desk.sync().await.plan.edits.is_empty());
}

#[tokio::test]
async fn the_board_says_what_the_sheet_needs_from_the_office() {
    let desk = Desk::new().await;
    desk.sync().await;
    let cookie = sign_in(&desk.office).await;
    let (_, board) = desk.office.request(get("/", &cookie)).await;
    assert!(board.contains("! 1 needs you") && board.contains("June Availability!E5"), "{board}");
    desk.answer("dana-reyes", 24, "unavailable").await;
    desk.sheet.edit("June Availability!D2", "Y");
    desk.sync().await;
    let (_, board) = desk.office.request(get("/", &cookie)).await;
    assert!(board.contains("! 2 need you") && board.contains("dana-reyes, 2026-06-24"), "{board}");
    desk.sheet.edit("June Availability!D2", "Y");
    desk.sheet.edit("June Availability!E5", "N");
    desk.sheet.edit("Roster!B1", "Contct");
    desk.sync().await;
    let (_, board) = desk.office.request(get("/", &cookie)).await;
    assert!(!board.contains("need you") && board.contains("has lost the columns E-mail"), "{board}");
}

#[tokio::test]
async fn formats_formulas_notes_filters_and_hidden_columns_stay() {
    let desk = Desk::new().await;
    desk.sync().await;
    let june = desk.sheet.whole()["sheets"][1]["properties"]["sheetId"].clone();
    let range = |rows: (u32, u32), columns: (u32, u32)| {
        json!({ "sheetId": june, "startRowIndex": rows.0, "endRowIndex": rows.1, "startColumnIndex": columns.0,
            "endColumnIndex": columns.1 })
    };
    let bold =
        json!({ "userEnteredFormat": { "textFormat": { "bold": true }, "backgroundColor": { "red": 1.0 } } });
    desk.sheet.request(&json!({ "repeatCell": { "range": range((0, 6), (0, 8)), "cell": bold, "fields": "userEnteredFormat" } }));
    desk.sheet.request(&json!({ "setBasicFilter": { "filter": { "range": range((0, 6), (0, 8)) } } }));
    desk.sheet.request(&json!({ "updateDimensionProperties": { "range": { "sheetId": june, "dimension": "COLUMNS",
        "startIndex": 4, "endIndex": 5 }, "properties": { "hiddenByUser": true }, "fields": "hiddenByUser" } }));
    desk.sheet.pin("June Availability!F3", "rings on Thursdays");
    desk.sheet.edit("June Availability!G2", "=\"Y\"");
    desk.sync().await;
    let before = desk.sheet.whole();
    desk.answer("lee-park", 26, "unavailable").await;
    desk.answer("dana-reyes", 27, "unavailable").await;
    let round = desk.sync().await;
    assert_eq!(desk.shows("June Availability!F3"), "unavailable");
    // Over a formula nothing is written: the office is told.
    assert!(round.plan.asks.iter().any(|ask| matches!(ask.why, Why::Locked(_))), "{:?}", round.plan.asks);
    // But for what the one cell says, all is as it was.
    let (mut before, mut after) = (before, desk.sheet.whole());
    for book in [&mut before, &mut after] {
        let cell = &mut book["sheets"][1]["data"][0]["rowData"][2]["values"][5];
        assert_eq!(cell["note"], "rings on Thursdays");
        for field in ["userEnteredValue", "effectiveValue", "formattedValue"] {
            cell.as_object_mut().unwrap().remove(field);
        }
        let sheets = book["sheets"].as_array_mut().unwrap();
        sheets.retain(|sheet| sheet["properties"]["title"] != "crewcall");
    }
    assert_eq!(before, after);
}

#[tokio::test]
async fn where_the_account_may_not_write_the_rest_is_written() {
    let desk = Desk::new().await;
    desk.sync().await;
    let roster = desk.sheet.whole()["sheets"][0]["properties"]["sheetId"].clone();
    let closed = json!({ "range": { "sheetId": roster, "startColumnIndex": 1, "endColumnIndex": 2 }, "editors": { "users": ["owner@example.com"] } });
    desk.sheet.request(&json!({ "addProtectedRange": { "protectedRange": closed } }));
    let mut lee = desk.member("lee-park").await;
    lee.email = Some("lee.park@example.com".parse().unwrap());
    desk.office.import(&[lee]).await;
    desk.answer("lee-park", 26, "unavailable").await;
    let ana = json!({ "crew_id": "ana-cole", "name": "Ana Cole", "rank": "mate" });
    desk.office.import(&[serde_json::from_value(ana).unwrap()]).await;
    let round = desk.sync().await;
    assert_eq!(desk.shows("June Availability!F3"), "unavailable");
    assert_eq!(desk.sheet.read("Roster!B4:B6").concat().join("|"), "lee@example.com|sam@example.com|");
    let asks: Vec<&Why> = round.plan.asks.iter().map(|ask| &ask.why).collect();
    assert!(asks.contains(&&Why::Protected(2)), "{asks:?}");
    // What is typed there is taken all the same, and once it is open, all is written.
    desk.sheet.edit("Roster!D5", "3");
    desk.sync().await;
    assert_eq!(desk.member("sam-ortiz").await.cascade_order, Some(3));
}

#[tokio::test]
async fn a_sail_that_is_pasted_over_words_takes_none_away() {
    let desk = Desk::new().await;
    let id = desk.office.book("CH-104", (9, 12), &[("captain", 1)]).await.unwrap();
    desk.sync().await;
    // The sail is on the 27th; long ago there was another one, of which nothing is known any more.
    desk.sheet.edit("June Availability!C1", "5/2");
    desk.sheet.edit("June Availability!C2", "N CH-7 ✓");
    desk.sync().await;
    desk.sheet.edit("June Availability!E2", &format!("{id} ✓"));
    desk.sync().await;
    assert_eq!(desk.says("dana-reyes", 25).await.as_deref(), Some("N"));
    assert_eq!(desk.shows("June Availability!E2"), "N");
    assert_eq!(desk.shows("June Availability!C2"), "N CH-7 ✓");
}

#[tokio::test]
async fn another_spreadsheet_begins_anew() {
    let mut desk = Desk::new().await;
    desk.sync().await;
    let trial = std::mem::replace(&mut desk.sheet, desk.peer.spreadsheet("crew@example.com", "The real one"));
    desk.sync.spreadsheet_id = desk.sheet.id().to_owned();
    desk.fill("Sheet1", &["Name|E-mail|Rank", "Dana Reyes|dana@example.com|Captain"]);
    desk.sync().await;
    desk.sync().await;
    assert_eq!(desk.sheet.read("Sheet1!D1:D2").concat(), ["crew id", "dana-reyes"]);
    assert_eq!(desk.sheet.read("Sheet1!A3:A5").concat(), ["Gene Hart", "Lee Park", "Sam Ortiz"]);
    desk.sheet.edit("Sheet1!B2", "dana.reyes@example.com");
    let round = desk.sync().await;
    assert_eq!(round.waits, None);
    assert_eq!(desk.member("dana-reyes").await.email.unwrap().as_str(), "dana.reyes@example.com");
    assert_eq!(trial.read("Roster!B2").concat(), ["dana@example.com"]);
}

#[tokio::test]
async fn a_great_change_waits_until_somebody_says_that_it_is_meant_and_counts_once() {
    let desk = Desk::new().await;
    desk.sync().await;
    let accept = async |tab: TabId| {
        answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Accept(tab)).await.unwrap();
    };
    // Rows and days go, more than may go by accident.
    desk.sheet.delete_rows("June Availability!2:4");
    let round = desk.sync().await;
    let [Stop::Surge { tab, .. }] = round.plan.stops[..] else { panic!("{:?}", round.plan.stops) };
    assert_eq!(desk.says("dana-reyes", 22).await.as_deref(), Some("Y"));
    accept(tab).await;
    for _ in 0..3 {
        assert_eq!(desk.sync().await.plan.stops, []);
    }
    // Whose rows are gone has said nothing by that.
    assert_eq!(desk.says("dana-reyes", 22).await.as_deref(), Some("Y"));
    assert_eq!(desk.shows("June Availability!A2"), "Sam Ortiz");
    // A column of the roster that nobody needs any more goes the same way.
    desk.sheet.delete_columns("Roster!D:D");
    let round = desk.sync().await;
    let [Stop::Columns { tab, .. }] = &round.plan.stops[..] else { panic!("{:?}", round.plan.stops) };
    accept(*tab).await;
    for _ in 0..3 {
        assert_eq!(desk.sync().await.plan.stops, []);
    }
    assert_eq!(desk.member("dana-reyes").await.cascade_order, Some(1));
    // And the next one waits again.
    desk.sheet.delete_columns("Roster!B:B");
    assert_eq!(desk.sync().await.plan.stops.len(), 1);
}

#[tokio::test]
async fn a_tab_that_is_ignored_is_left_alone_until_it_is_read_again() {
    let desk = Desk::new().await;
    desk.sync().await;
    let june = desk.sync().await.book.tabs[1].id;
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Ignore(june)).await.unwrap();
    desk.sheet.edit("June Availability!B2", "N");
    desk.answer("dana-reyes", 23, "unavailable").await;
    let round = desk.sync().await;
    assert_eq!((round.plan.stops.len(), round.plan.edits.len(), round.plan.changes.len()), (0, 0, 0));
    assert_eq!(desk.says("dana-reyes", 22).await.as_deref(), Some("Y"));
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::LookAt(june)).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.says("dana-reyes", 22).await.as_deref(), Some("N"));
    assert_eq!(desk.shows("June Availability!C2"), "unavailable");
}
