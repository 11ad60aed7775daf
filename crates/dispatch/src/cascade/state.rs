//! A charter as it stands. Statuses are derived from facts, never stored.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::why::RescindReason;
use crate::eligibility::Reason;
use crate::limits;
use crate::link::TokenId;
use crate::model::{Charter, CrewId, Figures, Minutes, Money, Rank, Seat, Terms};
use crate::policy::{Basis, Place};
use crate::vessel::Override;

/// One charter with its call and every offer ever made for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CharterState {
    /// What was booked.
    pub charter: Charter,
    /// Rises with each material change (time, vessel, dock); answers count for one revision only.
    pub revision: u32,
    /// When the charter was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    /// The effort to crew it, once started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Every offer, in the order in which they were made: number `n` stands at `n - 1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Gates that the office has set aside for this charter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// What the sail came to, as far as the office has said.
    #[serde(default, skip_serializing_if = "Figures::is_empty")]
    pub figures: Figures,
    /// When messages were posted, the latest [`limits::MESSAGES_PER_HOUR`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posted_at: Vec<Timestamp>,
    /// How many facts led here: the number of the last audit event.
    pub facts: u64,
}

/// The effort to crew a charter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Call {
    /// When the asking was (last) started.
    pub started_at: Timestamp,
    /// One ranked asking for each position, the captain's first.
    pub cascades: Vec<Cascade>,
    /// Who said no since then, whoever the captain was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<CrewId>,
    /// Whom the office skipped since then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<CrewId>,
    /// Since when the asking rests, by the office or because a mail was refused; nobody new is asked until it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<Timestamp>,
    /// When all seats were filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled_at: Option<Timestamp>,
    /// When first nobody was left to ask for some position, and the office was alerted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exhausted_at: Option<Timestamp>,
}

/// The ranked asking for one position.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cascade {
    /// The position.
    pub position: Rank,
    /// Rises when everyone may be asked anew. Within a round nobody is asked twice.
    pub round: u32,
    /// The order that was fixed when the call started.
    pub ranked: Vec<CrewId>,
    /// What that order was made from.
    #[serde(default, skip_serializing_if = "Basis::is_cascade_order")]
    pub basis: Basis,
    /// The captain's usual crew of this position; asked before everyone else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paired: Vec<CrewId>,
    /// Those passed over in this round, each with a reason in the audit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<CrewId>,
    /// Those who could be asked once an overlapping offer of theirs ends; empty unless the asking
    /// stands still because of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting_for: Vec<CrewId>,
    /// Nobody was left to ask in this round, and nobody was being asked any more: the office knows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exhausted: bool,
    /// In this round there was not enough time left to ask everyone in turn: the office knows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
}

impl Cascade {
    /// Everyone in the order of asking.
    pub fn order(&self) -> impl Iterator<Item = &CrewId> {
        let rest = self.ranked.iter().filter(|id| !self.paired.contains(id));
        self.paired.iter().chain(rest)
    }

    /// Why somebody has the place that they have in the order.
    pub fn place(&self, crew_id: &CrewId) -> Option<Place> {
        if self.paired.contains(crew_id) {
            return Some(Place::UsualCrew);
        }
        let index = self.ranked.iter().position(|id| id == crew_id)?;
        Some(match &self.basis {
            Basis::CascadeOrder => Place::CascadeOrder { place: index as u32 + 1 },
            Basis::LastSail(dates) => Place::LastSail { last: dates.get(index).copied().flatten() },
            Basis::FewestSails(sails) => Place::FewestSails { sails: sails.get(index).copied().unwrap_or(0) },
            Basis::Office => Place::Office,
        })
    }
}

/// The number of an offer within its charter, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfferNo(pub u32);

impl fmt::Display for OfferNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for OfferNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offer {}", self.0)
    }
}

