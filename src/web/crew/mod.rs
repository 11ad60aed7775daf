//! The page behind a crew link: the sail, two buttons, and what became of it.
//!
//! GET shows and POST acts. Mail scanners open links, follow redirects and run scripts, so nothing
//! here happens without the form being sent.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::cascade::{Actor, CharterState, Command, Offer, OfferNo, OfferPage, OfferState};
use crewcall_dispatch::limits;
use crewcall_dispatch::link::{Token, TokenRecord};
use crewcall_dispatch::model;
use serde::Deserialize;

use super::error::CrewPageError;
use super::{PageError, Web, layout};
use crate::app::{AppError, Caller};
use crate::random;

mod pages;
mod thread;

use pages::{News, OfferView};
pub(super) use thread::post_message;

/// What a crew link carries. Its other parameters are for the reader: the stored record rules.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    token: String,
    #[serde(default)]
    answer: String,
    /// What the charter was on the page that was answered.
    #[serde(default)]
    revision: u32,
    /// What they say along with it.
    #[serde(default)]
    comment: String,
}

/// Shows where the offer stands.
pub(super) async fn show(
    State(web): State<Web>,
    Query(link): Query<Link>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &link.token).await? else { return Ok(unknown_link(&web)) };
    let state = web.app.charter(&record.charter_id).await?;
    view(&web, &state, record.offer, &token, None).await
}

/// Takes the answer, and shows where the offer stands then.
pub(super) async fn answer(
    State(web): State<Web>,
    Form(form): Form<Answer>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &form.token).await? else { return Ok(unknown_link(&web)) };
    let command = match form.answer.as_str() {
        "accept" => Command::Accept(record.offer),
        "decline" => Command::Decline(record.offer),
        "undo" => Command::Undo(record.offer),
        "confirm" => Command::Confirm { offer: record.offer, revision: form.revision },
        "return" => Command::Return(record.offer),
        "stand_by" => Command::StandBy(record.offer),
        "drop_out" => Command::DropOut(record.offer),
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into()).into()),
    };
    let mut caller = caller(&record);
    if !form.comment.trim().is_empty() {
        let comment = model::text(&form.comment, limits::COMMENT_CHARS);
        let unfit =
            |problem| PageError::BadRequest(format!("What you wrote {problem}. Go back and change it."));
        caller.comment = Some(comment.map_err(unfit)?);
    }
    match web.app.run(&record.charter_id, &command, &caller).await {
        Ok(state) => {
            let taken_back = |offer: &Offer| offer.undone && offer.state == OfferState::Sent;
            let undone =
                matches!(command, Command::Undo(_)) && state.offer(record.offer).is_some_and(taken_back);
            view(&web, &state, record.offer, &token, undone.then_some(News::Undone)).await
        }
        Err(AppError::Rejected(rejection)) => {
            let state = web.app.charter(&record.charter_id).await?;
            view(&web, &state, record.offer, &token, Some(News::Refused(rejection))).await
        }
        Err(error) => Err(error.into()),
    }
}

fn caller(record: &TokenRecord) -> Caller {
    Caller::new(Actor::Crew(record.crew_id.clone()), format!("link {}", record.token_id))
}

async fn find(web: &Web, text: &str) -> Result<Option<(Token, TokenRecord)>, CrewPageError> {
    let Ok(token) = text.parse::<Token>() else { return Ok(None) };
    Ok(web.app.link(&token).await?.map(|record| (token, record)))
}

async fn view(
    web: &Web,
    state: &CharterState,
    no: OfferNo,
    token: &Token,
    news: Option<News>,
) -> Result<Response, CrewPageError> {
    let caller = Caller::tick();
    let context = web.app.context(&caller);
    let (Some(offer), Some(page)) = (state.offer(no), OfferPage::of(state, no, &context)) else {
        return Ok(unknown_link(web));
    };
    let mut ids: Vec<_> = state.aboard().iter().map(|offer| offer.crew_id.clone()).collect();
    if !ids.contains(&offer.crew_id) {
        ids.push(offer.crew_id.clone());
    }
    let aboard = state.in_force(&offer.crew_id).is_some_and(|theirs| theirs.state.is_aboard());
    let messages = if aboard { thread::messages(&web.app, state).await? } else { Vec::new() };
    ids.extend(messages.iter().filter_map(thread::author));
    ids.sort_unstable();
    ids.dedup();
    let names = web.app.crew_names(&ids).await?;
    let view = OfferView {
        operator: &web.app.operator,
        state,
        offer,
        names: &names,
        messages: &messages,
        key: random::token::<10>()?,
        token: token.reveal(),
        now: context.now,
        bar: web.bar(),
    };
    let status = match news {
        Some(News::Refused(_)) => StatusCode::CONFLICT,
        Some(News::Undone | News::Sent) | None => StatusCode::OK,
    };
    Ok((status, view.render(&page, news.as_ref())).into_response())
}

fn unknown_link(web: &Web) -> Response {
    let operator = &web.app.operator;
    let words = format!(
        "Open it from the mail once more: it may have been cut off when it was copied. If that does not help, {}. This is {}.",
        operator.reach_office(),
        operator.name
    );
    let page = layout::plain("This link is not whole", &words);
    (StatusCode::NOT_FOUND, page).into_response()
}
