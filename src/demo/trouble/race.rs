//! Two people say yes to one seat at the same moment.

use crewcall_dispatch::cascade::{CharterState, Command, Offer, OfferNo};

use super::browser::{self, Seen};
use super::calls::{begin, live, mail_of, name, page_of, try_to};
use crate::app::AppError;
use crate::demo::Desk;
use crate::demo::news::News;

/// Finds two who are asked for the same seat, or has a second one asked, and lets both press.
pub(super) async fn race(desk: &Desk, who: &str) -> Result<News, AppError> {
    let mut charters = live(desk.demo.app()).await?;
    charters.sort_by_key(|state| !state.open_offers().any(|offer| offer.crew_id.as_str() == who));
    for state in charters {
        if let Some((state, pair)) = rivals(desk, state).await? {
            return run(desk, &state, pair).await;
        }
    }
    if let Some(state) = begin(desk).await?
        && let Some((state, pair)) = rivals(desk, state).await?
    {
        return run(desk, &state, pair).await;
    }
    Ok(News::new(
        "There are no two people who could be asked for one seat now. See on the roster whose mail comes back, or start the demo anew for a new season.",
    )
    .look("Roster", "/roster")
    .look("Board", "/"))
}

/// Two open offers for one seat, both handed over. If there is but one, the office asks somebody else of that rank
/// beside it, first of all somebody who was not asked yet.
async fn rivals(
    desk: &Desk,
    mut state: CharterState,
) -> Result<Option<(CharterState, (OfferNo, OfferNo))>, AppError> {
    let app = desk.demo.app();
    if let Some(pair) = pair(&state) {
        return Ok(Some((state, pair)));
    }
    let asked = state.open_offers().next().map(|offer| offer.seat.position.clone());
    let Some(rank) = asked else { return Ok(None) };
    let mut others = app.roster().await?;
    others.retain(|member| member.rank == rank);
    others.sort_by_key(|member| state.offers.iter().any(|offer| offer.crew_id == member.crew_id));
    for other in others {
        let now = Command::AskNow { crew_id: other.crew_id };
        let Some(asked) = try_to(app, &state, &now).await? else { continue };
        state = asked;
        if pair(&state).is_some() {
            desk.demo.time.work().await?;
            // A mail may have been refused.
            state = app.charter(&state.charter.charter_id).await?;
            if let Some(pair) = pair(&state) {
                return Ok(Some((state, pair)));
            }
        }
    }
    Ok(None)
}

fn pair(state: &CharterState) -> Option<(OfferNo, OfferNo)> {
    state.open_offers().find_map(|offer| Some((offer.no, state.rivals(offer).next()?.no)))
}

async fn run(desk: &Desk, state: &CharterState, pair: (OfferNo, OfferNo)) -> Result<News, AppError> {
    let app = desk.demo.app();
    let id = &state.charter.charter_id;
    let (Some(one), Some(other)) = (state.offer(pair.0), state.offer(pair.1)) else {
        return Ok(News::new("The offers have ended meanwhile. Press again.").look("Board", "/"));
    };
    let press = |offer: &Offer| {
        let (program, token) = (desk.program.clone(), app.operator.key.offer_token(id, offer).reveal());
        tokio::spawn(async move { browser::answer(&program, &token, "accept").await })
    };
    let (of_one, of_other) = tokio::join!(press(one), press(other));
    let saw = |seen: Result<Seen, _>| {
        seen.map_or_else(|_| "no page".to_owned(), |seen| format!("“{}”", seen.title))
    };
    let after = app.charter(id).await?;
    let holder = after.holder(&one.seat).map(|offer| offer.no);
    let (one_name, other_name) = (name(app, &one.crew_id).await?, name(app, &other.crew_id).await?);
    let both = format!(
        "{one_name} and {other_name} said yes at the same moment, as {} on {}.",
        one.seat.position, state.charter.vessel
    );
    let who_has_it = match holder {
        Some(no) if no == one.no => format!("{one_name} has the seat"),
        Some(no) if no == other.no => format!("{other_name} has the seat"),
        _ => "Neither has the seat".to_owned(),
    };
    let pages = format!("{one_name} saw {}; {other_name} saw {}", saw(of_one), saw(of_other));
    Ok(News::new(format!("{both} {who_has_it}. {pages}."))
        .look(format!("{}, its history", state.charter.vessel), page_of(state))
        .look(format!("Mail to {one_name}"), mail_of(&one.crew_id))
        .look(format!("Mail to {other_name}"), mail_of(&other.crew_id)))
}
