//! What holds in every state. The numbers are those of the design's list of invariants.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, Notice, Offer, OfferState, decide};
use crewcall_dispatch::commitments::CommitmentKind;
use crewcall_dispatch::model::CrewId;

use crate::roster::{can_come, tick};
use crate::store::Office;
use crate::world::World;

/// A rule about a state.
pub(crate) type Rule = fn(&Office, &World) -> bool;

/// Every rule with its name.
pub(crate) const RULES: [(&str, Rule); 15] = [
    ("1 a seat has one accepted or one open offer", one_offer_per_seat),
    ("1 a person has one open or accepted offer on a charter", one_offer_per_person),
    ("1 who dropped out answers for a seat until somebody else has it", one_responsible_per_seat),
    ("2 nobody is confirmed on two overlapping charters", no_double_booking),
    ("3 no crew is asked without a captain", captain_first),
    ("10 a live call is waiting for something that comes", something_comes),
    ("13 exactly the rows of void offers are outdated", rows_are_true_or_outdated),
    ("15 who has yet to confirm is asked, or the office knows", confirmation_comes),
    ("16 a cancelled charter has no open offer", cancelled_is_silent),
    ("16 whoever got a mail that became void is told", void_mails_are_taken_back),
    ("19 replaying the audit gives the state", replay_gives_the_state),
    ("commitments say what the charters say", commitments_agree),
    ("nobody is asked for what they cannot take, or a look is due", asked_in_earnest),
    ("a call ends at departure", departure_ends_the_call),
    ("who is asked or aboard can come, or it is known, or a look is due", whoever_cannot_come_is_known),
];

fn states(world: &World) -> impl Iterator<Item = &CharterState> {
    world.charters.iter().map(|charter| &*charter.item)
}

/// Several are asked at once where the settings say so; the office may have one more asked for each time that it says
/// so.
fn one_offer_per_seat(office: &Office, world: &World) -> bool {
    let at_once = office.bounds.at_once as usize;
    let more = usize::from(office.bounds.left.controls - world.left.controls);
    states(world).all(|state| {
        state.charter.seats().all(|seat| {
            let held: Vec<&Offer> =
                state.offers.iter().filter(|offer| offer.in_force() && offer.seat == seat).collect();
            let taken = held.iter().any(|offer| offer.state.is_aboard());
            held.len() <= if taken { 1 } else { at_once + more }
        })
    })
}

fn one_responsible_per_seat(_: &Office, world: &World) -> bool {
    states(world).all(|state| {
        state.charter.seats().all(|seat| {
            let of = |wanted| {
                let offers = state.offers.iter().filter(|offer| offer.seat == seat);
                offers.filter(|offer| offer.state == wanted).count()
            };
            let aboard = of(OfferState::Accepted) + of(OfferState::Reconfirming);
            aboard + of(OfferState::DroppedOut) <= 1
        })
    })
}

fn one_offer_per_person(_: &Office, world: &World) -> bool {
    states(world).all(|state| {
        let held: Vec<&CrewId> =
            state.offers.iter().filter(|offer| offer.binds()).map(|offer| &offer.crew_id).collect();
        (1..held.len()).all(|i| !held[..i].contains(&held[i]))
    })
}

/// Said of the charters themselves, not of the commitments that are there to prevent it.
fn no_double_booking(office: &Office, world: &World) -> bool {
    let aboard = |state: &CharterState, id: &CrewId| {
        let confirmed = |offer: &Offer| matches!(offer.state, OfferState::Accepted | OfferState::DroppedOut);
        let theirs = |offer: &Offer| offer.crew_id == *id;
        state.cancelled_at.is_none() && state.offers.iter().any(|offer| theirs(offer) && confirmed(offer))
    };
    let overlap = |a: &CharterState, b: &CharterState| {
        let turnaround = office.policy.turnaround;
        a.charter.call_time < b.charter.returns_at + turnaround
            && b.charter.call_time < a.charter.returns_at + turnaround
    };
    let pairs = states(world).enumerate().flat_map(|(i, a)| states(world).skip(i + 1).map(move |b| (a, b)));
    pairs
        .filter(|(a, b)| overlap(a, b))
        .all(|(a, b)| !world.people.keys().any(|id| aboard(a, id) && aboard(b, id)))
}

/// Whoever is aboard another sail at that time can only say no.
fn asked_in_earnest(office: &Office, world: &World) -> bool {
    states(world).enumerate().all(|(index, state)| {
        let charter = &state.charter;
        let bound = |id: &CrewId| {
            let person = &world.people[id].item;
            let mut others = person.overlapping(
                &charter.charter_id,
                charter.call_time,
                charter.returns_at,
                &office.policy,
            );
            others.any(|entry| entry.kind.binds())
        };
        world.nudges[index].is_some() || !state.open_offers().any(|offer| bound(&offer.crew_id))
    })
}

fn captain_first(_: &Office, world: &World) -> bool {
    states(world).all(|state| {
        let captain = state.captain().is_some_and(|captain| captain.revision == state.revision);
        captain || state.open_offers().all(|offer| offer.seat.position.is_captain())
    })
}

