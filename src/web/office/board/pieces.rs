//! The parts of the board that change while somebody looks at it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crewcall_dispatch::cascade::{CallStatus, CharterState, Offer, OfferState};
use crewcall_dispatch::model::{CharterId, CrewId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::super::stopped::mail_stopped;
use super::super::{KEPT_ON_BOARD, sheet};
use super::row::Row;
use super::vitals::Vitals;
use crate::app::{App, AppError, OutboxRow};
use crate::sheet::{Mode, Needs, needs};
use crate::times;
use crate::web::Web;
use crate::web::base::at;
use crate::words::Names;

/// The id that the row of a charter has on the page. An id of a charter has no space or quote, and no other element of
/// the page begins like that.
pub(super) fn id_of(charter_id: &CharterId) -> String {
    format!("charter-{charter_id}")
}

/// The whole board, as it was read.
pub(in crate::web::office) struct Board {
    app: Arc<App>,
    charters: BTreeMap<(Timestamp, CharterId), (CharterState, Row)>,
    names: Names,
    vitals: Vitals,
    stuck: Vec<OutboxRow>,
    needs: Needs,
    /// How many things about people wait.
    pub(super) of_crew: usize,
    pub(in crate::web::office) now: Timestamp,
}

impl Board {
    /// As it is looked at every day.
    pub(in crate::web::office) async fn gather(web: &Web) -> Result<Self, AppError> {
        Self::since(web, KEPT_ON_BOARD).await
    }

    /// The same with charters that have left no longer ago than that.
    pub(super) async fn since(web: &Web, kept: SignedDuration) -> Result<Self, AppError> {
        let app = web.app.clone();
        let now = app.clock.now();
        let charters = app.charters(Some(now - kept)).await?;
        let names = app.crew_names(&people(&charters)).await?;
        let (vitals, stuck) = tokio::try_join!(Vitals::read(web), app.stuck_mails())?;
        let needs = match web.sheet {
            Mode::Off => Needs::default(),
            Mode::Shadow | Mode::On => needs(&*app.store).await?,
        };
        let is_ahead = |state: &&CharterState| state.charter.departs_at > now && state.cancelled_at.is_none();
        let ahead: Vec<&CharterState> = charters.iter().filter(is_ahead).collect();
        let of_crew = web.crew_needs.count(web, &ahead, now).await?;
        let charters = crate::aside::aside(|| {
            let rows = charters.into_iter().map(|state| {
                let row = Row::of(&state, &names, &app.operator, now);
                ((row.departs_at, row.charter_id.clone()), (state, row))
            });
            rows.collect()
        });
        Ok(Self { app, charters, names, vitals, stuck, needs, of_crew, now })
    }

    /// Reads one charter anew.
    pub(super) async fn take(&mut self, id: &CharterId) -> Result<(), AppError> {
        self.now = self.app.clock.now();
        let state = match self.app.charter(id).await {
            Ok(state) => Some(state).filter(|state| state.charter.departs_at >= self.now - KEPT_ON_BOARD),
            Err(AppError::NoSuchCharter(_)) => None,
            Err(error) => return Err(error),
        };
        let states: Vec<CharterState> = state.into_iter().collect();
        self.names.extend(self.app.crew_names(&people(&states)).await?);
        // Not before all of it is read: what cannot be read stays as it was.
        self.charters.retain(|(_, known), _| known != id);
        for state in states {
            let row = Row::of(&state, &self.names, &self.app.operator, self.now);
            self.charters.insert((row.departs_at, row.charter_id.clone()), (state, row));
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.charters.is_empty()
    }

    /// By departure.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.charters.values().map(|(_, row)| row)
    }

    pub(in crate::web::office) fn states(&self) -> impl Iterator<Item = &CharterState> {
        self.charters.values().map(|(state, _)| state)
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.app.operator.zone
    }

    /// What is late or needs somebody, and how many charters stand how; and how many things about people wait.
    pub(in crate::web::office) fn top(&self, of_crew: usize) -> Markup {
        let zone = self.zone();
        // Of those that have left, nothing is to be done any more.
        let ahead = || self.rows().filter(|row| row.departs_at > self.now);
        let count = |wanted| ahead().filter(|row| row.status == wanted).count();
        let needs_you = ahead().filter(|row| row.needs_you).count();
        html! {
            (self.vitals.late(zone, self.now))
            (sheet::needs(&self.needs, zone))
            (mail_stopped(&self.vitals.way, zone))
            @if self.vitals.way.stopped().is_none() { (mail_trouble(&self.stuck, zone)) }
            p.counts {
                @if needs_you > 0 {
                    a href=(at("/needs-you")) { strong.bad { "! " (needs_you) @if needs_you == 1 { " needs you" } @else { " need you" } } }
                    " · "
                }
                @if of_crew > 0 {
                    a href=(at("/needs-you")) { strong.bad { "! " (of_crew) " about the crew" } }
                    " · "
                }
                (count(CallStatus::Filled)) " crewed · " (count(CallStatus::Running)) " asking · "
                (count(CallStatus::Paused)) " paused · " (count(CallStatus::Draft)) " not started"
            }
        }
    }

    /// How dispatcher, sheet and mail are, and by which clocks all times are.
    pub(super) fn foot(&self) -> Markup {
        let zone = self.zone();
        html! {
            p { (self.vitals.line(!self.stuck.is_empty(), self.now)) }
            p { "All times in " (zone.iana_name().unwrap_or("the operator's zone")) ". As of " (times::full(self.now, zone)) "." }
        }
    }

    /// The row of a charter under its id, if it has one.
    pub(super) fn row(&self, id: &CharterId) -> Option<(String, Piece)> {
        let row = self.rows().find(|row| row.charter_id == *id)?;
        Some((id_of(id), Piece::of(row)))
    }

    /// Every part under its id, with what it is compared by.
    pub(super) fn pieces(&self) -> BTreeMap<String, Piece> {
        let rows = self.rows().map(|row| (id_of(&row.charter_id), Piece::of(row)));
        let mark = format!("{} {}", self.vitals.mark(), self.stuck.is_empty());
        let foot = ("foot".to_owned(), Piece { mark, facts: 0, html: self.foot().0 });
        rows.chain([("top".to_owned(), Piece::whole(self.top(self.of_crew))), foot]).collect()
    }
}

/// What an element of the page has inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The same as long as it need not be told again.
    pub(super) mark: String,
    /// Of a charter, how many facts it has; whoever looks at its page is told of each.
    pub(super) facts: u64,
    pub(super) html: String,
}

