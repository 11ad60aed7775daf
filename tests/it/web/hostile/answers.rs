//! What mail servers answer, and why somebody was skipped, as the pages of the office tell it.

use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::{CharterId, CrewId};

use super::{Desk, Shown, compare, harmless};
use crate::support::hostile_text::strings;
use crate::support::office::{caller, person};

/// Strings of one office; a call has room for so many people.
const AT_ONCE: usize = 80;

async fn told(texts: &[String]) -> Vec<Shown> {
    let desk = Desk::new().await;
    let office = &desk.office;
    let mut people: Vec<_> =
        (0..AT_ONCE).map(|n| person("deckhand", &format!("p{n}"), n as u32 + 1, &[])).collect();
    people.push(person("captain", "dana", 1, &[]));
    office.import(&people).await;
    let id: CharterId = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    let dana: CrewId = "dana".parse().unwrap();
    office.tick().await;
    office.run(&id, Command::Bounced { crew_id: dana, error: texts[0].clone() }).await.unwrap();
    for (member, text) in people.iter().zip(texts) {
        office
            .run(&id, Command::Skip { crew_id: member.crew_id.clone(), reason: text.clone() })
            .await
            .unwrap();
    }
    let charter = desk.shown("/charters/ch", 0..AT_ONCE).await;
    for (member, text) in people.iter().zip(texts) {
        office.app.unreachable(member, text, &caller()).await.unwrap();
    }
    vec![charter, desk.shown("/roster", 0..AT_ONCE).await, desk.shown("/needs-you", 0..AT_ONCE).await]
}

#[tokio::test]
async fn answers_of_mail_servers_and_reasons_stay_text() {
    let plain = told(&harmless(AT_ONCE)).await;
    let texts: Vec<String> = strings().collect();
    for texts in texts.chunks(AT_ONCE) {
        compare(&told(texts).await, &plain, texts);
    }
}
