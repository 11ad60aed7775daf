//! The sign-in at Google: whether it holds, and for how long yet.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{Finding, Verdict, now};
use crate::config::Config;
use crate::google::credentials::Credentials;
use crate::google::{Patience, Sheets, SignInError, Standing, TESTING};
use crate::secret::SecretPlace;
use crate::sheet::{Mode, needs};
use crate::times;

/// From this age on a sign-in has outlived what those of a project in testing do.
const OLD_ENOUGH: SignedDuration = SignedDuration::from_hours(8 * 24);
const ABOUT: &str = "google";

pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    if config.google_scopes().is_empty() {
        return Vec::new();
    }
    let google = match config.google(Patience::SHORT) {
        Ok(google) => google,
        Err(error) => return vec![Finding::new(ABOUT, Verdict::Failed, error.to_string())],
    };
    let login = config.google_login();
    let mut tried = google.sign_in().token().await;
    for scope in config.google_scopes() {
        if tried.is_ok() {
            tried = google.sign_in().token_for(scope).await;
        }
    }
    let standing = google.sign_in().standing();
    let works = match &tried {
        Ok(_) => {
            let account = standing.account.as_deref().unwrap_or("an account that it does not name");
            Finding::new(ABOUT, Verdict::Ok, format!("the sign-in of {account} holds"))
        }
        Err(SignInError::Ended(ended)) => Finding::new(ABOUT, Verdict::Failed, ended.told(&login)),
        Err(error) => Finding::new(ABOUT, Verdict::Failed, error.to_string()),
    };
    let mut findings = vec![works];
    if matches!(Credentials::read(&config.google.credentials).await, Ok(Credentials::User(_))) {
        if tried.is_ok() {
            findings.extend(seven_days(&standing, now(), &login, config));
        }
        findings.extend(sender(&standing, config));
    }
    if let SecretPlace::File(file) = &config.google.credentials {
        findings.extend(readable_by_others(file));
    }
    if let (Ok(_), Some(id)) = (&tried, &config.google.spreadsheet_id) {
        findings.push(match Sheets(&google).title(id).await {
            Ok(title) => match left_alone(config).await {
                stops if stops.is_empty() => {
                    Finding::new("sheet", Verdict::Ok, format!("{title:?} can be read"))
                }
                stops => Finding::new("sheet", Verdict::Failed, stops.join("; ")),
            },
            Err(error) => {
                let account = standing.account.as_deref().unwrap_or("the account");
                let says =
                    format!("{error}; check [sheets] spreadsheet_id, and share the sheet with {account}");
                Finding::new("sheet", Verdict::Failed, says)
            }
        });
    }
    findings
}

/// Why tabs are left alone, as the last round found it.
async fn left_alone(config: &Config) -> Vec<String> {
    if config.google.sync == Mode::Off {
        return Vec::new();
    }
    // A store that cannot be opened is told elsewhere.
    let Ok(app) = config.open_app().await else { return Vec::new() };
    needs(&*app.store).await.map(|needs| needs.stops).unwrap_or_default()
}

/// The trap: in a project that is External and in Testing every sign-in ends after seven days, without a word.
fn seven_days(standing: &Standing, now: Timestamp, login: &str, config: &Config) -> Option<Finding> {
    const WAY_OUT: &str =
        "in Google's console, under Google Auth Platform, Audience, publish the app or make it Internal";
    let warning = |says: String| Some(Finding::new(ABOUT, Verdict::Warning, says));
    let full = |at: Timestamp| times::full(at, &config.zone);
    match (standing.ends_at, standing.issued_at) {
        (Some(ends_at), _) => warning(format!(
            "Google ends this sign-in on {}, as in projects that are in Testing. {WAY_OUT}, then give `{login}` once more",
            full(ends_at)
        )),
        (None, Some(issued_at)) if now.duration_since(issued_at) >= OLD_ENOUGH => None,
        (None, Some(issued_at)) => warning(format!(
            "nobody knows yet whether the sign-in outlives {}, its seventh day: if the consent screen is External and in \
             Testing, it does not. {WAY_OUT}; if you had to do that, give `{login}` once more",
            full(issued_at + TESTING)
        )),
        (None, None) => warning(format!(
            "the sign-in does not say how old it is. If the consent screen is External and in Testing, it ends after \
             seven days. {WAY_OUT}. `{login}` writes down when it was"
        )),
    }
}

fn sender(standing: &Standing, config: &Config) -> Option<Finding> {
    let says = config.other_sender(standing.account.as_deref()?)?;
    Some(Finding::new(ABOUT, Verdict::Warning, says))
}

#[cfg(unix)]
fn readable_by_others(file: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        let says = format!("{0} can be read by others on this machine; give `chmod 600 {0}`", file.display());
        Finding::new(ABOUT, Verdict::Warning, says)
    })
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<Finding> {
    None
}
