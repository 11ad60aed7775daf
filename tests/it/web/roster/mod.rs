//! The roster on pages: everyone, one person, days, files.

mod days;
mod import;
mod list;
mod person;
mod races;

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::store::{MemoryStore, Store};
use crewcall_dispatch::model::CrewMember;
use serde_json::Value;

use super::form;
use super::sign_in::{get, sign_in};
use crate::support::office::Office;

/// An office, and its dispatcher's cookie.
struct Desk {
    office: Office,
    cookie: String,
}

impl Desk {
    async fn new() -> Self {
        Self::on(Arc::new(MemoryStore::new())).await
    }

    async fn on(store: Arc<dyn Store>) -> Self {
        let office = Office::new(store).await;
        let cookie = sign_in(&office).await;
        Self { office, cookie }
    }

    async fn get(&self, path: &str) -> String {
        let (status, page) = self.office.request(get(path, &self.cookie)).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        form::send(&self.office, &self.cookie, path, fields).await
    }

    /// Fills the form of a page in that was fetched before, and sends it.
    async fn fill_in(&self, page: &str, action: &str, said: &[(&str, &str)]) -> (StatusCode, String) {
        form::fill_in(&self.office, &self.cookie, page, action, said).await
    }

    async fn member(&self, id: &str) -> CrewMember {
        self.office.app.member(&id.parse().unwrap()).await.unwrap().unwrap()
    }

    /// Somebody's record with other attributes, as another program or the office's sheet writes it.
    async fn put(&self, id: &str, attributes: Value) {
        let mut record = self.member(id).await.to_record();
        record.extend(attributes.as_object().unwrap().clone());
        self.office.import(&[CrewMember::parse(&record).unwrap()]).await;
    }

    /// The ids of a rank, in the order of asking.
    async fn order(&self, rank: &str) -> String {
        let roster = self.office.app.roster().await.unwrap();
        let ids: Vec<&str> = roster
            .iter()
            .filter(|member| member.rank.as_str() == rank)
            .map(|member| member.crew_id.as_str())
            .collect();
        ids.join(" ")
    }
}

/// The page as whoever reads it has it: without tags.
fn words(page: &str) -> String {
    let text = page.split('<').filter_map(|rest| rest.split_once('>')).map(|(_, text)| text);
    text.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
