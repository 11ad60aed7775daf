//! What the office does by mistake, and what nobody is to lose by it: it is asked first.

use crewcall::sheet::{Answer, answer, needs};
use crewcall_dispatch::sheet::{Stop, Why};

use super::desk::Desk;

#[tokio::test]
async fn a_month_that_is_a_copy_waits_until_its_days_are_empty() {
    let desk = Desk::new().await;
    desk.sync().await;
    // The next month is made of this one: its days are new, what stands in them is not.
    desk.sheet.add_tab("July Availability");
    for (number, row) in (1..).zip(desk.sheet.read("June Availability!A1:H5")) {
        for (column, text) in ('A'..).zip(row).filter(|(_, text)| !text.is_empty()) {
            let text = text.split_once("6/").map_or(text.clone(), |(_, day)| format!("7/{day}"));
            desk.sheet.edit(&format!("July Availability!{column}{number}"), &text);
        }
    }
    let round = desk.sync().await;
    assert!(matches!(round.plan.stops[..], [Stop::Copy { answers: 11, .. }]), "{:?}", round.plan.stops);
    assert!(round.plan.changes.is_empty() && round.plan.edits.is_empty());
    desk.sheet.clear("July Availability!B2:G5");
    desk.sheet.edit("July Availability!B3", "N");
    let round = desk.sync().await;
    assert!(matches!(round.plan.stops[..], [Stop::Copy { answers: 1, .. }]), "{:?}", round.plan.stops);
    let Stop::Copy { tab, .. } = round.plan.stops[0] else { unreachable!() };
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Accept(tab)).await.unwrap();
    assert_eq!(desk.sync().await.plan.stops, []);
    let lee = desk.member("lee-park").await;
    assert_eq!(lee.availability[&jiff::civil::date(2026, 7, 22)].words(), "N");
}

#[tokio::test]
async fn a_heading_that_becomes_another_day_moves_nothing() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.sheet.edit("June Availability!G1", "6/20");
    let round = desk.sync().await;
    let doubt = Why::OtherDay { date: jiff::civil::date(2026, 6, 20), lost: jiff::civil::date(2026, 6, 27) };
    assert!(round.plan.asks.iter().any(|ask| ask.why == doubt), "{:?}", round.plan.asks);
    assert_eq!(round.plan.changes, []);
    desk.sheet.edit("June Availability!G1", "Sat 6/27");
    let round = desk.sync().await;
    assert!(round.plan.changes.is_empty() && round.plan.asks.len() == 1);
    // If it is meant, the new day has what stands there.
    desk.sheet.edit("June Availability!G1", "6/20");
    let june = desk.sync().await.book.tabs[1].id;
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Accept(june)).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.says("gene-hart", 20).await.as_deref(), Some("Y"));
    assert_eq!(desk.sync().await.plan.asks.len(), 1);
}

#[tokio::test]
async fn names_that_are_sorted_alone_give_nobody_another_ones_answers() {
    let desk = Desk::new().await;
    desk.sync().await;
    let before = desk.office.app.roster().await.unwrap();
    desk.sheet.sort("June Availability!A2:A5", 0);
    desk.sheet.edit("Roster!A2", "Gene Hart");
    desk.sheet.edit("Roster!A3", "Dana Reyes");
    let round = desk.sync().await;
    let torn = round.plan.asks.iter().filter(|ask| matches!(ask.why, Why::Torn { .. })).count();
    assert_eq!((torn, round.plan.changes.len(), round.plan.edits.len()), (4, 0, 0), "{:?}", round.plan.asks);
    assert_eq!(desk.office.app.roster().await.unwrap(), before);
}

#[tokio::test]
async fn a_formula_that_cannot_be_worked_out_says_nothing() {
    let desk = Desk::new().await;
    desk.sync().await;
    desk.sheet.edit("June Availability!B2", "=B3/0");
    desk.sheet.edit("Roster!B2", "=B3/0");
    let round = desk.sync().await;
    assert_eq!(round.plan.changes, []);
    let errors = round.plan.asks.iter().filter(|ask| matches!(ask.why, Why::Error(_))).count();
    assert_eq!(errors, 2, "{:?}", round.plan.asks);
    assert_eq!(desk.says("dana-reyes", 22).await.as_deref(), Some("Y"));
}

#[tokio::test]
async fn whoever_is_new_has_an_address_of_their_own() {
    let desk = Desk::new().await;
    desk.sync().await;
    for (cell, text) in
        [("A6", "Kim Vale"), ("B6", "gene@example.com"), ("C6", "Captain"), ("F6", "gene-hart")]
    {
        desk.sheet.edit(&format!("Roster!{cell}"), text);
    }
    let round = desk.sync().await;
    let told =
        round.plan.asks.iter().any(|ask| ask.why.to_string().contains("gene@example.com is gene-hart's"));
    assert!(told && round.plan.changes.is_empty(), "{:?}", round.plan.asks);
    desk.sheet.edit("Roster!B6", "kim@example.com");
    desk.sync().await;
    assert_eq!(desk.member("kim-vale").await.email.unwrap().as_str(), "kim@example.com");
}

