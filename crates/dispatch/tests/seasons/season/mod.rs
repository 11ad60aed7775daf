//! One season, from its seed: what happens next, on which server, and with which clock.

mod post;
mod server;

use std::collections::{BTreeMap, HashMap};

use crewcall_dispatch::cascade::{Actor, Command, OfferNo, book};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Charter, CharterId, CrewId};
use crewcall_dispatch::policy::Policy;
use fastrand::Rng;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::asking;
use crate::eligible;
use crate::office::{self, BEFORE, CHARTERS, DAYS};
use crate::people::{self, Press};
use crate::rules;
use crate::store::{Held, Job, Store};
use post::Outcome;
pub(crate) use server::{Server, Task};

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
    /// The pages go down, while what is due is done; or are back.
    Pages(bool),
    Step {
        server: usize,
        offset: SignedDuration,
    },
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
    pub(crate) zone: TimeZone,
    key: LinkKey,
    agenda: BTreeMap<(Timestamp, u64), Event>,
    numbered: u64,
    /// Whether people can answer, as far as servers run.
    pages: bool,
    next_look: Option<Timestamp>,
    not_before: Timestamp,
    beaten_at: Timestamp,
    ends: Timestamp,
    booked: Vec<Charter>,
    people: Vec<CrewId>,
    trace: bool,
    /// Nothing fails any more: the season is brought to its end.
    calm: bool,
}

/// What clocks show where the boats are. All seasons are in summer; to ask the zone takes much longer.
pub(crate) fn local(at: Timestamp) -> DateTime {
    Offset::constant(-7).to_datetime(at)
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
            pages: true,
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
        for _ in 0..self.rng.u32(0..4) {
            let at = people::between(&mut self.rng, begins, self.ends);
            self.at(at, Event::Pages(false));
            let minutes = *office::pick(&mut self.rng, &[1, 4, 40, 400]);
            self.at(at + SignedDuration::from_mins(minutes), Event::Pages(true));
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
            if self.serves() {
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
                self.broken = asking::waits_in_vain(self).or_else(|| eligible::known_to_the_office(self));
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
        self.turn_pages(true);
        for server in 0..self.servers.len() {
            self.step_clock(server, SignedDuration::ZERO);
        }
        for server in &mut self.servers {
            if !server.alive {
                (server.alive, server.since) = (true, self.now);
            }
        }
        self.agenda
            .retain(|_, event| !matches!(event, Event::Crash { .. } | Event::Step { .. } | Event::Pages(_)));
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
            Event::Pages(on) => self.turn_pages(on),
            Event::Step { server, offset } => self.step_clock(server, offset),
        }
    }

    fn book(&mut self, n: usize) {
        let charter = self.booked[n].clone();
        let id = charter.charter_id.clone();
        if charter.departs_at <= self.now {
            return;
        }
        let departs_at = charter.departs_at;
        let finds_out = office::finds_out(&mut self.rng, &charter);
        let booked = book(charter, &self.context(self.now, Actor::Office("Pat".into())));
        self.store.book(booked.expect("a sail ahead"));
        // Whoever is left out when the call begins is not asked, whatever is set aside later.
        if self.rng.u32(0..6) == 0 {
            let command = office::set_aside(&mut self.rng, &self.people);
            self.after(30, Event::Office { charter: id.clone(), command: Some(command) });
        }
        if self.rng.u32(0..30) > 0 {
            let wait = self.rng.i64(60..7_200);
            self.after(wait, Event::Office { charter: id.clone(), command: Some(Command::Start) });
        }
        // Sometimes it is prepared before; a start that comes then is refused, and it goes on when the office says so.
        if self.rng.u32(0..8) == 0 {
            let command =
                office::command(&mut self.rng, &self.store.charter(&id).item, &self.people, self.now);
            self.after(30, Event::Office { charter: id.clone(), command: Some(command) });
            self.after(20_000, Event::Office { charter: id.clone(), command: Some(Command::Resume) });
        }
        for at in office::steps_in(&mut self.rng, self.now, departs_at + SignedDuration::from_hours(1)) {
            self.at(at, Event::Office { charter: id.clone(), command: None });
        }
        for at in finds_out {
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
        if let Command::Change { from, to } = &command
            && self.rng.u32(0..4) == 0
        {
            // Soon they think better of it; unless it has become something else by then.
            let back = Command::Change { from: to.clone(), to: from.clone() };
            let wait = self.rng.i64(600..80_000);
            self.after(wait, Event::Office { charter: charter.clone(), command: Some(back) });
        }
        let comment = self.chance(10).then_some("spoke to them");
        let task = Task { comment, ..Task::new(charter, command, Actor::Office("Pat".into())) };
        let _ = self.give(server, task);
    }

    fn press(&mut self, press: Press) {
        let Some(server) = self.server().filter(|_| self.pages) else {
            if press.tries < 20 {
                self.after(600, Event::Press(Press { tries: press.tries + 1, ..press }));
            }
            return;
        };
        let state = self.store.charter(&press.charter).item.clone();
        let command = press.button.command(&state, press.offer);
        let by = Actor::Crew(press.crew_id.clone());
        let comment = self.chance(10).then_some("running late");
        let task = Task { comment, ..Task::new(press.charter.clone(), command, by) };
        if self.chance(2) {
            // The answer is lost on its way to the browser, and they press again.
            self.after(20, Event::Press(press));
        }
        let now = self.clock(server);
        if let Err(rejection) = self.give(server, task.clone())
            && let Some(wrong) = rules::refusal(self, &state, &task.command, &rejection, now)
        {
            self.fail(wrong, &task);
        }
    }

    fn change_roster(&mut self) {
        let id = office::pick(&mut self.rng, &self.people).clone();
        let from = self.zone.to_datetime(self.now).date();
        let member = people::changed(&mut self.rng, self.store.record(&id), from);
        self.store.change(&id, member);
        let entries = self.store.people[&id].item.entries.iter();
        let ahead = entries.filter(|entry| entry.until > self.now).map(|entry| entry.charter_id.clone());
        let ahead: Vec<CharterId> = ahead.collect();
        if let Some(first) = ahead.first().cloned() {
            let key = format!("roster/{id}-{}", self.numbered);
            self.store.put_row(key, &first, Job::Nudge(ahead), self.now);
        }
    }
}
