//! Who is aboard does not sail after all.

use crewcall_dispatch::cascade::{Actor, CallStatus, Command, Notice, OfferState, Rejection};
use crewcall_dispatch::policy::DropOuts;
use jiff::SignedDuration;

use crate::stage::Stage;

/// A captain and a deckhand are aboard, the list has more of each, and no yes can be taken back any more.
fn crewed() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    stage.sleep(11);
    stage
}

pub(crate) fn drop_out(stage: &mut Stage, who: &str) -> Result<(), Rejection> {
    let offer = stage.offer("ch", who);
    let answer = stage.give("ch", &Command::DropOut(offer));
    stage.post();
    answer
}

#[test]
fn a_no_within_the_time_to_take_back_is_told_to_the_office_once() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.policy.drop_out_cutoff = SignedDuration::from_hours(24 * 365);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!((stage.sent("ch", "dropped-out"), stage.sent("ch", "reopened-office")), (1, 0));
    assert_eq!(stage.asked("ch"), ["yul"]);
}

fn release(stage: &mut Stage, who: &str) -> Result<(), Rejection> {
    let release = Command::Release { crew_id: who.parse().unwrap(), reason: "ill".into() };
    let answer = stage.give("ch", &release);
    stage.post();
    answer
}

fn is_bound(stage: &mut Stage, who: &str) -> bool {
    // On another boat at the same time there is no place for who is bound to this one.
    stage.book("other", 0);
    stage.give("other", &Command::Start).unwrap();
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: who.parse().unwrap(),
        reason: "try".into(),
    };
    match stage.decision("other", &assign) {
        Ok(_) => false,
        Err(Rejection::CannotSail(..)) => true,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn who_drops_out_is_responsible_until_somebody_else_has_the_seat() {
    let mut stage = crewed();
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::DroppedOut, vec!["bob"]));
    assert_eq!((stage.aboard("ch"), stage.state("ch").status()), (vec!["xan"], CallStatus::Running));
    // Whoever sails holds a list that is wrong; so does the office.
    assert_eq!((stage.sent("ch", "reopened"), stage.sent("ch", "reopened-office")), (1, 1));
    assert_eq!(stage.sent("ch", "dropped-out"), 0, "the sail is a week away");
    assert!(is_bound(&mut stage, "ann"));
    stage.accept("ch", "bob").unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.aboard("ch")), (OfferState::Released, vec!["bob", "xan"]));
    assert_eq!((stage.sent("ch", "released"), stage.sent("ch", "crew-list")), (1, 4));
    assert!(!is_bound(&mut stage, "ann"));
}

#[test]
fn within_the_undo_window_it_is_a_no_and_costs_nothing() {
    let mut stage = crewed();
    stage.sleep(-2);
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!((stage.stands("ch", "xan"), stage.asked("ch")), (OfferState::Declined, vec!["yul"]));
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
}

#[test]
fn said_twice_it_is_said_once_and_who_was_never_aboard_has_nothing_to_leave() {
    let mut stage = crewed();
    drop_out(&mut stage, "xan").unwrap();
    let facts = stage.state("ch").facts;
    drop_out(&mut stage, "xan").unwrap();
    stage.decline("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").facts, facts);
    drop_out(&mut stage, "yul").unwrap();
    assert_eq!(stage.stands("ch", "yul"), OfferState::Declined, "asked, it is a no");
    assert_eq!(stage.undo("ch", "xan"), Err(Rejection::NothingToUndo));
}

#[test]
fn who_dropped_out_is_not_asked_to_replace_themselves() {
    let mut stage = crewed();
    drop_out(&mut stage, "xan").unwrap();
    stage.decline("ch", "yul").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
    stage.start("ch");
    assert_eq!(stage.asked("ch"), ["yul"], "nor when everyone is asked anew");
    let now = Command::AskNow { crew_id: "xan".parse().unwrap() };
    assert_eq!(stage.decision("ch", &now).err(), Some(Rejection::Leaving("xan".parse().unwrap())));
    let assign = Command::Assign {
        position: "deckhand".parse().unwrap(),
        crew_id: "xan".parse().unwrap(),
        reason: "phoned".into(),
    };
    assert_eq!(stage.decision("ch", &assign).err(), Some(Rejection::Leaving("xan".parse().unwrap())));
    assert_eq!(stage.stands("ch", "xan"), OfferState::DroppedOut, "responsible all the while");
}

