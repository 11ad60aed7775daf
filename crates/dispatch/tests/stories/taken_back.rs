//! A change is taken back, after which the sail is what people said yes to.

use crewcall_dispatch::cascade::{CallStatus, Command, OfferState, Rejection};

use crate::changes::{by_hours, change, changed, crewed, later};
use crate::stage::Stage;

#[test]
fn a_move_that_is_taken_back_confirms_nobody_who_is_aboard_another_sail_by_then() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
    stage.book("other", 0);
    stage.start("other");
    stage.accept("other", "ann").unwrap();
    change(&mut stage, |charter| by_hours(charter, -24)).unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Reconfirming, "she is aboard the other sail");
    assert_eq!((stage.sent("ch", "conflict"), stage.sent("ch", "as-agreed")), (1, 0));
    let (offer, revision) = (stage.offer("ch", "ann"), stage.state("ch").revision);
    let refused = stage.give("ch", &Command::Confirm { offer, revision });
    assert!(matches!(refused, Err(Rejection::Overlap(_))), "{refused:?}");
    // Once the other sail is off, nothing stands in the way.
    stage.give("other", &Command::Cancel).unwrap();
    stage.post();
    assert!(stage.state("ch").offers[0].warnings.is_empty());
    stage.give("ch", &Command::Confirm { offer, revision }).unwrap();
}

#[test]
fn after_a_move_that_is_taken_back_the_office_hears_of_whoever_cannot_come_any_more() {
    let mut stage = crewed();
    change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
    // On the day on which the sail is not at this moment.
    stage.says("xan", "unavailable");
    stage.give("ch", &Command::Recheck).unwrap();
    stage.post();
    let told = stage.sent("ch", "conflict");
    change(&mut stage, |charter| by_hours(charter, -24)).unwrap();
    assert_eq!(
        (stage.stands("ch", "ann"), stage.stands("ch", "xan")),
        (OfferState::Accepted, OfferState::Accepted)
    );
    assert!(stage.sent("ch", "conflict") > told, "{told}");
    let xan = stage.state("ch").offers.iter().find(|offer| offer.crew_id.as_str() == "xan").unwrap();
    assert!(!xan.warnings.is_empty());
}

#[test]
fn a_change_that_is_taken_back_leaves_nothing_to_confirm() {
    let mut stage = crewed();
    let there = changed(&stage, later);
    stage.give("ch", &there).unwrap();
    stage.post();
    let Command::Change { from, to } = there else { unreachable!() };
    stage.give("ch", &Command::Change { from: to, to: from }).unwrap();
    stage.post();
    assert_eq!((stage.state("ch").status(), stage.aboard("ch")), (CallStatus::Filled, vec!["ann", "xan"]));
    assert_eq!((stage.sent("ch", "changed"), stage.sent("ch", "as-agreed")), (2, 2));
}