/// One ask to one person for one seat.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Offer {
    /// Its number within the charter.
    pub no: OfferNo,
    /// The seat it is for.
    pub seat: Seat,
    /// Who is asked.
    pub crew_id: CrewId,
    /// The round of the position's cascade.
    pub round: u32,
    /// The revision of the charter that is offered.
    pub revision: u32,
    /// The public half of its link.
    pub token_id: TokenId,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub made_at: Timestamp,
    /// When its mail was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_over_at: Option<Timestamp>,
    /// Until when the person is asked to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Timestamp>,
    /// From when on an answer no longer counts: `reply_by` and the grace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// When it reached its present end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Why we took it back, if we did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rescinded: Option<RescindReason>,
    /// The person took a yes back once; a second time is a matter for the office.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
    /// The person was put aboard by the office, or because they stood by: there was no yes by the link.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// The person was aboard and said that they cannot sail after all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped_out: bool,
    /// Where the person lives, by the zone's IANA name, if not where the operator is; while the offer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The person was to sail and did not come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_show: bool,
    /// What the office has to look at while the person is asked or aboard, the first few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Reason>,
    /// What came up against the person since they are aboard: of the warnings those that the office has to settle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Reason>,
    /// The mail that asks the person to confirm a change was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_told: bool,
    /// The person said yes when it was too late, and would still sail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stands_by: bool,
    /// The person dropped out, and came back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub came_back: bool,
    /// How often the person wrote along with an answer that changed nothing, or began to stand by.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub remarks: u32,
    /// What the person said yes to, while they are asked to confirm what has become of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Terms>,
    /// How often it was kept open longer because the program was down.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extensions: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Offer {
    /// Whether its person is being asked or aboard: it is open, or accepted.
    pub fn in_force(&self) -> bool {
        self.state.is_open() || self.state.is_aboard()
    }

    /// Whether its person is bound to the sail: asked, aboard, or responsible for a seat until somebody
    /// else has it.
    pub fn binds(&self) -> bool {
        self.in_force() || self.state == OfferState::DroppedOut
    }

    /// Whether the time to confirm a change is over without an answer.
    pub fn is_unconfirmed(&self) -> bool {
        self.state == OfferState::Reconfirming && self.reply_by.is_some() && self.closes_at.is_none()
    }
}

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Decided; the mail has not been handed over. The window does not run yet.
    Queued,
    /// Handed over; the window runs.
    Sent,
    /// The person said yes.
    Accepted,
    /// The sail has changed since the yes. The person is aboard and is asked to confirm.
    Reconfirming,
    /// The person said no.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// Taken back by us.
    Rescinded,
    /// The mail was refused for good.
    Undeliverable,
    /// The person was aboard and cannot sail after all. The seat is called again; until somebody has it, it
    /// is theirs to answer for.
    DroppedOut,
    /// The person was aboard and is bound to the sail no more.
    Released,
}

impl OfferState {
    /// Whether an answer is still awaited.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Sent)
    }

    /// Whether the person has the seat: by a yes, or by one that is to be confirmed.
    pub fn is_aboard(self) -> bool {
        matches!(self, Self::Accepted | Self::Reconfirming)
    }

    /// Whether the person has answered.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Accepted | Self::Declined | Self::DroppedOut)
    }
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// Not started.
    Draft,
    /// Somebody is being asked.
    Running,
    /// The asking rests. Who is being asked can answer; nobody new is asked.
    Paused,
    /// Every seat is taken.
    Filled,
    /// Nobody is left to ask for some seat; the office was alerted.
    Exhausted,
    /// The charter was cancelled.
    Cancelled,
}

impl fmt::Display for CallStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Filled => "filled",
            Self::Exhausted => "exhausted",
            Self::Cancelled => "cancelled",
        })
    }
}

impl CharterState {
    /// A charter of which nothing happened but the booking.
    pub(super) fn booked(charter: Charter) -> Self {
        Self {
            charter,
            revision: 1,
            cancelled_at: None,
            call: None,
            offers: Vec::new(),
            overrides: Vec::new(),
            figures: Figures::default(),
            posted_at: Vec::new(),
            facts: 1,
        }
    }

    /// Where the call stands.
    pub fn status(&self) -> CallStatus {
        match &self.call {
            _ if self.cancelled_at.is_some() => CallStatus::Cancelled,
            None => CallStatus::Draft,
            Some(call) if call.filled_at.is_some() => CallStatus::Filled,
            // Of one that rests the alert at departure is the end, unless the sail leaves later.
            Some(call) if call.paused_at.is_some() && call.paused_at >= call.exhausted_at => {
                CallStatus::Paused
            }
            Some(call) if call.exhausted_at.is_some() => CallStatus::Exhausted,
            Some(_) => CallStatus::Running,
        }
    }

    /// The offer of that number.
    pub fn offer(&self, no: OfferNo) -> Option<&Offer> {
        self.offers.get((no.0 as usize).checked_sub(1)?)
    }

