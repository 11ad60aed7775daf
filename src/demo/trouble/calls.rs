//! Calls in which trouble can be made.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Command};
use crewcall_dispatch::model::CrewId;
use jiff::{SignedDuration, Span};

use crate::app::{App, AppError};
use crate::demo::{Desk, by_office, office};
use crate::store::StoreError;

/// Time that trouble takes at least.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// Charters of a season: beyond it no more are booked.
const CHARTERS: usize = 60;

/// Charters ahead whose call has begun, the earliest first.
pub(super) async fn live(app: &App) -> Result<Vec<CharterState>, StoreError> {
    let mut charters = app.charters(Some(app.clock.now() + AHEAD)).await?;
    charters.retain(|state| !matches!(state.status(), CallStatus::Draft | CallStatus::Cancelled));
    Ok(charters)
}

/// Begins the next call: that of the first charter ahead that has none; else one more charter is booked. `None` once
/// there are too many.
pub(super) async fn begin(desk: &Desk) -> Result<Option<CharterState>, AppError> {
    let app = desk.demo.app();
    let ahead = app.charters(Some(app.clock.now() + AHEAD)).await?;
    let draft = ahead.into_iter().find(|state| state.status() == CallStatus::Draft);
    let state = match draft {
        Some(draft) => draft,
        None => match book(app).await? {
            Some(booked) => booked,
            None => return Ok(None),
        },
    };
    let id = &state.charter.charter_id;
    app.run(id, &Command::Start, &by_office()).await?;
    desk.demo.time.work().await?;
    Ok(Some(app.charter(id).await?))
}

/// One more charter, on the next day from the day after tomorrow on which none departs.
async fn book(app: &App) -> Result<Option<CharterState>, AppError> {
    let charters = app.charters(None).await?;
    let day = |at| app.operator.zone.to_datetime(at).date();
    let taken: Vec<_> = charters.iter().map(|state| day(state.charter.departs_at)).collect();
    let first = day(app.clock.now()).saturating_add(Span::new().days(2));
    let free = first.series(Span::new().days(1)).find(|date| !taken.contains(date));
    let Some(date) = free.filter(|_| charters.len() < CHARTERS) else { return Ok(None) };
    match office::another(app, charters.len(), date) {
        Ok(charter) => app.book(charter, &by_office()).await.map(Some),
        Err(error) => {
            tracing::error!(%error, "no more can be booked");
            Ok(None)
        }
    }
}

/// A command that the rules may turn down: then it is `None`.
pub(super) async fn try_to(
    app: &App,
    state: &CharterState,
    command: &Command,
) -> Result<Option<CharterState>, AppError> {
    match app.run(&state.charter.charter_id, command, &by_office()).await {
        Ok(state) => Ok(Some(state)),
        Err(AppError::Rejected(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What somebody is called.
pub(super) async fn name(app: &App, id: &CrewId) -> Result<String, StoreError> {
    Ok(app.member(id).await?.map_or_else(|| id.to_string(), |member| member.name))
}

/// Where a charter is seen.
pub(super) fn page_of(state: &CharterState) -> String {
    format!("/charters/{}", state.charter.charter_id)
}

/// Where somebody's mail is seen.
pub(super) fn mail_of(id: &CrewId) -> String {
    format!("/demo/mail?who={id}")
}
