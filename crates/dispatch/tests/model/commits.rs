//! What holds of every step: of a decision at the moment at which it is written.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::{
    CharterState, Command, Context, Decision, Fact, Notice, Offer, OfferNo, OfferState, Rejection,
    RescindReason, decide,
};
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::vessel::{Gate, Override};

use crate::actions::{Control, Job, Outcome, What};
use crate::roster::{NEEDED, tick};
use crate::store::Office;
use crate::world::{Held, World};

/// One decision that is being written: what was in the store, what was decided, what is there now.
pub(crate) struct Step<'a> {
    pub(crate) office: &'a Office,
    pub(crate) before: &'a World,
    pub(crate) held: &'a Held,
    pub(crate) after: &'a World,
}

type Rule = (&'static str, fn(&Step<'_>) -> bool);

/// Every rule with its name.
const RULES: [Rule; 21] = [
    ("4 a captain who leaves takes the open crew offers along at once", leaving_rescinds),
    ("who comes back had dropped out, and nobody else has the seat", comes_back_in_time),
    ("5 an offer that ended stays ended, by a word of its own apart", terminal_stays),
    ("6 an accept wins only while it is open and in time", accept_in_time),
    ("8 a command given again changes nothing and is answered alike", twice_is_once),
    ("9 in order, and nobody twice", in_order),
    ("11 whoever is passed over has a reason", reasons_are_recorded),
    ("11 whoever cannot be reached by mail is asked by the office alone", reachable),
    ("11 nobody sails against a gate, unless the office set it aside by name", gates_hold),
    ("11 a gate that was set aside stays so", overrides_stay),
    ("several are asked for a seat only when time runs out, and no more than the settings say", at_once),
    ("12 an exhausted call alerts once", one_alert),
    ("13 no mail goes out for a void offer", no_void_mail),
    ("15 a change of what people say yes to asks everyone again", change_asks_again),
    ("15 who confirms was asked to, and sails", confirms_in_time),
    ("16 a cancellation tells everyone asked or aboard", cancellation_tells),
    ("7 whoever is put aboard or taken off by others is told", by_others_is_told),
    ("a message goes to everyone else aboard, once, and by who is aboard", message_reaches),
    ("a pause ends by a word of the office, or with the sail", pause_holds),
    ("more time is more time", longer_is_longer),
    ("17 no offer lapses before it closes", no_early_lapse),
];

/// The first rule that this step breaks.
pub(crate) fn broken(step: &Step<'_>) -> Option<&'static str> {
    RULES.iter().find(|(_, holds)| !holds(step)).map(|(name, _)| *name)
}

/// 6, the other half: an answer that is refused was not to be taken.
pub(crate) fn refusal_is_right(world: &World, job: &Job, rejection: &Rejection) -> bool {
    let state = &world.charters[job.charter].item;
    let sails = state.cancelled_at.is_none() && tick(world.now) < state.charter.departs_at;
    let bound = matches!(rejection, Rejection::Overlap(_));
    let is = |no: OfferNo, wanted| state.offer(no).is_some_and(|offer| offer.state == wanted);
    match job.what {
        What::Accept(no) => {
            let offer = state.offer(no).filter(|offer| may_be_accepted(state, offer, world.now));
            offer.is_none() || bound
        }
        What::Confirm(no, revision) => {
            !is(no, OfferState::Reconfirming) || !sails || bound || revision != state.revision
        }
        What::Return(no) => !is(no, OfferState::DroppedOut) || !sails,
        What::StandBy(no) => {
            !state.offer(no).is_some_and(|offer| state.can_stand_by(offer)) || !sails || bound
        }
        _ => true,
    }
}

fn may_be_accepted(state: &CharterState, offer: &Offer, now: u8) -> bool {
    offer.state.is_open()
        && state.cancelled_at.is_none()
        && offer.revision == state.revision
        && tick(now) < state.charter.departs_at
        && offer.closes_at.is_none_or(|closes_at| tick(now) < closes_at)
}

impl Step<'_> {
    fn old(&self) -> &CharterState {
        &self.before.charters[self.held.job.charter].item
    }

    fn decision(&self) -> &Decision {
        &self.held.decision
    }

    fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.decision().events.iter().map(|event| &event.fact)
    }
}

