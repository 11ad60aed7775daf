//! Who is let in, and what everybody else is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use axum::http::{HeaderName, Method, Request, StatusCode};
use crewcall::store::MemoryStore;
use serde_json::json;

use super::Program;
use crate::support::office::Office;
use crate::support::watched::Watched;
use crate::web::sign_in::{get, send, sign_in};

#[tokio::test]
async fn only_who_has_a_token_that_works_is_let_in() {
    let program = Program::with_charter().await;
    program.get("/charters/ch").await.done();
    // The public half is no secret, and lets nobody in.
    let (public, secret) = program.token.rsplit_once('_').unwrap();
    let other = program.office.app.new_api_token("tablet").await.unwrap().unwrap();
    let mixed = format!("Bearer {}_{secret}", other.rsplit_once('_').unwrap().0);
    let guessed = format!("Bearer {public}_{}", "a".repeat(secret.len()));
    let long = format!("Bearer crewcall_api_{}_x", "a".repeat(2_000));
    let wrong =
        ["Bearer crewcall_api_guessed", &guessed, &mixed, &long, "Basic cGF0OnBhdA==", &program.token];
    for authorization in ["", "Bearer"].into_iter().chain(wrong) {
        let request = Request::get("/api/v1/charters/ch").header("authorization", authorization);
        let answer = program.request(request.body(Body::empty()).unwrap()).await;
        assert!(answer.problem(401).contains("api-token new"), "{authorization}");
        let wrong = authorization.starts_with("Bearer ");
        let challenge = answer.headers["www-authenticate"].to_str().unwrap();
        assert_eq!(challenge.contains("error=\"invalid_token\""), wrong, "{authorization}: {challenge}");
    }
    assert!(program.office.app.revoke_api_token("booking site").await.unwrap());
    program.get("/charters/ch").await.problem(401);
    program.give(json!({ "command": "start" })).await.problem(401);
    assert!(program.asked().await.is_empty(), "a token that was revoked did something");
}

#[tokio::test]
async fn every_path_of_the_description_asks_for_a_token() {
    let program = Program::with_charter().await;
    let description = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let openapi = program.request(description).await.done();
    assert_eq!(openapi["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    let paths = openapi["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let address =
                format!("/api/v1{}", path.replace("{charter_id}", "ch").replace("{crew_id}", "dana"));
            let request = Request::builder().method(&method).uri(&address).body(Body::empty()).unwrap();
            program.request(request).await.problem(401);
            // A response has to have one, or clients are not generated (OpenAPI 3.1, Response Object).
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["description"].as_str().is_some_and(|text| !text.is_empty()),
                    "{path} {status}"
                );
            }
            let name = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(name.clone()), "two operations are called {name}");
        }
    }
    assert_eq!(names.len(), 10, "{names:?}");
}

