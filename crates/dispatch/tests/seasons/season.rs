//! One season, from its seed: what happens next, on which server, and with which clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CharterState, Command, Context, Fact, Notice, OfferNo, Rejection, Stop, book, decide,
};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use crewcall_dispatch::policy::Policy;
use crewcall_dispatch::signs::Heartbeat;
use fastrand::Rng;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::office::{self, BEFORE, CHARTERS, DAYS};
use crate::people::{self, Press};
use crate::rules;
use crate::store::{Held, Job, Lost, Store};

/// A server: whether it runs, since when, and how wrong its clock is.
pub(crate) struct Server {
    pub(crate) alive: bool,
    since: Timestamp,
    offset: SignedDuration,
    /// How often it was started. Whatever an earlier life had in hand is gone.
    life: u32,
}

/// What happens at a moment.
enum Event {
    Book(usize),
    Office {
        charter: CharterId,
        command: Option<Command>,
    },
    Press(Press),
    Roster,
    Look,
    /// A server commits what it had decided a while ago.
    Commit {
        server: usize,
        life: u32,
        task: Task,
        held: Box<Held>,
    },
    /// A mail has been handed over, or not.
    Handed {
        server: usize,
        life: u32,
        key: String,
        version: u64,
        outcome: Outcome,
    },
    Crash {
        server: usize,
        minutes: i64,
    },
    Start(usize),
    Step {
        server: usize,
        offset: SignedDuration,
    },
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Sent,
    /// The answer was lost; the mail arrived, or not.
    Ambiguous(bool),
    Refused,
    Unavailable,
}

/// A command with what has to be known to give it again.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) charter: CharterId,
    pub(crate) command: Command,
    pub(crate) by: Actor,
    row: Option<(String, u64)>,
}

pub(crate) struct Season {
    pub(crate) rng: Rng,
    pub(crate) now: Timestamp,
    pub(crate) store: Store,
    pub(crate) policy: Policy,
    pub(crate) servers: Vec<Server>,
    /// When the mail of an offer arrived, and for how long until then people could have answered.
    pub(crate) arrived: HashMap<(CharterId, OfferNo), (Timestamp, SignedDuration)>,
    /// How long at least one server was up, until the last event.
    pub(crate) served: SignedDuration,
    /// What went wrong first.
    pub(crate) broken: Option<String>,
    pub(crate) facts: u64,
    zone: TimeZone,
    key: LinkKey,
    agenda: BTreeMap<(Timestamp, u64), Event>,
    numbered: u64,
    next_look: Option<Timestamp>,
    not_before: Timestamp,
    beaten_at: Timestamp,
    ends: Timestamp,
    booked: Vec<crewcall_dispatch::model::Charter>,
    people: Vec<CrewId>,
    trace: bool,
    /// Nothing fails any more: the season is brought to its end.
    calm: bool,
}

impl Season {
    pub(crate) fn new(seed: u64, trace: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let begins: Timestamp = "2026-06-01T07:00:00Z".parse().expect("an instant");
        let days = BEFORE + DAYS + 3;
        let zone = TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").expect("a zone");
        let first_day = zone.to_datetime(begins).date();
        let members = people::roster(&mut rng, first_day, days);
        let people = members.iter().map(|member| member.crew_id.clone()).collect();
        let policy = office::policy(&mut rng);
        let servers = (0..rng.usize(2..=3)).map(|_| Server {
            alive: true,
            since: begins,
            offset: SignedDuration::ZERO,
            life: 0,
        });
        let servers = servers.collect();
        let mut season = Self {
            now: begins,
            store: Store::with(members),
            policy,
            servers,
            arrived: HashMap::new(),
            served: SignedDuration::ZERO,
            broken: None,
            facts: 0,
            zone,
            key: LinkKey::new([7; 32], "jada"),
            agenda: BTreeMap::new(),
            numbered: 0,
            next_look: None,
            not_before: begins,
            beaten_at: begins,
            ends: begins + SignedDuration::from_hours(24 * i64::from(days)),
            booked: Vec::new(),
            people,
            trace,
            calm: false,
            rng,
        };
        season.plan(begins);
        season
    }

