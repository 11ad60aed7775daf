//! Everything that can happen, by anyone, at any moment.

use crewcall_dispatch::cascade::{Actor, CallStatus, CharterState, Command, Notice, OfferNo, OfferState};
use crewcall_dispatch::model::{Charter, CrewId, CrewMember, Figures, Minutes, PositionNeed, Rank};
use crewcall_dispatch::vessel::Gate;
use jiff::{SignedDuration, Timestamp};

use crate::bounds::{Bounds, Changes};
use crate::planted::Fault;
use crate::roster::{rank, tick};
use crate::world::World;

/// One step of the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A server does a job and commits it at once.
    Do(Job),
    /// A server loads and decides, and is slow to commit.
    Hold(Job),
    /// A slow server commits, or learns that it lost.
    Commit(usize),
    /// A slow server dies.
    Crash(usize),
    /// The roster says the contrary of somebody's day.
    Says(CrewId),
    /// The clock goes on by one tick.
    Tick,
}

/// A command with what the server has to do about its row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Job {
    pub(crate) charter: usize,
    pub(crate) what: What,
}

/// What a server sets out to do with one charter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Start,
    Cancel,
    Restore,
    /// The charter becomes another one.
    Change {
        from: Box<Charter>,
        to: Box<Charter>,
    },
    /// The office steps in.
    Control(Control),
    /// Somebody writes to everyone aboard: one of the crew, or the office.
    Post(Option<CrewId>),
    Settle,
    /// A look that a row of the store asks for; the row goes if no other nudge came meanwhile.
    Nudge,
    Accept(OfferNo),
    Decline(OfferNo),
    Undo(OfferNo),
    DropOut(OfferNo),
    Confirm(OfferNo, u32),
    Return(OfferNo),
    StandBy(OfferNo),
    /// A row of the outbox, and what became of it.
    Row(Notice, Outcome),
    /// The other server had the same row in hand, and reports as well.
    SentAgain(OfferNo),
}

/// How the office steps in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Control {
    Pause,
    Resume,
    Stop,
    Again,
    Skip(CrewId),
    Now(CrewId),
    Assign(Rank, CrewId),
    Reorder(Rank, CrewId),
    Release(CrewId),
    /// For one person, or for everyone.
    Override(Gate, Option<CrewId>),
    /// By a tick beyond the reply-by time.
    Extend(CrewId, Timestamp),
    NoShow(CrewId),
    TurnedUp(Rank, CrewId),
    /// Of everyone, or of one person.
    Hours(Option<CrewId>),
}

impl Control {
    /// Whether it is about what became of a sail.
    pub(crate) fn is_afterwards(&self) -> bool {
        matches!(self, Self::NoShow(_) | Self::TurnedUp(..) | Self::Hours(_))
    }

    fn command(&self) -> Command {
        match self.clone() {
            Self::Pause => Command::Pause,
            Self::Resume => Command::Resume,
            Self::Stop => Command::Stop,
            Self::Again => Command::AskAgain,
            Self::Skip(crew_id) => Command::Skip { crew_id, reason: "busy".into() },
            Self::Now(crew_id) => Command::AskNow { crew_id },
            Self::Assign(position, crew_id) => Command::Assign { position, crew_id, reason: "phoned".into() },
            Self::Release(crew_id) => Command::Release { crew_id, reason: "ill".into() },
            Self::Reorder(position, crew_id) => Command::Reorder { position, first: vec![crew_id] },
            Self::Override(gate, crew_id) => Command::Override { gate, crew_id, reason: "rode along".into() },
            Self::Extend(crew_id, until) => Command::Extend { crew_id, until },
            Self::NoShow(crew_id) => Command::NoShow { crew_id, reason: "not seen".into() },
            Self::TurnedUp(position, crew_id) => {
                Command::TurnedUp { position, crew_id, reason: "was seen".into() }
            }
            Self::Hours(None) => Command::Record {
                figures: Figures { actual_hours: Some(Minutes(30)), ..Figures::default() },
                from: None,
            },
            Self::Hours(Some(crew_id)) => {
                let hours_of = [(crew_id, Minutes(15))].into();
                Command::Record { figures: Figures { hours_of, ..Figures::default() }, from: None }
            }
        }
    }
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    Sent,
    Ambiguous,
    Refused,
    Outdated,
}

impl Job {
    /// Who gives it, where that makes a difference.
    pub(crate) fn by(&self) -> Actor {
        match &self.what {
            What::Post(Some(crew_id)) => Actor::Crew(crew_id.clone()),
            What::Post(None) | What::Control(Control::Override(..)) => Actor::Office("Pat".into()),
            _ => Actor::Crewcall,
        }
    }