/// Every open offer has a row that waits or a time at which it closes; every position with an empty seat
/// has somebody who is being asked for it, or people who are waited for and who will wake the call, or the
/// office knows that there is nobody; and a running call has a deadline.
fn something_comes(_: &Office, world: &World) -> bool {
    states(world).enumerate().all(|(index, state)| {
        let row = |offer: &Offer| {
            world.outbox.values().any(|row| *row == (index, Notice::Offer { offer: offer.no }))
        };
        let offers = state.open_offers().all(|offer| offer.closes_at.is_some() || row(offer));
        let running = match state.status() {
            CallStatus::Running => true,
            // The office said so. It hears of the sail's departure.
            CallStatus::Paused => {
                let alerted = state.call.as_ref().is_some_and(|call| call.exhausted_at.is_some());
                return offers && (alerted || state.next_deadline().is_some());
            }
            CallStatus::Exhausted if tick(world.now) < state.charter.departs_at => false,
            _ => return offers,
        };
        let positions = state.charter.positions.iter().map(|need| &need.position);
        let asked_now = positions.filter(|position| position.is_captain() || state.captain().is_some());
        let seats = asked_now.filter(|position| !state.vacant_seats(position).is_empty()).all(|position| {
            if state.open_offers().any(|offer| offer.seat.position == *position) {
                return true;
            }
            let cascades = state.call.iter().flat_map(|call| &call.cascades);
            let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) else {
                return !running;
            };
            let waits = |id| world.people[id].item.waiting.contains(&state.charter.charter_id);
            let woken = world.nudges[index].is_some() || cascade.waiting_for.iter().all(waits);
            if cascade.waiting_for.is_empty() { cascade.exhausted } else { woken }
        });
        offers && seats && (!running || state.next_deadline().is_some())
    })
}

fn rows_are_true_or_outdated(_: &Office, world: &World) -> bool {
    world.outbox.values().all(|(index, notice)| match notice {
        Notice::Offer { offer } => {
            let state = &world.charters[*index].item;
            let queued = state.offer(*offer).is_some_and(|offer| offer.state == OfferState::Queued);
            queued == notice.outdated(state).is_none()
        }
        _ => true,
    })
}

/// By a mail that is to go out, by one that went out and whose time runs, or the office heard that it ran out.
fn confirmation_comes(_: &Office, world: &World) -> bool {
    states(world).enumerate().filter(|(_, state)| state.cancelled_at.is_none()).all(|(index, state)| {
        let row = |offer: &Offer| {
            let notice = Notice::Changed { offer: offer.no, revision: state.revision };
            world.outbox.values().any(|row| *row == (index, notice.clone()))
        };
        state.offers.iter().all(|offer| match offer.state {
            OfferState::Accepted => offer.revision == state.revision,
            OfferState::Reconfirming => offer.reply_by.is_some() || row(offer),
            _ => true,
        })
    })
}

fn cancelled_is_silent(_: &Office, world: &World) -> bool {
    states(world)
        .filter(|state| state.cancelled_at.is_some())
        .all(|state| state.open_offers().next().is_none() && state.next_deadline().is_none())
}

/// A mail that is still on its way when its offer is taken back reaches a person, too.
fn void_mails_are_taken_back(_: &Office, world: &World) -> bool {
    states(world).enumerate().all(|(index, state)| {
        state.offers.iter().all(|offer| {
            let void = match offer.state {
                OfferState::Rescinded => world.reached.contains(&(index, offer.no)),
                OfferState::Accepted | OfferState::Reconfirming | OfferState::DroppedOut => {
                    state.cancelled_at.is_some()
                }
                _ => false,
            };
            !void || world.told.contains(&(index, offer.no))
        })
    })
}

fn replay_gives_the_state(_: &Office, world: &World) -> bool {
    world.charters.iter().zip(&world.history).all(|(charter, history)| {
        let events = history.events();
        let numbered = events.iter().zip(1..).all(|(event, seq)| event.seq == seq);
        numbered && CharterState::replay(events).as_ref() == Some(&*charter.item)
    })
}

/// `Asked` for each open offer, `Assigned` for whoever is aboard, `Leaving` for who is responsible, on a charter
/// that is on; and nothing else.
fn commitments_agree(_: &Office, world: &World) -> bool {
    world.people.iter().all(|(id, person)| {
        let mut said: Vec<_> =
            person.item.entries.iter().map(|entry| (&entry.charter_id, entry.kind, entry.from)).collect();
        let mut meant: Vec<_> = states(world)
            .flat_map(|state| state.offers.iter().map(move |offer| (state, offer)))
            .filter(|(state, offer)| offer.crew_id == *id && state.cancelled_at.is_none() && offer.binds())
            .map(|(state, offer)| {
                let kind = match offer.state {
                    OfferState::DroppedOut => CommitmentKind::Leaving,
                    state if state.is_open() => CommitmentKind::Asked,
                    _ => CommitmentKind::Assigned,
                };
                (&state.charter.charter_id, kind, state.charter.call_time)
            })
            .collect();
        said.sort_by_key(|(charter_id, ..)| *charter_id);
        meant.sort_by_key(|(charter_id, ..)| *charter_id);
        said == meant
    })
}

fn whoever_cannot_come_is_known(office: &Office, world: &World) -> bool {
    let ahead =
        |state: &CharterState| state.cancelled_at.is_none() && tick(world.now) < state.charter.departs_at;
    states(world).enumerate().filter(|(_, state)| ahead(state)).all(|(index, state)| {
        let can = |id: &CrewId| office.member(world, id).is_some_and(|member| can_come(&member));
        let known = |offer: &&Offer| !offer.warnings.is_empty() || can(&offer.crew_id);
        world.nudges[index].is_some()
            || state.offers.iter().filter(|offer| offer.in_force()).all(|o| known(&o))
    })
}

/// Whatever state a call is in: one look after departure, and it is over.
fn departure_ends_the_call(office: &Office, world: &World) -> bool {
    states(world).all(|state| {
        let mut context = office.context(world.now);
        context.now = context.now.max(state.charter.departs_at);
        match decide(state, &world.loaded, &Command::Settle, &context) {
            Ok(decision) => {
                decision.state.status() != CallStatus::Running
                    && decision.state.open_offers().next().is_none()
                    && decision.state.next_deadline().is_none()
            }
            Err(_) => false,
        }
    })
}
