//! Every link, tried on every page behind a link: it opens what it is for, and nothing else changes by it.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;

use super::mailed_link::{email, links};
use super::roles::routes;
use super::sign_in::{form, get, send, setup_token, sign_in};
use crate::support::office::{Office, caller, own_page_in, token_of};
use crate::support::watched::Watched;

/// Whose the pages behind links are: the begin of their addresses.
const BEHIND_LINKS: [&str; 3] = ["/crew/", "/signin/link", "/setup"];
/// Every kind of link, and what it is for.
const KINDS: [(&str, &[&str]); 6] = [
    ("offer", &["/crew/accept", "/crew/message", "/crew/calendar", "/crew/me/mail"]),
    ("own page", &["/crew/me", "/crew/me/end"]),
    ("calendar", &["/crew/calendar.ics"]),
    ("sign-in", &["/signin/link"]),
    ("setup", &["/setup"]),
    ("none", &[]),
];

struct Desk {
    office: Office,
    store: Arc<Watched>,
    /// A token of each kind.
    tokens: [String; 6],
}

impl Desk {
    /// Dana is aboard, and each of the links is there.
    async fn new() -> Self {
        let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
        let office = Office::new(store.clone()).await;
        sign_in(&office).await;
        let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        let offer = office.newest_link("dana").unwrap();
        office.press_link(&offer, "accept").await;
        office.app.mail_own_page(&"dana".parse().unwrap(), false, &caller()).await.unwrap();
        office.app.mail_sign_in_link(&email("pat@example.com"), None).await.unwrap();
        office.tick().await;
        let own = office.mailbox.list().iter().find_map(|arrived| own_page_in(&arrived.mail)).unwrap();
        let page = office.get(&own).await.1;
        let calendar =
            page.split_once("calendar.ics?token=").unwrap().1.split('"').next().unwrap().to_owned();
        let sign_in = links(&office, "pat@example.com").pop().unwrap();
        let setup = setup_token(&office).await;
        let tokens = [
            token_of(&offer).to_owned(),
            token_of(&own).to_owned(),
            calendar,
            token_of(&sign_in).to_owned(),
            setup,
            "jada_crew_aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
        ];
        Self { office, store, tokens }
    }
}

#[tokio::test]
async fn a_link_opens_what_it_is_for_and_changes_nothing_else() {
    let mut tried = 0;
    let mut opened = Vec::new();
    for (route, methods) in routes() {
        if !BEHIND_LINKS.iter().any(|begin| route.starts_with(begin)) {
            continue;
        }
        for method in methods {
            for (at, (kind, of)) in KINDS.iter().enumerate() {
                let desk = Desk::new().await;
                let token = &desk.tokens[at];
                let request = if method == Method::GET {
                    get(&format!("{route}?token={token}"), "")
                } else {
                    let fields = "answer=drop_out&text=hi&key=k&name=Eve&email=eve%40example.com&do=save";
                    form(&route, "", format!("token={token}&{fields}"))
                };
                let before = desk.store.rows().await;
                let status = send(&desk.office, request).await.status();
                let place = format!("{method} {route} with a link of {kind}: {status}");
                let is_for = of.contains(&route.as_str());
                assert_eq!(status.is_success() || status == StatusCode::SEE_OTHER, is_for, "{place}");
                assert!(is_for || desk.store.rows().await == before, "{place}: something changed");
                assert!(is_for || matches!(status.as_u16(), 404 | 410), "{place}");
                tried += 1;
                opened.extend(is_for.then(|| format!("{method} {route}")));
            }
        }
    }
    assert!(tried > 60, "{tried}");
    assert_eq!(opened.len(), 13, "{opened:?}");
}
