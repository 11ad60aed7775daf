//! Everyone, in the order of asking.

use axum::http::StatusCode;
use crewcall_dispatch::policy::Order;
use serde_json::json;

use super::{Desk, words};
use crate::support::office::{Office, START, operator, people};
use crate::web::sign_in::{get, sign_in};

#[tokio::test]
async fn everyone_stands_in_the_order_of_asking_with_what_matters_of_them() {
    let desk = Desk::new().await;
    let papers = json!({ "master": "2028-05-01", "medical": "2026-07-19", "drug_program": "valid", "first_aid": "2026-06-19" });
    desk.put("dana", json!({ "credentials": papers, "do_not_pair": ["kai"] })).await;
    desk.put("maya", json!({ "left": true })).await;
    desk.put("bo", json!({ "email": "" })).await;
    let page = desk.get("/roster").await;
    let text = words(&page);
    for part in [
        "Captain 2",
        "Dana Example with Lee Example, Sam Example not with Kai Example",
        "✓ drug program",
        "✗ first aid, expired 19 Jun 2026",
        "✓ master, until 1 May 2028",
        "! medical, expires soon: 19 Jul 2026",
        "! no address",
        "Has left 1",
        "Maya Example captain, has left",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let places: Vec<usize> = [
        "/roster/people/dana",
        "/roster/people/gene",
        "/roster/people/ruth",
        "/roster/people/lee",
        "/roster/people/maya",
    ]
    .iter()
    .map(|link| page.find(&format!("href=\"{link}\"")).unwrap_or_else(|| panic!("{link} is missing")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    // Of some only.
    let text = words(&desk.get("/roster?q=example+deckhand+lee%40").await);
    assert!(text.contains("Lee Example") && !text.contains("Sam Example"), "{text}");
    assert!(desk.get("/roster?q=nobody").await.contains("Nobody is called that."));
}

#[tokio::test]
async fn whoever_is_moved_is_asked_before_the_other_however_the_numbers_were() {
    let desk = Desk::new().await;
    let page = desk.get("/roster").await;
    assert!(
        page.contains("name=\"move\" value=\"gene dana\" aria-label=\"Ask Gene Example earlier\""),
        "{page}"
    );
    assert!(
        page.contains("name=\"move\" value=\"gene dana\" aria-label=\"Ask Dana Example later\""),
        "{page}"
    );
    for (moved, order) in [
        ("gene dana", "gene dana maya"),
        // Sent twice, it is done once.
        ("gene dana", "gene dana maya"),
        ("maya gene", "maya gene dana"),
        ("maya dana", "gene maya dana"),
    ] {
        let (status, page) = desk.post("/roster", &[("move", moved)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
        assert_eq!(desk.order("captain").await, order, "after {moved}");
    }
    desk.put("lee", json!({ "cascade_order": 2 })).await;
    desk.put("zoe", json!({ "cascade_order": null })).await;
    desk.post("/roster", &[("move", "zoe bo")]).await;
    assert_eq!(desk.order("deckhand").await, "lee sam kai zoe bo");
    desk.post("/roster", &[("move", "sam lee")]).await;
    assert_eq!(desk.order("deckhand").await, "sam lee kai zoe bo");
    for moved in ["gene ruth", "gene nobody", "gene", "", "a/b dana"] {
        let (status, page) = desk.post("/roster", &[("move", moved)]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{moved}: {page}");
    }
    assert_eq!(desk.order("captain").await, "gene maya dana");
}

#[tokio::test]
async fn where_people_take_turns_in_another_way_the_page_says_so() {
    let mut operator = operator();
    operator.policy.orders.insert("captain".parse().unwrap(), Order::LastSail);
    let office = Office::run_by(
        operator,
        std::sync::Arc::new(crewcall::store::MemoryStore::new()),
        START.parse().unwrap(),
    );
    office.import(&people()).await;
    let cookie = sign_in(&office).await;
    let (_, page) = office.request(get("/roster", &cookie)).await;
    assert_eq!(page.matches("Whoever has not sailed for longest is asked first").count(), 1, "{page}");
}

#[tokio::test]
async fn an_empty_roster_says_how_to_fill_it() {
    let office = Office::on(std::sync::Arc::new(crewcall::store::MemoryStore::new()), START.parse().unwrap());
    let cookie = sign_in(&office).await;
    let (_, page) = office.request(get("/roster", &cookie)).await;
    assert!(page.contains("href=\"/roster/import\"") && page.contains("href=\"/roster/new\""), "{page}");
}