#[test]
fn who_comes_back_in_time_has_the_seat_and_who_was_asked_is_told() {
    let mut stage = crewed();
    drop_out(&mut stage, "xan").unwrap();
    stage.yes("ch", "xan").unwrap();
    assert_eq!((stage.aboard("ch"), stage.stands("ch", "yul")), (vec!["ann", "xan"], OfferState::Rescinded));
    assert_eq!((stage.sent("ch", "rescinded"), stage.state("ch").status()), (1, CallStatus::Filled));
    assert_eq!(stage.undo("ch", "xan"), Err(Rejection::UndoTooLate), "there and back is enough");
    drop_out(&mut stage, "xan").unwrap();
    stage.accept("ch", "yul").unwrap();
    assert_eq!(stage.yes("ch", "xan"), Err(Rejection::Released), "somebody else has the seat");
}

#[test]
fn a_captain_who_drops_out_holds_the_crew_and_takes_the_open_offers_back() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 2);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    stage.sleep(11);
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!((stage.aboard("ch"), stage.stands("ch", "yul")), (vec!["xan"], OfferState::Rescinded));
    assert_eq!(stage.asked("ch"), ["bob"]);
    // There was no crew list yet, but xan was told who the captain is.
    assert_eq!((stage.sent("ch", "reopened"), stage.sent("ch", "reopened-office")), (1, 0));
    stage.accept("ch", "bob").unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["bob", "xan"], vec!["yul"]));
}

#[test]
fn a_captain_who_comes_back_asks_the_rest_of_the_crew_again() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 2);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.sleep(11);
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::DroppedOut), "an old page sent again binds nobody");
    stage.yes("ch", "ann").unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann"], vec!["xan", "yul"]));
}

#[test]
fn near_departure_the_office_hears_of_it_once() {
    let mut stage = crewed();
    stage.policy.drop_out_cutoff = SignedDuration::from_hours(24 * 8);
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!((stage.sent("ch", "dropped-out"), stage.sent("ch", "reopened-office")), (1, 0));
    assert_eq!(stage.asked("ch"), ["yul"]);
}

#[test]
fn while_the_call_rests_the_office_hears_of_it_because_nobody_is_asked() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.by = Actor::Office("kim".into());
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "ann".parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.give("ch", &assign).unwrap();
    stage.post();
    // Put aboard without a question: there is no yes to take back at no cost.
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!((stage.sent("ch", "dropped-out"), stage.asked("ch")), (1, vec![]));
    assert_eq!(stage.state("ch").status(), CallStatus::Paused);
    stage.give("ch", &Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
}

/// Each time others are asked for nothing.
#[test]
fn whoever_dropped_out_comes_back_once_and_after_that_by_the_office() {
    let mut stage = crewed();
    let back = |stage: &mut Stage, by: Actor| {
        stage.by = by;
        let offer = stage.offer("ch", "ann");
        let answer = stage.give("ch", &Command::Return(offer));
        stage.by = Actor::Crewcall;
        answer
    };
    let ann = || Actor::Crew("ann".parse().unwrap());
    drop_out(&mut stage, "ann").unwrap();
    back(&mut stage, ann()).unwrap();
    back(&mut stage, ann()).unwrap();
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!(back(&mut stage, ann()), Err(Rejection::CameBackBefore));
    back(&mut stage, Actor::Office("Pat".into())).unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Accepted);
}

#[test]
fn where_the_settings_say_so_who_drops_out_is_free_at_once() {
    let mut stage = crewed();
    stage.policy.drop_outs = DropOuts::Free;
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Released, vec!["bob"]));
    assert_eq!(stage.sent("ch", "released"), 0, "nobody let them go");
    assert_eq!(stage.sent("ch", "noted"), 1, "once, and their calendar forgets it");
    assert!(!is_bound(&mut stage, "ann"));
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted, "and is not asked again");
}

#[test]
fn the_office_releases_who_is_aboard_and_the_seat_is_called_again() {
    let mut stage = crewed();
    release(&mut stage, "ann").unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Released, vec!["bob"]));
    assert_eq!((stage.sent("ch", "released"), stage.sent("ch", "reopened")), (1, 1));
    release(&mut stage, "ann").unwrap();
    assert_eq!(stage.sent("ch", "released"), 1, "said twice, done once");
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted, "nobody asks for ann again");
    stage.start("ch");
    assert_eq!(stage.asked("ch"), ["ann"], "until everyone is asked anew");
}

