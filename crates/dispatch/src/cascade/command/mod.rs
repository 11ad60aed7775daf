//! What can be asked of a charter, and what each command records.

mod answers;
mod changes;
mod controls;
mod leaving;
mod mail;
mod office;
mod recheck;
mod standby;

use jiff::Timestamp;

use super::Stop;
use super::deciding::Deciding;
use super::fact::Fact;
use super::notice::Notice;
use super::start::start;
use super::state::{CharterState, Offer, OfferNo, OfferState};
use crate::eligibility::Reason;
use crate::limits;
use crate::model::{Charter, CharterId, CrewId, Rank, Seat};
use crate::vessel::Gate;

pub(super) use answers::pair;
use answers::{accept, decline, undo};
use changes::{confirm, reconfirm_sent, reschedule, restore};
use controls::{ask_again, ask_now, assign, extend, pause, reorder, resume, skip, stop};
use leaving::{come_back, drop_out, release};
use mail::{offer_sent, undeliverable};
use office::{cancel, set_aside};
use recheck::recheck;
use standby::stand_by;
pub(super) use standby::take_standby;

/// What can be asked of a charter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// The office: begin to ask; after the list was exhausted, begin again from the top.
    Start,
    /// The office: begin again from the top, though the asking still goes on.
    AskAgain,
    /// The office: ask nobody new until [`Command::Resume`]. Who is being asked can still answer.
    Pause,
    /// The office: go on where [`Command::Pause`] or [`Command::Stop`] left off.
    Resume,
    /// The office: as [`Command::Pause`], and take open offers back. Who is aboard stays.
    Stop,
    /// The office: pass a person over until the call is started again; an open offer is taken back.
    Skip {
        /// Whom.
        crew_id: CrewId,
        /// Why.
        reason: String,
    },
    /// The office: ask this person next, at once, beside whoever is being asked for the seat: the first to
    /// say yes has it. Whoever was asked in this round before is asked once more.
    AskNow {
        /// Whom.
        crew_id: CrewId,
    },
    /// The office: give a person who is being asked more time.
    Extend {
        /// Whom.
        crew_id: CrewId,
        /// Until when.
        until: Timestamp,
    },
    /// The office: put somebody aboard without asking. Whoever was being asked for the seat is told.
    Assign {
        /// As what.
        position: Rank,
        /// Whom.
        crew_id: CrewId,
        /// Why.
        reason: String,
    },
    /// The office: somebody who is aboard, or dropped out and is responsible, is bound to the sail no more.
    Release {
        /// Who.
        crew_id: CrewId,
        /// Why.
        reason: String,
    },
    /// The office: these people come next, in this order; the others after them as before.
    Reorder {
        /// Of which position.
        position: Rank,
        /// Who comes next.
        first: Vec<CrewId>,
    },
    /// The office: the charter is off.
    Cancel,
    /// The office: the charter that was cancelled is on again; a call that had begun begins anew.
    Restore,
    /// The office: the charter becomes another one. Where people say yes to something else by that, open offers are
    /// taken back and made anew, and whoever is aboard is asked to confirm.
    Change {
        /// What it was when the change was thought of.
        from: Box<Charter>,
        /// What it becomes.
        to: Box<Charter>,
    },
    /// The office: set a gate aside for this charter.
    Override {
        /// Which.
        gate: Gate,
        /// For whom; for everyone, if it is nobody.
        crew_id: Option<CrewId>,
        /// Why.
        reason: String,
    },
    /// A deadline came: do whatever is due.
    Settle,
    /// Someone whom the call waits for, asks or has aboard is bound elsewhere otherwise than before, or has another
    /// record: take back offers to which the answer can only be no, tell the office of whoever is aboard, and do
    /// whatever is due.
    Recheck,
    /// The person asked says yes; if that is too late, they stand by.
    Accept(OfferNo),
    /// The person aboard says yes to the sail as it is now.
    Confirm {
        /// Which offer.
        offer: OfferNo,
        /// What the charter was when they saw it.
        revision: u32,
    },
    /// The person who dropped out comes back, before anybody else has the seat.
    Return(OfferNo),
    /// The person who said no, or was too late, would sail after all.
    StandBy(OfferNo),
    /// The person asked says no.
    Decline(OfferNo),
    /// The person who said yes takes it back.
    Undo(OfferNo),
    /// The person who is aboard cannot sail after all. Within the undo window that is a no, at no cost.
    DropOut(OfferNo),
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
    /// The sail that the person said yes to is another one now.
    #[error("the sail has changed since; look at it, and answer for what it is now")]
    SailChanged,
    /// The charter is not what the office thought that it changes.
    #[error("the charter was changed by somebody else meanwhile; look at it again, then repeat the change")]
    ChangedMeanwhile,
    /// Something that the law or the vessel asks for keeps the person ashore.
    #[error("{0}; the office has to see to that first")]
    NotCleared(Reason),
    /// The person dropped out.
    #[error("you said that you can't make it; if you can after all, use the button for that")]
    DroppedOut,
    /// The person dropped out, and does not sail with somebody who came aboard since.
    #[error("others have come aboard since; ring the office")]
    OthersAboard,
    /// A charter is moved into the past.
    #[error("the new departure is past; give a later time")]
    DepartsInThePast,
    /// A seat that is to go is taken.
    #[error("{0} is aboard as {1}; release them before the seat goes")]
    SeatHeld(CrewId, Seat),
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
    /// A change by the office that says nothing of why.
    #[error("this needs a reason")]
    NoReason,
    /// There is no call yet.
    #[error("the call has not been started")]
    NotStarted,
    /// The person is aboard.
    #[error("{0} is aboard already")]
    Aboard(CrewId),
    /// The person is being asked as something else.
    #[error("{0} is being asked as {1}; skip them first")]
    AskedAs(CrewId, Rank),
    /// The person is not among those who are still to come.
    #[error("{0} is not among those who are still to be asked; `call plan` shows who is")]
    NotToCome(CrewId),
    /// Nobody of that name is being asked.
    #[error("{0} is not being asked at present")]
    NotAsked(CrewId),
    /// The window does not run yet.
    #[error("the mail to {0} is still on its way; the time to answer begins when it is handed over")]
    MailOnItsWay(CrewId),
    /// More time that is less.
    #[error("the person has that long already; give a later time")]
    NotLonger,
    /// More time than there is.
    #[error("the sail has left by then; give less time")]
    AfterDeparture,
    /// There is no empty seat.
    #[error("every seat for {0} is taken, or there is none")]
    NoSeat(Rank),
    /// So many people are being asked for each empty seat that one more would be too many.
    #[error(
        "so many people are being asked already that one more is too many: {} for a seat, {} for a charter",
        limits::ASKED_AT_ONCE,
        limits::SEATS
    )]
    TooManyAtOnce,
    /// The crew is asked for a captain.
    #[error("nobody of the crew is asked before the captain is aboard")]
    NoCaptain,
    /// What keeps a person from being asked or put aboard, though the office says so.
    #[error("{0} cannot sail: {1}")]
    CannotSail(CrewId, Reason),
    /// A rule about the sail as a whole is for everyone.
    #[error("the gate {0} is about the sail, not about one person; leave the person out")]
    GateOfTheSail(Gate),
    /// The person dropped out and is responsible until somebody else has the seat.
    #[error(
        "{0} dropped out and is responsible until somebody else has the seat; with a yes they are back, or release them first"
    )]
    Leaving(CrewId),
    /// The person is not aboard.
    #[error("{0} is not aboard")]
    NotAboard(CrewId),
    /// The person was aboard and was released.
    #[error("you were released from this sail; if you can sail, ring the office")]
    Released,
    /// There is no accept to take back.
    #[error("there is no accept to take back")]
    NothingToUndo,
    /// The undo window has passed.
    #[error("it is too late to take the accept back; say that you can't make it instead")]
    UndoTooLate,
}

