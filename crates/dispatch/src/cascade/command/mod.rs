//! What can be asked of a charter, and what each command records.

mod afterwards;
mod answers;
mod changes;
mod controls;
mod leaving;
mod mail;
mod overrides;
mod recheck;
mod rejection;
mod standby;
mod thread;

use jiff::Timestamp;

use super::Stop;
use super::deciding::Deciding;
use super::fact::Fact;
use super::notice::Notice;
use super::start::start;
use super::state::{CharterState, Offer, OfferNo, OfferState};
use crate::model::{Charter, CrewId, Email, Figures, Rank};
use crate::vessel::Gate;

use afterwards::{no_show, record, turned_up};
use answers::{accept, decline, undo};
use changes::{cancel, confirm, reconfirm_sent, reschedule, restore};
use controls::{ask_again, ask_now, assign, extend, pause, reorder, resume, skip, stop};
use leaving::{come_back, drop_out, release};
use mail::{bounced, offer_sent, undeliverable};
use overrides::set_aside;
use recheck::recheck;
pub use rejection::Rejection;
use standby::stand_by;
use thread::{note, post};

/// What can be asked of a charter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// The office: begin to ask; after the list was exhausted, begin again from the top. A call that rests is not
    /// begun anew by it.
    Start,
    /// The office: begin again from the top, though the asking still goes on.
    AskAgain,
    /// The office: ask nobody new until [`Command::Resume`]. Who is being asked can still answer. A call that has not
    /// begun begins by this, or by [`Command::Skip`], [`Command::AskNow`], [`Command::Assign`] or
    /// [`Command::Reorder`], and rests: its order is fixed, and nobody else is asked.
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
    /// The office: put somebody aboard without asking. Whoever was being asked for the seat is told. Of somebody who
    /// is aboard it settles what came up against them.
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
    /// The office: what the sail came to, as a whole: what is not said any more is known no more. It may come long after
    /// the return, and again and again.
    Record {
        /// All that is known.
        figures: Figures,
        /// What was known when that was put together; another one's figures are not written over. `None` takes any.
        from: Option<Figures>,
    },
    /// The office: somebody who is aboard, or dropped out and is responsible, did not come. Before the departure the seat
    /// is called again.
    NoShow {
        /// Who.
        crew_id: CrewId,
        /// Why.
        reason: String,
    },
    /// The office: somebody sailed who was not in the books, or was said not to have come by mistake.
    TurnedUp {
        /// As what.
        position: Rank,
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
    /// The office, or somebody aboard: write to everyone aboard, and to the office.
    Post {
        /// What.
        text: String,
    },
    /// The office: note something for the office alone.
    Note {
        /// What.
        text: String,
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
        /// At which address; `None` if there was none to send to.
        email: Option<Email>,
    },
    /// The office: mail to a person who is asked or aboard came back.
    Bounced {
        /// Whose.
        crew_id: CrewId,
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
        Command::Post { text } => post(deciding, text),
        Command::Note { text } => note(deciding, text),
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
        Command::Record { figures, from } => record(deciding, figures, from.as_ref()),
        Command::NoShow { crew_id, reason } => no_show(deciding, crew_id, reason),
        Command::TurnedUp { position, crew_id, reason } => turned_up(deciding, position, crew_id, reason),
        Command::MailSent { notice: Notice::Offer { offer }, ambiguous } => {
            offer_sent(deciding, *offer, *ambiguous)
        }
        Command::MailSent { notice: Notice::Changed { offer, revision }, ambiguous } => {
            reconfirm_sent(deciding, *offer, *revision, *ambiguous)
        }
        Command::MailSent { notice, ambiguous } => {
            deciding.follows(Fact::MailSent { notice: notice.clone(), ambiguous: *ambiguous })
        }
        Command::MailRefused { notice: Notice::Offer { offer }, error, email } => {
            undeliverable(deciding, *offer, error, email.as_ref())
        }
        Command::Bounced { crew_id, error } => bounced(deciding, crew_id, error),
        Command::MailRefused { notice, error, email } => {
            let tell_office = notice.recipient(&deciding.state).is_some();
            deciding.follows(Fact::MailDropped {
                notice: notice.clone(),
                why: error.clone(),
                email: email.clone(),
                tell_office,
            })
        }
        Command::MailOutdated { notice, why } => deciding.follows(Fact::MailDropped {
            notice: notice.clone(),
            why: why.clone(),
            email: None,
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

    /// What the office gives for somebody who phoned, and said that they sail or that they do not.
    ///
    /// # Errors
    /// [`Rejection::NeverAsked`].
    pub fn answer(state: &CharterState, crew_id: &CrewId, sails: bool) -> Result<Self, Rejection> {
        let theirs = state.offers.iter().rfind(|offer| offer.crew_id == *crew_id);
        let offer = theirs.ok_or_else(|| Rejection::NeverAsked(crew_id.clone()))?;
        let settles = offer.state == OfferState::Accepted && !offer.conflicts.is_empty();
        Ok(match sails {
            true if settles => Self::Assign {
                position: offer.seat.position.clone(),
                crew_id: crew_id.clone(),
                reason: "said that they sail".to_owned(),
            },
            true => Self::yes(state, offer),
            false => Self::DropOut(offer.no),
        })
    }
}

fn find(deciding: &Deciding<'_>, no: OfferNo) -> Result<Offer, Rejection> {
    deciding.state.offer(no).cloned().ok_or(Rejection::NoSuchOffer)
}

fn departed(deciding: &Deciding<'_>) -> Result<(), Rejection> {
    let left = deciding.context.now >= deciding.state.charter.departs_at;
    if left { Err(Rejection::Departed) } else { Ok(()) }
}

/// Neither off nor gone.
fn sails(deciding: &Deciding<'_>) -> Result<(), Rejection> {
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled);
    }
    departed(deciding)
}

/// A reason that the office gives.
fn said(reason: &str) -> Result<String, Rejection> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Rejection::NoReason) } else { Ok(reason.to_owned()) }
}
