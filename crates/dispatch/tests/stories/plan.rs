//! What a call will do if nobody answers.

use crewcall_dispatch::cascade::{CallStatus, Command, Fact, Notice, Plan, PlannedSkip};

use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CharterId;
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use crate::CREW;
use crate::changes::{change_of, other_dock};
use crate::stage::Stage;

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

/// Also where the people are asked for another sail of that day first: as nobody answers there either, they have their
/// turn here once the time there is over.
#[test]
fn a_plan_comes_true_where_another_charter_asks_the_same_people() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain"]);
    stage.book("first", 0);
    stage.start("first");
    stage.advance(30);
    stage.book("a", 0);
    let plan = stage.plan("a");
    let asks: Vec<(&str, String)> =
        plan.asks.iter().map(|ask| (ask.crew_id.as_str(), ask.at.to_string())).collect();
    assert_eq!(asks.iter().map(|(who, _)| *who).collect::<Vec<_>>(), ["bob", "ann", "cid"]);
    let behind = |plan: &Plan| {
        let behind = plan.asks.iter().filter(|ask| !ask.behind.is_empty());
        behind.map(|ask| format!("{} {:?}", ask.crew_id, ask.behind)).collect::<Vec<_>>()
    };
    let ann = format!("ann {:?}", ["first".parse::<CharterId>().unwrap()]);
    assert_eq!(behind(&plan), [ann.as_str()], "and why ann is not the first");
    stage.start("a");
    assert_eq!(stage.plan("a").asks.len(), 3, "and once it runs");
    assert_eq!(behind(&stage.plan("a")), [ann]);
    for _ in 0..60 * 10 {
        stage.advance(1);
    }
    let offers = &stage.state("a").offers;
    let asked: Vec<(&str, String)> =
        offers.iter().map(|offer| (offer.crew_id.as_str(), offer.made_at.to_string())).collect();
    assert_eq!(asked, asks);
    let ended = stage.state("a").call.as_ref().unwrap().exhausted_at.unwrap();
    assert_eq!(plan.exhausted.iter().map(|end| end.at).collect::<Vec<_>>(), [ended]);
}

/// Where it costs somebody nothing that they are asked elsewhere, nothing is said of it.
#[test]
fn only_where_a_sail_elsewhere_costs_somebody_their_place_it_is_named() {
    let behind = |stage: &Stage| {
        let plan = stage.plan("a");
        plan.asks
            .iter()
            .filter(|ask| !ask.behind.is_empty())
            .map(|ask| ask.crew_id.to_string())
            .collect::<Vec<_>>()
    };
    let asked_elsewhere = |who: &str| {
        let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain"]);
        stage.book("first", 0);
        let ask = Command::AskNow { crew_id: who.parse().unwrap() };
        stage.give("first", &ask).unwrap();
        stage.post();
        stage.book("a", 0);
        stage
    };
    assert_eq!(behind(&asked_elsewhere("ann")), ["ann"]);
    // The last one's turn comes when it would have come anyway.
    let stage = asked_elsewhere("cid");
    assert_eq!(stage.plan("a").asks.len(), 3);
    assert_eq!(behind(&stage), [""; 0]);
}

/// Though another position has come to its end by then.
#[test]
fn a_plan_waits_for_other_charters_also_where_nobody_is_left_for_another_position() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand"]);
    for (charter, captain) in [("first", "ann"), ("a", "bob")] {
        let deckhand_and_mate = [("mate", 1), ("deckhand", 1)];
        stage.book_crew(charter, &deckhand_and_mate[if charter == "first" { 1 } else { 0 }..]);
        stage.start(charter);
        stage.yes(charter, captain).unwrap();
    }
    assert_eq!((stage.asked("first"), stage.asked("a")), (vec!["xan"], vec![]));
    let plan = stage.plan("a");
    let asks: Vec<&str> = plan.asks.iter().map(|ask| ask.crew_id.as_str()).collect();
    assert_eq!(asks, ["xan"]);
    let ends: Vec<&str> = plan.exhausted.iter().map(|end| end.position.as_str()).collect();
    assert!(ends.contains(&"deckhand"), "{ends:?}");
}

