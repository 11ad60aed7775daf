//! The charter changes under a call.

use crewcall_dispatch::cascade::{CallStatus, Command, Concern, Notice, OfferState, Rejection};
use crewcall_dispatch::model::{Charter, PositionNeed};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use jiff::SignedDuration;

use crate::stage::Stage;

const PEOPLE: [&str; 5] = ["ann captain", "bob captain", "xan deckhand", "yul deckhand", "zoe deckhand"];

pub(crate) fn changed(stage: &Stage, change: impl FnOnce(&mut Charter)) -> Command {
    changed_of(stage, "ch", change)
}

fn changed_of(stage: &Stage, charter: &str, change: impl FnOnce(&mut Charter)) -> Command {
    let from = Box::new(stage.state(charter).charter.clone());
    let mut to = from.clone();
    change(&mut to);
    Command::Change { from, to }
}

pub(crate) fn change(stage: &mut Stage, by: impl FnOnce(&mut Charter)) -> Result<(), Rejection> {
    change_of(stage, "ch", by)
}

pub(crate) fn change_of(
    stage: &mut Stage,
    charter: &str,
    by: impl FnOnce(&mut Charter),
) -> Result<(), Rejection> {
    let command = changed_of(stage, charter, by);
    let answer = stage.give(charter, &command);
    stage.post();
    answer
}

pub(crate) fn by_hours(charter: &mut Charter, hours: i64) {
    for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
        *time += SignedDuration::from_hours(hours);
    }
}

pub(crate) fn later(charter: &mut Charter) {
    by_hours(charter, 2);
}

pub(crate) fn other_dock(charter: &mut Charter) {
    charter.dock = "pier 4".into();
}

pub(crate) fn seats(charter: &mut Charter, deckhands: u32) {
    charter.positions.truncate(1);
    if deckhands > 0 {
        charter.positions.push(PositionNeed { position: "deckhand".parse().unwrap(), quantity: deckhands });
    }
}

pub(crate) fn started(deckhands: u32) -> Stage {
    let mut stage = Stage::new(&PEOPLE);
    stage.book("ch", deckhands);
    stage.start("ch");
    stage
}

/// Ann and xan are aboard.
pub(crate) fn crewed() -> Stage {
    let mut stage = started(1);
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    stage
}

#[test]
fn whoever_is_asked_is_asked_anew_by_one_mail() {
    let mut stage = started(1);
    let first = stage.offer("ch", "ann");
    change(&mut stage, later).unwrap();
    assert_eq!((stage.state("ch").revision, stage.asked("ch")), (2, vec!["ann"]));
    assert_eq!((stage.sent("ch", "offer"), stage.sent("ch", "rescinded")), (2, 0));
    assert_eq!(stage.give("ch", &Command::Accept(first)), Err(Rejection::Rescinded));
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.aboard("ch"), ["ann"]);
}

#[test]
fn whoever_cannot_come_then_is_passed_over_with_the_reason() {
    let mut stage = started(0);
    stage.book_at("other", "2026-06-27T17:00:00Z".parse().unwrap(), &[]);
    stage.start("other");
    // Five hours apart, she can be asked for both.
    assert_eq!((stage.asked("ch"), stage.asked("other")), (vec!["ann"], vec!["ann"]));
    stage.accept("other", "ann").unwrap();
    change(&mut stage, |charter| {
        for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
            *time += SignedDuration::from_hours(5);
        }
    })
    .unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
    assert!(stage.skipped().iter().any(|line| line.starts_with("ann: ")), "{:?}", stage.skipped());
}

#[test]
fn whoever_is_aboard_keeps_the_seat_and_is_asked_to_confirm() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann", "xan"], vec![]));
    assert_eq!(stage.state("ch").status(), CallStatus::Running);
    assert_eq!(stage.sent("ch", "changed"), 2);
    stage.yes("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Running, "ann has not confirmed");
    stage.yes("ch", "ann").unwrap();
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "crew-list")), (CallStatus::Filled, 4));
    assert_eq!(stage.undo("ch", "ann"), Err(Rejection::UndoTooLate), "a yes of long ago");
}

