//! What can be asked of a charter, and what each command records.

use super::Stop;
use super::deciding::{Context, Deciding};
use super::fact::{Actor, Fact, RescindReason};
use super::notice::Notice;
use super::settle::closes_at;
use super::start::start;
use super::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::eligibility::Reason;
use crate::limits;
use crate::model::{CharterId, CrewId};
use crate::policy::Window;
use crate::vessel::{Gate, Override};

/// What can be asked of a charter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// The office: begin to ask; after the list was exhausted, begin again from the top.
    Start,
    /// The office: the charter is off.
    Cancel,
    /// The office: set a gate aside for this charter.
    Override {
        /// Which.
        gate: Gate,
        /// For whom; for everyone, if it is nobody.
        crew_id: Option<CrewId>,
        /// Why.
        reason: String,
    },
    /// A deadline came, or someone who was waited for is free: do whatever is due.
    Settle,
    /// The person asked says yes.
    Accept(OfferNo),
    /// The person asked says no.
    Decline(OfferNo),
    /// The person who said yes takes it back.
    Undo(OfferNo),
    /// A mail was handed over.
    MailSent {
        /// Which.
        notice: Notice,
        /// An answer was lost on the way: there may be two copies.
        ambiguous: bool,
    },
    /// A mail was refused for good.
    MailRefused {
        /// Which.
        notice: Notice,
        /// What the mail server said.
        error: String,
    },
    /// A mail is no longer true and is not sent.
    MailOutdated {
        /// Which.
        notice: Notice,
        /// Why.
        why: String,
    },
}

/// Why a command cannot be done: a sentence for whoever gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// Every seat is taken.
    #[error("every seat is already filled")]
    AlreadyFilled,
    /// The charter is off.
    #[error("the charter is cancelled")]
    Cancelled,
    /// The sail has left.
    #[error("the sail has already departed")]
    Departed,
    /// Too many offers were made for this charter.
    #[error("this charter has had as many offers as one charter can have; book it anew under another id")]
    TooManyOffers,
    /// The charter has no such offer.
    #[error("there is no such offer")]
    NoSuchOffer,
    /// The person answered yes before.
    #[error("you have already accepted")]
    AlreadyAccepted,
    /// The person answered no before.
    #[error("you have already answered that you can't do it")]
    AlreadyDeclined,
    /// The reply-by time has passed.
    #[error("the time to answer is over")]
    Expired,
    /// The offer was taken back.
    #[error("the offer was taken back")]
    Rescinded,
    /// The person is aboard another sail at that time.
    #[error("you are already aboard {0} at that time")]
    Overlap(CharterId),
    /// The person's other sails leave too little rest.
    #[error("with the other sails that you have accepted you would be on duty for too long: {0}")]
    TooTired(Reason),
    /// A rule about the sail as a whole is not met.
    #[error("{0}; if it may sail all the same, the office can override {gate} with a reason", gate = gate_of(.0))]
    Gate(Reason),
    /// Only the office can do this.
    #[error("only the office can do this")]
    OfficeOnly,
    /// So many gates were set aside that one more would be no exception.
    #[error(
        "{} gates are set aside for this charter already, and no more can be; [vessels] in the settings can turn a gate off",
        limits::OVERRIDES
    )]
    TooManyOverrides,
    /// An override that says nothing.
    #[error("an override needs a reason")]
    NoReason,
    /// A rule about the sail as a whole is for everyone.
    #[error("the gate {0} is about the sail, not about one person; leave the person out")]
    GateOfTheSail(Gate),
    /// There is no accept to take back.
    #[error("there is no accept to take back")]
    NothingToUndo,
    /// The undo window has passed.
    #[error("it is too late to take the accept back here; ring the office")]
    UndoTooLate,
}

pub(super) fn carry_out(deciding: &mut Deciding<'_>, command: &Command) -> Result<(), Stop> {
    match command {
        Command::Start => start(deciding),
        Command::Cancel => cancel(deciding),
        Command::Override { gate, crew_id, reason } => set_aside(deciding, *gate, crew_id.as_ref(), reason),
        Command::Settle => Ok(()),
        Command::Accept(offer) => accept(deciding, *offer),
        Command::Decline(offer) => decline(deciding, *offer),
        Command::Undo(offer) => undo(deciding, *offer),
        Command::MailSent { notice: Notice::Offer { offer }, ambiguous } => {
            offer_sent(deciding, *offer, *ambiguous)
        }
        Command::MailSent { notice, ambiguous } => {
            deciding.follows(Fact::MailSent { notice: notice.clone(), ambiguous: *ambiguous })
        }
        Command::MailRefused { notice: Notice::Offer { offer }, error } => {
            undeliverable(deciding, *offer, error)
        }
        Command::MailRefused { notice, error } => {
            let tell_office = notice.recipient(&deciding.state).is_some();
            deciding.follows(Fact::MailDropped { notice: notice.clone(), why: error.clone(), tell_office })
        }
        Command::MailOutdated { notice, why } => deciding.follows(Fact::MailDropped {
            notice: notice.clone(),
            why: why.clone(),
            tell_office: false,
        }),
    }
}

