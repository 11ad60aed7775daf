//! What comes up, and is put right, in whatever order: nothing that counts is forgotten on the way, and nothing that is
//! over stays.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CallStatus, Command, Concern, OfferState};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use crate::changes::{by_hours, change, change_of, changed, seats};
use crate::controls::{ask_now, assign, id, rank};
use crate::leaving::drop_out;
use crate::stage::Stage;

const CREW: [&str; 6] = [
    "ann captain wim,xan",
    "bob captain zoe",
    "vic deckhand",
    "wim deckhand",
    "xan deckhand",
    "zoe deckhand",
];

/// Bob sails with ann's usual deckhand, who said yes while she was captain.
fn bob_for_ann() -> Stage {
    let mut stage = Stage::new(&CREW);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "wim").unwrap();
    stage.advance(11);
    drop_out(&mut stage, "ann").unwrap();
    stage.accept("ch", "bob").unwrap();
    stage
}

#[test]
fn asked_again_while_the_captain_has_yet_to_confirm_the_usual_crew_still_comes_first() {
    let mut stage = Stage::new(&CREW);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["wim"]);
    change(&mut stage, |charter| by_hours(charter, 1)).unwrap();
    // Somebody else was passed over, and the office thinks better of it.
    stage.office(Command::Skip { crew_id: id("vic"), reason: "ill".into() }).unwrap();
    stage.office(Command::AskAgain).unwrap();
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["wim"], "the captain's usual crew");
}

#[test]
fn a_seat_that_is_empty_again_is_offered_to_the_usual_crew_of_the_captain_who_sails() {
    let mut stage = bob_for_ann();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    stage.advance(11);
    drop_out(&mut stage, "wim").unwrap();
    assert_eq!(stage.asked("ch"), ["zoe"], "bob sails, and zoe is bob's usual crew");
}

#[test]
fn a_position_that_comes_back_is_offered_to_the_usual_crew_of_the_captain_who_sails() {
    let mut stage = Stage::new(&CREW);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    change(&mut stage, |charter| seats(charter, 0)).unwrap();
    stage.advance(11);
    drop_out(&mut stage, "ann").unwrap();
    stage.accept("ch", "bob").unwrap();
    change(&mut stage, |charter| seats(charter, 1)).unwrap();
    assert_eq!(stage.asked("ch"), ["zoe"], "bob sails");
}

#[test]
fn a_second_seat_is_offered_to_the_usual_crew_of_the_captain_who_sails() {
    let mut stage = bob_for_ann();
    change(&mut stage, |charter| seats(charter, 2)).unwrap();
    assert_eq!(stage.asked("ch"), ["zoe"], "bob sails");
}

#[test]
fn the_office_hears_of_a_conflict_though_the_sail_moves_before_the_mail_has_left() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    stage.give("ch", &Command::Recheck).unwrap();
    // The mail waits in the outbox; the sail moves within the day.
    change(&mut stage, |charter| by_hours(charter, 1)).unwrap();
    assert!(matches!(stage.concerns_of("ch")[..], [Concern::Conflict(_)]));
    assert_eq!(stage.sent("ch", "conflict"), 1);
}

#[test]
fn the_office_hears_of_a_conflict_though_the_move_is_corrected_before_the_mail_has_left() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    // To a day of which ann has said nothing; then, before any mail has left, by an hour.
    for hours in [72, 1] {
        let command = changed(&stage, |charter| by_hours(charter, hours));
        stage.give("ch", &command).unwrap();
    }
    stage.post();
    assert_eq!(stage.sent("ch", "conflict"), 1);
}

#[test]
fn whoever_takes_a_yes_back_and_cannot_come_any_more_is_not_waited_for() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    stage.office(Command::Recheck).unwrap();
    stage.undo("ch", "ann").unwrap();
    stage.office(Command::Recheck).unwrap();
    assert_eq!(stage.asked("ch"), ["bob"], "ann is unavailable by her own word");
}

fn warned() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    let gates = [Gate::License, Gate::Medical, Gate::DrugProgram];
    stage.policy.vessels = vec![Vessel {
        name: "America".into(),
        inspected: true,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: gates.map(|gate| (gate, Severity::Warn)).into_iter().collect::<BTreeMap<_, _>>(),
    }];
    stage.book("ch", 0);
    stage.start("ch");
    assert_eq!(stage.asked("ch"), ["ann"]);
    stage
}

#[test]
fn whoever_has_three_warnings_and_cannot_come_any_more_is_not_waited_for() {
    let mut stage = warned();
    stage.says("ann", "unavailable");
    stage.office(Command::Recheck).unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
}

#[test]
fn of_whoever_is_aboard_with_three_warnings_and_cannot_come_any_more_the_office_hears() {
    let mut stage = warned();
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    stage.office(Command::Recheck).unwrap();
    assert_eq!((stage.sent("ch", "conflict"), stage.concerns_of("ch").len()), (1, 1));
}

