//! Booking charters and looking at them, the roster, the conversation.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Program;

fn charter(id: &str) -> Value {
    json!({
        "charter_id": id, "vessel": "America", "departs_at": "2026-06-27T16:00:00-07:00",
        "returns_at": "2026-06-27T19:00", "call_time": "2026-06-27T15:15:00-07:00", "dock": "Shelter Island, pier 3",
        "guests": 6, "gross_revenue": "1450.00", "channel_fee": "145.00", "gratuity": "120.00",
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }]
    })
}

#[tokio::test]
async fn a_charter_is_booked_once_and_called() {
    let program = Program::new().await;
    for _ in 0..2 {
        let booked = program.post("/charters", charter("charter_5678")).await;
        assert_eq!(booked.status, StatusCode::CREATED);
        assert_eq!(booked.headers["location"], "/api/v1/charters/charter_5678");
        assert_eq!(booked.body["departs_at"], "2026-06-27T23:00:00Z");
        assert_eq!(
            (&booked.body["status"], &booked.body["gross_revenue"]),
            (&json!("draft"), &json!("1450.00"))
        );
        assert_eq!(
            (&booked.body["channel_fee"], &booked.body["gratuity"]),
            (&json!("145.00"), &json!("120.00"))
        );
    }
    let mut other = charter("charter_5678");
    other["guests"] = json!(8);
    assert!(program.post("/charters", other).await.problem(409).contains("charter_5678"));

    let mut wrong = charter("a b");
    wrong["returns_at"] = json!("2026-06-27T15:00");
    let refused = program.post("/charters", wrong).await;
    refused.problem(422);
    let fields: Vec<&str> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["charter_id", "returns_at"]);
    let mut cook = charter("cook");
    cook["positions"][1]["position"] = json!("cook");
    assert!(program.post("/charters", cook).await.problem(422).contains("cook"));

    let plan = program.get("/charters/charter_5678/plan").await.done();
    assert_eq!(plan["asks"][0]["crew_id"], "dana");
    assert_eq!(plan["skipped"][0]["reasons"][0]["reason"], "unavailable", "{plan}");
    let started = program.post("/charters/charter_5678/commands", json!({ "command": "start" })).await.done();
    assert_eq!(started["status"], "running");
    assert_eq!(started["seats"][0]["asked"], json!(["dana"]));
    program.office.tick().await;
    let shown = program.get("/charters/charter_5678").await.done();
    assert_eq!((&shown["offers"][0]["state"], &shown["offers"][0]["number"]), (&json!("sent"), &json!(1)));
}

#[tokio::test]
async fn many_charters_come_page_by_page() {
    let program = Program::new().await;
    for hour in 8..13 {
        program.office.book(&format!("ch{hour}"), (hour, hour + 1), &[("captain", 1)]).await.unwrap();
    }
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/charters?limit=2{next}")).await.done();
        seen.extend(page["charters"].as_array().unwrap().iter().map(|ch| ch["charter_id"].clone()));
        match page["next"].as_str() {
            Some(after) => next = format!("&after={after}"),
            None => break,
        }
    }
    assert_eq!(seen, ["ch8", "ch9", "ch10", "ch11", "ch12"]);
    let all = program.get("/charters?limit=5").await.done();
    assert!(all.get("next").is_none(), "there is nothing after the last: {}", all["next"]);
    let later = program.get("/charters?from=2026-06-27T11:30:00-07:00").await.done();
    assert_eq!(later["charters"][0]["charter_id"], "ch12");
}

#[tokio::test]
async fn the_roster_comes_page_by_page() {
    let program = Program::new().await;
    let ids = |page: &Value| -> Vec<String> {
        let people = page["people"].as_array().unwrap().iter();
        people.map(|person| person["crew_id"].as_str().unwrap().to_owned()).collect()
    };
    let whole = program.get("/roster").await.done();
    assert!(whole.get("next").is_none());
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = program.get(&format!("/roster?limit=3{next}")).await.done();
        assert!(ids(&page).len() <= 3);
        seen.extend(ids(&page));
        match page["next"].as_str() {
            Some(after) => next = format!("&after={after}"),
            None => break,
        }
    }
    assert_eq!((seen.len(), &seen), (10, &ids(&whole)));
    for wrong in ["after=dana", "after=captain/1/a%20b", "limit=101", "limt=3"] {
        program.get(&format!("/roster?{wrong}")).await.problem(400);
    }
}

#[tokio::test]
async fn the_conversation_is_read_in_parts_and_written_to() {
    let program = Program::with_charter().await;
    program.office.run(&"ch".parse().unwrap(), crewcall_dispatch::cascade::Command::Start).await.unwrap();
    program.office.tick().await;
    let refused = program.post("/charters/ch/thread", json!({ "to": "crew", "text": "Hello" })).await;
    assert!(refused.problem(409).contains("aboard"));
    program.office.press("dana", "accept").await;
    program.post("/charters/ch/thread", json!({ "to": "crew", "text": "Bring a jacket." })).await.done();
    let note = json!({ "to": "office", "text": "The guests are early." });
    assert_eq!(program.post("/charters/ch/thread", note).await.done()["said"], "The guests are early.");
    program.office.tick().await;
    let mails = program.office.mailbox.list();
    assert!(mails.iter().any(|arrived| arrived.mail.text.contains("Bring a jacket.")));
    assert!(!mails.iter().any(|arrived| arrived.mail.text.contains("early")), "a note was mailed");

    let whole = program.get("/charters/ch/thread").await.done();
    assert_eq!(whole["more"], false);
    let events = whole["events"].as_array().unwrap();
    let accepted = events.iter().find(|event| event["fact"] == "offer_accepted").unwrap();
    assert_eq!((&accepted["by"], &accepted["who"]), (&json!("crew"), &json!("dana")));
    let posted = events.iter().find(|event| event["said"] == "Bring a jacket.").unwrap();
    assert_eq!((&posted["who"], &posted["via"]), (&json!("booking site"), &json!("API")));
    for after in 0..=events.len() + 2 {
        for limit in [1, 3, 500] {
            let part = program.get(&format!("/charters/ch/thread?after={after}&limit={limit}")).await.done();
            let end = events.len().min(after + limit);
            assert_eq!(part["events"].as_array().unwrap(), &events[after.min(end)..end], "{after} {limit}");
            assert_eq!(part["more"], end < events.len(), "{after} {limit}");
        }
    }
    let far = program.get(&format!("/charters/ch/thread?after={}", i64::MAX)).await.done();
    assert_eq!((&far["more"], &far["events"]), (&json!(false), &json!([])));
}

#[tokio::test]
async fn the_roster_says_whom_mail_reaches() {
    let program = Program::new().await;
    let roster = program.get("/roster").await.done();
    let people = roster["people"].as_array().unwrap();
    assert_eq!((people.len(), &people[0]["crew_id"]), (10, &json!("dana")));
    assert_eq!(people[0]["record"]["availability"]["2026-06-27"], "available");
    let put =
        async |body: Value| program.send(Method::PUT, "/roster/dana/contact", Some(&body), "").await.done();
    let dana = put(json!({ "mail_arrives": false, "reason": "550 no such user" })).await;
    assert_eq!(dana["undeliverable"]["error"], "550 no such user");
    assert_eq!(program.get("/roster").await.done()["people"][0], dana);
    assert!(put(json!({ "mail_arrives": true })).await.get("undeliverable").is_none());
}