/// Also of a call that runs there is a reason for everyone: whoever was left out when it began, and whoever could be
/// asked since.
#[test]
fn whoever_is_not_in_the_order_is_named_with_the_reason() {
    let mut stage = Stage::new(&["ann captain", "bob captain away", "cid captain away"]);
    stage.book("a", 0);
    let away = [
        "captain bob: unavailable on 2026-06-27 (roster)",
        "captain cid: unavailable on 2026-06-27 (roster)",
    ];
    assert_eq!(why(&stage, "a"), away);
    stage.start("a");
    assert_eq!(why(&stage, "a"), away);
    stage.says("cid", "available");
    let now = "captain cid: could not be asked when the order was fixed; now, or asked again from the top, they can";
    assert_eq!(why(&stage, "a"), [away[0], now]);
}

/// A record keeps three reasons of somebody, and of whoever is left out at the start only those of their record; a plan
/// says all, before the call begins and while it runs.
#[test]
fn a_plan_says_every_reason() {
    let mut stage = Stage::new(&["ann captain", "bob captain away"]);
    stage.book("b", 0);
    let (position, crew_id) = ("captain".parse().unwrap(), "bob".parse().unwrap());
    stage.give("b", &Command::Assign { position, crew_id, reason: "phoned".into() }).unwrap();
    stage.post();
    let papers = [Gate::License, Gate::Medical, Gate::DrugProgram];
    stage.policy.vessels = vec![Vessel {
        name: "America".into(),
        inspected: true,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: papers.map(|gate| (gate, Severity::Block)).into(),
    }];
    stage.book("a", 0);
    let papers = "has no master on record, has no medical on record, has no drug_program on record";
    let elsewhere = "aboard b at that time, turnaround included";
    let all = [
        format!("captain ann: {papers}"),
        format!("captain bob: unavailable on 2026-06-27 (roster), {papers}, {elsewhere}"),
    ];
    assert_eq!(why(&stage, "a"), all);
    stage.give("a", &Command::Pause).unwrap();
    assert_eq!(why(&stage, "a"), all);
}

/// What a change does at once, mails included, and how it goes on from there: not with another round.
#[test]
fn a_preview_says_what_happens_at_once() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("a", 0);
    stage.start("a");
    for who in ["ann", "bob"] {
        stage.decline("a", who).unwrap();
    }
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    assert!(stage.plan("a").begins);
    let preview = stage.preview("a", &Command::Settle);
    let (before, after) = (preview.before.unwrap(), preview.after.unwrap());
    assert_eq!((before.begins, before.asks.len(), &before), (false, 0, &after));
    let assign = Command::AskNow { crew_id: "bob".parse().unwrap() };
    let preview = stage.preview("a", &assign);
    let facts: Vec<&Fact> = preview.events.iter().map(|event| &event.fact).collect();
    assert!(matches!(facts[..], [Fact::OfferMade { .. }, Fact::OfferSent { .. }]), "{facts:?}");
    assert_eq!(preview.state.open_offers().count(), 1);
    assert_eq!(stage.asked("a").len(), 0, "nothing was done");
}

/// With what is handed over at once: a mail whose window cannot be whole any more brings the alert along.
#[test]
fn a_preview_names_every_mail_and_every_other_charter() {
    let mut stage = Stage::new(&["ann captain", "bob captain away", "cid captain"]);
    stage.sleep(60 * 24 * 7 - 55);
    stage.book("a", 0);
    let preview = stage.preview("a", &Command::Start);
    let urgent = Notice::Urgent { position: "captain".parse().unwrap() };
    let first = Notice::Offer { offer: preview.state.offers[0].no };
    assert_eq!(preview.mails, [first, urgent]);
    let mut stage = Stage::new(&["ann captain"]);
    for charter in ["a", "b"] {
        stage.book(charter, 0);
        stage.start(charter);
    }
    let skip = Command::Skip { crew_id: "ann".parse().unwrap(), reason: "ill".into() };
    let preview = stage.preview("a", &skip);
    assert_eq!(preview.nudges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["b"]);
    let told: Vec<&str> = preview.mails.iter().map(Notice::slug).collect();
    assert_eq!(told, ["rescinded", "exhausted"]);
}

