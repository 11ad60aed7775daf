//! What cells are painted with, which says nothing until somebody says what it means.

use crewcall::google::Sheets;
use crewcall::sheet::{Answer, answer};
use crewcall_dispatch::model::Month;
use crewcall_dispatch::sheet::{NewMonth, Stop, Why};
use crewcall_google_peer::Call;
use jiff::civil::date;
use serde_json::{Value, json};

use super::desk::Desk;

/// Paints cells of a tab: its id, the row and the columns, the last one left out.
fn paint(desk: &Desk, tab: i64, row: usize, columns: (usize, usize), style: &Value) {
    let range = json!({ "sheetId": tab, "startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": columns.0,
        "endColumnIndex": columns.1 });
    let cell = json!({ "userEnteredFormat": { "backgroundColorStyle": style } });
    let fields = "userEnteredFormat.backgroundColorStyle";
    desk.sheet.request(&json!({ "repeatCell": { "range": range, "cell": cell, "fields": fields } }));
}

/// Writes so many days of a month over the columns of a tab.
fn days(desk: &Desk, tab: &str, month: usize, days: usize) {
    for day in 1..=days {
        desk.sheet
            .edit(&format!("{tab}!{}1", crewcall_dispatch::sheet::letters(day)), &format!("{month}/{day}"));
    }
}

async fn means(desk: &Desk, colour: &str, words: Option<&str>) {
    let answered = Answer::Colour(colour.into(), words.map(str::to_owned));
    answer(&*desk.office.app.store, &desk.sync.spreadsheet_id, &answered).await.unwrap();
}

async fn june(desk: &Desk) -> i64 {
    let (opened, _) = desk.sync.look().await.unwrap();
    opened.book.tabs.iter().find(|tab| tab.title == "June Availability").unwrap().id.0
}

#[tokio::test]
async fn a_colour_counts_once_somebody_said_what_it_means_and_where_nothing_is_written() {
    let desk = Desk::new().await;
    desk.sync().await;
    let june = june(&desk).await;
    let (red, accent) = (json!({ "rgbColor": { "red": 1 } }), json!({ "themeColor": "ACCENT1" }));
    // Lee, from the 22nd to the 24th: nothing, Y, nothing.
    paint(&desk, june, 2, (1, 4), &red);
    paint(&desk, june, 4, (1, 2), &accent);
    let round = desk.sync().await;
    assert!(round.plan.changes.is_empty() && round.plan.edits.is_empty(), "by itself it says nothing");

    means(&desk, "#ff0000", Some("unavailable")).await;
    means(&desk, "accent1", Some("AM only")).await;
    let round = desk.sync().await;
    assert_eq!(round.plan.changes.len(), 3, "{:?}", round.plan.changes);
    assert_eq!(desk.says("lee-park", 22).await.as_deref(), Some("unavailable"));
    assert_eq!(desk.says("lee-park", 23).await.as_deref(), Some("Y"));
    assert_eq!(desk.says("sam-ortiz", 22).await.as_deref(), Some("AM only"));
    assert_eq!(desk.shows("June Availability!B3"), "", "the colour says it");
    let before = desk.counted();
    let round = desk.sync().await;
    assert!(round.plan.changes.is_empty() && round.plan.edits.is_empty());
    assert_eq!(desk.calls(before), (1, 0));

    // What is written counts, whoever wrote it; the colour stays.
    desk.sheet.edit("June Availability!D3", "Y");
    desk.answer("lee-park", 22, "after 14:00").await;
    desk.sync().await;
    assert_eq!(desk.says("lee-park", 24).await.as_deref(), Some("Y"));
    assert_eq!(desk.shows("June Availability!B3"), "after 14:00");
    // Whoever takes the colour away has taken back what it said; white is none.
    paint(&desk, june, 4, (1, 2), &json!({ "rgbColor": { "red": 1, "green": 1, "blue": 1 } }));
    desk.sync().await;
    assert_eq!(desk.says("sam-ortiz", 22).await, None);
    assert_eq!(desk.peer.count(Call::SheetsWrite), 2, "the ids, and one answer");
}

