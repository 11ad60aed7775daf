//! What the office has to see to.

use crewcall_dispatch::cascade::{CharterState, Concern, Skipped};
use jiff::Timestamp;

use super::{Names, reasons};

/// What the office has to see to about a charter, each as a clause; nothing once the boat has left.
pub fn concerns(state: &CharterState, names: &Names, now: Timestamp) -> Vec<String> {
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
    };
    state.concerns().into_iter().map(clause).collect()
}