/// Only the mail that is true in the end; and words that go along with the command are said once.
#[test]
fn a_preview_of_a_move_that_is_taken_back_asks_nobody() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("a", 0);
    stage.start("a");
    stage.yes("a", "ann").unwrap();
    let from = Box::new(stage.state("a").charter.clone());
    change_of(&mut stage, "a", other_dock).unwrap();
    let back = Command::Change { from: Box::new(stage.state("a").charter.clone()), to: from };
    let preview = stage.preview("a", &back);
    let told: Vec<&str> = preview.mails.iter().map(Notice::slug).collect();
    assert_eq!(told, ["as-agreed", "crew-list", "crew-list-office"]);
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("a", 0);
    stage.start("a");
    stage.comment = Some("ill".into());
    let preview = stage.preview("a", &Command::Decline(stage.offer("a", "ann")));
    let said = preview.events.iter().filter(|event| event.comment.is_some()).count();
    assert_eq!((said, preview.events.len()), (1, 3), "her no, and the offer to bob with its mail");
}

/// In the round that would follow, too.
#[test]
fn of_whoever_dropped_out_a_plan_says_so() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("a", 0);
    stage.start("a");
    stage.yes("a", "ann").unwrap();
    stage.sleep(11);
    stage.give("a", &Command::DropOut(stage.offer("a", "ann"))).unwrap();
    stage.post();
    stage.decline("a", "bob").unwrap();
    assert!(stage.plan("a").begins);
    let gone = "captain ann: dropped out, and is responsible until somebody else has the seat";
    assert_eq!(why(&stage, "a"), [gone]);
}

#[test]
fn whoever_comes_after_too_many_others_is_told_so_before_and_after_the_start() {
    let many: Vec<String> = (0..limits::CANDIDATES + 2).map(|n| format!("cap{n:03} captain")).collect();
    let mut stage = Stage::new(&many.iter().map(String::as_str).collect::<Vec<_>>());
    stage.book("a", 0);
    let beyond = |stage: &Stage| stage.plan("a").skipped;
    let before = beyond(&stage);
    let reason = Reason::BeyondLimit { limit: limits::CANDIDATES as u32 };
    assert_eq!(
        before.iter().map(|skip| &skip.skipped.reasons[..]).collect::<Vec<_>>(),
        [[reason.clone()], [reason]]
    );
    stage.start("a");
    assert_eq!(beyond(&stage), before);
}

fn why(stage: &Stage, charter: &str) -> Vec<String> {
    let said = |skip: &PlannedSkip| {
        let reasons: Vec<String> = skip.skipped.reasons.iter().map(ToString::to_string).collect();
        format!("{} {}: {}", skip.position, skip.skipped.crew_id, reasons.join(", "))
    };
    stage.plan(charter).skipped.iter().map(said).collect()
}

#[test]
fn whoever_is_waited_for_is_asked_once_they_are_free() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("a", 0);
    stage.book("b", 0);
    stage.start("a");
    stage.start("b");
    assert!(stage.asked("b").is_empty());
    let plan = stage.plan("b");
    let free = stage.state("a").open_offers().next().unwrap().closes_at.unwrap();
    let asks: Vec<_> = plan.asks.iter().map(|ask| (ask.crew_id.as_str(), ask.at)).collect();
    assert_eq!((asks, plan.skipped), (vec![("ann", free)], vec![]));
}

#[test]
fn of_the_crew_without_a_captain_the_plan_speaks_too() {
    let mut stage = Stage::new(&["ann captain away", "xan deckhand", "yul deckhand away"]);
    stage.book("a", 1);
    let all = [
        "captain ann: unavailable on 2026-06-27 (roster)",
        "deckhand xan: nobody of the crew is asked before there is a captain",
        "deckhand yul: unavailable on 2026-06-27 (roster)",
    ];
    assert_eq!(why(&stage, "a"), all);
    stage.start("a");
    assert_eq!(why(&stage, "a"), all);
}

#[test]
fn whom_the_sail_leaves_without_having_asked_is_named() {
    let captains: Vec<String> = (0..12).map(|n| format!("cap{n:02} captain")).collect();
    let mut stage = Stage::new(&captains.iter().map(String::as_str).collect::<Vec<_>>());
    stage.sleep(60 * 24 * 7 - 50);
    stage.book("a", 0);
    for (charter, begun) in [("a", false), ("a", true)] {
        if begun {
            stage.start(charter);
        }
        let (plan, why) = (stage.plan(charter), why(&stage, charter));
        assert_eq!(plan.asks.len() + why.len(), captains.len(), "{why:?}");
        assert!(
            !why.is_empty() && why.iter().all(|why| why.ends_with("the sail leaves before it is their turn")),
            "{why:?}"
        );
    }
}

