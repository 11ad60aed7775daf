//! Why a command cannot be done, in a sentence for whoever gave it.

use crate::eligibility::Reason;
use crate::limits;
use crate::model::{CharterId, CrewId, Money, Rank, Seat};
use crate::vessel::Gate;

/// Why a command cannot be done: a sentence for whoever gave it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// Every seat is taken.
    #[error("every seat is already filled")]
    AlreadyFilled,
    /// The office lets the call rest.
    #[error("the call rests; let it go on, or ask again from the top")]
    Paused,
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
    /// The charter is off, and with it the conversation.
    #[error("the charter is cancelled, so nobody can write to its crew; ring whoever has to know")]
    ThreadClosed,
    /// The sail is long over, and with it the conversation.
    #[error(
        "this sail is over since more than {} hours, so nobody can write to its crew; ring whoever has to know",
        limits::THREAD_OPEN_HOURS
    )]
    ThreadOver,
    /// Somebody writes to the crew who is not of it.
    #[error("only who is aboard can write to the others; ring the office")]
    NotInThread,
    /// A message that nobody would read.
    #[error("nobody is aboard yet who could read it; write a note, or wait until somebody is")]
    NobodyAboard,
    /// More messages than people read.
    #[error(
        "there were {} messages within an hour, and each is a mail to everyone; ring, or wait a while",
        limits::MESSAGES_PER_HOUR
    )]
    TooManyMessages,
    /// One person wrote very often along with answers that changed nothing.
    #[error("you have written as often as one link allows; ring the office")]
    TooManyRemarks,
    /// The person dropped out a second time.
    #[error("you have come back once already; if you can sail after all, ring the office")]
    CameBackBefore,
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
    /// The person sails no more.
    #[error("you are not on the roster any more; if you can sail, ring the office")]
    NotOnRoster,
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
    #[error("{0} is not among those who are still to be asked")]
    NotToCome(CrewId),
    /// An answer is given for somebody who has no offer.
    #[error(
        "{0} was never asked for this charter; whoever sails can be assigned, and whoever cannot be skipped"
    )]
    NeverAsked(CrewId),
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
    /// Somebody is said not to have come when nobody had to be there yet.
    #[error("nobody has to be aboard before the call time; whoever cannot come can be released")]
    BeforeCallTime,
    /// Somebody is said to have sailed on a boat that is still there.
    #[error("the sail has not departed yet; whoever is to sail is put aboard by `call assign`")]
    NotDeparted,
    /// Somebody is said to have sailed who was aboard another sail at that time, as far as that is known.
    #[error(
        "{0} is aboard {1} at that time; if they did not sail there, say there first that they did not come"
    )]
    SailedElsewhere(CrewId, CharterId),
    /// A second captain.
    #[error(
        "{0} is aboard as captain; if they did not come, say so first, or say as what else the other sailed"
    )]
    CaptainAboard(CrewId),
    /// More people than a charter has seats.
    #[error(
        "a charter has at most {} seats, in {} positions; if somebody of the books did not come, say so first",
        limits::SEATS,
        limits::POSITIONS
    )]
    TooManySeats,
    /// Hours of a sail that is still to come.
    #[error("the sail has not departed yet, so its hours are not known; leave them out until it is back")]
    HoursTooEarly,
    /// Hours of somebody who did not sail.
    #[error("{0} is not aboard, and has no hours; take them out, or say first that they turned up")]
    HoursOfNobody(CrewId),
    /// The fee is more than what it is taken from.
    #[error("the channel fee of {0} is more than the gross revenue of {1}; correct one of the two")]
    FeeAboveRevenue(Money, Money),
    /// There is no accept to take back.
    #[error("there is no accept to take back")]
    NothingToUndo,
    /// The undo window has passed.
    #[error("it is too late to take the accept back; say that you can't make it instead")]
    UndoTooLate,
}

