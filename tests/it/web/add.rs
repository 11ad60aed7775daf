//! A charter is added on a page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use axum::http::header::{COOKIE, LOCATION};
use crewcall::store::MemoryStore;
use serde_json::json;

use super::form::{fill_in, hidden, send};
use super::sign_in::{get, sign_in};
use crate::support::office::{Office, heading};

const NEW: &str = "/new-charter";

/// What a form has that is right.
const SAIL: [(&str, &str); 9] = [
    ("vessel", "America"),
    ("dock", "Shelter Island, pier 3"),
    ("call_time", "2026-06-27T15:15"),
    ("departs_at", "2026-06-27T16:00"),
    ("returns_at", "2026-06-27T19:00"),
    ("guests", "6"),
    ("seats.deckhand", "2"),
    ("gross_revenue", "1450"),
    ("gratuity", "120.50"),
];

async fn page(office: &Office, cookie: &str) -> String {
    let (status, page) = office.request(get(NEW, cookie)).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page
}

#[tokio::test]
async fn a_charter_is_added_and_the_form_leads_to_it() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let (_, board) = office.request(get("/", &cookie)).await;
    assert!(board.contains("href=\"/new-charter\""), "{board}");
    office.book("charter_5678", (9, 12), &[("captain", 1)]).await.unwrap();
    office.book("charter_other", (9, 12), &[("captain", 1)]).await.unwrap();
    let form = page(&office, &cookie).await;
    for part in [
        "id=\"charter_id\" name=\"charter_id\" type=\"text\" value=\"charter_5679\"",
        "id=\"seats.captain\" name=\"seats.captain\" type=\"number\" value=\"1\"",
        "by the clocks of America/Los_Angeles",
        "<option value=\"Shelter Island, pier 3\">",
    ] {
        assert!(form.contains(part), "{part} is missing in {form}");
    }
    // Sent twice, as by a finger that slips, it is one charter.
    for _ in 0..2 {
        let (status, answer) = fill_in(&office, &cookie, &form, NEW, &SAIL).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    }
    let state = office.app.charter(&"charter_5679".parse().unwrap()).await.unwrap();
    let charter = serde_json::to_value(&state.charter).unwrap();
    let expected = json!({ "charter_id": "charter_5679", "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "call_time": "2026-06-27T22:15:00Z", "departs_at": "2026-06-27T23:00:00Z", "returns_at": "2026-06-28T02:00:00Z",
        "gross_revenue": "1450.00", "gratuity": "120.50",
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }] });
    assert_eq!(charter, expected);
    assert_eq!(office.app.charters(None).await.unwrap().len(), 3);
    let audit = serde_json::to_string(&office.app.audit(&state.charter.charter_id).await.unwrap()).unwrap();
    assert!(audit.contains("Pat Lane"), "{audit}");
    let (_, board) = office.request(get("/", &cookie)).await;
    assert!(board.contains("charter_5679"), "{board}");
}

#[tokio::test]
async fn where_it_leads_is_the_charter() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let form = page(&office, &cookie).await;
    let body = format!(
        "key={}&charter_id=west-7&vessel=Jada&dock=Pier+9&call_time=2026-06-28T09:00&departs_at=2026-06-28T10:00&returns_at=2026-06-28T12:00&seats.captain=1&bareboat=yes",
        hidden(&form, "key")
    );
    let request = Request::post(NEW)
        .header(COOKIE, &cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = super::sign_in::send(&office, request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.headers()[LOCATION], "/charters/west-7");
    let state = office.app.charter(&"west-7".parse().unwrap()).await.unwrap();
    assert!(state.charter.bareboat);
    let (_, page) = office.request(get("/charters/west-7", &cookie)).await;
    assert!(heading(&page).starts_with("Jada, Sun 28 Jun 2026"), "{page}");
}

