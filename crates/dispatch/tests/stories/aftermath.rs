//! What one change leaves behind for the next: nobody is forgotten, waited for without end, or told what is not true.

use crewcall_dispatch::cascade::{Command, Concern, Notice, OfferState, Rejection};
use crewcall_dispatch::policy::{LateYes, Undeliverable, UnknownAvailability};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use crate::changes::{by_hours, change, changed, other_dock};
use crate::controls::assign;
use crate::leaving::drop_out;
use crate::stage::Stage;

fn called(people: &[&str]) -> Stage {
    let mut stage = Stage::new(people);
    stage.book("ch", 0);
    stage.start("ch");
    stage
}

fn there_and_back(stage: &mut Stage) {
    let there = changed(stage, other_dock);
    stage.give("ch", &there).unwrap();
    stage.post();
    let Command::Change { from, to } = there else { unreachable!() };
    stage.give("ch", &Command::Change { from: to, to: from }).unwrap();
    stage.post();
}

#[test]
fn a_yes_that_is_taken_back_after_a_change_was_has_an_end_again() {
    let mut stage = called(&["ann captain", "bob captain"]);
    stage.yes("ch", "ann").unwrap();
    there_and_back(&mut stage);
    assert_eq!(stage.stands("ch", "ann"), OfferState::Accepted);
    stage.undo("ch", "ann").unwrap();
    let offer = &stage.state("ch").offers[0];
    assert_eq!((offer.state, offer.closes_at.is_some()), (OfferState::Sent, true));
    stage.advance(130);
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Expired, vec!["bob"]));
}

/// Ann has the links of two rounds, and stands by through one of them.
fn ann_stands_by() -> (Stage, [crewcall_dispatch::cascade::OfferNo; 2]) {
    let mut stage = called(&["ann captain", "bob captain", "cid captain"]);
    let first = stage.offer("ch", "ann");
    stage.decline("ch", "ann").unwrap();
    stage.give("ch", &Command::AskAgain).unwrap();
    stage.post();
    stage.decline("ch", "bob").unwrap();
    let second = stage.offer("ch", "ann");
    stage.decline("ch", "ann").unwrap();
    stage.give("ch", &Command::StandBy(first)).unwrap();
    stage.post();
    assert_eq!((stage.state("ch").standing_by().count(), stage.asked("ch")), (1, vec!["cid"]));
    assert_ne!(first, second);
    (stage, [first, second])
}

#[test]
fn a_no_by_any_link_or_by_phone_ends_standing_by() {
    for answer in 0..3 {
        let (mut stage, [first, second]) = ann_stands_by();
        stage.policy.late_yes = LateYes::Take;
        let no = match answer {
            0 => Command::Decline(first),
            1 => Command::Decline(second),
            _ => Command::answer(stage.state("ch"), &"ann".parse().unwrap(), false).unwrap(),
        };
        stage.give("ch", &no).unwrap();
        stage.post();
        assert_eq!(stage.state("ch").standing_by().count(), 0, "{no:?}");
        stage.decline("ch", "cid").unwrap();
        assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec![], vec![]));
    }
}

#[test]
fn whoever_stands_by_is_told_when_the_sail_changes() {
    let (mut stage, _) = ann_stands_by();
    let before = stage.sent("ch", "rescinded");
    change(&mut stage, other_dock).unwrap();
    // Cid is asked anew.
    assert_eq!((stage.state("ch").standing_by().count(), stage.sent("ch", "rescinded") - before), (0, 1));
    let (mut stage, _) = ann_stands_by();
    let before = stage.sent("ch", "rescinded");
    change(&mut stage, |charter| charter.guests = 4).unwrap();
    assert_eq!((stage.state("ch").standing_by().count(), stage.sent("ch", "rescinded") - before), (1, 0));
}

/// The office says the no for him, and the charter is off before the mail server takes anything.
#[test]
fn that_somebody_cannot_sail_is_mailed_though_the_charter_is_off_since() {
    let mut stage = called(&["ann captain"]);
    stage.yes("ch", "ann").unwrap();
    let no = Command::answer(stage.state("ch"), &"ann".parse().unwrap(), false).unwrap();
    stage.by_office(&no).unwrap();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.post();
    assert_eq!((stage.sent("ch", "noted"), stage.sent("ch", "cancelled")), (1, 0));
}

