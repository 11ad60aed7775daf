//! What goes wrong, and that the next event finds everything in order.

use serde_json::json;

use super::events::{get, post, schedule};
use super::harbor::Harbor;
use crate::support::proxy::{COMMIT, Trouble, exception};

#[tokio::test]
async fn an_event_of_another_kind_is_an_error_that_says_so() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    let mut old_request = json!({ "httpMethod": "GET", "path": "/", "resource": "/{proxy+}" });
    old_request["requestContext"] = json!({ "stage": "prod", "httpMethod": "GET" });
    let mut broken = get("/");
    broken["headers"] = json!(7);
    for (event, said) in [
        (json!({}), "neither a request"),
        (json!(null), "neither a request"),
        (json!("tick"), "neither a request"),
        (json!([1, 2]), "neither a request"),
        (json!({ "Records": [{ "eventSource": "aws:sqs", "body": "x" }] }), "neither a request"),
        (json!({ "detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2" }), "neither"),
        (json!({ "detail-type": "Scheduled Event", "source": "example" }), "neither"),
        (old_request, "set the integration's format to 2.0"),
        (
            json!({ "type": "TOKEN", "authorizationToken": "x", "methodArn": "arn" }),
            "make it one of the type REQUEST",
        ),
        (json!({ "type": "REQUEST" }), "names no route"),
        (broken, "cannot be read"),
    ] {
        let (kind, message) = harbor.lambda.invoke(event.clone()).await.unwrap_err();
        assert_eq!(kind, "UnknownEvent", "{event}");
        assert!(message.contains(said), "{event}: {message}");
    }
    assert_eq!(harbor.ask(get("/health/live")).await.status, 200);
}

#[tokio::test]
async fn a_store_that_is_away_is_a_page_that_says_so_and_an_error_of_the_tick() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    assert_eq!(harbor.ask(get("/health/live")).await.status, 200);
    let away = || Trouble::Instead(500, exception("InternalServerError"));
    harbor.proxy.expect("GetItem", (0..4).map(|_| away()));
    let page = harbor.ask(get(&format!("/crew/accept?token={token}"))).await;
    assert_eq!(page.status, 503, "{page:?}");
    // One query for each shard, and four attempts of each.
    harbor.proxy.expect("Query", (0..16).map(|_| away()));
    let (kind, _) = harbor.lambda.invoke(schedule()).await.unwrap_err();
    assert_eq!(kind, "Store");
    assert_eq!(harbor.tick().await["done"], 2);
}

/// Ended in the middle of everything, again and again, by whoever runs Lambda.
#[tokio::test]
async fn a_yes_whose_process_dies_is_in_or_is_not_and_the_next_press_finds_out() {
    let harbor = Harbor::new().await;
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let accept = post("/crew/accept", &format!("token={token}&answer=accept"));
    // The commit arrives, and its answer finds nobody.
    harbor.proxy.expect(COMMIT, [Trouble::Late(std::time::Duration::from_secs(2))]);
    let mut function = harbor.process();
    let (lambda, event) = (harbor.lambda.clone(), accept.clone());
    let unanswered = tokio::spawn(async move { lambda.invoke(event).await });
    let mut waited = 0;
    while harbor.charter().await.aboard().is_empty() {
        assert!(waited < 500, "the commit never arrived");
        waited += 1;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    function.kill().await;
    unanswered.abort();
    let _next = harbor.process();
    let page = harbor.ask(accept).await;
    assert!(page.body.contains("You're on"), "{page:?}");
    assert_eq!(harbor.charter().await.aboard().len(), 1);
}

#[tokio::test]
async fn settings_that_are_wrong_end_the_process_with_a_sentence() {
    let harbor = Harbor::new().await;
    harbor.home.write("crewcall.toml", "[operator]\nname = 7\n");
    let mut function = harbor.process();
    assert_eq!(function.end(), Some(1));
    assert!(harbor.log().contains("operator.name"), "{}", harbor.log());
}

#[tokio::test]
async fn a_file_is_no_store_where_files_vanish() {
    let harbor = Harbor::new().await;
    harbor.home.write("crewcall.toml", crate::cli::home::SETTINGS);
    let mut function = harbor.process();
    assert_eq!(function.end(), Some(1));
    assert!(harbor.log().contains("set store.kind to \"dynamodb\""), "{}", harbor.log());
    assert!(!harbor.home.path().join("crewcall.db").exists());
}
