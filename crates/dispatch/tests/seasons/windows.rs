//! How long people have to answer, said once more and in other words than the rules have.

use crewcall_dispatch::cascade::{Cascade, CharterState, Fact, Offer, RescindReason};
use crewcall_dispatch::model::CrewId;
use jiff::{SignedDuration, Timestamp};

use crate::rules::Step;
use crate::season::{Season, local};

/// From when to when it is quiet at night, where it is; in seconds of a day.
const QUIET: (i64, i64) = (22 * 3_600, 7 * 3_600);

fn second_of_day(at: Timestamp) -> i64 {
    let local = local(at).time();
    i64::from(local.hour()) * 3_600 + i64::from(local.minute()) * 60 + i64::from(local.second())
}

/// How long people are up in between.
fn awake(season: &Season, from: Timestamp, until: Timestamp) -> SignedDuration {
    if season.policy.quiet_hours.is_none() {
        return until.duration_since(from);
    }
    let a_day = QUIET.0 - QUIET.1;
    let since_the_beginning = |at: Timestamp| {
        let second = second_of_day(at);
        let midnights = (at.as_second() - second).div_euclid(24 * 3_600);
        midnights * a_day + (second - QUIET.1).clamp(0, a_day)
    };
    SignedDuration::from_secs(since_the_beginning(until) - since_the_beginning(from))
}

/// Who is still to be asked for a position, by the state alone.
fn to_come<'a>(state: &'a CharterState, cascade: &'a Cascade) -> impl Iterator<Item = &'a CrewId> {
    let passed_over = |id: &CrewId| {
        let call = state.call.as_ref();
        cascade.skipped.contains(id)
            || call.is_some_and(|call| call.declined.contains(id) || call.skipped.contains(id))
    };
    let had_a_turn = |offer: &Offer| {
        let round = offer.seat.position == cascade.position && offer.round == cascade.round;
        offer.binds() || (round && !offer.rescinded.is_some_and(RescindReason::keeps_the_turn))
    };
    let asked = move |id: &CrewId| state.offers.iter().any(|offer| offer.crew_id == *id && had_a_turn(offer));
    cascade.order().filter(move |id| !passed_over(id) && !asked(id))
}

/// Each window that begins by this commit: whose, from when, until when, and when it closes.
fn windows<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (&'a Offer, Timestamp, Timestamp)> {
    step.facts().filter_map(|fact| match fact {
        Fact::OfferSent { offer, reply_by, closes_at, .. } => {
            Some((step.after().offer(*offer)?, *reply_by, *closes_at))
        }
        _ => None,
    })
}

fn is_urgent(step: &Step<'_>, offer: &Offer) -> bool {
    let cascades = step.after().call.iter().flat_map(|call| &call.cascades);
    cascades.into_iter().any(|cascade| cascade.position == offer.seat.position && cascade.urgent)
}

pub(crate) fn before_departure(step: &Step<'_>) -> bool {
    let departs_at = step.before.charter.departs_at;
    step.facts().all(|fact| match fact {
        Fact::OfferSent { reply_by, closes_at, .. }
        | Fact::ReconfirmSent { reply_by, closes_at, .. }
        | Fact::OfferProlonged { reply_by, closes_at, .. } => {
            reply_by <= closes_at && *closes_at <= departs_at
        }
        Fact::OfferExtended { closes_at, .. } => *closes_at <= departs_at,
        _ => true,
    })
}

pub(crate) fn not_at_night(step: &Step<'_>) -> bool {
    step.season.policy.quiet_hours.is_none()
        || windows(step)
            .filter(|(offer, ..)| !is_urgent(step, offer))
            .all(|(_, reply_by, _)| (QUIET.1..=QUIET.0).contains(&second_of_day(reply_by)))
}

/// Whoever comes after for the same seat can have as long, before people have to be at the dock; before half of that
/// time, where the crew is asked after the captain. Nobody has less than the shortest window, but for the departure.
pub(crate) fn fair(step: &Step<'_>) -> bool {
    let (season, state) = (step.season, step.before);
    windows(step).all(|(offer, reply_by, _)| {
        let position = &offer.seat.position;
        let shortest = season.policy.shortest_window.min(season.policy.response_window);
        let has_time = reply_by.duration_since(step.clock) >= shortest
            || reply_by == state.charter.departs_at
            || reply_by == state.charter.call_time;
        let cascades = state.call.iter().flat_map(|call| &call.cascades);
        let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) else {
            return false;
        };
        let after = to_come(state, cascade).count().div_ceil(state.open_seats(position).max(1));
        let crew_follows = position.is_captain()
            && state.charter.seats().any(|seat| !seat.position.is_captain() && state.holder(&seat).is_none());
        let left = state.charter.call_time.duration_since(step.clock);
        let until = step.clock + if crew_follows { left / 2 } else { left };
        let turns = i32::try_from(after + 1).expect("a list of people");
        let fits = awake(season, step.clock, reply_by) * turns <= awake(season, step.clock, until);
        has_time && (fits || is_urgent(step, offer))
    })
}
