//! A person's own page: their sails, the coming days, their calendar. Its link is mailed to nobody else.

use std::collections::{BTreeMap, BTreeSet};

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::cascade::{Actor, CharterState};
use crewcall_dispatch::link::{Purpose, Token};
use crewcall_dispatch::model::{Availability, CrewId, CrewMember};
use jiff::civil::Date;

use super::pages::News as OfferNews;
use super::thread::Draft;
use super::{Link, find, unknown_link, view};
use crate::app::{Caller, OwnLink, PageMail};
use crate::web::error::CrewPageError;
use crate::web::{PageError, Web, layout};

mod days;
mod page;

use days::Row;
pub(super) use page::office;
use page::{MyPage, News};

/// Shows the page.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    Query(link): Query<Link>,
) -> Result<Response, CrewPageError> {
    let (token, member) = match open(&web, &link.token).await? {
        Ok(opened) => opened,
        Err(closed) => return Ok(closed),
    };
    view_page(&web, &token, member, None, None).await
}

/// Takes what is said of the days, or fills the form in further. What is filled in is not saved: a button that was
/// pressed by mistake must not take back an offer.
pub(in crate::web) async fn save(
    State(web): State<Web>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, CrewPageError> {
    let fields: BTreeMap<String, String> = fields.into_iter().collect();
    let (token, member) = match open(&web, fields.get("token").map_or("", String::as_str)).await? {
        Ok(opened) => opened,
        Err(closed) => return Ok(closed),
    };
    let mut rows = days::sent(&fields, today(&web));
    let booked = booked(&web, &member.crew_id).await?;
    let news = match fields.get("do").map_or("", String::as_str) {
        "save" => match days::news(&mut rows) {
            Ok(said) => {
                let caller = Caller::new(Actor::Crew(member.crew_id.clone()), format!("link {}", token.id));
                let Some(became) = web.app.say_days(&member.crew_id, &said, &caller).await? else {
                    return Ok(ended(&web));
                };
                let Some(member) = web.app.member(&member.crew_id).await? else { return Ok(ended(&web)) };
                if became.no_room {
                    return view_page(&web, &token, member, Some(rows), Some(News::NoRoom)).await;
                }
                let others = changed_by_others(&rows, &said.keys().copied().collect(), &member);
                return view_page(&web, &token, member, None, Some(News::Saved { became, others })).await;
            }
            Err(problems) => News::Problems(problems),
        },
        layout::RETURN_KEY => return view_page(&web, &token, member, Some(rows), None).await,
        "same_week" => News::Filled(days::same_as_last_week(&mut rows, &member, &booked)),
        "weekends" => News::Filled(days::weekends_off(&mut rows, &booked)),
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into()).into()),
    };
    view_page(&web, &token, member, Some(rows), Some(news)).await
}

/// What ends with nobody's own page: a captain must not lose the way to say no to a sail that is tomorrow.
const OF_SAILS: &str =
    "The links of single sails in the mails about them go on working. If somebody else may have seen those:";

/// The link came to somebody else: it ends, and its person gets a new one.
pub(in crate::web) async fn end(
    State(web): State<Web>,
    Form(link): Form<Link>,
) -> Result<Response, CrewPageError> {
    let (token, member) = match open(&web, &link.token).await? {
        Ok(opened) => opened,
        Err(closed) => return Ok(closed),
    };
    let caller = Caller::new(Actor::Crew(member.crew_id.clone()), format!("link {}", token.id));
    let mailed = web.app.mail_own_page(&member.crew_id, true, &caller).await?;
    let office = web.app.operator.reach_office();
    let words = match mailed {
        PageMail::Queued(_) => {
            format!(
                "Nobody can open the page by it any more, nor read the calendar. A new link is on its way to the address that the office has of its person. {OF_SAILS} {office}."
            )
        }
        PageMail::NoAddress | PageMail::NoPage | PageMail::Lately(_) => format!(
            "Nobody can open the page by it any more, nor read the calendar. The office has no address to which a new link could be mailed. {OF_SAILS} {office}."
        ),
    };
    Ok(layout::plain("The link is ended", &words).into_response())
}

