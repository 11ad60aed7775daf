//! What must hold of every commit of a season, and at its end. The numbers are those of the design's invariants.

use crewcall_dispatch::cascade::{
    CallStatus, CharterState, Command, Decision, Fact, Notice, Offer, OfferState, Rejection,
};
use crewcall_dispatch::commitments::CommitmentKind;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Charter, CrewId};
use jiff::{SignedDuration, Timestamp};

use crate::asking;
use crate::eligible;
use crate::gates;
use crate::mails;
use crate::season::{Season, Task};
use crate::standing_by;
use crate::windows;

/// A commit that is about to be made.
pub(crate) struct Step<'a> {
    pub(crate) season: &'a Season,
    pub(crate) task: &'a Task,
    pub(crate) before: &'a CharterState,
    pub(crate) decision: &'a Decision,
    /// What the clock of the server said when it was decided.
    pub(crate) clock: Timestamp,
}

type Rule = (&'static str, fn(&Step<'_>) -> bool);

const RULES: [Rule; 32] = [
    ("1 a seat has one person aboard, and no more asked than may be", one_person_a_seat),
    ("1 nobody is bound to one charter twice", bound_once),
    ("2 nobody is confirmed on two overlapping charters", no_double_booking),
    ("3 no crew is asked without a captain", asking::captain_first),
    ("5 an offer that ended stays ended, by a word of its own apart", ended_stays_ended),
    ("6 a yes counts while the offer is open and in time", accepted_in_time),
    ("9 nobody is asked twice for a position in one round", asking::nobody_twice),
    ("a conflict is of somebody aboard, is to be looked at, and is not set aside", gates::conflicts_stand),
    ("9 whoever is being asked has their turn in a new round by that", asking::asked_is_asked),
    ("9 who said no is not asked again before the call is started anew", asking::no_is_no),
    ("9 who is asked is the first in order who can come", asking::in_order),
    ("10 a running call waits for something", asking::something_comes),
    ("10 an offer whose mail was handed over has an end", asking::has_an_end),
    ("11 whoever is passed over has a reason", asking::reasons_are_recorded),
    ("whoever takes the watch has had rest, unless the office set that aside", gates::rest),
    ("12 an exhausted call alerts once", asking::one_alert),
    ("13 whoever is asked has a mail on its way", mails::asked_by_mail),
    ("13 whoever had a mail is told that it is void", mails::told_of_rescinding),
    ("15 who is confirmed said yes to the sail as it is", confirmed_as_it_is),
    ("16 a cancellation tells everyone, and leaves nothing open", mails::cancellation_tells),
    ("15 another time, vessel or dock is another revision", change_is_a_revision),
    ("17 no offer lapses before it closes", no_early_lapse),
    ("17 nobody is late who had no chance to answer", had_a_chance),
    ("7 whoever is put aboard or let go by others is told", mails::told_by_others),
    ("the office hears of what needs it", mails::office_hears),
    ("whoever stands by does so once", standing_by::once),
    ("whoever says no stands by no more", standing_by::a_no_ends_it),
    ("whoever stands by is told of another sail", standing_by::told_of_a_change),
    ("a call that rests asks nobody", asking::rest_is_rest),
    ("nobody has time to answer until after the boat has left", windows::before_departure),
    ("nobody has to answer at night, unless time runs out", windows::not_at_night),
    ("nobody has so much time that others have less, unless it runs out", windows::fair),
];

/// What a decision has to get right about that which it was taken from.
const DECIDED: [Rule; 7] = [
    ("whoever the rules ask can come by what the roster says", eligible::record),
    ("nobody is asked to sail with somebody they do not sail with", eligible::company),
    ("11 whoever cannot be reached is asked by the office alone", eligible::reachable),
    ("11 whoever is passed over cannot come", eligible::passed_over),
    ("whose turn it is, is counted from the sails; nobody is left out who can come", eligible::turns),
    ("a gate that blocks keeps people ashore, unless the office set it aside", gates::papers),
    ("what is said along with a command is kept once, and the office hears it", mails::words_are_kept),
];

/// The first rule that a commit breaks.
pub(crate) fn step(step: &Step<'_>) -> Option<String> {
    first_broken(&RULES, step)
}

/// The same of a decision that was taken just now.
pub(crate) fn decided(step: &Step<'_>) -> Option<String> {
    first_broken(&DECIDED, step)
}

fn first_broken(rules: &[Rule], step: &Step<'_>) -> Option<String> {
    rules.iter().find(|(_, holds)| !holds(step)).map(|(name, _)| (*name).to_owned())
}