fn find(deciding: &Deciding<'_>, no: OfferNo) -> Result<Offer, Rejection> {
    deciding.state.offer(no).cloned().ok_or(Rejection::NoSuchOffer)
}

fn cancel(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_some() {
        return Ok(());
    }
    let open: Vec<OfferNo> = deciding.state.open_offers().map(|offer| offer.no).collect();
    let people: Vec<_> = deciding
        .state
        .open_offers()
        .chain(deciding.state.aboard())
        .map(|offer| offer.crew_id.clone())
        .collect();
    deciding.people.require_commitments(&people)?;
    for offer in open {
        deciding.follows(Fact::OfferRescinded { offer, why: RescindReason::CharterCancelled })?;
    }
    deciding.record(Fact::CharterCancelled)
}

fn gate_of(reason: &Reason) -> &'static str {
    reason.gate().map_or("it", Gate::as_str)
}

/// Given twice with the same words, it says the same.
fn set_aside(
    deciding: &mut Deciding<'_>,
    gate: Gate,
    crew_id: Option<&CrewId>,
    reason: &str,
) -> Result<(), Stop> {
    let Actor::Office(name) = deciding.context.by.clone() else { return Err(Rejection::OfficeOnly.into()) };
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Rejection::NoReason.into());
    }
    if crew_id.is_some() && gate.is_about_the_charter() {
        return Err(Rejection::GateOfTheSail(gate).into());
    }
    let same = |known: &Override| {
        (known.gate, known.crew_id.as_ref(), known.reason.as_str()) == (gate, crew_id, reason)
    };
    if deciding.state.overrides.iter().any(same) {
        return Ok(());
    }
    if deciding.state.overrides.len() >= limits::OVERRIDES {
        return Err(Rejection::TooManyOverrides.into());
    }
    deciding.record(Fact::GateOverridden { gate, crew_id: crew_id.cloned(), reason: reason.to_owned(), name })
}

/// An answer counts while the offer is open, in time, and of the current revision.
fn answerable(deciding: &Deciding<'_>, offer: &Offer) -> Result<(), Rejection> {
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled);
    }
    match offer.state {
        OfferState::Queued | OfferState::Sent => {}
        OfferState::Accepted => return Err(Rejection::AlreadyAccepted),
        OfferState::Declined => return Err(Rejection::AlreadyDeclined),
        OfferState::Expired | OfferState::Undeliverable => return Err(Rejection::Expired),
        OfferState::Rescinded => return Err(Rejection::Rescinded),
    }
    if offer.revision != deciding.state.revision {
        return Err(Rejection::Rescinded);
    }
    let now = deciding.context.now;
    if now >= deciding.state.charter.departs_at {
        return Err(Rejection::Departed);
    }
    if closes_at(offer, deciding.context).is_some_and(|closes_at| now >= closes_at) {
        return Err(Rejection::Expired);
    }
    Ok(())
}

fn accept(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    match answerable(deciding, &offer) {
        Err(Rejection::AlreadyAccepted) => return Ok(()),
        answer => answer?,
    }
    let leads_others = offer.seat.position.is_captain() && deciding.state.charter.positions.len() > 1;
    if leads_others {
        // The record says who the captain's usual crew is.
        deciding.people.require([&offer.crew_id])?;
    }
    let commitments = deciding.people.commitments(&offer.crew_id)?;
    // Other sails may have been accepted since this one was offered; what is only asked does not count.
    let verdict = deciding.sail().commitments(commitments, &offer.seat.position);
    match verdict.against.into_iter().find(|reason| !reason.passes()) {
        Some(Reason::Assigned { charter_id }) => return Err(Rejection::Overlap(charter_id).into()),
        Some(reason) => return Err(Rejection::TooTired(reason).into()),
        None => {}
    }
    arrived(deciding, &offer)?;
    deciding.record(Fact::OfferAccepted { offer: no })?;
    if leads_others { pair(deciding, &offer) } else { Ok(()) }
}

