//! The core, checked over all orders of events: doubled answers, late ones, slow and dying servers.
//!
//! The model is the caller's side of the contract with the rules, and as small as that allows:
//!
//! * [`store`]: the items of the store with their versions; load, decide, commit all or nothing;
//! * [`actions`]: what anyone may do at any moment, sensible or not;
//! * [`invariants`] holds of every state, [`commits`] of every step;
//! * [`worlds`]: which worlds are visited, and how large they are;
//! * [`planted`]: faults of the caller that have to be caught.
//!
//! A world is finite because starts, undos, drop-outs, late answers, changes, cancellations, restores, refusals,
//! messages, changes of the roster, steps of the office and what it finds out are counted, and the clock ends. No world has quiet hours,
//! an outage, or an order by sails: these the seasons play, and stories tell. What is left out beside that changes
//! nothing, for these reasons:
//!
//! * A commit that loses writes nothing. So a server that would lose may as well be idle, one that
//!   dies may as well be slow for ever, and two decisions in hand matter only across charters or
//!   across the clock; where `held` is 1, the other server commits at once, and only the worlds with
//!   `held: 2` keep two decisions in hand.
//! * On two charters only decisions that write somebody's commitments are held: others share no item.
//! * Rows of mails other than offers (outside of the world that has them all), and rows of void
//!   offers, go at once: what follows from their going is a line of the audit.
//! * [`world`] says when two states are the same. A decision in hand calls offers by number, which a
//!   state does not; so the number of states differs by a few from run to run, as the threads go.

mod actions;
mod bounds;
mod commits;
mod invariants;
mod planted;
mod roster;
mod store;
mod world;
mod worlds;

use std::sync::Arc;
use std::time::Instant;

use crewcall_dispatch::cascade::book;
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::policy::{LateYes, Policy};
use jiff::SignedDuration;
use stateright::{Checker, HasDiscoveries, Model, Property};

use actions::{Action, Job, What, jobs};
use bounds::Bounds;
use commits::Step;
use store::Office;
use world::{Held, History, Versioned, World};

impl Office {
    fn new(bounds: Bounds) -> Self {
        let mut members = roster::captains(bounds.captains);
        members.extend(roster::deckhands(bounds.deckhands));
        // With grace, an offer sent at tick 1 can still be answered at tick 2, and is closed at 3.
        let (window, grace) = if bounds.grace { (60, 30) } else { (45, 15) };
        let mut policy = Policy {
            response_window: SignedDuration::from_mins(window),
            grace: SignedDuration::from_mins(grace),
            // Where nobody takes a yes back, who cannot sail after all drops out at once.
            undo_window: SignedDuration::from_mins(if bounds.left.undos > 0 { 90 } else { 0 }),
            turnaround: SignedDuration::from_mins(30),
            restart_grace: SignedDuration::from_mins(15),
            late_yes: if bounds.takes_late_yes { LateYes::Take } else { LateYes::Office },
            ask_at_once: bounds.at_once,
            vessels: bounds.papers.then(roster::vessel).into_iter().collect(),
            ..Policy::default()
        };
        if bounds.at_once > 1 {
            policy.shortest_window = policy.response_window;
        }
        let others = members.iter().map(roster::contrary).collect();
        Self { members, others, policy, key: LinkKey::new([7; 32], "jada"), bounds }
    }

    /// Loads and decides; a decision with nothing to write is none.
    fn decision(&self, world: &World, job: &Job) -> Result<Option<Held>, Box<World>> {
        match self.load_and_decide(world, job) {
            Ok(held) => {
                let row = matches!(job.what, What::Row(..) | What::Nudge);
                Ok((row || !held.decision.events.is_empty()).then_some(held))
            }
            Err(rejection) if commits::refusal_is_right(world, job, &rejection) => Ok(None),
            Err(_) => Err(Box::new(World {
                broken: Some("6 an accept that is open and in time wins"),
                ..world.clone()
            })),
        }
    }

    fn write(&self, before: &World, held: &Held) -> Option<World> {
        let mut after = self.commit(before, held)?;
        if !held.decision.events.is_empty() && after.broken.is_none() {
            after.broken = commits::broken(&Step { office: self, before, held, after: &after });
        }
        self.forget_losers(&mut after);
        Some(after)
    }

    /// A decision in hand that would lose leaves no trace.
    fn forget_losers(&self, world: &mut World) {
        if self.bounds.fault.is_none() && self.bounds.held < 2 {
            let kept = world.held.iter().filter(|held| world.is_fresh(held)).cloned().collect();
            world.held = kept;
        }
    }
}

