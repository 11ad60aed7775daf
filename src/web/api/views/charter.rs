//! A charter: the sail, how its call stands, who sails, who was asked.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CallStatus, CharterState, Concern, Offer, OfferState};
use crewcall_dispatch::model::{Figures, Money, Rank, Seat};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Position, ReasonView, reasons};
use crate::app::App;

/// Charters by departure.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web::api) struct Charters {
    /// The earliest first
    pub(in crate::web::api) charters: Vec<CharterView>,
    /// Where there are more: the `after` of the next page
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web::api) next: Option<String>,
}

/// One booked sail, and the effort to crew it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Charter)]
pub(in crate::web::api) struct CharterView {
    /// The id that the booking gave it
    #[schema(example = "charter_5678")]
    charter_id: String,
    /// The boat
    vessel: String,
    /// When it leaves the dock
    #[schema(value_type = String, format = DateTime)]
    departs_at: Timestamp,
    /// When it is back
    #[schema(value_type = String, format = DateTime)]
    returns_at: Timestamp,
    /// When the crew has to be aboard
    #[schema(value_type = String, format = DateTime)]
    call_time: Timestamp,
    /// Where the crew boards
    dock: String,
    /// Guests aboard
    guests: u32,
    /// What the booking brings in
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1450.00")]
    gross_revenue: Option<String>,
    /// What whoever sold the charter keeps of that, as booked
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "145.00")]
    channel_fee: Option<String>,
    /// What the guests gave the crew, as booked
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "120.00")]
    gratuity: Option<String>,
    /// What the sail came to, as far as the office has recorded it
    figures: FiguresView,
    /// The charterer takes the boat without a crew
    bareboat: bool,
    /// The seats to fill, the captain's first
    positions: Vec<Position>,
    /// How the call stands
    status: Status,
    /// Rises when time, vessel or dock change: who said yes before is asked to confirm
    revision: u32,
    /// When it was called off
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    cancelled_at: Option<Timestamp>,
    /// Every seat, and who has it
    seats: Vec<SeatView>,
    /// Every offer that was made, in order
    offers: Vec<OfferView>,
    /// Rules that were set aside
    overrides: Vec<OverrideView>,
    /// What the office has to see to before it leaves
    concerns: Vec<ConcernView>,
}

/// What a sail came to. What is not here is as it was booked, or not known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub(in crate::web::api) struct FiguresView {
    /// What it brought in
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1450.00")]
    gross_revenue: Option<String>,
    /// What whoever sold the charter keeps of that
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "145.00")]
    channel_fee: Option<String>,
    /// What the guests gave the crew
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "120.00")]
    gratuity: Option<String>,
    /// How long the crew worked, in hours and minutes
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "3:30")]
    actual_hours: Option<String>,
    /// How long those worked who worked shorter or longer than the others, by their ids
    hours_of: BTreeMap<String, String>,
}

impl From<&Figures> for FiguresView {
    fn from(figures: &Figures) -> Self {
        let Figures { gross_revenue, channel_fee, gratuity, actual_hours, hours_of } = figures;
        let amount = |amount: &Option<Money>| amount.map(|amount| amount.to_string());
        let hours_of = hours_of.iter().map(|(id, hours)| (id.to_string(), hours.to_string()));
        Self {
            gross_revenue: amount(gross_revenue),
            channel_fee: amount(channel_fee),
            gratuity: amount(gratuity),
            actual_hours: actual_hours.map(|hours| hours.to_string()),
            hours_of: hours_of.collect(),
        }
    }
}

/// Something that the office has to see to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Concern)]
pub(in crate::web::api) struct ConcernView {
    /// What it is
    concern: ConcernKind,
    /// About which position, unless it is the whole sail
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    /// About whom
    #[serde(skip_serializing_if = "Option::is_none")]
    crew_id: Option<String>,
    /// What speaks against them, or against the sail
    reasons: Vec<ReasonView>,
}

/// What the office has to see to: `cannot_begin`, something speaks against the sail itself; `nobody_asked`, it leaves within
/// 72 hours, and its call has not begun or rests; `nobody_left` to ask for the
/// position or for one of its seats; `urgent`, not everyone can be asked for it in turn any more; `dropped_out`, somebody
/// did shortly before departure, or while the call rests; `standby`, somebody was too late for an open seat; `conflict`,
/// something speaks against somebody aboard; `unconfirmed`, somebody aboard did not confirm a change in time; `not_told`, mail does not reach somebody who
/// has to; `undeliverable`, the call rests because mail to somebody was refused.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum ConcernKind {
    /// Something speaks against the sail itself
    CannotBegin,
    /// It leaves soon, and nobody is asked
    NobodyAsked,
    /// Nobody is left to ask
    NobodyLeft,
    /// Not everyone can be asked in turn any more
    Urgent,
    /// Somebody dropped out, and nobody has the seat yet
    DroppedOut,
    /// Somebody was too late for an open seat
    Standby,
    /// Something speaks against somebody aboard
    Conflict,
    /// A change was not confirmed in time
    Unconfirmed,
    /// A change could not be told
    NotTold,
    /// Mail was refused, and the call rests
    Undeliverable,
}

