//! The asking itself: who comes next, who waits for whom, and when it ends.

use crewcall_dispatch::cascade::{CallStatus, Command, Fact, Notice, OfferState, Rejection};

use crate::stage::Stage;
use crate::{CREW, started};

#[test]
fn captains_are_asked_one_by_one_in_order() {
    let mut stage = started(0);
    assert_eq!(stage.asked("a"), ["ann"]);
    stage.decline("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["ben"], "a decline moves on at once");
    stage.advance(119);
    assert_eq!(stage.asked("a"), ["ben"]);
    stage.advance(3);
    assert_eq!(stage.stands("a", "ben"), OfferState::Expired);
    assert_eq!(stage.asked("a"), ["cat"]);
    assert!(stage.is_too_late("a", "ben"));
    stage.accept("a", "cat").unwrap();
    assert_eq!(stage.state("a").status(), CallStatus::Filled);
}

#[test]
fn an_answer_in_the_grace_counts_and_one_after_it_does_not() {
    let mut stage = started(0);
    stage.sleep(121);
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.aboard("a"), ["ann"]);
    let mut stage = started(0);
    stage.sleep(122);
    assert!(stage.is_too_late("a", "ann"), "though nobody had looked yet");
}

#[test]
fn the_captains_usual_crew_goes_first_and_who_cannot_is_replaced() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["yul", "xan"], "zoe is paired, too, but away");
    assert!(
        stage.skipped().contains(&"zoe: unavailable on 2026-06-27 (roster)".to_owned()),
        "{:?}",
        stage.skipped()
    );
    stage.decline("a", "yul").unwrap();
    assert_eq!(stage.asked("a"), ["xan", "wim"]);
    stage.accept("a", "wim").unwrap();
    stage.accept("a", "xan").unwrap();
    assert_eq!(stage.aboard("a"), ["ann", "wim", "xan"]);
    assert_eq!((stage.sent("a", "crew-list"), stage.sent("a", "crew-list-office")), (3, 1));
}

#[test]
fn an_exhausted_call_alerts_once_and_can_be_started_again() {
    let mut stage = started(0);
    for who in ["ann", "ben", "cat"] {
        stage.decline("a", who).unwrap();
    }
    stage.advance(60);
    stage.advance(60);
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    assert_eq!(stage.sent("a", "exhausted"), 1);
    stage.start("a");
    assert_eq!(stage.asked("a"), ["ann"], "from the top, whoever said no before");
}

#[test]
fn nobody_has_two_offers_for_one_sail_when_the_call_is_started_again() {
    let mut stage = Stage::new(&["ann captain", "mia mate", "xan deckhand", "yul deckhand"]);
    stage.book_crew("a", &[("mate", 1), ("deckhand", 1)]);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    stage.decline("a", "mia").unwrap();
    assert_eq!((stage.asked("a"), stage.state("a").status()), (vec!["xan"], CallStatus::Exhausted));
    stage.start("a");
    assert_eq!(stage.asked("a"), ["xan", "mia"], "xan keeps the one offer");
    stage.decline("a", "xan").unwrap();
    assert_eq!(stage.asked("a"), ["mia", "yul"], "and xan's no counts");
}

#[test]
fn the_office_is_alerted_once_nobody_is_being_asked_for_a_position_any_more() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    stage.decline("a", "yul").unwrap();
    stage.decline("a", "wim").unwrap();
    assert_eq!((stage.asked("a"), stage.sent("a", "exhausted")), (vec!["xan"], 0), "xan may still come");
    stage.decline("a", "xan").unwrap();
    assert_eq!((stage.state("a").status(), stage.sent("a", "exhausted")), (CallStatus::Exhausted, 1));
    stage.advance(60);
    assert_eq!((stage.sent("a", "exhausted"), stage.sent("a", "position-exhausted")), (1, 0));
}

#[test]
fn after_the_alert_the_office_hears_of_each_further_position() {
    let mut stage = Stage::new(&["ann captain", "mia mate", "xan deckhand", "yul deckhand"]);
    stage.book_crew("a", &[("mate", 1), ("deckhand", 1)]);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    stage.decline("a", "mia").unwrap();
    stage.decline("a", "xan").unwrap();
    assert_eq!((stage.sent("a", "exhausted"), stage.sent("a", "position-exhausted")), (1, 0));
    stage.decline("a", "yul").unwrap();
    stage.advance(60);
    assert_eq!((stage.sent("a", "exhausted"), stage.sent("a", "position-exhausted")), (1, 1));
    stage.start("a");
    stage.decline("a", "mia").unwrap();
    assert_eq!((stage.sent("a", "exhausted"), stage.sent("a", "position-exhausted")), (2, 1), "a new round");
}