#[test]
fn the_crew_is_not_asked_before_the_captain_has_confirmed() {
    let mut stage = started(2);
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
    change(&mut stage, other_dock).unwrap();
    assert_eq!((stage.asked("ch"), stage.sent("ch", "rescinded")), (vec![], 1));
    stage.yes("ch", "xan").unwrap();
    assert!(stage.asked("ch").is_empty());
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"], "who keeps the turn");
}

#[test]
fn who_cannot_come_to_the_changed_sail_says_no_at_no_cost() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    let offer = stage.offer("ch", "ann");
    stage.give("ch", &Command::DropOut(offer)).unwrap();
    stage.post();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Declined, vec!["bob"]));
    assert_eq!((stage.aboard("ch"), stage.stands("ch", "xan")), (vec!["xan"], OfferState::Reconfirming));
    stage.accept("ch", "bob").unwrap();
    stage.yes("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
}

#[test]
fn the_office_hears_once_of_whoever_does_not_confirm_and_nobody_is_dropped() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    stage.yes("ch", "ann").unwrap();
    stage.advance(121);
    assert_eq!(stage.sent("ch", "unconfirmed"), 0, "within the grace");
    stage.advance(2);
    stage.advance(60);
    assert_eq!((stage.sent("ch", "unconfirmed"), stage.stands("ch", "xan")), (1, OfferState::Reconfirming));
    let concerns = stage.concerns_of("ch");
    assert!(
        concerns
            .iter()
            .any(|concern| matches!(concern, Concern::Unconfirmed(offer) if offer.crew_id.as_str() == "xan"))
    );
    assert!(stage.asked("ch").is_empty(), "xan has the seat");
    stage.yes("ch", "xan").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
}

#[test]
fn a_second_change_asks_for_the_sail_as_it_is_then() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    let terms = stage.state("ch").offers[0].accepted.clone().unwrap();
    change(&mut stage, other_dock).unwrap();
    assert_eq!((stage.state("ch").revision, stage.sent("ch", "changed")), (3, 4));
    assert_eq!(stage.state("ch").offers[0].accepted.as_ref(), Some(&terms), "what ann said yes to");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.state("ch").offers[0].accepted, None);
}

#[test]
fn given_twice_it_changes_once_and_what_is_no_change_of_the_sail_asks_nobody() {
    let mut stage = crewed();
    let command = changed(&stage, later);
    stage.give("ch", &command).unwrap();
    let facts = stage.state("ch").facts;
    stage.give("ch", &command).unwrap();
    assert_eq!(stage.state("ch").facts, facts);
    let mut stage = crewed();
    change(&mut stage, |charter| charter.guests = 4).unwrap();
    assert_eq!((stage.state("ch").charter.guests, stage.state("ch").revision), (4, 1));
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "changed")), (CallStatus::Filled, 0));
}

#[test]
fn a_no_to_the_old_time_is_none_to_the_new_one_but_one_to_the_dock_is() {
    for (by, asked) in [(later as fn(&mut Charter), "ann"), (other_dock, "nobody")] {
        let mut stage = started(0);
        stage.decline("ch", "ann").unwrap();
        assert_eq!(stage.asked("ch"), ["bob"]);
        change(&mut stage, by).unwrap();
        assert_eq!(stage.asked("ch"), ["bob"], "who was being asked");
        stage.decline("ch", "bob").unwrap();
        let next = stage.asked("ch").first().map_or("nobody".to_owned(), |who| who.to_string());
        assert_eq!(next, asked);
    }
}

