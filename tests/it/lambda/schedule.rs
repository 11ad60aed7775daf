//! Events of the schedule: one tick each, within its time.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use crewcall_dispatch::cascade::OfferState;
use jiff::SignedDuration;
use serde_json::json;
use tokio::net::TcpListener;

use super::events::{post, schedule};
use super::front::Way;
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

#[tokio::test]
async fn a_function_with_too_little_time_says_so_and_begins_nothing() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let (kind, said) = harbor.lambda.invoke_within(schedule(), Duration::from_secs(10)).await.unwrap_err();
    assert_eq!(kind, "TooShort");
    assert!(said.contains("set the function's timeout to 60 s"), "{said}");
    assert_eq!(harbor.mails().len(), 0);
    assert_eq!(harbor.tick().await["done"], 2);
}

/// Whoever cannot answer loses no time: the tick asks for a page by the address that people have.
#[tokio::test]
async fn no_offer_lapses_while_people_do_not_reach_the_pages() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call_ago(SignedDuration::from_mins(150)).await;
    for (way, why) in [
        (Way::Answers(StatusCode::SERVICE_UNAVAILABLE), "it answered 503"),
        (Way::Answers(StatusCode::SEE_OTHER), "it answered 303"),
        (Way::ParksTheDomain, "it is not one of crewcall's"),
        (Way::Hangs, "it did not answer within 3 s"),
    ] {
        harbor.front.does(way);
        harbor.tick().await;
        assert_eq!(harbor.charter().await.offers[0].state, OfferState::Sent);
        assert_eq!(harbor.sign().await.served_at, None);
        assert!(harbor.log().contains(why), "{}", harbor.log());
        assert_eq!(harbor.metrics().last().unwrap()["PagesDown"], 1);
    }
    // However long it is since they were reached.
    for minutes in [1, 40, 25 * 60] {
        harbor.was_alive(SignedDuration::from_mins(minutes), None).await;
        harbor.front.does(Way::Answers(StatusCode::BAD_GATEWAY));
        let before = harbor.sign().await.served_at;
        harbor.tick().await;
        assert_eq!(harbor.charter().await.offers[0].state, OfferState::Sent, "{minutes} minutes");
        assert_eq!(harbor.sign().await.served_at, before);
    }
    // They are back, and Dana gets the time that she did not have.
    harbor.front.does(Way::Answers(StatusCode::OK));
    let before = harbor.sign().await.served_at;
    harbor.tick().await;
    let (sign, state) = (harbor.sign().await, harbor.charter().await);
    assert_eq!(sign.outage.map(|outage| Some(outage.from)), Some(before));
    assert_eq!(state.offers[0].state, OfferState::Sent, "{state:?}");
    assert!(state.offers[0].closes_at > Some(sign.at), "{state:?}");
    assert_eq!(harbor.metrics().last().unwrap()["PagesDown"], 0);
}

#[tokio::test]
async fn an_offer_lapses_in_time_where_people_reach_the_pages() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call_ago(SignedDuration::from_mins(150)).await;
    harbor.was_alive(SignedDuration::from_mins(1), None).await;
    assert_eq!(harbor.tick().await["settled"], 1);
    assert_eq!(harbor.charter().await.offers[0].state, OfferState::Expired);
}

/// What is due is done in time, whatever is the matter with mail; and the mails wait.
#[tokio::test]
async fn deadlines_do_not_wait_for_the_password_of_the_mail_server() {
    let smtp = "[mail.smtp]\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nusername = \"crew\"\n\
                password_secret = \"harbor/smtp\"\n";
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for (at, why) in [
        ("http://127.0.0.1:9".to_owned(), "onnect"),
        (format!("http://{}", silent.local_addr().unwrap()), "no answer within 5 s"),
    ] {
        let harbor = Harbor::with(smtp).await;
        harbor.mails_by_smtp();
        let _function = harbor.process_with(&[("AWS_ENDPOINT_URL_SECRETS_MANAGER", &at)]);
        harbor.start_call_ago(SignedDuration::from_mins(150)).await;
        harbor.was_alive(SignedDuration::from_mins(1), None).await;
        let (kind, said) = harbor.lambda.invoke(schedule()).await.unwrap_err();
        assert_eq!(kind, "Transport", "{said}");
        assert!(said.contains("the secret harbor/smtp cannot be read") && said.contains(why), "{said}");
        assert_eq!(harbor.charter().await.offers[0].state, OfferState::Expired, "{why}");
        let stuck = harbor.app.stuck_mails().await.unwrap();
        let told = stuck[0].last_error.as_deref().unwrap_or_default();
        assert!(told.contains("the secret harbor/smtp cannot be read"), "the office reads why: {told}");
        assert!(stuck.iter().all(|row| row.lost_answers == 0 && !row.in_flight), "{stuck:?}");
    }
}

/// A mail server that takes the connection and says nothing. No mail has left, so none counts as one that may have:
/// else its reader would have time to answer what never came.
#[tokio::test]
async fn a_mail_server_that_hangs_is_known_to_before_the_tick_ends() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let smtp = format!("[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n");
    let harbor = Harbor::with(&smtp).await;
    harbor.mails_by_smtp();
    let _function = harbor.process();
    harbor.start_call().await;
    let begun = Instant::now();
    let answer = harbor.tick().await;
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!((&answer["done"], &answer["put_off"]), (&json!(0), &json!(1)), "{answer}");
    let stuck = harbor.app.stuck_mails().await.unwrap();
    let why = stuck[0].last_error.as_deref().unwrap_or_default();
    assert!(why.contains("was not ready for the mail within 20 s"), "{why}");
    assert_eq!((stuck.len(), stuck[0].lost_answers, stuck[0].in_flight), (1, 0, false));
    // People may answer meanwhile.
    let token = harbor.token("dana-reyes").await;
    let page = harbor.ask(post("/crew/accept", &format!("token={token}&answer=accept"))).await;
    assert_eq!(page.status, 200);
}
