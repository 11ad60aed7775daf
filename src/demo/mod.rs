//! A working office to try crewcall in: made-up people, a mailbox that shows every mail, and a clock
//! that can be moved on. Nothing leaves the machine, and nothing is kept.

mod clock;
mod office;
mod pages;
mod pay;

pub use clock::TimeMachine;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::Rank;
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use maud::Markup;

use crate::app::{App, AppError, Caller, Given};
use crate::clock::MovableClock;
use crate::mail::mailbox::Mailbox;
use crate::operator::Operator;
use crate::outbox::Outbox;
use crate::sheet::Mode;
use crate::store::MemoryStore;
use crate::web::{Tryout, Web, router};
use crewcall_dispatch::cascade::{Actor, Command};

/// Whoever opens the demo acts under this name.
const USER: &str = "Demo office";

/// The demo's own parts.
struct Demo {
    mailbox: Arc<Mailbox>,
    time: Arc<TimeMachine>,
}

/// Why the demo could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The made-up people or charters were refused.
    #[error("the demo's own data was refused: {0}")]
    Data(String),
    /// The store in memory failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// An office to try out.
pub struct Office {
    /// All of its pages.
    pub pages: Router,
    /// What does its work: settles deadlines and fills the mailbox.
    pub time: Arc<TimeMachine>,
}

/// An office with its roster and charters, reached at `public_url`.
///
/// # Errors
/// Only if the demo's own data is wrong.
pub async fn open(public_url: &str) -> Result<Office, DemoError> {
    let zone = TimeZone::get("America/Los_Angeles").map_err(|error| DemoError::Data(error.to_string()))?;
    let mailbox = Arc::new(Mailbox::new());
    let clock = Arc::new(MovableClock::running());
    let app = Arc::new(App::new(Arc::new(MemoryStore::new()), clock.clone(), operator(public_url, zone)?));
    let roster: Vec<Given> = office::roster(&app)?.iter().map(Given::from).collect();
    match app.compare_roster(&roster).await.map_err(AppError::from)? {
        Ok(changes) => app.write_roster(&changes).await?,
        Err(faults) => return Err(DemoError::Data(format!("{faults:?}"))),
    }
    let caller = Caller::new(Actor::Office(USER.into()), "demo");
    for charter in office::charters(&app)? {
        app.book(charter, &caller).await?;
    }
    // One call is under way, so that the mailbox has a captain's mail to open.
    app.run(&office::started()?, &Command::Start, &caller).await?;
    let outbox = Outbox { app: app.clone(), transport: mailbox.clone() };
    let time = Arc::new(TimeMachine::new(clock, outbox));
    let demo = Arc::new(Demo { mailbox, time: time.clone() });
    let pages = router(Web::new(app, Mode::Off).tried_out(demo.clone()), routes(demo));
    let pages = pages.layer(axum::middleware::from_fn(pages::from_this_machine));
    Ok(Office { pages, time })
}

fn operator(public_url: &str, zone: TimeZone) -> Result<Operator, DemoError> {
    let data = |problem: String| DemoError::Data(problem);
    let ranks = ["captain", "mate", "deckhand", "host"].map(str::parse::<Rank>);
    Ok(Operator {
        name: "Harbor Sails".into(),
        zone,
        ranks: ranks.into_iter().collect::<Result<_, _>>().map_err(data)?,
        public_url: public_url.to_owned(),
        from: "Harbor Sails <crew@example.com>".parse().map_err(data)?,
        office: "office@example.com".parse().map_err(data)?,
        phone: Some("+1-619-555-0100".parse().map_err(data)?),
        policy: Policy::default(),
        pay: pay::pay()?,
        // The demo's links lead to this machine and end with the process: nothing to keep secret.
        key: LinkKey::new(*b"the demo key opens nothing real.", "jada"),
    })
}

impl Demo {
    fn operator(&self) -> &Operator {
        &self.time.outbox().app.operator
    }
}

impl Tryout for Demo {
    fn user(&self) -> &str {
        USER
    }

    fn bar(&self) -> Markup {
        pages::bar(self)
    }
}

/// The demo's own pages.
fn routes(demo: Arc<Demo>) -> Router {
    Router::new()
        .route("/demo/mail", get(pages::newest))
        .route("/demo/mail/{number}", get(pages::mail))
        .route("/demo/mail/{number}/html", get(pages::mail_html))
        .route("/demo/clock", post(pages::move_clock))
        .with_state(demo)
}
