//! Whatever waits for a person of the office stands on one page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::COOKIE;
use crewcall::operator::Operator;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::policy::{LateYes, Policy};
use serde_json::{Value, json};

use super::sign_in::sign_in;
use crate::support::office::{Office, START, caller, operator, people};

async fn page(office: &Office, cookie: &str) -> String {
    let request = Request::get("/needs-you").header(COOKIE, cookie).body(Body::empty()).unwrap();
    office.request(request).await.1
}

async fn office() -> (Office, String) {
    let policy = Policy { late_yes: LateYes::Office, ..Policy::default() };
    let operator = Operator { policy, ..operator() };
    let office = Office::run_by(operator, Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    let cookie = sign_in(&office).await;
    (office, cookie)
}

async fn amend(office: &Office, who: &str, field: &str, value: Value) {
    let member = people().into_iter().find(|member| member.crew_id.as_str() == who).unwrap();
    let mut record = member.to_record();
    record.insert(field.into(), value);
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    office.tick().await;
}

#[tokio::test]
async fn where_all_is_well_it_says_so() {
    let (office, cookie) = office().await;
    office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let page = page(&office, &cookie).await;
    assert!(page.contains("nothing waits for you") && !page.contains("<section"), "{page}");
}

#[tokio::test]
async fn everything_that_needs_the_office_is_there_with_the_way_to_it() {
    let (office, cookie) = office().await;
    // Dana was too late, and would sail; everyone else said no.
    let late = office.book("late", (8, 11), &[("captain", 1)]).await.unwrap();
    office.run(&late, Command::Start).await.unwrap();
    office.tick().await;
    let dana = office.newest_link("dana").unwrap();
    office.advance("2h3min").await;
    office.press_link(&dana, "stand_by").await;
    for who in ["gene", "maya"] {
        office.press(who, "decline").await;
        office.tick().await;
    }
    // Gene is aboard in the afternoon; then the licence ends, and the day is off.
    let aboard = office.book("aboard", (16, 19), &[("captain", 1)]).await.unwrap();
    let gene = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "gene".parse().unwrap(),
        reason: "asked for it".into(),
    };
    office.run(&aboard, gene).await.unwrap();
    office.tick().await;
    amend(&office, "gene", "credentials", json!({ "master": "2026-06-26", "medical": "2026-06-27" })).await;
    let before = page(&office, &cookie).await;
    assert!(!before.contains("unavailable"), "{before}");
    let mut off = json!({ "master": "2026-06-26" });
    off["medical"] = "valid".into();
    let member = people().into_iter().find(|member| member.crew_id.as_str() == "gene").unwrap();
    let mut record = member.to_record();
    record.insert("credentials".into(), off);
    record.insert("availability".into(), json!({ "2026-06-27": "unavailable" }));
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    office.tick().await;
    // Sam's mail comes back, Zoe has no address.
    let sam = office.app.member(&"sam".parse().unwrap()).await.unwrap().unwrap();
    office.app.unreachable(&sam, "550 no such mailbox", &caller()).await.unwrap();
    amend(&office, "zoe", "email", Value::Null).await;
    let page = page(&office, &cookie).await;
    let found = |title: &str, item: &str| {
        let section = page.split("<section").find(|section| section.contains(title));
        let section = section.unwrap_or_else(|| panic!("no section {title}: {page}"));
        assert!(section.contains(item), "{item}: {section}");
    };
    found("Seats without people · 1", "href=\"/charters/late#position-captain\"");
    found("Seats without people", "Nobody is left to ask for captain");
    found("People aboard who may not sail · 1", "href=\"/charters/aboard#position-captain\"");
    found("People aboard who may not sail", "unavailable on 2026-06-27");
    found("Mail that does not arrive · 2", "href=\"/roster/people/sam\"");
    found("Mail that does not arrive", "550 no such mailbox");
    found("Mail that does not arrive", "Zoe Example has no address");
    found("Credentials that end before a sail · 1", "master ends on Fri 26 Jun 2026");
    found("People who stand by · 1", "Dana Example stands by as captain");
    let board = Request::get("/").header(COOKIE, &cookie).body(Body::empty()).unwrap();
    let board = office.request(board).await.1;
    for page in [&page, &board] {
        assert!(page.contains("! 3 about the crew"), "{page}");
    }
    // A sail that is off needs nobody.
    office.run(&aboard, Command::Cancel).await.unwrap();
    let page = self::page(&office, &cookie).await;
    assert!(!page.contains("master ends") && page.contains("! 2 about the crew"), "{page}");
}
