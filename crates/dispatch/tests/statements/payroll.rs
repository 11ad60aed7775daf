//! An office that pays: charters as their audit events, rules, and the months that it has approved.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{Actor, AuditEvent, CharterState};
use crewcall_dispatch::model::{Amount, Booking, CharterId, CrewId, Minutes, Money, Month};
use crewcall_dispatch::statement::{
    Approval, Books, Draft, GratuityRule, Hourly, Line, Material, Paid, PayRule, PayRules, Percent, Sailing,
    Scope, Share, Split, Statement, Totals, Way, draft,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

pub(crate) struct Office {
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) rules: PayRules,
    pub(crate) paid: Paid,
    pub(crate) books: BTreeMap<Month, Books>,
    last: BTreeMap<Month, Totals>,
    charters: BTreeMap<CharterId, (Vec<AuditEvent>, CharterState)>,
}

impl Office {
    /// Captains have 150.00 a sail, deckhands 20.00 an hour for three hours at least, and all the same of a gratuity.
    pub(crate) fn new() -> Self {
        let deckhand =
            Hourly { rate: money("20.00"), minimum: Minutes(180), step: Minutes(15), way: Way::Nearest };
        let rules = PayRules {
            pay: vec![
                PayRule { per_sail: Some(money("150.00")), ..rule("captain") },
                PayRule { hourly: Some(deckhand), ..rule("deckhand") },
            ],
            gratuity: vec![GratuityRule { scope: scope("tips"), split: Split::Equal }],
        };
        Self {
            now: "2026-09-01T12:00:00Z".parse().expect("an instant"),
            zone: TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").expect("a zone"),
            rules,
            paid: Paid::default(),
            books: BTreeMap::new(),
            last: BTreeMap::new(),
            charters: BTreeMap::new(),
        }
    }

    /// A sail of three hours with dana as captain and lee as deckhand, which brought in 1,000.00 with a fee of 100.00 and
    /// a gratuity of 90.00.
    pub(crate) fn sail(&mut self, id: &str, departs_at: &str) {
        self.sail_with(id, departs_at, &[("dana", "captain"), ("lee", "deckhand")]);
        self.came_to(id, "90.00", "3:00");
    }

    pub(crate) fn sail_with(&mut self, id: &str, departs_at: &str, crew: &[(&str, &str)]) {
        let departs: Timestamp = departs_at.parse().expect("an instant");
        let hours = |n: i64| (departs + jiff::SignedDuration::from_hours(n)).to_string();
        let mut seats: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, position) in crew {
            *seats.entry(position).or_default() += 1;
        }
        seats.entry("captain").or_insert(1);
        let positions: Vec<Value> = seats
            .iter()
            .map(|(position, quantity)| json!({ "position": position, "quantity": quantity }))
            .collect();
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": id, "vessel": "America", "departs_at": departs_at, "returns_at": hours(3),
            "call_time": departs_at, "dock": "pier 3", "guests": 6, "gross_revenue": "1000.00",
            "channel_fee": "100.00", "positions": positions,
        }))
        .expect("a booking");
        let charter = booking.check(&self.zone).expect("a charter");
        let booked = vec![event(id, 1, json!({ "fact": "charter_booked", "charter": charter }))];
        let state = CharterState::replay(&booked).expect("a booking");
        self.charters.insert(id.parse().expect("an id"), (booked, state));
        let mut number: BTreeMap<&str, u32> = BTreeMap::new();
        for (no, (who, position)) in crew.iter().enumerate() {
            let number = number.entry(position).or_default();
            *number += 1;
            let seat = json!({ "position": position, "number": *number });
            self.record(
                id,
                json!({ "fact": "assigned", "offer": no + 1, "seat": seat, "crew_id": who,
                        "token_id": format!("jada_crew_{no}"), "reason": "asked" }),
            );
        }
    }

    /// One more fact of a charter.
    pub(crate) fn record(&mut self, id: &str, fact: Value) {
        let (events, state) =
            self.charters.get_mut(&id.parse::<CharterId>().expect("an id")).expect("a charter");
        events.push(event(id, events.len() as u64 + 1, fact));
        let figures = std::mem::take(&mut state.figures);
        *state = CharterState { figures, ..CharterState::replay(&*events).expect("a booking") };
    }

    /// What a sail came to, by the office.
    pub(crate) fn came_to(&mut self, id: &str, gratuity: &str, hours: &str) {
        let state = self.state(id);
        state.figures.gratuity = Some(money(gratuity));
        state.figures.actual_hours = Some(hours.parse().expect("hours"));
    }

    pub(crate) fn state(&mut self, id: &str) -> &mut CharterState {
        &mut self.charters.get_mut(&id.parse::<CharterId>().expect("an id")).expect("a charter").1
    }

    pub(crate) fn bonus(&mut self, month: &str, who: &str, amount: &str) {
        let month = month.parse().expect("a month");
        let books = self.books.entry(month).or_insert_with(|| Books::new(month));
        let (who, amount) = (who.parse().expect("an id"), amount.parse().expect("an amount"));
        let fact =
            books.enter(who, amount, "well done".into(), "Pat Lane".into(), self.now).expect("an entry");
        books.apply(&fact);
    }

    pub(crate) fn draft(&self, month: &str) -> Draft {
        let month: Month = month.parse().expect("a month");
        let books = self.books.get(&month).cloned().unwrap_or_else(|| Books::new(month));
        let mut sailings: Vec<Sailing> =
            self.charters.values().map(|(events, state)| Sailing::new(state.clone(), events)).collect();
        sailings.sort_by_key(|sailing| sailing.state.charter.departs_at);
        draft(Material {
            books: &books,
            rules: &self.rules,
            sailings: &sailings,
            paid: &self.paid,
            last_month: self.last.get(&month.plus(-1)).copied(),
            names: &BTreeMap::from([(crew("dana"), "Dana Reyes".to_owned())]),
            zone: &self.zone,
            now: self.now,
        })
    }

    /// Pays a month, and locks it.
    pub(crate) fn approve(&mut self, month: &str) -> Draft {
        let draft = self.draft(month);
        for statement in &draft.statements {
            self.paid.add(statement);
        }
        draft.accounts.iter().for_each(|account| self.paid.told(account));
        draft.changed.iter().for_each(|changed| self.paid.told(&changed.now));
        self.paid.approved(draft.month);
        self.last.insert(draft.month, draft.totals());
        let books = self.books.entry(draft.month).or_insert_with(|| Books::new(draft.month));
        books.approved = Some(Approval {
            at: self.now,
            by: "Pat Lane".into(),
            digest: String::new(),
            totals: draft.totals(),
        });
        draft
    }
}