    /// The command that the server gives, given how the charter stands.
    pub(crate) fn command(&self, state: &CharterState) -> Command {
        match &self.what {
            What::Start => Command::Start,
            What::Cancel => Command::Cancel,
            What::Restore => Command::Restore,
            What::Change { from, to } => Command::Change { from: from.clone(), to: to.clone() },
            What::Confirm(offer, revision) => Command::Confirm { offer: *offer, revision: *revision },
            What::Return(offer) => Command::Return(*offer),
            What::StandBy(offer) => Command::StandBy(*offer),
            What::Control(control) => control.command(),
            What::Post(_) => Command::Post { text: "fog".into() },
            What::Settle => Command::Settle,
            What::Nudge => Command::Recheck,
            What::Accept(offer) => Command::Accept(*offer),
            What::Decline(offer) => Command::Decline(*offer),
            What::Undo(offer) => Command::Undo(*offer),
            What::DropOut(offer) => Command::DropOut(*offer),
            What::SentAgain(offer) => {
                Command::MailSent { notice: Notice::Offer { offer: *offer }, ambiguous: false }
            }
            What::Row(notice, outcome) => {
                let notice = notice.clone();
                match outcome {
                    Outcome::Sent => Command::MailSent { notice, ambiguous: false },
                    Outcome::Ambiguous => Command::MailSent { notice, ambiguous: true },
                    Outcome::Refused => {
                        let email =
                            notice.recipient(state).and_then(|id| format!("{id}@example.com").parse().ok());
                        Command::MailRefused { notice, error: "550 no such user".into(), email }
                    }
                    Outcome::Outdated => Command::MailOutdated { notice, why: "moved on".into() },
                }
            }
        }
    }
}

/// Every job that anyone may set out to do in this world, sensible or not.
pub(crate) fn jobs(world: &World, bounds: &Bounds, members: &[CrewMember]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for charter in 0..world.charters.len() {
        office(world, bounds, charter, members, &mut jobs);
        controls(world, charter, members, &mut jobs);
        afterwards(world, charter, members, &mut jobs);
        if bounds.papers && world.left.controls > 0 {
            let what = |(gate, crew_id)| What::Control(Control::Override(gate, crew_id));
            jobs.extend(gates(members).map(|gate| Job { charter, what: what(gate) }));
        }
        answers(world, charter, &mut jobs);
        jobs.push(Job { charter, what: What::Settle });
        if world.nudges[charter].is_some() {
            jobs.push(Job { charter, what: What::Nudge });
        }
    }
    mails(world, bounds, &mut jobs);
    jobs
}

fn office(world: &World, bounds: &Bounds, charter: usize, members: &[CrewMember], jobs: &mut Vec<Job>) {
    let status = world.charters[charter].item.status();
    if world.left.starts > 0 && matches!(status, CallStatus::Draft | CallStatus::Exhausted) {
        jobs.push(Job { charter, what: What::Start });
    }
    if world.left.cancels > 0 && status != CallStatus::Cancelled {
        jobs.push(Job { charter, what: What::Cancel });
    }
    if status == CallStatus::Cancelled && world.left.restores > 0 {
        jobs.push(Job { charter, what: What::Restore });
    }
    if world.left.posts > 0 {
        let crew = members.iter().map(|member| Some(member.crew_id.clone()));
        jobs.extend(crew.chain([None]).map(|by| Job { charter, what: What::Post(by) }));
    }
    if world.left.changes > 0 {
        let from = &world.charters[charter].item.charter;
        let change = |to| What::Change { from: Box::new(from.clone()), to: Box::new(to) };
        let kinds = match bounds.kinds {
            Changes::Any => 0..5,
            Changes::NotEarlier => 1..5,
            Changes::Moves => 0..2,
        };
        let kinds = changes(from).into_iter().take(kinds.end).skip(kinds.start);
        jobs.extend(kinds.map(|to| Job { charter, what: change(to) }));
    }
}

/// An hour earlier, so that a move can be taken back; an hour later; another dock; a deckhand more; one less, if there
/// is one.
fn changes(charter: &Charter) -> [Charter; 5] {
    let [mut later, mut earlier, mut elsewhere, mut more, mut less] = [(); 5].map(|()| charter.clone());
    for (moved, hours) in [(&mut later, 1), (&mut earlier, -1)] {
        for time in [&mut moved.call_time, &mut moved.departs_at, &mut moved.returns_at] {
            *time += SignedDuration::from_hours(hours);
        }
    }
    elsewhere.dock = if charter.dock == "pier 3" { "pier 4" } else { "pier 3" }.into();
    let deckhands = |charter: &mut Charter, change: fn(u32) -> u32| {
        let known = charter.positions.iter().find(|need| !need.position.is_captain());
        let quantity = change(known.map_or(0, |need| need.quantity));
        charter.positions.truncate(1);
        if quantity > 0 {
            charter.positions.push(PositionNeed { position: rank("deckhand"), quantity });
        }
    };
    deckhands(&mut more, |seats| (seats + 1).min(2));
    deckhands(&mut less, |seats| seats.saturating_sub(1));
    [earlier, later, elsewhere, more, less]
}

