//! The tab in which the office lists its charters.

use crewcall_dispatch::cascade::Command;
use crewcall_google_peer::{Call, Fault};

use super::desk::Desk;

#[tokio::test]
async fn each_charter_has_a_row_and_what_people_typed_there_stays() {
    let desk = Desk::new().await;
    desk.sheet.add_tab("Charters");
    desk.fill(
        "Charters",
        &["Paid|Charter|Date|Departs|Guests|Captain|Status|Remarks", "yes|CH-7|1-May|||Gene||old one"],
    );
    let id = desk.office.book("CH-104", (9, 12), &[("captain", 1)]).await.unwrap();
    desk.sync().await;
    // The first round made the roster; the charter was booked before it.
    assert_eq!(
        desk.sheet.read("Charters!A3:H3").concat().join("|"),
        format!("|{id}|2026-06-27 Sat|09:00|6||not started|")
    );
    assert_eq!(desk.sheet.read("Charters!A2:H2").concat().join("|"), "yes|CH-7|1-May|||Gene||old one");
    let round = desk.sync().await;
    assert!(round.plan.edits.is_empty() && round.plan.asks.len() == 1, "{:?}", round.plan.edits);
    // What people type over it stays, beside what goes on.
    desk.sheet.edit("Charters!D3", "9 sharp");
    desk.sheet.edit("Charters!H3", "birthday");
    desk.office.run(&id, Command::Start).await.unwrap();
    desk.sync().await;
    // Twice between two readings.
    desk.office.run(&id, Command::Pause).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.shows("Charters!G3"), "paused");
    desk.office.run(&id, Command::Resume).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.sheet.read("Charters!D3:H3").concat().join("|"), "9 sharp|6||asking|birthday");
    // Sorted and moved as people like; a row that is deleted stays away, a blank cell is filled when there is news.
    desk.sheet.insert_rows("Charters!2:2");
    desk.sheet.clear("Charters!G4:G4");
    assert!(desk.sync().await.plan.edits.is_empty());
    desk.office.run(&id, Command::Cancel).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.shows("Charters!G4"), "cancelled");
    desk.sheet.delete_rows("Charters!4:4");
    for _ in 0..2 {
        assert!(desk.sync().await.plan.edits.is_empty());
    }
}

#[tokio::test]
async fn a_sail_that_is_listed_while_somebody_sorts_ends_up_in_its_row() {
    let desk = Desk::new().await;
    desk.sheet.add_tab("Charters");
    desk.fill("Charters", &["Charter|Status"]);
    let one = desk.office.book("CH-104", (9, 12), &[("captain", 1)]).await.unwrap();
    let two = desk.office.book("CH-105", (14, 17), &[("captain", 1)]).await.unwrap();
    desk.sync().await;
    desk.sync().await;
    assert_eq!(desk.sheet.read("Charters!A2:A3").concat(), [one.to_string(), two.to_string()]);
    desk.office.run(&one, Command::Start).await.unwrap();
    desk.sheet.edit("Charters!C2", "b");
    desk.sheet.edit("Charters!C3", "a");
    let sorted =
        Fault::Sorted { spreadsheet: desk.sheet.id().to_owned(), range: "Charters!A2:C3".into(), column: 2 };
    desk.peer.inject(Call::SheetsWrite, sorted, 1);
    desk.sync().await;
    for _ in 0..3 {
        desk.sync().await;
    }
    let rows = desk.sheet.read("Charters!A2:B3");
    for row in rows {
        let status = if row[0] == one.as_str() { "asking" } else { "not started" };
        assert_eq!(row[1], status, "{row:?}");
    }
}
