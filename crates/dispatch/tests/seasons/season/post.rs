//! The outbox: a row is claimed, handed over, and told of; and what arrives is read.

use crewcall_dispatch::cascade::{Actor, Command, Notice, OfferState};
use crewcall_dispatch::model::{CharterId, Email};
use jiff::SignedDuration;

use super::server::Task;
use super::{Event, Season};
use crate::people::{self, Press};
use crate::store::Job;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    /// The answer was lost; the mail arrived, or not.
    Ambiguous(bool),
    Refused,
    Unavailable,
}

impl Season {
    /// One row of the outbox.
    pub(super) fn work(&mut self, server: usize, key: &str) {
        let Some(row) = self.store.outbox.get(key).cloned() else { return };
        let notice = match row.job {
            Job::Mail(notice) => notice,
            Job::Nudge(charters) => {
                for charter in charters {
                    // However slow, the row goes only once this is done.
                    let task = Task::new(charter, Command::Recheck, Actor::Crewcall);
                    let before = self.store.charter(&task.charter).item.clone();
                    if let Ok(held) = self.decide(server, &task) {
                        self.commit(server, task, held, before);
                    }
                }
                return self.store.delete_row(key);
            }
        };
        let state = self.store.charter(&row.charter).item.clone();
        let lost_answers = row.lost_answers + u32::from(row.in_flight);
        let outdated = notice.outdated(&state);
        let finish = |command| Task {
            row: Some((key.to_owned(), row.version)),
            ..Task::new(row.charter.clone(), command, Actor::Crewcall)
        };
        if lost_answers >= 2 || (lost_answers > 0 && outdated.is_some()) {
            let _ = self.give(server, finish(Command::MailSent { notice, ambiguous: true }));
            return;
        }
        if let Some(why) = outdated {
            let _ = self.give(server, finish(Command::MailOutdated { notice, why: why.to_owned() }));
            return;
        }
        // The claim.
        if let Notice::Offer { offer } = &notice
            && state.offer(*offer).is_none_or(|offer| !offer.state.is_open())
        {
            self.broken.get_or_insert(format!("13 a void offer is mailed: {offer} of {}", row.charter));
        }
        let due_at = self.clock(server) + SignedDuration::from_secs(20);
        self.store.change_row(key, |row| {
            (row.in_flight, row.lost_answers, row.due_at) = (true, lost_answers, due_at);
            row.attempts += 1;
        });
        let outcome = match self.rng.u32(0..1_000) {
            _ if self.address(&row.charter, &notice) == Some(None) => Outcome::Refused,
            _ if self.calm => Outcome::Sent,
            0..10 => Outcome::Refused,
            10..40 => Outcome::Unavailable,
            40..60 => Outcome::Ambiguous(self.rng.bool()),
            _ => Outcome::Sent,
        };
        let (life, version) = (self.servers[server].life, row.version + 1);
        let seconds = self.rng.i64(0..4);
        self.after(seconds, Event::Handed { server, life, key: key.to_owned(), version, outcome });
        if self.chance(1) && self.chance(20) {
            self.servers[server].alive = false;
            let minutes = self.rng.i64(1..10);
            self.after(minutes * 60, Event::Start(server));
        }
    }

    /// Where a mail goes to that is not for the office, if there is such an address.
    fn address(&self, charter: &CharterId, notice: &Notice) -> Option<Option<Email>> {
        let to = notice.recipient(&self.store.charter(charter).item)?;
        Some(self.store.roster.get(to).and_then(|member| member.email.clone()))
    }

    pub(super) fn handed(&mut self, server: usize, life: u32, key: &str, version: u64, outcome: Outcome) {
        let Some(row) = self.store.outbox.get(key).cloned() else { return };
        let Job::Mail(notice) = row.job.clone() else { return };
        if matches!(outcome, Outcome::Sent | Outcome::Ambiguous(true)) {
            self.arrive(&row.charter, &notice);
        }
        if !self.servers[server].alive || self.servers[server].life != life || row.version != version {
            return;
        }
        let now = self.clock(server);
        let command = match outcome {
            Outcome::Sent => Command::MailSent { notice, ambiguous: row.lost_answers > 0 },
            Outcome::Refused => {
                let email = self.address(&row.charter, &notice).flatten();
                Command::MailRefused { notice, error: "550 no such user".into(), email }
            }
            Outcome::Ambiguous(_) if row.lost_answers >= 1 => Command::MailSent { notice, ambiguous: true },
            Outcome::Ambiguous(_) => {
                return self.store.change_row(key, |row| {
                    (row.in_flight, row.due_at) = (false, now + SignedDuration::from_mins(1));
                    row.lost_answers += 1;
                });
            }
            Outcome::Unavailable => {
                let pause = SignedDuration::from_secs(15 << row.attempts.min(5));
                return self.store.change_row(key, |row| (row.in_flight, row.due_at) = (false, now + pause));
            }
        };
        let task =
            Task { row: Some((key.to_owned(), version)), ..Task::new(row.charter, command, Actor::Crewcall) };
        let _ = self.give(server, task);
    }

    /// A mail is in somebody's inbox.
    pub(super) fn arrive(&mut self, charter: &CharterId, notice: &Notice) {
        let (Notice::Offer { offer } | Notice::Changed { offer, .. } | Notice::Assigned { offer }) = notice
        else {
            return;
        };
        let state = self.store.charter(charter).item.clone();
        let Some(theirs) = state.offer(*offer) else { return };
        let (now, served) = (self.now, self.served);
        if matches!(notice, Notice::Offer { .. }) {
            if theirs.state == OfferState::Undeliverable {
                return;
            }
            self.arrived.entry((charter.clone(), *offer)).or_insert((now, served));
        }
        let window = self.policy.response_window;
        for (after, button) in people::reactions(&mut self.rng, window) {
            let press = Press {
                charter: charter.clone(),
                crew_id: theirs.crew_id.clone(),
                offer: *offer,
                button,
                tries: 0,
            };
            self.at(now + after, Event::Press(press));
        }
    }
}
