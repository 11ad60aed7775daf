//! What the rules refuse is told apart by programs, and said in words.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::Rejection;
use serde_json::json;

use super::Program;

#[tokio::test]
async fn each_rejection_has_a_code_that_the_description_lists() {
    let program = Program::with_charter().await;
    let schemas = program.schemas().await;
    assert_eq!(schemas["Rejection"]["enum"], json!(Rejection::CODES));
    let different: BTreeSet<&str> = Rejection::CODES.iter().copied().collect();
    assert_eq!(different.len(), Rejection::CODES.len(), "two rejections have one code");
    let plain = |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    assert!(Rejection::CODES.iter().all(plain), "{different:?}");

    let for_dana = |command: &str| json!({ "command": command, "crew_id": "dana", "reason": "x" });
    for (command, rejection) in [
        (json!({ "command": "resume" }), "not_started"),
        (for_dana("release"), "not_aboard"),
        (json!({ "command": "answer", "crew_id": "dana", "answer": "yes" }), "never_asked"),
        (json!({ "command": "reschedule", "departs_at": "2026-01-01T10:00" }), "departs_in_the_past"),
    ] {
        for path in ["/charters/ch/commands", "/charters/ch/preview"] {
            let refused = program.post(path, command.clone()).await;
            refused.problem(409);
            assert_eq!(
                (&refused.body["code"], &refused.body["rejection"]),
                (&json!("rejected"), &json!(rejection))
            );
        }
    }
    let cancelled = program.give(json!({ "command": "cancel" })).await.done();
    assert_eq!(cancelled["status"], "cancelled");
    let start = program.give(json!({ "command": "start" })).await;
    assert_eq!(
        (start.problem(409), &start.body["rejection"]),
        ("The charter is cancelled.", &json!("charter_cancelled"))
    );
    let codes = schemas["ProblemCode"]["enum"].as_array().unwrap();
    assert!(codes.contains(&json!("rejected")) && codes.contains(&json!("field")), "{codes:?}");
    assert!(program.post("/charters", json!({})).await.body.get("rejection").is_none());
}

#[tokio::test]
async fn a_sentence_begins_with_a_capital_unless_with_an_id() {
    let program = Program::with_charter().await;
    for (command, says) in [
        (json!({ "command": "resume" }), "The call has not been started."),
        (json!({ "command": "release", "crew_id": "dana", "reason": "x" }), "dana is not aboard."),
    ] {
        assert_eq!(program.give(command).await.problem(409), says);
    }
}

#[tokio::test]
async fn no_command_of_the_command_line_is_recommended() {
    let program = Program::with_charter().await;
    program.give(json!({ "command": "start" })).await.done();
    let skip = json!({ "command": "skip", "crew_id": "uma", "reason": "x" });
    let refused = program.give(skip).await;
    assert_eq!(refused.problem(409), "uma is not among those who are still to be asked.");
    program.give(json!({ "command": "cancel" })).await.done();
    let booking = json!({
        "charter_id": "ch", "vessel": "America", "departs_at": "2026-06-27T16:00", "returns_at": "2026-06-27T19:00",
        "call_time": "2026-06-27T15:15", "dock": "Pier 3", "positions": [{ "position": "captain", "quantity": 1 }]
    });
    let refused = program.post("/charters", booking).await;
    assert_eq!(refused.problem(409), "The charter ch was cancelled; the command restore calls it on again.");
}