fn leaving_rescinds(step: &Step<'_>) -> bool {
    let captain = step.old().captain().map(|offer| offer.no);
    let leaves = step.facts().any(|fact| match fact {
        Fact::AcceptUndone { offer } | Fact::DroppedOut { offer, .. } | Fact::Released { offer, .. } => {
            Some(*offer) == captain
        }
        _ => false,
    });
    // Another may be there at once, who asks a crew anew.
    let crew = step.old().open_offers().filter(|offer| !offer.seat.position.is_captain());
    let mut asked = crew.filter_map(|offer| step.decision().state.offer(offer.no));
    !leaves || asked.all(|offer| !offer.state.is_open())
}

fn message_reaches(step: &Step<'_>) -> bool {
    let readers = step.decision().mails.iter().filter_map(|mail| match &mail.notice {
        Notice::Message { to, .. } => Some(Some(to)),
        Notice::MessageOffice { .. } => Some(None),
        _ => None,
    });
    let mut readers: Vec<Option<&CrewId>> = readers.collect();
    let What::Post(by) = &step.held.job.what else { return readers.is_empty() };
    let aboard = step.old().aboard();
    let aboard = aboard.iter().map(|offer| Some(&offer.crew_id));
    let mut others: Vec<Option<&CrewId>> =
        aboard.clone().chain([None]).filter(|reader| *reader != by.as_ref()).collect();
    readers.sort();
    others.sort();
    readers == others && (by.is_none() || aboard.into_iter().any(|one| one == by.as_ref()))
}

fn comes_back_in_time(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::CameBack { offer } => step.old().offer(*offer).is_some_and(|offer| {
            let sails = tick(step.held.decided) < step.old().charter.departs_at;
            offer.state == OfferState::DroppedOut && step.old().holder(&offer.seat).is_none() && sails
        }),
        _ => true,
    })
}

/// Whoever is aboard can leave, and whoever dropped out can come back or be released; nothing else moves.
fn terminal_stays(step: &Step<'_>) -> bool {
    step.old().offers.iter().zip(&step.decision().state.offers).all(|(old, new)| {
        let said =
            |about: fn(&Fact) -> Option<OfferNo>| step.facts().filter_map(about).any(|no| no == old.no);
        let undone = said(|fact| if let Fact::AcceptUndone { offer } = fact { Some(*offer) } else { None });
        let dropped_out =
            said(|fact| if let Fact::DroppedOut { offer, .. } = fact { Some(*offer) } else { None });
        let came_back = said(|fact| if let Fact::CameBack { offer } = fact { Some(*offer) } else { None });
        let asked =
            said(|fact| if let Fact::ReconfirmAsked { offer, .. } = fact { Some(*offer) } else { None });
        let confirmed =
            said(|fact| if let Fact::Reconfirmed { offer, .. } = fact { Some(*offer) } else { None });
        let declined =
            said(|fact| if let Fact::OfferDeclined { offer, .. } = fact { Some(*offer) } else { None });
        let restored = step.facts().any(|fact| *fact == Fact::CharterRestored);
        let released = restored
            || said(|fact| if let Fact::Released { offer, .. } = fact { Some(*offer) } else { None });
        let agreed = said(|fact| if let Fact::AsAgreed { offer, .. } = fact { Some(*offer) } else { None });
        old.state.is_open()
            || old.state == new.state
            || match (old.state, new.state) {
                (OfferState::Accepted, OfferState::DroppedOut) => dropped_out,
                (OfferState::DroppedOut, OfferState::Accepted) => came_back,
                (
                    OfferState::Accepted | OfferState::Reconfirming | OfferState::DroppedOut,
                    OfferState::Released,
                ) => released,
                (OfferState::Accepted, OfferState::Reconfirming) => asked,
                (OfferState::Reconfirming, OfferState::Accepted) => confirmed || agreed,
                (OfferState::Reconfirming, OfferState::Declined) => declined,
                (OfferState::Accepted, _) => undone,
                _ => false,
            }
    })
}

