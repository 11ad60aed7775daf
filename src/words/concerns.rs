//! What the office has to see to.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Concern, OfferState};
use jiff::Timestamp;

use super::{Names, reasons};
use crate::operator::Operator;

/// What the office has to see to about a charter, each as a clause.
pub fn concerns(state: &CharterState, names: &Names, operator: &Operator, now: Timestamp) -> Vec<String> {
    let concerns = state.concerns(&operator.zone, &operator.policy, now);
    concerns.iter().map(|one| concern(one, names)).collect()
}

/// One of them.
pub fn concern(concern: &Concern<'_>, names: &Names) -> String {
    match concern {
        Concern::CannotBegin(reason) => format!("the call cannot begin: {reason}"),
        Concern::NobodyAsked(CallStatus::Paused) => {
            "it leaves soon, seats are free, and the call rests: go on with it, or put people aboard"
                .to_owned()
        }
        Concern::NobodyAsked(_) => "it leaves soon, and nobody has been asked: start the call".to_owned(),
        Concern::NobodyLeft(position) => format!("nobody is left to ask for {position}"),
        Concern::Urgent(position) => format!("time runs out to ask everyone for {position}"),
        Concern::DroppedOut(offer) => {
            // Within the time in which a yes costs nothing it is a no.
            let did =
                if offer.state == OfferState::Declined { "can't sail after all" } else { "dropped out" };
            format!("{} {did} as {}, and nobody has the seat yet", names.get(&offer.crew_id), offer.seat)
        }
        Concern::Standby(offer) => {
            let position = &offer.seat.position;
            format!(
                "{} stands by as {position}, where a seat is free: put them aboard, or let it go on",
                names.get(&offer.crew_id)
            )
        }
        Concern::Conflict(offer) => {
            let against = reasons(&offer.conflicts, names);
            format!("{}, aboard as {}: {against}", names.get(&offer.crew_id), offer.seat)
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
    }
}