/// Whatever the office may come to, sensible or not.
fn controls(world: &World, charter: usize, members: &[CrewMember], jobs: &mut Vec<Job>) {
    if world.left.controls == 0 {
        return;
    }
    let mut give = |control| jobs.push(Job { charter, what: What::Control(control) });
    for control in [Control::Pause, Control::Resume, Control::Stop, Control::Again] {
        give(control);
    }
    for CrewMember { crew_id, rank, .. } in members {
        give(Control::Skip(crew_id.clone()));
        // Where people drop out, the office releases some, too.
        if world.left.drops > 0 {
            give(Control::Release(crew_id.clone()));
        }
        give(Control::Now(crew_id.clone()));
        give(Control::Assign(rank.clone(), crew_id.clone()));
        give(Control::Reorder(rank.clone(), crew_id.clone()));
    }
    for offer in world.charters[charter].item.open_offers() {
        if let Some(reply_by) = offer.reply_by {
            give(Control::Extend(offer.crew_id.clone(), reply_by + SignedDuration::from_hours(1)));
        }
    }
}

/// What the office finds out about who sailed, sensible or not.
fn afterwards(world: &World, charter: usize, members: &[CrewMember], jobs: &mut Vec<Job>) {
    if world.left.afterwards == 0 {
        return;
    }
    let mut give = |control| jobs.push(Job { charter, what: What::Control(control) });
    give(Control::Hours(None));
    for CrewMember { crew_id, rank, .. } in members {
        give(Control::NoShow(crew_id.clone()));
        give(Control::TurnedUp(rank.clone(), crew_id.clone()));
        give(Control::Hours(Some(crew_id.clone())));
    }
}

/// What the office may set aside: a captain's papers, for one or for everyone, and the crew that has to be there.
fn gates(members: &[CrewMember]) -> impl Iterator<Item = (Gate, Option<CrewId>)> {
    let captains = members.iter().filter(|member| member.rank.is_captain());
    let captains = captains.map(|captain| (Gate::Credentials, Some(captain.crew_id.clone())));
    captains.chain([(Gate::Credentials, None), (Gate::Complement, None)])
}

/// Any person may press any button of any mail that they ever got, at any time.
fn answers(world: &World, charter: usize, jobs: &mut Vec<Job>) {
    for offer in &world.charters[charter].item.offers {
        let mut press = |what| jobs.push(Job { charter, what });
        let state = &world.charters[charter].item;
        // A yes that is too late is remembered; where that is not counted, it would only make the world larger.
        let late = offer.closes_at.is_some_and(|closes_at| tick(world.now) >= closes_at);
        let stands_by = state.can_stand_by(offer) || (offer.state.is_open() && late);
        if !stands_by || world.left.lates > 0 {
            press(What::Accept(offer.no));
        }
        if world.left.lates > 0 {
            press(What::StandBy(offer.no));
        }
        press(What::Decline(offer.no));
        if offer.state == OfferState::Reconfirming {
            // As the page is now, and as one was before.
            press(What::Confirm(offer.no, state.revision));
            press(What::Confirm(offer.no, state.revision - 1));
        }
        if offer.state == OfferState::DroppedOut {
            press(What::Return(offer.no));
        }
        if world.left.undos > 0 {
            press(What::Undo(offer.no));
        }
        if world.left.drops > 0 {
            press(What::DropOut(offer.no));
        }
        press(What::SentAgain(offer.no));
    }
}

fn mails(world: &World, bounds: &Bounds, jobs: &mut Vec<Job>) {
    for (charter, notice) in world.outbox.values() {
        let mut row =
            |outcome| jobs.push(Job { charter: *charter, what: What::Row(notice.clone(), outcome) });
        let outdated = notice.outdated(&world.charters[*charter].item).is_some();
        if outdated && bounds.fault != Some(Fault::SendsOutdatedRows) {
            row(Outcome::Outdated);
            continue;
        }
        row(Outcome::Sent);
        if bounds.ambiguous {
            row(Outcome::Ambiguous);
        }
        if world.left.refusals > 0 {
            row(Outcome::Refused);
        }
    }
}
