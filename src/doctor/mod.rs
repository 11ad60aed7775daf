//! Whether everything is in order: what an operator would otherwise find out one after the other, and at a bad time.
//!
//! Each look changes nothing, and says what to do about what it finds.

mod google;
mod pay;
mod sign_in;

use std::fmt;

use crewcall_dispatch::signs::DOWN_AFTER_BY_SCHEDULE;
use serde::Serialize;

use crate::app::{App, MailWay};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, StoreConfig, Way};
use crate::google::credentials::Credentials;
use crate::times;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In order.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// It does not work.
    Failed,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        })
    }
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub about: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found; and what to do about it, unless it is in order.
    pub says: String,
}

impl Finding {
    fn new(about: &'static str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self { about, verdict, says: says.into() }
    }
}

/// Looks at everything. The settings themselves are in order, or there would be none.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::new("settings", Verdict::Ok, "can be read, and go together")];
    let app = match &config.store {
        StoreConfig::Sqlite(path) if !path.exists() => {
            let says = format!("{} is not there yet; `crewcall serve` makes it", path.display());
            findings.push(Finding::new("store", Verdict::Warning, says));
            None
        }
        _ => match config.open_app().await {
            Ok(app) => {
                findings.push(Finding::new("store", Verdict::Ok, "opens, and its link key is there"));
                Some(app)
            }
            Err(error) => {
                findings.push(Finding::new("store", Verdict::Failed, error.to_string()));
                None
            }
        },
    };
    if let Some(app) = &app {
        findings.push(dispatcher(config, app).await);
    }
    findings.push(pages(config));
    findings.extend(mail(config).await);
    if let Some(app) = &app {
        findings.extend(waiting(config, app).await);
        findings.extend(pay::examine(config, app).await);
        findings.extend(sign_in::examine(config, app).await);
    }
    findings.extend(google::examine(config).await);
    findings
}

async fn dispatcher(config: &Config, app: &App) -> Finding {
    let start = config.command("serve");
    let (verdict, says) = match app.last_beat().await {
        Ok(Some(at)) if app.clock.now().duration_since(at).abs() < DOWN_AFTER_BY_SCHEDULE => {
            (Verdict::Ok, "does what is due".to_owned())
        }
        Ok(Some(at)) => {
            let last = times::full(at, &config.zone);
            (Verdict::Failed, format!("did nothing since {last}: nobody is asked; start `{start}`"))
        }
        Ok(None) => (Verdict::Warning, format!("has never run; start `{start}`")),
        Err(error) => (Verdict::Failed, error.to_string()),
    };
    Finding::new("dispatcher", verdict, says)
}

fn pages(config: &Config) -> Finding {
    let (verdict, says) = match config.links_lead_nowhere() {
        true => (
            Verdict::Warning,
            format!(
                "links in mails lead to {}, which is this machine only; set [server] public_url to an address that \
                 phones reach",
                config.public_url
            ),
        ),
        false => (Verdict::Ok, format!("links in mails lead to {}", config.public_url)),
    };
    Finding::new("pages", verdict, says)
}

/// Each way by itself, as `crewcall mail test` does.
async fn mail(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for way in config.mail.ways() {
        let only = config.with_way(way);
        let tried = match only.transport().await {
            Ok(transport) => transport.check().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        findings.push(match (tried, way) {
            (Ok(()), Way::File(_)) => Finding::new(
                "mail",
                Verdict::Warning,
                format!("{}; set [mail] transport when you are ready", only.mail),
            ),
            (Ok(()), _) => Finding::new("mail", Verdict::Ok, only.mail.to_string()),
            (Err(why), _) => Finding::new("mail", Verdict::Failed, why),
        });
    }
    if let (Way::Gmail, None) = (&config.mail.way, &config.mail.fallback) {
        findings.push(Finding::new(
            "mail",
            Verdict::Warning,
            "should the sign-in at Google end, no mail can say so: fill in [mail.smtp] and set [mail] fallback to \"smtp\", \
             or have somebody watch /health/ready",
        ));
    }
    findings
}

/// What whoever sends mail has found.
async fn waiting(config: &Config, app: &App) -> Option<Finding> {
    let zone = &app.operator.zone;
    match (app.mail_way().await, app.stuck_mails().await) {
        (Err(error), _) | (_, Err(error)) => Some(Finding::new("outbox", Verdict::Failed, error.to_string())),
        (Ok(way), Ok(stuck)) => match (way.stopped(), stuck.first()) {
            // Somebody has signed in since, and whoever sends mail has not looked yet.
            (Some(_), _) if has_new_sign_in(config, &way).await => {
                let serve = config.command("serve");
                let says = format!(
                    "mail goes on with the next look of whoever sends it: of `{serve}`, within seconds"
                );
                Some(Finding::new("outbox", Verdict::Warning, says))
            }
            (Some((stopped, since)), _) => {
                let says = format!(
                    "no mail leaves since {}: {}; {}",
                    times::full(since, zone),
                    stopped.why,
                    stopped.remedy
                );
                Some(Finding::new("outbox", Verdict::Failed, says))
            }
            (None, Some(row)) => {
                let why = row.last_error.as_deref().unwrap_or_default();
                let says = format!("{} mails wait for another try: {why}", stuck.len());
                Some(Finding::new("outbox", Verdict::Warning, says))
            }
            (None, None) => Some(Finding::new("outbox", Verdict::Ok, "no mail waits for another try")),
        },
    }
}

async fn has_new_sign_in(config: &Config, way: &MailWay) -> bool {
    let kept = way.sign_in.as_ref().map(|sign_in| &sign_in.fingerprint);
    let (true, Some(kept)) = (config.mail.has_gmail(), kept) else { return false };
    let here = Credentials::read(&config.google.credentials).await;
    here.is_ok_and(|here| here.fingerprint() != *kept)
}

/// The time by which findings are judged.
fn now() -> jiff::Timestamp {
    SystemClock.now()
}
