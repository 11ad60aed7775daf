//! The roster changes under a call.

use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CrewMember;

use super::on_every_store;
use crate::support::office::{Office, people};

async fn says(office: &Office, who: &str, word: &str) {
    let mut people = people();
    let member = people.iter_mut().find(|member| member.crew_id.as_str() == who).unwrap();
    let mut record = member.to_record();
    record.insert("availability".into(), serde_json::json!({ "2026-06-27": word }));
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
}

#[tokio::test]
async fn whoever_cannot_come_any_more_is_asked_no_more_and_of_whoever_is_aboard_the_office_hears() {
    let timeline = on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        says(&office, "dana", "unavailable").await;
        office.tick().await;
        office.press("gene", "accept").await;
        office.tick().await;
        says(&office, "gene", "after 18:00").await;
        office.tick().await;
        // The same once more is no news.
        says(&office, "gene", "after 18:00").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}
