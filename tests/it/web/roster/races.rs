//! Two who change the roster at the same moment.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::store::{MemoryStore, Table};
use crewcall_dispatch::model::CrewMember;
use serde_json::json;

use super::{Desk, words};
use crate::support::meanwhile::{Before, Meanwhile};
use crate::support::office::{Office, START, person};

/// A desk, and somebody else who writes Gene's record with these attributes while the next commit of the desk is under way.
async fn desk_with(attributes: serde_json::Value) -> (Desk, Arc<Meanwhile>, impl FnOnce()) {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let desk = Desk::on(store.clone()).await;
    let other = Office::on(store.clone(), START.parse().unwrap());
    let mut record = person("captain", "gene", 2, &["kai", "sam"]).to_record();
    record.extend(attributes.as_object().unwrap().clone());
    let begin = store.clone();
    let plan = move || {
        begin.plan(Before::CommitOf(Table::Crew), async move {
            other.import(&[CrewMember::parse(&record).unwrap()]).await;
        });
    };
    (desk, store, plan)
}

#[tokio::test]
async fn other_fields_of_a_record_that_is_written_at_the_same_moment_are_both_there() {
    let (desk, store, plan) = desk_with(json!({ "phone": "+1-619-555-0177" })).await;
    let page = desk.get("/roster/people/gene").await;
    plan();
    let (status, answer) = desk.fill_in(&page, "/roster/people/gene", &[("name", "Gene Sample")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert!(store.has_happened());
    let gene = desk.member("gene").await;
    assert_eq!((gene.name.as_str(), gene.phone.unwrap().as_str()), ("Gene Sample", "+1-619-555-0177"));
}

#[tokio::test]
async fn the_same_field_is_told_and_stays() {
    let (desk, store, plan) = desk_with(json!({ "phone": "+1-619-555-0177" })).await;
    let page = desk.get("/roster/people/gene").await;
    plan();
    let (status, answer) = desk.fill_in(&page, "/roster/people/gene", &[("phone", "+1-619-555-0188")]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert!(store.has_happened());
    assert!(words(&answer).contains("changed this meanwhile, to “+1-619-555-0177”"), "{answer}");
    assert_eq!(desk.member("gene").await.phone.unwrap().as_str(), "+1-619-555-0177");
}

#[tokio::test]
async fn an_order_that_is_changed_at_the_same_moment_is_made_from_what_stands_then() {
    let (desk, store, plan) = desk_with(json!({ "cascade_order": 9, "phone": "+1-619-555-0177" })).await;
    plan();
    let (status, answer) = desk.post("/roster", &[("move", "gene dana")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{answer}");
    assert!(store.has_happened());
    assert_eq!(desk.order("captain").await, "gene dana maya");
    assert_eq!(desk.member("gene").await.phone.unwrap().as_str(), "+1-619-555-0177");
}

#[tokio::test]
async fn a_day_that_is_said_at_the_same_moment_stays() {
    let (desk, store, plan) = desk_with(json!({ "availability": { "2026-06-27": "no" } })).await;
    let month = "/roster/days?month=2026-06";
    let page = desk.get(month).await;
    let (same, free) = (super::days::cell(&page, "gene", 27), super::days::cell(&page, "gene", 28));
    plan();
    let (status, answer) = desk.fill_in(&page, month, &[(&same, "maybe"), (&free, "yes")]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert!(store.has_happened());
    let says = desk.member("gene").await.to_record()["availability"].clone();
    assert_eq!(says, json!({ "2026-06-27": "no", "2026-06-28": "available" }));
}

#[tokio::test]
async fn of_a_file_whose_people_change_while_it_is_taken_over_nothing_is_lost() {
    let (desk, store, plan) = desk_with(json!({ "phone": "+1-619-555-0177" })).await;
    let csv = "crew_id,phone,email\ngene,+1-619-555-0188,\ndana,,d@example.com\n";
    let (_, page) = desk.upload("people.csv", csv.as_bytes(), "people").await;
    plan();
    let (status, answer) = desk.fill_in(&page, "/roster/import/take", &[]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert!(store.has_happened());
    assert!(words(&answer).contains("phone +1-619-555-0177 +1-619-555-0188"), "{answer}");
    let (gene, dana) = (desk.member("gene").await, desk.member("dana").await);
    assert_eq!(
        (gene.phone.unwrap().as_str(), dana.email.unwrap().as_str()),
        ("+1-619-555-0177", "dana@example.com")
    );
    let (status, _) = desk.fill_in(&answer, "/roster/import/take", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(desk.member("gene").await.phone.unwrap().as_str(), "+1-619-555-0188");
}
