//! A call rests: before anybody is asked, so that the office settles who comes when, and after everyone was.

use crewcall_dispatch::cascade::{CallStatus, Command, Rejection};

use crate::controls::{ask_now, asking, assign, id, rank, skip};
use crate::stage::Stage;

/// By mistake, and nobody has been asked yet.
#[test]
fn whoever_was_skipped_is_put_into_the_order_again() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain"]);
    stage.book("ch", 0);
    stage.office(skip("ann")).unwrap();
    let order = |first: &[&str]| Command::Reorder {
        position: rank("captain"),
        first: first.iter().map(|who| id(who)).collect(),
    };
    stage.office(order(&["cid", "ann"])).unwrap();
    let facts = stage.state("ch").facts;
    stage.office(order(&["cid", "ann"])).unwrap();
    assert_eq!(stage.state("ch").facts, facts, "given twice, it says the same");
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["cid"]);
    stage.decline("ch", "cid").unwrap();
    assert_eq!(stage.asked("ch"), ["ann"]);
    // Who had their turn has had it.
    assert!(matches!(stage.office(order(&["cid"])), Err(Rejection::NotToCome(_))));
    stage.office(skip("ann")).unwrap();
    assert!(matches!(stage.office(order(&["ann"])), Err(Rejection::NotToCome(_))));
}

/// What the plan shows can be mended before the first mail leaves.
#[test]
fn a_call_is_prepared_before_anybody_is_asked() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain", "dee captain away"]);
    stage.book("ch", 0);
    assert!(stage.plan("ch").begins);
    stage.office(skip("ann")).unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Paused);
    stage.office(Command::Reorder { position: rank("captain"), first: vec![id("cid")] }).unwrap();
    assert!(stage.state("ch").offers.is_empty(), "nobody is asked yet");
    let plan = stage.plan("ch");
    assert!(!plan.begins);
    assert_eq!(plan.asks.iter().map(|ask| ask.crew_id.as_str()).collect::<Vec<_>>(), ["cid", "bob"]);
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["cid"]);
    // Each step alone is enough to begin with.
    for (command, asked) in [(Command::Pause, vec![]), (ask_now("bob"), vec!["bob"])] {
        let mut stage = Stage::new(&["ann captain", "bob captain"]);
        stage.book("ch", 0);
        stage.office(command).unwrap();
        assert_eq!((stage.state("ch").status(), stage.asked("ch")), (CallStatus::Paused, asked));
    }
}

#[test]
fn what_cannot_be_done_to_a_call_that_has_not_begun_does_not_begin_it() {
    let mut stage = asking();
    stage.book("other", 0);
    let reorder = Command::Reorder { position: rank("captain"), first: vec![id("dee")] };
    for command in [skip("dee"), reorder, assign("eva", "captain")] {
        assert!(stage.give("other", &command).is_err());
        assert_eq!(stage.state("other").status(), CallStatus::Draft);
    }
}

#[test]
fn whoever_is_put_aboard_before_the_call_keeps_the_others_from_being_asked_until_it_goes_on() {
    let mut stage = Stage::new(&["ann captain xan", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.office(assign("ann", "captain")).unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Paused);
    assert!(stage.asked("ch").is_empty());
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["xan"], "the captain's usual crew");
}

#[test]
fn a_call_that_ran_dry_can_rest_too_whatever_the_clock_of_the_server_says() {
    for behind in [0, 1] {
        let mut stage = asking();
        for who in ["ann", "bob", "cid"] {
            stage.decline("ch", who).unwrap();
        }
        assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
        stage.sleep(-behind);
        stage.office(Command::Pause).unwrap();
        assert_eq!(stage.state("ch").status(), CallStatus::Paused);
    }
}
