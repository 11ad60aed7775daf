use jiff::civil::date;

use super::*;
use crate::sheet::book::{Area, Cell, TabId};

fn tab(title: &str, rows: &[&str]) -> Tab {
    let cells = |row: &&str| row.split('|').map(|text| Cell::text(text.trim())).collect();
    let rows: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    Tab {
        id: TabId(0),
        title: title.into(),
        rows,
        size: (100, 40),
        merges: Vec::new(),
        protected: Vec::new(),
        too_large: false,
    }
}

fn read(tab: &Tab) -> Vec<String> {
    let header = find(tab, Around { today: date(2026, 5, 20), bound: None, beside: None }).expect("a header");
    let of = |(column, date): &(usize, Result<Date, Why>)| match date {
        Ok(date) => format!("{column} {date}"),
        Err(_) => format!("{column} ?"),
    };
    header.columns.iter().map(of).collect()
}

#[test]
fn days_have_their_month_from_the_name_of_the_tab() {
    let tab = tab("June Availability", &["Name|1|2|3|4", "Dana|Y|1|1|0"]);
    assert_eq!(read(&tab), ["1 2026-06-01", "2 2026-06-02", "3 2026-06-03", "4 2026-06-04"]);
}

#[test]
fn headings_over_the_days_count_up_to_the_next() {
    let mut tab = tab(
        "Summer",
        &["Crew schedule 2026", "|May||June||", "|Sat|Sun|Mon|Tue|Wed", "Name|30|31|1|2|3", "Dana|Y|Y|N||"],
    );
    assert_eq!(read(&tab), ["1 2026-05-30", "2 2026-05-31", "3 2026-06-01", "4 2026-06-02", "5 2026-06-03"]);
    tab.merges = vec![
        Area { first: At::new(1, 1), last: At::new(1, 2) },
        Area { first: At::new(1, 3), last: At::new(1, 5) },
    ];
    assert_eq!(read(&tab).len(), 5);
    assert_eq!(
        find(&tab, Around { today: date(2026, 5, 20), bound: None, beside: None }).unwrap().rows,
        (1, 3)
    );
}

#[test]
fn a_month_that_turns_needs_no_name() {
    let june = tab("June", &["Name|29|30|31|1|2|3|4|5", ""]);
    assert_eq!(read(&june)[0], "1 2026-05-29");
    assert_eq!(read(&june)[7], "8 2026-06-05");
    let turn = tab("Turn of the year", &["Name|Dec 30|31|1|2", ""]);
    assert_eq!(read(&turn), ["1 2025-12-30", "2 2025-12-31", "3 2026-01-01", "4 2026-01-02"]);
}

#[test]
fn the_year_is_the_one_with_which_the_weekdays_fit() {
    // 6 June is a Saturday in 2026, a Friday in 2025.
    assert_eq!(read(&tab("June", &["Name|Sat 6|Sun 7|Mon 8", ""]))[0], "1 2026-06-06");
    assert_eq!(read(&tab("June", &["Name|Fri 6|Sat 7|Sun 8", ""]))[0], "1 2025-06-06");
    assert_eq!(read(&tab("June", &["Name|Sat 6|Sat 7|Mon 8", ""])), ["1 2026-06-06", "2 ?", "3 2026-06-08"]);
    // A stated year is not doubted.
    assert_eq!(read(&tab("June 2026", &["Name|Fri 6|Sat 7|Sun 8", ""])), ["1 ?", "2 ?", "3 ?"]);
    assert_eq!(read(&tab("Jan", &["Name|1|2|3", ""]))[0], "1 2026-01-01");
    assert_eq!(read(&tab("Nov", &["Name|1|2|3", ""]))[0], "1 2026-11-01");
}

#[test]
fn dates_of_all_kinds_stand_beside_each_other() {
    let mut mixed = tab("June", &["Name|6/25|Fri 26|27-Jun|June 28|46202|6/30", ""]);
    mixed.rows[0][2].date = Some(date(2026, 6, 26));
    let all = read(&mixed);
    let days: Vec<&str> = all.iter().filter_map(|day| day.split(' ').nth(1)).collect();
    assert_eq!(days, ["2026-06-25", "2026-06-26", "2026-06-27", "2026-06-28", "2026-06-29", "2026-06-30"]);
    assert_eq!(read(&tab("June", &["Name|25/6|26/6|27/6|1/7", ""]))[3], "4 2026-07-01");
}

#[test]
fn a_year_that_nobody_sees_gives_way() {
    // Typed in 2025 for the year after.
    let mut june = tab("June 2026", &["Name|6/26|6/27|6/28", ""]);
    for (place, cell) in (25..).zip(&mut june.rows[0]).skip(1) {
        cell.date = Some(date(2025, 6, place));
    }
    assert_eq!(read(&june), ["1 2026-06-26", "2 2026-06-27", "3 2026-06-28"]);
    june.title = "June".into();
    assert_eq!(read(&june)[0], "1 2025-06-26");
}

#[test]
fn what_has_no_days_has_no_header() {
    for rows in [&["Name|Phone|Rank", "Dana|1|1"][..], &["1|1|1|0|1", "0|1|1|1|0"], &["Name|30|30|30|30"]] {
        assert_eq!(
            find(&tab("June", rows), Around { today: date(2026, 5, 20), bound: None, beside: None }),
            None,
            "{rows:?}"
        );
    }
    assert_eq!(read(&tab("Crew", &["Name|1|2|3"])), ["1 ?", "2 ?", "3 ?"]);
    assert_eq!(read(&tab("June", &["Name|29|30|June 31|7/1", ""]))[2], "3 ?");
}