pub(super) fn carry_out(deciding: &mut Deciding<'_>, command: &Command) -> Result<(), Stop> {
    match command {
        Command::Start => start(deciding),
        Command::AskAgain => ask_again(deciding),
        Command::Pause => pause(deciding),
        Command::Resume => resume(deciding),
        Command::Stop => stop(deciding),
        Command::Skip { crew_id, reason } => skip(deciding, crew_id, reason),
        Command::AskNow { crew_id } => ask_now(deciding, crew_id),
        Command::Extend { crew_id, until } => extend(deciding, crew_id, *until),
        Command::Assign { position, crew_id, reason } => assign(deciding, position, crew_id, reason),
        Command::Reorder { position, first } => reorder(deciding, position, first),
        Command::Cancel => cancel(deciding),
        Command::Restore => restore(deciding),
        Command::Change { from, to } => reschedule(deciding, from, to),
        Command::Override { gate, crew_id, reason } => set_aside(deciding, *gate, crew_id.as_ref(), reason),
        Command::Settle => Ok(()),
        Command::Recheck => recheck(deciding),
        Command::Accept(offer) => accept(deciding, *offer),
        Command::Confirm { offer, revision } => confirm(deciding, *offer, *revision),
        Command::Return(offer) => come_back(deciding, *offer),
        Command::StandBy(offer) => stand_by(deciding, *offer),
        Command::Decline(offer) => decline(deciding, *offer),
        Command::Undo(offer) => undo(deciding, *offer),
        Command::DropOut(offer) => drop_out(deciding, *offer),
        Command::Release { crew_id, reason } => release(deciding, crew_id, reason),
        Command::MailSent { notice: Notice::Offer { offer }, ambiguous } => {
            offer_sent(deciding, *offer, *ambiguous)
        }
        Command::MailSent { notice: Notice::Changed { offer, revision }, ambiguous } => {
            reconfirm_sent(deciding, *offer, *revision, *ambiguous)
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

impl Command {
    /// What a yes of that person means, as their offer stands.
    pub fn yes(state: &CharterState, offer: &Offer) -> Self {
        match offer.state {
            OfferState::Reconfirming => Self::Confirm { offer: offer.no, revision: state.revision },
            OfferState::DroppedOut => Self::Return(offer.no),
            OfferState::Declined => Self::StandBy(offer.no),
            _ => Self::Accept(offer.no),
        }
    }
}

fn find(deciding: &Deciding<'_>, no: OfferNo) -> Result<Offer, Rejection> {
    deciding.state.offer(no).cloned().ok_or(Rejection::NoSuchOffer)
}

fn gate_of(reason: &Reason) -> &'static str {
    reason.gate().map_or("it", Gate::as_str)
}