/// The revision rises, whoever is aboard stays so and gets a mail, nothing that is open is of the old revision, and
/// nobody has said yes to the new one.
fn change_asks_again(step: &Step<'_>) -> bool {
    let material = step.facts().any(|fact| matches!(fact, Fact::CharterChanged { material: true, .. }));
    let (old, new) = (step.old(), &step.decision().state);
    let told = |offer: &Offer| {
        let notice = Notice::Changed { offer: offer.no, revision: new.revision };
        step.decision().mails.iter().any(|mail| mail.notice == notice)
    };
    let asked = || {
        let aboard = old.offers.iter().filter(|offer| offer.state.is_aboard());
        let mut now = aboard.filter_map(|offer| new.offer(offer.no));
        let agreed =
            |no| step.facts().any(|fact| matches!(fact, Fact::AsAgreed { offer, .. } if *offer == no));
        now.all(|offer| agreed(offer.no) || (offer.state == OfferState::Reconfirming && told(offer)))
    };
    let open = || new.open_offers().all(|offer| offer.revision == new.revision);
    let same = old.charter.terms() == new.charter.terms();
    // Nobody is bound to one that is off.
    let off = old.cancelled_at.is_some();
    same != material && (!material || (new.revision == old.revision + 1 && (off || asked()) && open()))
}

fn confirms_in_time(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::Reconfirmed { offer, .. } => step.old().offer(*offer).is_some_and(|asked| {
            let sails = tick(step.held.decided) < step.old().charter.departs_at;
            let seen = step.held.job.what == What::Confirm(*offer, step.old().revision);
            asked.state == OfferState::Reconfirming && sails && seen
        }),
        _ => true,
    })
}

fn accept_in_time(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferAccepted { offer } => {
            let state = step.old();
            step.held.job.what == What::Accept(*offer)
                && state.offer(*offer).is_some_and(|offer| may_be_accepted(state, offer, step.held.decided))
        }
        _ => true,
    })
}

/// The command again, and a look again, at the same time and of the same world: nothing is left to
/// do, and the answer is no refusal.
fn twice_is_once(step: &Step<'_>) -> bool {
    let job = &step.held.job;
    let state = &step.decision().state;
    let context = Context { by: job.by(), ..step.office.context(step.held.decided) };
    let silent = |command: &Command| {
        decide(state, &step.after.loaded, command, &context).is_ok_and(|decision| decision.events.is_empty())
    };
    let again = match job.what {
        // Two messages with the same words are two, unless they come under one key, which is the caller's matter.
        What::Post(_) => true,
        What::Start | What::Control(Control::Again | Control::Reorder(..)) => true,
        What::Row(Notice::Offer { .. }, Outcome::Outdated) => true,
        What::Row(Notice::Offer { .. }, _) => silent(&job.command(step.old())),
        What::Row(..) => true,
        _ => silent(&job.command(step.old())),
    };
    // Somebody became free after the server had looked: the nudge that says so is still to come.
    step.after.nudges[job.charter].is_some() || (again && silent(&Command::Settle))
}

fn in_order(step: &Step<'_>) -> bool {
    let out_of_turn = |id: &CrewId| step.held.job.what == What::Control(Control::Now(id.clone()));
    // Whoever was being asked for the sail as it was.
    let anew = |id: &CrewId| {
        let changed = step.facts().any(|fact| matches!(fact, Fact::CharterChanged { .. }));
        changed && step.old().open_offers().any(|offer| offer.crew_id == *id)
    };
    made(step).filter(|(_, id, _)| !out_of_turn(id) && !anew(id)).all(|(position, crew_id, no)| {
        let state = &step.decision().state;
        let round = state.offer(no).map(|offer| offer.round);
        let twice = state.offers.iter().any(|other| {
            other.no != no
                && other.crew_id == *crew_id
                && other.seat.position == *position
                && ((Some(other.round) == round && had_a_say(other)) || other.binds())
        });
        !twice && !said_no(step, crew_id) && passed_over(step, position, crew_id).is_empty()
    })
}

