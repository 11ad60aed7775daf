//! What the buttons of a month do. Each leads back to the month, which shows what has become of it.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, Money, Month, line};
use crewcall_dispatch::statement::Reader;
use serde::Deserialize;

use super::{parse, parse_person, path};
use crate::statement::{self, Settling};
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

/// What the form of the approval sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Approving {
    /// The digest of what was looked at: nothing else is approved.
    seen: String,
}

/// Approves a month as it was looked at.
pub(in crate::web) async fn approve(
    State(web): State<Web>,
    user: OfficeUser,
    Path(month): Path<String>,
    Form(form): Form<Approving>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    if form.seen.is_empty() {
        return Err(not_whole());
    }
    statement::approve(&web.app, month, Some(&form.seen), &user.caller()).await?;
    Ok(back(month, ""))
}

/// Whose statement is to be sent; empty for everything that has not left yet.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Sending {
    crew: String,
}

/// Asks for the mails of a month, or for one person's.
pub(in crate::web) async fn send(
    State(web): State<Web>,
    user: OfficeUser,
    Path(month): Path<String>,
    Form(form): Form<Sending>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    let only = if form.crew.is_empty() { None } else { Some(parse_person(&form.crew)?) };
    statement::send(&web.app, month, only.as_ref(), &user.caller()).await?;
    Ok(back(month, ""))
}

/// What somebody found out about a mail.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Found {
    reader: String,
    found: String,
}

/// Says of a mail of which nobody knew whether it has left.
pub(in crate::web) async fn settle(
    State(web): State<Web>,
    user: OfficeUser,
    Path(month): Path<String>,
    Form(form): Form<Found>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    let reader: Reader = form.reader.parse().map_err(|_| not_whole())?;
    let how = match form.found.as_str() {
        "arrived" => Settling::Arrived,
        "again" => Settling::Again,
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into())),
    };
    statement::settle(&web.app, month, &reader, how, &user.caller()).await?;
    Ok(back(month, ""))
}

/// A bonus or deduction, as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Entering {
    crew: String,
    amount: String,
    what: String,
    reason: String,
    /// Sent twice, the form has one effect.
    key: String,
}

/// Gives somebody a bonus, or takes something off.
pub(in crate::web) async fn enter(
    State(web): State<Web>,
    user: OfficeUser,
    Path(month): Path<String>,
    Form(form): Form<Entering>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    if form.key.is_empty() {
        return Err(not_whole());
    }
    let wrong = |what: &str, problem: String| {
        PageError::BadRequest(format!("The {what} {problem}. Go back and change it."))
    };
    let crew_id = parse_person(&form.crew)?;
    let amount: Money = form.amount.parse().map_err(|problem| wrong("amount", problem))?;
    let amount = match form.what.as_str() {
        "bonus" => Amount::from(amount),
        "deduction" => -Amount::from(amount),
        _ => {
            let words = "Say whether it is a bonus or a deduction. Go back and choose one.";
            return Err(PageError::BadRequest(words.into()));
        }
    };
    let reason = line(&form.reason, limits::NOTE_CHARS).map_err(|problem| wrong("reason", problem))?;
    let caller = user.caller();
    // As with other forms: with other words it is another one, as when somebody goes back and corrects it.
    let whole = format!("{crew_id}\n{amount}\n{reason}");
    let once =
        web.app.once(&format!("statements/{month}"), &caller, &format!("{}\n{whole}", form.key), &whole);
    statement::enter(&web.app, month, &crew_id, amount, reason, &caller, Some(&once)).await?;
    Ok(back(month, "#adjustments"))
}

/// Takes a bonus or deduction back.
pub(in crate::web) async fn take_back(
    State(web): State<Web>,
    user: OfficeUser,
    Path((month, number)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    let number =
        number.parse().map_err(|_| PageError::BadRequest("That is no number of an entry.".into()))?;
    statement::take_back(&web.app, month, number, &user.caller()).await?;
    Ok(back(month, "#adjustments"))
}

fn back(month: Month, part: &str) -> Response {
    Redirect::to(&format!("{}{part}", path(month))).into_response()
}

fn not_whole() -> PageError {
    PageError::BadRequest("The form was not whole. Open the page anew.".into())
}