#[test]
fn a_list_at_its_end_is_ranked_anew_for_the_new_day() {
    let mut stage = Stage::new(&["ann captain", "bob captain away"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
    change(&mut stage, later).unwrap();
    assert_eq!((stage.state("ch").status(), stage.asked("ch")), (CallStatus::Running, vec!["ann"]));
}

#[test]
fn who_is_aboard_elsewhere_at_the_new_time_keeps_the_seat_and_the_office_has_to_choose() {
    let mut stage = crewed();
    stage.book_at("other", "2026-06-27T17:00:00Z".parse().unwrap(), &[]);
    stage.start("other");
    stage.accept("other", "ann").unwrap();
    change(&mut stage, later).unwrap();
    assert_eq!((stage.sent("ch", "conflict"), stage.stands("ch", "ann")), (1, OfferState::Reconfirming));
    assert_eq!(stage.yes("ch", "ann"), Err(Rejection::Overlap("other".parse().unwrap())));
    let release = Command::Release { crew_id: "ann".parse().unwrap(), reason: "sails elsewhere".into() };
    stage.give("ch", &release).unwrap();
    stage.post();
    assert_eq!(stage.asked("ch"), ["bob"]);
}

#[test]
fn who_was_responsible_for_the_old_sail_is_free() {
    let mut stage = crewed();
    stage.sleep(11);
    let offer = stage.offer("ch", "ann");
    stage.give("ch", &Command::DropOut(offer)).unwrap();
    stage.post();
    change(&mut stage, later).unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Released, vec!["bob"]));
}

#[test]
fn more_guests_need_the_certificate_and_the_complement() {
    let vessel = |inspected| Vessel {
        name: "America".into(),
        inspected,
        complement: vec![PositionNeed { position: "deckhand".parse().unwrap(), quantity: 2 }],
        credentials: Vec::new(),
        gates: [Gate::License, Gate::Medical, Gate::DrugProgram].map(|gate| (gate, Severity::Off)).into(),
    };
    let mut stage = crewed();
    stage.policy.vessels = vec![Vessel { complement: Vec::new(), ..vessel(false) }];
    let more = changed(&stage, |charter| charter.guests = 12);
    let refused = stage.decision("ch", &more).unwrap_err().to_string();
    assert!(refused.contains("certificate") && refused.contains("override"), "{refused}");
    // On a vessel with one, the certificate asks for another deckhand.
    stage.policy.vessels = vec![vessel(true)];
    let refused = stage.decision("ch", &more).unwrap_err().to_string();
    assert!(refused.contains("2 deckhand"), "{refused}");
    change(&mut stage, |charter| {
        charter.guests = 12;
        seats(charter, 2);
    })
    .unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann", "xan"], vec!["yul"]));
    assert_eq!(stage.sent("ch", "changed"), 0, "the sail is the same for those aboard");
    stage.accept("ch", "yul").unwrap();
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "crew-list-office")), (CallStatus::Filled, 2));
}

#[test]
fn a_seat_goes_with_whoever_is_asked_for_it_but_not_with_somebody_aboard() {
    let mut stage = started(2);
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
    let refused = change(&mut stage, |charter| seats(charter, 0));
    assert!(matches!(refused, Err(Rejection::SeatHeld(..))), "{refused:?}");
    change(&mut stage, |charter| seats(charter, 1)).unwrap();
    assert_eq!(
        (stage.stands("ch", "yul"), stage.state("ch").status()),
        (OfferState::Rescinded, CallStatus::Filled)
    );
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    change(&mut stage, |charter| {
        charter.positions.push(PositionNeed { position: "host".parse().unwrap(), quantity: 1 });
    })
    .unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted, "there is no host on the roster");
}