#[test]
fn whoever_reads_of_a_change_that_is_none_any_more_is_told_so() {
    let mut stage = called(&["ann captain"]);
    stage.yes("ch", "ann").unwrap();
    let there = changed(&stage, other_dock);
    stage.give("ch", &there).unwrap();
    let offer = stage.offer("ch", "ann");
    let on_its_way = Notice::Changed { offer, revision: stage.state("ch").revision };
    let Command::Change { from, to } = there else { unreachable!() };
    stage.give("ch", &Command::Change { from: to, to: from }).unwrap();
    stage.post();
    assert_eq!(stage.sent("ch", "as-agreed"), 0, "as far as anybody knows she has read nothing");
    stage.give("ch", &Command::MailSent { notice: on_its_way, ambiguous: true }).unwrap();
    stage.post();
    assert_eq!(stage.sent("ch", "as-agreed"), 1);
}

/// Three known reasons fill the list.
#[test]
fn what_the_office_could_not_have_passed_over_is_news_beside_a_full_list() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.says("ann", "maybe");
    stage.book("ch", 0);
    change(&mut stage, |charter| charter.returns_at += jiff::SignedDuration::from_hours(72)).unwrap();
    stage.give("ch", &assign("ann", "captain")).unwrap();
    stage.post();
    assert_eq!(stage.state("ch").offers[0].warnings.len(), 3);
    stage.becomes("ann", "deckhand");
    stage.give("ch", &Command::Recheck).unwrap();
    stage.post();
    assert_eq!((stage.sent("ch", "conflict"), stage.concerns_of("ch").len()), (1, 1));
    // Her own yes to a change settles nothing of that.
    change(&mut stage, other_dock).unwrap();
    stage.yes("ch", "ann").unwrap();
    assert!(matches!(stage.concerns_of("ch")[..], [Concern::Conflict(_)]), "{:?}", stage.concerns_of("ch"));
}

#[test]
fn a_mail_that_was_refused_is_no_concern_once_every_seat_is_taken() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.policy.undeliverable = Undeliverable::Pause;
    stage.book("ch", 0);
    stage.give("ch", &Command::Start).unwrap();
    let notice = Notice::Offer { offer: stage.offer("ch", "ann") };
    let email = Some("ann@example.com".parse().unwrap());
    stage.give("ch", &Command::MailRefused { notice, error: "no such user".into(), email }).unwrap();
    assert_eq!(stage.concerns_of("ch").len(), 1);
    stage.give("ch", &assign("bob", "captain")).unwrap();
    assert!(stage.concerns_of("ch").is_empty(), "{:?}", stage.concerns_of("ch"));
}

#[test]
fn asking_again_takes_in_whoever_can_come_only_since() {
    let mut stage = called(&["ann captain away", "bob captain", "cid captain"]);
    stage.give("ch", &Command::AskAgain).unwrap();
    assert_eq!(stage.state("ch").offers.len(), 1, "there is nothing to do anew");
    stage.says("ann", "available");
    for _ in 0..2 {
        stage.give("ch", &Command::AskAgain).unwrap();
        stage.post();
    }
    let order = &stage.state("ch").call.as_ref().unwrap().cascades[0].ranked;
    assert_eq!(order.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["ann", "bob", "cid"]);
    assert_eq!(stage.asked("ch"), ["bob"], "who is being asked has his turn by that");
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["ann"]);
}

#[test]
fn a_sail_that_is_over_cannot_be_cancelled() {
    let mut stage = called(&["ann captain"]);
    stage.yes("ch", "ann").unwrap();
    stage.now = stage.state("ch").charter.departs_at;
    assert!(stage.decision("ch", &Command::Cancel).is_ok(), "it may turn back");
    stage.now = stage.state("ch").charter.returns_at;
    assert_eq!(stage.give("ch", &Command::Cancel), Err(Rejection::Departed));
    assert_eq!(stage.sent("ch", "cancelled"), 0);
}

#[test]
fn of_a_charter_that_is_off_any_seat_can_go() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    stage.yes("ch", "xan").unwrap();
    stage.give("ch", &Command::Cancel).unwrap();
    change(&mut stage, |charter| charter.positions.truncate(1)).unwrap();
    stage.give("ch", &Command::Restore).unwrap();
    stage.post();
    assert_eq!(stage.asked("ch"), ["ann"]);
}