#[tokio::test]
async fn a_row_that_comes_back_blank_is_filled_again() {
    let desk = Desk::new().await;
    desk.sync().await;
    let before = desk.member("gene-hart").await;
    desk.sheet.delete_rows("Roster!3:3");
    desk.sheet.delete_rows("June Availability!4:4");
    let round = desk.sync().await;
    assert_eq!(round.plan.asks.iter().filter(|ask| ask.why.to_string().contains("is gone")).count(), 2);
    // The office is told to bring it back, and types the name.
    desk.sheet.edit("Roster!A6", "Gene Hart");
    desk.sheet.edit("Roster!C6", "Captain");
    desk.sheet.edit("June Availability!A6", "Gene Hart");
    desk.sync().await;
    desk.sync().await;
    assert_eq!(desk.member("gene-hart").await, before);
    assert_eq!(
        desk.sheet.read("June Availability!A6:H6").concat().join("|"),
        "Gene Hart|N||Y|AM only||Y|gene-hart"
    );
    assert_eq!(desk.shows("Roster!B6"), "gene@example.com");
}

#[tokio::test]
async fn where_the_header_is_protected_no_ids_are_written_again_and_again() {
    let desk = Desk::new().await;
    let tab = desk.sheet.whole()["sheets"][0]["properties"]["sheetId"].clone();
    let header = serde_json::json!({ "range": { "sheetId": tab, "startRowIndex": 0, "endRowIndex": 1 },
        "editors": { "users": ["owner@example.com"] } });
    desk.sheet.request(&serde_json::json!({ "addProtectedRange": { "protectedRange": header } }));
    for _ in 0..3 {
        desk.sync().await;
    }
    assert_eq!(
        desk.sheet.read("Roster!A2:J2").concat().join("|"),
        "Dana Reyes|dana@example.com|Captain|1||||||"
    );
    assert_eq!(desk.says("gene-hart", 25).await.as_deref(), Some("AM only"));
}

#[tokio::test]
async fn another_roster_takes_the_place_of_one_that_is_let_go() {
    let desk = Desk::new().await;
    desk.sync().await;
    let tab = desk.sheet.whole()["sheets"][0]["properties"]["sheetId"].clone();
    desk.sheet.add_tab("People");
    desk.fill("People", &["Name|E-mail|Rank", "Dana Reyes|dana.r@example.com|Captain"]);
    desk.sheet.request(&serde_json::json!({ "deleteSheet": { "sheetId": tab } }));
    let round = desk.sync().await;
    let [Stop::Gone { tab, .. }] = &round.plan.stops[..] else { panic!("{:?}", round.plan.stops) };
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Ignore(*tab)).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.member("dana-reyes").await.email.unwrap().as_str(), "dana.r@example.com");
    assert_eq!(desk.shows("People!D2"), "dana-reyes");
}

#[tokio::test]
async fn what_no_record_can_have_is_told_to_the_office() {
    let desk = Desk::new().await;
    desk.sheet.edit("Roster!F1", "Usual crew");
    desk.sheet.edit("Roster!F2", "Sam Ortiz");
    desk.sync().await;
    // A captain with a usual crew becomes a mate, and says something of a day at the same time.
    desk.sheet.edit("Roster!C2", "Mate");
    desk.sheet.edit("June Availability!B2", "N");
    let round = desk.sync().await;
    assert_eq!(round.not_taken.len(), 1, "{:?}", round.not_taken);
    let needs = needs(&*desk.office.app.store).await.unwrap();
    assert!(
        needs.asks.iter().any(|ask| ask.at == "dana-reyes" && ask.why.contains("nothing is taken")),
        "{needs:?}"
    );
}

#[tokio::test]
async fn what_everybody_said_of_a_day_is_not_taken_back_at_once() {
    let desk = Desk::new().await;
    desk.sync().await;
    // Somebody deletes the column of the 27th, and puts one in for it.
    desk.sheet.clear("June Availability!G2:G5");
    desk.sheet.edit("June Availability!F3", "N");
    let round = desk.sync().await;
    let emptied = Why::Emptied { date: jiff::civil::date(2026, 6, 27), answers: 3 };
    let asks: Vec<&Why> = round.plan.asks.iter().map(|ask| &ask.why).collect();
    assert!(asks.contains(&&emptied), "{asks:?}");
    assert_eq!(desk.says("lee-park", 27).await.as_deref(), Some("Y"));
    assert_eq!(desk.says("lee-park", 26).await.as_deref(), Some("N"), "the other days go on");
    // Written again, one after the other: nobody else's is taken back by that.
    desk.sheet.edit("June Availability!E5", "");
    desk.sheet.edit("June Availability!G5", "Y");
    desk.sync().await;
    assert_eq!(desk.says("lee-park", 27).await.as_deref(), Some("Y"));
    for row in 2..5 {
        desk.sheet.edit(&format!("June Availability!G{row}"), "Y");
    }
    let round = desk.sync().await;
    assert!(!round.plan.asks.iter().any(|ask| matches!(ask.why, Why::Emptied { .. })));
    // Or it is meant.
    desk.sheet.clear("June Availability!G2:G5");
    let round = desk.sync().await;
    let ask = round.plan.asks.iter().find(|ask| matches!(ask.why, Why::Emptied { .. })).unwrap();
    let (opened, _) = desk.sync.look().await.unwrap();
    let tab = opened.book.tabs.iter().find(|tab| tab.title == ask.at.tab).unwrap().id;
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Accept(tab)).await.unwrap();
    desk.sync().await;
    assert_eq!(desk.says("lee-park", 27).await, None);
}

