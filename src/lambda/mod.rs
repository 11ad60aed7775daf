//! AWS Lambda: the requests of an API Gateway go to the same pages, the ticks of a schedule do the same work.
//!
//! One program answers every kind of event, told apart in [`event`]:
//!
//! | event | answer | module |
//! | --- | --- | --- |
//! | a request of an HTTP API, payload format 2.0 | a page, or the API's answer | [`request`] |
//! | a question of a REQUEST authorizer | whether a crew link opens anything at this moment | [`authorizer`] |
//! | an event of an EventBridge schedule | what one tick did | [`schedule`] |
//!
//! Between two events the process is frozen, and it may never be woken. So whatever an event begins ends before its
//! answer: nothing is spawned that goes on, and no connection to a mail server or to Google waits for the next tick.
//! Several processes answer at once, and an event may be delivered twice; that is no other than several servers on one
//! store.
//!
//! A tick serves no pages. So that offers do not lapse while nobody can answer, it asks for one before, by the address
//! that people have ([`gateway`]).

mod authorizer;
mod event;
mod gateway;
mod metrics;
mod request;
mod schedule;
mod transport;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use tokio::time::Instant;

use crate::app::{App, AppError};
use crate::config::{Config, ConfigError, OpenError, StoreConfig};
use crate::store::StoreError;
use crate::web::base::path_of;
use crate::web::{self, Web};
use event::Event;
use gateway::GatewayError;
use schedule::Ticks;

/// Whether AWS Lambda started this process: it names the address of its events then.
pub(crate) fn started_this() -> bool {
    std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some()
}

/// Why an event has no answer. Lambda counts it as an error of the function.
#[derive(Debug, thiserror::Error)]
enum EventError {
    #[error("this event is nothing that crewcall answers: {0}")]
    Unknown(String),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("mail cannot leave: {0}")]
    Transport(#[from] ConfigError),
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error(
        "there are {} s left, in which no mail can be handed over for certain; set the function's timeout to 60 s",
        .0.as_secs()
    )]
    TooShort(Duration),
    #[error("{0} pieces of work failed, as logged above; they are due again at the next tick")]
    Failed(usize),
}

impl EventError {
    /// As it stands in Lambda's own log of errors.
    fn kind(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "UnknownEvent",
            Self::Store(_) | Self::App(AppError::Store(_)) => "Store",
            Self::App(_) => "App",
            Self::Transport(_) => "Transport",
            Self::Gateway(_) => "Gateway",
            Self::TooShort(_) => "TooShort",
            Self::Failed(_) => "WorkFailed",
        }
    }
}

impl From<EventError> for Diagnostic {
    fn from(error: EventError) -> Self {
        Self { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}

/// That time on the clock by which we wait.
fn time_of(deadline: SystemTime) -> Instant {
    let left = deadline.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO);
    Instant::now() + left
}

/// What outlives an event: the clients and whatever else takes time to make.
pub(crate) struct Function {
    config: Config,
    app: Arc<App>,
    pages: Router,
    ticks: Ticks,
}

impl Function {
    /// Makes whatever does not change from one event to the next.
    ///
    /// # Errors
    /// If the store or the link key cannot be opened, or the store is a file.
    pub(crate) async fn begin(config: Config) -> Result<Self, OpenError> {
        if let StoreConfig::Sqlite(_) = config.store {
            return Err(OpenError::Vanishes);
        }
        let app = config.open_app().await?;
        let web = Web::new(app.clone(), config.google.sync).signing_in_by(config.openid(&app)?).asleep();
        let pages = web::router(web, Router::new());
        Ok(Self { config, app, pages, ticks: Ticks::default() })
    }

    /// Answers events, one at a time, until the process is ended from outside.
    ///
    /// # Errors
    /// If Lambda does not hand events out.
    pub(crate) async fn run(&self) -> Result<(), lambda_runtime::Error> {
        let answer = service_fn(async |event: LambdaEvent<Value>| {
            let answer = self.answer(event.payload, time_of(event.context.deadline())).await;
            // The runtime logs it.
            answer.map_err(Diagnostic::from)
        });
        lambda_runtime::run(answer).await
    }

    async fn answer(&self, event: Value, deadline: Instant) -> Result<Value, EventError> {
        let event = Event::parse(event)?;
        // What was seen at the last one may be hours old.
        self.app.forget_signs();
        match event {
            Event::Request(asked) => {
                let base = path_of(&self.config.public_url);
                Ok(request::answer(self.pages.clone(), base, *asked).await)
            }
            Event::Question(asked) => Ok(authorizer::answer(&self.app, &asked).await?),
            Event::Tick => self.ticks.tick(&self.app, &self.config, deadline).await,
        }
    }
}
