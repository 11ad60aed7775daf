//! Rest before leaving port, and hours of work within a day.
//!
//! On duty is whoever has to be aboard: from the call time to the return, on every charter that the
//! person has accepted. Of another charter only its call time is known, which counts as the time of
//! leaving port there: a little stricter than the law.

use jiff::{SignedDuration, Timestamp};

use super::Reason;
use crate::commitments::Commitment;
use crate::model::Charter;

/// Before leaving port, this long is looked at (46 USC 8104(a)).
const BEFORE_LEAVING: SignedDuration = SignedDuration::from_hours(12);
/// Of that, so much has to be off duty (46 USC 8104(a)).
const REST: SignedDuration = SignedDuration::from_hours(6);
/// Hours of work are counted within any stretch as long as this (46 USC 8104(b)).
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Work within a day at sea, at the most (46 USC 8104(b)).
const WORK: SignedDuration = SignedDuration::from_hours(12);

/// From when to when somebody is on duty.
type Duty = (Timestamp, Timestamp);

/// Too little rest before this sail, or before another one because of this.
pub(super) fn too_little_rest(charter: &Charter, others: &[&Commitment]) -> Option<Reason> {
    let own = (charter.call_time, charter.returns_at);
    let before_this = others.iter().filter_map(|other| {
        let within = overlap(stretch(other), (charter.departs_at - BEFORE_LEAVING, charter.departs_at));
        let getting_ready = (charter.call_time, charter.departs_at);
        let rest =
            rest_before(charter.departs_at, others.iter().map(|other| stretch(other)).chain([getting_ready]));
        (!within.is_zero() && rest < REST).then_some((rest, *other))
    });
    let before_others = others.iter().filter_map(|other| {
        let within = overlap(own, (other.from - BEFORE_LEAVING, other.from));
        let rest = rest_before(other.from, others.iter().map(|other| stretch(other)).chain([own]));
        (!within.is_zero() && rest < REST).then_some((rest, *other))
    });
    let (rest, other) = before_this.chain(before_others).min_by_key(|(rest, _)| *rest)?;
    Some(Reason::Rest { minutes: minutes(rest), charter_id: other.charter_id.clone() })
}

/// Too many hours of work in a day to which this sail belongs. A sail of more than a day stands watches,
/// which crewcall does not know, and is not counted.
pub(super) fn too_much_work(charter: &Charter, others: &[&Commitment]) -> Option<Reason> {
    let own = (charter.call_time, charter.returns_at);
    let short = |duty: &Duty| duty.1.duration_since(duty.0) <= DAY;
    if !short(&own) {
        return None;
    }
    let all = merged(others.iter().map(|other| stretch(other)).filter(short).chain([own]));
    // The busiest day begins with a duty, or ends with one.
    let days = all.iter().flat_map(|(from, until)| [(*from, *from + DAY), (*until - DAY, *until)]);
    let with_own = days.filter(|day| !overlap(own, *day).is_zero());
    let work =
        with_own.map(|day| all.iter().map(|duty| overlap(*duty, day)).sum::<SignedDuration>()).max()?;
    (work > WORK).then(|| Reason::WorkHours { minutes: minutes(work) })
}

fn stretch(commitment: &Commitment) -> Duty {
    (commitment.from, commitment.until)
}

fn rest_before(leaving: Timestamp, duty: impl Iterator<Item = Duty>) -> SignedDuration {
    let looked_at = (leaving - BEFORE_LEAVING, leaving);
    let on_duty: SignedDuration = merged(duty).into_iter().map(|duty| overlap(duty, looked_at)).sum();
    BEFORE_LEAVING - on_duty
}

/// The same stretches, ordered and without overlaps.
fn merged(duty: impl Iterator<Item = Duty>) -> Vec<Duty> {
    let mut all: Vec<Duty> = duty.collect();
    all.sort_unstable();
    let mut merged: Vec<Duty> = Vec::with_capacity(all.len());
    for (from, until) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => merged.push((from, until)),
        }
    }
    merged
}

fn overlap(a: Duty, b: Duty) -> SignedDuration {
    a.1.min(b.1).duration_since(a.0.max(b.0)).max(SignedDuration::ZERO)
}

fn minutes(span: SignedDuration) -> u32 {
    u32::try_from(span.as_mins()).unwrap_or(u32::MAX)
}
