//! The servers: their clocks and signs of life, and how they decide and commit.

use std::sync::Arc;

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CharterState, Command, Context, Fact, Rejection, Stop, decide,
};
use crewcall_dispatch::model::CharterId;
use crewcall_dispatch::signs::{DOWN_AFTER, Heartbeat};
use jiff::{SignedDuration, Timestamp};

use super::{Event, Season};
use crate::office;
use crate::rules;
use crate::store::{Held, Lost};

/// A server: whether it runs, since when, and how wrong its clock is.
pub(crate) struct Server {
    pub(crate) alive: bool,
    pub(super) since: Timestamp,
    pub(super) offset: SignedDuration,
    /// How often it was started. Whatever an earlier life had in hand is gone.
    pub(super) life: u32,
}

/// A command with what has to be known to give it again.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) charter: CharterId,
    pub(crate) command: Command,
    pub(crate) by: Actor,
    /// What is said along with it.
    pub(crate) comment: Option<&'static str>,
    pub(super) row: Option<(String, u64)>,
}

impl Task {
    pub(super) fn new(charter: CharterId, command: Command, by: Actor) -> Self {
        Self { charter, command, by, comment: None, row: None }
    }
}

impl Season {
    /// A server that runs; none if all are down.
    pub(super) fn server(&mut self) -> Option<usize> {
        let alive: Vec<usize> = (0..self.servers.len()).filter(|n| self.servers[*n].alive).collect();
        (!alive.is_empty()).then(|| *office::pick(&mut self.rng, &alive))
    }

    /// What the clock of a server says.
    pub(crate) fn clock(&self, server: usize) -> Timestamp {
        self.now + self.servers[server].offset
    }

    /// The signs of life that the servers have left by now.
    pub(super) fn beat(&mut self) {
        let alive: Vec<usize> = (0..self.servers.len()).filter(|n| self.servers[*n].alive).collect();
        // Whoever ran all the while has left one every half a minute. One whose clock is ahead takes each of those
        // of the others for the end of a downtime, and says so below.
        let ran = alive.iter().filter(|n| self.servers[**n].since <= self.beaten_at);
        let all_the_while = ran.min_by_key(|n| self.servers[**n].offset);
        if let (true, Some(server), Some(last)) = (self.pages, all_the_while, &self.store.beat) {
            let at = self.clock(*server) - SignedDuration::from_secs(20);
            if last.served_at.is_some_and(|served_at| served_at < at) {
                self.store.beat = Some(Heartbeat::through(self.store.beat.as_ref(), at));
            }
        }
        self.sign();
        self.beaten_at = self.now;
    }

    /// A sign of life of each server by its clock as it is now.
    fn sign(&mut self) {
        for server in (0..self.servers.len()).filter(|n| self.servers[*n].alive).collect::<Vec<_>>() {
            let (last, clock) = (self.store.beat.as_ref(), self.clock(server));
            let beat = if self.pages {
                Heartbeat::serving(last, clock, DOWN_AFTER)
            } else {
                Heartbeat::without_pages(last, clock)
            };
            if let Some(beat) = beat {
                self.store.beat = Some(beat);
            }
        }
    }

    /// The clock of a server jumps. Nobody lived through the time in between by it.
    pub(super) fn step_clock(&mut self, server: usize, offset: SignedDuration) {
        self.beat();
        self.servers[server].offset = offset;
        self.sign();
    }

    /// Sees to it that somebody looks when something is due.
    pub(super) fn look_later(&mut self) {
        let Some(due) = self.store.next_due() else { return };
        let soon = self.now + SignedDuration::from_secs(1);
        let look = due.max(soon).max(self.not_before) + SignedDuration::from_secs(self.rng.i64(0..4));
        if self.next_look.is_none_or(|next| look < next) {
            self.next_look = Some(look);
            self.at(look, Event::Look);
        }
    }

    /// A server does what is due by its clock.
    pub(super) fn look(&mut self) {
        self.next_look = None;
        self.beat();
        let Some(server) = self.server() else {
            self.not_before = self.now + SignedDuration::from_mins(1);
            return;
        };
        let now = self.clock(server);
        for charter in self.store.due_charters(now) {
            if self.broken.is_some() || !self.servers[server].alive {
                return;
            }
            let task = Task::new(charter, Command::Settle, Actor::Crewcall);
            let _ = self.give(server, task);
        }
        for key in self.store.due_rows(now) {
            if self.broken.is_some() || !self.servers[server].alive {
                return;
            }
            self.work(server, &key);
        }
        // Another clock, or a slow server: the next look is not at once.
        if self.store.next_due().is_some_and(|due| due <= self.now) {
            self.not_before = self.now + SignedDuration::from_secs(30);
        }
    }