#[tokio::test]
async fn in_a_protected_tab_the_cells_that_are_open_are_written() {
    let desk = Desk::new().await;
    desk.sync().await;
    let (opened, _) = desk.sync.look().await.unwrap();
    let june = opened.book.tabs.iter().find(|tab| tab.title == "June Availability").unwrap().id.0;
    let open = serde_json::json!({ "sheetId": june, "startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 6 });
    let closed = serde_json::json!({ "range": { "sheetId": june }, "unprotectedRanges": [open],
        "editors": { "users": ["owner@example.com"] } });
    desk.sheet.request(&serde_json::json!({ "addProtectedRange": { "protectedRange": closed } }));
    desk.answer("lee-park", 26, "unavailable").await;
    desk.answer("lee-park", 27, "after 14:00").await;
    let round = desk.sync().await;
    assert_eq!(desk.sheet.read("June Availability!F3:G3").concat(), ["unavailable", "Y"]);
    assert!(round.plan.asks.iter().any(|ask| ask.why == Why::Protected(1)), "{:?}", round.plan.asks);
}

#[tokio::test]
async fn a_tab_with_more_than_is_read_keeps_no_other_one_out_of_step() {
    let desk = Desk::new().await;
    desk.sync().await;
    for (tab, title) in [(77, "Bookings of all years"), (78, "July Availability")] {
        let grid = serde_json::json!({ "rowCount": 20_010, "columnCount": 8 });
        let properties = serde_json::json!({ "sheetId": tab, "title": title, "gridProperties": grid });
        desk.sheet.request(&serde_json::json!({ "addSheet": { "properties": properties } }));
    }
    desk.fill("July Availability", &["Name|7/1|7/2|7/3", "Lee Park|Y||"]);
    desk.sheet.edit("Bookings of all years!B20005", "Captain");
    desk.sheet.edit("June Availability!F3", "N");
    assert_eq!(desk.sync().await.plan.stops, []);
    assert_eq!(desk.says("lee-park", 26).await.as_deref(), Some("N"));
    // One that was read waits until it is small again.
    desk.sheet.edit("July Availability!A20005", "pasted here by mistake");
    desk.sheet.edit("July Availability!C2", "N");
    desk.sheet.edit("June Availability!F3", "Y");
    let stops = desk.sync().await.plan.stops;
    assert!(matches!(&stops[..], [Stop::TooLarge { .. }]), "{stops:?}");
    assert!(stops[0].to_string().contains("beyond row 20000 or column ALL"), "{}", stops[0]);
    assert_eq!(desk.says("lee-park", 26).await.as_deref(), Some("Y"));
    desk.sheet.edit("July Availability!A20005", "");
    assert_eq!(desk.sync().await.plan.stops, []);
    let second = jiff::civil::date(2026, 7, 2);
    assert_eq!(desk.member("lee-park").await.availability[&second].words(), "N");
}

#[tokio::test]
async fn whoever_is_new_is_asked_about_until_the_rank_is_one_and_numbered_rows_are_no_order() {
    let desk = Desk::new().await;
    desk.sheet.insert_columns("Roster!A1:B1");
    for (number, row) in [("#", 1), ("12", 2), ("11", 3)] {
        desk.sheet.edit(&format!("Roster!A{row}"), number);
    }
    for (column, text) in ["", "", "Joe Doe", "joe@example.com", "Captn", "3"].into_iter().enumerate().skip(2)
    {
        let column = crewcall_dispatch::sheet::letters(column);
        desk.sheet.edit(&format!("Roster!{column}6"), text);
    }
    // What was said of the name in the tab of a month is said of no row with an address.
    answer(&*desk.office.app.store, desk.sheet.id(), &Answer::Name("Joe Doe".into(), None)).await.unwrap();
    let round = desk.sync().await;
    assert_eq!(desk.member("dana-reyes").await.cascade_order, Some(1));
    let asked = round.plan.asks.iter().find(|ask| ask.at.to_string() == "Roster!E6").unwrap();
    assert!(asked.why.to_string().contains("Captn"), "{}", asked.why);
    desk.sheet.edit("Roster!E6", "Captain");
    desk.sync().await;
    assert_eq!(desk.member("joe-doe").await.cascade_order, Some(3));
}
