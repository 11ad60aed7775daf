//! Who was too late, and would sail.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::{CharterState, Command, Fact, Notice};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewId;

use crate::rules::Step;

/// However many links they have.
pub(crate) fn once(step: &Step<'_>) -> bool {
    let everyone: Vec<&CrewId> = step.after().standing_by().map(|offer| &offer.crew_id).collect();
    everyone.iter().collect::<BTreeSet<_>>().len() == everyone.len()
}

/// By whichever link it comes.
pub(crate) fn a_no_ends_it(step: &Step<'_>) -> bool {
    let (Command::Decline(no) | Command::DropOut(no)) = &step.task.command else { return true };
    let Some(who) = step.after().offer(*no).map(|offer| &offer.crew_id) else { return true };
    let stands_by = |state: &CharterState| state.standing_by().any(|offer| offer.crew_id == *who);
    // Whoever has an offer to answer has said no to that.
    !stands_by(step.before) || !stands_by(step.after())
}

/// What they had said yes to is another sail, and they are not reckoned with any more.
pub(crate) fn told_of_a_change(step: &Step<'_>) -> bool {
    if !step.facts().any(|fact| matches!(fact, Fact::CharterChanged { material: true, .. })) {
        return true;
    }
    let told = |no| step.posts(|notice| matches!(notice, Notice::Rescinded { offer, .. } if *offer == no));
    let waiting = step.before.standing_by().take(limits::STANDBYS_TOLD);
    step.before.cancelled_at.is_some() || waiting.into_iter().all(|offer| told(offer.no))
}