/// Puts the captain's usual crew first, for each position that still has an empty seat.
pub(super) fn pair(deciding: &mut Deciding<'_>, captain: &Offer) -> Result<(), Stop> {
    let paired = match deciding.people.member(&captain.crew_id)? {
        Some(member) => member.paired_crew.clone(),
        None => Vec::new(),
    };
    deciding.people.require(&paired)?;
    let needs = deciding.state.charter.positions.clone();
    for position in needs.into_iter().map(|need| need.position).filter(|position| !position.is_captain()) {
        if deciding.state.vacant_seats(&position).is_empty() {
            continue;
        }
        let mut of_position = Vec::new();
        for id in &paired {
            if deciding.people.member(id)?.is_some_and(|member| member.rank == position) {
                of_position.push(id.clone());
            }
        }
        deciding.follows(Fact::CrewPaired { position, paired: of_position })?;
    }
    Ok(())
}

fn decline(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    match answerable(deciding, &offer) {
        Err(Rejection::AlreadyDeclined) => return Ok(()),
        answer => answer?,
    }
    arrived(deciding, &offer)?;
    deciding.record(Fact::OfferDeclined { offer: no })
}

/// An answer proves that the mail arrived, even if the word of that is lost or still on its way.
/// From then on the offer has an end of its own, should the answer be taken back.
fn arrived(deciding: &mut Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    if offer.state == OfferState::Queued { sent(deciding, offer.no, false) } else { Ok(()) }
}

/// The offer is open again. Without a captain nobody else is being asked; those who said yes stay.
fn undo(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    let accepted_at = match (offer.state, offer.ended_at) {
        (OfferState::Accepted, Some(at)) => at,
        // Pressed twice: the offer is open again already, or was, and its time is over.
        (OfferState::Queued | OfferState::Sent | OfferState::Expired | OfferState::Rescinded, _)
            if deciding.state.cancelled_at.is_none() =>
        {
            return Ok(());
        }
        _ => return Err(Rejection::NothingToUndo.into()),
    };
    if deciding.state.status() == CallStatus::Cancelled {
        return Err(Rejection::Cancelled.into());
    }
    let now = deciding.context.now;
    let too_late =
        now >= accepted_at + deciding.context.policy.undo_window || now >= deciding.state.charter.departs_at;
    if too_late || offer.undone {
        return Err(Rejection::UndoTooLate.into());
    }
    let was_filled = deciding.state.status() == CallStatus::Filled;
    deciding.record(Fact::AcceptUndone { offer: no })?;
    if was_filled {
        deciding.follows(Fact::CallReopened { offer: no })?;
    }
    if deciding.state.captain().is_none() {
        let crew = deciding.state.open_offers().filter(|open| !open.seat.position.is_captain());
        for open in crew.map(|open| open.no).collect::<Vec<_>>() {
            deciding.follows(Fact::OfferRescinded { offer: open, why: RescindReason::CaptainWithdrew })?;
        }
    }
    Ok(())
}

fn offer_sent(deciding: &mut Deciding<'_>, no: OfferNo, ambiguous: bool) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    if offer.handed_over_at.is_some() {
        return Ok(());
    }
    if offer.state != OfferState::Queued {
        // Answered before we knew that it had arrived, or taken back while it was on its way.
        let notice = Notice::Offer { offer: no };
        return deciding.follows(Fact::MailSent { notice, ambiguous });
    }
    sent(deciding, no, ambiguous)
}

/// The window runs from now on.
fn sent(deciding: &mut Deciding<'_>, no: OfferNo, ambiguous: bool) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    let Context { policy, zone, find_zone, now, .. } = deciding.context;
    let zone = offer.zone(zone, *find_zone);
    let Window { reply_by, closes_at, urgent } = deciding.state.window(&offer, policy, &zone, *now);
    deciding.follows(Fact::OfferSent { offer: no, reply_by, closes_at, ambiguous })?;
    let position = offer.seat.position;
    if urgent && deciding.state.cascade_of(&position).is_some_and(|cascade| !cascade.urgent) {
        deciding.follows(Fact::CallUrgent { position })?;
    }
    Ok(())
}

fn undeliverable(deciding: &mut Deciding<'_>, no: OfferNo, error: &str) -> Result<(), Stop> {
    if !find(deciding, no)?.state.is_open() {
        return Ok(());
    }
    deciding.follows(Fact::OfferUndeliverable { offer: no, error: error.to_owned() })
}