/// Every path of the description, asked by everyone there is, about what is there, what is not, and what is no id.
#[tokio::test]
async fn whoever_has_no_token_that_works_learns_nothing_and_changes_nothing() {
    let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
    let program = Program::of(Office::new(store.clone()).await).await;
    program.office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    let revoked = program.office.app.new_api_token("tablet").await.unwrap().unwrap();
    assert!(program.office.app.revoke_api_token("tablet").await.unwrap());
    let office = sign_in(&program.office).await;
    let description = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let openapi = program.request(description).await.done();
    let token = format!("Bearer {}", program.token);
    let callers: [(&str, HeaderName, String); 5] = [
        ("a stranger", AUTHORIZATION, String::new()),
        ("a forger", AUTHORIZATION, "Bearer crewcall_api_x_y".to_owned()),
        ("a token that was revoked", AUTHORIZATION, format!("Bearer {revoked}")),
        // A page of somebody else could send it along (cross-site request forgery).
        ("a browser of the office", COOKIE, office.clone()),
        ("a program with a token", AUTHORIZATION, token.clone()),
    ];
    let bodies = [
        String::new(),
        json!({ "command": "start" }).to_string(),
        json!({ "to": "office", "text": "hi" }).to_string(),
        json!({ "mail_arrives": false }).to_string(),
    ];
    let (mut asked, mut told) = (0, BTreeMap::<&str, BTreeSet<String>>::new());
    for (path, methods) in openapi["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for (id, crew) in [("ch", "dana"), ("none", "nobody"), ("..", "%00"), ("a%2Fb", "'%3B--")] {
                let address = format!("/api/v1{path}").replace("{charter_id}", id).replace("{crew_id}", crew);
                for (who, header, value) in &callers {
                    for body in &bodies {
                        let is_let_in = *value == token;
                        if is_let_in && method != Method::GET {
                            continue; // What it may do is for other tests.
                        }
                        let before = store.rows().await;
                        let request = Request::builder().method(&method).uri(&address);
                        let request = request.header(header, value).header(CONTENT_TYPE, "application/json");
                        let answer = program.request(request.body(Body::from(body.clone())).unwrap()).await;
                        let place = format!("{who}: {method} {address} {body}");
                        asked += 1;
                        let refused = answer.status == StatusCode::UNAUTHORIZED;
                        assert_eq!(refused, !is_let_in, "{} for {place}", answer.status);
                        assert!(!answer.status.is_server_error(), "{} for {place}", answer.status);
                        if !is_let_in {
                            told.entry(who).or_default().insert(answer.body.to_string());
                        }
                        assert!(store.rows().await == before, "changed by {place}");
                    }
                }
            }
        }
    }
    assert!(asked > 500, "{asked}");
    assert_eq!(told.len(), 4);
    assert!(told.values().all(|words| words.len() == 1), "whether there is such a thing is told: {told:?}");
    // Nor does a token open a page.
    let mut request = get("/", "");
    request.headers_mut().insert(AUTHORIZATION, token.parse().unwrap());
    assert_eq!(send(&program.office, request).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_a_problem() {
    let program = Program::with_charter().await;
    let send = async |method: &str, path: &str, kind: &str, body: &str| {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = request.header("authorization", format!("Bearer {}", program.token));
        let request = request.header("content-type", kind).body(Body::from(body.to_owned())).unwrap();
        program.request(request).await
    };
    let json = "application/json; charset=utf-8";
    let large = format!("{{\"to\":\"office\",\"text\":\"{}\"}}", "x".repeat(70_000));
    for (method, path, kind, body, status, says) in [
        ("GET", "/nowhere", json, "", 404, "openapi.json"),
        ("GET", "/", json, "", 404, "openapi.json"),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"reschedule\"}",
            422,
            "Nothing is to be changed",
        ),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"reorder\",\"position\":\"captain\",\"first\":[]}",
            422,
            "first",
        ),
        ("GET", "/charters/none", json, "", 404, "none"),
        ("GET", "/charters/no%20id!", json, "", 404, "id"),
        ("DELETE", "/charters/ch", json, "", 405, "Allow"),
        ("POST", "/charters/ch/commands", "text/plain", "{}", 415, "application/json"),
        ("POST", "/charters/ch/commands", json, "{", 400, "breaks off"),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"stop\",\"command\":\"start\"}",
            400,
            "command",
        ),
        ("POST", "/charters/ch/commands", json, "[]", 422, "one JSON object"),
        ("POST", "/charters/ch/commands", json, "{\"command\":\"sail\"}", 422, "sail"),
        ("POST", "/charters/ch/commands", json, "{\"command\":\"pause\",\"now\":true}", 422, "now"),
        ("POST", "/charters/ch/commands", json, "{\"command\":\"skip\",\"crew_id\":\"dana\"}", 422, "reason"),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"now\",\"crew_id\":\"da na\"}",
            422,
            "crew_id",
        ),
        ("POST", "/charters/ch/commands", json, "{\"command\":\"resume\"}", 409, "not been started"),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"reorder\",\"position\":\"captain\",\"first\":[\"a b\"]}",
            422,
            "first[0]",
        ),
        (
            "POST",
            "/charters/ch/commands",
            json,
            "{\"command\":\"override\",\"gate\":\"rest\",\"crew_id\":\"nobody\",\"reason\":\"x\"}",
            409,
            "roster",
        ),
        ("POST", "/charters/ch/thread", json, &large, 413, "Send less"),
        ("GET", "/charters?from=tomorrow", json, "", 400, "from"),
        ("GET", "/charters?limit=0", json, "", 400, "limit"),
        ("GET", "/charters?limit=1&limit=2", json, "", 400, "limit"),
        ("GET", "/charters?limt=5", json, "", 400, "expected one of `from`, `limit`, `after`"),
        ("GET", "/charters/ch/thread?afer=5", json, "", 400, "expected `after` or `limit`"),
        ("GET", "/charters?after=nonsense", json, "", 400, "after"),
        ("PUT", "/roster/%FF/contact", json, "{\"mail_arrives\":true}", 400, "openapi.json"),
        ("GET", "/charters/ch/thread?after=x", json, "", 400, "after"),
        ("PUT", "/roster/nobody/contact", json, "{\"mail_arrives\":true}", 404, "nobody"),
    ] {
        let answer = send(method, path, kind, body).await;
        let detail = answer.problem(status);
        assert!(detail.contains(says), "{method} {path} {body}: {detail}");
    }
    assert_eq!(send("DELETE", "/charters/ch", json, "").await.headers["allow"], "GET,HEAD");
}
