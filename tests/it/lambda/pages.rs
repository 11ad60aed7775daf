//! Requests of an HTTP API: the same pages.

use serde_json::{Value, json};

use super::events::{Page, get, post, post_bytes, with_cookies};
use super::harbor::Harbor;
use crate::support::office::heading;
use crate::support::proxy::asks_by_key_or_index_only;

#[tokio::test]
async fn a_captain_answers_by_the_link_in_the_mail() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    harbor.tick().await;
    assert_eq!(harbor.mails().len(), 2, "one to Dana, a copy to the office: {:?}", harbor.mails());
    let token = harbor.token("dana-reyes").await;
    let link = format!("/crew/accept?token={token}&charter_id=charter_5678&expires=x");
    let page = harbor.ask(get(&link)).await;
    assert_eq!((page.status, heading(&page.body)), (200, "Dana, can you sail?"));
    for header in ["content-security-policy", "x-content-type-options", "referrer-policy"] {
        assert!(page.headers.contains_key(header), "{header} is missing: {page:?}");
    }
    assert_eq!((&*page.headers["cache-control"], page.cookies.len()), ("no-store", 0));

    let comment = "Aye%20%E2%9A%93%20Zo%C3%AB";
    let form = format!("token={token}&answer=accept&comment={comment}&key=k1");
    let page = harbor.ask(post("/crew/accept", &form)).await;
    assert_eq!((page.status, heading(&page.body)), (200, "You're on"), "{}", page.body);
    // Nothing goes on after an answer: what follows from it leaves with the next tick.
    assert_eq!(harbor.mails().len(), 2);
    harbor.tick().await;
    let mails = harbor.mails();
    assert!(mails.iter().any(|mail| mail.starts_with("lee@example.com: ")), "{mails:?}");
    let audit = serde_json::to_string(&harbor.app.audit(&super::harbor::id()).await.unwrap()).unwrap();
    assert!(audit.contains("Aye ⚓ Zoë"), "{audit}");
}

#[tokio::test]
async fn the_office_signs_in_and_its_cookie_is_known_to_every_process() {
    let harbor = Harbor::new().await;
    let _functions = [harbor.process(), harbor.process()];
    let link = harbor.home.run(&["setup-link"]).done();
    let token = link.trim().split_once("token=").unwrap().1;
    let page = harbor.ask(get("/")).await;
    assert_eq!((page.status, &*page.headers["location"]), (303, "/signin"));
    let page =
        harbor.ask(post("/setup", &format!("token={token}&name=Pat+Lane&email=pat@example.com"))).await;
    assert_eq!((page.status, page.cookies.len()), (303, 1), "{page:?}");
    assert!(!page.headers.contains_key("set-cookie"), "{page:?}");
    let cookie = page.cookies[0].split(';').next().unwrap();
    for _ in 0..4 {
        let page = harbor.ask(with_cookies(get("/"), &["theme=dark", cookie])).await;
        assert_eq!((page.status, heading(&page.body)), (200, "Board"), "{}", page.body);
    }
    // No process stays that could tell a browser what changes: no page names a stream, and whoever asks is told not to again.
    let board = harbor.ask(with_cookies(get("/"), &[cookie])).await;
    assert!(board.body.contains("id=\"live\"") && !board.body.contains("data-stream"), "{}", board.body);
    assert_eq!(harbor.ask(with_cookies(get("/live"), &[cookie])).await.status, 204);
    let started = with_cookies(post("/charters/charter_5678/start", ""), &[cookie]);
    assert_eq!(harbor.ask(started).await.headers["location"], "/charters/charter_5678?done=start");
    harbor.tick().await;
    assert_eq!(harbor.mails().len(), 2);
    asks_by_key_or_index_only(&harbor.proxy);
    let signed_out = harbor.ask(with_cookies(post("/signout", ""), &[cookie])).await;
    assert_eq!((signed_out.status, signed_out.cookies.len()), (303, 1), "{signed_out:?}");
    let page = harbor.ask(with_cookies(get("/"), &[cookie])).await;
    assert_eq!(page.status, 303);
}

#[tokio::test]
async fn another_sites_form_changes_nothing() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let mut event = post("/crew/accept", &format!("token={token}&answer=accept"));
    event["headers"]["origin"] = json!("https://elsewhere.example.com");
    event["headers"]["sec-fetch-site"] = json!("cross-site");
    let page = harbor.ask(event).await;
    assert_eq!((page.status, heading(&page.body)), (403, "This came from another site"));
    assert_eq!(harbor.charter().await.aboard().len(), 0);
}

