//! A working office to try crewcall in: made-up people in the middle of a season, a mailbox that shows every mail, a clock
//! that can be moved on, and trouble at a button. Nothing leaves the machine, and nothing is kept.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`office`] | the made-up people and charters |
//! | [`season`] | what has happened to them when the demo opens |
//! | [`clock`] | the clock, and what is due as it moves |
//! | [`bar`], [`news`] | what stands on top of every page; what came of the last button |
//! | [`mailroom`] | the mailbox: people, their mail, the message |
//! | [`trouble`] | trouble at a button |
//! | [`here`] | that only this machine is answered |

mod bar;
mod clock;
mod here;
mod mailroom;
mod news;
mod office;
mod pay;
mod season;
mod trouble;

pub use clock::TimeMachine;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::Rank;
use crewcall_dispatch::policy::Policy;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::Markup;

use crate::app::{App, AppError, Caller, Given};
use crate::clock::{Clock, MovableClock, SystemClock};
use crate::mail::mailbox::Mailbox;
use crate::operator::Operator;
use crate::outbox::Outbox;
use crate::sheet::Mode;
use crate::store::{MemoryStore, StoreError};
use crate::web::{Tryout, Web, router};
use news::News;

/// Whoever opens the demo acts under this name.
const USER: &str = "Demo office";

/// The demo's own parts.
struct Demo {
    mailbox: Arc<Mailbox>,
    time: Arc<TimeMachine>,
    /// What came of the last button.
    news: Mutex<Option<News>>,
    /// The demo's buttons are pressed one at a time: each says what came of it alone.
    pressing: tokio::sync::Mutex<()>,
}

/// What the demo's own pages work with.
#[derive(Clone)]
struct Desk {
    demo: Arc<Demo>,
    /// The program's pages, as people and their mail scanners reach them.
    program: Router,
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

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// An office to try out.
pub struct Office {
    /// All of its pages.
    pub pages: Router,
    /// What does its work: settles deadlines and fills the mailbox.
    pub time: Arc<TimeMachine>,
}

/// An office in the middle of its season, reached at `public_url`.
///
/// # Errors
/// Only if the demo's own data is wrong.
pub async fn open(public_url: &str) -> Result<Office, DemoError> {
    open_at(public_url, SystemClock.now()).await
}

/// The same, at another time than now.
///
/// # Errors
/// As [`open()`].
pub async fn open_at(public_url: &str, now: Timestamp) -> Result<Office, DemoError> {
    let zone = TimeZone::get("America/Los_Angeles").map_err(|error| DemoError::Data(error.to_string()))?;
    let mailbox = Arc::new(Mailbox::new());
    // What has happened so far has taken its time, and ends now.
    let clock = Arc::new(MovableClock::running_from(now - season::TOOK));
    let today = zone.to_datetime(now).date();
    let app = Arc::new(App::new(Arc::new(MemoryStore::new()), clock.clone(), operator(public_url, zone)?));
    let roster: Vec<Given> = office::roster(today)?.iter().map(Given::from).collect();
    match app.compare_roster(roster).await.map_err(AppError::from)? {
        Ok(changes) => app.write_roster(&changes).await?,
        Err(faults) => return Err(DemoError::Data(format!("{faults:?}"))),
    }
    for charter in office::charters(&app, today)? {
        app.book(charter, &by_office()).await?;
    }
    let outbox = Outbox { app: app.clone(), transport: mailbox.clone() };
    let time = Arc::new(TimeMachine::new(clock, outbox));
    season::play(&time, now).await?;
    let demo =
        Arc::new(Demo { mailbox, time: time.clone(), news: Mutex::default(), pressing: Default::default() });
    let web = Web::new(app, Mode::Off).tried_out(demo.clone());
    let desk = Desk { demo, program: router(web.clone(), Router::new()) };
    let pages = router(web, routes(desk)).layer(axum::middleware::from_fn(here::from_this_machine));
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
        policy: Policy { vessels: office::vessels()?, ..Policy::default() },
        pay: pay::pay()?,
        // The demo's links lead to this machine and end with the process: nothing to keep secret.
        key: LinkKey::new(*b"the demo key opens nothing real.", "jada"),
    })
}

/// The office, as the giver of a command.
fn by_office() -> Caller {
    Caller::new(Actor::Office(USER.into()), "demo")
}

impl Demo {
    fn app(&self) -> &App {
        &self.time.outbox().app
    }

    fn operator(&self) -> &Operator {
        &self.app().operator
    }

    /// What came of the last button, until it is put away.
    fn news(&self) -> Option<News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, news: News) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(news);
    }

    fn hush(&self) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Tryout for Demo {
    fn user(&self) -> &str {
        USER
    }

    fn bar(&self) -> Markup {
        bar::bar(self)
    }
}

/// The demo's own pages.
fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/demo/mail", get(mailroom::of_person))
        .route("/demo/mail/{number}", get(mailroom::mail))
        .route("/demo/mail/{number}/html", get(mailroom::html))
        .route("/demo/mail/{number}/message.eml", get(mailroom::file))
        .route("/demo/clock", post(bar::move_clock))
        .route("/demo/noted", post(bar::noted))
        .route("/demo/trouble", post(trouble::press))
        .with_state(desk)
}
