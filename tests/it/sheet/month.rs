//! The tab of the next month, made of the last one.

use crewcall::google::Sheets;
use crewcall_dispatch::model::Month;
use crewcall_dispatch::sheet::{NewMonth, NoNewMonth};
use jiff::civil::{Date, date};

use super::desk::Desk;

/// June as offices have it: real dates, weekdays above them, a total below, a drop-down.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.sheet.add_tab("June 2026");
    desk.sheet.insert_columns("June 2026!B1:I1");
    desk.sheet.edit("June 2026!A1", "Crew in June");
    for (cell, text) in [("A3", "Name"), ("A4", "Dana Reyes"), ("A5", "Lee Park"), ("A7", "free")] {
        desk.sheet.edit(&format!("June 2026!{cell}"), text);
    }
    for day in 1..=30_usize {
        let at = crewcall_dispatch::sheet::letters(day);
        let weekday = date(2026, 6, i8::try_from(day).unwrap()).strftime("%a").to_string();
        for (row, text) in [(2, weekday), (3, format!("6/{day}")), (7, "=1+1".to_owned())] {
            desk.sheet.edit(&format!("June 2026!{at}{row}"), &text);
        }
    }
    desk.sheet.edit("June 2026!B4", "Y");
    desk.sheet.edit("June 2026!AE5", "N");
    // The days of the short tab stand here, too.
    desk.sheet.edit("June Availability!B1", "");
    for cell in ["C1", "D1", "E1", "F1", "G1"] {
        desk.sheet.edit(&format!("June Availability!{cell}"), "");
    }
    desk.sync().await;
    desk
}

async fn make(desk: &Desk, day: Date) -> Result<NewMonth, NoNewMonth> {
    let (opened, plan) = desk.sync.look().await.unwrap();
    let new = NewMonth::of(&opened.book, &plan.reading, &plan.memory.answers, Month::of(day))?;
    Sheets(&desk.sync.google).make_month(desk.sheet.id(), &new, &opened).await.unwrap();
    Ok(new)
}

#[tokio::test]
async fn the_next_month_has_the_form_of_the_last_one_and_none_of_its_answers() {
    let desk = desk().await;
    let before = desk.sheet.whole();
    let new = make(&desk, date(2026, 7, 1)).await.unwrap();
    assert_eq!((new.title.as_str(), new.more), ("July 2026", 1));
    assert_eq!(
        desk.sheet.read("July 2026!A1:A5").concat().join("|"),
        "Crew in July||Name|Dana Reyes|Lee Park"
    );
    assert_eq!(desk.sheet.read("July 2026!B2:C4").concat().join("|"), "Wed|Thu|7/1|7/2||");
    assert_eq!(
        desk.sheet.read("July 2026!AE2:AG4").concat().join("|"),
        "Thu|Fri||7/30|7/31|crew id|||dana-reyes"
    );
    assert_eq!(desk.sheet.read("July 2026!AE7:AF7").concat().join("|"), "2|2");
    // The one that it was made of is as it was.
    assert_eq!(
        desk.sheet.whole()["sheets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|tab| tab["properties"]["title"] == "June 2026")
            .unwrap()["data"],
        before["sheets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|tab| tab["properties"]["title"] == "June 2026")
            .unwrap()["data"]
    );
    // It is read at once, and takes what is said of its days.
    let round = desk.sync().await;
    assert_eq!(round.plan.stops, []);
    let mut lee = desk.member("lee-park").await;
    lee.availability.insert(date(2026, 7, 31), crewcall_dispatch::model::Availability::parse("unavailable"));
    desk.office.import(&[lee]).await;
    desk.sync().await;
    assert_eq!(desk.shows("July 2026!AF5"), "unavailable");
    // A second time it is there; a shorter month has fewer columns, and the next year another title.
    assert_eq!(make(&desk, date(2026, 7, 9)).await, Err(NoNewMonth::IsThere("July 2026".into())));
    let new = make(&desk, date(2027, 2, 1)).await.unwrap();
    assert_eq!((new.title.as_str(), new.more), ("February 2027", -3));
    assert_eq!(
        desk.sheet.read("February 2027!AB2:AD4").concat().join("|"),
        "Sat|Sun||2/27|2/28|crew id|||dana-reyes"
    );
    assert_eq!(desk.sync().await.plan.stops, []);
}

#[tokio::test]
async fn a_tab_that_has_not_all_days_is_not_copied() {
    let desk = Desk::new().await;
    assert_eq!(make(&desk, date(2026, 7, 1)).await, Err(NoNewMonth::NothingToCopy));
    assert_eq!(make(&desk, date(2026, 6, 1)).await, Err(NoNewMonth::IsThere("June Availability".into())));
}
