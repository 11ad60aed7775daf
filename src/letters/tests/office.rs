//! Made-up people, one sail, and the rules that ask them.

use crewcall_dispatch::cascade::{Actor, Command, Context, Need, OfferNo, People, Posting, Stop};
use crewcall_dispatch::cascade::{book, decide};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::Booking;
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use serde_json::json;

use super::super::*;

pub(super) fn operator() -> Operator {
    Operator {
        name: "Harbor Sails".into(),
        zone: TimeZone::get("America/Los_Angeles").unwrap(),
        ranks: ["captain", "deckhand"].map(|rank| rank.parse().unwrap()).into(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: Some("+1-619-555-0100".parse().unwrap()),
        policy: Policy::default(),
        pay: crate::operator::Pay { currency: "USD".into(), ..Default::default() },
        key: LinkKey::new([7; 32], "jada"),
    }
}

/// Who can sail on every date of these tests.
pub(super) fn person(rank: &str, name: &str, order: u32) -> CrewMember {
    let record = json!({
        "crew_id": name.to_lowercase(), "name": format!("{name} Example"), "rank": rank,
        "cascade_order": order, "email": format!("{}@example.com", name.to_lowercase()),
        "phone": format!("+1-619-555-01{order:02}"),
        "availability": {
            "2026-06-27": "available", "2026-11-01": "available", "2027-03-14": "available",
        },
    });
    CrewMember::parse(record.as_object().unwrap()).unwrap()
}

/// A sail, and the call that crews it.
pub(super) struct Scene {
    pub(super) operator: Operator,
    pub(super) people: Vec<CrewMember>,
    pub(super) state: CharterState,
    pub(super) now: Timestamp,
    /// Every mail that was asked for so far.
    pub(super) postings: Vec<Posting>,
    pub(super) events: Vec<AuditEvent>,
    pub(super) by: Actor,
    pub(super) comment: Option<&'static str>,
}

impl Scene {
    /// A Saturday in June with a captain and so many deckhands, booked a week before.
    pub(super) fn new(deckhands: u32) -> Self {
        Self::at(["2026-06-27T15:15", "2026-06-27T16:00", "2026-06-27T19:00"], deckhands)
    }

    /// A sail with these times: call, departure, return.
    pub(super) fn at([call_time, departs_at, returns_at]: [&str; 3], deckhands: u32) -> Self {
        let mut seats = vec![json!({ "position": "captain", "quantity": 1 })];
        if deckhands > 0 {
            seats.push(json!({ "position": "deckhand", "quantity": deckhands }));
        }
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": "charter_5678", "vessel": "America", "dock": "Shelter Island, pier 3",
            "guests": 6, "call_time": call_time, "departs_at": departs_at, "returns_at": returns_at,
            "positions": seats,
        }))
        .unwrap();
        let operator = operator();
        let charter = booking.check(&operator.zone).unwrap();
        let now = "2026-06-20T09:00:00-07:00".parse().unwrap();
        let people = [("captain", "Dana"), ("captain", "Gene"), ("deckhand", "Lee"), ("deckhand", "Sam")];
        let people = people.into_iter().zip(42..).map(|((rank, name), order)| person(rank, name, order));
        let state = book(charter, &context(&operator, now)).unwrap().state;
        Self {
            people: people.collect(),
            state,
            now,
            postings: Vec::new(),
            events: Vec::new(),
            by: pat(),
            comment: None,
            operator,
        }
    }

    /// The call is started, and the first captain has the mail.
    pub(super) fn started(mut self) -> Self {
        self.run(Command::Start);
        self.hand_over()
    }

    /// The person accepts the offer of that number, and those who are asked next have their mails.
    pub(super) fn accepted(mut self, no: u32) -> Self {
        self.run(Command::Accept(OfferNo(no)));
        self.hand_over()
    }

    pub(super) fn declined(mut self, no: u32) -> Self {
        self.run(Command::Decline(OfferNo(no)));
        self.hand_over()
    }

    /// The clock moves on, and what is due by then is done.
    pub(super) fn later(mut self, to: &str) -> Self {
        self.now = to.parse().unwrap();
        self.run(Command::Settle);
        self.hand_over()
    }

    /// Every offer that waits is handed over.
    fn hand_over(mut self) -> Self {
        let waiting = |offer: &&Offer| offer.state.is_open() && offer.handed_over_at.is_none();
        while let Some(no) = self.state.offers.iter().find(waiting).map(|offer| offer.no) {
            self.run(Command::MailSent { notice: Notice::Offer { offer: no }, ambiguous: false });
        }
        self
    }

    pub(super) fn run(&mut self, command: Command) {
        let mut known = People::default();
        let decision = loop {
            let (by, comment) = (self.by.clone(), self.comment);
            let context = Context { by, comment, ..context(&self.operator, self.now) };
            match decide(&self.state, &known, &command, &context) {
                Ok(decision) => break decision,
                Err(Stop::Rejected(rejection)) => panic!("{command:?}: {rejection}"),
                Err(Stop::Need(Need::Charters(_))) => unreachable!("no decision looks at other charters"),
                Err(Stop::Need(Need::Rank(rank))) => {
                    let members = self.people.iter().filter(|member| member.rank == rank);
                    known.insert_rank(rank.clone(), members.cloned().collect());
                }
                Err(Stop::Need(Need::People(ids) | Need::Commitments(ids))) => {
                    for id in ids {
                        let member = self.people.iter().find(|member| member.crew_id == id).cloned();
                        known.insert(member, Commitments::none(id));
                    }
                }
            }
        };
        self.state = decision.state;
        self.postings.extend(decision.mails);
        self.events.extend(decision.events);
    }

    /// The mail for a notice.
    pub(super) fn write(&self, notice: &Notice) -> Mail {
        let quoted =
            notice.quotes().and_then(|seq| self.events.iter().find(|event| event.seq == seq)).cloned();
        let own_page = matches!(notice, Notice::CrewList { .. })
            .then(|| "https://crew.example.com/crew/me?token=jada_page_k3v9.SECRET".to_owned());
        let beside = Beside { quoted, own_page, sail_file: None };
        let key = "charter_5678/00009-test";
        write(&self.operator, &self.state, &self.people, notice, &beside, key, self.now).unwrap()
    }

    /// The newest mail of a kind that the rules asked for.
    pub(super) fn newest(&self, slug: &str) -> Mail {
        let posting = self.postings.iter().rfind(|posting| posting.notice.slug() == slug);
        self.write(&posting.unwrap_or_else(|| panic!("no {slug} was asked for")).notice)
    }
}

fn pat() -> Actor {
    Actor::Office("Pat".into())
}

fn context(operator: &Operator, now: Timestamp) -> Context<'_> {
    Context {
        now,
        policy: &operator.policy,
        zone: &operator.zone,
        find_zone: times::find_zone,
        key: &operator.key,
        outage: None,
        can_answer: true,
        by: pat(),
        via: "test",
        comment: None,
    }
}
