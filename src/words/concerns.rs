//! What the office has to see to.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Concern, Skipped};
use crewcall_dispatch::eligibility::Sail;
use jiff::Timestamp;

use super::{Names, reasons};
use crate::operator::Operator;

/// What the office has to see to about a charter, each as a clause; nothing once the boat has left.
pub fn concerns(state: &CharterState, names: &Names, operator: &Operator, now: Timestamp) -> Vec<String> {
    if state.charter.departs_at <= now {
        return Vec::new();
    }
    let clause = |concern| match concern {
        Concern::NobodyLeft(position) => format!("nobody is left to ask for {position}"),
        Concern::Conflict(offer) => {
            let against = Skipped::new(offer.crew_id.clone(), offer.conflicts.clone());
            format!("{}, aboard as {}: {}", names.get(&offer.crew_id), offer.seat, reasons(&against, names))
        }
        Concern::Unconfirmed(offer) => {
            format!("{}, aboard as {}, has not confirmed the change", names.get(&offer.crew_id), offer.seat)
        }
        Concern::NotTold(offer) => {
            let who = names.get(&offer.crew_id);
            format!("{who}, aboard as {}, is to confirm the change, and no mail reaches them", offer.seat)
        }
        Concern::Undeliverable(offer) => {
            let who = names.get(&offer.crew_id);
            format!("the call rests, because the mail to {who}, asked for {}, was refused", offer.seat)
        }
    };
    let concerns = state.concerns().into_iter().map(clause);
    // Of a call that has begun that was looked at then, and at each change.
    let draft = state.status() == CallStatus::Draft;
    let Operator { zone, policy, .. } = operator;
    let sail = Sail { charter: &state.charter, zone, policy, overrides: &state.overrides };
    let against = if draft { sail.itself().against } else { Vec::new() };
    concerns.chain(against.iter().map(|reason| format!("the call cannot begin: {reason}"))).collect()
}
