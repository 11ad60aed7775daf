//! A request that is sent again under its key has one effect, and one answer.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::{Answer, Program};
use crate::store::conformance::sqlite;
use crate::support::office::Office;

async fn send(program: &Program, path: &str, body: &Value, key: &str) -> Answer {
    program.send(Method::POST, path, Some(body), key).await
}

#[tokio::test]
async fn sent_again_under_its_key_a_request_is_not_carried_out_again() {
    let program = Program::with_charter().await;
    let give = async |body: Value, key: &str| send(&program, "/charters/ch/commands", &body, key).await;
    let start = json!({ "command": "start" });
    let first = give(start.clone(), "k1").await.done();
    program.office.tick().await;
    let yes = json!({ "command": "answer", "crew_id": "dana", "answer": "yes" });
    give(yes.clone(), "k2").await.done();
    // What the answer would mean by now, and whether it is refused, says nothing of the one that was given.
    let facts = program.office.app.charter(&"ch".parse().unwrap()).await.unwrap().facts;
    give(yes.clone(), "k2").await.done();
    assert_eq!(give(start.clone(), "k1").await.done()["charter_id"], first["charter_id"]);
    assert_eq!(program.office.app.charter(&"ch".parse().unwrap()).await.unwrap().facts, facts);
    let other = give(start, "k2").await;
    assert!(other.problem(422).contains("key"), "a key of another request");
    assert_eq!(other.body["code"], "key_used");
    let written_otherwise = json!({ "answer": "yes", "crew_id": "dana", "command": "answer" });
    give(written_otherwise, "k2").await.done();

    let note = json!({ "to": "office", "text": "The guests are early." });
    for key in ["k3", "k3", "k4"] {
        send(&program, "/charters/ch/thread", &note, key).await.done();
    }
    let thread = program.get("/charters/ch/thread").await.done();
    let notes = thread["events"].as_array().unwrap().iter();
    assert_eq!(notes.filter(|event| event["said"] == "The guests are early.").count(), 2);
    let long = "k".repeat(256);
    for key in [" ", long.as_str()] {
        send(&program, "/charters/ch/thread", &note, key).await.problem(400);
    }
}

#[tokio::test]
async fn one_request_has_one_key() {
    let program = Program::with_charter().await;
    let request = Request::post("/api/v1/charters/ch/commands")
        .header("authorization", format!("Bearer {}", program.token))
        .header("content-type", "application/json")
        .header("idempotency-key", "k1")
        .header("idempotency-key", "k2")
        .body(Body::from("{\"command\":\"start\"}"));
    assert!(program.request(request.unwrap()).await.problem(400).contains("more than one Idempotency-Key"));
    assert!(program.asked().await.is_empty());
}

#[tokio::test]
async fn a_booking_that_comes_again_is_no_other_charter_though_it_was_moved() {
    let program = Program::new().await;
    let charter = json!({
        "charter_id": "ch", "vessel": "America", "departs_at": "2026-06-27T16:00", "returns_at": "2026-06-27T19:00",
        "call_time": "2026-06-27T15:15", "dock": "Pier 3", "positions": [{ "position": "captain", "quantity": 1 }]
    });
    send(&program, "/charters", &charter, "k").await.done();
    program.give(json!({ "command": "reschedule", "dock": "Pier 9" })).await.done();
    assert_eq!(send(&program, "/charters", &charter, "k").await.done()["dock"], "Pier 9");
    send(&program, "/charters", &charter, "other").await.problem(409);
    let mut second = charter.clone();
    second["charter_id"] = json!("second");
    send(&program, "/charters", &second, "k").await.problem(422);
    second["charter_id"] = json!("third");
    for key in ["", "third"] {
        send(&program, "/charters", &second, key).await.done();
    }
    let moved = json!({ "command": "reschedule", "dock": "Pier 9" });
    send(&program, "/charters/third/commands", &moved, "").await.done();
    assert_eq!(send(&program, "/charters", &second, "third").await.done()["dock"], "Pier 9");
    send(&program, "/charters/third/commands", &json!({ "command": "cancel" }), "").await.done();
    let mut again = second.clone();
    again["dock"] = json!("Pier 9");
    // Refused, it is not remembered as done.
    for key in ["", "again", "again"] {
        let refused = send(&program, "/charters", &again, key).await;
        assert!(refused.problem(409).contains("restore"), "{}", refused.body);
        assert_eq!(refused.body["code"], "charter_cancelled");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_at_once_has_one_effect() {
    // On a file, because there a request waits for the store, and the others come in between.
    let store = sqlite().await;
    let program = Program::of(Office::new(store.store.clone()).await).await;
    program.office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    program.give(json!({ "command": "start" })).await.done();
    let note = json!({ "to": "office", "text": "Once." });
    let path = "/charters/ch/thread";
    let (a, b, c) = tokio::join!(
        send(&program, path, &note, "k"),
        send(&program, path, &note, "k"),
        send(&program, path, &note, "k")
    );
    for answer in [a, b, c] {
        answer.done();
    }
    let thread = program.get(path).await.done();
    let said = thread["events"].as_array().unwrap().iter().filter(|event| event["said"] == "Once.");
    assert_eq!(said.count(), 1);
}