impl From<Concern<'_>> for ConcernView {
    fn from(concern: Concern<'_>) -> Self {
        let of = |concern, offer: &Offer| Self {
            concern,
            position: Some(offer.seat.position.to_string()),
            crew_id: Some(offer.crew_id.to_string()),
            reasons: reasons(&offer.conflicts),
        };
        let about = |concern, position: &Rank| Self {
            concern,
            position: Some(position.to_string()),
            crew_id: None,
            reasons: Vec::new(),
        };
        let of_all = |concern| Self { concern, position: None, crew_id: None, reasons: Vec::new() };
        match concern {
            Concern::CannotBegin(reason) => {
                Self { reasons: reasons(&[reason]), ..of_all(ConcernKind::CannotBegin) }
            }
            Concern::NobodyAsked(_) => of_all(ConcernKind::NobodyAsked),
            Concern::NobodyLeft(position) => about(ConcernKind::NobodyLeft, position),
            Concern::Urgent(position) => about(ConcernKind::Urgent, position),
            Concern::DroppedOut(offer) => of(ConcernKind::DroppedOut, offer),
            Concern::Standby(offer) => of(ConcernKind::Standby, offer),
            Concern::Conflict(offer) => of(ConcernKind::Conflict, offer),
            Concern::Unconfirmed(offer) => of(ConcernKind::Unconfirmed, offer),
            Concern::NotTold(offer) => of(ConcernKind::NotTold, offer),
            Concern::Undeliverable(offer) => of(ConcernKind::Undeliverable, offer),
        }
    }
}

/// How a call stands: `draft` is not started; `running` asks somebody; `paused` is let rest by the office; `filled` has
/// every seat taken; `exhausted` has nobody left to ask for some seat; `cancelled` is off.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum Status {
    /// Not started
    Draft,
    /// Somebody is being asked
    Running,
    /// The office lets the asking rest
    Paused,
    /// Every seat is taken
    Filled,
    /// Nobody is left to ask for some seat
    Exhausted,
    /// The charter is off
    Cancelled,
}

/// A seat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seat)]
pub(in crate::web::api) struct SeatView {
    /// The position
    position: String,
    /// Which of the position's seats, from 1
    number: u32,
    /// Who is aboard
    #[serde(skip_serializing_if = "Option::is_none")]
    aboard: Option<String>,
    /// Who is aboard has yet to confirm what the sail has become
    to_confirm: bool,
    /// Who dropped out and is responsible until somebody else has the seat
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible: Option<String>,
    /// Who is being asked for it
    asked: Vec<String>,
}

/// An ask to one person for one seat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offer)]
pub(in crate::web::api) struct OfferView {
    /// Its number within the charter, from 1
    offer: u32,
    /// The position
    position: String,
    /// Which of the position's seats, from 1
    number: u32,
    /// Who
    crew_id: String,
    /// The revision of the charter that was offered
    revision: u32,
    /// Where it stands
    state: State,
    /// Said yes when it was too late, and would still sail
    stands_by: bool,
    /// Was to sail and did not come
    no_show: bool,
    /// When it was made
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// When its mail was handed over
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    handed_over_at: Option<Timestamp>,
    /// Until when an answer is asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    reply_by: Option<Timestamp>,
    /// When it reached its end
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The public half of its link
    link: String,
    /// What the office has to look at
    warnings: Vec<ReasonView>,
    /// Of that what came up since the person is aboard, and has to be settled
    conflicts: Vec<ReasonView>,
}

/// Where an offer stands: `queued`, the mail is on its way; `sent`, the time to answer runs; `accepted`, aboard;
/// `reconfirming`, aboard and asked to confirm a change; `declined`; `expired`, no answer in time; `rescinded`, taken back;
/// `undeliverable`, the mail was refused; `dropped_out`, cannot sail and is responsible until somebody else has the
/// seat; `released`, was aboard and is bound no more.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum State {
    /// The mail is on its way
    Queued,
    /// The mail was handed over, and the time to answer runs
    Sent,
    /// Aboard
    Accepted,
    /// Aboard, and asked to confirm a change
    Reconfirming,
    /// Said no
    Declined,
    /// Did not answer in time
    Expired,
    /// Taken back
    Rescinded,
    /// The mail was refused for good
    Undeliverable,
    /// Was aboard and cannot sail; responsible until somebody else has the seat
    DroppedOut,
    /// Was aboard and is bound no more
    Released,
}

