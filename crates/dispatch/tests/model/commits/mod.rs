//! What holds of every step: of a decision at the moment at which it is written.

mod asking;
mod mails;

use crewcall_dispatch::cascade::{
    CharterState, Command, Context, Decision, Fact, Notice, Offer, OfferNo, OfferState, Rejection, decide,
};

use crate::actions::{Control, Job, Outcome, What};
use crate::roster::tick;
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
const RULES: [Rule; 22] = [
    ("4 a captain who leaves takes the open crew offers along at once", leaving_rescinds),
    ("who comes back had dropped out, and nobody else has the seat", comes_back_in_time),
    ("5 an offer that ended stays ended, by a word of its own apart", terminal_stays),
    ("6 an accept wins only while it is open and in time", accept_in_time),
    ("8 a command given again changes nothing and is answered alike", twice_is_once),
    ("9 in order, and nobody twice", asking::in_order),
    ("11 whoever is passed over has a reason", asking::reasons_are_recorded),
    ("11 whoever cannot be reached by mail is asked by the office alone", asking::reachable),
    ("11 nobody sails against a gate, unless the office set it aside by name", asking::gates_hold),
    ("11 a gate that was set aside stays so", asking::overrides_stay),
    ("11 whoever cannot come by the roster is asked by the office alone, who knows", asking::can_come),
    (
        "several are asked for a seat only when time runs out, and no more than the settings say",
        asking::at_once,
    ),
    ("12 an exhausted call alerts once", mails::one_alert),
    ("13 no mail goes out for a void offer", mails::no_void_mail),
    ("15 a change of what people say yes to asks everyone again", change_asks_again),
    ("15 who confirms was asked to, and sails", confirms_in_time),
    ("16 a cancellation tells everyone asked or aboard", mails::cancellation_tells),
    ("7 whoever is put aboard or taken off by others is told", mails::by_others_is_told),
    ("a message goes to everyone else aboard, once, and by who is aboard", mails::message_reaches),
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
        What::Return(no) => {
            let again = *rejection == Rejection::CameBackBefore;
            let came_back = state.offer(no).is_some_and(|offer| offer.came_back);
            !is(no, OfferState::DroppedOut) || !sails || (again && came_back)
        }
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

fn pause_holds(step: &Step<'_>) -> bool {
    let paused = |state: &CharterState| state.call.as_ref().is_some_and(|call| call.paused_at.is_some());
    let ends = |fact: &Fact| matches!(fact, Fact::CallResumed | Fact::CallStarted { .. });
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