fn event(id: &str, seq: u64, fact: Value) -> AuditEvent {
    let Value::Object(mut event) = fact else { panic!("no fact") };
    event.insert("charter_id".into(), id.into());
    event.insert("seq".into(), seq.into());
    event.insert("at".into(), "2026-05-01T12:00:00Z".into());
    event.insert("by".into(), json!(Actor::Office("Pat Lane".into())));
    event.insert("via".into(), "page".into());
    serde_json::from_value(Value::Object(event)).expect("an event")
}

pub(crate) fn scope(name: &str) -> Scope {
    Scope { name: name.into(), from: "2026-01-01".parse().expect("a day"), until: None, vessel: None }
}

/// A rule for one position that pays nothing yet.
pub(crate) fn rule(position: &str) -> PayRule {
    PayRule {
        scope: scope(position),
        position: Some(position.parse().expect("a position")),
        crew_id: None,
        per_sail: None,
        hourly: None,
        share: None,
    }
}

pub(crate) fn share(part: &str, of: crewcall_dispatch::statement::Base) -> Option<Share> {
    Some(Share { part: part.parse::<Percent>().expect("a percent"), of })
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().expect("an amount")
}

pub(crate) fn crew(who: &str) -> CrewId {
    who.parse().expect("an id")
}

/// Somebody's statement in a draft.
pub(crate) fn of<'a>(draft: &'a Draft, who: &str) -> &'a Statement {
    draft.of(&crew(who)).unwrap_or_else(|| panic!("{who} has no statement"))
}

/// A line in short: charter, total.
pub(crate) fn line(line: &Line) -> String {
    format!("{} {} {}", line.date, line.charter_id, line.parts.total())
}

/// The adjustments in short: amount and what of a sail.
pub(crate) fn adjustments(statement: &Statement) -> Vec<String> {
    let short = |one: &crewcall_dispatch::statement::Adjustment| match &one.why {
        crewcall_dispatch::statement::Why::ByHand { reason, .. } => format!("{} {reason}", one.amount),
        crewcall_dispatch::statement::Why::Later { charter_id, owed, .. } => {
            format!("{} {charter_id} {owed:?}", one.amount)
        }
        crewcall_dispatch::statement::Why::CarriedOver { from } => format!("{} from {from}", one.amount),
    };
    statement.adjustments.iter().map(short).collect()
}
