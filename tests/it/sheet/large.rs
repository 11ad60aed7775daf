//! More than a commit of the store takes, and more than a request to Google.

use std::sync::Arc;

use crewcall::google::Patience;
use crewcall::sheet::{Waits, history};
use crewcall::store::{GET_KEYS, Key, MemoryStore, Table};
use crewcall_dispatch::model::{Availability, CrewMember};
use crewcall_google_peer::{Call, Fault};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::desk::Desk;

const PEOPLE: usize = 70;
const DAYS: usize = 366;

fn days() -> impl Iterator<Item = Date> {
    date(2028, 1, 1).series(1.day()).take(DAYS)
}

/// An office whose sheet has a year in one tab, of which nothing is in the store yet.
async fn office() -> Desk {
    let desk = Desk::empty(Patience::STANDARD, Arc::new(MemoryStore::new())).await;
    // Each change is told with its person's id, which is long.
    let name = |n: usize| format!("Maximiliana Konstantina Featherstonehaugh Cholmondeley {n}");
    let person = |n: usize| format!("{}|crew-{n}@example.com|deckhand|{}", name(n), n + 1);
    let rows: Vec<String> =
        std::iter::once("Name|E-mail|Rank|Order".to_owned()).chain((0..PEOPLE).map(person)).collect();
    desk.fill("Sheet1", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    desk.sheet.rename("Sheet1", "Roster");
    let row = |name: String, texts: Vec<String>| {
        let values = std::iter::once(name).chain(texts);
        let values = values.map(|text| json!({ "userEnteredValue": { "stringValue": text } }));
        json!({ "values": values.collect::<Vec<_>>() })
    };
    let heads = days().map(|day| day.strftime("%-m/%-d/%Y").to_string()).collect();
    let mut rows: Vec<Value> = vec![row("Name".into(), heads)];
    rows.extend((0..PEOPLE).map(|n| row(name(n), vec!["N".into(); DAYS])));
    let grid = json!({ "rowCount": PEOPLE + 10, "columnCount": DAYS + 2 });
    let properties = json!({ "sheetId": 7, "title": "Availability 2028", "gridProperties": grid });
    desk.sheet.request(&json!({ "addSheet": { "properties": properties } }));
    let start = json!({ "sheetId": 7, "rowIndex": 0, "columnIndex": 0 });
    let cells = json!({ "start": start, "rows": rows, "fields": "userEnteredValue" });
    desk.sheet.request(&json!({ "updateCells": cells }));
    desk
}

/// Everybody says something else of every day, elsewhere.
async fn everybody_says(desk: &Desk, words: impl Fn(usize, Date) -> String) {
    let said = |(n, member): (usize, CrewMember)| CrewMember {
        availability: days().map(|day| (day, Availability::parse(&words(n, day)))).collect(),
        ..member
    };
    let people: Vec<CrewMember> =
        desk.office.app.roster().await.unwrap().into_iter().enumerate().map(said).collect();
    desk.office.import(&people).await;
}

/// Bytes of the last call to Google, there and back.
fn bytes(desk: &Desk) -> usize {
    desk.peer.requests().last().unwrap().bytes
}

#[tokio::test]
async fn thousands_of_changes_are_kept_in_several_commits() {
    let desk = office().await;
    let round = desk.sync().await;
    let changes = round.plan.changes.len();
    assert!(changes > PEOPLE * DAYS && round.plan.stops.is_empty(), "{:?}", round.plan.stops);
    assert!(history(&*desk.office.app.store).await.unwrap().len() > PEOPLE * DAYS);
    let again = desk.sync().await;
    assert!(again.plan.changes.is_empty() && again.plan.edits.is_empty());
    // Google's answers come compressed: each cell is some hundred bytes of JSON.
    assert!(bytes(&desk) < 10 * PEOPLE * DAYS, "{} bytes", bytes(&desk));
}

#[tokio::test]
async fn what_a_large_write_wrote_over_is_found_though_its_answer_is_lost() {
    let desk = office().await;
    desk.sync().await;
    everybody_says(&desk, |_, _| "available".into()).await;
    let (spreadsheet, cell) = (desk.sheet.id().to_owned(), "Availability 2028!F9".to_owned());
    let typed = Fault::Typed { spreadsheet, cell, text: "dentist, all day".into(), lost: true };
    desk.peer.inject(Call::SheetsWrite, typed, 1);
    assert!(desk.try_sync().await.is_err());
    // The batch is far above what one row of a store takes.
    let state = desk.office.app.store.get(&[Key::new(Table::Service, "sheet")]).await.unwrap();
    let state: Value = serde_json::from_str(&state[0].as_ref().unwrap().body).unwrap();
    let id = state["outstanding"]["batch"]["id"].as_str().unwrap();
    let piece = |nth: usize| Key::new(Table::Service, format!("sheet/batch/{id}/{nth}"));
    let pieces: Vec<Key> = (0..GET_KEYS).map(piece).collect();
    let kept = async || desk.office.app.store.get(&pieces).await.unwrap().into_iter().flatten().count();
    assert!(kept().await > 10);
    desk.sync().await;
    assert_eq!(desk.shows("Availability 2028!F9"), "dentist, all day");
    assert_eq!(kept().await, 0, "nothing of it stays");
    let again = desk.sync().await;
    assert!(again.plan.changes.is_empty() && again.plan.edits.is_empty());
}

#[tokio::test]
async fn what_is_more_than_google_takes_goes_in_several_requests() {
    let desk = office().await;
    desk.sync().await;
    let words = |n: usize, day: Date| format!("away, no. {n}: {}", format!("{day} ").repeat(10));
    everybody_says(&desk, words).await;
    let mut round = desk.sync().await;
    assert_eq!(round.waits, Some(Waits::Room));
    // The copies that it made are not read again and again.
    assert!(desk.sheet.read("crewcall!A2:H80").iter().flatten().all(String::is_empty));
    round = round.then(desk.sync().await);
    // Google refuses a request of more than 10 MiB; and each cell is written once.
    assert_eq!((round.waits, round.plan.edits.len()), (None, PEOPLE * DAYS));
    assert_eq!(desk.shows("Availability 2028!NC71"), words(PEOPLE - 1, date(2028, 12, 31)));
    let again = desk.sync().await;
    assert!(again.plan.changes.is_empty() && again.plan.edits.is_empty());
}