    /// Whether somebody who presses a button now gets an answer.
    pub(super) fn serves(&self) -> bool {
        self.pages && self.servers.iter().any(|server| server.alive)
    }

    /// The pages go down, or are back; the servers go on with what is due.
    pub(super) fn turn_pages(&mut self, on: bool) {
        self.beat();
        self.pages = on;
        self.sign();
    }

    pub(super) fn context(&self, now: Timestamp, by: Actor) -> Context<'_> {
        Context {
            now,
            policy: &self.policy,
            zone: &self.zone,
            find_zone: |_| None,
            key: &self.key,
            outage: self.store.beat.as_ref().and_then(|beat| beat.outage),
            can_answer: self.store.beat.as_ref().is_none_or(|beat| !beat.pages_are_down(now)),
            by,
            via: "season",
            comment: None,
        }
    }

    pub(super) fn decide(&self, server: usize, task: &Task) -> Result<Held, Rejection> {
        let charter = self.store.charter(&task.charter);
        let clock = self.clock(server);
        let context = Context { comment: task.comment, ..self.context(clock, task.by.clone()) };
        let decision = match decide(&charter.item, &self.store.loaded, &task.command, &context) {
            Ok(decision) => decision,
            Err(Stop::Rejected(rejection)) => return Err(rejection),
            Err(Stop::Need(need)) => panic!("everyone is here, and still {need:?}"),
        };
        let versions = decision.commitments.iter().map(|item| &item.crew_id);
        let people_versions = versions.map(|id| (id.clone(), self.store.people[id].version)).collect();
        let step = rules::Step { season: self, task, before: &charter.item, decision: &decision, clock };
        let wrong = rules::decided(&step);
        Ok(Held { decision, charter_version: charter.version, people_versions, row: task.row.clone(), wrong })
    }

    /// A server decides, and commits at once or a while later.
    pub(super) fn give(&mut self, server: usize, task: Task) -> Result<(), Rejection> {
        if self.broken.is_some() {
            return Ok(());
        }
        self.beat();
        let held = self.decide(server, &task)?;
        if self.chance(4) {
            let life = self.servers[server].life;
            let seconds = *office::pick(&mut self.rng, &[1, 5, 30, 300]);
            self.after(seconds, Event::Commit { server, life, task, held: Box::new(held) });
            return Ok(());
        }
        let before = self.store.charter(&task.charter).item.clone();
        self.commit(server, task, held, before);
        Ok(())
    }

    /// Writes a decision; if somebody was faster, decides again.
    pub(super) fn commit(&mut self, server: usize, task: Task, held: Held, before: Arc<CharterState>) {
        let (mut held, mut before) = (held, before);
        for _ in 0..64 {
            let step = rules::Step {
                season: self,
                task: &task,
                before: &before,
                decision: &held.decision,
                // A slow server commits what was right when it was decided, unless somebody was faster.
                clock: held.decision.events.first().map_or(self.clock(server), |event| event.at),
            };
            // What changes nothing is not written, and may be old.
            let wrong = if held.decision.events.is_empty() { None } else { rules::step(&step) };
            let wrong = held.wrong.take().or(wrong);
            let events = held.decision.events.clone();
            match self.store.commit(held, self.clock(server)) {
                Ok(()) => {
                    self.facts += events.len() as u64;
                    self.tell(server, &task, &events);
                    if let Some(wrong) = wrong {
                        self.fail(wrong, &task);
                    }
                    return;
                }
                Err(Lost::Row) => return,
                Err(Lost::Race) => {
                    before = self.store.charter(&task.charter).item.clone();
                    held = match self.decide(server, &task) {
                        Ok(held) => held,
                        Err(_) => return,
                    };
                }
            }
        }
        self.fail("a commit loses for ever".into(), &task);
    }

    pub(super) fn fail(&mut self, wrong: String, task: &Task) {
        let Task { charter, command, by, .. } = task;
        self.broken.get_or_insert(format!("{wrong}\n  at {} on {charter}: {command:?} by {by:?}", self.now));
    }

    pub(super) fn tell(&self, server: usize, task: &Task, events: &[AuditEvent]) {
        if self.trace {
            let clock = self.clock(server);
            println!("{} server {server} ({clock}) {}: {:?}", self.now, task.charter, task.command);
            for event in events {
                let what = match &event.fact {
                    Fact::CharterBooked { .. } => "booked".to_owned(),
                    fact => format!("{fact:?}"),
                };
                println!("    {} {what}", event.seq);
            }
        }
    }
}