#[test]
fn a_conflict_with_another_sail_is_over_when_that_sail_moves_away() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.book_at("other", "2026-06-28T12:00:00Z".parse().unwrap(), &[]);
    for charter in ["ch", "other"] {
        stage.start(charter);
        stage.accept(charter, "ann").unwrap();
    }
    change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
    assert_eq!(stage.concerns_of("ch").len(), 1, "ann is aboard the other sail");
    // The office settles it by moving the other one.
    change_of(&mut stage, "other", |charter| by_hours(charter, -24)).unwrap();
    assert_eq!(stage.concerns_of("ch").len(), 0, "ann is aboard nothing else at that time");
}

#[test]
fn a_pause_lasts_whether_or_not_somebody_looked_between_departure_and_the_move() {
    let mut outcomes = Vec::new();
    for tick in [false, true] {
        let mut stage = Stage::new(&["ann captain", "bob captain"]);
        stage.book("ch", 0);
        stage.start("ch");
        stage.office(Command::Pause).unwrap();
        stage.sleep(7 * 24 * 60 + 10);
        if tick {
            stage.advance(0);
        }
        stage.sleep(1);
        change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
        outcomes.push((stage.state("ch").status(), stage.asked("ch").len()));
    }
    assert_eq!(outcomes[0], outcomes[1], "without a tick in between, and with one");
}

#[test]
fn asked_again_when_time_runs_out_as_many_are_asked_at_once_as_before() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain", "dee captain", "eve captain"]);
    stage.policy.ask_at_once = 2;
    stage.book("ch", 0);
    stage.sleep(7 * 24 * 60 - 45 - 40);
    stage.start("ch");
    stage.advance(0);
    assert_eq!(stage.asked("ch"), ["ann", "bob"]);
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["bob", "cid"]);
    stage.office(Command::AskAgain).unwrap();
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["cid", "ann"]);
}

#[test]
fn a_yes_can_be_taken_back_within_ten_minutes_though_the_sail_moved_there_and_back() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.sleep(1);
    change(&mut stage, |charter| by_hours(charter, 1)).unwrap();
    change(&mut stage, |charter| by_hours(charter, -1)).unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Accepted);
    stage.undo("ch", "ann").unwrap();
}

#[test]
fn whom_the_office_asks_though_it_is_a_day_off_is_asked_anew_when_the_sail_moves_by_an_hour() {
    let mut stage = Stage::new(&["ann captain", "dee captain away"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.office(ask_now("dee")).unwrap();
    change(&mut stage, |charter| by_hours(charter, 1)).unwrap();
    assert_eq!(stage.asked("ch"), ["ann", "dee"]);
}

#[test]
fn a_prepared_order_survives_a_move() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain"]);
    stage.book("ch", 0);
    stage.office(Command::Reorder { position: rank("captain"), first: vec![id("cid")] }).unwrap();
    change(&mut stage, |charter| by_hours(charter, 1)).unwrap();
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["cid"]);
}

#[test]
fn of_whoever_could_come_after_all_and_then_cannot_the_office_hears() {
    let mut stage = Stage::new(&["ann captain away", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.office(ask_now("ann")).unwrap();
    stage.says("ann", "available");
    stage.office(Command::Recheck).unwrap();
    stage.accept("ch", "ann").unwrap();
    stage.says("ann", "unavailable");
    stage.office(Command::Recheck).unwrap();
    assert_eq!((stage.sent("ch", "conflict"), stage.concerns_of("ch").len()), (1, 1));
}

#[test]
fn whoever_is_not_to_sail_with_somebody_aboard_stays_a_warning_while_both_are() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.keeps_away("xan", "ann");
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.office(assign("xan", "deckhand")).unwrap();
    let warnings = |stage: &Stage| stage.state("ch").offer(stage.offer("ch", "xan")).unwrap().warnings.len();
    assert_eq!(warnings(&stage), 1);
    stage.office(Command::Recheck).unwrap();
    assert_eq!(warnings(&stage), 1, "both are aboard");
}

#[test]
fn a_call_that_was_only_prepared_asks_nobody_when_the_sail_is_put_off() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.office(Command::Pause).unwrap();
    stage.advance(7 * 24 * 60 + 10);
    change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
    assert_eq!(stage.asked("ch").len(), 0, "the office never said that it goes on");
}

#[test]
fn the_plan_of_a_call_without_any_captain_still_says_who_of_the_crew_is_left_out() {
    let mut stage = Stage::new(&["ann captain away", "xan deckhand away", "yul deckhand"]);
    stage.book("ch", 1);
    let named = |stage: &Stage| -> Vec<String> {
        stage.plan("ch").skipped.iter().map(|skip| skip.skipped.crew_id.to_string()).collect()
    };
    let before = named(&stage);
    stage.office(Command::Pause).unwrap();
    assert_eq!(before, named(&stage), "the same a moment later, when it is prepared");
}
