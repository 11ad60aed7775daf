//! To which month a sail belongs, and what a month comes to.

use crate::payroll::{Office, adjustments, amount, line, of};

#[test]
fn a_sail_belongs_to_the_month_in_which_it_departs() {
    let mut office = Office::new();
    office.sail("over-midnight", "2026-06-30T23:00:00-07:00");
    office.sail("first-of-july", "2026-07-01T00:00:00-07:00");
    office.sail("last-of-may", "2026-05-31T23:59:00-07:00");
    let draft = office.draft("2026-06");
    let lines: Vec<String> = of(&draft, "dana").lines.iter().map(line).collect();
    assert_eq!(lines, ["2026-06-30 over-midnight 195.00"]);
    assert_eq!(office.draft("2026-07").accounts.len(), 1);
}

#[test]
fn days_on_which_clocks_change_are_days_like_others() {
    let mut office = Office::new();
    office.now = "2026-12-01T12:00:00Z".parse().unwrap();
    // On 1 November the hour from 1 to 2 comes twice; the month begins an hour of UTC after the old one ends all the same.
    office.sail("before", "2026-10-31T23:30:00-07:00");
    office.sail("first-one", "2026-11-01T01:30:00-07:00");
    office.sail("second-one", "2026-11-01T01:30:00-08:00");
    office.sail("spring", "2026-03-08T03:00:00-07:00");
    let days = |month: &str| -> Vec<String> {
        of(&office.draft(month), "dana")
            .lines
            .iter()
            .map(|line| format!("{} {}", line.charter_id, line.date))
            .collect()
    };
    assert_eq!(days("2026-10"), ["before 2026-10-31"]);
    assert_eq!(days("2026-11"), ["first-one 2026-11-01", "second-one 2026-11-01"]);
    assert_eq!(days("2026-03"), ["spring 2026-03-08"]);
    // Hours are what the office says was worked, whatever clocks did meanwhile.
    assert_eq!(of(&office.draft("2026-11"), "lee").sails().hourly, amount("120.00"));
}

#[test]
fn a_sail_that_is_not_back_is_open() {
    let mut office = Office::new();
    office.sail("a", "2026-06-30T23:00:00-07:00");
    office.now = "2026-07-01T01:59:59-07:00".parse().unwrap();
    assert_eq!(office.draft("2026-06").accounts[0].open[0].to_string(), "it is not back yet");
    office.now = "2026-07-01T02:00:00-07:00".parse().unwrap();
    assert_eq!(office.draft("2026-06").accounts[0].open, []);
}

#[test]
fn the_year_goes_on_from_statement_to_statement_and_begins_anew() {
    let mut office = Office::new();
    office.now = "2027-03-01T12:00:00Z".parse().unwrap();
    for (id, day) in [("a", "2026-11-14"), ("b", "2026-12-14"), ("c", "2027-01-14")] {
        office.sail(id, &format!("{day}T16:00:00-08:00"));
    }
    office.approve("2026-11");
    let december = office.approve("2026-12");
    assert_eq!(of(&december, "dana").year_to_date(), amount("390.00"));
    assert_eq!(of(&december, "dana").last_month, Some(amount("195.00")));
    let january = office.draft("2027-01");
    assert_eq!(of(&january, "dana").year_to_date(), amount("195.00"));
    assert_eq!(of(&january, "dana").last_month, Some(amount("195.00")));
    assert_eq!(january.last_month.unwrap().paid, amount("300.00"));
    assert_eq!(january.totals().margin, amount("690.00"));
}

#[test]
fn what_the_office_gives_and_takes_off_is_paid_with_its_reason() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.bonus("2026-06", "dana", "50.00");
    office.bonus("2026-06", "zoe", "-12.50");
    let draft = office.draft("2026-06");
    assert_eq!(adjustments(of(&draft, "dana")), ["50.00 well done"]);
    assert_eq!(of(&draft, "dana").total(), amount("245.00"));
    assert_eq!((of(&draft, "zoe").total(), of(&draft, "zoe").paid()), (amount("-12.50"), amount("0.00")));
    assert_eq!((draft.totals().adjustments, draft.totals().paid), (amount("37.50"), amount("350.00")));
}

#[test]
fn what_is_below_nothing_is_carried_over_until_it_is_made_up_for() {
    let mut office = Office::new();
    office.bonus("2026-06", "dana", "-300.00");
    assert_eq!(of(&office.approve("2026-06"), "dana").paid(), amount("0.00"));
    // A month without a sail carries it on.
    let july = office.approve("2026-07");
    assert_eq!(adjustments(of(&july, "dana")), ["-300.00 from 2026-06"]);
    office.sail("a", "2026-08-14T16:00:00-07:00");
    office.sail("b", "2026-08-15T16:00:00-07:00");
    let august = office.approve("2026-08");
    assert_eq!(adjustments(of(&august, "dana")), ["-300.00 from 2026-07"]);
    assert_eq!(
        (of(&august, "dana").paid(), of(&august, "dana").year_to_date()),
        (amount("90.00"), amount("90.00"))
    );
    assert_eq!(office.draft("2026-09").statements, []);
}
