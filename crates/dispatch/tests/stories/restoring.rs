//! A cancelled charter is moved, and called on again.

use crewcall_dispatch::cascade::{CallStatus, Command, OfferState, Rejection};
use crewcall_dispatch::commitments::CommitmentKind;

use crate::changes::{change, crewed, later, started};

#[test]
fn a_restored_charter_begins_a_new_round_and_binds_nobody_of_before() {
    let mut stage = crewed();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.post();
    let old = stage.offer("ch", "ann");
    stage.give("ch", &Command::Restore).unwrap();
    stage.post();
    assert_eq!((stage.state("ch").status(), stage.aboard("ch")), (CallStatus::Running, vec![]));
    assert_eq!((stage.asked("ch"), stage.state("ch").revision), (vec!["ann"], 2));
    assert_eq!(stage.give("ch", &Command::Accept(old)), Err(Rejection::Released), "its link is dead");
    let facts = stage.state("ch").facts;
    stage.give("ch", &Command::Restore).unwrap();
    assert_eq!(stage.state("ch").facts, facts);
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
}

#[test]
fn a_restored_charter_whose_call_rested_asks_nobody_before_the_office_says_so() {
    let mut stage = started(0);
    stage.give("ch", &Command::Pause).unwrap();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.give("ch", &Command::Restore).unwrap();
    stage.post();
    assert_eq!((stage.state("ch").status(), stage.asked("ch")), (CallStatus::Paused, vec![]));
    assert_eq!((stage.sent("ch", "cancelled"), stage.sent("ch", "cancelled-office")), (1, 0));
}

#[test]
fn moving_a_cancelled_charter_binds_nobody_who_was_asked_to_confirm_before() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Reconfirming);
    stage.give("ch", &Command::Cancel).unwrap();
    stage.post();
    change(&mut stage, later).unwrap();
    assert_eq!(stage.commitments_of("ann").entries, []);
    stage.give("ch", &Command::Restore).unwrap();
    stage.post();
    let kinds: Vec<_> = stage.commitments_of("ann").entries.iter().map(|entry| entry.kind).collect();
    assert_eq!((stage.asked("ch"), kinds), (vec!["ann"], vec![CommitmentKind::Asked]), "asked anew");
}
