//! Every fact as a clause.

use crewcall_dispatch::cascade::{
    AuditEvent, CharterState, Fact, Offer, OfferNo, ReleaseReason, RescindReason, Skipped,
};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::model::{Charter, CrewId, Email, Rank};
use crewcall_dispatch::policy::Basis;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Names, listed, notice, reasons};
use crate::times;

/// What happened, as one clause without a full stop. `state` is the charter as it stands now; of it
/// only what never changes about an offer is used: who was asked, and for which seat.
/// With what was said along with it.
pub fn fact(event: &AuditEvent, state: &CharterState, names: &Names, zone: &TimeZone) -> String {
    let clause = clause(event, state, names, zone);
    match said(event) {
        Some(words) => format!("{clause}: “{words}”"),
        None => clause,
    }
}

/// As [`fact`], without the words of people, which have lines of their own.
pub fn clause(event: &AuditEvent, state: &CharterState, names: &Names, zone: &TimeZone) -> String {
    Teller { at: event.at, state, names, zone }.fact(&event.fact)
}

/// What somebody wrote, or said along with what they did; it may have several lines.
pub fn said(event: &AuditEvent) -> Option<&str> {
    match &event.fact {
        Fact::MessagePosted { text } | Fact::NoteWritten { text } => Some(text),
        _ => event.comment.as_deref(),
    }
}

struct Teller<'a> {
    at: Timestamp,
    state: &'a CharterState,
    names: &'a Names,
    zone: &'a TimeZone,
}