#[test]
fn the_office_lets_go_who_dropped_out() {
    let mut stage = crewed();
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!(release(&mut stage, "bob"), Err(Rejection::NotAboard("bob".parse().unwrap())));
    release(&mut stage, "ann").unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Released, vec!["bob"]));
    assert!(!is_bound(&mut stage, "ann"));
    drop_out(&mut stage, "xan").unwrap();
    stage.accept("ch", "bob").unwrap();
    stage.decline("ch", "yul").unwrap();
    stage.start("ch");
    release(&mut stage, "xan").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"], "whom the office lets go it does not ask at once");
    let nothing = Command::Release { crew_id: "ann".parse().unwrap(), reason: " ".into() };
    assert_eq!(stage.decision("ch", &nothing).err(), Some(Rejection::NoReason));
}

#[test]
fn a_cancellation_frees_and_tells_who_dropped_out() {
    let mut stage = crewed();
    drop_out(&mut stage, "ann").unwrap();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.post();
    let told = stage.mails.iter().filter_map(|(_, notice)| match notice {
        Notice::Cancelled { to } => Some(to.as_str()),
        _ => None,
    });
    let mut told: Vec<&str> = told.collect();
    told.sort_unstable();
    assert_eq!(told, ["ann", "bob", "xan"]);
    assert_eq!(drop_out(&mut stage, "xan"), Err(Rejection::Cancelled));
    assert_eq!(release(&mut stage, "xan"), Err(Rejection::Cancelled));
    assert!(!is_bound(&mut stage, "ann"));
}

#[test]
fn once_the_boat_has_left_nobody_drops_out() {
    let mut stage = crewed();
    stage.sleep(60 * 24 * 7);
    assert_eq!(drop_out(&mut stage, "xan"), Err(Rejection::Departed));
    assert_eq!(release(&mut stage, "xan"), Err(Rejection::Departed));
}

#[test]
fn a_call_that_was_at_its_end_before_it_was_full_alerts_anew() {
    let mut stage = Stage::new(&["ann captain", "bob captain away"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.sent("ch", "exhausted"), 1);
    let assign = |who: &str| Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: who.parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.give("ch", &assign("bob")).unwrap();
    stage.post();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    drop_out(&mut stage, "bob").unwrap();
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "exhausted")), (CallStatus::Exhausted, 2));
    assert_eq!(stage.stands("ch", "bob"), OfferState::DroppedOut);
}

#[test]
fn whoever_is_said_to_leave_by_others_hears_of_it() {
    let mut stage = crewed();
    stage.by = Actor::Office("kim".into());
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!(stage.sent("ch", "noted"), 1);
    let mut stage = crewed();
    stage.by = Actor::Crew("xan".parse().unwrap());
    drop_out(&mut stage, "xan").unwrap();
    assert_eq!(stage.sent("ch", "noted"), 0);
}

#[test]
fn who_comes_back_does_not_sail_with_somebody_they_keep_away_from() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.keeps_away("xan", "bob");
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    stage.sleep(11);
    drop_out(&mut stage, "xan").unwrap();
    stage.decline("ch", "yul").unwrap();
    drop_out(&mut stage, "ann").unwrap();
    stage.accept("ch", "bob").unwrap();
    assert_eq!(stage.yes("ch", "xan"), Err(Rejection::OthersAboard));
}

#[test]
fn mails_about_who_left_do_not_go_out_once_they_are_back_or_to_who_left_too() {
    let mut stage = crewed();
    let ann = stage.offer("ch", "ann");
    stage.give("ch", &Command::DropOut(ann)).unwrap();
    stage.give("ch", &Command::Return(ann)).unwrap();
    stage.post();
    assert_eq!((stage.sent("ch", "reopened"), stage.sent("ch", "reopened-office")), (0, 0));
    let mut stage = crewed();
    for who in ["ann", "xan"] {
        let release = Command::Release { crew_id: who.parse().unwrap(), reason: "ill".into() };
        stage.give("ch", &release).unwrap();
    }
    stage.post();
    assert_eq!((stage.sent("ch", "reopened"), stage.sent("ch", "released")), (0, 2));
}

#[test]
fn of_whoever_comes_back_and_cannot_come_by_the_roster_the_office_hears() {
    let mut stage = crewed();
    drop_out(&mut stage, "xan").unwrap();
    stage.says("xan", "unavailable");
    let xan = stage.offer("ch", "xan");
    stage.give("ch", &Command::Return(xan)).unwrap();
    stage.post();
    assert_eq!((stage.stands("ch", "xan"), stage.sent("ch", "conflict")), (OfferState::Accepted, 1));
}