impl Model for Office {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let context = self.context(0);
        let bounds = &self.bounds;
        let booked = (0..bounds.charters).map(|index| {
            let charter = roster::charter(index, bounds.seats, bounds.departs);
            book(charter, &context).expect("a sail ahead")
        });
        let booked: Vec<_> = booked.collect();
        // A usual crew may name people who are not on the roster.
        let ids = self.members.iter().flat_map(|member| member.paired_crew.iter().chain([&member.crew_id]));
        let people = ids.map(|id| (id.clone(), Versioned::new(Commitments::none(id.clone()))));
        let mut world = World {
            now: 0,
            loaded: Default::default(),
            people: people.collect(),
            outbox: Default::default(),
            nudges: vec![None; booked.len()],
            nudge_count: 0,
            held: Vec::new(),
            left: bounds.left,
            other_word: Default::default(),
            reached: Default::default(),
            told: Default::default(),
            history: booked.iter().map(|booked| History::Start.then(&booked.events)).collect(),
            charters: booked.into_iter().map(|booked| Versioned::new(booked.state)).collect(),
            broken: None,
        };
        world.loaded = Arc::new(self.everyone(&world));
        vec![world]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.broken.is_some() {
            return;
        }
        for job in jobs(world, &self.bounds, &self.members) {
            if world.held.len() < self.bounds.held {
                actions.push(Action::Hold(job.clone()));
            }
            actions.push(Action::Do(job));
        }
        actions.extend((0..world.held.len()).map(Action::Commit));
        if self.bounds.held > 1 {
            actions.extend((0..world.held.len()).map(Action::Crash));
        }
        if world.left.rosters > 0 {
            actions.extend(self.members.iter().map(|member| Action::Says(member.crew_id.clone())));
        }
        if world.now < self.bounds.ticks {
            actions.push(Action::Tick);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        match action {
            Action::Do(job) => match self.decision(world, &job) {
                Ok(held) => self.write(world, &held?),
                Err(broken) => Some(*broken),
            },
            Action::Hold(job) => {
                let held = self.decision(world, &job).ok()??;
                let alone = held.decision.commitments.is_empty() && job.what != What::Nudge;
                if self.bounds.charters > 1 && alone {
                    // It shares no item with the other charter: early or late, the same follows.
                    return None;
                }
                let mut world = world.clone();
                world.held.push(held);
                Some(world)
            }
            Action::Commit(index) => {
                let mut idle = world.clone();
                let held = idle.held.remove(index);
                self.write(&idle, &held).or(Some(idle))
            }
            Action::Crash(index) => {
                let mut world = world.clone();
                world.held.remove(index);
                Some(world)
            }
            Action::Says(crew_id) => {
                let mut after = self.says(world, &crew_id);
                self.forget_losers(&mut after);
                Some(after)
            }
            Action::Tick => Some(World { now: world.now + 1, ..world.clone() }),
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        macro_rules! rules {
            ($($index:literal)*) => {
                vec![$(Property::always(invariants::RULES[$index].0, |office, world| {
                    (invariants::RULES[$index].1)(office, world)
                })),*]
            };
        }
        let mut rules = rules!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14);
        rules.push(Property::always("each step", |_, world: &World| world.broken.is_none()));
        rules
    }
}

/// Visits every state of a world, prints how many there were, and returns the rules that were
/// broken, each with the way there.
fn explore(bounds: Bounds) -> Vec<(String, String)> {
    let began = Instant::now();
    let checker = Office::new(bounds).checker().threads(2).finish_when(HasDiscoveries::Any);
    let checker = checker.spawn_bfs().join();
    let states = checker.unique_state_count();
    println!(
        "{}: {states} states, {} steps, depth {}, {:.1?}",
        bounds.name,
        checker.state_count(),
        checker.max_depth(),
        began.elapsed()
    );
    let discoveries = checker.discoveries().into_iter().map(|(rule, path)| {
        let broken = path.last_state().broken.unwrap_or(rule);
        let way = path.into_actions().iter().map(|action| format!("  {action:?}\n")).collect();
        (broken.to_owned(), way)
    });
    discoveries.collect()
}

/// A world in which everything has to hold.
fn check(bounds: Bounds) {
    let broken = explore(bounds);
    let report: String = broken.iter().map(|(rule, way)| format!("{rule}:\n{way}")).collect();
    assert!(broken.is_empty(), "in {}\n{report}", bounds.name);
}
