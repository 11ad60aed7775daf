//! A whole office in a test: made-up people, a frozen clock, a mailbox, and the real pages.

use std::sync::{Arc, LazyLock};

use super::postman::Postman;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::app::{App, AppError, Caller, Given, Pages};
use crewcall::clock::MovableClock;
use crewcall::demo::TimeMachine;
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::{Mail, Transport};
use crewcall::operator::Operator;
use crewcall::outbox::Outbox;
use crewcall::sheet::Mode;
use crewcall::store::Store;
use crewcall::tick::{Pass, tick};
use crewcall::web::{Web, router};
use crewcall_dispatch::cascade::{Actor, CharterState, Command};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Booking, CharterId, CrewMember};
use crewcall_dispatch::policy::Policy;
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Saturday morning, a week before the sails.
pub(crate) const START: &str = "2026-06-20T09:00:00-07:00";

/// The office under test.
pub(crate) struct Office {
    pub(crate) app: Arc<App>,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) postman: Arc<Postman>,
    pub(crate) time: TimeMachine,
    /// The same clock, which can be moved without anything that is due being done.
    pub(crate) clock: Arc<MovableClock>,
    /// Built when somebody looks at them: many a test tells a story a thousand times without a page.
    pub(crate) pages: LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>,
}

pub(crate) fn operator() -> Operator {
    Operator {
        name: "Harbor Sails".into(),
        zone: TimeZone::get("America/Los_Angeles").unwrap(),
        ranks: ["captain", "mate", "deckhand", "host"].map(|rank| rank.parse().unwrap()).into(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: Some("+1-619-555-0100".parse().unwrap()),
        policy: Policy::default(),
        pay: Default::default(),
        key: LinkKey::new([7; 32], "jada"),
    }
}

pub(crate) fn caller() -> Caller {
    Caller::new(Actor::Office("Pat".into()), "test")
}

impl Office {
    /// An office on a store, which may have been used before.
    pub(crate) fn on(store: Arc<dyn Store>, now: Timestamp) -> Self {
        Self::run_by(operator(), store, now)
    }

    /// An office with settings of its own.
    pub(crate) fn run_by(operator: Operator, store: Arc<dyn Store>, now: Timestamp) -> Self {
        let mailbox = Arc::new(Mailbox::new());
        let postman = Arc::new(Postman::to(mailbox.clone()));
        Self { mailbox, postman: postman.clone(), ..Self::mailing_through(postman, operator, store, now) }
    }

    /// An office whose mail goes elsewhere; its mailbox stays empty.
    pub(crate) fn mailing_through(
        transport: Arc<dyn Transport>,
        operator: Operator,
        store: Arc<dyn Store>,
        now: Timestamp,
    ) -> Self {
        let mailbox = Arc::new(Mailbox::new());
        let postman = Arc::new(Postman::to(mailbox.clone()));
        let clock = Arc::new(MovableClock::frozen(now));
        let app = Arc::new(App::new(store, clock.clone(), operator));
        let outbox = Outbox { app: app.clone(), transport };
        let web = Web::new(app.clone(), Mode::On);
        let pages = LazyLock::new(Box::new(|| router(web, Router::new())) as Box<_>);
        Self { app, mailbox, postman, time: TimeMachine::new(clock.clone(), outbox), clock, pages }
    }

    /// A new office with the usual people.
    pub(crate) async fn new(store: Arc<dyn Store>) -> Self {
        let office = Self::on(store, START.parse().unwrap());
        office.import(&people()).await;
        office
    }

    pub(crate) async fn import(&self, people: &[CrewMember]) {
        let people: Vec<Given> = people.iter().map(Given::from).collect();
        let changes = self.app.compare_roster(people).await.unwrap().unwrap();
        self.app.write_roster(&changes).await.unwrap();
    }

    /// Books a sail of that Saturday, from one hour to another.
    pub(crate) async fn book(
        &self,
        id: &str,
        hours: (u32, u32),
        seats: &[(&str, u32)],
    ) -> Result<CharterId, AppError> {
        let charter = booking(id, hours, seats).check(&self.app.operator.zone).unwrap();
        Ok(self.app.book(charter, &caller()).await?.charter.charter_id)
    }

    pub(crate) async fn run(&self, id: &CharterId, command: Command) -> Result<CharterState, AppError> {
        self.app.run(id, &command, &caller()).await
    }

    pub(crate) async fn tick(&self) -> Pass {
        tick(self.time.outbox(), Pages::Served).await.unwrap()
    }

    /// Moves the clock on, as in `advance("4h")`, and does what becomes due on the way.
    pub(crate) async fn advance(&self, span: &str) {
        self.time.advance(span.parse::<SignedDuration>().unwrap()).await.unwrap();
    }

    /// The newest mail to a person that has a crew link.
    pub(crate) fn newest_link(&self, first_name: &str) -> Option<String> {
        let to = format!("{first_name}@example.com");
        let mails = self.mailbox.list();
        mails
            .iter()
            .rev()
            .filter(|arrived| arrived.mail.to.email.as_str() == to)
            .find_map(|arrived| link_in(&arrived.mail))
    }

    /// The person opens the newest offer's page and presses a button.
    pub(crate) async fn press(&self, first_name: &str, answer: &str) -> (StatusCode, String) {
        let link = self.newest_link(first_name).unwrap_or_else(|| panic!("{first_name} has no link"));
        self.press_link(&link, answer).await
    }

    pub(crate) async fn press_link(&self, link: &str, answer: &str) -> (StatusCode, String) {
        let request = Request::post("/crew/accept")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={}&answer={answer}", token_of(link))))
            .unwrap();
        self.request(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        self.request(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn request(&self, request: Request<Body>) -> (StatusCode, String) {
        let answer = self.pages.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }
}

/// The path of the crew link in a mail, if it has one.
pub(crate) fn link_in(mail: &Mail) -> Option<String> {
    let line = mail.text.lines().find(|line| line.contains("/crew/accept?token="))?;
    Some(line.trim_start_matches("https://crew.example.com").to_owned())
}

/// The path of the link of an own page in a mail, if it has one.
pub(crate) fn own_page_in(mail: &Mail) -> Option<String> {
    let line = mail.text.lines().find(|line| line.contains("/crew/me?token="))?;
    Some(line.trim_start_matches("https://crew.example.com").to_owned())
}

pub(crate) fn token_of(link: &str) -> &str {
    link.split_once("token=").unwrap().1.split('&').next().unwrap()
}

/// The heading of a page.
pub(crate) fn heading(page: &str) -> &str {
    page.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).map_or("", |(heading, _)| heading)
}

pub(crate) fn booking(id: &str, hours: (u32, u32), seats: &[(&str, u32)]) -> Booking {
    let seats: Vec<Value> = seats
        .iter()
        .map(|(position, quantity)| json!({ "position": position, "quantity": quantity }))
        .collect();
    serde_json::from_value(json!({
        "charter_id": id, "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "departs_at": format!("2026-06-27T{:02}:00", hours.0), "returns_at": format!("2026-06-27T{:02}:00", hours.1),
        "call_time": format!("2026-06-27T{:02}:15", hours.0 - 1), "positions": seats,
    }))
    .unwrap()
}

/// Three captains with pairings, two mates, four deckhands. Everyone can sail on the Saturday but
/// Kai, who said no, and Bo, who said nothing.
pub(crate) fn people() -> Vec<CrewMember> {
    [
        ("captain", "dana", 1, &["lee", "sam"][..]),
        ("captain", "gene", 2, &["kai", "sam"]),
        ("captain", "maya", 3, &[]),
        ("mate", "ruth", 1, &[]),
        ("mate", "tom", 2, &[]),
        ("deckhand", "lee", 1, &[]),
        ("deckhand", "sam", 2, &[]),
        ("deckhand", "kai", 3, &[]),
        ("deckhand", "bo", 4, &[]),
        ("deckhand", "zoe", 5, &[]),
    ]
    .into_iter()
    .map(|(rank, name, order, paired)| person(rank, name, order, paired))
    .collect()
}

pub(crate) fn person(rank: &str, name: &str, order: u32, paired: &[&str]) -> CrewMember {
    let availability = match name {
        "kai" => json!({ "2026-06-27": "unavailable" }),
        "bo" => json!({}),
        _ => json!({ "2026-06-27": "available" }),
    };
    let capital = crewcall::times::capital(name);
    let mut record = json!({
        "crew_id": name, "name": format!("{capital} Example"), "rank": rank, "cascade_order": order,
        "email": format!("{name}@example.com"), "phone": "+1-619-555-0100", "availability": availability,
    });
    if !paired.is_empty() {
        record["paired_crew"] = json!(paired);
    }
    CrewMember::parse(record.as_object().unwrap()).unwrap()
}