#[tokio::test]
async fn pages_stay_below_a_stage_or_a_path() {
    let harbor = Harbor::new().await;
    let settings = std::fs::read_to_string(harbor.home.path().join("crewcall.toml")).unwrap();
    harbor.home.write(
        "crewcall.toml",
        settings.replace(&harbor.front.address, &format!("{}/prod", harbor.front.address)),
    );
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    let page = harbor.ask(get(&format!("/prod/crew/accept?token={token}"))).await;
    assert!(page.body.contains(r#"action="/prod/crew/accept""#), "{}", page.body);
    let style = page.body.split_once(r#"stylesheet" href=""#).unwrap().1.split('"').next().unwrap();
    let style = harbor.ask(get(style)).await;
    assert_eq!((style.status, &*style.headers["content-type"]), (200, "text/css; charset=utf-8"));
    assert_eq!(harbor.ask(get("/prod")).await.headers["location"], "/prod/signin");
    assert_eq!(harbor.ask(get("/prod/")).await.headers["location"], "/prod/signin");
    // The path of a custom domain's mapping is not told.
    let page = harbor.ask(get(&format!("/crew/accept?token={token}"))).await;
    assert!(page.body.contains(r#"action="/prod/crew/accept""#), "{}", page.body);
    assert_eq!(harbor.ask(get("/")).await.headers["location"], "/prod/signin");
    // The name of a stage is, though nobody sees it behind a custom domain, with a path or without one.
    let mut staged = get(&format!("/live/crew/accept?token={token}"));
    staged["requestContext"]["stage"] = json!("live");
    let page = harbor.ask(staged.clone()).await;
    assert!(page.body.contains(r#"action="/prod/crew/accept""#), "{}", page.body);
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    harbor.start_call().await;
    let token = harbor.token("dana-reyes").await;
    staged["rawQueryString"] = json!(format!("token={token}"));
    let page = harbor.ask(staged).await;
    assert_eq!((page.status, heading(&page.body)), (200, "Dana, can you sail?"), "{}", page.body);
}

#[tokio::test]
async fn the_api_answers_as_elsewhere() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    let token = harbor.home.run(&["api-token", "new", "Booking site"]).done();
    let token = token.split_whitespace().find(|word| word.starts_with("crewcall_api_")).unwrap();
    let signed = |mut event: Value| {
        event["headers"]["authorization"] = json!(format!("Bearer {token}"));
        event
    };
    let page = harbor.ask(get("/api/v1/charters")).await;
    assert_eq!((page.status, &*page.headers["content-type"]), (401, "application/problem+json"));
    let page = harbor.ask(signed(get("/api/v1/charters?limit=1"))).await;
    let charters: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(
        (page.status, &charters["charters"][0]["charter_id"]),
        (200, &json!("charter_5678")),
        "{page:?}"
    );
    // JSON is text to the gateway, and is handed on as it is.
    let command = json!({ "command": "start" }).to_string();
    let mut event = signed(post_bytes("/api/v1/charters/charter_5678/commands", "application/json", b""));
    event["body"] = json!(command);
    event["isBase64Encoded"] = json!(false);
    let page = harbor.ask(event).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(harbor.charter().await.offers.len(), 1);
}

/// Whatever a browser or a scanner sends has an answer, and the next one is answered as well.
#[tokio::test]
async fn odd_requests_have_an_answer() {
    let harbor = Harbor::new().await;
    let _function = harbor.process();
    let mut options = get("/crew/accept");
    options["requestContext"]["http"]["method"] = json!("OPTIONS");
    let mut no_body = post("/crew/accept", "");
    no_body.as_object_mut().unwrap().remove("body");
    let mut not_base64 = post("/crew/accept", "");
    not_base64["body"] = json!("%%%");
    let mut empty_path = get("/");
    empty_path["rawPath"] = json!("");
    for (what, event, status) in [
        ("another method", options, 405),
        ("no body", no_body, 404),
        (
            "bytes that are no text",
            post_bytes("/crew/accept", "application/x-www-form-urlencoded", &[0xff, 0, 0xfe]),
            404,
        ),
        ("another kind of body", post_bytes("/crew/accept", "application/octet-stream", &[1, 2]), 415),
        ("a body that is no base 64", not_base64, 400),
        ("too large a body", post("/crew/accept", &"x".repeat(70_000)), 413),
        ("a path that came decoded", get("/charters/a b\u{e9}<>\"#?x=%20"), 303),
        ("a path without its slash", get("roster"), 404),
        ("no path", empty_path, 400),
        ("a query that is odd", get("/crew/accept?token=%ff%zz&&=&token"), 400),
        ("a page that is none", get("/wp-login.php"), 404),
    ] {
        let page = harbor.ask(event).await;
        assert_eq!(page.status, status, "{what}: {page:?}");
    }
    assert!(!harbor.log().contains("panic"), "{}", harbor.log());
}

/// HEAD has no body, and a page asked for twice at once has both answers.
#[tokio::test]
async fn a_head_has_no_body() {
    let harbor = Harbor::new().await;
    let _functions = [harbor.process(), harbor.process()];
    let mut head = get("/health/live");
    head["requestContext"]["http"]["method"] = json!("HEAD");
    let (head, get) = tokio::join!(harbor.lambda.invoke(head), harbor.lambda.invoke(get("/health/live")));
    let (head, get) = (Page::of(&head.unwrap()), Page::of(&get.unwrap()));
    assert_eq!((head.status, &*head.body, get.status, &*get.body), (200, "", 200, "live\n"));
}