#[test]
fn who_is_asked_elsewhere_is_waited_for_and_asked_when_free() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.book("a", 0);
    stage.book("b", 0);
    stage.start("a");
    stage.start("b");
    assert_eq!((stage.asked("a"), stage.asked("b")), (vec!["ann"], vec!["ben"]));
    assert_eq!(
        stage.skipped(),
        ["ann: being asked for a at that time, turnaround included"],
        "passed over, with the reason"
    );
    stage.decline("b", "ben").unwrap();
    assert_eq!(stage.state("b").status(), CallStatus::Running, "ann may still come");
    assert!(stage.asked("b").is_empty());
    stage.decline("a", "ann").unwrap();
    assert_eq!(stage.asked("b"), ["ann"]);
}

#[test]
fn who_is_waited_for_and_taken_elsewhere_is_waited_for_no_longer() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("a", 0);
    stage.book("b", 0);
    stage.start("a");
    stage.start("b");
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.state("b").status(), CallStatus::Exhausted);
    assert_eq!(stage.skipped(), ["ann: aboard a at that time, turnaround included"]);
    let call = stage.state("b").call.clone().unwrap();
    assert!(call.cascades[0].waiting_for.is_empty());
}

#[test]
fn a_call_still_waits_for_a_person_who_was_asked_again_before_it_looked() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.book("a", 0);
    stage.book("b", 0);
    stage.start("a");
    stage.start("b");
    stage.decline("b", "ben").unwrap();
    // Ann is free for a moment, and asked for `a` anew; only then does `b` look.
    stage.give("a", &Command::Decline(stage.offer("a", "ann"))).unwrap();
    stage.give("a", &Command::Decline(stage.offer("a", "ben"))).unwrap();
    stage.give("a", &Command::Start).unwrap();
    stage.post();
    assert_eq!(stage.asked("a"), ["ann"]);
    stage.decline("a", "ann").unwrap();
    assert_eq!(stage.asked("b"), ["ann"], "b was woken");
}

#[test]
fn a_decision_to_wait_names_the_version_of_whom_it_waits_for() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "xan deckhand"]);
    stage.book("a", 1);
    stage.book("b", 1);
    stage.start("a");
    stage.start("b");
    stage.accept("b", "ben").unwrap();
    stage.accept("a", "ann").unwrap();
    stage.undo("a", "ann").unwrap();
    // Xan knows already that `a` waits. If xan says no to `b` before this is committed, nobody would
    // wake `a`: so xan's item has to be checked, though it does not change.
    let decision = stage.decision("a", &Command::Accept(stage.offer("a", "ann"))).unwrap();
    let written: Vec<&str> = decision.commitments.iter().map(|item| item.crew_id.as_str()).collect();
    assert_eq!(written, ["ann", "xan"]);
}

#[test]
fn a_captains_undo_takes_the_crew_offers_back_and_the_crew_is_told() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "xan").unwrap();
    stage.undo("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["ann"]);
    assert_eq!(stage.stands("a", "yul"), OfferState::Rescinded);
    assert_eq!(stage.aboard("a"), ["xan"], "who said yes stays");
    assert_eq!(stage.sent("a", "rescinded"), 1);
    stage.decline("a", "ann").unwrap();
    stage.accept("a", "ben").unwrap();
    assert_eq!(stage.asked("a"), ["yul"], "asked anew under the new captain");
}

#[test]
fn who_said_no_is_not_asked_again_under_another_captain() {
    let mut stage = started(1);
    stage.accept("a", "ann").unwrap();
    stage.decline("a", "yul").unwrap();
    stage.undo("a", "ann").unwrap();
    stage.decline("a", "ann").unwrap();
    stage.accept("a", "ben").unwrap();
    assert_eq!(stage.asked("a"), ["xan"]);
    stage.decline("a", "xan").unwrap();
    assert_eq!(stage.asked("a"), ["wim"]);
}

#[test]
fn a_deckhands_undo_opens_the_offer_again() {
    let mut stage = started(1);
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "yul").unwrap();
    assert_eq!(stage.state("a").status(), CallStatus::Filled);
    stage.undo("a", "yul").unwrap();
    stage.undo("a", "yul").unwrap();
    assert_eq!((stage.asked("a"), stage.state("a").status()), (vec!["yul"], CallStatus::Running));
    stage.decline("a", "yul").unwrap();
    assert_eq!(stage.asked("a"), ["xan"]);
    stage.accept("a", "xan").unwrap();
    stage.sleep(10);
    assert_eq!(stage.undo("a", "xan"), Err(Rejection::UndoTooLate));
}

#[test]
fn without_a_captain_a_deckhands_undo_leaves_no_crew_offer_open() {
    let mut stage = started(1);
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "yul").unwrap();
    stage.undo("a", "ann").unwrap();
    stage.undo("a", "yul").unwrap();
    assert_eq!(stage.stands("a", "yul"), OfferState::Rescinded);
    stage.undo("a", "yul").unwrap();
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["yul"]);
}

