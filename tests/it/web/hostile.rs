//! Hostile text in every field that people fill stays text on every page that shows it: 20,000 strings, against pages of
//! the same office with harmless ones. They have the same elements with the same attributes, and each string can be read.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::COOKIE;
use crewcall::app::Caller;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{Actor, Command, OfferNo};
use crewcall_dispatch::model::{Booking, CharterId, CrewMember};
use crewcall_dispatch::vessel::Gate;
use serde_json::json;

use super::sign_in::sign_in;
use crate::support::hostile_text::{STRINGS, parsed, strings};
use crate::support::office::{Office, START, person, token_of};

/// Strings that stand on one page at once.
const AT_ONCE: usize = 250;

struct Desk {
    office: Office,
    cookie: String,
}

impl Desk {
    async fn new() -> Self {
        let office = Office::on(Arc::new(MemoryStore::new()), START.parse().unwrap());
        let cookie = sign_in(&office).await;
        Self { office, cookie }
    }

    async fn page(&self, path: &str) -> String {
        let request = Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap();
        let (status, page) = self.office.request(request).await;
        assert!(status.is_success(), "{path}: {status}");
        page
    }
}

/// Harmless words, as many and as different.
fn harmless(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n} harmless")).collect()
}

/// Compares pages on which `texts` stand with the same ones with harmless words.
/// `on` says how many of the texts a page shows.
fn compare(pages: &[(&str, String)], plain: &[(&str, String)], texts: &[String], on: impl Fn(&str) -> usize) {
    for ((path, page), (_, plain)) in pages.iter().zip(plain) {
        let ((elements, words), (expected, _)) = (parsed(page), parsed(plain));
        if let Some(at) =
            (0..elements.len().max(expected.len())).find(|at| elements.get(*at) != expected.get(*at))
        {
            panic!("{path}: {:?} where {:?} stands else\n{page}", elements.get(at), expected.get(at));
        }
        for text in texts.iter().take(on(path)) {
            assert!(words.contains(text.trim()), "{path} does not show {text}");
        }
    }
}

/// Everybody's name, what they said of days and the names of papers; every vessel and dock.
async fn people_and_sails(texts: &[String]) -> Vec<(&'static str, String)> {
    let desk = Desk::new().await;
    let people = texts.iter().enumerate().map(|(n, text)| {
        let mut record = person("deckhand", &format!("p{n}"), n as u32 + 1, &[]).to_record();
        record.insert("name".into(), json!(text));
        record.insert("availability".into(), json!({ "2026-06-21": text }));
        CrewMember::parse(&record).unwrap()
    });
    desk.office.import(&people.collect::<Vec<_>>()).await;
    for (n, text) in texts.iter().enumerate() {
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": format!("ch-{n}"), "vessel": text, "dock": text, "guests": 6,
            "departs_at": "2026-06-27T16:00", "returns_at": "2026-06-27T19:00", "call_time": "2026-06-27T15:15",
            "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 1 }],
        }))
        .unwrap();
        let charter = booking.check(&desk.office.app.operator.zone).unwrap();
        desk.office.app.book(charter, &Caller::new(Actor::Office("Pat".into()), "test")).await.unwrap();
    }
    let mut pages = Vec::new();
    for path in [
        "/",
        "/?by=crew",
        "/roster",
        "/roster/people/p0",
        "/roster/days?month=2026-06",
        "/new-charter",
        "/charters/ch-0",
        "/charters/ch-0/start",
        "/charters/ch-0/change?what=cancel",
        "/needs-you",
    ] {
        pages.push((path, desk.page(path).await));
    }
    pages
}

#[tokio::test]
async fn names_days_vessels_and_docks_stay_text() {
    let plain = people_and_sails(&harmless(AT_ONCE)).await;
    let texts: Vec<String> = strings().collect();
    for texts in texts.chunks(AT_ONCE) {
        let pages = people_and_sails(texts).await;
        let shown = |path: &str| match path {
            "/" | "/roster" | "/new-charter" => AT_ONCE,
            "/roster/days?month=2026-06" => 50,
            "/roster/people/p0" => 1,
            _ => 0,
        };
        compare(&pages, &plain, texts, shown);
    }
}

/// Messages, notes, comments and reasons, as the office and somebody aboard read them.
async fn written(texts: &[String]) -> Vec<(&'static str, String)> {
    let desk = Desk::new().await;
    let office = &desk.office;
    office.import(&[person("captain", "dana", 1, &[]), person("deckhand", "lee", 1, &[])]).await;
    let id: CharterId = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let dana = |text: &str| {
        let caller = Caller::new(Actor::Crew("dana".parse().unwrap()), "link jada_crew_x");
        Caller { comment: Some(text.to_owned()), ..caller }
    };
    office.app.run(&id, &Command::Accept(OfferNo(1)), &dana(&texts[0])).await.unwrap();
    for text in texts {
        office.run(&id, Command::Note { text: text.clone() }).await.unwrap();
        office.run(&id, Command::Post { text: text.clone() }).await.unwrap();
        office.advance("4min").await;
    }
    let reason = texts[0].clone();
    let gate = Gate::ALL[0];
    office.run(&id, Command::Override { gate, crew_id: None, reason: reason.clone() }).await.unwrap();
    office.run(&id, Command::Release { crew_id: "dana".parse().unwrap(), reason }).await.unwrap();
    let own = format!("/crew/accept?token={}", token_of(&link));
    let shown = office.get(&own).await.1;
    vec![("/charters/ch", desk.page("/charters/ch").await), ("own", shown)]
}

#[tokio::test]
async fn what_people_write_stays_text() {
    let texts: Vec<String> = strings().collect();
    // A thread of an hour takes so many messages.
    let plain = written(&harmless(AT_ONCE)).await;
    for texts in texts.chunks(AT_ONCE) {
        compare(
            &written(texts).await,
            &plain,
            texts,
            |path| if path == "/charters/ch" { AT_ONCE } else { 0 },
        );
    }
    assert_eq!(texts.len(), STRINGS);
}
