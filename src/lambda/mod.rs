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
//! answer: nothing is spawned that goes on, but for a goodbye to a mail server that waits until the process is woken. Several processes answer at once, and an event may be delivered twice;
//! that is no other than several servers on one store.
//!
//! A tick here leaves the sign of life of a process that serves the pages, though another function does: both are
//! deployed together, and a gateway has the pages up whenever somebody asks.

mod authorizer;
mod event;
mod request;
mod schedule;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::app::{App, AppError};
use crate::config::{Config, ConfigError, OpenError, StoreConfig};
use crate::mail::Transport;
use crate::mail::smtp::Timeouts;
use crate::outbox::Outbox;
use crate::store::StoreError;
use crate::tick;
use crate::web::base::path_of;
use crate::web::{self, Web};
use event::Event;

/// How long a tick has to have at the least.
const A_TICK: Duration = Duration::from_secs(50);

/// A mail server that is slow is known to be so before the process ends, unless it has the mail by then: else the mail
/// would count as one that may have left.
const PATIENCE: Timeouts = Timeouts { announce: Duration::from_secs(20), ..Timeouts::STANDARD };
const _: () = assert!(PATIENCE.announce.as_secs() < tick::LAST_MAILS.as_secs());

/// Whether this process was started by AWS Lambda, which names the address of its events.
pub fn is_where_we_are() -> bool {
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
pub struct Function {
    config: Config,
    app: Arc<App>,
    pages: Router,
    /// Made at the first tick: whoever only shows pages need not know how mail leaves. It lasts, since it knows how many
    /// mails have left in this minute.
    transport: OnceCell<Arc<dyn Transport>>,
}

impl Function {
    /// Makes whatever does not change from one event to the next.
    ///
    /// # Errors
    /// If the store or the link key cannot be opened, or the store is a file.
    pub async fn begin(config: Config) -> Result<Self, OpenError> {
        if let StoreConfig::Sqlite(_) = config.store {
            return Err(OpenError::Vanishes);
        }
        let app = config.open_app().await?;
        let pages = web::router(Web { app: app.clone(), tryout: None }, Router::new());
        Ok(Self { config, app, pages, transport: OnceCell::new() })
    }

    /// Answers events, one at a time, until the process is ended from outside.
    ///
    /// # Errors
    /// If Lambda does not hand events out.
    pub async fn run(&self) -> Result<(), lambda_runtime::Error> {
        let answer = service_fn(async |event: LambdaEvent<Value>| {
            let answer = self.answer(event.payload, time_of(event.context.deadline())).await;
            answer.inspect_err(|error| tracing::error!(%error, "an event has no answer"))
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
            Event::Tick => {
                let left = deadline.duration_since(Instant::now());
                if left < A_TICK {
                    return Err(EventError::TooShort(left));
                }
                let transport = self.transport.get_or_try_init(async || {
                    let password = self.config.smtp_password().await?;
                    self.config.transport_with(password.as_ref(), PATIENCE)
                });
                let transport = transport.await?.clone();
                // An app that was stopped begins nothing any more, so each tick has one of its own.
                let outbox = Outbox { app: Arc::new(self.app.anew()), transport };
                let pass = tick::tick_until(&outbox, deadline).await?;
                schedule::report(&pass, outbox.app.clock.now());
                match pass.failed {
                    0 => Ok(serde_json::to_value(pass).unwrap_or_default()),
                    failed => Err(EventError::Failed(failed)),
                }
            }
        }
    }
}
