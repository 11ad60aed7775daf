//! The first user, and the way back in for whoever lost theirs: a one-time link on the terminal.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::{self, Email};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tower_sessions::Session;

use crate::app::{App, Role, UserError};
use crate::random;
use crate::store::{CommitError, Expect, Record, StoreError, Table, Versioned, Write, read};
use crate::web::base::at;
use crate::web::session::{self, Browser};
use crate::web::{PageError, Web, layout};

/// How long an unused setup link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Setup links that work at the same time; one more ends the oldest.
const LINKS: usize = 4;
/// Who adds a user by such a link, as their record has it.
const ADDED_BY: &str = "a setup link";

/// The setup links that work at present, the newest last. There are several, because several servers may
/// run on one store, and each prints one when it starts.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SetupLinks {
    links: Vec<SetupLink>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SetupLink {
    /// SHA-256 of the link's token, in hexadecimal.
    digest: String,
    expires_at: Timestamp,
}

impl SetupLinks {
    const ID: &str = "setup-links";

    /// Where among them a link stands that still works.
    fn place(&self, token: &str, now: Timestamp) -> Option<usize> {
        let digest = digest(token);
        self.links.iter().position(|link| {
            let same = link.digest.as_bytes().ct_eq(digest.as_bytes());
            bool::from(same) && now < link.expires_at
        })
    }
}

impl Record for SetupLinks {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        Self::ID.into()
    }
}

/// Makes a link that signs one browser in as the office, once, within a day.
///
/// # Errors
/// If the store fails, or the machine has no randomness.
pub async fn new_setup_link(app: &App) -> Result<String, StoreError> {
    let token = random::token::<32>()?;
    let now = app.clock.now();
    loop {
        let known = read::<SetupLinks>(&*app.store, SetupLinks::ID).await?;
        let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
        let mut links = known.map(|known| known.value).unwrap_or_default();
        links.links.retain(|link| now < link.expires_at);
        let too_many = (links.links.len() + 1).saturating_sub(LINKS);
        links.links.drain(..too_many);
        links.links.push(SetupLink { digest: digest(&token), expires_at: now + LINK_LIFE });
        match app.store.commit(vec![Write::put(&links, expect)?]).await {
            Ok(()) => return Ok(format!("{}/setup?token={token}", app.operator.public_url)),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
}

fn digest(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

/// What a setup link and its form carry.
#[derive(Deserialize)]
pub(in crate::web) struct Setup {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

/// Shows the form. Opening the link uses nothing up.
pub(in crate::web) async fn show_setup(
    State(web): State<Web>,
    Query(setup): Query<Setup>,
) -> Result<Response, PageError> {
    let links = read::<SetupLinks>(&*web.app.store, SetupLinks::ID).await?;
    if links.and_then(|links| links.value.place(&setup.token, web.app.clock.now())).is_none() {
        return Ok(dead_link());
    }
    Ok(form(&setup.token, None, &Setup { token: String::new(), name: String::new(), email: String::new() })
        .into_response())
}

fn form(token: &str, problem: Option<&str>, sent: &Setup) -> Markup {
    layout::page(
        "Sign in",
        html! {
            h1 { "Sign this browser in" }
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            p { "You can change everything here, and let others in. Next time a link is mailed to you: no password to keep." }
            form method="post" action=(at("/setup")) {
                input type="hidden" name="token" value=(token);
                label for="name" { "Your name, as it stands in the record of what you do" }
                input id="name" name="name" value=(sent.name) required maxlength="100" autocomplete="name" autofocus;
                label for="email" { "Your e-mail address" }
                input id="email" name="email" type="email" value=(sent.email) required maxlength="254" autocomplete="email";
                button { "Sign in" }
            }
        },
    )
}

/// Uses the link up, makes the user, and signs the browser in.
pub(in crate::web) async fn set_up(
    State(web): State<Web>,
    session: Session,
    browser: Browser,
    Form(setup): Form<Setup>,
) -> Result<Response, PageError> {
    let (name, email) = loop {
        let links = read::<SetupLinks>(&*web.app.store, SetupLinks::ID).await?;
        let Some(mut links) = links else { return Ok(dead_link()) };
        let Some(place) = links.value.place(&setup.token, web.app.clock.now()) else {
            return Ok(dead_link());
        };
        let name = model::name(&setup.name).map_err(|problem| format!("Your name {problem}."));
        let email = setup.email.parse::<Email>().map_err(|problem| format!("Your address {problem}."));
        let (name, email) = match (name, email) {
            (Ok(name), Ok(email)) => (name, email),
            (Err(problem), _) | (_, Err(problem)) => {
                let page = form(&setup.token, Some(&problem), &setup);
                return Ok((StatusCode::BAD_REQUEST, page).into_response());
            }
        };
        links.value.links.remove(place);
        match web.app.store.commit(vec![Write::put(&links.value, links.expected())?]).await {
            Ok(()) => break (name, email),
            // Another link was made or used; this one only if it is gone now.
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    };
    let user = loop {
        // Whoever is known keeps the name under which their deeds stand in the record.
        let name = web.app.user(&email).await?.map_or_else(|| name.clone(), |known| known.name);
        match web.app.put_user(&email, &name, Role::Office, ADDED_BY).await {
            Err(UserError::Superseded(_)) => {}
            done => break done?,
        }
    };
    session::begin(&web, &session, &user, browser).await?;
    Ok(Redirect::to(&at("/")).into_response())
}

fn dead_link() -> Response {
    let page = layout::plain(
        "This link no longer works",
        "It was used, is too old or not whole, or several newer ones were made. `crewcall setup-link` prints a new one.",
    );
    (StatusCode::GONE, page).into_response()
}
