//! The caller's part of the contract: load, decide, commit all or nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crewcall_dispatch::cascade::{Actor, Context, Decision, Need, Notice, People, Rejection, Stop, decide};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{CrewId, CrewMember, Rank};
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;

use crate::actions::{Job, Outcome, What};
use crate::bounds::Bounds;
use crate::planted::Fault;
use crate::roster::{rank, tick};
use crate::world::{Held, World};

/// What does not change: the people's records, of which each has two, and the operator's settings.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) members: Vec<CrewMember>,
    /// The same people, of whose day the roster says the contrary.
    pub(crate) others: Vec<CrewMember>,
    pub(crate) policy: Policy,
    pub(crate) key: LinkKey,
    pub(crate) bounds: Bounds,
}

impl Office {
    /// What the rules are told beside the store's items.
    pub(crate) fn context(&self, now: u8) -> Context<'_> {
        static UTC: TimeZone = TimeZone::UTC;
        Context {
            now: tick(now),
            policy: &self.policy,
            zone: &UTC,
            find_zone: |_| None,
            key: &self.key,
            outage: None,
            can_answer: true,
            by: Actor::Crewcall,
            via: "model",
            comment: None,
        }
    }

    /// Loads what the decision needs, noting the versions, and decides.
    pub(crate) fn load_and_decide(&self, world: &World, job: &Job) -> Result<Held, Rejection> {
        let early = self.bounds.fault == Some(Fault::ClockRunsAhead) && job.what == What::Settle;
        let context = self.context(if early { world.now + 1 } else { world.now });
        let context = Context { by: job.by(), ..context };
        let charter = &world.charters[job.charter];
        let (mut people, mut people_versions) = (People::default(), BTreeMap::new());
        if self.bounds.held < 2 {
            // Large worlds bring everyone at once; the small ones show that asking step by step does it.
            let decision = match decide(&charter.item, &world.loaded, &job.command(&charter.item), &context) {
                Ok(decision) => decision,
                Err(Stop::Rejected(rejection)) => return Err(rejection),
                Err(Stop::Need(need)) => panic!("everyone is here, and still {need:?}"),
            };
            let written = decision.commitments.iter().map(|written| &written.crew_id);
            people_versions.extend(written.map(|id| (id.clone(), world.people[id].version)));
            return Ok(Held {
                job: job.clone(),
                decided: world.now,
                charter_version: charter.version,
                people_versions,
                nudge: world.nudges[job.charter],
                decision: Arc::new(decision),
            });
        }
        let decision = loop {
            match decide(&charter.item, &people, &job.command(&charter.item), &context) {
                Ok(decision) => break decision,
                Err(Stop::Rejected(rejection)) => return Err(rejection),
                Err(Stop::Need(Need::Charters(_))) => unreachable!("no decision looks at other charters"),
                Err(Stop::Need(Need::Rank(rank))) => {
                    people.insert_rank(rank.clone(), self.of_rank(world, &rank));
                }
                Err(Stop::Need(Need::People(ids))) => {
                    for id in ids {
                        people_versions.insert(id.clone(), world.people[&id].version);
                        people.insert(self.member(world, &id), self.commitments(world, &id));
                    }
                }
                Err(Stop::Need(Need::Commitments(ids))) => {
                    for id in ids {
                        people_versions.insert(id.clone(), world.people[&id].version);
                        people.insert_commitments(self.commitments(world, &id));
                    }
                }
            }
        };
        Ok(Held {
            job: job.clone(),
            decided: world.now,
            charter_version: charter.version,
            people_versions,
            nudge: world.nudges[job.charter],
            decision: Arc::new(decision),
        })
    }

    /// Everyone, as the store has them.
    pub(crate) fn everyone(&self, world: &World) -> People {
        let mut people = People::default();
        for id in world.people.keys() {
            people.insert(self.member(world, id), self.commitments(world, id));
        }
        for rank in ["captain", "deckhand"].map(rank) {
            let of_rank = self.of_rank(world, &rank);
            people.insert_rank(rank, of_rank);
        }
        people
    }

    /// Somebody's record as it is now.
    pub(crate) fn member(&self, world: &World, id: &CrewId) -> Option<CrewMember> {
        let records = if world.other_word.contains(id) { &self.others } else { &self.members };
        records.iter().find(|member| member.crew_id == *id).cloned()
    }

    fn of_rank(&self, world: &World, rank: &Rank) -> Vec<CrewMember> {
        let of_rank = self.members.iter().filter(|member| member.rank == *rank);
        of_rank.filter_map(|member| self.member(world, &member.crew_id)).collect()
    }

    /// The roster says the contrary of somebody's day: their commitments are written along as they are, so that a
    /// decision by the old record loses; and every charter that asks them or has them aboard is looked at again.
    pub(crate) fn says(&self, before: &World, id: &CrewId) -> World {
        let mut world = before.clone();
        if !world.other_word.remove(id) {
            world.other_word.insert(id.clone());
        }
        world.left.rosters -= 1;
        let commitments = self.commitments(&world, id);
        world.people.entry(id.clone()).and_modify(|item| item.replace(commitments.clone()));
        for entry in &commitments.entries {
            let index = world.charters.iter().position(|c| c.item.charter.charter_id == entry.charter_id);
            world.nudge_count += 1;
            world.nudges[index.expect("a charter of this world")] = Some(world.nudge_count);
        }
        let member = self.member(&world, id).expect("somebody on the roster");
        let of_rank = self.of_rank(&world, &member.rank);
        let loaded = Arc::make_mut(&mut world.loaded);
        loaded.insert_rank(member.rank.clone(), of_rank);
        loaded.insert(Some(member), commitments);
        world
    }

    fn commitments(&self, world: &World, id: &CrewId) -> Commitments {
        (*world.people[id].item).clone()
    }

    /// Writes the decision, all or nothing. `None`: somebody else was faster.
    pub(crate) fn commit(&self, before: &World, held: &Held) -> Option<World> {
        let fault = self.bounds.fault;
        let charter_holds =
            before.charter_is_fresh(held) || fault == Some(Fault::CommitIgnoresTheChartersVersion);
        let people_hold = before.people_are_fresh(held) || fault == Some(Fault::CommitIgnoresCommitments);
        if !charter_holds || !people_hold {
            return None;
        }
        let mut world = before.clone();
        self.finish_rows(&mut world, held);
        let decision = &*held.decision;
        if decision.events.is_empty() {
            return Some(world);
        }
        let charter = held.job.charter;
        world.charters[charter].replace(decision.state.clone());
        if fault != Some(Fault::CommitForgetsCommitments) {
            for written in &decision.commitments {
                world.people.entry(written.crew_id.clone()).and_modify(|item| item.replace(written.clone()));
                let commitments = self.commitments(&world, &written.crew_id);
                Arc::make_mut(&mut world.loaded).insert_commitments(commitments);
            }
        }
        self.insert_mails(&mut world, charter, decision);
        if fault != Some(Fault::DropsNudges) {
            for nudged in &decision.nudges {
                let index = world.charters.iter().position(|c| c.item.charter.charter_id == *nudged);
                world.nudge_count += 1;
                world.nudges[index.expect("a charter of this world")] = Some(world.nudge_count);
            }
        }
        if !self.bounds.all_rows && fault.is_none() {
            // An offer's row that is void once is void for ever. Whenever it goes, nothing follows.
            let World { charters, outbox, .. } = &mut world;
            outbox.retain(|_, (charter, notice)| notice.outdated(&charters[*charter].item).is_none());
        }
        world.history[charter] = world.history[charter].then(&decision.events);
        spend(&mut world, &held.job);
        Some(world)
    }

    /// The row that the job was about is done, in the same commit.
    fn finish_rows(&self, world: &mut World, held: &Held) {
        let charter = held.job.charter;
        match &held.job.what {
            What::Row(notice, outcome) => {
                let done = world.outbox.iter().find(|(_, row)| row.0 == charter && row.1 == *notice);
                if let Some(key) = done.map(|(key, _)| key.clone()) {
                    world.outbox.remove(&key);
                }
                if let (Notice::Offer { offer }, Outcome::Sent | Outcome::Ambiguous) = (notice, outcome) {
                    world.reached.insert((charter, *offer));
                }
            }
            What::SentAgain(offer) => {
                world.reached.insert((charter, *offer));
            }
            What::Nudge if world.nudges[charter] == held.nudge => world.nudges[charter] = None,
            _ => {}
        }
    }

    fn insert_mails(&self, world: &mut World, charter: usize, decision: &Decision) {
        for mail in &decision.mails {
            match &mail.notice {
                Notice::Rescinded { offer, .. } => {
                    world.told.insert((charter, *offer));
                }
                Notice::Cancelled { to } => {
                    let theirs = decision.state.offers.iter().filter(|offer| offer.crew_id == *to);
                    world.told.extend(theirs.map(|offer| (charter, offer.no)));
                }
                _ => {}
            }
            let asks = matches!(mail.notice, Notice::Offer { .. } | Notice::Changed { .. });
            if self.bounds.fault == Some(Fault::LosesMails) || !(asks || self.bounds.all_rows) {
                continue;
            }
            if world.outbox.insert(mail.key.clone(), (charter, mail.notice.clone())).is_some() {
                world.broken = Some("13 a row of the outbox is written once");
            }
        }
    }
}

fn spend(world: &mut World, job: &Job) {
    let left = &mut world.left;
    match &job.what {
        What::Start => left.starts = left.starts.saturating_sub(1),
        What::Undo(_) => left.undos = left.undos.saturating_sub(1),
        What::DropOut(_) => left.drops = left.drops.saturating_sub(1),
        What::Restore => left.restores = left.restores.saturating_sub(1),
        What::StandBy(_) => left.lates = left.lates.saturating_sub(1),
        What::Change { .. } => left.changes = left.changes.saturating_sub(1),
        What::Post(_) => left.posts = left.posts.saturating_sub(1),
        What::Cancel => left.cancels = left.cancels.saturating_sub(1),
        What::Control(control) if control.is_afterwards() => {
            left.afterwards = left.afterwards.saturating_sub(1);
        }
        What::Control(_) => left.controls = left.controls.saturating_sub(1),
        What::Row(_, Outcome::Refused) => left.refusals = left.refusals.saturating_sub(1),
        _ => {}
    }
}
