//! A month of pay: drafted, approved, sent, and what changes afterwards; on every store.

mod delivery;
mod faults;
mod files;
mod hostile;
mod month;

use std::future::Future;
use std::sync::Arc;

use crewcall::operator::{Operator, Pay};
use crewcall::statement::{self, MonthView};
use crewcall::store::{MemoryStore, Store};
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::{CharterId, CrewId, Figures, Month};
use crewcall_dispatch::statement::{PayRules, Split, Statement};

use crate::store::conformance::one_of_every_kind;
use crate::support::office::{self, Office, START, operator};
use crate::support::pay;

fn rules() -> PayRules {
    pay::rules("20.00", Split::Equal)
}

fn paying() -> Operator {
    let owner = Some("Kim Cole <owner@example.com>".parse().unwrap());
    Operator { pay: Pay { rules: rules(), currency: "USD".into(), owner }, ..operator() }
}

/// An office in which Dana and Lee sail twice on 27 June, and it is 1 July.
async fn sailed(store: Arc<dyn Store>) -> Office {
    let office = booked(store).await;
    office.advance("264h").await;
    office
}

/// The same office at another time, without anything that came due in between: on a store behind a network that takes minutes.
fn later(office: &Office, at: &str) -> Office {
    Office::run_by(paying(), office.app.store.clone(), at.parse().unwrap())
}

/// An office in which Dana and Lee are to sail twice on 27 June.
async fn booked(store: Arc<dyn Store>) -> Office {
    let office = Office::run_by(paying(), store, START.parse().unwrap());
    office.import(&office::people()).await;
    for (id, hours) in [("morning", (9, 12)), ("evening", (16, 19))] {
        let id = office.book(id, hours, &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        for (position, crew_id) in [("captain", "dana"), ("deckhand", "lee")] {
            let (position, crew_id) = (position.parse().unwrap(), crew_id.parse().unwrap());
            let reason = "as agreed".to_owned();
            office.run(&id, Command::Assign { position, crew_id, reason }).await.unwrap();
        }
    }
    office
}

/// The same in memory, with the figures of both sails.
async fn complete() -> Office {
    let office = sailed(Arc::new(MemoryStore::new())).await;
    came_to(&office, "morning", "90.00").await;
    came_to(&office, "evening", "50.01").await;
    office
}

/// 1,000.00 with a fee of 100.00, and three and a half hours.
async fn came_to(office: &Office, id: &str, gratuity: &str) {
    let figures = Figures {
        gross_revenue: Some("1000.00".parse().unwrap()),
        channel_fee: Some("100.00".parse().unwrap()),
        gratuity: Some(gratuity.parse().unwrap()),
        actual_hours: Some("3:30".parse().unwrap()),
        ..Figures::default()
    };
    let id: CharterId = id.parse().unwrap();
    office.run(&id, Command::Record { figures, from: None }).await.unwrap();
}

fn month(month: &str) -> Month {
    month.parse().unwrap()
}

fn crew(id: &str) -> CrewId {
    id.parse().unwrap()
}

async fn view(office: &Office, of: &str) -> MonthView {
    statement::month(&office.app, month(of)).await.unwrap()
}

fn of<'a>(view: &'a MonthView, who: &str) -> &'a Statement {
    view.draft.of(&crew(who)).unwrap()
}

/// Runs something on a new store of every kind.
async fn on_every_store<F: Future<Output = ()>>(run: impl Fn(Arc<dyn Store>) -> F) {
    for (_, store) in one_of_every_kind().await {
        run(store.store.clone()).await;
    }
}
