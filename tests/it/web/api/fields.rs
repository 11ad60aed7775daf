//! What a request's fields take: the description and the reading say the same of them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use crewcall_dispatch::limits;
use serde_json::{Value, json};

use super::Program;

impl Program {
    /// The schemas of the description, by name.
    pub(super) async fn schemas(&self) -> Value {
        let description = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
        self.request(description).await.done()["components"]["schemas"].take()
    }

    /// The field that is wrong in a command, and what is wrong with it.
    async fn wrong_field(&self, path: &str, body: &Value) -> (String, String) {
        let answer = self.post(path, body.clone()).await;
        answer.problem(422);
        assert_eq!(answer.body["code"], "field", "{}", answer.body);
        let errors = answer.body["errors"].as_array().unwrap();
        let text = |name: &str| errors[0][name].as_str().unwrap().to_owned();
        (text("field"), text("problem"))
    }
}

#[tokio::test]
async fn a_fault_names_its_field() {
    let program = Program::with_charter().await;
    let skip = |reason: Value| json!({ "command": "skip", "crew_id": "dana", "reason": reason });
    let moved = |positions: Value| json!({ "command": "reschedule", "positions": positions });
    for (body, field, says) in [
        (json!({}), "command", "is missing; there are start, pause"),
        (json!({ "command": "sail" }), "command", "\"sail\", which is no command; there are start"),
        (json!({ "command": ["start"] }), "command", "not a word"),
        (json!({ "command": { "start": null } }), "command", "not a word"),
        (json!({ "command": "pause", "now": true }), "now", "unknown field"),
        (json!({ "command": "skip", "crew_id": "dana" }), "reason", "is missing"),
        (skip(json!(7)), "reason", "integer `7`"),
        (skip(json!("")), "reason", "is empty"),
        (skip(json!("x".repeat(201))), "reason", "at most 200"),
        (json!({ "command": "now", "crew_id": "da na" }), "crew_id", "has the character ' '"),
        (json!({ "command": "extend", "crew_id": "dana", "until": "noon" }), "until", "is no instant"),
        (json!({ "command": "override", "gate": "tide", "reason": "x" }), "gate", "write one of bareboat"),
        (json!({ "command": "reorder", "position": "captain", "first": ["gene", "a b"] }), "first[1]", "' '"),
        (json!({ "command": "reorder", "position": "", "first": ["gene"] }), "position", "is empty"),
        (json!({ "command": "answer", "crew_id": "dana", "answer": "maybe" }), "answer", "`yes` or `no`"),
        (json!({ "command": "answer", "crew_id": "dana", "answer": { "yes": null } }), "answer", "a string"),
        (json!({ "command": "record_figures", "gratuity": 120.5 }), "gratuity", "120.5"),
        (json!({ "command": "record_figures", "channel_fee": "$5" }), "channel_fee", "write an amount"),
        (json!({ "command": "record_figures", "actual_hours": "3h" }), "actual_hours", "as 3:30"),
        (json!({ "command": "record_figures", "hours_of": { "sam": "3:99" } }), "hours_of.sam", "as 3:30"),
        (json!({ "command": "record_figures", "hours_of": { "a b": "3:30" } }), "hours_of.a b", "' '"),
        (json!({ "command": "reschedule", "guests": 6.5 }), "guests", "6.5"),
        (moved(json!([["captain", 1]])), "positions[0]", "expected an object"),
        (moved(json!([{ "position": "deckhand", "quantity": "2" }])), "positions[0].quantity", "\"2\""),
        (moved(json!([{ "position": "deckhand" }])), "positions[0].quantity", "is missing"),
        (moved(json!([{ "position": "a b", "quantity": 1 }])), "positions[0].position", "one word"),
        (
            moved(json!([{ "position": "host", "quantity": 1, "rank": 2 }])),
            "positions[0].rank",
            "unknown field",
        ),
    ] {
        for path in ["/charters/ch/commands", "/charters/ch/preview"] {
            let (named, problem) = program.wrong_field(path, &body).await;
            assert!(named == field && problem.contains(says), "{body}: {named} {problem}");
        }
    }
    let to = json!({ "to": { "office": null }, "text": "Hello" });
    assert_eq!(program.wrong_field("/charters/ch/thread", &to).await.0, "to");
    let booking = json!({ "charter_id": "x", "positions": [["captain", 1]] });
    assert_eq!(program.wrong_field("/charters", &booking).await.0, "positions[0]");
}

#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let program = Program::with_charter().await;
    let moved = json!({ "command": "reschedule", "guests": 8.0, "positions": [{ "position": "deckhand", "quantity": 2.0 }] });
    let charter = program.give(moved).await.done();
    assert_eq!((&charter["guests"], &charter["positions"][1]["quantity"]), (&json!(8), &json!(2)));
}

#[tokio::test]
async fn every_body_of_the_description_says_that_it_takes_nothing_else() {
    let schemas = Program::new().await.schemas().await;
    let command = &schemas["Command"];
    assert_eq!(command["discriminator"]["propertyName"], "command");
    let mapping = command["discriminator"]["mapping"].as_object().unwrap();
    let forms: BTreeSet<&str> = mapping.values().map(|form| form.as_str().unwrap()).collect();
    let one_of = command["oneOf"].as_array().unwrap().iter();
    assert_eq!(one_of.map(|one| one["$ref"].as_str().unwrap()).collect::<BTreeSet<_>>(), forms);
    for (word, form) in mapping {
        let form = &schemas[form.as_str().unwrap().rsplit('/').next().unwrap()];
        assert_eq!(form["additionalProperties"], false, "{word}");
        assert_eq!(form["properties"]["command"]["enum"], json!([word]));
        assert!(form["required"].as_array().unwrap().contains(&json!("command")), "{word}");
        assert!(form["description"].as_str().is_some_and(|text| !text.is_empty()), "{word}");
    }
    for body in ["NewCharter", "Text", "Contact"] {
        assert_eq!(schemas[body]["additionalProperties"], false, "{body}");
    }
}

#[tokio::test]
async fn the_description_has_the_limits_of_the_rules() {
    let schemas = Program::new().await.schemas().await;
    for (field, keyword, limit) in [
        ("CharterId", "maxLength", limits::ID_CHARS),
        ("CrewId", "maxLength", limits::ID_CHARS),
        ("Rank", "maxLength", limits::RANK_CHARS),
        ("Name", "maxLength", limits::NAME_CHARS),
        ("Note", "maxLength", limits::NOTE_CHARS),
        ("Comment", "maxLength", limits::COMMENT_CHARS),
        ("Message", "maxLength", limits::MESSAGE_CHARS),
        ("Guests", "maximum", limits::GUESTS as usize),
    ] {
        assert_eq!(schemas[field][keyword].as_f64(), Some(limit as f64), "{field}: {}", schemas[field]);
    }
    assert_eq!(schemas["Gate"]["enum"].as_array().unwrap().len(), 9);
}