impl Piece {
    /// Told again whenever it is another one.
    fn whole(html: Markup) -> Self {
        Self { mark: html.0.clone(), facts: 0, html: html.0 }
    }

    fn of(row: &Row) -> Self {
        Self { facts: row.facts, ..Self::whole(row.cells.clone()) }
    }
}

/// Everyone whose name stands on the board.
fn people(charters: &[CharterState]) -> Vec<CrewId> {
    // Those who left, and those whose mail was refused, stand there as long as their seat is empty.
    let named =
        |offer: &&Offer| offer.binds() || offer.dropped_out || offer.state == OfferState::Undeliverable;
    let bound = charters.iter().flat_map(|state| &state.offers).filter(named);
    let stand_by = charters.iter().flat_map(CharterState::standing_by);
    let mut ids: Vec<CrewId> = bound.chain(stand_by).map(|offer| offer.crew_id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Mails that could not be handed over: nobody is asked until they can.
fn mail_trouble(stuck: &[OutboxRow], zone: &TimeZone) -> Markup {
    let (oldest, next) =
        (stuck.iter().map(|row| row.decided_at).min(), stuck.iter().map(|row| row.due_at).min());
    html! {
        @if let (Some(oldest), Some(next), Some(row)) = (oldest, next, stuck.first()) {
            p.problem role="alert" {
                "! Mails that wait: " (stuck.len()) ", the oldest since " (times::full(oldest, zone)) ": "
                (row.last_error.as_deref().unwrap_or_default()) ". Next try " (times::clock(next, zone)) "."
            }
        }
    }
}