impl Step<'_> {
    pub(crate) fn after(&self) -> &CharterState {
        &self.decision.state
    }

    pub(crate) fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.decision.events.iter().map(|event| &event.fact)
    }

    pub(crate) fn posts(&self, wanted: impl Fn(&Notice) -> bool) -> bool {
        self.decision.mails.iter().any(|mail| wanted(&mail.notice))
    }

    /// Whether the office did not name the person, now or when they were asked for the sail as it was.
    pub(crate) fn by_rules(&self, crew_id: &CrewId) -> bool {
        let named = match &self.task.command {
            Command::AskNow { crew_id } | Command::Assign { crew_id, .. } => Some(crew_id),
            _ => None,
        };
        // Whom the office had asked though something spoke against it is asked so for the changed sail, too.
        let by_its_word = |offer: &Offer| offer.warnings.iter().any(|reason| reason.gate().is_none());
        let changes = matches!(self.task.command, Command::Change { .. });
        let mut asked = self.before.open_offers().filter(|offer| offer.crew_id == *crew_id);
        named != Some(crew_id) && !(changes && asked.any(by_its_word))
    }
}

fn one_person_a_seat(step: &Step<'_>) -> bool {
    let after = step.after();
    after.charter.seats().all(|seat| {
        let of = |wanted: fn(OfferState) -> bool| {
            after.offers.iter().filter(|offer| offer.seat == seat && wanted(offer.state)).count()
        };
        let (aboard, asked) = (of(OfferState::is_aboard), of(OfferState::is_open));
        let responsible = of(|state| state == OfferState::DroppedOut);
        let cancelled = after.cancelled_at.is_some();
        aboard <= 1
            && asked <= if aboard == 1 { 0 } else { limits::ASKED_AT_ONCE }
            && (cancelled || aboard + responsible <= 1)
    })
}

fn bound_once(step: &Step<'_>) -> bool {
    let mut bound: Vec<&CrewId> =
        step.after().offers.iter().filter(|offer| offer.binds()).map(|offer| &offer.crew_id).collect();
    let people = bound.len();
    bound.sort();
    bound.dedup();
    bound.len() == people
}

/// Said of the charters themselves, not of the commitments that are there to prevent it.
fn no_double_booking(step: &Step<'_>) -> bool {
    let newly = step.facts().filter_map(|fact| match fact {
        Fact::OfferAccepted { offer }
        | Fact::Reconfirmed { offer, .. }
        | Fact::AsAgreed { offer, .. }
        | Fact::CameBack { offer }
        | Fact::AskedAboard { offer, .. }
        | Fact::TurnedUp { offer, .. }
        | Fact::Assigned { offer, .. } => step.after().offer(*offer),
        _ => None,
    });
    let own = &step.after().charter;
    newly.filter(|offer| offer.state == OfferState::Accepted).all(|offer| {
        step.season.store.charters.values().map(|charter| &*charter.item).all(|other| {
            let apart = are_apart(step.season, own, &other.charter);
            let same = other.charter.charter_id == own.charter_id;
            let aboard =
                |theirs: &Offer| theirs.crew_id == offer.crew_id && theirs.state == OfferState::Accepted;
            same || apart || other.cancelled_at.is_some() || !other.offers.iter().any(aboard)
        })
    })
}

fn ended_stays_ended(step: &Step<'_>) -> bool {
    step.before.offers.iter().zip(&step.after().offers).all(|(before, after)| {
        let ended = matches!(
            before.state,
            OfferState::Declined
                | OfferState::Expired
                | OfferState::Rescinded
                | OfferState::Undeliverable
                | OfferState::Released
        );
        !ended || after.state == before.state
    })
}

/// An extension because of a downtime may stand between what is stored and what counts.
fn accepted_in_time(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferAccepted { offer } => {
            let known = step.before.offer(*offer).filter(|offer| offer.state.is_open());
            let beat = step.season.store.beat.as_ref();
            let outage = beat.and_then(|beat| beat.outage);
            // Then no offer lapses, and whoever phones is in time.
            let pages_down = beat.is_some_and(|beat| beat.pages_are_down(step.clock));
            known.is_some_and(|offer| {
                let in_time = offer.closes_at.is_none_or(|closes_at| step.clock < closes_at);
                let kept_open = outage.is_some_and(|outage| offer.closes_at > Some(outage.from));
                (in_time || kept_open || pages_down) && offer.revision == step.before.revision
            }) && step.clock < step.before.charter.departs_at
                && step.before.cancelled_at.is_none()
        }
        _ => true,
    })
}

fn confirmed_as_it_is(step: &Step<'_>) -> bool {
    let after = step.after();
    after.cancelled_at.is_some()
        || after
            .offers
            .iter()
            .all(|offer| offer.state != OfferState::Accepted || offer.revision == after.revision)
}