#[test]
fn nobody_is_both_asked_and_not_asked() {
    let mut stage = Stage::new(&["ann captain xan", "bob captain xan", "xan deckhand", "yul deckhand"]);
    stage.book("a", 1);
    stage.start("a");
    stage.yes("a", "ann").unwrap();
    assert_eq!(stage.asked("a"), ["xan"]);
    stage.advance(60);
    stage.give("a", &Command::DropOut(stage.offer("a", "ann"))).unwrap();
    stage.post();
    let plan = stage.plan("a");
    for skip in &plan.skipped {
        let asked = plan.asks.iter().any(|ask| ask.crew_id == skip.skipped.crew_id);
        assert!(!asked, "{} is in both lists", skip.skipped.crew_id);
    }
    let named =
        plan.asks.iter().map(|ask| &ask.crew_id).chain(plan.skipped.iter().map(|skip| &skip.skipped.crew_id));
    assert_eq!(named.collect::<std::collections::BTreeSet<_>>().len(), 4, "and everyone is in one: {plan:?}");
}

#[test]
fn of_somebody_who_stands_by_or_was_asked_out_of_turn_it_says_so() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain away"]);
    stage.book("a", 0);
    stage.start("a");
    stage.give("a", &Command::AskNow { crew_id: "cid".parse().unwrap() }).unwrap();
    stage.post();
    stage.decline("a", "cid").unwrap();
    stage.advance(200);
    assert_eq!(stage.asked("a"), ["bob"]);
    let _ = stage.accept("a", "ann");
    let all = [
        "captain ann: stands by: was too late, and would sail",
        "captain cid: said no in this round, unavailable on 2026-06-27 (roster)",
    ];
    assert_eq!(why(&stage, "a"), all);
}

#[test]
fn that_a_seat_is_held_by_somebody_who_has_to_confirm_is_not_said_to_be_empty() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("a", 0);
    stage.start("a");
    stage.yes("a", "ann").unwrap();
    change_of(&mut stage, "a", other_dock).unwrap();
    let plan = stage.plan("a");
    assert_eq!(plan.exhausted.iter().map(|end| end.unconfirmed).collect::<Vec<_>>(), [true]);
}

/// Somebody who does not pair with whoever is aboard cannot be asked, whatever their own record says.
#[test]
fn company_counts_for_whoever_came_onto_the_roster_since() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand away"]);
    stage.book("a", 1);
    stage.start("a");
    stage.yes("a", "ann").unwrap();
    stage.says("yul", "available");
    stage.keeps_away("yul", "ann");
    assert_eq!(why(&stage, "a"), ["deckhand yul: not to sail with ann"]);
}

/// Whoever the office asks though they were left out is asked, and not left out.
#[test]
fn whoever_is_asked_by_the_offices_word_is_not_among_those_who_are_left_out() {
    let mut stage = Stage::new(&["ann captain", "bob captain away"]);
    stage.book("a", 0);
    stage.start("a");
    stage.decline("a", "ann").unwrap();
    stage.give("a", &Command::AskNow { crew_id: "bob".parse().unwrap() }).unwrap();
    stage.post();
    let plan = stage.plan("a");
    assert!(plan.begins, "nobody else is left");
    assert_eq!(plan.asks.iter().map(|ask| ask.crew_id.as_str()).collect::<Vec<_>>(), ["bob", "ann"]);
    assert!(plan.skipped.is_empty(), "{:?}", plan.skipped);
}

#[test]
fn a_mail_that_waits_already_is_no_consequence_of_a_change() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("a", 0);
    stage.give("a", &Command::Start).unwrap();
    let preview = stage.preview("a", &Command::Pause);
    let facts: Vec<&Fact> = preview.events.iter().map(|event| &event.fact).collect();
    assert!(matches!(facts[..], [Fact::CallPaused]), "{facts:?}");
}
