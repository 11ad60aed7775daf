//! Made-up sails in bulk: charters whose captain has been asked, as rows that any store can take.
//!
//! The rows are what the program itself would have written, taken from the rules one by one, only
//! without going through a store for each step.

use std::sync::Arc;

use crewcall::app::{App, EventBatch};
use crewcall::clock::MovableClock;
use crewcall::operator::Operator;
use crewcall::store::{COMMIT_ITEMS, Expect, Store, Write};
use crewcall_dispatch::cascade::{
    self, Actor, AuditEvent, CharterState, Command, Context, Decision, Notice, OfferNo, People,
};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Booking, Charter, CharterId, CrewId, CrewMember};
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value, json};

/// The moment at which everyone has just been asked: Saturday morning.
pub(crate) fn asked_at() -> Timestamp {
    "2026-06-20T09:00:00-07:00".parse().expect("a time")
}

/// Captains in the order of one call.
const CAPTAINS: usize = 8;
/// Days of availability that a crew member has given.
const DAYS: i32 = 28;

pub(crate) fn operator() -> Operator {
    Operator {
        name: "Harbor Sails".into(),
        zone: TimeZone::get("America/Los_Angeles").expect("a zone"),
        ranks: ["captain", "mate", "deckhand", "host"].map(|rank| rank.parse().expect("a rank")).into(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().expect("an address"),
        office: "office@example.com".parse().expect("an address"),
        phone: None,
        policy: Policy::default(),
        pay: Default::default(),
        key: LinkKey::new([7; 32], "jada"),
    }
}

/// An app whose clock stands at `now`.
pub(crate) fn app(store: Arc<dyn Store>, now: Timestamp) -> Arc<App> {
    Arc::new(App::new(store, Arc::new(MovableClock::frozen(now)), operator()))
}

/// A charter with one seat, for which the first of its eight captains has been asked.
pub(crate) struct Sail {
    pub(crate) id: CharterId,
    pub(crate) captain: CrewId,
    /// The whole link of the offer.
    pub(crate) token: String,
    pub(crate) state: CharterState,
    pub(crate) people: People,
    /// Everything that is stored about it.
    pub(crate) rows: Vec<Write>,
}

impl Sail {
    /// The offer that waits.
    pub(crate) const OFFER: OfferNo = OfferNo(1);

    /// The `n`-th one. No two have people in common.
    pub(crate) fn new(operator: &Operator, n: usize) -> Self {
        let captains: Vec<CrewMember> = (0..CAPTAINS).map(|place| captain(n, place)).collect();
        let context = context(operator, Actor::Office("Pat".into()), asked_at());
        let mut people = People::default();
        people.insert_rank("captain".parse().expect("a rank"), captains.clone());
        for member in &captains {
            let commitments = Commitments::none(member.crew_id.clone());
            people.insert(Some(member.clone()), commitments);
        }
        let charter = charter(operator, n);
        let id = charter.charter_id.clone();
        let mut steps = vec![cascade::book(charter, &context).expect("a booking")];
        let offer = Notice::Offer { offer: Self::OFFER };
        let copy = Notice::OfferCopy { offer: Self::OFFER };
        for command in [
            Command::Start,
            Command::MailSent { notice: offer, ambiguous: false },
            Command::MailSent { notice: copy, ambiguous: false },
        ] {
            let state = &steps[steps.len() - 1].state;
            steps.push(cascade::decide(state, &people, &command, &context).expect("a decision"));
        }
        let commitments = steps[1].commitments[0].clone();
        let first = captains[0].clone();
        let rows = rows(&steps, &captains);
        let captain = first.crew_id.clone();
        people.insert(Some(first), commitments);
        let token =
            operator.key.offer_token(&id, steps[3].state.offer(Self::OFFER).expect("an offer")).reveal();
        Self { id, captain, token, state: steps.swap_remove(3).state, people, rows }
    }
}

/// What the rules read beside the charter.
pub(crate) fn context(operator: &Operator, by: Actor, now: Timestamp) -> Context<'_> {
    let Operator { policy, zone, key, .. } = operator;
    Context {
        now,
        policy,
        zone,
        find_zone: |name| TimeZone::get(name).ok(),
        key,
        outage: None,
        can_answer: true,
        by,
        via: "bench",
        comment: None,
    }
}

fn rows(steps: &[Decision], captains: &[CrewMember]) -> Vec<Write> {
    let put = |write: Result<Write, _>| write.expect("a row");
    let mut rows = vec![
        put(Write::put(&steps[3].state, Expect::Absent)),
        put(Write::put(&steps[1].commitments[0], Expect::Absent)),
        put(Write::put(&steps[2].changed_links[0], Expect::Absent)),
    ];
    rows.extend(steps.iter().map(|step| batch(&step.events)));
    // The first is asked already, the second is next.
    rows.extend(captains[..2].iter().map(|member| put(Write::put(member, Expect::Absent))));
    rows
}

fn batch(events: &[AuditEvent]) -> Write {
    Write::put(&EventBatch { events: events.to_vec() }, Expect::Absent).expect("a row")
}

/// Sails on the days from a week on, half an hour after each other.
fn charter(operator: &Operator, n: usize) -> Charter {
    let half_hours = SignedDuration::from_mins(30 * (n as i64 % 48));
    let days = SignedDuration::from_hours(24 * (7 + n as i64 / 48 % 14));
    let departs_at = asked_at() + days + half_hours;
    let booking: Booking = serde_json::from_value(json!({
        "charter_id": format!("charter_{n:07}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "departs_at": departs_at.to_string(), "returns_at": (departs_at + 3.hours()).to_string(),
        "call_time": (departs_at - 45.minutes()).to_string(), "gross_revenue": "1450.00",
        "positions": [{ "position": "captain", "quantity": 1 }],
    }))
    .expect("a charter");
    booking.check(&operator.zone).expect("a right charter")
}

fn captain(n: usize, place: usize) -> CrewMember {
    let from = jiff::civil::date(2026, 6, 20);
    member("captain", &format!("captain-{n}-{place}"), place as u32 + 1, |day| {
        Some((from + day.days()).to_string()).filter(|_| day < DAYS)
    })
}

/// A crew member who can sail on the dates that `date` gives, from day 0 on.
pub(crate) fn member(rank: &str, id: &str, order: u32, date: impl Fn(i32) -> Option<String>) -> CrewMember {
    let dates = (0..).map_while(date);
    let availability: Map<String, Value> = dates.map(|date| (date, "available".into())).collect();
    let record = json!({
        "crew_id": id, "name": format!("Dana {id}"), "rank": rank, "cascade_order": order,
        "email": format!("{id}@example.com"), "phone": "+1-619-555-0142", "availability": availability,
        "created_at": "2026-05-15T10:30:00Z",
    });
    CrewMember::parse(record.as_object().expect("an object")).expect("a crew member")
}

/// Puts all rows of some sails into a store.
pub(crate) async fn fill(store: &dyn Store, sails: &[Sail]) {
    let rows: Vec<&Write> = sails.iter().flat_map(|sail| &sail.rows).collect();
    for some in rows.chunks(COMMIT_ITEMS) {
        store.commit(some.iter().map(|write| (*write).clone()).collect()).await.expect("a commit");
    }
}
