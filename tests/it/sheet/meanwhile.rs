//! People type between the reading and the writing, and calls fail.

use crewcall::google::Patience;
use crewcall::sheet::{SyncError, What, history};
use crewcall_google_peer::{Call, Fault};
use std::time::Duration;

use super::desk::Desk;

#[tokio::test]
async fn what_is_typed_between_reading_and_writing_is_found_and_counts() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.answer("lee-park", 26, "available").await;
    let typed = Fault::Typed {
        spreadsheet: desk.sheet.id().to_owned(),
        cell: "June Availability!F3".into(),
        text: "dentist, all day".into(),
        lost: false,
    };
    desk.peer.inject(Call::SheetsWrite, typed, 1);
    let round = desk.sync().await;
    assert_eq!(round.overwrote[0].before, "dentist, all day");
    assert_eq!(desk.shows("June Availability!F3"), "dentist, all day");
    assert_eq!(desk.says("lee-park", 26).await.as_deref(), Some("dentist, all day"));
}

#[tokio::test]
async fn rows_that_are_sorted_between_reading_and_writing_stay_whose_they_are() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.answer("lee-park", 26, "unavailable").await;
    let sorted = Fault::Sorted {
        spreadsheet: desk.sheet.id().to_owned(),
        range: "June Availability!A2:H5".into(),
        column: 0,
    };
    desk.peer.inject(Call::SheetsWrite, sorted, 1);
    desk.sync().await;
    desk.sync().await;
    for row in 2..6 {
        let cells = desk.sheet.read(&format!("June Availability!A{row}:F{row}")).concat();
        assert_eq!(cells[5], if cells[0] == "Lee Park" { "unavailable" } else { "" }, "{cells:?}");
    }
}

#[tokio::test]
async fn a_write_that_fails_in_any_way_is_made_up_for() {
    let faults = [
        Fault::TooMany { retry_after: None },
        Fault::ServerError { code: 503, after_effect: false },
        Fault::ServerError { code: 500, after_effect: false },
        Fault::ServerError { code: 500, after_effect: true },
        Fault::Reset { after_effect: false },
        Fault::Reset { after_effect: true },
        Fault::Hang { after_effect: false },
        Fault::Hang { after_effect: true },
        Fault::Garbage { after_effect: true },
        Fault::Truncated,
    ];
    let quick = Patience { answer: Duration::from_secs(3), ..Patience::SHORT };
    for fault in faults {
        let desk = Desk::with(quick).await;
        desk.sync().await;
        desk.answer("lee-park", 26, "unavailable").await;
        desk.peer.inject(Call::SheetsWrite, fault.clone(), 1);
        let failed = desk.try_sync().await;
        assert!(failed.is_err(), "{fault:?}");
        // Whoever types meanwhile is not overrun.
        desk.sheet.edit("June Availability!F5", "Y");
        let round = desk.sync().await;
        if desk.shows("June Availability!F3").is_empty() {
            // It may be carried out yet: another one waits for that.
            assert!(round.waits.is_some(), "{fault:?}");
            desk.office.advance("6min").await;
            desk.sync().await;
        }
        assert_eq!(desk.shows("June Availability!F3"), "unavailable", "{fault:?}");
        assert_eq!(desk.says("sam-ortiz", 26).await.as_deref(), Some("Y"), "{fault:?}");
        let round = desk.sync().await;
        assert!(round.plan.edits.is_empty() && round.plan.changes.is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_reading_that_fails_changes_nothing() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.answer("lee-park", 26, "unavailable").await;
    for fault in [
        Fault::TooMany { retry_after: None },
        Fault::ServerError { code: 500, after_effect: false },
        Fault::Truncated,
        Fault::Garbage { after_effect: false },
    ] {
        desk.peer.inject(Call::SheetsRead, fault.clone(), 1);
        let failed = desk.try_sync().await;
        assert!(matches!(failed, Err(SyncError::Sheets(_))), "{fault:?}: {failed:?}");
    }
    desk.sync().await;
    assert_eq!(desk.shows("June Availability!F3"), "unavailable");
}

#[tokio::test]
async fn a_503_may_come_from_in_between_and_what_was_written_is_on_record() {
    let quick = Patience { answer: Duration::from_secs(3), ..Patience::SHORT };
    let desk = Desk::with(quick).await;
    desk.sync().await;
    desk.answer("lee-park", 26, "available").await;
    // It is carried out, and a proxy answers.
    desk.peer.inject(Call::SheetsWrite, Fault::ServerError { code: 503, after_effect: true }, 1);
    assert!(desk.try_sync().await.is_err());
    let round = desk.sync().await;
    assert!(round.plan.edits.is_empty(), "it was done: {:?}", round.plan.edits);
    let events = history(&*desk.office.app.store).await.unwrap();
    assert!(events.iter().any(|event| event.what == What::Written && event.cell == "June Availability!F3"));
}

#[tokio::test]
async fn where_a_header_goes_while_it_is_written_the_other_tabs_go_on() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.answer("lee-park", 26, "available").await;
    let spreadsheet = desk.sheet.id().to_owned();
    let (range, column) = ("June Availability!A1:H5".to_owned(), 0);
    // Sorted with its header, which then stands in the middle.
    desk.peer.inject(Call::SheetsWrite, Fault::Sorted { spreadsheet, range, column }, 1);
    let _ = desk.try_sync().await;
    desk.sheet.clear("June Availability!A1:H5");
    let mut lee = desk.member("lee-park").await;
    lee.email = Some("lee.park@example.com".parse().unwrap());
    desk.office.import(&[lee]).await;
    for _ in 0..3 {
        desk.sync().await;
    }
    assert_eq!(desk.sheet.read("Roster!B4").concat(), ["lee.park@example.com"]);
}

#[tokio::test]
async fn what_somebody_types_where_the_ids_go_is_on_record() {
    let desk = Desk::new().await;
    let (spreadsheet, cell) = (desk.sheet.id().to_owned(), "Roster!F1".to_owned());
    let typed = Fault::Typed { spreadsheet, cell, text: "Notes".into(), lost: false };
    desk.peer.inject(Call::SheetsWrite, typed, 1);
    let round = desk.sync().await;
    assert!(round.overwrote.iter().any(|over| over.before == "Notes"), "{:?}", round.overwrote);
    assert_eq!(desk.shows("Roster!F1"), "crew id");
    desk.sync().await;
    assert_eq!(
        desk.sheet.read("Roster!F1:F5").concat().join("|"),
        "crew id|dana-reyes|gene-hart|lee-park|sam-ortiz"
    );
    let round = desk.sync().await;
    assert!(round.plan.edits.is_empty() && round.overwrote.is_empty(), "{:?}", round.plan.edits);
}
