//! The files of a month: the same bytes at each run, and a CSV that payroll programs read.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crewcall::statement;
use crewcall_dispatch::model::CrewId;

use super::{complete, crew, month, view};
use crate::support::office::caller;

/// What is in a workbook, by the names of its parts.
fn parts(book: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let count = archive.len();
    let part = |n: usize| {
        let mut part = archive.by_index(n).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

#[tokio::test]
async fn a_rerun_gives_the_same_bytes_apart_from_the_time_stamp() {
    let office = complete().await;
    let files = |view: &statement::MonthView| {
        let people: Vec<CrewId> = view.draft.statements.iter().map(|one| one.crew_id.clone()).collect();
        let of = |id| statement::statement_file(&office.app, view, id).unwrap();
        let mut files: Vec<statement::File> = people.iter().map(of).collect();
        files.push(statement::owner_file(&office.app, view).unwrap());
        files
    };
    let draft = view(&office, "2026-06").await;
    let before = files(&draft);
    office.advance("48h").await;
    let later = view(&office, "2026-06").await;
    assert_eq!(draft.digest, later.digest);
    for (one, other) in before.iter().zip(files(&later)) {
        let (one, other) = (parts(&one.bytes), parts(&other.bytes));
        let differ: Vec<&str> =
            one.keys().filter(|name| one[*name] != other[*name]).map(String::as_str).collect();
        assert_eq!((differ, one.len()), (vec!["docProps/core.xml"], other.len()));
    }
    // Approved, they have the time of that.
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let before = files(&view(&office, "2026-06").await);
    office.advance("48h").await;
    assert_eq!(files(&view(&office, "2026-06").await), before);
    assert_eq!(before.len(), 3);
}

#[tokio::test]
async fn payroll_programs_get_a_row_for_each_person() {
    let office = complete().await;
    let reason = "a lost, \"new\" winch handle".to_owned();
    statement::enter(
        &office.app,
        month("2026-06"),
        &crew("lee"),
        "-5.00".parse().unwrap(),
        reason,
        &caller(),
        None,
    )
    .await
    .unwrap();
    let csv = statement::csv(&view(&office, "2026-06").await.draft, false, None).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "month,crew_id,name,sails,paid_hours,per_sail,by_the_hour,share,gratuity,adjustments,total,paid,year_to_date,status",
            "2026-06,dana,Dana Example,2,0.00,200.00,0.00,90.00,70.01,0.00,360.01,360.01,360.01,draft",
            "2026-06,lee,Lee Example,2,7.00,0.00,140.00,0.00,70.00,-5.00,205.00,205.00,205.00,draft",
            "",
        ]
    );
    let only = statement::csv(&view(&office, "2026-06").await.draft, false, Some(&crew("lee"))).unwrap();
    assert_eq!(String::from_utf8(only).unwrap().lines().count(), 2);
}
