//! The files of a month: the same bytes at each run, and a CSV that payroll programs read.

use crewcall::statement;
use crewcall_dispatch::model::CrewId;

use super::{complete, crew, month, view};
use crate::support::office::caller;

#[tokio::test]
async fn a_rerun_gives_the_same_bytes_apart_from_the_time_stamp() {
    let office = complete().await;
    let (first, later) = (view(&office, "2026-06").await, {
        office.advance("1min").await;
        view(&office, "2026-06").await
    });
    assert_eq!(first.digest, later.digest);
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    let one = view(&office, "2026-06").await;
    let files = |view: &statement::MonthView| {
        let people: Vec<CrewId> = view.draft.statements.iter().map(|one| one.crew_id.clone()).collect();
        let of = |id| statement::statement_file(&office.app, view, id).unwrap();
        let mut files: Vec<statement::File> = people.iter().map(of).collect();
        files.push(statement::owner_file(&office.app, view).unwrap());
        files
    };
    let before = files(&one);
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
    let csv = statement::csv(&view(&office, "2026-06").await, None).unwrap();
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "month,crew_id,name,sails,hours,per_sail,by_the_hour,share,gratuity,adjustments,total,paid,year_to_date,status",
            "2026-06,dana,Dana Example,2,0.00,200.00,0.00,90.00,70.01,0.00,360.01,360.01,360.01,draft",
            "2026-06,lee,Lee Example,2,7.00,0.00,140.00,0.00,70.00,-5.00,205.00,205.00,205.00,draft",
            "",
        ]
    );
    let only = statement::csv(&view(&office, "2026-06").await, Some(&crew("lee"))).unwrap();
    assert_eq!(String::from_utf8(only).unwrap().lines().count(), 2);
}
