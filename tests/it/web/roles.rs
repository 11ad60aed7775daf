//! Every route, asked by everyone there is, about what is theirs, what is not, and what is nowhere: generated from the
//! route table itself, so that a new route is among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION};
use axum::http::{Method, Request, StatusCode};
use crewcall::app::Role;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;

use super::mailed_link::{email, signed_in};
use super::sign_in::{send, sign_in};
use crate::support::office::{Office, token_of};
use crate::support::watched::Watched;

/// Where nobody has to be signed in: a link or nothing opens it.
const OPEN: [&str; 5] = ["/signin", "/setup", "/signout", "/crew/", "/health/"];

/// The routes of the pages, with the methods that each takes.
pub(super) fn routes() -> Vec<(String, Vec<Method>)> {
    let source = include_str!("../../../src/web/mod.rs");
    let table = source.split(".route(\"").skip(1).map(|rest| {
        let (path, rest) = rest.split_once('"').unwrap();
        let handlers = rest.split_once(".route(").map_or(rest, |(handlers, _)| handlers);
        let takes = |method: &str| handlers.contains(&format!("{method}("));
        let methods = [("get", Method::GET), ("post", Method::POST)];
        let methods = methods.into_iter().filter(|(name, _)| takes(name)).map(|(_, method)| method);
        (path.to_owned(), methods.collect::<Vec<_>>())
    });
    table.collect()
}

/// A route with other ids in it: one that is there, one that is not, and some that are none.
fn addresses(route: &str) -> Vec<String> {
    let ids: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("{id}", &["america", "dana", "nobody", "..", "%00", "%F0%9F%8C%8A", "a%2Fb", "'%3B--"][..]),
        ("{month}", &["2026-06", "2031-13", "june"]),
        ("{number}", &["1", "0", "99999999999999999999", "-1"]),
        ("{digest}", &["00", "%2e%2e", "'%22"]),
    ]);
    let mut addresses = vec![route.to_owned()];
    for (name, values) in ids {
        addresses = addresses
            .iter()
            .flat_map(|address| match address.contains(name) {
                true => values.iter().map(|value| address.replace(name, value)).collect(),
                false => vec![address.clone()],
            })
            .collect();
    }
    addresses
}

/// Fields that any of the forms may want.
fn bodies(link: &str) -> Vec<String> {
    let everything = "what=cancel&crew=gene&position=captain&reason=x&minutes=60&gate=rest&text=hi&key=k&mail=arrives&seen=x&amount=5\
                      &email=eve%40example.com&name=Eve&role=office&departs_at=2026-06-28T10:00&figure=x&number=1";
    vec![
        String::new(),
        everything.to_owned(),
        format!("{everything}&token={link}&answer=nonsense"),
        "%ff=%fe&&==".into(),
    ]
}

#[tokio::test]
async fn whoever_asks_for_whatever_gets_what_is_theirs_and_changes_nothing_else() {
    let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let pat = sign_in(&office).await;
    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::ReadOnly, "test").await.unwrap();
    let kim = signed_in(&office, "kim@example.com").await;
    let id = office.book("america", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = token_of(&office.newest_link("dana").unwrap()).to_owned();
    let removed = {
        office.app.put_user(&email("zoe@example.com"), "Zoe", Role::Office, "test").await.unwrap();
        let cookie = signed_in(&office, "zoe@example.com").await;
        office.app.remove_user(&email("zoe@example.com"), "test").await.unwrap();
        cookie
    };
    let callers = [
        ("a stranger", ""),
        ("a forger", "__Host-crewcall=AAAAAAAAAAAAAAAAAAAAAA"),
        ("somebody who was removed", &*removed),
        ("whoever only looks", &*kim),
        ("the office", &*pat),
    ];
    let mut asked = 0;
    for (route, methods) in routes() {
        let is_open = OPEN.iter().any(|open| route.starts_with(open));
        for (who, cookie) in callers {
            for method in &methods {
                // What the office posts is for other tests; and whoever signs out is signed out.
                if *method == Method::POST && (who == "the office" || route == "/signout") {
                    continue;
                }
                for address in addresses(&route) {
                    let bodies = if *method == Method::POST { bodies(&link) } else { vec![String::new()] };
                    for body in bodies {
                        let before = store.rows().await;
                        let request = Request::builder()
                            .method(method)
                            .uri(&address)
                            .header(COOKIE, cookie)
                            .header("content-type", "application/x-www-form-urlencoded")
                            .body(Body::from(body.clone()))
                            .unwrap();
                        let answer = send(&office, request).await;
                        let (status, place) = (answer.status(), format!("{who}: {method} {address} {body}"));
                        asked += 1;
                        assert!(!status.is_server_error(), "{status} for {place}");
                        let to_sign_in = answer
                            .headers()
                            .get(LOCATION)
                            .is_some_and(|to| to.to_str().unwrap().starts_with("/signin"));
                        let own = route.starts_with("/account");
                        match (is_open, who) {
                            (true, _) => {}
                            (false, "the office") => assert!(!to_sign_in, "{place}"),
                            (false, "whoever only looks") => {
                                assert!(!to_sign_in, "{place}");
                                let refused = status == StatusCode::FORBIDDEN;
                                assert_eq!(refused, *method == Method::POST && !own, "{status} for {place}");
                            }
                            (false, _) => assert!(to_sign_in, "{status} for {place}"),
                        }
                        if who != "the office" && !(is_open && *method == Method::POST) {
                            assert!(store.rows().await == before, "changed by {place}");
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 1_000, "{asked}");
    assert_eq!(office.app.charter(&id).await.unwrap().offers.len(), 1);
    assert_eq!(office.app.users().await.unwrap().len(), 2);
}
