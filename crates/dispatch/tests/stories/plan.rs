//! What a call will do if nobody answers.

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
