//! What the cascade does, as stories with a frozen clock.

// Each binary uses its own part of the stage.
#[allow(dead_code, missing_docs, unreachable_pub)]
mod stage;

use crewcall_dispatch::cascade::{Actor, CallStatus, Command, Fact, Notice, OfferState, Rejection};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::limits;
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use jiff::SignedDuration;
use stage::Stage;

const CREW: [&str; 7] = [
    "ann captain yul,zoe",
    "ben captain",
    "cat captain",
    "xan deckhand",
    "yul deckhand",
    "wim deckhand",
    "zoe deckhand away",
];

/// Charter `a` with so many deckhands, started.
fn started(deckhands: u32) -> Stage {
    let mut stage = Stage::new(&CREW);
    stage.book("a", deckhands);
    stage.start("a");
    stage
}

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
    assert_eq!(stage.accept("a", "ben"), Err(Rejection::Expired));
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
    assert_eq!(stage.accept("a", "ann"), Err(Rejection::Expired), "though nobody had looked yet");
}

#[test]
fn the_captains_usual_crew_goes_first_and_who_cannot_is_replaced() {
    let mut stage = started(2);
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["yul", "xan"], "zoe is paired, too, but away");
    assert!(stage.skipped().contains(&"zoe: unavailable on 2026-06-27".to_owned()), "{:?}", stage.skipped());
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
    assert_eq!(stage.skipped(), ["ann: being asked for a at that time"], "passed over, with the reason");
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
    assert_eq!(stage.skipped(), ["ann: aboard a at that time"]);
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
    stage.give("a", &Command::MailRefused { notice, error: "550".into() }).unwrap();
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

#[test]
fn windows_shrink_so_that_the_whole_list_is_asked_before_the_call_time() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain"]);
    stage.book("a", 0);
    let call_time = stage.state("a").charter.call_time;
    stage.now = call_time - SignedDuration::from_hours(4);
    stage.start("a");
    for who in ["ann", "ben", "cat", "dan"] {
        assert_eq!(stage.asked("a"), [who]);
        let offer = stage.state("a").open_offers().next().unwrap();
        let window = offer.reply_by.unwrap().duration_since(offer.handed_over_at.unwrap());
        assert!((50..=60).contains(&window.as_mins()), "{who} has {window:?}");
        stage.advance(window.as_mins() + 2);
    }
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    assert!(stage.now <= call_time + SignedDuration::from_mins(2));
    assert_eq!(stage.sent("a", "urgent"), 0);
}

#[test]
fn when_not_everyone_can_be_asked_in_time_the_office_is_alerted_once() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain"]);
    stage.book("a", 0);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(40);
    stage.start("a");
    assert_eq!(stage.sent("a", "urgent"), 1);
    stage.decline("a", "ann").unwrap();
    stage.advance(17);
    assert_eq!((stage.asked("a"), stage.sent("a", "urgent")), (vec!["cat"], 1));
}

#[test]
fn when_time_runs_out_several_are_asked_at_once_and_the_first_yes_has_the_seat() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain", "eve captain"]);
    stage.policy.ask_at_once = 3;
    stage.book("a", 0);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(40);
    let planned: Vec<_> =
        stage.plan("a").asks.into_iter().map(|ask| (ask.crew_id, ask.at, ask.reply_by)).collect();
    stage.start("a");
    assert_eq!((stage.asked("a"), stage.sent("a", "urgent")), (vec!["ann", "ben", "cat"], 1));
    let now = stage.now;
    assert!(planned[..3].iter().all(|(_, at, _)| *at == now), "{planned:?}");
    let offers = stage.state("a").open_offers();
    let windows: Vec<i64> =
        offers.map(|offer| offer.reply_by.unwrap().duration_since(now).as_mins()).collect();
    assert_eq!(windows, [20, 20, 20], "there are two turns instead of five");
    stage.decline("a", "ben").unwrap();
    assert_eq!(stage.asked("a"), ["ann", "cat", "dan"], "a no brings the next one in");
    stage.accept("a", "cat").unwrap();
    assert_eq!((stage.aboard("a"), stage.asked("a").len()), (vec!["cat"], 0));
    assert_eq!(stage.sent("a", "rescinded"), 2, "the others are told at once");
    assert_eq!(stage.accept("a", "ann"), Err(Rejection::Rescinded));
}