    /// Puts into the agenda what comes whatever happens.
    fn plan(&mut self, begins: Timestamp) {
        for n in 0..CHARTERS {
            let charter = office::charter(&mut self.rng, n, begins);
            let at = office::booked_at(&mut self.rng, &charter, begins);
            self.booked.push(charter);
            self.at(at, Event::Book(n));
        }
        for _ in 0..40 {
            let at = people::between(&mut self.rng, begins, self.ends);
            self.at(at, Event::Roster);
        }
        for _ in 0..self.rng.u32(0..12) {
            let at = people::between(&mut self.rng, begins, self.ends);
            let server = self.rng.usize(0..self.servers.len());
            let minutes = *office::pick(&mut self.rng, &[1, 5, 30, 300]);
            self.at(at, Event::Crash { server, minutes });
        }
        for _ in 0..self.rng.u32(0..3) {
            // Everything is down at once.
            let at = people::between(&mut self.rng, begins, self.ends);
            let minutes = self.rng.i64(3..=8 * 60);
            for server in 0..self.servers.len() {
                self.at(at, Event::Crash { server, minutes });
            }
            if self.rng.bool() {
                // Back for a moment, and down again before anything is done.
                let again = at + SignedDuration::from_secs(minutes * 60 + 1);
                let minutes = self.rng.i64(3..=30);
                for server in 0..self.servers.len() {
                    self.at(again, Event::Crash { server, minutes });
                }
            }
        }
        for _ in 0..self.rng.u32(0..6) {
            let at = people::between(&mut self.rng, begins, self.ends);
            let server = self.rng.usize(0..self.servers.len());
            let seconds = *office::pick(&mut self.rng, &[-5400, -300, -60, -10, 0, 10, 60, 300, 5400]);
            self.at(at, Event::Step { server, offset: SignedDuration::from_secs(seconds) });
            let later = at + SignedDuration::from_mins(self.rng.i64(1..120));
            self.at(later, Event::Step { server, offset: SignedDuration::ZERO });
        }
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.numbered += 1;
        self.agenda.insert((at.max(self.now), self.numbered), event);
    }

    fn after(&mut self, seconds: i64, event: Event) {
        self.at(self.now + SignedDuration::from_secs(seconds), event);
    }

    fn chance(&mut self, percent: u32) -> bool {
        !self.calm && self.rng.u32(0..100) < percent
    }

    /// Lets everything happen, or everything until something goes wrong.
    pub(crate) fn run(&mut self) {
        let mut happened: u32 = 0;
        while self.broken.is_none() {
            let Some(((at, _), event)) = self.agenda.pop_first() else { break };
            if self.servers.iter().any(|server| server.alive) {
                self.served += at.duration_since(self.now);
            }
            self.now = at;
            if self.now > self.ends && !self.calm {
                self.calm_down();
            }
            self.happen(event);
            self.look_later();
            happened += 1;
            if happened.is_multiple_of(100) && self.broken.is_none() {
                self.broken = rules::waits_in_vain(self);
            }
            if let Some(key) = self.store.twice.take() {
                self.broken.get_or_insert(format!("13 two mails have the key {key}: one is lost"));
            }
        }
        if self.broken.is_none() {
            self.broken = rules::at_the_end(self);
        }
    }

