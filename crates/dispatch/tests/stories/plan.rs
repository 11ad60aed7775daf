//! What a call will do if nobody answers.

use crewcall_dispatch::cascade::{CallStatus, Command, Fact, PlannedSkip};

use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::limits;

use crate::CREW;
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

/// Also of a call that runs there is a reason for everyone: whoever was left out when it began, and whoever could be
/// asked since.
#[test]
fn whoever_is_not_in_the_order_is_named_with_the_reason() {
    let mut stage = Stage::new(&["ann captain", "bob captain away", "cid captain away"]);
    stage.book("a", 0);
    let not_asked = |stage: &Stage| -> Vec<String> {
        let said = |skip: &PlannedSkip| {
            let reasons: Vec<String> = skip.skipped.reasons.iter().map(ToString::to_string).collect();
            format!("{}: {}", skip.skipped.crew_id, reasons.join(", "))
        };
        stage.plan("a").skipped.iter().map(said).collect()
    };
    let away = ["bob: unavailable on 2026-06-27", "cid: unavailable on 2026-06-27"];
    assert_eq!(not_asked(&stage), away);
    stage.start("a");
    assert_eq!(not_asked(&stage), away);
    stage.says("cid", "available");
    let now = "cid: could not be asked when the order was fixed; now, or asked again from the top, they can";
    assert_eq!(not_asked(&stage), [away[0], now]);
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