#[test]
fn with_two_seats_open_both_are_asked_for_before_a_second_person_is() {
    let mut stage = Stage::new(&["ann captain", "uli deckhand", "vic deckhand", "wim deckhand"]);
    stage.policy.ask_at_once = 2;
    stage.book("a", 2);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(20);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    let seat = |stage: &Stage, who: &str| stage.state("a").offer(stage.offer("a", who)).unwrap().seat.number;
    assert_eq!([seat(&stage, "uli"), seat(&stage, "vic"), seat(&stage, "wim")], [1, 2, 1]);
    stage.accept("a", "wim").unwrap();
    assert_eq!((stage.aboard("a"), stage.asked("a")), (vec!["ann", "wim"], vec!["vic"]));
}

#[test]
fn however_many_seats_are_open_one_decision_asks_no_more_than_a_commit_can_hold() {
    let deckhands: Vec<String> = (10..99).map(|n| format!("d{n} deckhand")).collect();
    let mut people = vec!["ann captain"];
    people.extend(deckhands.iter().map(String::as_str));
    let mut stage = Stage::new(&people);
    stage.policy.ask_at_once = limits::ASKED_AT_ONCE as u32;
    stage.book("a", limits::SEATS - 1);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(20);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a").len(), limits::OPEN_OFFERS);
    assert_eq!(stage.state("a").vacant_seats(&"deckhand".parse().unwrap()), []);
}

#[test]
fn at_night_the_clock_stands_still() {
    let mut stage = started(0);
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.advance(9 * 60 + 30);
    let asked = stage.asked("a").join("");
    stage.decline("a", &asked).unwrap();
    assert_eq!(stage.now.to_string(), "2026-06-20T21:30:00Z");
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(offer.reply_by.unwrap().to_string(), "2026-06-21T08:30:00Z");
    stage.advance(10 * 60);
    assert_eq!(stage.asked("a").len(), 1, "and nobody lapses at night");
}

#[test]
fn night_is_where_the_person_lives() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.lives("ann", "EST5");
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.book("a", 0);
    // Seven in the morning there.
    stage.start("a");
    assert_eq!(stage.now.to_string(), "2026-06-20T12:00:00Z");
    stage.sleep(14 * 60);
    stage.decline("a", "ann").unwrap_err();
    stage.advance(0);
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(
        (offer.crew_id.as_str(), offer.reply_by.unwrap().to_string()),
        ("ben", "2026-06-21T09:00:00Z".into())
    );

    let mut stage = Stage::new(&["ann captain"]);
    stage.lives("ann", "EST5");
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.book("a", 0);
    stage.sleep(14 * 60);
    stage.start("a");
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(
        offer.reply_by.unwrap().to_string(),
        "2026-06-21T13:00:00Z",
        "ann has one hour until ten at night"
    );
}

/// The plan is what really happens if nobody answers.
#[test]
fn a_plan_comes_true() {
    let mut stage = Stage::new(&CREW);
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.book("a", 0);
    let plan = stage.plan("a");
    stage.can_answer = false;
    assert_eq!(stage.plan("a"), plan, "also while the pages are down");
    stage.can_answer = true;
    let asks: Vec<(&str, String)> =
        plan.asks.iter().map(|ask| (ask.crew_id.as_str(), ask.at.to_string())).collect();
    stage.start("a");
    let mut asked = Vec::new();
    for _ in 0..60 * 24 {
        for offer in stage.state("a").open_offers() {
            let ask = (offer.crew_id.to_string(), offer.made_at.to_string());
            if !asked.contains(&ask) {
                asked.push(ask);
            }
        }
        stage.advance(1);
    }
    let asked: Vec<(&str, String)> = asked.iter().map(|(who, at)| (who.as_str(), at.clone())).collect();
    assert_eq!(asked, asks);
    let ended = stage.state("a").call.as_ref().unwrap().exhausted_at.unwrap();
    assert_eq!(plan.exhausted.iter().map(|end| end.at).collect::<Vec<_>>(), [ended]);
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

/// Half of the time before the captain is found is kept for the crew, as long as there is crew to find.
#[test]
fn the_captains_windows_leave_time_for_the_crew() {
    for (deckhands, minutes) in [(0, 120), (1, 60)] {
        let mut stage =
            Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain", "xan deckhand"]);
        stage.book("a", deckhands);
        stage.now = stage.state("a").charter.call_time - SignedDuration::from_hours(8);
        stage.start("a");
        let offer = stage.state("a").open_offers().next().unwrap();
        let window = offer.reply_by.unwrap().duration_since(offer.handed_over_at.unwrap());
        assert_eq!(window, SignedDuration::from_mins(minutes), "{deckhands} deckhands");
    }
}
