//! One cascade from booking to full crew, with no store, no mail server and no waiting.
//!
//! The rules are pure: `decide` is given the charter, the people, a command and the time, and says
//! what follows. This example is the smallest caller there can be: it keeps everything in
//! variables, takes every mail as delivered, and turns the clock by hand.
//!
//! ```text
//! cargo run --example cascade
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CharterState, Command, Context, Fact, Need, Notice, OfferNo, People, Stop, book,
    decide,
};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Booking, CrewId, CrewMember, PositionNeed};
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let mut office = Office::new()?;
    office.give(&Command::Start)?;

    // Dana, who is first in order, does not answer within two hours and the grace.
    office.wait(SignedDuration::from_mins(122));
    office.give(&Command::Settle)?;

    // Kim says yes: now Kim's usual crew is asked, before everyone else.
    office.wait(SignedDuration::from_mins(20));
    office.give(&Command::Accept(OfferNo(2)))?;
    office.wait(SignedDuration::from_mins(5));
    office.give(&Command::Decline(OfferNo(3)))?;
    office.wait(SignedDuration::from_mins(10));
    office.give(&Command::Accept(OfferNo(4)))?;
    office.give(&Command::Accept(OfferNo(5)))?;

    println!("\nThe call is {}. Aboard:", office.state.status());
    for offer in office.state.aboard() {
        println!("  {:<12} {}", offer.seat.to_string(), offer.crew_id);
    }
    Ok(())
}

/// What a real caller keeps in a store.
struct Office {
    now: Timestamp,
    policy: Policy,
    key: LinkKey,
    roster: Vec<CrewMember>,
    state: CharterState,
    commitments: BTreeMap<CrewId, Commitments>,
}

impl Office {
    fn new() -> Result<Self, Box<dyn Error>> {
        let need = |rank: &str, quantity| Ok::<_, String>(PositionNeed { position: rank.parse()?, quantity });
        let booking = Booking {
            charter_id: "charter_5678".into(),
            vessel: "America".into(),
            departs_at: "2026-06-27T16:00:00Z".into(),
            returns_at: "2026-06-27T19:00:00Z".into(),
            call_time: "2026-06-27T15:15:00Z".into(),
            dock: "Shelter Island, pier 3".into(),
            guests: 6,
            gross_revenue: Some("1450.00".into()),
            channel_fee: None,
            gratuity: None,
            bareboat: false,
            positions: vec![need("captain", 1)?, need("deckhand", 2)?],
        };
        let charter = booking.check(&TimeZone::UTC).map_err(|faults| format!("{faults:?}"))?;
        let (now, policy) = ("2026-06-20T16:00:00Z".parse()?, Policy::default());
        let key = LinkKey::new([7; 32], "jada");
        let booked = book(charter, &context(now, &policy, &key))?;
        for event in &booked.events {
            tell(event);
        }
        let roster = vec![
            member("dana-reyes", "captain", 1, &[])?,
            member("kim-vale", "captain", 2, &["lee-park", "sam-ortiz"])?,
            member("ola-berg", "deckhand", 1, &[])?,
            member("lee-park", "deckhand", 2, &[])?,
            member("sam-ortiz", "deckhand", 3, &[])?,
        ];
        Ok(Self { now, policy, key, roster, state: booked.state, commitments: BTreeMap::new() })
    }

    fn wait(&mut self, time: SignedDuration) {
        self.now += time;
    }

    /// Decides, keeps what follows, and delivers the mails that the decision asks for.
    fn give(&mut self, command: &Command) -> Result<(), Box<dyn Error>> {
        // What the rules need to know is asked for: they cannot look it up by themselves.
        let mut people = People::default();
        let decision = loop {
            match decide(&self.state, &people, command, &context(self.now, &self.policy, &self.key)) {
                Ok(decision) => break decision,
                Err(Stop::Rejected(rejection)) => return Err(rejection.into()),
                Err(Stop::Need(Need::Charters(_))) => unreachable!("only a plan looks at other charters"),
                Err(Stop::Need(Need::Rank(rank))) => {
                    let members = self.roster.iter().filter(|member| member.rank == rank).cloned();
                    people.insert_rank(rank.clone(), members.collect());
                }
                Err(Stop::Need(Need::People(ids))) => {
                    for id in ids {
                        people.insert(self.member(&id), self.commitments(&id));
                    }
                }
                Err(Stop::Need(Need::Commitments(ids))) => {
                    for id in ids {
                        people.insert_commitments(self.commitments(&id));
                    }
                }
            }
        };
        // A real caller commits all of this at once, if nothing that it read has changed.
        self.state = decision.state;
        self.commitments.extend(decision.commitments.into_iter().map(|item| (item.crew_id.clone(), item)));
        for event in &decision.events {
            tell(event);
        }
        for mail in decision.mails {
            if let notice @ Notice::Offer { .. } = mail.notice {
                self.give(&Command::MailSent { notice, ambiguous: false })?;
            }
        }
        Ok(())
    }

    fn member(&self, id: &CrewId) -> Option<CrewMember> {
        self.roster.iter().find(|member| member.crew_id == *id).cloned()
    }

    fn commitments(&self, id: &CrewId) -> Commitments {
        self.commitments.get(id).cloned().unwrap_or_else(|| Commitments::none(id.clone()))
    }
}

fn context<'a>(now: Timestamp, policy: &'a Policy, key: &'a LinkKey) -> Context<'a> {
    static ZONE: TimeZone = TimeZone::UTC;
    Context {
        now,
        policy,
        zone: &ZONE,
        find_zone: |_| None,
        key,
        outage: None,
        can_answer: true,
        by: Actor::Crewcall,
        via: "example",
        comment: None,
    }
}

fn member(id: &str, rank: &str, order: u32, paired: &[&str]) -> Result<CrewMember, Box<dyn Error>> {
    let mut record = serde_json::json!({
        "crew_id": id, "name": id, "rank": rank, "cascade_order": order, "email": format!("{id}@example.com"),
        "availability": { "2026-06-27": "available" },
    });
    if !paired.is_empty() {
        record["paired_crew"] = paired.into();
    }
    Ok(serde_json::from_value(record)?)
}

/// One line of the timeline.
fn tell(event: &AuditEvent) {
    let what = match &event.fact {
        Fact::CharterBooked { charter } => format!("{} is booked", charter.charter_id),
        Fact::CallStarted { .. } => "the call starts".into(),
        Fact::CrewPaired { position, paired } => format!("usual {position}s first: {paired:?}"),
        Fact::OfferMade { offer, seat, crew_id, .. } => format!("{offer:?}: {crew_id} is asked for {seat}"),
        Fact::OfferSent { offer, reply_by, .. } => format!("{offer:?}: mailed; answer by {reply_by:.0}"),
        Fact::OfferAccepted { offer } => format!("{offer:?}: yes"),
        Fact::OfferDeclined { offer, .. } => format!("{offer:?}: no"),
        Fact::OfferExpired { offer } => format!("{offer:?}: no answer"),
        Fact::CallFilled => "every seat is taken".into(),
        other => format!("{other:?}"), // The other facts do not happen in this story.
    };
    println!("{:.0}  {what}", event.at);
}
