//! Events that are delivered never, once, twice and fifty times, one after the other and at once.

use std::time::Duration;

use crewcall::store::Table;
use crewcall_dispatch::policy::Outage;
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::events::{Page, old_question, post, question, schedule};
use super::harbor::Harbor;
use super::runtime::Process;
use crate::support::invariants;
use crate::support::office::heading;

const PROCESSES: usize = 3;

async fn office() -> (Harbor, [Process; PROCESSES]) {
    let harbor = Harbor::new().await;
    let functions = std::array::from_fn(|_| harbor.process());
    (harbor, functions)
}

async fn deliver(harbor: &Harbor, event: &Value, times: usize) -> Vec<Value> {
    let deliveries = (0..times).map(|_| harbor.lambda.invoke(event.clone()));
    join_all(deliveries).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_tick_that_comes_often_sends_each_mail_once() {
    for times in [0, 1, 2, 50] {
        let (harbor, _functions) = office().await;
        harbor.start_call().await;
        let answers = deliver(&harbor, &schedule(), times).await;
        let done: u64 = answers.iter().map(|answer| answer["done"].as_u64().unwrap()).sum();
        // One to Dana, and its copy to the office.
        let expected = if times > 0 { 2 } else { 0 };
        assert_eq!(
            (done, harbor.mails().len() as u64),
            (expected, expected),
            "{times} deliveries: {answers:?}"
        );
        invariants::hold(&harbor.app).await;
    }
}

#[tokio::test]
async fn an_answer_that_comes_often_has_one_effect_and_one_page() {
    for times in [0, 1, 2, 50] {
        let (harbor, _functions) = office().await;
        harbor.start_call().await;
        harbor.tick().await;
        let token = harbor.token("dana-reyes").await;
        let accept = post("/crew/accept", &format!("token={token}&answer=accept&comment=Aye&key=k1"));
        let pages: Vec<Page> = deliver(&harbor, &accept, times).await.iter().map(Page::of).collect();
        assert!(
            pages.iter().all(|page| (page.status, heading(&page.body)) == (200, "You're on")),
            "{pages:?}"
        );
        let state = harbor.charter().await;
        let captains = state.aboard().iter().filter(|offer| offer.crew_id.as_str() == "dana-reyes").count();
        assert_eq!(captains, usize::from(times > 0));
        harbor.tick().await;
        // Her crew is asked once each.
        let asked = ["lee@example.com", "sam@example.com"]
            .map(|to| harbor.mails().iter().filter(|mail| mail.starts_with(to)).count());
        assert_eq!(asked, [usize::from(times > 0); 2], "{:?}", harbor.mails());
        invariants::hold(&harbor.app).await;
    }
}

#[tokio::test]
async fn a_question_that_comes_often_changes_nothing() {
    let (harbor, _functions) = office().await;
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let before = harbor.charter().await;
    for times in [0, 1, 2, 50] {
        let simple = deliver(&harbor, &question(&token), times).await;
        assert!(simple.iter().all(|answer| answer["isAuthorized"] == true), "{simple:?}");
        let policies = deliver(&harbor, &old_question(&token), times).await;
        let effects = policies.iter().map(|policy| &policy["policyDocument"]["Statement"][0]["Effect"]);
        assert!(effects.eq(vec!["Allow"; times]), "{policies:?}");
        assert_eq!((simple.len(), policies.len()), (times, times));
    }
    assert_eq!(harbor.charter().await, before);
}

/// A yes, a no, questions and ticks, all at once and again and again.
#[tokio::test]
async fn everything_at_once_has_one_outcome() {
    let (harbor, _functions) = office().await;
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let answer = |answer: &str| post("/crew/accept", &format!("token={token}&answer={answer}"));
    let events = [answer("accept"), answer("decline"), question(&token), schedule()];
    let deliveries = (0..40).map(|n| harbor.lambda.invoke(events[n % events.len()].clone()));
    for answered in join_all(deliveries).await {
        answered.unwrap();
    }
    invariants::hold(&harbor.app).await;
    let state = harbor.charter().await;
    let dana = state.offers.iter().find(|offer| offer.crew_id.as_str() == "dana-reyes").unwrap();
    assert!(!dana.state.is_open(), "{dana:?}");
}

/// Between two events Lambda freezes the process: whatever it had still to do might never be done.
#[tokio::test]
async fn nothing_goes_on_after_an_answer() {
    let (harbor, _functions) = office().await;
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let accept = post("/crew/accept", &format!("token={token}&answer=accept"));
    for event in [schedule(), question(&token), accept, schedule()] {
        harbor.lambda.invoke(event).await.unwrap();
        let (requests, mails) = (harbor.proxy.requests(), harbor.mails());
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!((harbor.proxy.requests(), harbor.mails()), (requests, mails));
    }
    assert_eq!(harbor.app.store.due(Table::Outbox, Timestamp::now(), 1).await.unwrap(), []);
}

/// A process that slept for hours knows nothing of an outage meanwhile, unless it looks.
#[tokio::test]
async fn a_process_that_slept_looks_anew_how_things_stand() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    let hours = SignedDuration::from_hours;
    // Her window is over since half an hour.
    harbor.start_call_ago(hours(2) + SignedDuration::from_mins(30)).await;
    harbor.was_alive(SignedDuration::ZERO, None).await;
    let token = harbor.token("dana-reyes").await;
    // It has seen by then that there was no outage.
    assert_eq!(harbor.lambda.invoke(question(&token)).await.unwrap()["isAuthorized"], false);
    let now = Timestamp::now();
    let outage = Some(Outage { from: now - hours(1), until: now });
    harbor.was_alive(SignedDuration::ZERO, outage).await;
    let page = harbor.ask(post("/crew/accept", &format!("token={token}&answer=accept"))).await;
    assert_eq!(heading(&page.body), "You're on", "after an outage there is time again: {page:?}");
}
