//! Whether a crew link opens anything at this moment.

use crewcall::store::{Write, read};
use crewcall_dispatch::cascade::{Command, OfferState};
use crewcall_dispatch::model::CrewMember;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::events::{old_question, post, question};
use super::harbor::{Harbor, id};
use crate::support::proxy::Trouble;

async fn admits(harbor: &Harbor, token: &str) -> bool {
    let simple = harbor.lambda.invoke(question(token)).await.unwrap();
    let policy = harbor.lambda.invoke(old_question(token)).await.unwrap();
    let statement = &policy["policyDocument"]["Statement"][0];
    let method = "arn:aws:execute-api:us-west-2:123456789012:r3pmxmplak/prod/GET/tides";
    assert_eq!(
        (&statement["Action"], &statement["Resource"]),
        (&json!("execute-api:Invoke"), &json!(method))
    );
    let yes = simple["isAuthorized"].as_bool().unwrap();
    assert_eq!(statement["Effect"], if yes { "Allow" } else { "Deny" });
    let fields: Vec<&String> = simple["context"].as_object().unwrap().keys().collect();
    assert_eq!(simple["context"], policy["context"]);
    if yes {
        assert_eq!(fields, ["charter_id", "crew_id", "token_id"]);
        assert_eq!(policy["principalId"], simple["context"]["crew_id"]);
    } else {
        assert!(fields.is_empty(), "a refusal tells nothing of whose link it is: {simple}");
    }
    yes
}

#[tokio::test]
async fn an_open_link_is_let_in_until_it_is_answered() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    for _ in 0..3 {
        assert!(admits(&harbor, &token).await);
    }
    assert_eq!(harbor.charter().await.aboard().len(), 0, "a question changes nothing");
    let answer = format!("token={token}&answer=accept");
    assert_eq!(harbor.ask(post("/crew/accept", &answer)).await.status, 200);
    assert!(!admits(&harbor, &token).await);
    harbor.ask(post("/crew/accept", &format!("token={token}&answer=undo"))).await;
    assert!(admits(&harbor, &token).await, "a yes that was taken back leaves the link open");
}

#[tokio::test]
async fn what_is_no_whole_link_of_ours_is_refused() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let (public, secret) = token.split_once('.').unwrap();
    let flipped: String = secret.chars().map(|c| if c == 'a' { 'b' } else { 'a' }).collect();
    for wrong in [
        "",
        ".",
        public,
        "x.y",
        &format!("{public}.{flipped}"),
        &format!("{public}.{secret}x"),
        &"x".repeat(500),
    ] {
        assert!(!admits(&harbor, wrong).await, "{wrong} was let in");
    }
    let mut nothing = question(&token);
    nothing["queryStringParameters"] = Value::Null;
    assert_eq!(harbor.lambda.invoke(nothing).await.unwrap()["isAuthorized"], false);
    assert!(admits(&harbor, &token).await);
}

#[tokio::test]
async fn an_offer_that_has_ended_lets_nobody_in() {
    // Windows are two hours long. No tick has let an offer lapse yet.
    for (hours, is_in_time) in [(1, true), (3, false)] {
        let harbor = Harbor::new().await;
        let _function = harbor.process();
        harbor.start_call_ago(SignedDuration::from_hours(hours)).await;
        let token = harbor.token("dana-reyes").await;
        assert_eq!(admits(&harbor, &token).await, is_in_time, "asked {hours} hours ago");
        let state = harbor.charter().await;
        assert!(state.offers[0].state == OfferState::Sent && state.offers.len() == 1, "{state:?}");
    }
}

/// What the office knew when it asked somebody by its own word does not speak against them afterwards.
#[tokio::test]
async fn whoever_the_office_asks_by_its_word_is_let_in() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.import(r#""2099-06-27": "unavailable""#);
    harbor.run(&Command::AskNow { crew_id: "dana-reyes".parse().unwrap() }).await;
    let token = harbor.token("dana-reyes").await;
    assert!(admits(&harbor, &token).await);
}

#[tokio::test]
async fn who_has_left_the_roster_is_not_let_in() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let crew_id = "dana-reyes".parse().unwrap();
    // As another program takes a record away.
    let record = read::<CrewMember>(&*harbor.app.store, "dana-reyes").await.unwrap().unwrap();
    let delete = Write::delete::<CrewMember>("dana-reyes", record.version);
    harbor.app.store.commit(vec![delete]).await.unwrap();
    assert!(harbor.app.member(&crew_id).await.unwrap().is_none());
    assert!(!admits(&harbor, &token).await);
}

/// Of two values each side might take another one.
#[tokio::test]
async fn an_address_with_several_tokens_lets_nobody_in() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let mut simple = question(&token);
    simple["rawQueryString"] = json!(format!("token={token}&token={token}"));
    simple["queryStringParameters"]["token"] = json!(format!("{token},{token}"));
    assert_eq!(harbor.lambda.invoke(simple).await.unwrap()["isAuthorized"], false);
    let mut policy = old_question(&token);
    for (values, effect) in [(vec![&token], "Allow"), (vec![&token, &token], "Deny"), (vec![], "Deny")] {
        policy["multiValueQueryStringParameters"] = json!({ "token": values });
        let answer = harbor.lambda.invoke(policy.clone()).await.unwrap();
        assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], effect, "{values:?}");
    }
}

#[tokio::test]
async fn a_charter_that_is_off_lets_nobody_in() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    harbor.run(&Command::Cancel).await;
    assert!(!admits(&harbor, &token).await);
}

#[tokio::test]
async fn who_is_off_by_now_is_not_let_in() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    assert!(admits(&harbor, &token).await);
    // The roster alone is changed: no tick has looked at it yet, and the offer stands.
    harbor.import(r#""2099-06-27": "unavailable""#);
    assert_eq!(
        harbor.app.charter(&id()).await.unwrap().offers.iter().filter(|offer| offer.in_force()).count(),
        1
    );
    assert!(!admits(&harbor, &token).await);
}

#[tokio::test]
async fn a_store_that_fails_is_no_refusal() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    assert!(admits(&harbor, &token).await);
    let exception = crate::support::proxy::exception("InternalServerError");
    harbor.proxy.expect("GetItem", (0..4).map(|_| Trouble::Instead(500, exception.clone())));
    let (kind, said) = harbor.lambda.invoke(question(&token)).await.unwrap_err();
    assert_eq!(kind, "Store", "{said}");
    assert!(admits(&harbor, &token).await);
}
