//! All calls of a world, from the first ask to the last answer, by the rules alone: every mail is handed over at once,
//! everyone answers as the world says, and the clock jumps from one event to the next.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crewcall::operator::Operator;
use crewcall_dispatch::cascade::{
    self, Actor, CharterState, Command, Notice, OfferNo, People, Plan, decide, plan,
};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::model::{CharterId, CrewMember};
use jiff::Timestamp;

use super::world::{Says, World};
use crate::sails::{asked_at, context};

/// What came of it.
pub(super) struct Outcome {
    /// By charter and seat.
    pub(super) aboard: Vec<Vec<Option<String>>>,
    pub(super) asks: usize,
    /// Hours from the start to the last answer, of all calls together.
    pub(super) hours: f64,
}

/// When, which charter, which offer, what is done.
type Event = Reverse<(Timestamp, usize, OfferNo, u8)>;

struct Season<'a> {
    world: &'a World,
    operator: &'a Operator,
    people: People,
    states: Vec<CharterState>,
    ended: Vec<Timestamp>,
    heap: BinaryHeap<Event>,
}

/// Everyone of a roster, without any commitments.
pub(super) fn everyone(roster: &[CrewMember]) -> People {
    let mut people = People::default();
    for member in roster {
        people.insert(Some(member.clone()), Commitments::none(member.crew_id.clone()));
    }
    for rank in ["captain", "deckhand"] {
        let of_rank = roster.iter().filter(|member| member.rank.as_str() == rank).cloned();
        people.insert_rank(rank.parse().expect("a rank"), of_rank.collect());
    }
    people
}

/// The charters of a world, booked.
pub(super) fn booked(world: &World, operator: &Operator) -> Vec<CharterState> {
    let context = context(operator, Actor::Office("Pat".into()), asked_at());
    let book = |charter: &_| cascade::book(Clone::clone(charter), &context).expect("a booking").state;
    world.charters.iter().map(book).collect()
}

/// The plan of the first charter.
pub(super) fn first_plan(state: &CharterState, people: &People, operator: &Operator) -> Plan {
    plan(state, people, &context(operator, Actor::Office("Pat".into()), asked_at())).expect("a plan")
}

/// Lets every call run to its end.
pub(super) fn run(world: &World, operator: &Operator, people: People, states: Vec<CharterState>) -> Outcome {
    let ended = vec![asked_at(); states.len()];
    let mut season = Season { world, operator, people, states, ended, heap: BinaryHeap::new() };
    for n in 0..season.states.len() {
        season.give(n, Command::Start, asked_at());
    }
    while let Some(Reverse((now, n, offer, what))) = season.heap.pop() {
        let command = match what {
            0 => Command::Accept(offer),
            1 => Command::Decline(offer),
            _ => Command::Settle,
        };
        season.ended[n] = now;
        season.give(n, command, now);
    }
    let hours = season.ended.iter().map(|at| at.duration_since(asked_at()).as_secs_f64() / 3600.0);
    let holders = |state: &CharterState| {
        let holder = |seat| state.holder(&seat).map(|offer| offer.crew_id.to_string());
        state.charter.seats().map(holder).collect()
    };
    Outcome {
        aboard: season.states.iter().map(holders).collect(),
        asks: season.states.iter().map(|state| state.offers.len()).sum(),
        hours: hours.sum(),
    }
}

impl Season<'_> {
    /// Gives a command, and whatever follows from it at the same moment.
    fn give(&mut self, n: usize, command: Command, now: Timestamp) {
        let mut due = VecDeque::from([(n, command)]);
        while let Some((n, command)) = due.pop_front() {
            let by = match &command {
                Command::Accept(no) | Command::Decline(no) => {
                    Actor::Crew(self.states[n].offer(*no).expect("an offer").crew_id.clone())
                }
                _ => Actor::Crewcall,
            };
            let context = context(self.operator, by, now);
            let decision = decide(&self.states[n], &self.people, &command, &context).expect("a decision");
            self.states[n] = decision.state;
            for commitments in decision.commitments {
                self.people.insert_commitments(commitments);
            }
            for mail in decision.mails {
                if matches!(mail.notice, Notice::Offer { .. }) {
                    due.push_back((n, Command::MailSent { notice: mail.notice, ambiguous: false }));
                }
            }
            due.extend(decision.nudges.iter().map(|id| (number(id), Command::Recheck)));
            if let Command::MailSent { notice: Notice::Offer { offer }, .. } = command {
                self.await_answer(n, offer, now);
            }
        }
    }

    fn await_answer(&mut self, n: usize, no: OfferNo, now: Timestamp) {
        let offer = self.states[n].offer(no).expect("an offer");
        let closes_at = offer.closes_at.expect("a window");
        let (at, what) = match self.world.answer(n, &offer.crew_id) {
            Says::Yes(after) => (now + after, 0),
            Says::No(after) => (now + after, 1),
            Says::Nothing => (closes_at, 2),
        };
        let (at, what) = if at < closes_at { (at, what) } else { (closes_at, 2) };
        self.heap.push(Reverse((at, n, no, what)));
    }
}

fn number(id: &CharterId) -> usize {
    id.as_str().rsplit('_').next().and_then(|number| number.parse().ok()).expect("a charter of this world")
}