/// On the day to which the sail moves nothing speaks against her; then it is back.
#[test]
fn what_the_office_had_settled_is_no_news_after_a_move_there_and_back() {
    let mut stage = Stage::new(&["ann captain away", "bob captain"]);
    stage.policy.unknown_availability = UnknownAvailability::Ask;
    stage.book("ch", 0);
    stage.by_office(&assign("ann", "captain")).unwrap();
    change(&mut stage, |charter| by_hours(charter, 24 * 3)).unwrap();
    change(&mut stage, |charter| by_hours(charter, -24 * 3)).unwrap();
    assert_eq!((stage.stands("ch", "ann"), stage.sent("ch", "conflict")), (OfferState::Accepted, 0));
}

#[test]
fn an_alert_that_is_not_true_any_more_is_not_sent() {
    let mut stage = called(&["ann captain", "bob captain"]);
    stage.yes("ch", "ann").unwrap();
    change(&mut stage, other_dock).unwrap();
    stage.sleep(60 * 24 * 2);
    stage.give("ch", &Command::Settle).unwrap();
    let (offer, asked_anew) =
        (stage.offer("ch", "ann"), changed(&stage, |charter| charter.dock = "pier 9".into()));
    let alert = Notice::Unconfirmed { offer };
    assert_eq!(alert.outdated(stage.state("ch")), None);
    stage.give("ch", &asked_anew).unwrap();
    assert!(alert.outdated(stage.state("ch")).is_some());
    stage.post();
    assert!(alert.outdated(stage.state("ch")).is_some(), "she has her time");
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.sleep(60 * 24 * 7 - 55);
    stage.book("ch", 0);
    stage.give("ch", &Command::Start).unwrap();
    let notice = Notice::Offer { offer: stage.offer("ch", "ann") };
    stage.give("ch", &Command::MailSent { notice, ambiguous: false }).unwrap();
    let alert = Notice::Urgent { position: "captain".parse().unwrap() };
    assert_eq!(alert.outdated(stage.state("ch")), None);
    change(&mut stage, |charter| by_hours(charter, 24)).unwrap();
    assert!(alert.outdated(stage.state("ch")).is_some());
}

/// Said since they are asked, or aboard.
#[test]
fn that_two_do_not_sail_together_is_looked_at_under_a_call() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["xan"]);
    stage.keeps_away("xan", "ann");
    stage.give("ch", &Command::Recheck).unwrap();
    stage.post();
    assert_eq!((stage.stands("ch", "xan"), stage.asked("ch")), (OfferState::Rescinded, vec!["yul"]));
    stage.yes("ch", "yul").unwrap();
    stage.keeps_away("yul", "ann");
    for _ in 0..2 {
        stage.give("ch", &Command::Recheck).unwrap();
        stage.post();
    }
    assert_eq!(stage.aboard("ch"), ["ann", "yul"]);
    assert_eq!(
        (stage.sent("ch", "conflict"), stage.concerns_of("ch").len()),
        (1, 1),
        "of the two of them once"
    );
    stage.sleep(11);
    drop_out(&mut stage, "yul").unwrap();
    stage.post();
    stage.give("ch", &Command::Recheck).unwrap();
    assert!(!stage.concerns_of("ch").iter().any(|one| matches!(one, Concern::Conflict(_))));
}

/// The list has room for three, and none of the five yields to the office.
#[test]
fn a_conflict_of_more_reasons_than_a_list_has_room_for_is_told_once() {
    let mut stage = called(&["ann captain"]);
    stage.yes("ch", "ann").unwrap();
    let papers = [Gate::License, Gate::Medical, Gate::DrugProgram, Gate::Credentials];
    stage.policy.vessels = vec![Vessel {
        name: "America".into(),
        inspected: true,
        complement: Vec::new(),
        credentials: ["first_aid", "twic"].map(|paper| ("captain".parse().unwrap(), paper.into())).into(),
        gates: papers.map(|gate| (gate, Severity::Block)).into(),
    }];
    for _ in 0..3 {
        stage.give("ch", &Command::Recheck).unwrap();
        stage.post();
    }
    assert_eq!((stage.sent("ch", "conflict"), stage.concerns_of("ch").len()), (1, 1));
}

#[test]
fn that_two_do_not_sail_together_outlives_their_yes_to_a_change() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    stage.yes("ch", "xan").unwrap();
    stage.keeps_away("xan", "ann");
    stage.give("ch", &Command::Recheck).unwrap();
    stage.post();
    change(&mut stage, other_dock).unwrap();
    for who in ["ann", "xan"] {
        stage.yes("ch", who).unwrap();
    }
    assert!(matches!(stage.concerns_of("ch")[..], [Concern::Conflict(_)]), "{:?}", stage.concerns_of("ch"));
}