impl Rejection {
    /// The crew member with whose id the sentence begins: an id gets no capital.
    pub fn about(&self) -> Option<&CrewId> {
        match self {
            Self::SeatHeld(id, _)
            | Self::Aboard(id)
            | Self::AskedAs(id, _)
            | Self::NotToCome(id)
            | Self::NeverAsked(id)
            | Self::NotAsked(id)
            | Self::CannotSail(id, _)
            | Self::Leaving(id)
            | Self::SailedElsewhere(id, _)
            | Self::CaptainAboard(id)
            | Self::HoursOfNobody(id)
            | Self::NotAboard(id) => Some(id),
            Self::AlreadyFilled | Self::Paused | Self::Cancelled | Self::Departed | Self::SailChanged => None,
            Self::ChangedMeanwhile | Self::NotCleared(_) | Self::DroppedOut | Self::OthersAboard => None,
            Self::ThreadClosed | Self::ThreadOver | Self::NotInThread | Self::NobodyAboard => None,
            Self::TooManyRemarks | Self::CameBackBefore => None,
            Self::TooManyMessages | Self::DepartsInThePast | Self::TooManyOffers | Self::NoSuchOffer => None,
            Self::AlreadyAccepted | Self::AlreadyDeclined | Self::Expired | Self::Rescinded => None,
            Self::Overlap(_) | Self::TooTired(_) | Self::Gate(_) | Self::GateOfTheSail(_) => None,
            Self::OfficeOnly | Self::TooManyOverrides | Self::NoReason | Self::NotStarted => None,
            Self::MailOnItsWay(_) | Self::NotLonger | Self::AfterDeparture | Self::NoSeat(_) => None,
            Self::TooManyAtOnce | Self::NoCaptain | Self::Released | Self::NotOnRoster => None,
            Self::BeforeCallTime | Self::NotDeparted | Self::TooManySeats | Self::HoursTooEarly => None,
            Self::FeeAboveRevenue(..) | Self::NothingToUndo | Self::UndoTooLate => None,
        }
    }
}

/// What each is called by programs. Once given, a code stays.
macro_rules! codes {
    ($($rejection:ident => $code:literal,)*) => {
        impl Rejection {
            /// Every code there is.
            pub const CODES: &[&str] = &[$($code),*];

            /// The code, for programs: `already_filled`.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$rejection { .. } => $code,)*
                }
            }
        }
    };
}

codes! {
    AlreadyFilled => "already_filled",
    Cancelled => "charter_cancelled",
    Departed => "charter_departed",
    SailChanged => "sail_changed",
    ChangedMeanwhile => "charter_changed_meanwhile",
    NotCleared => "not_cleared",
    DroppedOut => "dropped_out",
    OthersAboard => "others_aboard",
    ThreadClosed => "thread_closed",
    ThreadOver => "thread_over",
    NotInThread => "not_in_thread",
    NobodyAboard => "nobody_aboard",
    TooManyMessages => "too_many_messages",
    TooManyRemarks => "too_many_remarks",
    CameBackBefore => "came_back_before",
    DepartsInThePast => "departs_in_the_past",
    SeatHeld => "seat_held",
    TooManyOffers => "too_many_offers",
    NoSuchOffer => "no_such_offer",
    AlreadyAccepted => "already_accepted",
    AlreadyDeclined => "already_declined",
    Expired => "offer_expired",
    Rescinded => "offer_rescinded",
    NotOnRoster => "not_on_roster",
    Overlap => "overlap",
    TooTired => "too_tired",
    Gate => "gate",
    OfficeOnly => "office_only",
    TooManyOverrides => "too_many_overrides",
    NoReason => "no_reason",
    NotStarted => "not_started",
    Paused => "paused",
    Aboard => "aboard_already",
    AskedAs => "asked_as_another",
    NotToCome => "not_to_come",
    NeverAsked => "never_asked",
    NotAsked => "not_asked",
    MailOnItsWay => "mail_on_its_way",
    NotLonger => "not_longer",
    AfterDeparture => "after_departure",
    NoSeat => "no_seat",
    TooManyAtOnce => "too_many_at_once",
    NoCaptain => "no_captain",
    CannotSail => "cannot_sail",
    GateOfTheSail => "gate_of_the_sail",
    Leaving => "leaving",
    NotAboard => "not_aboard",
    Released => "released",
    BeforeCallTime => "before_call_time",
    NotDeparted => "not_departed",
    SailedElsewhere => "sailed_elsewhere",
    CaptainAboard => "captain_aboard",
    TooManySeats => "too_many_seats",
    HoursTooEarly => "hours_too_early",
    HoursOfNobody => "hours_of_nobody",
    FeeAboveRevenue => "fee_above_revenue",
    NothingToUndo => "nothing_to_undo",
    UndoTooLate => "undo_too_late",
}

fn gate_of(reason: &Reason) -> &'static str {
    reason.gate().map_or("it", Gate::as_str)
}
