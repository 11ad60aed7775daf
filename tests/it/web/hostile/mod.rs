//! Hostile text in every field that people fill stays text on every page that shows it: 20,000 strings, against pages of
//! the same office with harmless ones. They have the same elements with the same attributes, and each string can be read.

mod answers;
mod brought_back;
mod office;

use std::ops::Range;
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
/// Messages that the page of somebody aboard shows.
const ON_A_PHONE: usize = 50;

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

/// A page, and which of the texts stand on it.
struct Shown {
    path: &'static str,
    page: String,
    texts: Range<usize>,
}

impl Desk {
    async fn shown(&self, path: &'static str, texts: Range<usize>) -> Shown {
        Shown { path, page: self.page(path).await, texts }
    }
}

/// Compares pages on which `texts` stand with the same ones with harmless words.
fn compare(pages: &[Shown], plain: &[Shown], texts: &[String]) {
    for (Shown { path, page, texts: shown }, plain) in pages.iter().zip(plain) {
        let ((elements, words), (expected, _)) = (parsed(page), parsed(&plain.page));
        if let Some(at) =
            (0..elements.len().max(expected.len())).find(|at| elements.get(*at) != expected.get(*at))
        {
            panic!("{path}: {:?} where {:?} stands else\n{page}", elements.get(at), expected.get(at));
        }
        for text in &texts[shown.clone()] {
            assert!(words.contains(text.trim()), "{path} does not show {text}");
        }
    }
}

/// Everybody's name, and what they said of days; every vessel and dock.
async fn people_and_sails(texts: &[String]) -> Vec<Shown> {
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
    for (path, texts) in [
        ("/", 0..AT_ONCE),
        ("/?by=crew", 0..0),
        ("/roster", 0..AT_ONCE),
        ("/roster/people/p0", 0..AT_ONCE),
        ("/roster/days?month=2026-06", 0..50),
        ("/new-charter", 0..AT_ONCE),
        ("/charters/ch-0", 0..1),
        ("/charters/ch-0/start", 0..1),
        ("/charters/ch-0/change?what=cancel", 0..1),
        ("/needs-you", 0..0),
    ] {
        pages.push(desk.shown(path, texts).await);
    }
    pages
}

#[tokio::test]
async fn names_days_vessels_and_docks_stay_text() {
    let plain = people_and_sails(&harmless(AT_ONCE)).await;
    let texts: Vec<String> = strings().collect();
    for texts in texts.chunks(AT_ONCE) {
        compare(&people_and_sails(texts).await, &plain, texts);
    }
    assert_eq!(texts.len(), STRINGS);
}

/// Messages, notes, comments and reasons, as the office and somebody aboard read them.
async fn written(texts: &[String]) -> Vec<Shown> {
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
    let own = format!("/crew/accept?token={}", token_of(&link));
    let mut pages = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        office.run(&id, Command::Note { text: text.clone() }).await.unwrap();
        office.run(&id, Command::Post { text: text.clone() }).await.unwrap();
        office.advance("4min").await;
        if (n + 1) % ON_A_PHONE == 0 {
            let (status, page) = office.get(&own).await;
            assert!(status.is_success(), "{page}");
            pages.push(Shown { path: "the page of somebody aboard", page, texts: n + 1 - ON_A_PHONE..n + 1 });
        }
    }
    let reason = texts[0].clone();
    let gate = Gate::ALL[0];
    office.run(&id, Command::Override { gate, crew_id: None, reason: reason.clone() }).await.unwrap();
    office.run(&id, Command::Release { crew_id: "dana".parse().unwrap(), reason }).await.unwrap();
    pages.push(Shown { path: "the page of who is free", page: office.get(&own).await.1, texts: 0..0 });
    pages.push(desk.shown("/charters/ch", 0..AT_ONCE).await);
    pages
}

#[tokio::test]
async fn what_people_write_stays_text() {
    let texts: Vec<String> = strings().collect();
    // A thread of an hour takes so many messages.
    let plain = written(&harmless(AT_ONCE)).await;
    for texts in texts.chunks(AT_ONCE) {
        compare(&written(texts).await, &plain, texts);
    }
}
