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
//! answer: nothing is spawned that goes on, and no connection to a mail server waits for the next tick. Several
//! processes answer at once, and an event may be delivered twice; that is no other than several servers on one store.
//!
//! A tick serves no pages. So that offers do not lapse while nobody can answer, it asks for one before, by the address
//! that people have ([`gateway`]).

mod authorizer;
mod event;
mod gateway;
mod request;
mod schedule;
mod transport;

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
use crate::outbox::Outbox;
use crate::store::StoreError;
use crate::tick::{self, Pages};
use crate::web::base::path_of;
use crate::web::{self, Web};
use event::Event;
use gateway::{Gateway, GatewayError};
use transport::Closed;

/// How long a tick has to have at the least: twice the time in which it begins nothing more.
const A_TICK: Duration = Duration::from_secs(2 * tick::LAST_MAILS.as_secs());

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
    /// Made at the first tick, as the gateway is: whoever only shows pages needs neither. It lasts, since it knows how
    /// many mails have left in this minute.
    transport: OnceCell<Arc<dyn Transport>>,
    gateway: OnceCell<Gateway>,
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
        let pages = web::router(Web { app: app.clone(), tryout: None }, Router::new());
        Ok(Self { config, app, pages, transport: OnceCell::new(), gateway: OnceCell::new() })
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
            Event::Tick => self.tick(deadline).await,
        }
    }

    async fn tick(&self, deadline: Instant) -> Result<Value, EventError> {
        let left = deadline.duration_since(Instant::now());
        if left < A_TICK {
            return Err(EventError::TooShort(left));
        }
        let (transport, pages) = tokio::join!(self.transport(), self.pages());
        let outbox = Outbox {
            // An app that was stopped begins nothing any more, so each tick has one of its own.
            app: Arc::new(self.app.anew()),
            transport: match &transport {
                Ok(open) => open.clone(),
                Err(error) => Arc::new(Closed { why: error.to_string() }),
            },
        };
        let reached = *pages.as_ref().unwrap_or(&Pages::NotHere);
        let pass = tick::tick_until(&outbox, reached, deadline).await?;
        schedule::report(&pass, reached, outbox.app.clock.now());
        // All that could be done is done: now for what could not.
        transport?;
        pages?;
        match pass.failed {
            0 => Ok(serde_json::to_value(pass).unwrap_or_default()),
            failed => Err(EventError::Failed(failed)),
        }
    }

    async fn transport(&self) -> Result<Arc<dyn Transport>, ConfigError> {
        self.transport.get_or_try_init(|| transport::open(&self.config)).await.cloned()
    }

    async fn pages(&self) -> Result<Pages, GatewayError> {
        let gateway = self.gateway.get_or_try_init(async || Gateway::new(&self.config.public_url)).await?;
        Ok(gateway.pages().await)
    }
}
