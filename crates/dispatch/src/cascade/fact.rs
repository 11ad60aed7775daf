//! What can happen to a charter: every fact.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::state::OfferNo;
use super::why::{ReleaseReason, RescindReason, Skipped};
use crate::eligibility::Reason;
use crate::link::TokenId;
use crate::model::{Charter, CrewId, Email, Figures, Rank, Seat, Terms};
use crate::policy::{Basis, Outage};
use crate::vessel::Gate;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// The charter came in.
    CharterBooked {
        /// What was booked.
        charter: Charter,
    },
    /// The charter was called off.
    CharterCancelled,
    /// The charter is on again.
    CharterRestored,
    /// The charter is another one than before.
    CharterChanged {
        /// What it is now.
        charter: Charter,
        /// What it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Box<Charter>>,
        /// People say yes to something else than before: the revision rises.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        material: bool,
        /// At another time than before: what was said of the old time counts no more.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        moved: bool,
        /// The order of each position that is ranked anew.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        orders: Vec<Ranking>,
        /// What about the sail as a whole people have to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// Somebody aboard is asked to confirm what the sail becomes.
    ReconfirmAsked {
        /// The offer.
        offer: OfferNo,
        /// What they had said yes to.
        accepted: Terms,
    },
    /// The mail that asks to confirm was handed over; the response window runs.
    ReconfirmSent {
        /// The offer.
        offer: OfferNo,
        /// Until when the person is asked to answer.
        reply_by: Timestamp,
        /// From when on the office is told that there was no answer.
        closes_at: Timestamp,
        /// The mail may have gone out twice, because an answer was lost.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ambiguous: bool,
    },
    /// Somebody aboard sails as the charter is now.
    Reconfirmed {
        /// The offer.
        offer: OfferNo,
        /// What about the person the office has to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// The charter is again what somebody aboard had said yes to: there is nothing to confirm.
    AsAgreed {
        /// The offer.
        offer: OfferNo,
        /// They had been asked to confirm.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        was_asked: bool,
    },
    /// Somebody aboard has another seat of the same position, because theirs is gone.
    SeatChanged {
        /// The offer.
        offer: OfferNo,
        /// Their seat now.
        seat: Seat,
    },
    /// Somebody aboard did not confirm in time. They keep the seat, and the office is told.
    Unconfirmed {
        /// The offer.
        offer: OfferNo,
    },
    /// Something speaks against somebody who is aboard. They keep the seat, and the office is told.
    ConflictFound {
        /// The offer.
        offer: OfferNo,
        /// All that there is to look at, the first few.
        reasons: Vec<Reason>,
        /// Of that what was not known when they came aboard.
        conflicts: Vec<Reason>,
    },
    /// What spoke against somebody who is aboard or being asked does so no more, or some of it.
    ConflictOver {
        /// The offer.
        offer: OfferNo,
        /// What is left to look at.
        reasons: Vec<Reason>,
        /// Of that what was not known when they came aboard.
        conflicts: Vec<Reason>,
    },
    /// The office wants somebody aboard all the same, whatever came up against them.
    ConflictSettled {
        /// The offer.
        offer: OfferNo,
        /// Why.
        reason: String,
    },
    /// The asking began; or, after the list was exhausted, began again from the top.
    CallStarted {
        /// The order of each position that is asked in this round.
        orders: Vec<Ranking>,
        /// What about the sail as a whole people have to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// The office set a gate aside for this charter.
    GateOverridden {
        /// Which.
        gate: Gate,
        /// For whom; for everyone, if it is nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        crew_id: Option<CrewId>,
        /// Why.
        reason: String,
        /// Who did, by name.
        name: String,
    },
    /// The asking rests: the office said so, or by the settings a mail that was refused.
    CallPaused,
    /// The asking goes on.
    CallResumed,
    /// The office stopped the asking: it rests, and open offers are taken back.
    CallStopped,
    /// The office changed the order of those who are still to come.
    Reordered {
        /// The position.
        position: Rank,
        /// Everyone in the new order, those who had their turn first.
        ranked: Vec<CrewId>,
        /// Of these whom the office had skipped, and wants asked after all.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        back: Vec<CrewId>,
    },
    /// The office put someone aboard without asking; or whoever stood by has the seat, by the settings.
    Assigned {
        /// The number of the offer that stands for it.
        offer: OfferNo,
        /// The seat.
        seat: Seat,
        /// Who.
        crew_id: CrewId,
        /// The public half of the person's link.
        token_id: TokenId,
        /// Why.
        reason: String,
        /// What about the person the office has to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// The office put someone aboard who was being asked for just that.
    AskedAboard {
        /// The offer, which is accepted by that.
        offer: OfferNo,
        /// Why.
        reason: String,
        /// What about the person the office has to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// The office gave the person more time.
    OfferProlonged {
        /// The offer.
        offer: OfferNo,
        /// Until when the person is asked to answer.
        reply_by: Timestamp,
        /// From when on an answer no longer counts.
        closes_at: Timestamp,
    },
    /// These people are not in the order, each with the reason.
    PeopleLeftOut {
        /// The position.
        position: Rank,
        /// Who, and why.
        skipped: Vec<Skipped>,
    },
    /// The captain's usual crew goes first.
    CrewPaired {
        /// The position.
        position: Rank,
        /// The captain's crew of that position, in order.
        paired: Vec<CrewId>,
    },
    /// Someone whose turn it was cannot be asked. Whoever is only being asked for another sail is
    /// passed over this time, and keeps the place in the order.
    PersonSkipped {
        /// The position.
        position: Rank,
        /// Who, and why.
        #[serde(flatten)]
        skipped: Skipped,
    },
    /// Everyone left for a position is being asked for another sail at that time.
    CascadeWaits {
        /// The position.
        position: Rank,
        /// Who could be asked later.
        waiting_for: Vec<CrewId>,
    },
    /// Someone is asked.
    OfferMade {
        /// The offer's number.
        offer: OfferNo,
        /// The seat.
        seat: Seat,
        /// Who is asked.
        crew_id: CrewId,
        /// The public half of the link.
        token_id: TokenId,
        /// Where the person lives, by the zone's IANA name, if not where the operator is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_zone: Option<String>,
        /// What about the person the office has to look at.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Reason>,
    },
    /// The mail was handed over; the response window runs.
    OfferSent {
        /// The offer.
        offer: OfferNo,
        /// Until when the person is asked to answer.
        reply_by: Timestamp,
        /// From when on an answer no longer counts.
        closes_at: Timestamp,
        /// The mail may have gone out twice, with the same link, because an answer was lost.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ambiguous: bool,
    },
    /// The window is kept open longer, because nobody could answer while the program was down.
    OfferExtended {
        /// The offer.
        offer: OfferNo,
        /// The new end.
        closes_at: Timestamp,
        /// When the program was down.
        outage: Outage,
    },
    /// The person said yes.
    OfferAccepted {
        /// The offer.
        offer: OfferNo,
    },
    /// The person took the yes back within the undo window.
    AcceptUndone {
        /// The offer.
        offer: OfferNo,
    },
    /// The person said no.
    OfferDeclined {
        /// The offer.
        offer: OfferNo,
        /// They were aboard, and can still say no at no cost.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        was_aboard: bool,
        /// As in [`Fact::DroppedOut`].
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tell_office: bool,
    },
    /// The person said yes when it was too late, and would still sail.
    StandsBy {
        /// The offer, which stays ended.
        offer: OfferNo,
        /// The seat is open, and it is the office that can give it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tell_office: bool,
    },
    /// The person would sail no more, or is not reckoned with any more.
    StandsByNoMore {
        /// The offer.
        offer: OfferNo,
        /// Why, if it was not they who said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<RescindReason>,
    },
    /// Nobody answered in time.
    OfferExpired {
        /// The offer.
        offer: OfferNo,
    },
    /// Somebody who is aboard cannot sail after all.
    DroppedOut {
        /// The offer.
        offer: OfferNo,
        /// The sail is near, or nobody is asked while the call rests: the office hears of it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tell_office: bool,
    },
    /// Somebody who had dropped out sails after all, before anybody else had the seat.
    CameBack {
        /// The offer.
        offer: OfferNo,
    },
    /// Somebody who was aboard is bound to the sail no more.
    Released {
        /// The offer.
        offer: OfferNo,
        /// Why.
        why: ReleaseReason,
    },
    /// Somebody sailed who was not in the books; this is known once the boat has left.
    TurnedUp {
        /// The number of the offer that stands for it; nobody was asked by it.
        offer: OfferNo,
        /// The seat that they had; one more than were booked, if all were taken.
        seat: Seat,
        /// Who.
        crew_id: CrewId,
        /// The public half of a link that opens nothing.
        token_id: TokenId,
        /// Why the office says so.
        reason: String,
    },
    /// The office said what the sail came to.
    FiguresRecorded {
        /// All that is known of it now.
        figures: Figures,
        /// What was known before.
        #[serde(default, skip_serializing_if = "Figures::is_empty")]
        was: Figures,
    },
    /// We took the offer back.
    OfferRescinded {
        /// The offer.
        offer: OfferNo,
        /// Why.
        why: RescindReason,
    },
    /// The mail was refused for good, or came back.
    OfferUndeliverable {
        /// The offer.
        offer: OfferNo,
        /// What the mail server said.
        error: String,
        /// At which address; with none on the roster there is nothing to remember.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<Email>,
    },
    /// A mail to somebody came back who is aboard, and keeps the seat, or whose offer had ended by then.
    MailReturned {
        /// The offer.
        offer: OfferNo,
        /// What the mail server said.
        error: String,
        /// At which address.
        email: Email,
    },
    /// Every seat is taken.
    CallFilled,
    /// After every seat had been taken somebody took the yes back, dropped out or was released: the crew list
    /// no longer holds.
    CallReopened {
        /// Whose.
        offer: OfferNo,
    },
    /// Nobody is left to ask for these positions.
    CallExhausted {
        /// The positions.
        positions: Vec<Rank>,
        /// The sail left before its seats were filled.
        departed: bool,
    },
    /// There is not enough time left to ask everyone for this position in turn.
    CallUrgent {
        /// The position.
        position: Rank,
    },
    /// After that nobody is left to ask for this position either.
    PositionExhausted {
        /// The position.
        position: Rank,
    },
    /// Somebody said something, and nothing else came of it.
    Commented {
        /// The offer along with an answer to which the person who was asked said it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer: Option<OfferNo>,
    },
    /// The office or somebody aboard wrote to everyone else aboard, and to the office.
    MessagePosted {
        /// What.
        text: String,
    },
    /// The office noted something for itself.
    NoteWritten {
        /// What.
        text: String,
    },
    /// A mail other than an offer was handed over; or an offer's, when the offer had ended.
    MailSent {
        /// Which.
        notice: Notice,
        /// It may have gone out twice, because an answer was lost.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ambiguous: bool,
    },
    /// A mail will not go out: it was refused, or is no longer true.
    MailDropped {
        /// Which.
        notice: Notice,
        /// Why.
        why: String,
        /// At which address it was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<Email>,
        /// Its reader still has to hear it: the office is asked to see to that.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tell_office: bool,
    },
}

/// The fixed order of one position at the start of a round.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ranking {
    /// The position.
    pub position: Rank,
    /// Who is asked, in order.
    pub ranked: Vec<CrewId>,
    /// What the order was made from.
    #[serde(default, skip_serializing_if = "Basis::is_cascade_order")]
    pub basis: Basis,
}