#[test]
fn a_position_that_is_added_with_another_dock_has_the_captains_usual_crew_first() {
    let mut stage = Stage::new(&["ann captain yul", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    change(&mut stage, |charter| {
        other_dock(charter);
        seats(charter, 1);
    })
    .unwrap();
    assert!(stage.asked("ch").is_empty(), "ann has yet to confirm");
    let (offer, revision) = (stage.offer("ch", "ann"), stage.state("ch").revision);
    stage.give("ch", &Command::Confirm { offer, revision }).unwrap();
    stage.post();
    assert_eq!(stage.asked("ch"), ["yul"]);
}

#[test]
fn what_cannot_be_done_says_so_and_changes_nothing() {
    let mut stage = crewed();
    let past = changed(&stage, |charter| {
        for time in [&mut charter.call_time, &mut charter.departs_at, &mut charter.returns_at] {
            *time -= SignedDuration::from_hours(24 * 30);
        }
    });
    assert_eq!(stage.decision("ch", &past).err(), Some(Rejection::DepartsInThePast));
    stage.sleep(60 * 24 * 8);
    let late = changed(&stage, later);
    assert_eq!(stage.decision("ch", &late).err(), Some(Rejection::Departed), "it is over");
    let mut stage = crewed();
    stage.give("ch", &Command::Cancel).unwrap();
    // One that is off can be moved, and is called when it is on again.
    change(&mut stage, later).unwrap();
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "changed")), (CallStatus::Cancelled, 0));
    let stale = changed(&stage, other_dock);
    change(&mut stage, |charter| charter.guests = 2).unwrap();
    assert_eq!(stage.decision("ch", &stale).err(), Some(Rejection::ChangedMeanwhile));
}

#[test]
fn a_sail_that_should_have_left_can_leave_later() {
    let mut stage = Stage::new(&PEOPLE);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    let departs_at = stage.state("ch").charter.departs_at;
    stage.advance(departs_at.duration_since(stage.now).as_mins() + 10);
    assert_eq!(stage.sent("ch", "exhausted"), 1, "it left without a deckhand");
    change(&mut stage, later).unwrap();
    stage.post();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Reconfirming);
    let (offer, revision) = (stage.offer("ch", "ann"), stage.state("ch").revision);
    stage.give("ch", &Command::Confirm { offer, revision }).unwrap();
    stage.post();
    assert_eq!(stage.asked("ch").len(), 1, "and there is time for a deckhand");
}

#[test]
fn a_charter_that_was_not_called_just_changes() {
    let mut stage = Stage::new(&PEOPLE);
    stage.book("ch", 1);
    change(&mut stage, later).unwrap();
    assert_eq!((stage.state("ch").status(), stage.state("ch").revision), (CallStatus::Draft, 2));
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["xan"]);
}

#[test]
fn a_paused_call_asks_nobody_anew_until_it_goes_on() {
    let mut stage = started(0);
    stage.give("ch", &Command::Pause).unwrap();
    change(&mut stage, later).unwrap();
    assert!(stage.asked("ch").is_empty());
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    stage.give("ch", &Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["ann"]);
}

#[test]
fn a_change_in_the_outbox_is_told_once_and_only_while_it_is_true() {
    let mut stage = crewed();
    let command = changed(&stage, later);
    stage.give("ch", &command).unwrap();
    change(&mut stage, other_dock).unwrap();
    let told: Vec<u32> = stage
        .mails
        .iter()
        .filter_map(|(_, notice)| match notice {
            Notice::Changed { revision, .. } => Some(*revision),
            _ => None,
        })
        .collect();
    assert_eq!(told, [3, 3], "the first change was told to nobody: it was no more true");
}

#[test]
fn the_plan_says_what_comes_once_the_captain_has_confirmed() {
    let mut stage = started(1);
    stage.accept("ch", "ann").unwrap();
    change(&mut stage, later).unwrap();
    let plan = stage.plan("ch");
    assert_eq!(plan.if_captain.as_ref().map(|id| id.as_str()), Some("ann"));
    assert_eq!(plan.asks.iter().map(|ask| ask.crew_id.as_str()).collect::<Vec<_>>(), ["xan", "yul", "zoe"]);
}

#[test]
fn a_yes_counts_for_what_was_seen() {
    let mut stage = crewed();
    let ann = stage.offer("ch", "ann");
    change(&mut stage, later).unwrap();
    // The page of the first yes, sent again.
    assert_eq!(stage.give("ch", &Command::Accept(ann)), Err(Rejection::SailChanged));
    let seen = Command::Confirm { offer: ann, revision: stage.state("ch").revision };
    change(&mut stage, other_dock).unwrap();
    assert_eq!(stage.give("ch", &seen), Err(Rejection::SailChanged));
    stage.yes("ch", "ann").unwrap();
    let facts = stage.state("ch").facts;
    stage.give("ch", &seen).unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.state("ch").facts), (OfferState::Accepted, facts));
}