    /// From here on all servers run, with right clocks, and nothing fails.
    fn calm_down(&mut self) {
        self.calm = true;
        for server in &mut self.servers {
            server.offset = SignedDuration::ZERO;
            if !server.alive {
                (server.alive, server.since) = (true, self.now);
            }
        }
        self.agenda.retain(|_, event| !matches!(event, Event::Crash { .. } | Event::Step { .. }));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Book(n) => self.book(n),
            Event::Office { charter, command } => self.office(charter, command),
            Event::Press(press) => self.press(press),
            Event::Roster => self.change_roster(),
            // One that was overtaken by an earlier one has nothing to do.
            Event::Look if self.next_look == Some(self.now) => self.look(),
            Event::Look => {}
            Event::Commit { server, life, task, held } => {
                if self.servers[server].alive && self.servers[server].life == life {
                    let before = self.store.charter(&task.charter).item.clone();
                    self.commit(server, task, *held, before);
                }
            }
            Event::Handed { server, life, key, version, outcome } => {
                self.handed(server, life, &key, version, outcome);
            }
            Event::Crash { server, minutes } => {
                self.beat();
                self.servers[server].alive = false;
                self.after(minutes * 60, Event::Start(server));
            }
            Event::Start(server) => {
                let now = self.now;
                let server = &mut self.servers[server];
                if !server.alive {
                    (server.alive, server.since) = (true, now);
                    server.life += 1;
                }
                self.beat();
            }
            Event::Step { server, offset } => {
                self.beat();
                self.servers[server].offset = offset;
                self.beat();
            }
        }
    }

    /// A server that runs; none if all are down.
    fn server(&mut self) -> Option<usize> {
        let alive: Vec<usize> = (0..self.servers.len()).filter(|n| self.servers[*n].alive).collect();
        (!alive.is_empty()).then(|| *office::pick(&mut self.rng, &alive))
    }

    /// What the clock of a server says.
    pub(crate) fn clock(&self, server: usize) -> Timestamp {
        self.now + self.servers[server].offset
    }

    /// The signs of life that the servers have left by now.
    fn beat(&mut self) {
        let alive: Vec<usize> = (0..self.servers.len()).filter(|n| self.servers[*n].alive).collect();
        // Whoever ran all the while has left one every half a minute. One whose clock is ahead takes each of those
        // of the others for the end of a downtime, and says so below.
        let ran = alive.iter().filter(|n| self.servers[**n].since <= self.beaten_at);
        let all_the_while = ran.min_by_key(|n| self.servers[**n].offset);
        if let (Some(server), Some(last)) = (all_the_while, &self.store.beat) {
            let at = self.clock(*server) - SignedDuration::from_secs(20);
            if last.served_at.is_some_and(|served_at| served_at < at) {
                self.store.beat = Some(Heartbeat::through(self.store.beat.as_ref(), at));
            }
        }
        for server in alive {
            if let Some(beat) = Heartbeat::serving(self.store.beat.as_ref(), self.clock(server)) {
                self.store.beat = Some(beat);
            }
        }
        self.beaten_at = self.now;
    }

    /// Sees to it that somebody looks when something is due.
    fn look_later(&mut self) {
        let Some(due) = self.store.next_due() else { return };
        let soon = self.now + SignedDuration::from_secs(1);
        let look = due.max(soon).max(self.not_before) + SignedDuration::from_secs(self.rng.i64(0..4));
        if self.next_look.is_none_or(|next| look < next) {
            self.next_look = Some(look);
            self.at(look, Event::Look);
        }
    }

    fn book(&mut self, n: usize) {
        let charter = self.booked[n].clone();
        let id = charter.charter_id.clone();
        if charter.departs_at <= self.now {
            return;
        }
        let departs_at = charter.departs_at;
        let key = self.key.clone();
        let booked = book(charter, &self.context(self.now, None, Actor::Office("Pat".into()), &key));
        self.store.book(booked.expect("a sail ahead"));
        if self.rng.u32(0..30) > 0 {
            let wait = self.rng.i64(60..7_200);
            self.after(wait, Event::Office { charter: id.clone(), command: Some(Command::Start) });
        }
        for at in office::steps_in(&mut self.rng, self.now, departs_at) {
            self.at(at, Event::Office { charter: id.clone(), command: None });
        }
    }

    fn office(&mut self, charter: CharterId, command: Option<Command>) {
        let Some(server) = self.server() else {
            return self.after(600, Event::Office { charter, command });
        };
        let state = self.store.charter(&charter).item.clone();
        let now = self.clock(server);
        let command = match command {
            Some(command) => command,
            None => office::command(&mut self.rng, &state, &self.people, now),
        };
        if matches!(command, Command::Pause | Command::Stop) {
            let wait = self.rng.i64(600..40_000);
            self.after(wait, Event::Office { charter: charter.clone(), command: Some(Command::Resume) });
        }
        let task = Task { charter, command, by: Actor::Office("Pat".into()), row: None };
        let _ = self.give(server, task);
    }

    fn press(&mut self, press: Press) {
        let Some(server) = self.server() else {
            if press.tries < 20 {
                self.after(600, Event::Press(Press { tries: press.tries + 1, ..press }));
            }
            return;
        };
        let state = self.store.charter(&press.charter).item.clone();
        let command = press.button.command(&state, press.offer);
        let by = Actor::Crew(press.crew_id.clone());
        let task = Task { charter: press.charter.clone(), command, by, row: None };
        if self.chance(2) {
            // The answer is lost on its way to the browser, and they press again.
            self.after(20, Event::Press(press));
        }
        let now = self.clock(server);
        if let Err(rejection) = self.give(server, task.clone())
            && let Some(wrong) = rules::refusal(&state, &task.command, &rejection, now)
        {
            self.fail(wrong, &task);
        }
    }

    fn change_roster(&mut self) {
        let id = office::pick(&mut self.rng, &self.people).clone();
        let mut record = self.store.roster[&id].to_record();
        let from = self.zone.to_datetime(self.now).date();
        let days = people::availability(&mut self.rng, from, 10);
        record.insert("availability".into(), serde_json::json!(days));
        let member = CrewMember::parse(&record).expect("a record without faults");
        self.store.change(member);
        let entries = self.store.people[&id].item.entries.iter();
        let ahead = entries.filter(|entry| entry.until > self.now).map(|entry| entry.charter_id.clone());
        let ahead: Vec<CharterId> = ahead.collect();
        if let Some(first) = ahead.first().cloned() {
            let key = format!("roster/{id}-{}", self.numbered);
            self.store.put_row(key, &first, Job::Nudge(ahead), self.now);
        }
    }

    /// A server does what is due by its clock.
    fn look(&mut self) {
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
            let task = Task { charter, command: Command::Settle, by: Actor::Crewcall, row: None };
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

    /// One row of the outbox.
    fn work(&mut self, server: usize, key: &str) {
        let Some(row) = self.store.outbox.get(key).cloned() else { return };
        let notice = match row.job {
            Job::Mail(notice) => notice,
            Job::Nudge(charters) => {
                for charter in charters {
                    // However slow, the row goes only once this is done.
                    let task = Task { charter, command: Command::Recheck, by: Actor::Crewcall, row: None };
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
            charter: row.charter.clone(),
            command,
            by: Actor::Crewcall,
            row: Some((key.to_owned(), row.version)),
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

    fn handed(&mut self, server: usize, life: u32, key: &str, version: u64, outcome: Outcome) {
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
                let state = &self.store.charter(&row.charter).item;
                let email = notice.recipient(state).and_then(|id| format!("{id}@example.com").parse().ok());
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
            Task { charter: row.charter, command, by: Actor::Crewcall, row: Some((key.to_owned(), version)) };
        let _ = self.give(server, task);
    }

    /// A mail is in somebody's inbox.
    fn arrive(&mut self, charter: &CharterId, notice: &Notice) {
        let (Notice::Offer { offer } | Notice::Changed { offer, .. }) = notice else { return };
        let state = self.store.charter(charter).item.clone();
        let Some(theirs) = state.offer(*offer) else { return };
        let (now, served) = (self.now, self.served);
        if matches!(notice, Notice::Offer { .. }) {
            if theirs.state == crewcall_dispatch::cascade::OfferState::Undeliverable {
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

    fn context<'a>(
        &'a self,
        now: Timestamp,
        server: Option<usize>,
        by: Actor,
        key: &'a LinkKey,
    ) -> Context<'a> {
        let _ = server;
        Context {
            now,
            policy: &self.policy,
            zone: &self.zone,
            find_zone: |_| None,
            key,
            outage: self.store.beat.as_ref().and_then(|beat| beat.outage),
            can_answer: true,
            by,
            via: "season",
            comment: None,
        }
    }

    fn decide(&self, server: usize, task: &Task) -> Result<Held, Rejection> {
        let charter = self.store.charter(&task.charter);
        let context = self.context(self.clock(server), Some(server), task.by.clone(), &self.key);
        let decision = match decide(&charter.item, &self.store.loaded, &task.command, &context) {
            Ok(decision) => decision,
            Err(Stop::Rejected(rejection)) => return Err(rejection),
            Err(Stop::Need(need)) => panic!("everyone is here, and still {need:?}"),
        };
        let versions = decision.commitments.iter().map(|item| &item.crew_id);
        let people_versions = versions.map(|id| (id.clone(), self.store.people[id].version)).collect();
        Ok(Held { decision, charter_version: charter.version, people_versions, row: task.row.clone() })
    }

    /// A server decides, and commits at once or a while later.
    fn give(&mut self, server: usize, task: Task) -> Result<(), Rejection> {
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
    fn commit(&mut self, server: usize, task: Task, held: Held, before: Arc<CharterState>) {
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

    fn fail(&mut self, wrong: String, task: &Task) {
        let Task { charter, command, by, .. } = task;
        self.broken.get_or_insert(format!("{wrong}\n  at {} on {charter}: {command:?} by {by:?}", self.now));
    }

    fn tell(&self, server: usize, task: &Task, events: &[AuditEvent]) {
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
