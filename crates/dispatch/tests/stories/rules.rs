//! Rest, company and rules that the office sets aside.

use crewcall_dispatch::cascade::{Actor, Command, Rejection};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use jiff::SignedDuration;

use crate::stage::Stage;

#[test]
fn a_sail_that_is_over_still_keeps_its_distance_after_another_ask() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.policy.turnaround = SignedDuration::from_hours(48);
    stage.book("a", 0);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    // A week and four hours later the boat is back.
    stage.now = stage.state("a").charter.returns_at + SignedDuration::from_hours(1);
    for id in ["b", "c"] {
        let days = if id == "b" { 1 } else { 10 };
        stage.book_at(id, stage.now + SignedDuration::from_hours(24 * days), &[]);
    }
    stage.start("c");
    assert_eq!(stage.asked("c"), ["ann"], "ten days off there is room");
    stage.decline("c", "ann").unwrap();
    stage.start("b");
    assert_eq!(stage.asked("b"), ["ben"], "ann came back an hour ago");
}

/// The boat is inspected, and only rest is checked there.
fn rest_is_checked(stage: &mut Stage) {
    let off = Gate::ALL.into_iter().filter(|gate| *gate != Gate::Rest).map(|gate| (gate, Severity::Off));
    stage.policy.vessels = vec![Vessel {
        name: "America".into(),
        inspected: true,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: off.collect(),
    }];
}

/// Both sails were offered before one of them was accepted.
#[test]
fn a_second_yes_that_leaves_too_little_rest_is_refused() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    rest_is_checked(&mut stage);
    stage.book("a", 0);
    let next = stage.state("a").charter.returns_at + SignedDuration::from_mins(90);
    stage.book_at("b", next, &[]);
    let later = stage.state("b").charter.returns_at + SignedDuration::from_mins(90);
    stage.book_at("c", later, &[]);
    for id in ["a", "b", "c"] {
        stage.start(id);
        assert_eq!(stage.asked(id), ["ann"]);
    }
    stage.accept("a", "ann").unwrap();
    stage.accept("b", "ann").unwrap();
    assert!(matches!(stage.accept("c", "ann"), Err(Rejection::TooTired(Reason::Rest { .. }))));
    assert!(stage.aboard("c").is_empty());
}

#[test]
fn who_is_not_to_sail_with_somebody_aboard_is_passed_over() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.keeps_away("xan", "ann");
    stage.book("a", 1);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["yul"]);
    assert_eq!(stage.skipped(), ["xan: not to sail with ann"]);
}

/// Ann comes from another sail; the office knows better, and whoever was passed over is asked at once.
#[test]
fn an_override_has_the_passed_over_asked_and_the_office_hears_anew() {
    let mut stage = Stage::new(&["ann captain"]);
    rest_is_checked(&mut stage);
    stage.book("a", 0);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    let next = stage.state("a").charter.returns_at + SignedDuration::from_mins(90);
    stage.book_at("b", next, &[]);
    stage.start("b");
    stage.accept("b", "ann").unwrap();
    let later = stage.state("b").charter.returns_at + SignedDuration::from_mins(90);
    stage.book_at("c", later, &[]);
    stage.start("c");
    assert_eq!((stage.asked("c").len(), stage.sent("c", "exhausted")), (0, 1));
    let set_aside = Command::Override { gate: Gate::Rest, crew_id: None, reason: "slept aboard".into() };
    assert_eq!(stage.give("c", &set_aside), Err(Rejection::OfficeOnly));
    stage.by = Actor::Office("Pat".into());
    stage.give("c", &set_aside).unwrap();
    stage.give("c", &set_aside).unwrap();
    stage.post();
    assert_eq!(stage.asked("c"), ["ann"]);
    assert_eq!(stage.state("c").overrides.len(), 1);
    assert!(matches!(stage.state("c").offers[0].warnings[..], [Reason::Rest { .. }]));
    stage.decline("c", "ann").unwrap();
    assert_eq!((stage.sent("c", "exhausted"), stage.sent("c", "position-exhausted")), (1, 1));
}