fn change_is_a_revision(step: &Step<'_>) -> bool {
    let differs = step.before.charter.terms() != step.after().charter.terms();
    let raised = step.after().revision > step.before.revision;
    !differs || raised
}

fn no_early_lapse(step: &Step<'_>) -> bool {
    step.clock >= step.before.charter.departs_at
        || step.facts().all(|fact| match fact {
            Fact::OfferExpired { offer } => {
                step.before.offer(*offer).and_then(|offer| offer.closes_at).is_some_and(|at| at <= step.clock)
            }
            _ => true,
        })
}

/// Clocks that differ by less than what counts as a downtime may take that much from somebody.
fn had_a_chance(step: &Step<'_>) -> bool {
    let tolerance = SignedDuration::from_mins(5);
    if step.clock >= step.before.charter.departs_at {
        return true;
    }
    step.facts().all(|fact| match fact {
        Fact::OfferExpired { offer } => {
            let Some(known) = step.before.offer(*offer) else { return true };
            let (Some(from), Some(until)) = (known.handed_over_at, known.closes_at) else { return false };
            let key = (step.before.charter.charter_id.clone(), *offer);
            // One whose answer was lost counts as sent, though nobody can know.
            let Some((_, served_then)) = step.season.arrived.get(&key) else { return true };
            let had = step.season.served - *served_then;
            let least = until.duration_since(from).min(step.season.policy.restart_grace);
            had + tolerance >= least
        }
        _ => true,
    })
}

/// 6, the other half: whether somebody was refused who could have had the seat.
pub(crate) fn refusal(
    season: &Season,
    state: &CharterState,
    command: &Command,
    rejection: &Rejection,
    clock: Timestamp,
) -> Option<String> {
    let Command::Accept(no) = command else { return None };
    let offer = state.offer(*no)?;
    let in_time = offer.closes_at.is_none_or(|closes_at| clock < closes_at);
    let open = offer.state.is_open() && in_time && offer.revision == state.revision;
    let sails = state.cancelled_at.is_none() && clock < state.charter.departs_at;
    let bound = match rejection {
        Rejection::Overlap(charter_id) => {
            let other = &season.store.charter(charter_id).item;
            let bound = gates::is_aboard(other, &offer.crew_id);
            bound && !are_apart(season, &state.charter, &other.charter)
        }
        Rejection::TooTired(_) => gates::too_tired(season, state, &offer.seat.position, &offer.crew_id),
        _ => false,
    };
    (open && sails && !bound).then(|| format!("6 a yes in time was refused: {rejection}"))
}

/// Whether somebody can sail on both.
fn are_apart(season: &Season, one: &Charter, other: &Charter) -> bool {
    let turnaround = season.policy.turnaround;
    one.returns_at + turnaround <= other.call_time || other.returns_at + turnaround <= one.call_time
}

/// What must hold once everything has come to its end.
pub(crate) fn at_the_end(season: &Season) -> Option<String> {
    if let Some(key) = season.store.outbox.keys().next() {
        return Some(format!("a row is left for ever: {key}"));
    }
    for (id, charter) in &season.store.charters {
        let state = &*charter.item;
        if CharterState::replay(&season.store.history[id]).as_ref() != Some(state) {
            return Some(format!("19 the audit of {id} tells another story"));
        }
        // One that rests after nobody was left goes on resting: the office knows.
        let ended = state.call.as_ref().is_none_or(|call| call.exhausted_at.is_some());
        if matches!(state.status(), CallStatus::Running | CallStatus::Paused) && !ended {
            return Some(format!("the call of {id} has no end: {:?}", state.status()));
        }
        if state.open_offers().next().is_some() {
            return Some(format!("{id} left, and somebody is still being asked"));
        }
    }
    commitments(season)
}

/// Of sails that were not forgotten yet, the commitments say what the charters say.
fn commitments(season: &Season) -> Option<String> {
    for (id, person) in &season.store.people {
        for (charter_id, charter) in &season.store.charters {
            let state = &*charter.item;
            let theirs = state.offers.iter().find(|offer| offer.crew_id == *id && offer.binds());
            let meant = theirs.filter(|_| state.cancelled_at.is_none()).map(|offer| match offer.state {
                OfferState::DroppedOut => CommitmentKind::Leaving,
                state if state.is_open() => CommitmentKind::Asked,
                _ => CommitmentKind::Assigned,
            });
            let said = person.item.entries.iter().find(|entry| entry.charter_id == *charter_id);
            let forgotten = said.is_none()
                && state.charter.returns_at + SignedDuration::from_hours(limits::SAIL_REMEMBERED_HOURS)
                    <= season.now;
            if said.map(|entry| entry.kind) != meant && !forgotten {
                return Some(format!("the commitments of {id} to {charter_id}: {said:?}, not {meant:?}"));
            }
        }
    }
    None
}
