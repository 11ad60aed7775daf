//! The office steps in by the API.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::Program;

/// What a command leads to, as the charter shows it.
type Then = (Value, &'static str, Value);

/// Every command in an order in which each is possible, and what has come of it.
fn all() -> Vec<Then> {
    let for_dana = |command: &str| json!({ "command": command, "crew_id": "dana", "reason": "rang" });
    let for_sam = |command: &str| json!({ "command": command, "crew_id": "sam", "reason": "overslept" });
    vec![
        (
            json!({ "command": "override", "gate": "rest", "crew_id": "zoe", "reason": "short hop" }),
            "/overrides/0/by",
            json!("booking site"),
        ),
        (json!({ "command": "start" }), "/seats/0/asked", json!(["dana"])),
        (json!({ "command": "pause" }), "/status", json!("paused")),
        (json!({ "command": "resume" }), "/status", json!("running")),
        (json!({ "command": "now", "crew_id": "gene" }), "/seats/0/asked", json!(["dana", "gene"])),
        (for_dana("skip"), "/offers/0/state", json!("rescinded")),
        (
            json!({ "command": "reorder", "position": "deckhand", "first": ["zoe"] }),
            "/status",
            json!("running"),
        ),
        (
            json!({ "command": "extend", "crew_id": "gene", "until": "2026-06-20T12:00:00-07:00" }),
            "/offers/1/reply_by",
            json!("2026-06-20T19:00:00Z"),
        ),
        (
            json!({ "command": "answer", "crew_id": "gene", "answer": "yes", "comment": "See you there." }),
            "/seats/0/aboard",
            json!("gene"),
        ),
        (json!({ "command": "stop" }), "/seats/1/asked", json!([])),
        (
            json!({ "command": "assign", "crew_id": "sam", "reason": "asked for it" }),
            "/seats/1/aboard",
            json!("sam"),
        ),
        (
            json!({ "command": "release", "crew_id": "sam", "reason": "is ill" }),
            "/offers/3/state",
            json!("released"),
        ),
        (json!({ "command": "again" }), "/seats/1/asked", json!(["sam"])),
        (
            json!({ "command": "bounced", "crew_id": "sam", "reason": "550 no such user" }),
            "/offers/4/state",
            json!("undeliverable"),
        ),
        (json!({ "command": "reschedule", "dock": "Pier 9" }), "/revision", json!(2)),
        (json!({ "command": "cancel" }), "/status", json!("cancelled")),
        (json!({ "command": "restore" }), "/status", json!("running")),
        (
            json!({ "command": "turned_up", "crew_id": "sam", "reason": "was seen" }),
            "/seats/1/aboard",
            json!("sam"),
        ),
        (
            json!({ "command": "record_figures", "gratuity": "120.00", "actual_hours": "3.5", "hours_of": { "sam": "2:15" } }),
            "/figures",
            json!({ "gratuity": "120.00", "actual_hours": "3:30", "hours_of": { "sam": "2:15" } }),
        ),
        (for_sam("no_show"), "/figures/hours_of", json!({})),
    ]
}

#[tokio::test]
async fn every_command_of_the_description_does_what_it_says() {
    let program = Program::with_charter().await;
    let description = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let openapi = program.request(description).await.done();
    let mapping = &openapi["components"]["schemas"]["Command"]["discriminator"]["mapping"];
    let described: BTreeSet<String> = mapping.as_object().unwrap().keys().cloned().collect();
    let given: BTreeSet<String> =
        all().iter().map(|(command, ..)| command["command"].as_str().unwrap().to_owned()).collect();
    assert_eq!(given, described);

    for (command, place, then) in all() {
        if command["command"] == "turned_up" {
            let refused = program.give(command.clone()).await;
            assert!(refused.problem(409).starts_with("The sail has not departed yet"), "{}", refused.body);
            program.office.advance("176h").await;
        }
        let before = program.office.app.charter(&"ch".parse().unwrap()).await.unwrap();
        let preview = program.post("/charters/ch/preview", command.clone()).await.done();
        assert_eq!(program.office.app.charter(&"ch".parse().unwrap()).await.unwrap(), before, "{command}");
        let charter = program.give(command.clone()).await.done();
        assert_eq!(charter.pointer(place), Some(&then), "{command}: {charter:#}");
        assert_eq!(charter["status"], preview["status"], "{command}");
        program.office.tick().await;
    }
    let thread = program.get("/charters/ch/thread").await.done();
    let events = thread["events"].as_array().unwrap();
    assert!(events.iter().any(|event| event["said"] == "See you there."), "the words of the answer are lost");
    let by: BTreeSet<&str> = events
        .iter()
        .filter(|event| event["by"] == "office" && event["via"] == "API")
        .map(|event| event["who"].as_str().unwrap())
        .collect();
    assert_eq!(by, BTreeSet::from(["booking site"]));
}

#[tokio::test]
async fn what_a_sail_came_to_is_recorded_as_a_whole() {
    let program = Program::with_charter().await;
    let record = |figures: Value| {
        let mut command = figures;
        command["command"] = json!("record_figures");
        command
    };
    let fee = record(json!({ "gross_revenue": "900.00", "channel_fee": "90.00" }));
    program.give(fee).await.done();
    let charter = program.give(record(json!({ "gratuity": "80" }))).await.done();
    assert_eq!(charter["figures"], json!({ "gratuity": "80.00", "hours_of": {} }));
    let early = program.give(record(json!({ "actual_hours": "3:00" }))).await;
    assert_eq!((early.problem(409).len() > 20, &early.body["rejection"]), (true, &json!("hours_too_early")));
    let fee = program.give(record(json!({ "gross_revenue": "10.00", "channel_fee": "10.01" }))).await;
    assert!(fee.problem(409).contains("correct one of the two"), "{}", fee.body);
    program.office.advance("176h").await;
    let nobody = program.give(record(json!({ "hours_of": { "sam": "3:00" } }))).await;
    assert!(nobody.problem(409).starts_with("sam is not aboard"), "{}", nobody.body);
    let cook = json!({ "command": "turned_up", "crew_id": "sam", "position": "cook", "reason": "was seen" });
    assert!(program.give(cook).await.problem(422).contains("cook"));
}

#[tokio::test]
async fn a_preview_shows_the_coming_times_with_and_without() {
    let program = Program::with_charter().await;
    program.give(json!({ "command": "start" })).await.done();
    program.office.tick().await;
    let skip = json!({ "command": "skip", "crew_id": "dana", "reason": "rang in sick" });
    let preview = program.post("/charters/ch/preview", skip).await.done();
    assert_eq!(preview["before"]["plan"]["asks"][0]["crew_id"], "dana");
    assert_eq!(preview["after"]["plan"]["asks"][0]["crew_id"], "gene");
    let facts = preview["events"].as_array().unwrap().iter().map(|event| event["fact"].as_str().unwrap());
    assert_eq!(preview["mails"][0], "mail to Dana Example (the offer was taken back)", "{preview}");
    assert_eq!(facts.collect::<Vec<_>>(), ["person_skipped", "offer_rescinded", "offer_made", "offer_sent"]);
    assert_eq!(program.asked().await, ["dana"], "to look changes nothing");
    let nobody = json!({ "command": "answer", "crew_id": "maya", "answer": "yes" });
    assert!(program.post("/charters/ch/preview", nobody).await.problem(409).contains("never asked"));
}

#[tokio::test]
async fn a_new_order_is_the_order_of_the_plan() {
    let program = Program::with_charter().await;
    program.give(json!({ "command": "start" })).await.done();
    program.office.tick().await;
    let asked = async || {
        let plan = program.get("/charters/ch/plan").await.done();
        let asks = plan["asks"].as_array().unwrap().iter().filter(|ask| ask["position"] == "captain");
        asks.map(|ask| ask["crew_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked().await, ["dana", "gene", "maya"]);
    program.give(json!({ "command": "reorder", "position": "captain", "first": ["maya"] })).await.done();
    assert_eq!(asked().await, ["dana", "maya", "gene"]);
}
