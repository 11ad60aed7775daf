//! What is known once a sail has left, on the charter's page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{CharterId, Figures};

use super::form;
use super::sign_in::sign_in;
use crate::support::office::{Office, heading};

/// An office, its dispatcher's cookie, and a sail with Dana and Lee aboard.
struct Desk {
    office: Office,
    cookie: String,
    id: CharterId,
}

impl Desk {
    async fn new() -> Self {
        let office = Office::new(Arc::new(MemoryStore::new())).await;
        let cookie = sign_in(&office).await;
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        for (position, who) in [("captain", "dana"), ("deckhand", "lee")] {
            let (position, crew_id) = (position.parse().unwrap(), who.parse().unwrap());
            office.run(&id, Command::Assign { position, crew_id, reason: "phoned".into() }).await.unwrap();
        }
        office.tick().await;
        Self { office, cookie, id }
    }

    /// The same after the boat has left.
    async fn sailed() -> Self {
        let desk = Self::new().await;
        desk.office.advance("176h").await;
        desk
    }

    async fn get(&self, query: &str) -> String {
        let path = format!("/charters/ch{query}");
        let request = Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.office.request(request).await.1
    }

    async fn post(&self, what: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        form::send(&self.office, &self.cookie, &format!("/charters/ch/{what}"), fields).await
    }

    /// Fills the form of the page in, and sends it.
    async fn record(&self, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let page = self.get("").await;
        let (key, seen) = (hidden(&page, "key"), hidden(&page, "seen"));
        let mut all = vec![("key", key.as_str()), ("seen", seen.as_str())];
        all.extend(fields);
        self.post("figures", &all).await
    }

    async fn state(&self) -> CharterState {
        self.office.app.charter(&self.id).await.unwrap()
    }
}

/// What a hidden field of the form of figures has.
fn hidden(page: &str, name: &str) -> String {
    form::hidden(page.split_once("/figures\"").expect("a form").1, name)
}

#[tokio::test]
async fn what_a_sail_came_to_is_recorded_on_its_page() {
    let desk = Desk::sailed().await;
    let (status, page) = desk
        .record(&[
            ("gross_revenue", "1450"),
            ("gratuity", "120.00"),
            ("actual_hours", "3.5"),
            ("hours_of.lee", "2:15"),
            ("hours_of.dana", ""),
        ])
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let figures = serde_json::json!({
        "gross_revenue": "1450.00", "gratuity": "120.00", "actual_hours": "3:30", "hours_of": { "lee": "2:15" }
    });
    assert_eq!(desk.state().await.figures, serde_json::from_value::<Figures>(figures).unwrap());
    let page = desk.get("").await;
    for shown in [
        "<dt>Hours of Lee Example</dt><dd>2:15</dd>",
        "name=\"hours_of.lee\" value=\"2:15\"",
        "value=\"1450.00\"",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    // What is emptied is not known any more.
    desk.record(&[("gratuity", "120.00")]).await;
    assert!(desk.state().await.figures.actual_hours.is_none());
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_beside_it_and_what_was_typed_stays() {
    let desk = Desk::sailed().await;
    let before = desk.state().await;
    let (status, page) = desk.record(&[("gratuity", "ten"), ("actual_hours", "3:99")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in
        ["Gratuity is &quot;ten&quot;; write an amount", "write hours and minutes as 3:30", "value=\"ten\""]
    {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let (status, page) = desk.record(&[("gross_revenue", "10"), ("channel_fee", "11")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("correct one of the two") && page.contains("value=\"11\""), "{page}");
    let (status, page) = desk.record(&[("hours_of.zoe", "1")]).await;
    assert!(status == StatusCode::CONFLICT && page.contains("zoe is not aboard"), "{page}");
    let (status, _) = desk.post("figures", &[("gratuity", "10")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "without its key a form is not whole");
    assert_eq!(desk.state().await, before);
}

#[tokio::test]
async fn nobody_wipes_out_what_others_recorded_meanwhile() {
    let desk = Desk::sailed().await;
    let page = desk.get("").await;
    let (key, seen) = (hidden(&page, "key"), hidden(&page, "seen"));
    let fields = [("key", key.as_str()), ("seen", seen.as_str()), ("gratuity", "80.00")];
    for _ in 0..2 {
        assert_eq!(
            desk.post("figures", &fields).await.0,
            StatusCode::SEE_OTHER,
            "sent twice it is done once"
        );
    }
    let facts = desk.state().await.facts;
    let (status, page) = desk.post("figures", &[fields[0], fields[1], ("gratuity", "90.00")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("otherwise meanwhile"), "{page}");
    assert_eq!(desk.state().await.facts, facts);
}

#[tokio::test]
async fn who_did_not_come_and_who_else_sailed_is_shown_before_it_is_recorded() {
    let desk = Desk::sailed().await;
    let mails = desk.office.mailbox.list().len();
    let page = desk.get("").await;
    assert!(page.contains("Did not come") && page.contains("Somebody else sailed"), "{page}");
    let page = desk.get("/change?what=no_show&crew=lee&reason=overslept").await;
    assert_eq!(heading(&page), "Lee Example did not come?");
    assert!(page.contains("Lee Example did not come as deckhand 1: overslept"), "{page}");
    desk.post("change", &[("what", "no_show"), ("crew", "lee"), ("reason", "overslept")]).await;
    let page = desk.get("/change?what=turned_up&crew=sam&position=deckhand&reason=seen").await;
    assert!(heading(&page) == "Sam Example sailed as deckhand?" && !page.contains("As it is"), "{page}");
    let fields = [("what", "turned_up"), ("crew", "sam"), ("position", "deckhand"), ("reason", "seen")];
    assert_eq!(desk.post("change", &fields).await.0, StatusCode::SEE_OTHER);
    let state = desk.state().await;
    let aboard: Vec<&str> = state.aboard().iter().map(|offer| offer.crew_id.as_str()).collect();
    assert_eq!(aboard, ["dana", "sam"]);
    desk.office.tick().await;
    assert_eq!(desk.office.mailbox.list().len(), mails, "nobody is told");
    let cook = [("what", "turned_up"), ("crew", "lee"), ("position", "cook"), ("reason", "seen")];
    let (status, page) = desk.post("change", &cook).await;
    assert!(status == StatusCode::CONFLICT && page.contains("no rank here"), "{page}");
}

#[tokio::test]
async fn before_the_departure_there_is_nothing_to_record_but_who_did_not_come() {
    let desk = Desk::new().await;
    let page = desk.get("").await;
    assert!(!page.contains("What it came to") && !page.contains("Did not come"), "{page}");
    desk.office.advance("174h30m").await;
    let page = desk.get("").await;
    assert!(!page.contains("What it came to") && page.contains("Did not come"), "{page}");
    desk.post("change", &[("what", "no_show"), ("crew", "lee"), ("reason", "overslept")]).await;
    let state = desk.state().await;
    assert!(state.open_offers().any(|offer| offer.seat.position.as_str() == "deckhand"), "{state:?}");
    desk.office.run(&desk.id, Command::Cancel).await.unwrap();
    desk.office.advance("2h").await;
    assert!(!desk.get("").await.contains("What it came to"));
}
