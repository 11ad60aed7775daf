//! The page behind a crew link: the sail, two buttons, and what became of it.
//!
//! GET shows and POST acts. Mail scanners open links, follow redirects and run scripts, so nothing
//! here happens without the form being sent.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::cascade::{Actor, CharterState, Command, Offer, OfferNo, OfferPage, OfferState};
use crewcall_dispatch::limits;
use crewcall_dispatch::link::{Token, TokenRecord};
use serde::Deserialize;

use super::error::CrewPageError;
use super::{PageError, Web, layout};
use crate::app::{AppError, Caller};
use crate::random;
use crate::words;

pub(super) mod calendar;
mod foot;
pub(super) mod me;
mod pages;
mod sail;
mod thread;

use pages::{DaysOff, News, OfferView};
use thread::Draft;
pub(super) use thread::post_message;

/// What a crew link carries. Its other parameters are for the reader: the stored record rules.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
    /// The page is shown because a message was sent.
    #[serde(default)]
    sent: String,
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
    /// With a no: they are off altogether on these days, which were those of the sail on the page.
    #[serde(default)]
    off: String,
    /// Of this form; sent again, its words are not said again.
    #[serde(default)]
    key: String,
}

/// Shows where the offer stands.
pub(super) async fn show(
    State(web): State<Web>,
    method: Method,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &link.token).await? else { return Ok(unknown_link(&web)) };
    let state = web.app.charter(&record.charter_id).await?;
    // A browser that fetches ahead says so; nobody has looked then.
    let looked = method == Method::GET && !headers.contains_key("sec-purpose");
    if let Some(offer) = state.offer(record.offer).filter(|_| looked)
        && let Err(error) = web.app.opened(offer).await
    {
        tracing::warn!("that a link was opened is not on record: {error}");
    }
    let news = (!link.sent.is_empty()).then_some(News::Sent);
    view(&web, &state, record.offer, &token, news, Draft::default()).await
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
        layout::RETURN_KEY => {
            let state = web.app.charter(&record.charter_id).await?;
            let draft = Draft { comment: form.comment, off: !form.off.is_empty(), ..Draft::default() };
            return view(&web, &state, record.offer, &token, None, draft).await;
        }
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into()).into()),
    };
    let mut caller = caller(&record);
    if !form.comment.trim().is_empty() {
        let unfit = |problem| {
            let words = "Your answer is not in yet: go back, and change the words.";
            PageError::BadRequest(format!("What you wrote {problem}. {words}"))
        };
        caller.comment = Some(words::written(&form.comment, limits::COMMENT_CHARS).map_err(unfit)?);
    }
    let charter_id = &record.charter_id;
    let answer = match (&caller.comment, form.key.as_str()) {
        // The same words sent twice are said once.
        (Some(_), key) if !key.is_empty() => web.app.run_once(charter_id, &command, &caller, key).await,
        _ => web.app.run(charter_id, &command, &caller).await,
    };
    match answer {
        Ok(state) => {
            let taken_back = |offer: &Offer| offer.undone && offer.state == OfferState::Sent;
            let undone =
                matches!(command, Command::Undo(_)) && state.offer(record.offer).is_some_and(taken_back);
            let no = matches!(command, Command::Decline(_) | Command::DropOut(_));
            let news = if no && !form.off.is_empty() {
                Some(News::Off(take_days_off(&web, &state, &caller, &record, &form.off).await?))
            } else if undone {
                Some(News::Undone)
            } else {
                caller.comment.as_ref().filter(|_| no).map(|_| News::Told)
            };
            view(&web, &state, record.offer, &token, news, Draft::default()).await
        }
        Err(AppError::Rejected(rejection)) => {
            let state = web.app.charter(&record.charter_id).await?;
            let draft = Draft { comment: caller.comment.clone().unwrap_or_default(), ..Draft::default() };
            view(&web, &state, record.offer, &token, Some(News::Refused(rejection)), draft).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The no is in by then; sent again, the form does the rest.
async fn take_days_off(
    web: &Web,
    state: &CharterState,
    caller: &Caller,
    record: &TokenRecord,
    shown: &str,
) -> Result<DaysOff, AppError> {
    let zone = &web.app.operator.zone;
    if shown != sail::days_of(&state.charter, zone) {
        return Ok(DaysOff::OtherDays);
    }
    let days = state.charter.days(zone).into_iter().map(|day| day.date).collect();
    let taken = web.app.take_days_off(&record.crew_id, &days, caller).await?;
    Ok(if taken { DaysOff::Taken } else { DaysOff::NotTaken })
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
    draft: Draft,
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
        draft: &draft,
        token: token.reveal(),
        now: context.now,
    };
    let status = match news {
        Some(News::Refused(_)) => StatusCode::CONFLICT,
        Some(News::Undone | News::Sent | News::Told | News::Off(_) | News::Page(_)) | None => StatusCode::OK,
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
