//! What changes after a month was approved.

use crewcall_dispatch::statement::Remark;
use serde_json::json;

use crate::payroll::{Office, adjustments, amount, line, money, of};

/// June with one sail, approved.
fn june() -> Office {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.approve("2026-06");
    office
}

#[test]
fn where_nothing_changes_there_is_nothing_to_adjust() {
    let mut office = june();
    assert_eq!(office.draft("2026-07").statements, []);
    office.sail("b", "2026-07-14T16:00:00-07:00");
    let july = office.draft("2026-07");
    assert_eq!(of(&july, "dana").lines.iter().map(line).collect::<Vec<_>>(), ["2026-07-14 b 195.00"]);
    assert_eq!(of(&july, "dana").adjustments, []);
}

#[test]
fn a_refund_after_sending_is_taken_off_once() {
    let mut office = june();
    office.sail("b", "2026-07-14T16:00:00-07:00");
    office.came_to("a", "30.00", "3:00");
    let july = office.approve("2026-07");
    assert_eq!(adjustments(of(&july, "dana")), ["-30.00 a Changed"]);
    assert_eq!(adjustments(of(&july, "lee")), ["-30.00 a Changed"]);
    assert_eq!(office.draft("2026-08").statements, []);
    // And given back, should the guests pay after all.
    office.came_to("a", "90.00", "3:00");
    assert_eq!(adjustments(of(&office.draft("2026-08"), "lee")), ["30.00 a Changed"]);
}

#[test]
fn a_charter_that_was_open_is_paid_with_the_next_month() {
    let mut office = Office::new();
    office.sail_with("a", "2026-06-14T16:00:00-07:00", &[("dana", "captain"), ("lee", "deckhand")]);
    office.sail("b", "2026-06-15T16:00:00-07:00");
    let june = office.approve("2026-06");
    assert_eq!(june.open().count(), 1);
    let july = office.draft("2026-07");
    assert_eq!((july.statements.len(), july.open().count()), (0, 1), "it is not forgotten");
    office.came_to("a", "90.00", "3:00");
    let july = office.approve("2026-07");
    assert_eq!(adjustments(of(&july, "lee")), ["105.00 a Open"]);
    assert_eq!(july.open().count(), 0);
    assert_eq!(office.draft("2026-08").statements, []);
}

#[test]
fn a_charter_that_stays_open_for_a_year_is_listed_for_the_last_time_and_says_so() {
    let mut office = Office::new();
    office.sail_with("a", "2026-06-14T16:00:00-07:00", &[("dana", "captain")]);
    office.approve("2026-06");
    let listed = |month: &str| -> Vec<String> {
        let draft = office.draft(month);
        draft.still_open.iter().map(|account| format!("{:?}", account.remarks)).collect()
    };
    assert_eq!(listed("2027-05"), ["[]"]);
    assert_eq!(listed("2027-06"), ["[ListedLast]"]);
    // Nothing older is looked at.
    assert_eq!(office.paid.looked_at_from("2027-07".parse().unwrap()), "2026-07".parse().unwrap());
}

#[test]
fn who_did_not_sail_after_all_gives_it_back_and_the_others_have_more_of_the_gratuity() {
    let mut office = june();
    office.sail("b", "2026-07-14T16:00:00-07:00");
    office.sail("c", "2026-08-14T16:00:00-07:00");
    office.record(
        "a",
        json!({ "fact": "released", "offer": 2, "why": { "by_office": { "reason": "no-show" } } }),
    );
    let july = office.approve("2026-07");
    assert_eq!(adjustments(of(&july, "lee")), ["-105.00 a NotSailed"]);
    assert_eq!(adjustments(of(&july, "dana")), ["45.00 a Changed"]);
    office.record(
        "a",
        json!({ "fact": "assigned", "offer": 3, "seat": { "position": "deckhand", "number": 1 },
        "crew_id": "sam", "token_id": "jada_crew_3", "reason": "turned up" }),
    );
    let august = office.approve("2026-08");
    assert_eq!(adjustments(of(&august, "sam")), ["105.00 a Open"]);
    assert_eq!(adjustments(of(&august, "dana")), ["-45.00 a Changed"]);
    assert_eq!(office.draft("2026-09").statements, []);
}

#[test]
fn a_cancelled_sail_is_given_back() {
    let mut office = june();
    office.record("a", json!({ "fact": "charter_cancelled" }));
    assert_eq!(adjustments(of(&office.draft("2026-07"), "dana")), ["-195.00 a NotSailed"]);
}