    /// Offers that await an answer.
    pub fn open_offers(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.state.is_open())
    }

    /// Who else is being asked for the same seat; the first yes has it.
    pub fn rivals<'a>(&'a self, offer: &'a Offer) -> impl Iterator<Item = &'a Offer> {
        self.open_offers().filter(|other| other.seat == offer.seat && other.no != offer.no)
    }

    /// The person's offer in force on this charter: open, or accepted.
    pub fn in_force(&self, crew_id: &CrewId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.in_force() && offer.crew_id == *crew_id)
    }

    /// The offer by which the person is bound to this charter: in force, or one whose seat they still answer for.
    /// Nobody is bound to one that is off.
    pub fn bound(&self, crew_id: &CrewId) -> Option<&Offer> {
        let leaving = |offer: &&Offer| offer.state == OfferState::DroppedOut && offer.crew_id == *crew_id;
        let bound = self.in_force(crew_id).or_else(|| self.offers.iter().rev().find(leaving));
        bound.filter(|_| self.cancelled_at.is_none())
    }

    /// Who has the seat, if anybody.
    pub fn holder(&self, seat: &Seat) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.seat == *seat && offer.state.is_aboard())
    }

    /// Who dropped out and is responsible for a seat until somebody else has it.
    pub fn responsible(&self, seat: &Seat) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.seat == *seat && offer.state == OfferState::DroppedOut)
    }

    /// Everyone aboard, in the order of the seats.
    pub fn aboard(&self) -> Vec<&Offer> {
        self.charter.seats().filter_map(|seat| self.holder(&seat)).collect()
    }

    /// The accepted offer of a captain who sails as the charter is now.
    pub fn captain(&self) -> Option<&Offer> {
        self.offers
            .iter()
            .find(|offer| offer.seat.position.is_captain() && offer.state == OfferState::Accepted)
    }

    /// Who has the captain's seat, though they may have to confirm what the charter is now: they bring the same crew.
    pub(super) fn captain_aboard(&self) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.seat.position.is_captain() && offer.state.is_aboard())
    }

    /// Whether a yes to an offer that has ended can still be of use: it ended by the person's no, by silence, or
    /// because somebody else was faster; it is the sail as it is now; and they are not bound to it otherwise.
    pub fn can_stand_by(&self, offer: &Offer) -> bool {
        let ended = match offer.state {
            OfferState::Expired | OfferState::Declined => true,
            OfferState::Rescinded => offer.rescinded == Some(RescindReason::SeatTaken),
            _ => false,
        };
        let bound = || self.offers.iter().any(|other| other.crew_id == offer.crew_id && other.binds());
        let skipped = || self.call.as_ref().is_some_and(|call| call.skipped.contains(&offer.crew_id));
        ended && offer.revision == self.revision && !bound() && !skipped()
    }

    /// What the charter brought in, by the latest that is known.
    pub fn gross_revenue(&self) -> Option<Money> {
        self.figures.gross_revenue.or(self.charter.gross_revenue)
    }

    /// What whoever sold the charter keeps of that, by the latest that is known.
    pub fn channel_fee(&self) -> Option<Money> {
        self.figures.channel_fee.or(self.charter.channel_fee)
    }

    /// What the guests gave the crew, by the latest that is known.
    pub fn gratuity(&self) -> Option<Money> {
        self.figures.gratuity.or(self.charter.gratuity)
    }

    /// How long somebody aboard worked, if that is known.
    pub fn actual_hours(&self, crew_id: &CrewId) -> Option<Minutes> {
        self.figures.hours_of.get(crew_id).copied().or(self.figures.actual_hours)
    }

    /// Whether those aboard and the office can write to each other.
    pub fn thread_is_open(&self, now: Timestamp) -> bool {
        let over = self.charter.returns_at + SignedDuration::from_hours(limits::THREAD_OPEN_HOURS);
        self.cancelled_at.is_none() && now < over
    }

    /// Who said yes when it was too late, and would still sail.
    pub fn standing_by(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.stands_by && self.can_stand_by(offer))
    }

    /// Who is aboard and has yet to confirm the sail as it is now.
    pub fn reconfirming(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.state == OfferState::Reconfirming)
    }

    /// How many seats of a position nobody took.
    pub fn open_seats(&self, position: &Rank) -> usize {
        let seats = self.charter.seats().filter(|seat| seat.position == *position);
        seats.filter(|seat| self.holder(seat).is_none()).count()
    }

    /// Whether somebody is being asked for a position, and nothing rests.
    pub fn asks_for(&self, position: &Rank) -> bool {
        let rests = self.status() == CallStatus::Paused;
        !rests && self.open_offers().any(|offer| offer.seat.position == *position)
    }

    /// Whether a position has come to its end for good: everyone in the order said no to the sail, or the office skipped
    /// them. A captain who comes aboard has the others asked anew.
    pub fn nobody_left(&self, position: &Rank) -> bool {
        let Some(call) = &self.call else { return false };
        self.cascade_of(position).filter(|cascade| cascade.exhausted).is_some_and(|cascade| {
            cascade.order().all(|id| call.declined.contains(id) || call.skipped.contains(id))
        })
    }

    /// Seats that nobody took and nobody is being asked for.
    pub fn vacant_seats(&self, position: &Rank) -> Vec<Seat> {
        let held = |seat: &Seat| self.offers.iter().any(|offer| offer.seat == *seat && offer.in_force());
        self.charter.seats().filter(|seat| seat.position == *position && !held(seat)).collect()
    }

    /// When the charter next has to be looked at; `None` if nothing is awaited.
    ///
    /// An offer whose mail still waits has none but the departure: until then its outbox row is due.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let ended = self.call.as_ref().is_some_and(|call| call.exhausted_at.is_some());
        let live = matches!(self.status(), CallStatus::Running | CallStatus::Paused) && !ended;
        let departure = live.then_some(self.charter.departs_at);
        let closing =
            self.open_offers().filter_map(|offer| offer.closes_at.or(Some(self.charter.departs_at)));
        let closing = closing.chain(self.reconfirming().filter_map(|offer| offer.closes_at));
        if self.cancelled_at.is_some() { None } else { closing.chain(departure).min() }
    }
}