#[tokio::test]
async fn faults_are_said_beside_the_field_and_what_was_typed_is_kept() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    office.book("taken", (9, 12), &[("captain", 1)]).await.unwrap();
    let form = page(&office, &cookie).await;
    for (name, value, field, problem) in [
        ("vessel", "", "vessel", "The boat "),
        ("dock", "", "dock", "The dock "),
        ("departs_at", "", "departs_at", "The departure is missing."),
        (
            "departs_at",
            "2026-06-19T10:00",
            "call_time",
            "The call time has to be at most 24 hours before the departure",
        ),
        ("returns_at", "2026-06-27T15:00", "returns_at", "The return is not after the departure."),
        ("call_time", "2026-03-08T02:30", "call_time", "falls into the change of clocks"),
        ("guests", "many", "guests", "Write a whole number"),
        ("guests", "90000", "guests", "The number of guests is 90000"),
        (
            "seats.captain",
            "",
            "seats.captain",
            "The seats ask for 0 captains; every charter has exactly one.",
        ),
        ("seats.deckhand", "two", "seats.deckhand", "Write a whole number"),
        ("seats.deckhand", "40", "seats.captain", "add up to 41 seats"),
        ("gross_revenue", "1,450", "gross_revenue", "The revenue "),
        ("channel_fee", "2000", "channel_fee", "more than the revenue"),
        ("charter_id", "a b", "charter_id", "The id has the character"),
        (
            "charter_id",
            "taken",
            "charter_id",
            "Another charter has the id taken; choose one that is free, such as charter_1001.",
        ),
    ] {
        let said = [&SAIL[..], &[(name, value)]].concat();
        let (status, answer) = fill_in(&office, &cookie, &form, NEW, &said).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}: {answer}");
        let beside = format!("id=\"{field}-problem\">! ");
        let said = answer.split_once(&beside).unwrap_or_else(|| panic!("{beside} is missing in {answer}")).1;
        let said = said.split('<').next().unwrap().replace("&quot;", "\"");
        assert!(said.contains(problem), "{name} {value}: {said}");
        let kept = format!("name=\"{name}\" type=\"");
        let kept = answer.split_once(&kept).unwrap().1.split('>').next().unwrap();
        assert!(kept.contains(&format!("value=\"{value}\"")), "{name}: {kept}");
        assert!(answer.contains("value=\"Shelter Island, pier 3\"") || name == "dock", "{answer}");
    }
    // All of it is past.
    let past = [
        ("call_time", "2026-06-19T15:15"),
        ("departs_at", "2026-06-19T16:00"),
        ("returns_at", "2026-06-19T19:00"),
    ];
    let (_, answer) = fill_in(&office, &cookie, &form, NEW, &[&SAIL[..], &past].concat()).await;
    assert!(answer.contains("id=\"departs_at-problem\">! That is past; correct the time."), "{answer}");
    assert_eq!(office.app.charters(None).await.unwrap().len(), 1);
    // Corrected, the same form adds it.
    let (status, answer) = fill_in(&office, &cookie, &answer, NEW, &SAIL).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    let (status, _) = send(&office, &cookie, NEW, &[("vessel", "America")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// A boat that is misspelt has none of its rules.
#[tokio::test]
async fn a_boat_that_nobody_knows_is_asked_about() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    office.book("before", (9, 12), &[("captain", 1)]).await.unwrap();
    let form = page(&office, &cookie).await;
    assert!(!form.contains("It is a new boat"), "{form}");
    let booking = [
        ("charter_id", "west-7"),
        ("vessel", "Americaa"),
        ("dock", "Pier 9"),
        ("call_time", "2026-06-28T09:00"),
        ("departs_at", "2026-06-28T10:00"),
        ("returns_at", "2026-06-28T12:00"),
    ];
    let (status, again) = fill_in(&office, &cookie, &form, NEW, &booking).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.contains("no charter had a boat of that name")
            || again.contains("No charter had a boat of that name"),
        "{again}"
    );
    let (status, answer) = fill_in(&office, &cookie, &again, NEW, &[("new_boat", "yes")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    // From now on it is known.
    let form = page(&office, &cookie).await;
    let booking =
        booking.map(|(name, value)| if name == "charter_id" { (name, "west-8") } else { (name, value) });
    let (status, answer) = fill_in(&office, &cookie, &form, NEW, &booking).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
}