/// Whoever has the link of an offer has the link of their own page mailed. It is shown nowhere: the mail with the offer
/// may have been passed on.
pub(in crate::web) async fn mail(
    State(web): State<Web>,
    Form(link): Form<Link>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &link.token).await? else { return Ok(unknown_link(&web)) };
    let mailed = web.app.mail_own_page(&record.crew_id, false, &super::caller(&record)).await?;
    let state = web.app.charter(&record.charter_id).await?;
    view(&web, &state, record.offer, &token, Some(OfferNews::Page(mailed)), Draft::default()).await
}

/// Whose page a link opens, or the page that says why it opens none.
async fn open(web: &Web, text: &str) -> Result<Result<(Token, CrewMember), Response>, CrewPageError> {
    let Ok(token) = text.parse::<Token>() else { return Ok(Err(unknown_link(web))) };
    Ok(match web.app.own_link(&token, Purpose::MyPage).await? {
        Some(OwnLink::Open(member)) => Ok((token, *member)),
        Some(OwnLink::Ended) => Err(ended(web)),
        None => Err(unknown_link(web)),
    })
}

pub(super) fn ended(web: &Web) -> Response {
    let words = format!(
        "There may be a newer one: open the newest mail that brought you a link of your own page. If there is none, {}.",
        web.app.operator.reach_office()
    );
    (StatusCode::GONE, layout::plain("This link has ended", &words)).into_response()
}

fn today(web: &Web) -> Date {
    web.app.operator.zone.to_datetime(web.app.clock.now()).date()
}

/// The days of sails that somebody is aboard of.
async fn booked(web: &Web, crew_id: &CrewId) -> Result<BTreeSet<Date>, CrewPageError> {
    let sails = web.app.sails_of(crew_id).await?;
    let zone = &web.app.operator.zone;
    let days =
        sails.iter().filter(|state| is_aboard(state, crew_id)).flat_map(|state| state.charter.days(zone));
    Ok(days.map(|day| day.date).collect())
}

fn is_aboard(state: &CharterState, crew_id: &CrewId) -> bool {
    state.bound(crew_id).is_some_and(|offer| offer.state.is_aboard())
}

/// The days that the form left as they were, and that are otherwise since it was shown.
fn changed_by_others(rows: &[Row], said: &BTreeSet<Date>, member: &CrewMember) -> Vec<Date> {
    let stands = |row: &Row| member.availability.get(&row.date).map(Availability::words);
    let others = rows.iter().filter(|row| !said.contains(&row.date) && stands(row) != row.was.as_deref());
    others.map(|row| row.date).collect()
}

/// The page, with rows that were filled in and not saved, if there are any.
async fn view_page(
    web: &Web,
    token: &Token,
    member: CrewMember,
    rows: Option<Vec<Row>>,
    news: Option<News>,
) -> Result<Response, CrewPageError> {
    let sails = web.app.sails_of(&member.crew_id).await?;
    let links = web.app.known_own_links(&member.crew_id).await?;
    let mut ids: Vec<CrewId> =
        sails.iter().flat_map(|state| state.aboard()).map(|offer| offer.crew_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = web.app.crew_names(&ids).await?;
    let mut shown = days::rows(&member, today(web));
    days::fill_in(&mut shown, rows.unwrap_or_default());
    let status = match news {
        Some(News::Problems(_) | News::NoRoom) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(News::Saved { .. } | News::Filled(_)) | None => StatusCode::OK,
    };
    let page = MyPage {
        operator: &web.app.operator,
        member: &member,
        sails: &sails,
        names: &names,
        rows: &shown,
        token: token.reveal(),
        calendar: links.map(|links| links.calendar.reveal()),
    };
    Ok((status, page.render(news.as_ref())).into_response())
}
