//! A dispatcher's days as stories: a frozen clock, real pages, and a timeline of what happened and
//! what was mailed. Every story runs on every store and has to come out the same.

mod after_downtime;
mod crew;
mod happy_way;
mod overlaps;
mod pace;
mod roster;
mod script;
mod trouble;

use std::future::Future;

use crewcall::times;
use crewcall::words::{self, Names};
use crewcall_dispatch::cascade::{AuditEvent, Fact};
use crewcall_dispatch::model::CharterId;
use jiff::Timestamp;

use crate::store::conformance::{TestStore, one_of_every_kind};
use crate::support::invariants;
use crate::support::office::Office;

/// Tells one story on every store, and gives its timeline, which is the same on all of them.
async fn on_every_store<F: Future<Output = Office>>(tell: impl Fn(Office) -> F) -> String {
    on_these(one_of_every_kind().await, tell).await
}

/// The same also behind a network that has its troubles, where each takes its time.
async fn on_every_network<F: Future<Output = Office>>(tell: impl Fn(Office) -> F) -> String {
    let told = on_every_store(&tell).await;
    #[cfg(feature = "aws")]
    {
        let (store, proxy) = crate::store::conformance::troubled().await;
        let troubled = on_these(vec![("dynamodb behind a bad network", store)], &tell).await;
        assert!(proxy.troubles() > 5, "the network was good: {}", proxy.troubles());
        assert_eq!(troubled, told, "behind a bad network it is another story");
        crate::support::proxy::asks_by_key_or_index_only(&proxy);
    }
    told
}

async fn on_these<F: Future<Output = Office>>(
    stores: Vec<(&'static str, TestStore)>,
    tell: impl Fn(Office) -> F,
) -> String {
    let mut told: Option<(&str, String)> = None;
    for (name, store) in stores {
        let office = tell(Office::new(store.store.clone()).await).await;
        invariants::hold(&office.app).await;
        let timeline = timeline(&office).await;
        if let Some((other, expected)) = &told {
            assert_eq!(&timeline, expected, "{name} tells another story than {other}");
        }
        told = Some((name, timeline));
    }
    told.unwrap().1
}

/// What happened, charter by charter, and every mail in the order in which it arrived. Mails of one
/// moment leave side by side; here they stand sorted.
async fn timeline(office: &Office) -> String {
    let names =
        office.app.roster().await.unwrap().into_iter().map(|one| (one.crew_id, one.name)).collect::<Names>();
    let zone = &office.app.operator.zone;
    let mut text = String::new();
    for state in office.app.charters(None).await.unwrap() {
        text.push_str(&format!("{} is {}\n", state.charter.charter_id, state.status()));
        let audit = office.app.audit(&state.charter.charter_id).await.unwrap();
        for some in audit.chunk_by(|one, next| one.at == next.at && is_mail(one) == is_mail(next)) {
            let mut lines: Vec<String> = some
                .iter()
                .map(|event| {
                    let who = words::actor(&event.by, &names);
                    let what = without_links(&words::fact(event, &state, &names, zone));
                    format!("  {} {who}: {what}\n", clock(event.at, zone))
                })
                .collect();
            if is_mail(&some[0]) {
                lines.sort();
            }
            text.extend(lines);
        }
    }
    let mut mails: Vec<(Timestamp, String)> = office
        .mailbox
        .list()
        .into_iter()
        .map(|arrived| {
            let mail = arrived.mail;
            let first = mail.text.lines().next().unwrap_or_default();
            (mail.date, format!("  {} to {}: {first}\n", clock(mail.date, zone), mail.to.email))
        })
        .collect();
    mails.sort();
    text.push_str("mails\n");
    text.extend(mails.into_iter().map(|(_, line)| line));
    text
}

fn is_mail(event: &AuditEvent) -> bool {
    matches!(event.fact, Fact::OfferSent { .. } | Fact::MailSent { .. } | Fact::MailDropped { .. })
}

fn clock(at: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    times::log(at, zone)[5..].to_owned()
}

/// Links are as they are; a story is not about their letters.
fn without_links(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for word in &mut words {
        if word.contains("jada_crew_") {
            *word = "…)";
        }
    }
    words.join(" ")
}

/// A charter's id in a story.
fn id(text: &str) -> CharterId {
    text.parse().unwrap()
}