impl Teller<'_> {
    fn fact(&self, fact: &Fact) -> String {
        match fact {
            Fact::CharterBooked { charter } => self.booked(charter),
            Fact::CharterCancelled => "the charter was cancelled".into(),
            Fact::CharterRestored => "the charter is on again".into(),
            Fact::CharterChanged { charter, was, orders, warnings, .. } => {
                let orders = orders
                    .iter()
                    .map(|order| format!("; {}", self.order(&order.position, &order.ranked, &order.basis)));
                let orders: String = orders.collect();
                let warned = self.warned(warnings);
                let changes = was.iter().flat_map(|was| super::changes::of_charter(was, charter, self.zone));
                let changes =
                    changes.map(|change| format!("{}: {}, not {}", change.what, change.is, change.was));
                let changes = changes.collect::<Vec<_>>().join("; ");
                let what = match changes.is_empty() {
                    true => format!(" to {}", self.sail(charter)),
                    false => format!("; {changes}"),
                };
                format!("the charter was changed{what}{orders}{warned}")
            }
            Fact::ReconfirmAsked { offer, .. } => {
                format!("{} is asked to confirm the change as {}", self.asked(*offer), self.seat(*offer))
            }
            Fact::ReconfirmSent { offer, reply_by, ambiguous, .. } => format!(
                "question to {} handed over; reply by {}{}",
                self.asked(*offer),
                self.clock(*reply_by),
                twice(*ambiguous)
            ),
            Fact::Reconfirmed { offer, warnings } => {
                format!(
                    "{} confirmed the change as {}{}",
                    self.asked(*offer),
                    self.seat(*offer),
                    self.warned(warnings)
                )
            }
            Fact::AsAgreed { offer, .. } => {
                format!("{} sails as agreed before, and has nothing to confirm", self.asked(*offer))
            }
            Fact::SeatChanged { offer, seat } => format!("{} has the seat {seat} now", self.asked(*offer)),
            Fact::StandsBy { offer, .. } => {
                format!("{} was too late for {}, and stands by", self.asked(*offer), self.seat(*offer))
            }
            Fact::StandsByNoMore { offer, why: None } => format!("{} stands by no more", self.asked(*offer)),
            Fact::StandsByNoMore { offer, why: Some(_) } => {
                format!("{} stands by no more: the sail has changed", self.asked(*offer))
            }
            Fact::ConflictOver { offer, conflicts, .. } => {
                let over = if conflicts.is_empty() { "is over" } else { "is over in part" };
                format!("what spoke against {} as {} {over}", self.asked(*offer), self.seat(*offer))
            }
            Fact::ConflictSettled { offer, reason } => {
                format!("{} stays aboard as {} all the same: {reason}", self.asked(*offer), self.seat(*offer))
            }
            Fact::Unconfirmed { offer } => {
                format!("{} did not confirm the change in time; the office is told", self.asked(*offer))
            }
            Fact::ConflictFound { offer, conflicts, .. } => {
                let reasons = reasons(conflicts, self.names);
                format!("something speaks against {} as {}: {reasons}", self.asked(*offer), self.seat(*offer))
            }
            Fact::CallStarted { orders, warnings } => {
                let orders =
                    orders.iter().map(|order| self.order(&order.position, &order.ranked, &order.basis));
                let orders = orders.collect::<Vec<_>>().join("; ");
                let orders = if orders.is_empty() { orders } else { format!("; {orders}") };
                format!("the call began{orders}{}", self.warned(warnings))
            }
            Fact::GateOverridden { gate, crew_id, reason, .. } => {
                let whom = crew_id.as_ref().map_or("everyone", |id| self.names.get(id));
                format!("{gate} is set aside for {whom}: {reason}")
            }
            Fact::CrewPaired { position, paired } if paired.is_empty() => {
                format!("the captain has no usual {position}; the ranked order decides")
            }
            Fact::CrewPaired { position, paired } => {
                format!("the captain's usual crew goes first as {position}: {}", self.names.list(paired))
            }
            Fact::PeopleLeftOut { position, skipped } => self.left_out(position, skipped),
            Fact::PersonSkipped { position, skipped } => {
                let Skipped { crew_id, .. } = skipped;
                // They keep their place in the order.
                let passes = skipped.reasons.iter().all(Reason::passes);
                format!(
                    "{} was {} for {position}: {}",
                    self.names.get(crew_id),
                    if passes { "passed over for now" } else { "skipped" },
                    reasons(&skipped.reasons, self.names)
                )
            }
            Fact::CascadeWaits { position, waiting_for } => {
                let names = self.names.list(waiting_for);
                format!("asking for {position} waits: another sail at that time is being offered to {names}")
            }
            Fact::OfferMade { seat, crew_id, token_id, warnings, .. } => {
                let name = self.names.get(crew_id);
                format!("{name} was asked for {seat} (link {token_id}){}", self.warned(warnings))
            }
            Fact::OfferSent { offer, reply_by, ambiguous, .. } => {
                let reply_by = self.clock(*reply_by);
                format!(
                    "mail to {} handed over; reply by {reply_by}{}",
                    self.asked(*offer),
                    twice(*ambiguous)
                )
            }
            Fact::OfferExtended { offer, closes_at, outage } => format!(
                "{} has until {}, because crewcall was down from {} to {}",
                self.asked(*offer),
                self.clock(*closes_at),
                self.clock(outage.from),
                self.clock(outage.until)
            ),
            Fact::CallPaused => "the call rests: nobody new is asked".into(),
            Fact::CallResumed => "the call goes on".into(),
            Fact::CallStopped => "the call was stopped".into(),
            Fact::Reordered { position, ranked, .. } => {
                format!("the order was changed; {}", self.order(position, ranked, &Basis::Office))
            }
            Fact::Assigned { seat, crew_id, reason, warnings, .. } => {
                format!(
                    "{} was put aboard as {seat}: {reason}{}",
                    self.names.get(crew_id),
                    self.warned(warnings)
                )
            }
            Fact::AskedAboard { offer, reason, warnings } => {
                format!(
                    "{} was put aboard as {}: {reason}{}",
                    self.asked(*offer),
                    self.seat(*offer),
                    self.warned(warnings)
                )
            }
            Fact::OfferProlonged { offer, reply_by, .. } => {
                format!("{} has until {} to answer", self.asked(*offer), self.clock(*reply_by))
            }
            Fact::OfferAccepted { offer } => format!("{} accepted {}", self.asked(*offer), self.seat(*offer)),
            Fact::AcceptUndone { offer } => {
                format!("{} took back the yes for {}", self.asked(*offer), self.seat(*offer))
            }
            Fact::DroppedOut { offer, .. } => {
                format!("{} dropped out as {}", self.asked(*offer), self.seat(*offer))
            }
            Fact::CameBack { offer } => {
                format!("{} sails as {} after all", self.asked(*offer), self.seat(*offer))
            }
            Fact::Released { offer, why: ReleaseReason::NoShow { reason } } => {
                format!("{} did not come as {}: {reason}", self.asked(*offer), self.seat(*offer))
            }
            Fact::TurnedUp { seat, crew_id, reason, .. } => {
                format!("{} sailed as {seat}, which was not in the books: {reason}", self.names.get(crew_id))
            }
            Fact::FiguresRecorded { figures, was } => {
                let changes = super::figures::changes(was, figures, self.names);
                let changes = changes
                    .iter()
                    .map(|change| format!("{}: {}, not {}", change.what, change.is, change.was));
                format!("what it came to was recorded; {}", changes.collect::<Vec<_>>().join("; "))
            }
            Fact::Released { offer, why } => {
                let why = match why {
                    ReleaseReason::CharterChanged => "the sail is another one now",
                    ReleaseReason::Replaced => "somebody else has the seat",
                    ReleaseReason::Free => "the settings hold nobody responsible who drops out",
                    ReleaseReason::ByOffice { reason } | ReleaseReason::NoShow { reason } => reason,
                };
                format!("{} was released as {}: {why}", self.asked(*offer), self.seat(*offer))
            }
            Fact::OfferDeclined { offer, .. } => {
                format!("{} declined {}", self.asked(*offer), self.seat(*offer))
            }
            Fact::OfferExpired { offer } => {
                // Nobody expires before a yes: whoever took one back had not answered again.
                let again = if self.offer(*offer).is_some_and(|offer| offer.undone) { " again" } else { "" };
                format!("{} did not answer{again} in time for {}", self.asked(*offer), self.seat(*offer))
            }
            Fact::OfferRescinded { offer, why } => {
                let (seat, who) = (self.seat(*offer), self.asked(*offer));
                format!("the offer of {seat} to {who} was taken back: {}", rescinded(*why))
            }
            Fact::OfferUndeliverable { offer, error, email } => {
                let marked = email.as_ref().map_or_else(String::new, marked);
                format!("the mail to {} did not arrive: {error}{marked}", self.asked(*offer))
            }
            Fact::MailReturned { offer, error, email } => {
                format!("mail to {} came back: {error}{}", self.asked(*offer), marked(email))
            }
            Fact::CallReopened { offer } => {
                format!("the crew list no longer holds without {}", self.asked(*offer))
            }
            Fact::CallFilled => "every seat is taken".into(),
            Fact::CallExhausted { positions, departed: true } => {
                format!("the sail left before every seat was taken: {}", ranks(positions))
            }
            Fact::CallExhausted { positions, departed: false } => {
                format!("nobody is left to ask for {}; the office is alerted", ranks(positions))
            }
            Fact::CallUrgent { position } => {
                format!("there is no time left to ask everyone for {position} in turn; the office is alerted")
            }
            Fact::PositionExhausted { position } => {
                format!("nobody is left to ask for {position} now; the office is told")
            }
            Fact::Commented { .. } => "a word to the office".into(),
            Fact::MessagePosted { .. } => "a message to the others".into(),
            Fact::NoteWritten { .. } => "a note of the office".into(),
            Fact::MailSent { notice: which, ambiguous } => {
                format!("{} handed over{}", notice(which, self.state, self.names), twice(*ambiguous))
            }
            Fact::MailDropped { notice: which, why, .. } => {
                format!("{} not sent: {why}", notice(which, self.state, self.names))
            }
        }
    }

    fn booked(&self, charter: &Charter) -> String {
        format!("booked: {}", self.sail(charter))
    }

    fn sail(&self, charter: &Charter) -> String {
        let seats = charter.positions.iter().map(|need| format!("{} {}", need.quantity, need.position));
        let seats = seats.collect::<Vec<_>>().join(", ");
        let departs = times::full(charter.departs_at, self.zone);
        format!("{}, {departs}, from {}; crew: {seats}", charter.vessel, charter.dock)
    }

    fn order(&self, position: &Rank, ranked: &[CrewId], basis: &Basis) -> String {
        let ranked = if ranked.is_empty() { "nobody".into() } else { self.names.list(ranked) };
        let by = match basis {
            Basis::CascadeOrder | Basis::Office => "",
            Basis::LastSail(_) => " by last sail",
            Basis::FewestSails(_) => " by fewest sails in the month",
        };
        format!("{position}{by}: {ranked}")
    }

    fn left_out(&self, position: &Rank, skipped: &[Skipped]) -> String {
        let one = |one: &Skipped| {
            format!("{} ({})", self.names.get(&one.crew_id), reasons(&one.reasons, self.names))
        };
        format!("not asked as {position}: {}", listed(skipped.iter().map(one).collect()))
    }

    fn warned(&self, warnings: &[Reason]) -> String {
        let warnings = reasons(warnings, self.names);
        if warnings.is_empty() { warnings } else { format!("; to look at: {warnings}") }
    }

    fn offer(&self, no: OfferNo) -> Option<&Offer> {
        self.state.offer(no)
    }

    fn asked(&self, no: OfferNo) -> String {
        self.offer(no).map_or_else(|| format!("{no:?}"), |offer| self.names.get(&offer.crew_id).to_owned())
    }

    fn seat(&self, no: OfferNo) -> String {
        self.offer(no).map_or_else(|| format!("{no:?}"), |offer| offer.seat.to_string())
    }

    /// The time alone on the day of the event, else with its date.
    fn clock(&self, at: Timestamp) -> String {
        let date = |at: Timestamp| self.zone.to_datetime(at).date();
        if date(at) == date(self.at) { times::clock(at, self.zone) } else { times::full(at, self.zone) }
    }
}

/// Why an offer was taken back.
pub(super) fn rescinded(why: RescindReason) -> &'static str {
    match why {
        RescindReason::CharterCancelled => "the charter was cancelled",
        RescindReason::CaptainWithdrew => "the captain withdrew",
        RescindReason::SeatTaken => "somebody else has the seat",
        RescindReason::Skipped => "the office skipped them",
        RescindReason::CallStopped => "the office stopped the call",
        RescindReason::CharterChanged => "the sail has changed",
        RescindReason::CannotCome => "they cannot come any more",
        RescindReason::AboardElsewhere => "they are aboard another sail at that time",
    }
}

pub(super) fn twice(ambiguous: bool) -> &'static str {
    if ambiguous { " (perhaps twice: an answer was lost)" } else { "" }
}

/// What comes of it beyond the charter.
fn marked(email: &Email) -> String {
    format!("; they are offered no sail at {email} until mail arrives there again")
}

fn ranks(positions: &[Rank]) -> String {
    positions.iter().map(Rank::as_str).collect::<Vec<_>>().join(", ")
}
