//! A month of days: what people say of each, changed in place.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `cells` | what the form has, cell by cell, and what of it is news |
//! | `page` | the page |

mod cells;
mod page;

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::{CrewMember, Month, Rank};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::today;
use crate::app::AppError;
use crate::web::base::at;
use crate::web::layout;
use crate::web::office::look;
use crate::web::security::Large;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};
use cells::Sent;
use page::{Booked, Grid, News};

/// People on one page.
const PEOPLE: usize = 50;
/// How long before the month a sail may leave that is not over in it.
const AT_SEA: SignedDuration = SignedDuration::from_hours(crewcall_dispatch::limits::CHARTER_HOURS);

/// Which days, and whose.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    month: String,
    rank: String,
    page: String,
    saved: String,
}

impl Asked {
    fn month(&self, today: Date) -> Result<Month, PageError> {
        match self.month.as_str() {
            "" => Ok(Month::of(today)),
            month => {
                month.parse().map_err(|problem| PageError::BadRequest(format!("The address has {problem}.")))
            }
        }
    }

    /// The rank of whoever is asked for; everyone's if it is none.
    fn rank(&self) -> Option<Rank> {
        self.rank.parse().ok()
    }

    /// The page of these days, of the same rank.
    fn address(&self, month: Month, page: usize) -> String {
        let rank = self.rank().map_or_else(String::new, |rank| format!("&rank={rank}"));
        let page = if page == 0 { String::new() } else { format!("&page={page}") };
        at(format_args!("/roster/days?month={month}{rank}{page}"))
    }
}

/// Shows a month.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let saved = asked.saved.parse::<usize>().ok();
    view(&web, &user, &asked, None, News::saved(saved.unwrap_or_default())).await
}

/// Takes what was changed: if any of it cannot be read, nothing. Each person is written by themselves.
pub(in crate::web) async fn save(
    State(web): State<Web>,
    user: OfficeUser,
    Query(asked): Query<Asked>,
    Large(Form(fields)): Large<Form<Vec<(String, String)>>>,
) -> Result<Response, PageError> {
    let month = asked.month(today(&web))?;
    let fields: BTreeMap<String, String> = fields.into_iter().collect();
    let mut sent = Sent::read(&fields, month, today(&web))
        .ok_or_else(|| PageError::BadRequest("The form was not whole. Open the page anew.".into()))?;
    if fields.get("do").is_some_and(|pressed| pressed == layout::RETURN_KEY) {
        return view(&web, &user, &asked, Some(sent), News::default()).await;
    }
    let said = sent.news();
    if !sent.problems.is_empty() {
        let page = view(&web, &user, &asked, Some(sent), News::default()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut news = News::default();
    for (written, (crew_id, days)) in said.iter().enumerate() {
        match web.app.fill_in_days(crew_id, days, &user.caller()).await {
            Ok(became) => news.add(crew_id, days, became),
            Err(why) if written > 0 => {
                return Err(AppError::Partly { written, of: said.len(), why: Box::new(why) }.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    if news.is_all_taken() {
        let to = asked.address(month, asked.page.parse().unwrap_or_default());
        return Ok(Redirect::to(&format!("{to}&saved={}", news.taken)).into_response());
    }
    let (written, of) = (news.written(), said.len());
    let page = view(&web, &user, &asked, None, news).await.map_err(|error| match error {
        // It would say that nothing was saved.
        PageError::App(why) if written > 0 => AppError::Partly { written, of, why: Box::new(why) }.into(),
        error => error,
    })?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn view(
    web: &Web,
    user: &OfficeUser,
    asked: &Asked,
    sent: Option<Sent>,
    news: News,
) -> Result<Response, PageError> {
    let today = today(web);
    let month = asked.month(today)?;
    let roster = web.app.roster().await?;
    let rank = asked.rank();
    let of_rank = |member: &&CrewMember| rank.as_ref().is_none_or(|rank| *rank == member.rank);
    let people: Vec<&CrewMember> = roster.iter().filter(|member| !member.left).filter(of_rank).collect();
    let pages = people.len().div_ceil(PEOPLE).max(1);
    let page = asked.page.parse::<usize>().unwrap_or_default().min(pages - 1);
    let grid = Grid {
        asked,
        operator: &web.app.operator,
        month,
        today,
        people: people.into_iter().skip(page * PEOPLE).take(PEOPLE).collect(),
        roster: &roster,
        booked: booked(web, month).await?,
        pages,
        page,
        sent: sent.as_ref(),
    };
    let body = maud::html! { (grid.bar()) (grid.told(&news)) (grid.render(user)) };
    Ok(look(web, user, &format!("Days, {}", month.name()), body))
}

/// The sail that each is aboard of, day by day.
async fn booked(web: &Web, month: Month) -> Result<Booked, AppError> {
    let zone = &web.app.operator.zone;
    let from = midnight(month.first(), zone);
    let from = from.checked_sub(AT_SEA).unwrap_or(from);
    // Whoever is to be aboard before midnight may leave after it.
    let to = midnight(month.plus(1).first(), zone);
    let to = to.checked_add(AT_SEA).unwrap_or(to);
    let mut booked = Booked::new();
    for state in web.app.charters_between(from, to).await?.iter().filter(|state| state.cancelled_at.is_none())
    {
        let days = state.charter.days(zone).into_iter().filter(|day| Month::of(day.date) == month);
        for day in days {
            for offer in state.aboard() {
                let sail = || (state.charter.charter_id.clone(), state.charter.vessel.clone());
                booked.entry((offer.crew_id.clone(), day.date)).or_insert_with(sail);
            }
        }
    }
    Ok(booked)
}

/// Where the clocks leave midnight out, what comes after it; of two midnights the first.
fn midnight(date: Date, zone: &TimeZone) -> Timestamp {
    let zoned = zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible();
    zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}
