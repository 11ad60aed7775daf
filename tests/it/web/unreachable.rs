//! People whose mail is refused: marked on the roster until mail arrives again.

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use crewcall::mail::SendError;
use crewcall_dispatch::cascade::{Command, OfferState};

use super::sign_in::sign_in;
use crate::store::conformance::one_of_every_kind;
use crate::support::invariants;
use crate::support::office::{Office, operator};

#[tokio::test]
async fn who_cannot_be_reached_is_marked_until_mail_arrives_again() {
    for (name, store) in one_of_every_kind().await {
        let office = Office::new(store.store.clone()).await;
        let cookie = sign_in(&office).await;
        let send = async |method: &str, path: &str, form: &str| {
            let request = Request::builder().method(method).uri(path).header(COOKIE, &cookie);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            office.request(request.body(Body::from(form.to_owned())).unwrap()).await
        };
        let start = async |id: &str| {
            let id = office.book(id, (16, 19), &[("captain", 1)]).await.unwrap();
            office.run(&id, Command::Start).await.unwrap();
            office.tick().await;
            let state = office.app.charter(&id).await.unwrap();
            state.open_offers().map(|offer| offer.crew_id.to_string()).collect::<Vec<_>>()
        };
        office
            .postman
            .fail_next(SendError::Refused { reason: "550 5.1.1 no such mailbox".into(), bad_address: true });
        assert_eq!(start("one").await, ["gene"], "{name}");
        let (_, page) = send("GET", "/roster", "").await;
        assert_eq!(page.matches("! mail is refused").count(), 1, "{page}");
        assert!(page.contains("550 5.1.1 no such mailbox"), "{page}");
        // Gene's mail comes back later, and the office says so.
        let (status, page) = send("POST", "/charters/one/change", "what=bounced&crew=gene").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        office.tick().await;
        assert_eq!(start("two").await, [""; 0], "maya is asked for the other sail");
        for who in ["dana", "gene"] {
            let (status, _) = send("POST", &format!("/roster/people/{who}/contact"), "mail=arrives").await;
            assert_eq!(status, StatusCode::SEE_OTHER);
        }
        let (_, page) = send("GET", "/roster", "").await;
        assert!(!page.contains("! mail is refused"), "{page}");
        assert_eq!(start("three").await, ["dana"], "{name}");
        send("POST", "/roster/people/maya/contact", "mail=returns").await;
        let (_, page) = send("GET", "/roster", "").await;
        assert!(page.contains("the office found it returned"), "{page}");
        invariants::hold(&office.app).await;
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_address_marks_nobody() {
    for error in [
        SendError::Refused { reason: "554 5.7.1 message content rejected".into(), bad_address: false },
        SendError::Deferred { reason: "452 4.2.2 mailbox full".into() },
    ] {
        let office = Office::new(std::sync::Arc::new(crewcall::store::MemoryStore::new())).await;
        let id = office.book("one", (16, 19), &[("captain", 1)]).await.unwrap();
        for _ in 0..40 {
            office.postman.fail_next(error.clone());
        }
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.advance("3h").await;
        let state = office.app.charter(&id).await.unwrap();
        assert_eq!(state.offers[0].state, OfferState::Undeliverable, "{error}");
        let roster = office.app.roster().await.unwrap();
        assert!(office.app.refused(&roster).await.unwrap().is_empty(), "{error}");
    }
}

#[tokio::test]
async fn a_mailbox_that_puts_mail_off_holds_the_call_up_no_longer_than_its_reader_would_have_had() {
    let mut operator = operator();
    operator.policy.shortest_window = jiff::SignedDuration::from_mins(1);
    // A quarter of an hour before the call time, with three captains to ask.
    let now = "2026-06-27T15:00:00-07:00".parse().unwrap();
    let store = std::sync::Arc::new(crewcall::store::MemoryStore::new());
    Office::new(store.clone()).await;
    let office = Office::run_by(operator, store, now);
    let id = office.book("one", (16, 19), &[("captain", 1)]).await.unwrap();
    for _ in 0..6 {
        office.postman.fail_next(SendError::Deferred { reason: "450 4.2.0 try later".into() });
    }
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.advance("6min").await;
    let state = office.app.charter(&id).await.unwrap();
    let stands: Vec<_> = state.offers.iter().map(|offer| (offer.crew_id.as_str(), offer.state)).collect();
    assert_eq!(stands, [("dana", OfferState::Undeliverable), ("gene", OfferState::Sent)]);
}
