//! An event of the schedule: one tick, within the time that is left.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

use super::gateway::{Gateway, GatewayError};
use super::{EventError, metrics, transport};
use crate::app::{App, Pages};
use crate::config::{Config, ConfigError};
use crate::google::Patience;
use crate::mail::Transport;
use crate::outbox::Outbox;
use crate::sheet::{Mode, Sync};
use crate::tick;

/// How long a tick has to have at the least: twice the time in which it begins nothing more.
const A_TICK: Duration = Duration::from_secs(2 * tick::LAST_MAILS.as_secs());

/// What a round of the sheet may take: two calls for whose answers [`Patience::SHORT`] waits, and the store.
const A_ROUND: Duration = Duration::from_secs(45);

/// What ticks need beside the app. It is made at the first one: whoever only shows pages needs none of it.
#[derive(Default)]
pub(super) struct Ticks {
    /// It lasts, since it knows how many mails have left in this minute.
    transport: OnceCell<Arc<dyn Transport>>,
    /// What takes its place as long as it cannot be opened for this reason.
    instead: Mutex<Option<(String, Arc<dyn Transport>)>>,
    gateway: OnceCell<Gateway>,
    sheet: OnceCell<Option<Sync>>,
}

impl Ticks {
    /// Does what is due, and says what that was.
    ///
    /// # Errors
    /// If there is too little time; if the store fails; and, after everything else is done, if mail cannot leave or
    /// nobody can ask for a page.
    pub(super) async fn tick(
        &self,
        app: &App,
        config: &Config,
        deadline: Instant,
    ) -> Result<Value, EventError> {
        let left = deadline.duration_since(Instant::now());
        if left < A_TICK {
            return Err(EventError::TooShort(left));
        }
        let (transport, asked) = tokio::join!(self.transport(config), self.ask_for_a_page(config));
        let (transport, failure) = match transport {
            Ok(transport) => (transport, None),
            Err(error) => (self.instead(config, &error).await, Some(error)),
        };
        // An app that was stopped begins nothing any more, so each tick has one of its own.
        let outbox = Outbox { app: Arc::new(app.anew()), transport };
        let pages = *asked.as_ref().unwrap_or(&Pages::Unreached);
        let pass = tick::tick_until(&outbox, pages, deadline).await?;
        metrics::print(&pass, pages, outbox.app.clock.now());
        if pass.mail_stopped
            && let Some((stopped, since)) = app.mail_way().await?.stopped()
        {
            // In each tick: whom an alarm rang looks at the last ones.
            tracing::error!(%since, "no mail leaves: {}", stopped.told());
        }
        self.keep_sheet(app, config, deadline).await;
        // All that could be done is done: now for what could not.
        if let Some(error) = failure {
            return Err(error.into());
        }
        asked?;
        match pass.failed {
            0 => Ok(serde_json::to_value(pass).unwrap_or_default()),
            failed => Err(EventError::Failed(failed)),
        }
    }

    /// One round of the sheet, if there is time for it. What comes to nothing is made up for by the next tick.
    async fn keep_sheet(&self, app: &App, config: &Config, deadline: Instant) {
        if config.google.sync == Mode::Off || deadline.duration_since(Instant::now()) < A_ROUND {
            return;
        }
        let open = async || config.sheet(Arc::new(app.anew()), Patience::SHORT);
        let kept = match self.sheet.get_or_try_init(open).await {
            Ok(Some(sheet)) => sheet.once(config.google.sync).await.map_err(|error| error.to_string()),
            Ok(None) => return,
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = kept {
            tracing::error!("the sheet is not in step: {error}");
        }
    }

    async fn transport(&self, config: &Config) -> Result<Arc<dyn Transport>, ConfigError> {
        self.transport.get_or_try_init(|| transport::open(config)).await.cloned()
    }

    async fn instead(&self, config: &Config, error: &ConfigError) -> Arc<dyn Transport> {
        let mut instead = self.instead.lock().await;
        match &*instead {
            Some((why, transport)) if *why == error.to_string() => transport.clone(),
            _ => {
                let transport = transport::instead(config, error);
                *instead = Some((error.to_string(), transport.clone()));
                transport
            }
        }
    }

    async fn ask_for_a_page(&self, config: &Config) -> Result<Pages, GatewayError> {
        let gateway = self.gateway.get_or_try_init(async || Gateway::new(&config.public_url)).await?;
        Ok(gateway.ask().await)
    }
}
