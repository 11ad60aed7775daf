//! The sheet is only looked at.

use std::time::Duration;

use crewcall::sheet::{Mode, needs, shadow_days};
use crewcall_google_peer::Call;

use super::desk::Desk;
use crate::web::sign_in::{get, sign_in};

#[tokio::test]
async fn nothing_is_done_and_each_day_it_is_told_what_would_have_been() {
    let desk = Desk::new().await;
    let before = desk.sheet.whole();
    let person = serde_json::json!({ "crew_id": "ana-cole", "name": "Ana Cole", "rank": "mate", "email": "ana@example.com" });
    desk.office.import(&[serde_json::from_value(person).unwrap()]).await;
    assert_eq!(desk.sync.shadow().await.unwrap(), None);
    desk.sheet.edit("June Availability!F3", "Y");
    assert_eq!(desk.sync.shadow().await.unwrap(), None);
    let days = shadow_days(&*desk.office.app.store).await.unwrap();
    let lee = "lee-park 2026-06-26: (nothing) -> Y June Availability!F3";
    assert!(days[0].taken.contains(lee), "{days:?}");
    assert!(
        days[0].written.contains("Roster!6:6: (new row) Ana Cole | ana@example.com | mate | ana-cole"),
        "{days:?}"
    );
    assert_eq!((days.len(), days[0].asks.len(), days[0].more), (1, 1, 0));
    // The next day the one before is reported: in the log, and on the board.
    desk.office.advance("24h").await;
    let over = desk.sync.shadow().await.unwrap().unwrap();
    assert_eq!(over, days[0]);
    let cookie = sign_in(&desk.office).await;
    let (_, board) = desk.office.request(get("/", &cookie)).await;
    assert!(
        board.contains("The sheet is only looked at: on ") && board.contains("things into the store"),
        "{board}"
    );
    // Nothing was done: not in the sheet, not on the roster.
    assert_eq!(desk.peer.count(Call::SheetsWrite), 0);
    let ids: Vec<String> =
        desk.office.app.roster().await.unwrap().iter().map(|one| one.crew_id.to_string()).collect();
    assert_eq!(ids, ["ana-cole"]);
    assert_eq!(desk.sheet.whole()["sheets"][0], before["sheets"][0]);
    // Once it is on, the report is gone from the board.
    desk.sync().await;
    assert_eq!(needs(&*desk.office.app.store).await.unwrap().shadow, None);
}

#[tokio::test]
async fn a_program_that_only_looks_writes_no_cell() {
    let desk = Desk::new().await;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let looking = tokio::spawn(crewcall::sheet::run(desk.sync.clone(), Mode::Shadow, stopping));
    while shadow_days(&*desk.office.app.store).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    looking.await.unwrap();
    assert_eq!(desk.peer.count(Call::SheetsWrite), 0);
}
