//! Whether a crew link opens anything at this moment.

use crewcall_dispatch::cascade::Command;
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
    let harbor = Harbor::with("[policy]\nresponse_window = \"1s\"\ngrace = \"0s\"\n").await;
    let _function = harbor.process();
    harbor.start_call().await;
    harbor.tick().await;
    let token = harbor.token("dana-reyes").await;
    assert!(admits(&harbor, &token).await);
    // No tick has let it lapse yet.
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert!(!admits(&harbor, &token).await);
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
    let roster = crate::cli::home::ROSTER.replace(
        r#""availability": { "2099-06-27": "available", "2099-06-28": "unavailable" }"#,
        r#""availability": { "2099-06-27": "unavailable" }"#,
    );
    harbor.home.write("roster.json", roster);
    harbor.home.run(&["roster", "import", "roster.json"]).done();
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