/// The offers that this decision makes.
fn made<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (&'a Rank, &'a CrewId, OfferNo)> {
    step.facts().filter_map(|fact| match fact {
        Fact::OfferMade { offer, seat, crew_id, .. } => Some((&seat.position, crew_id, *offer)),
        _ => None,
    })
}

/// Whether the person said no to this charter since the call was last started, or dropped out and stayed away.
fn said_no(step: &Step<'_>, crew_id: &CrewId) -> bool {
    let events = step.after.history[step.held.job.charter].events();
    let forgets =
        |fact: &Fact| matches!(fact, Fact::CallStarted { .. } | Fact::CharterChanged { moved: true, .. });
    let since = events.iter().rev().take_while(|event| !forgets(&event.fact));
    let mut declined = since.filter_map(|event| match event.fact {
        Fact::OfferDeclined { offer, .. } => step.decision().state.offer(offer),
        Fact::DroppedOut { offer, .. } => {
            step.decision().state.offer(offer).filter(|offer| offer.state != OfferState::Accepted)
        }
        _ => None,
    });
    declined.any(|offer| offer.crew_id == *crew_id)
}

/// Those before `crew_id` in the order whom nobody asked, and of whom this round's audit does not
/// say why.
fn passed_over(step: &Step<'_>, position: &Rank, crew_id: &CrewId) -> Vec<CrewId> {
    let state = &step.decision().state;
    let cascades = state.call.iter().flat_map(|call| &call.cascades);
    let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) else {
        return vec![crew_id.clone()];
    };
    let asked = |id: &CrewId| {
        let theirs = |offer: &&Offer| offer.crew_id == *id && offer.seat.position == *position;
        let asked = |offer: &Offer| (offer.round == cascade.round && had_a_say(offer)) || offer.binds();
        state.offers.iter().filter(theirs).any(asked)
    };
    let reason = |id: &CrewId| {
        step.facts().any(|fact| {
            matches!(fact, Fact::PersonSkipped { position: of, skipped }
                if of == position && skipped.crew_id == *id && !skipped.reasons.is_empty())
        })
    };
    let by_office = |id: &CrewId| state.call.as_ref().is_some_and(|call| call.skipped.contains(id));
    let skipped = |id: &CrewId| cascade.skipped.contains(id) || by_office(id);
    let before = cascade.order().take_while(|id| *id != crew_id);
    let without = before.filter(|id| !asked(id) && !skipped(id) && !said_no(step, id) && !reason(id));
    without.cloned().collect()
}

/// Not so if we took the offer back because somebody else was faster, or all offers with it.
fn had_a_say(offer: &Offer) -> bool {
    !offer.rescinded.is_some_and(RescindReason::keeps_the_turn)
}

/// At the start everyone of the rank is in the order or left out with a reason.
fn reasons_are_recorded(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::CallStarted { orders, .. } => orders.iter().all(|order| {
            let of_rank = step.office.members.iter().filter(|member| member.rank == order.position);
            let roster: BTreeSet<&CrewId> = of_rank.map(|member| &member.crew_id).collect();
            let left_out = step.facts().filter_map(|fact| match fact {
                Fact::PeopleLeftOut { position, skipped } if *position == order.position => Some(skipped),
                _ => None,
            });
            let named = order.ranked.iter().chain(left_out.flatten().map(|skipped| &skipped.crew_id));
            named.collect::<BTreeSet<&CrewId>>() == roster
        }),
        Fact::PeopleLeftOut { skipped, .. } => skipped.iter().all(|skipped| !skipped.reasons.is_empty()),
        Fact::PersonSkipped { skipped, .. } => !skipped.reasons.is_empty(),
        _ => true,
    })
}

