//! `crewcall google login`

use std::io::{BufRead, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use crewcall_dispatch::model::Email;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::NOT_USED;
use crate::cli::Failure;
use crate::cli::output::{Format, plain};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Way};
use crate::google::login::{Consent, Login, LoginError, OAuthClient, client_in};
use crate::google::{Patience, check_replaceable};
use crate::times;
use crate::web;

/// How long somebody may take on Google's page.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// Where the answer is sent that nobody takes: whoever signs in elsewhere brings it here.
const ELSEWHERE: &str = "http://127.0.0.1:8765/";
/// The longest answer that is read, in bytes.
const ANSWER_BYTES: u64 = 16 * 1024;

/// What a sign-in came to.
#[derive(Serialize)]
struct SignedIn {
    account: Option<String>,
    scopes: Vec<String>,
    /// The file or secret in which the sign-in is.
    credentials: String,
    ends_at: Option<jiff::Timestamp>,
    /// What the operator should look at.
    remarks: Vec<String>,
}

pub(super) async fn run(
    config: &Config,
    no_browser: bool,
    account: Option<Email>,
    format: Format,
) -> Result<(), Failure> {
    let scopes = config.google_scopes();
    if scopes.is_empty() {
        return Err(Failure::said(NOT_USED));
    }
    // Nobody is to mail from another account by mistake: the queue leaves as soon as somebody has signed in.
    let sends = matches!(config.mail.way, Way::Gmail);
    let wanted = account.or_else(|| sends.then(|| config.from.email.clone()));
    check_replaceable(&config.google.credentials).await.map_err(Failure::said)?;
    let login = Login::new(config.google.endpoints.clone(), client(config).await?, scopes, Patience::SHORT)
        .map_err(Failure::said)?;
    let (consent, code) = match no_browser {
        true => elsewhere(&login, wanted.as_ref()).await?,
        false => by_browser(&login, wanted.as_ref(), &config.command("google login --no-browser")).await?,
    };
    let user = login.redeem(&consent, code, SystemClock.now()).await.map_err(Failure::said)?;
    if let Some(wanted) = wanted.filter(|wanted| is_another(&user.account, wanted.as_str())) {
        let (account, wanted) = (user.account, wanted.to_string());
        return Err(Failure::said(LoginError::OtherAccount { account, wanted }));
    }
    user.save(&config.google.credentials).await.map_err(Failure::said)?;
    let account = Some(user.account.clone()).filter(|account| !account.is_empty());
    let mut remarks = Vec::new();
    if let Some(ends_at) = user.refresh_token_expires_at {
        remarks.push(format!(
            "Google ends this sign-in on {}: the consent screen of the project is in Testing. Publish it, or make it \
             Internal, and sign in once more",
            times::full(ends_at, &config.zone)
        ));
    }
    remarks.extend(account.as_deref().and_then(|account| config.other_sender(account)));
    let signed_in = SignedIn {
        account,
        scopes: user.scopes.unwrap_or_default(),
        credentials: config.google.credentials.to_string(),
        ends_at: user.refresh_token_expires_at,
        remarks,
    };
    format.print(&signed_in, |signed_in| {
        let account =
            signed_in.account.as_deref().map_or_else(String::new, |account| format!(" as {account}"));
        let remarks = signed_in.remarks.iter().map(|remark| format!("\nPlease look: {remark}."));
        format!(
            "Signed in at Google{}. The sign-in is in {}. What waited goes on by itself.{}",
            plain(&account),
            signed_in.credentials,
            remarks.collect::<String>()
        )
    })
}

fn is_another(account: &str, wanted: &str) -> bool {
    !account.is_empty() && !account.eq_ignore_ascii_case(wanted)
}

/// ` as crew@example.com`
fn as_whom(wanted: Option<&Email>) -> String {
    wanted.map_or_else(String::new, |wanted| format!(" as {wanted}"))
}

