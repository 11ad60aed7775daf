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
        (json!({ "command": "pause" }), "not_started"),
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
