//! `crewcall google status`

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::NOT_USED;
use crate::cli::Failure;
use crate::cli::output::{Format, plain};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, StoreConfig};
use crate::google::{Patience, Scope, Sheets, SignInError, Standing};
use crate::times;

/// That somebody has to sign in.
#[derive(Serialize)]
struct End {
    kind: &'static str,
    why: String,
    causes: Vec<&'static str>,
    remedy: String,
}

/// How the sign-in stands.
#[derive(Default, Serialize)]
struct Status {
    /// Whether anything of Google is switched on.
    used: bool,
    /// The file or secret in which the sign-in is.
    credentials: String,
    /// Whether it gives access tokens now.
    works: bool,
    account: Option<String>,
    scopes: Option<Vec<String>>,
    /// What it has to allow.
    needs: Vec<&'static str>,
    issued_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    /// Of whoever sends mail by it.
    refreshed_at: Option<Timestamp>,
    next_refresh_at: Option<Timestamp>,
    last_error: Option<(Timestamp, String)>,
    /// What the sheet is called, where one is named and can be read.
    spreadsheet: Option<String>,
    /// Why it no longer holds, or does not go far enough.
    ended: Option<End>,
    /// Why something else of it does not work.
    problem: Option<String>,
}

pub(super) async fn run(config: &Config, format: Format) -> Result<(), Failure> {
    let scopes = config.google_scopes();
    if scopes.is_empty() {
        return format.print(&Status::default(), |_| format!("{}.", times::capital(NOT_USED)));
    }
    let google = config.google(Patience::SHORT)?;
    let mut tried = google.sign_in().token().await;
    for scope in &scopes {
        if tried.is_ok() {
            tried = google.sign_in().token_for(*scope).await;
        }
    }
    let (mut spreadsheet, mut problem) = (None, None);
    if let (Ok(_), Some(id)) = (&tried, &config.google.spreadsheet_id) {
        match Sheets(&google).title(id).await {
            Ok(title) => spreadsheet = Some(title),
            Err(error) => problem = Some(format!("the spreadsheet cannot be read: {error}")),
        }
    }
    let here = google.sign_in().standing();
    if let Err(SignInError::Unavailable { why, .. }) = &tried {
        problem = Some(format!("Google could not be asked: {why}"));
    }
    // What another process does by this very sign-in counts more than what was just tried.
    let sending = match sending(config).await {
        Ok(sending) => sending.filter(|sending| sending.fingerprint == here.fingerprint),
        Err(error) => {
            problem = problem.or(Some(format!("what the server does by it is not known: {error}")));
            None
        }
    };
    let sending = sending.unwrap_or_else(|| here.clone());
    let login = config.google_login();
    let ended = match &tried {
        Err(SignInError::Ended(ended)) => Some(ended.clone()),
        _ => None,
    };
    let told_end = ended.as_ref().map(|ended| ended.told(&login));
    let ended = ended.map(|ended| End {
        kind: ended.kind(),
        why: ended.to_string(),
        causes: ended.causes(),
        remedy: ended.remedy(&login),
    });
    let status = Status {
        credentials: config.google.credentials.to_string(),
        used: true,
        works: tried.is_ok(),
        account: here.account,
        scopes: here.scopes,
        needs: scopes.into_iter().map(Scope::as_str).collect(),
        issued_at: here.issued_at,
        ends_at: here.ends_at,
        refreshed_at: sending.refreshed_at,
        next_refresh_at: sending.next_refresh_at,
        last_error: sending.last_error,
        spreadsheet,
        ended,
        problem,
    };
    format.print(&status, |status| told(status, &config.zone, SystemClock.now()))?;
    match told_end.or_else(|| status.problem.clone()) {
        Some(why) => Err(Failure::said(why)),
        None => Ok(()),
    }
}

/// Why the store does not say it.
type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// How whoever sends mail last found the sign-in, if there is a store and it says so.
async fn sending(config: &Config) -> Result<Option<Standing>, AnyError> {
    if let StoreConfig::Sqlite(path) = &config.store
        && !path.exists()
    {
        return Ok(None);
    }
    Ok(config.open_app().await?.mail_way().await?.sign_in)
}

fn told(status: &Status, zone: &TimeZone, now: Timestamp) -> String {
    let unknown = || "not known".to_owned();
    let at = |at: Option<Timestamp>| at.map_or_else(unknown, |at| times::full(at, zone));
    let age = status.issued_at.map_or_else(unknown, |issued| {
        format!("{}, since {}", days(now.duration_since(issued)), times::full(issued, zone))
    });
    let list = |scopes: &[String]| scopes.join(" ");
    let mut lines = vec![
        ("Sign-in", status.credentials.clone()),
        ("Works", if status.works { "yes" } else { "no" }.to_owned()),
        ("Account", status.account.clone().unwrap_or_else(unknown)),
        ("Allows", status.scopes.as_deref().map_or_else(unknown, list)),
        ("Needed", status.needs.join(" ")),
        ("Age", age),
        (
            "Ends",
            match (&status.ended, status.ends_at) {
                (Some(ended), _) => ended.why.clone(),
                (None, Some(at)) => times::full(at, zone),
                (None, None) => "Google has named no end".into(),
            },
        ),
        ("Last refresh", at(status.refreshed_at)),
        ("Next refresh", at(status.next_refresh_at)),
    ];
    if let Some(title) = &status.spreadsheet {
        lines.push(("Spreadsheet", title.clone()));
    }
    if let Some((when, why)) = &status.last_error {
        lines.push(("Last error", format!("{}: {why}", times::full(*when, zone))));
    }
    lines.iter().map(|(name, value)| format!("{:<13} {}\n", format!("{name}:"), plain(value))).collect()
}

fn days(age: SignedDuration) -> String {
    match age.as_hours() / 24 {
        0 => "less than a day".into(),
        1 => "1 day".into(),
        days => format!("{days} days"),
    }
}