#[test]
fn an_undo_after_the_window_is_answered_alike_each_time() {
    let mut stage = started(0);
    stage.sleep(121);
    stage.accept("a", "ann").unwrap();
    stage.sleep(5);
    let offer = stage.offer("a", "ann");
    stage.give("a", &Command::Undo(offer)).unwrap();
    assert_eq!(stage.stands("a", "ann"), OfferState::Expired, "its time was over long ago");
    stage.give("a", &Command::Undo(offer)).unwrap();
}

#[test]
fn a_no_after_an_undo_counts_though_the_call_was_started_again_between() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    for who in ["yul", "xan", "wim"] {
        stage.decline("a", who).unwrap();
    }
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    stage.sleep(5);
    stage.start("a");
    stage.undo("a", "ann").unwrap();
    stage.decline("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["ben"]);
}

#[test]
fn an_accept_before_the_word_of_the_mail_can_be_taken_back_and_still_ends() {
    let mut stage = Stage::new(&CREW);
    stage.book("a", 0);
    stage.give("a", &Command::Start).unwrap();
    let offer = stage.offer("a", "ann");
    stage.give("a", &Command::Accept(offer)).unwrap();
    stage.post();
    stage.give("a", &Command::Undo(offer)).unwrap();
    stage.post();
    assert_eq!(stage.asked("a"), ["ann"]);
    assert_eq!(stage.sent("a", "offer-copy"), 1, "the office gets its copy all the same");
    stage.advance(122);
    assert_eq!(stage.asked("a"), ["ben"], "it does not stay open for ever");
}

#[test]
fn a_cancellation_tells_everyone_asked_or_aboard_and_kills_every_link() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "xan").unwrap();
    stage.give("a", &Command::Cancel).unwrap();
    stage.give("a", &Command::Cancel).unwrap();
    stage.post();
    assert_eq!((stage.sent("a", "cancelled"), stage.sent("a", "cancelled-office")), (3, 1));
    for who in ["ann", "xan", "yul"] {
        assert_eq!(stage.accept("a", who), Err(Rejection::Cancelled));
    }
    stage.book("b", 0);
    stage.start("b");
    assert_eq!(stage.asked("b"), ["ann"], "everyone is free again");
}

#[test]
fn a_mail_that_arrives_after_its_offer_was_taken_back_is_followed_by_another() {
    let mut stage = Stage::new(&CREW);
    stage.book("a", 0);
    stage.give("a", &Command::Start).unwrap();
    let notice = Notice::Offer { offer: stage.offer("a", "ann") };
    // The server hands the mail over, and before it can say so the office cancels.
    stage.give("a", &Command::Cancel).unwrap();
    for _ in 0..2 {
        stage.give("a", &Command::MailSent { notice: notice.clone(), ambiguous: false }).unwrap();
    }
    stage.post();
    assert_eq!(stage.sent("a", "cancelled"), 1);
}

#[test]
fn who_was_told_nothing_of_a_withdrawal_is_told_though_the_charter_is_cancelled() {
    let mut stage = started(1);
    stage.accept("a", "ann").unwrap();
    stage.give("a", &Command::Undo(stage.offer("a", "ann"))).unwrap();
    stage.give("a", &Command::Cancel).unwrap();
    stage.post();
    assert_eq!(stage.sent("a", "rescinded"), 1, "to yul");
    assert_eq!(stage.sent("a", "cancelled"), 1, "to ann");
}

#[test]
fn a_refused_mail_moves_on_at_once_and_the_office_hears_of_it() {
    let mut stage = Stage::new(&CREW);
    stage.book("a", 0);
    stage.give("a", &Command::Start).unwrap();
    let notice = Notice::Offer { offer: stage.offer("a", "ann") };
    stage.give("a", &Command::MailRefused { notice, error: "550".into(), email: None }).unwrap();
    stage.post();
    assert_eq!(stage.asked("a"), ["ben"]);
    assert_eq!(stage.sent("a", "undeliverable"), 1);
}

#[test]
fn departure_ends_the_call() {
    let mut stage = started(0);
    stage.advance(7 * 24 * 60);
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    let departed = |event: &crewcall_dispatch::cascade::AuditEvent| {
        matches!(event.fact, Fact::CallExhausted { departed: true, .. })
    };
    assert_eq!(stage.events.iter().filter(|event| departed(event)).count(), 1);
    assert_eq!(stage.state("a").next_deadline(), None);
}

#[test]
fn who_leaves_after_the_alert_and_is_not_replaced_is_told_of() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "yul").unwrap();
    stage.decline("a", "xan").unwrap();
    stage.decline("a", "wim").unwrap();
    assert_eq!(stage.sent("a", "exhausted"), 1);
    stage.undo("a", "yul").unwrap();
    assert_eq!(stage.sent("a", "position-exhausted"), 0, "yul may still say yes again");
    stage.decline("a", "yul").unwrap();
    assert_eq!((stage.sent("a", "exhausted"), stage.sent("a", "position-exhausted")), (1, 1));
}