/// A rule that was set aside for this charter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Override)]
pub(in crate::web::api) struct OverrideView {
    /// Which
    gate: String,
    /// For whom; for everyone if it is nobody
    #[serde(skip_serializing_if = "Option::is_none")]
    crew_id: Option<String>,
    /// Why
    reason: String,
    /// Who decided it
    by: String,
    /// When
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl CharterView {
    pub(in crate::web::api) fn new(state: &CharterState, app: &App) -> Self {
        let charter = &state.charter;
        let positions = charter.positions.iter();
        let overrides = state.overrides.iter();
        let concerns = state.concerns(&app.operator.zone, &app.operator.policy, app.clock.now());
        Self {
            charter_id: charter.charter_id.to_string(),
            vessel: charter.vessel.clone(),
            departs_at: charter.departs_at,
            returns_at: charter.returns_at,
            call_time: charter.call_time,
            dock: charter.dock.clone(),
            guests: charter.guests,
            gross_revenue: charter.gross_revenue.map(|revenue| revenue.to_string()),
            channel_fee: charter.channel_fee.map(|fee| fee.to_string()),
            gratuity: charter.gratuity.map(|gratuity| gratuity.to_string()),
            figures: FiguresView::from(&state.figures),
            bareboat: charter.bareboat,
            positions: positions
                .map(|need| Position { position: need.position.to_string(), quantity: need.quantity })
                .collect(),
            status: state.status().into(),
            revision: state.revision,
            concerns: concerns.into_iter().map(ConcernView::from).collect(),
            cancelled_at: state.cancelled_at,
            seats: charter.seats().map(|seat| SeatView::of(state, seat)).collect(),
            offers: state.offers.iter().map(OfferView::from).collect(),
            overrides: overrides
                .map(|set_aside| OverrideView {
                    gate: set_aside.gate.to_string(),
                    crew_id: set_aside.crew_id.as_ref().map(ToString::to_string),
                    reason: set_aside.reason.clone(),
                    by: set_aside.by.clone(),
                    at: set_aside.at,
                })
                .collect(),
        }
    }
}

impl SeatView {
    fn of(state: &CharterState, seat: Seat) -> Self {
        let id = |offer: &Offer| offer.crew_id.to_string();
        let holder = state.holder(&seat);
        Self {
            aboard: holder.map(id),
            to_confirm: state.reconfirming().any(|offer| offer.seat == seat),
            responsible: state.responsible(&seat).map(id),
            asked: state.open_offers().filter(|offer| offer.seat == seat).map(id).collect(),
            position: seat.position.to_string(),
            number: seat.number,
        }
    }
}

impl From<&Offer> for OfferView {
    fn from(offer: &Offer) -> Self {
        Self {
            offer: offer.no.0,
            position: offer.seat.position.to_string(),
            number: offer.seat.number,
            crew_id: offer.crew_id.to_string(),
            revision: offer.revision,
            state: offer.state.into(),
            stands_by: offer.stands_by,
            no_show: offer.no_show,
            made_at: offer.made_at,
            handed_over_at: offer.handed_over_at,
            reply_by: offer.reply_by,
            ended_at: offer.ended_at,
            link: offer.token_id.to_string(),
            warnings: reasons(&offer.warnings),
            conflicts: reasons(&offer.conflicts),
        }
    }
}

impl From<CallStatus> for Status {
    fn from(it: CallStatus) -> Self {
        match it {
            CallStatus::Draft => Self::Draft,
            CallStatus::Running => Self::Running,
            CallStatus::Paused => Self::Paused,
            CallStatus::Filled => Self::Filled,
            CallStatus::Exhausted => Self::Exhausted,
            CallStatus::Cancelled => Self::Cancelled,
        }
    }
}

impl From<OfferState> for State {
    fn from(it: OfferState) -> Self {
        match it {
            OfferState::Queued => Self::Queued,
            OfferState::Sent => Self::Sent,
            OfferState::Accepted => Self::Accepted,
            OfferState::Reconfirming => Self::Reconfirming,
            OfferState::Declined => Self::Declined,
            OfferState::Expired => Self::Expired,
            OfferState::Rescinded => Self::Rescinded,
            OfferState::Undeliverable => Self::Undeliverable,
            OfferState::DroppedOut => Self::DroppedOut,
            OfferState::Released => Self::Released,
        }
    }
}
