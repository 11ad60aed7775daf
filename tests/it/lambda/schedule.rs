//! Events of the schedule: one tick each, within its time.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpListener;

use super::events::{post, schedule};
use super::harbor::Harbor;

#[tokio::test]
async fn a_tick_says_what_it_did_and_how_late_the_oldest_work_was() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    let idle = harbor.tick().await;
    assert_eq!(idle, json!({ "settled": 0, "done": 0, "dropped": 0, "put_off": 0, "failed": 0 }));
    harbor.start_call().await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let busy = harbor.tick().await;
    assert_eq!(busy["done"], 2, "{busy}");
    let metrics = harbor.metrics();
    let ages: Vec<i64> = metrics.iter().map(|line| line["OldestDue"].as_i64().unwrap()).collect();
    assert!(ages.len() == 2 && ages[0] == 0 && (1..30).contains(&ages[1]), "{metrics:?}");
    for line in &metrics {
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        // Every metric and dimension that is announced is a member of the line, as the format asks for.
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
        }
        assert_eq!(
            (&directive["Dimensions"], &line["Service"]),
            (&json!([["Service"]]), &json!("crewcall-test"))
        );
    }
}

#[tokio::test]
async fn both_kinds_of_schedule_are_known() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let mut event = schedule();
    event["source"] = json!("aws.scheduler");
    event["resources"] = json!(["arn:aws:scheduler:us-west-2:123456789012:schedule/default/crewcall-tick"]);
    event["detail"] = json!("{}");
    assert_eq!(harbor.lambda.invoke(event).await.unwrap()["done"], 2);
}

/// The first twenty mails may leave at once, and one a minute after that.
#[tokio::test]
async fn a_tick_that_has_to_wait_ends_in_time_and_leaves_the_rest_to_the_next() {
    let harbor = Harbor::with("").await;
    let settings = std::fs::read_to_string(harbor.home.path().join("crewcall.toml")).unwrap();
    harbor.home.write("crewcall.toml", settings.replace("[mail]\n", "[mail]\nper_minute = 1\n"));
    let mut function = harbor.process();
    for number in 0..25 {
        let charter = crate::cli::home::CHARTER
            .replace("charter_5678", &format!("ch-{number}"))
            .replace("06-27T", &format!("{:02}-{:02}T", 7 + number / 28, 1 + number % 28))
            .replace(
                r#"[ { "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 } ]"#,
                r#"[ { "position": "captain", "quantity": 1 } ]"#,
            );
        harbor.home.feed(&["charter", "add"], charter).done();
        // Nobody has said that they can come, so that only the office hears of it: one mail each.
        harbor.home.run(&["call", "start", &format!("ch-{number}")]).done();
    }
    let begun = Instant::now();
    let first = harbor.lambda.invoke_within(schedule(), Duration::from_secs(8)).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    let left = first["done"].as_u64().unwrap();
    assert!((20..25).contains(&left), "{first}");
    assert_eq!(harbor.mails().len() as u64, left);
    // Another process knows nothing of the pace of this one, and does the rest.
    function.kill().await;
    let _another = harbor.process();
    let second = harbor.lambda.invoke_within(schedule(), Duration::from_secs(30)).await.unwrap();
    assert_eq!((second["done"].as_u64().unwrap() + left, harbor.mails().len()), (25, 25), "{second}");
}

/// A mail server that takes the connection and says nothing.
#[tokio::test]
async fn a_mail_that_hangs_is_given_up_in_time_and_is_not_lost() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let smtp = format!("[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n");
    let harbor = Harbor::with(&smtp).await;
    let settings = std::fs::read_to_string(harbor.home.path().join("crewcall.toml")).unwrap();
    harbor.home.write("crewcall.toml", settings.replace("\"file\"", "\"smtp\""));
    let _function = harbor.process();
    harbor.start_call().await;
    let begun = Instant::now();
    let answer = harbor.lambda.invoke_within(schedule(), Duration::from_secs(4)).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_eq!(answer["done"], 0, "{answer}");
    assert!(harbor.log().contains("time ran out"), "{}", harbor.log());
    // It is still in the outbox, and people may answer meanwhile.
    let waiting = harbor.app.next_due().await.unwrap();
    assert!(waiting.is_some());
    let token = harbor.token("dana-reyes").await;
    let page = harbor.ask(post("/crew/accept", &format!("token={token}&answer=accept"))).await;
    assert_eq!(page.status, 200);
}