/// The person opens the page on another machine, and brings the address at which the browser ended.
async fn elsewhere(login: &Login, wanted: Option<&Email>) -> Result<(Arc<Consent>, String), Failure> {
    let consent = login.consent(ELSEWHERE, wanted.map(Email::as_str)).map_err(Failure::said)?;
    eprintln!(
        "Open this page in a browser, on any machine, and sign in{}:\n\n  {}\n\nThe browser ends at a page that it \
         cannot show. Copy its address, which begins with {ELSEWHERE}, to here:",
        as_whom(wanted),
        consent.url
    );
    loop {
        let answer = tokio::task::spawn_blocking(read_line).await.map_err(Failure::said)??;
        match consent.code(&answer) {
            Ok(code) => return Ok((Arc::new(consent), code)),
            Err(LoginError::NoAnswer(why)) => eprintln!("{}. Try again:", times::capital(&why)),
            Err(error) => return Err(Failure::said(error)),
        }
    }
}

/// The client of the settings; else the one of the sign-in that is there.
async fn client(config: &Config) -> Result<OAuthClient, Failure> {
    if let Some(file) = &config.google.client_file {
        return OAuthClient::read(file)
            .map_err(|error| Failure::said(format!("google.client_file: {error}")));
    }
    match client_in(&config.google.credentials).await {
        Ok(Some(client)) => Ok(client),
        Err(error) => Err(Failure::said(error)),
        Ok(None) => Err(Failure::said(
            "signing in takes an OAuth client: make one of the type \"Desktop app\" in Google's console (APIs & \
             Services, Credentials), download its JSON, and name that file in [google] client_file",
        )),
    }
}

/// Opens the page here, and waits for the browser to bring the answer.
async fn by_browser(
    login: &Login,
    wanted: Option<&Email>,
    without: &str,
) -> Result<(Arc<Consent>, String), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Failure::said)?;
    let address = listener.local_addr().map_err(Failure::said)?;
    let consent = Arc::new(
        login.consent(&format!("http://{address}/"), wanted.map(Email::as_str)).map_err(Failure::said)?,
    );
    let opened = open::that_detached(&consent.url).is_ok();
    let what = if opened {
        "A browser opens this page; sign in"
    } else {
        "Open this page in a browser here, and sign in"
    };
    eprintln!(
        "{what}{}:\n\n  {}\n\nWithout a browser on this machine: stop this with Ctrl-C, and give `{without}`.",
        as_whom(wanted),
        consent.url
    );
    let (answers, mut answered) = mpsc::channel(1);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let pages = Router::new().route("/", get(answer)).with_state((consent.clone(), answers));
    let server = tokio::spawn(web::serve(listener, pages, async {
        let _ = stopped.await;
    }));
    let code = tokio::time::timeout(PATIENCE, answered.recv()).await;
    // The page that says how it went is read to its end first.
    let _ = stop.send(());
    let _ = tokio::time::timeout(Duration::from_secs(3), server).await;
    let code = match code {
        Ok(Some(code)) => code.map_err(Failure::said)?,
        Ok(None) | Err(_) => {
            let minutes = PATIENCE.as_secs() / 60;
            return Err(Failure::said(format!(
                "nobody signed in within {minutes} min, and nothing was changed; give the command again"
            )));
        }
    };
    Ok((consent, code))
}

type Waiting = (Arc<Consent>, mpsc::Sender<Result<String, LoginError>>);

/// The page at which the browser ends. Only the answer to this very question ends the waiting: anything on this machine
/// may ask here.
async fn answer(State((consent, answers)): State<Waiting>, RawQuery(query): RawQuery) -> Response {
    let code = consent.code(&query.unwrap_or_default());
    let (status, title, words) = match &code {
        Ok(_) => (
            StatusCode::OK,
            "Thank you",
            "crewcall has the answer, and says in the terminal how it went. You can close this page.",
        ),
        Err(LoginError::Denied(_)) => {
            (StatusCode::OK, "Not signed in", "Nothing was changed. You can close this page.")
        }
        Err(_) => {
            (StatusCode::BAD_REQUEST, "Not an answer", "This is not the answer that crewcall waits for.")
        }
    };
    if status == StatusCode::OK {
        let _ = answers.send(code).await;
    }
    (status, web::layout::plain(title, words)).into_response()
}

fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(ANSWER_BYTES).read_line(&mut line);
    match read {
        Ok(0) => Err(Failure::said("no answer came on standard input; nothing was changed")),
        Ok(_) => Ok(line),
        Err(error) => {
            Err(Failure::said(format!("standard input cannot be read ({error}); nothing was changed")))
        }
    }
}
