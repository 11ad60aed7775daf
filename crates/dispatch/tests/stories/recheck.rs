//! People under a call change what they say of their dates.

use crewcall_dispatch::cascade::{Command, Concern, OfferState};

use crate::stage::Stage;

fn started() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage
}

fn recheck(stage: &mut Stage) {
    stage.give("ch", &Command::Recheck).unwrap();
    stage.post();
}

#[test]
fn whoever_is_asked_and_cannot_come_any_more_is_told_and_the_next_is_asked() {
    let mut stage = started();
    stage.says("ann", "unavailable");
    recheck(&mut stage);
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Rescinded, vec!["bob"]));
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    assert_eq!(stage.skipped(), ["ann: unavailable on 2026-06-27 (roster)"]);
    let facts = stage.state("ch").facts;
    recheck(&mut stage);
    assert_eq!(stage.state("ch").facts, facts);
}

#[test]
fn whoever_is_aboard_and_cannot_come_any_more_keeps_the_seat_and_the_office_hears_once() {
    let mut stage = started();
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    recheck(&mut stage);
    recheck(&mut stage);
    assert_eq!((stage.aboard("ch"), stage.sent("ch", "conflict")), (vec!["ann"], 1));
    assert_eq!(stage.state("ch").offers[0].warnings.len(), 1);
    assert!(
        matches!(stage.concerns_of("ch")[..], [Concern::Conflict(offer)] if offer.crew_id.as_str() == "ann")
    );
    assert_eq!(stage.asked("ch"), ["xan"], "the crew is asked all the same");
    // It was a slip.
    stage.says("ann", "available");
    recheck(&mut stage);
    assert!(stage.state("ch").offers[0].warnings.is_empty());
    assert!(stage.concerns_of("ch").is_empty());
    stage.says("ann", "unavailable");
    recheck(&mut stage);
    assert_eq!(stage.sent("ch", "conflict"), 2);
}

#[test]
fn what_the_office_knew_when_it_put_somebody_aboard_or_asked_is_no_news() {
    let mut stage = Stage::new(&["ann captain away", "bob captain away"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.give("ch", &Command::AskNow { crew_id: "ann".parse().unwrap() }).unwrap();
    stage.post();
    recheck(&mut stage);
    assert_eq!(stage.asked("ch"), ["ann"]);
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "bob".parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.give("ch", &assign).unwrap();
    recheck(&mut stage);
    assert_eq!((stage.aboard("ch"), stage.sent("ch", "conflict")), (vec!["bob"], 0));
    assert!(stage.concerns_of("ch").is_empty());
}

#[test]
fn whoever_is_passed_over_for_it_is_asked_again_in_the_next_round_at_the_latest() {
    let mut stage = started();
    stage.says("ann", "unavailable");
    recheck(&mut stage);
    stage.says("ann", "available");
    recheck(&mut stage);
    assert_eq!(stage.asked("ch"), ["bob"]);
    stage.decline("ch", "bob").unwrap();
    stage.start("ch");
    assert_eq!(stage.asked("ch"), ["ann"]);
}

#[test]
fn once_the_boat_has_left_or_the_charter_is_off_nothing_is_looked_at() {
    let mut stage = started();
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    stage.advance(60 * 24 * 7);
    recheck(&mut stage);
    let mut off = started();
    off.give("ch", &Command::Cancel).unwrap();
    off.says("ann", "unavailable");
    recheck(&mut off);
    assert_eq!((stage.sent("ch", "conflict"), off.sent("ch", "conflict")), (0, 0));
}
