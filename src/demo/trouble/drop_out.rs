//! A captain who is aboard cannot sail after all.

use crewcall_dispatch::cascade::{CharterState, Offer, OfferNo, OfferState};
use jiff::SignedDuration;

use super::browser;
use super::calls::{begin, live, mail_of, name, page_of};
use crate::app::AppError;
use crate::demo::Desk;
use crate::demo::mailroom::OFFICE;
use crate::demo::news::News;

/// The captain who is chosen, one whose crew is being asked, any other; where none is aboard, one says yes first.
pub(super) async fn drop_out(desk: &Desk, who: &str) -> Result<News, AppError> {
    let mut charters = live(desk.demo.app()).await?;
    charters.sort_by_key(|state| match state.captain() {
        Some(captain) if captain.crew_id.as_str() == who => 0,
        Some(_) if crew_offers(state).next().is_some() => 1,
        Some(_) => 2,
        None => 3,
    });
    for state in charters {
        if let Some(news) = leave(desk, state).await? {
            return Ok(news);
        }
    }
    if let Some(state) = begin(desk).await?
        && let Some(news) = leave(desk, state).await?
    {
        return Ok(news);
    }
    Ok(News::new(
        "No captain is aboard, and none could be asked. See on the roster whose mail comes back, or start the demo anew for a new season.",
    )
    .look("Roster", "/roster")
    .look("Board", "/"))
}

/// `None` if the charter has no captain who could leave.
async fn leave(desk: &Desk, state: CharterState) -> Result<Option<News>, AppError> {
    let (time, app) = (&desk.demo.time, desk.demo.app());
    let id = state.charter.charter_id.clone();
    let mut words = String::new();
    let captain = match state.captain() {
        Some(captain) => captain.no,
        None => match accept(desk, &state).await? {
            Some(captain) => captain,
            None => return Ok(None),
        },
    };
    let mut before = app.charter(&id).await?;
    let Some(offer) = before.offer(captain).cloned() else { return Ok(None) };
    let captain_name = name(app, &offer.crew_id).await?;
    if state.captain().is_none() {
        words = format!("No captain was aboard, so {captain_name} said yes first. ");
    }
    // Until then it would be a yes taken back.
    let undo_until = offer.ended_at.map(|at| at + app.operator.policy.undo_window);
    let wait = undo_until.map_or(SignedDuration::ZERO, |until| until.duration_since(time.now()));
    if !wait.is_negative() {
        time.advance(wait + SignedDuration::from_secs(1)).await?;
        before = app.charter(&id).await?;
        words.push_str("The clock moved past the ten minutes in which a yes can be taken back. ");
    }
    press(desk, &before, &offer, "drop_out").await;
    time.work().await?;
    let after = app.charter(&id).await?;
    let state_of = |no| after.offer(no).map(|offer| offer.state);
    if !matches!(
        state_of(captain),
        Some(OfferState::DroppedOut | OfferState::Released | OfferState::Declined)
    ) {
        return Ok(None);
    }
    let taken_back =
        crew_offers(&before).filter(|offer| state_of(offer.no) == Some(OfferState::Rescinded)).count();
    let asked = after.open_offers().find(|offer| offer.seat.position.is_captain());
    let next = match asked {
        Some(asked) => format!("{} is asked to captain now", name(app, &asked.crew_id).await?),
        None => "No captain is left to ask, so the office has to see to it".to_owned(),
    };
    words.push_str(&format!(
        "{captain_name}, captain of {}, dropped out. Offers to the crew that were taken back: {taken_back}. {next}.",
        after.charter.vessel
    ));
    let mut news = News::new(words)
        .look(format!("{}, its history", after.charter.vessel), page_of(&after))
        .look("The office's mail", format!("/demo/mail?who={OFFICE}"));
    if let Some(asked) = asked {
        news = news.look("Whoever is asked now", mail_of(&asked.crew_id));
    }
    Ok(Some(news))
}

/// Has a captain who is asked say yes; says who is aboard then.
async fn accept(desk: &Desk, state: &CharterState) -> Result<Option<OfferNo>, AppError> {
    let asked: Vec<Offer> =
        state.open_offers().filter(|offer| offer.seat.position.is_captain()).cloned().collect();
    for offer in asked {
        press(desk, state, &offer, "accept").await;
        desk.demo.time.work().await?;
        let now = desk.demo.app().charter(&state.charter.charter_id).await?;
        if let Some(captain) = now.captain() {
            return Ok(Some(captain.no));
        }
    }
    Ok(None)
}

/// On the page behind the link of an offer.
async fn press(desk: &Desk, state: &CharterState, offer: &Offer, button: &str) {
    let token = desk.demo.app().operator.key.offer_token(&state.charter.charter_id, offer).reveal();
    browser::answer(&desk.program, &token, button).await;
}

/// Whoever is asked beside the captain.
fn crew_offers(state: &CharterState) -> impl Iterator<Item = &Offer> {
    state.open_offers().filter(|offer| !offer.seat.position.is_captain())
}