/// Whoever has refused mail is asked by the office's word alone.
fn reachable(step: &Step<'_>) -> bool {
    let unreachable = |id: &CrewId| step.before.people[id].item.refused.is_some();
    step.facts().all(|fact| match fact {
        Fact::OfferMade { crew_id, .. } => {
            !unreachable(crew_id) || step.held.job.what == What::Control(Control::Now(crew_id.clone()))
        }
        _ => true,
    })
}

/// Neither asked nor put aboard without the papers, nor called without the crew that the vessel needs.
fn gates_hold(step: &Step<'_>) -> bool {
    let state = &step.decision().state;
    let set_aside = |gate: Gate, crew_id: Option<&CrewId>| {
        state.overrides.iter().any(|known| {
            let about = known.crew_id.is_none() || known.crew_id.as_ref() == crew_id;
            known.gate == gate && about && !known.by.is_empty() && !known.reason.is_empty()
        })
    };
    let has_papers = |id: &CrewId| {
        let member = step.office.members.iter().find(|member| member.crew_id == *id);
        member.is_some_and(|member| !member.rank.is_captain() || member.credentials.contains_key(NEEDED))
    };
    let crewed = state.charter.seats().any(|seat| !seat.position.is_captain());
    !step.office.bounds.papers
        || step.facts().all(|fact| match fact {
            Fact::OfferMade { crew_id, .. } | Fact::Assigned { crew_id, .. } => {
                has_papers(crew_id) || set_aside(Gate::Credentials, Some(crew_id))
            }
            Fact::CallStarted { .. } => crewed || set_aside(Gate::Complement, None),
            _ => true,
        })
}

fn overrides_stay(step: &Step<'_>) -> bool {
    let new = &step.decision().state.overrides;
    let still = |old: &Override| new.iter().any(|new| (new.gate, &new.crew_id) == (old.gate, &old.crew_id));
    step.old().overrides.iter().all(still)
}

/// Beside somebody who is being asked for the same seat, unless by the office's word.
fn at_once(step: &Step<'_>) -> bool {
    let state = &step.decision().state;
    made(step).all(|(position, crew_id, no)| {
        let seat = state.offer(no).map(|offer| &offer.seat);
        let open = state.open_offers().filter(|offer| Some(&offer.seat) == seat).count();
        let cascades = state.call.iter().flat_map(|call| &call.cascades);
        let urgent = cascades.into_iter().any(|cascade| cascade.position == *position && cascade.urgent);
        let now = step.held.job.what == What::Control(Control::Now(crew_id.clone()));
        open <= 1 || now || (urgent && open <= step.office.bounds.at_once as usize)
    })
}

/// One mail for each time that the call comes to its end, and none else. A start, a new captain, one who leaves,
/// and anyone who leaves a full boat, make everything as if it had not ended.
fn one_alert(step: &Step<'_>) -> bool {
    let is_over = |state: &CharterState| state.call.as_ref().and_then(|call| call.exhausted_at).is_some();
    // Who dropped out before left then.
    let captains = |no: &OfferNo| {
        let captain = step.old().captain();
        captain.is_some_and(|captain| captain.no == *no)
    };
    let anew = step.facts().any(|fact| match fact {
        Fact::CallStarted { .. } | Fact::CrewPaired { .. } | Fact::CallReopened { .. } => true,
        Fact::CharterChanged { charter, material, .. } => {
            *material || charter.seats().count() > step.old().charter.seats().count()
        }
        Fact::OfferDeclined { offer, .. } => step
            .old()
            .offer(*offer)
            .is_some_and(|offer| offer.state == OfferState::Reconfirming && offer.seat.position.is_captain()),
        Fact::AcceptUndone { offer } | Fact::DroppedOut { offer, .. } | Fact::Released { offer, .. } => {
            captains(offer)
        }
        _ => false,
    });
    let due = is_over(&step.decision().state) && (anew || !is_over(step.old()));
    let mails = step.decision().mails.iter().filter(|mail| mail.notice == Notice::Exhausted).count();
    let facts = step.facts().filter(|fact| matches!(fact, Fact::CallExhausted { .. })).count();
    mails == facts && mails == usize::from(due)
}