#[test]
fn who_is_not_cleared_for_the_changed_sail_cannot_confirm_before_the_office_has_seen_to_it() {
    let mut stage = crewed();
    let master = Vessel {
        name: "Bounty".into(),
        inspected: true,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: [Gate::Medical, Gate::DrugProgram].map(|gate| (gate, Severity::Off)).into(),
    };
    stage.policy.vessels = vec![master];
    change(&mut stage, |charter| charter.vessel = "Bounty".into()).unwrap();
    assert_eq!(stage.sent("ch", "conflict"), 1);
    let refused = stage.yes("ch", "ann");
    assert!(matches!(refused, Err(Rejection::NotCleared(_))), "{refused:?}");
    stage.by = crewcall_dispatch::cascade::Actor::Office("kim".into());
    let set_aside = Command::Override { gate: Gate::License, crew_id: None, reason: "on its way".into() };
    stage.give("ch", &set_aside).unwrap();
    stage.yes("ch", "ann").unwrap();
    let warnings = &stage.state("ch").offers[0].warnings;
    assert_eq!(warnings.len(), 1, "it stays to be looked at: {warnings:?}");
}

#[test]
fn whoever_has_a_mail_that_is_void_hears_of_it_even_if_the_new_one_never_left() {
    let mut stage = started(0);
    let command = changed(&stage, later);
    stage.give("ch", &command).unwrap();
    stage.outdated_only();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.post();
    assert_eq!((stage.sent("ch", "offer"), stage.sent("ch", "cancelled")), (1, 1));
}

#[test]
fn a_no_to_the_change_reaches_the_office_while_the_call_rests_and_the_crew_when_it_is_the_captains() {
    let mut stage = crewed();
    change(&mut stage, later).unwrap();
    stage.give("ch", &Command::Pause).unwrap();
    let offer = stage.offer("ch", "ann");
    stage.by = crewcall_dispatch::cascade::Actor::Crew("ann".parse().unwrap());
    stage.give("ch", &Command::DropOut(offer)).unwrap();
    stage.post();
    assert_eq!((stage.sent("ch", "dropped-out"), stage.sent("ch", "reopened")), (1, 1));
    assert_eq!(stage.sent("ch", "noted"), 1, "though ann said so herself: her calendar has it still");
}

#[test]
fn fewer_seats_move_whoever_sails_to_one_that_stays() {
    let mut stage = started(2);
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    stage.accept("ch", "yul").unwrap();
    stage.sleep(11);
    let xan = stage.offer("ch", "xan");
    stage.give("ch", &Command::DropOut(xan)).unwrap();
    stage.post();
    assert_eq!(stage.asked("ch"), ["zoe"]);
    change(&mut stage, |charter| seats(charter, 1)).unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann", "yul"], vec![]));
    assert_eq!(
        (stage.stands("ch", "xan"), stage.state("ch").status()),
        (OfferState::Released, CallStatus::Filled)
    );
}

#[test]
fn once_the_boat_has_left_the_office_hears_once_of_whoever_had_not_confirmed() {
    let mut stage = crewed();
    change(&mut stage, |charter| {
        let now: jiff::Timestamp = "2026-06-20T12:00:00Z".parse().unwrap();
        charter.departs_at = now + SignedDuration::from_hours(1);
        charter.call_time = charter.departs_at;
        charter.returns_at = charter.departs_at + SignedDuration::from_hours(1);
    })
    .unwrap();
    stage.advance(60);
    assert_eq!((stage.sent("ch", "exhausted"), stage.sent("ch", "unconfirmed")), (1, 0));
    assert_eq!(stage.state("ch").next_deadline(), None);
}