#[test]
fn while_figures_are_missing_again_what_was_paid_stands() {
    let mut office = june();
    office.state("a").figures.actual_hours = None;
    let july = office.draft("2026-07");
    assert_eq!((july.statements.len(), july.still_open.len()), (0, 1));
    assert!(july.still_open[0].remarks.contains(&Remark::PaidBefore));
}

#[test]
fn a_sail_that_is_moved_to_another_month_is_not_paid_twice() {
    let mut office = june();
    let departs_at = "2026-07-03T16:00:00-07:00".parse().unwrap();
    office.state("a").charter.departs_at = departs_at;
    let july = office.approve("2026-07");
    assert_eq!((july.statements.len(), july.accounts.len()), (0, 1));
    // Nor has the owner its revenue twice.
    let [moved] = &july.changed[..] else { panic!("{:?}", july.changed) };
    assert_eq!(moved.by(|account| account.gross_revenue.map(Into::into)), -july.totals().gross_revenue);
    office.state("a").figures.gratuity = Some(money("100.00"));
    assert_eq!(adjustments(of(&office.draft("2026-08"), "lee")), ["5.00 a Changed"]);
}

#[test]
fn a_raise_for_days_that_are_paid_is_paid_with_the_next_month() {
    let mut office = june();
    office.rules.pay[0].per_sail = Some(money("160.00"));
    assert_eq!(adjustments(of(&office.draft("2026-07"), "dana")), ["10.00 a Changed"]);
}

#[test]
fn months_that_were_never_approved_were_paid_elsewhere() {
    let mut office = Office::new();
    office.sail("may", "2026-05-14T16:00:00-07:00");
    office.sail("june", "2026-06-14T16:00:00-07:00");
    let june = office.approve("2026-06");
    assert_eq!(of(&june, "dana").total(), amount("195.00"));
    assert_eq!(of(&june, "dana").last_month, None);
    assert_eq!(june.open().count(), 0);
}

#[test]
fn the_owner_is_told_what_became_of_charters_that_were_told_before() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.sail_with("open", "2026-06-20T16:00:00-07:00", &[("dana", "captain")]);
    office.approve("2026-06");
    office.state("a").figures.gross_revenue = Some(money("400.00"));
    office.came_to("open", "0.00", "3:00");
    let july = office.approve("2026-07");
    let told: Vec<String> = july
        .changed
        .iter()
        .map(|one| {
            let revenue = one.by(|account| account.gross_revenue.map(Into::into));
            format!("{} {revenue} {}", one.now.charter_id, one.by(|account| account.margin()))
        })
        .collect();
    assert_eq!(told, ["a -600.00 -600.00", "open 0.00 750.00"]);
    assert_eq!(july.totals().earlier_margin, amount("150.00"));
    assert_eq!(office.draft("2026-08").changed, [], "it is told once");
    office.record("a", json!({ "fact": "charter_cancelled" }));
    assert_eq!(office.draft("2026-08").changed[0].by(|account| account.margin()), amount("-90.00"));
}

#[test]
fn a_sail_of_a_month_that_was_passed_over_is_paid_with_a_later_one() {
    let mut office = Office::new();
    office.sail_with("nobody", "2026-06-14T16:00:00-07:00", &[]);
    office.came_to("nobody", "0.00", "3:00");
    office.approve("2026-05");
    office.approve("2026-07");
    office.record(
        "nobody",
        json!({ "fact": "turned_up", "offer": 1, "seat": { "position": "captain", "number": 1 },
        "crew_id": "dana", "token_id": "jada_crew_9", "reason": "was aboard" }),
    );
    let august = office.draft("2026-08");
    assert_eq!(adjustments(of(&august, "dana")), ["150.00 nobody Open"]);
    assert_eq!(august.changed.len(), 1);
}

#[test]
fn whoever_has_a_statement_reads_there_what_is_still_to_come() {
    let mut office = Office::new();
    office.sail("a", "2026-06-14T16:00:00-07:00");
    office.sail_with("b", "2026-06-15T16:00:00-07:00", &[("dana", "captain"), ("sam", "host")]);
    let june = office.approve("2026-06");
    let open: Vec<&str> = of(&june, "dana").open.iter().map(|one| one.charter_id.as_str()).collect();
    assert_eq!(open, ["b"]);
    assert_eq!(of(&june, "lee").open, []);
}