#[tokio::test]
async fn a_row_that_is_put_in_below_a_painted_one_says_nothing() {
    let desk = Desk::new().await;
    desk.sync().await;
    means(&desk, "#ff0000", Some("unavailable")).await;
    let june = june(&desk).await;
    paint(&desk, june, 4, (2, 5), &json!({ "rgbColor": { "red": 1 } }));
    desk.sync().await;
    let ana = json!({ "crew_id": "ana-cole", "name": "Ana Cole", "rank": "mate", "availability": { "2026-06-22": "Y" } });
    desk.office.import(&[serde_json::from_value(ana).unwrap()]).await;
    desk.sync().await;
    assert_eq!(desk.sheet.read("June Availability!A6:B6").concat(), ["Ana Cole", "Y"]);
    let round = desk.sync().await;
    assert!(round.plan.changes.is_empty(), "{:?}", round.plan.changes);
    assert_eq!(desk.member("ana-cole").await.availability.len(), 1);
}

#[tokio::test]
async fn what_a_colour_says_and_was_taken_back_elsewhere_is_asked_about() {
    let desk = Desk::new().await;
    desk.sync().await;
    means(&desk, "#ff0000", Some("unavailable")).await;
    let june = june(&desk).await;
    paint(&desk, june, 2, (1, 2), &json!({ "rgbColor": { "red": 1 } }));
    desk.sync().await;
    let mut lee = desk.member("lee-park").await;
    lee.availability.remove(&date(2026, 6, 22));
    desk.office.import(&[lee]).await;
    for _ in 0..2 {
        let round = desk.sync().await;
        assert!(round.plan.changes.is_empty() && round.plan.edits.is_empty(), "{:?}", round.plan);
        assert!(round.plan.asks.iter().any(|ask| ask.why == Why::Painted("unavailable".into())));
    }
    paint(&desk, june, 2, (1, 2), &json!({ "rgbColor": { "red": 1, "green": 1, "blue": 1 } }));
    assert_eq!(desk.sync().await.plan.asks.len(), 1, "the x of Sam");
    assert_eq!(desk.says("lee-park", 22).await, None);
}

#[tokio::test]
async fn what_is_painted_in_one_month_is_said_of_no_other() {
    let desk = Desk::new().await;
    desk.sheet.add_tab("July 2026");
    desk.sheet.insert_columns("July 2026!B1:I1");
    desk.sheet.edit("July 2026!A1", "Name");
    desk.sheet.edit("July 2026!A2", "Lee Park");
    days(&desk, "July 2026", 7, 31);
    desk.sync().await;
    means(&desk, "#ff0000", Some("unavailable")).await;
    let (opened, _) = desk.sync.look().await.unwrap();
    let july = opened.book.tabs.iter().find(|tab| tab.title == "July 2026").unwrap().id.0;
    paint(&desk, july, 1, (3, 6), &json!({ "rgbColor": { "red": 1 } }));
    desk.sync().await;

    let (opened, plan) = desk.sync.look().await.unwrap();
    let new =
        NewMonth::of(&opened.book, &plan.reading, &plan.memory.answers, Month::of(date(2026, 8, 1))).unwrap();
    Sheets(&desk.sync.google).make_month(desk.sheet.id(), &new, &opened).await.unwrap();
    let round = desk.sync().await;
    assert!(round.plan.changes.is_empty() && round.plan.stops.is_empty(), "{:?}", round.plan.stops);
    // A copy by hand has the colours, and waits.
    desk.sheet.request(&json!({ "duplicateSheet": { "sourceSheetId": july, "newSheetId": 77, "newSheetName": "Sept 2026" } }));
    days(&desk, "Sept 2026", 9, 30);
    desk.sheet.edit("Sept 2026!AF1", "");
    let round = desk.sync().await;
    assert!(matches!(round.plan.stops[..], [Stop::Copy { answers: 3, .. }]), "{:?}", round.plan.stops);
}
