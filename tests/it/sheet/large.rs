//! A round with more to keep than one commit of the store takes.

use std::sync::Arc;

use crewcall::google::Patience;
use crewcall::sheet::history;
use crewcall::store::MemoryStore;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::desk::Desk;

const PEOPLE: usize = 60;
const DAYS: usize = 366;

#[tokio::test]
async fn thousands_of_changes_are_kept_in_several_commits() {
    let desk = Desk::empty(Patience::STANDARD, Arc::new(MemoryStore::new())).await;
    // Each change is told with its person's id, which is long.
    let name = |n: usize| format!("Maximiliana Konstantina Featherstonehaugh Cholmondeley {n}");
    let person = |n: usize| format!("{}|crew-{n}@example.com|deckhand|{}", name(n), n + 1);
    let rows: Vec<String> =
        std::iter::once("Name|E-mail|Rank|Order".to_owned()).chain((0..PEOPLE).map(person)).collect();
    desk.fill("Sheet1", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    desk.sheet.rename("Sheet1", "Roster");
    let first = jiff::civil::date(2028, 1, 1);
    let row = |name: String, texts: Vec<String>| {
        let values = std::iter::once(name).chain(texts);
        let values = values.map(|text| json!({ "userEnteredValue": { "stringValue": text } }));
        json!({ "values": values.collect::<Vec<_>>() })
    };
    let days = first.series(1.day()).take(DAYS).map(|day| day.strftime("%-m/%-d/%Y").to_string());
    let mut rows: Vec<Value> = vec![row("Name".into(), days.collect())];
    rows.extend((0..PEOPLE).map(|n| row(name(n), vec!["Y".into(); DAYS])));
    let grid = json!({ "rowCount": PEOPLE + 10, "columnCount": DAYS + 2 });
    let properties = json!({ "sheetId": 7, "title": "Availability 2028", "gridProperties": grid });
    desk.sheet.request(&json!({ "addSheet": { "properties": properties } }));
    let start = json!({ "sheetId": 7, "rowIndex": 0, "columnIndex": 0 });
    let cells = json!({ "start": start, "rows": rows, "fields": "userEnteredValue" });
    desk.sheet.request(&json!({ "updateCells": cells }));

    let round = desk.sync().await;
    assert!(
        round.plan.changes.len() > PEOPLE * DAYS && round.plan.stops.is_empty(),
        "{:?}",
        round.plan.stops
    );
    assert!(history(&*desk.office.app.store).await.unwrap().len() > PEOPLE * DAYS);
    let again = desk.sync().await;
    assert!(again.plan.changes.is_empty() && again.plan.edits.is_empty());
}