/// The server looks at the row's truth right before it sends.
fn no_void_mail(step: &Step<'_>) -> bool {
    match &step.held.job.what {
        What::Row(Notice::Offer { offer }, Outcome::Sent | Outcome::Ambiguous) => {
            let fresh = step.before.charter_is_fresh(step.held);
            let queued = step.old().offer(*offer).is_some_and(|offer| offer.state == OfferState::Queued);
            !fresh || queued
        }
        _ => true,
    }
}

fn cancellation_tells(step: &Step<'_>) -> bool {
    if !step.facts().any(|fact| *fact == Fact::CharterCancelled) {
        return true;
    }
    let old = step.old();
    // An earlier mail of theirs may have been void, and the word of that dropped because of the new offer.
    let earlier = |offer: &&Offer| {
        let theirs = old.offers.iter().filter(|other| other.crew_id == offer.crew_id && other.no <= offer.no);
        let void = |other: &Offer| other.no == offer.no || other.state == OfferState::Rescinded;
        theirs.filter(|other| void(other)).any(|other| other.handed_over_at.is_some())
    };
    let asked = old.open_offers().filter(earlier);
    let bound = old.offers.iter().filter(|offer| offer.binds() && !offer.state.is_open());
    let due: BTreeSet<&CrewId> = asked.chain(bound).map(|offer| &offer.crew_id).collect();
    let told = step.decision().mails.iter().filter_map(|mail| match &mail.notice {
        Notice::Cancelled { to } => Some(to),
        _ => None,
    });
    let told: Vec<&CrewId> = told.collect();
    told.len() == due.len() && told.into_iter().collect::<BTreeSet<_>>() == due
}

fn by_others_is_told(step: &Step<'_>) -> bool {
    let posted = |notice: Notice| step.decision().mails.iter().any(|mail| mail.notice == notice);
    step.facts().all(|fact| match fact {
        Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => {
            posted(Notice::Assigned { offer: *offer })
        }
        Fact::Released { offer, .. } => posted(Notice::Released { offer: *offer }),
        _ => true,
    })
}

fn pause_holds(step: &Step<'_>) -> bool {
    let paused = |state: &CharterState| state.call.as_ref().is_some_and(|call| call.paused_at.is_some());
    let ends = |fact: &Fact| {
        matches!(
            fact,
            Fact::CallResumed | Fact::CallStarted { .. } | Fact::CallExhausted { departed: true, .. }
        )
    };
    let asks = |fact: &Fact| matches!(fact, Fact::OfferMade { .. });
    let now = matches!(&step.held.job.what, What::Control(Control::Now(_)));
    !paused(step.old())
        || step.facts().any(ends)
        || (paused(&step.decision().state) && (now || !step.facts().any(asks)))
}

fn longer_is_longer(step: &Step<'_>) -> bool {
    let later = |no: &OfferNo| {
        let (old, new) = (step.old().offer(*no), step.decision().state.offer(*no));
        old.zip(new).is_some_and(|(old, new)| {
            new.reply_by > old.reply_by.max(Some(tick(step.held.decided))) && new.closes_at >= old.closes_at
        })
    };
    step.facts().all(|fact| !matches!(fact, Fact::OfferProlonged { offer, .. } if !later(offer)))
}

fn no_early_lapse(step: &Step<'_>) -> bool {
    let now = tick(step.before.now);
    step.facts().all(|fact| match fact {
        Fact::OfferExpired { offer } => step.decision().state.offer(*offer).is_some_and(|offer| {
            now >= step.old().charter.departs_at || offer.closes_at.is_some_and(|closes_at| now >= closes_at)
        }),
        Fact::Unconfirmed { offer } => {
            let asked = step.old().offer(*offer);
            now >= step.old().charter.departs_at
                || asked.and_then(|offer| offer.closes_at).is_some_and(|closes_at| now >= closes_at)
        }
        _ => true,
    })
}
