//! A month that sailed: five people, eight charters, a refund of the month before, a bonus, a deduction.

use std::sync::Arc;

use crewcall::app::{App, Caller, Given};
use crewcall::clock::MovableClock;
use crewcall::operator::{Operator, Pay};
use crewcall::statement::{self, MonthView};
use crewcall::store::MemoryStore;
use crewcall::workbook::pay::{self, Heading};
use crewcall_dispatch::cascade::{Actor, Command};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::{Amount, Booking, CrewId, CrewMember, Figures, Minutes, Money};
use crewcall_dispatch::statement::{HourlyPay, Line, Parts, PayRules, Percent, SharePay, Split, Statement};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

pub(super) struct Month {
    app: Arc<App>,
    view: MonthView,
}

fn rules() -> PayRules {
    crate::pay::rules("22.53", Split::ByRank([("captain".parse().unwrap(), 2)].into()))
}

fn operator() -> Operator {
    let owner = Some("Kim Cole <owner@example.com>".parse().unwrap());
    Operator {
        name: "Harbor Sails".into(),
        zone: TimeZone::get("America/Los_Angeles").unwrap(),
        ranks: ["captain", "deckhand"].map(|rank| rank.parse().unwrap()).into(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: None,
        policy: Default::default(),
        pay: Pay { rules: rules(), currency: "USD".into(), owner },
        key: LinkKey::new([7; 32], "jada"),
    }
}

fn person(crew_id: &str, name: &str, rank: &str) -> CrewMember {
    let record =
        json!({ "crew_id": crew_id, "name": name, "rank": rank, "email": format!("{crew_id}@example.com") });
    CrewMember::parse(record.as_object().unwrap()).unwrap()
}

fn office() -> Caller {
    Caller::new(Actor::Office("Pat Lane".into()), "page")
}

/// One charter: id, vessel, departure, who sails, what it came to.
type Sailed<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], [&'a str; 4]);

const SAILED: [Sailed<'static>; 9] = [
    (
        "charter_0",
        "America",
        "2026-05-23T16:00:00-07:00",
        &["dana-reyes", "lee-park"],
        ["1450.00", "145.00", "120.00", "3:00"],
    ),
    (
        "charter_1",
        "America",
        "2026-06-06T16:00:00-07:00",
        &["dana-reyes", "lee-park", "sam-ortiz"],
        ["1450.00", "145.00", "200.00", "3:20"],
    ),
    (
        "charter_2",
        "Daisy",
        "2026-06-07T10:00:00-07:00",
        &["gene-hart", "lee-park"],
        ["980.00", "0.00", "100.01", "2:10"],
    ),
    (
        "charter_3",
        "America",
        "2026-06-13T16:00:00-07:00",
        &["dana-reyes", "sam-ortiz", "kai-moss"],
        ["1633.33", "163.33", "75.50", "3:41"],
    ),
    (
        "charter_4",
        "Daisy",
        "2026-06-14T11:00:00-07:00",
        &["gene-hart", "kai-moss"],
        ["720.10", "72.01", "0.00", "2:55"],
    ),
    (
        "charter_5",
        "America",
        "2026-06-20T16:00:00-07:00",
        &["dana-reyes", "lee-park", "sam-ortiz"],
        ["1450.00", "145.00", "260.00", "4:08"],
    ),
    (
        "charter_6",
        "Daisy",
        "2026-06-21T12:00:00-07:00",
        &["dana-reyes", "kai-moss"],
        ["310.00", "31.00", "40.00", "3:05"],
    ),
    (
        "charter_7",
        "America",
        "2026-06-27T23:00:00-07:00",
        &["gene-hart", "lee-park", "sam-ortiz"],
        ["1999.99", "200.00", "333.33", "5:02"],
    ),
    // Its hours are not known yet.
    (
        "charter_8",
        "Daisy",
        "2026-06-30T22:00:00-07:00",
        &["gene-hart", "kai-moss"],
        ["880.00", "88.00", "50.00", ""],
    ),
];

impl Month {
    /// June, approved; May was approved before a refund.
    pub(super) async fn sailed() -> Self {
        let clock = Arc::new(MovableClock::frozen("2026-05-15T10:00:00-07:00".parse().unwrap()));
        let app = Arc::new(App::new(Arc::new(MemoryStore::new()), clock.clone(), operator()));
        let people = [
            person("dana-reyes", "Dana Reyes", "captain"),
            person("gene-hart", "Gene Hart", "captain"),
            person("lee-park", "Lee Park", "deckhand"),
            person("sam-ortiz", "Sam Ortiz", "deckhand"),
            person("kai-moss", "Kai Moss", "deckhand"),
        ];
        let given: Vec<Given> = people.iter().map(Given::from).collect();
        let changes = app.compare_roster(given).await.unwrap().unwrap();
        app.write_roster(&changes).await.unwrap();
        for (id, vessel, departs_at, crew, _) in SAILED {
            let departs: Timestamp = departs_at.parse().unwrap();
            let at = |hours: i64| (departs + jiff::SignedDuration::from_hours(hours)).to_string();
            let booking: Booking = serde_json::from_value(json!({
                "charter_id": id, "vessel": vessel, "departs_at": at(0), "returns_at": at(3), "call_time": at(-1),
                "dock": "Shelter Island, pier 3", "guests": 6,
                "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": crew.len() - 1 }],
            }))
            .unwrap();
            app.book(booking.check(&app.operator.zone).unwrap(), &office()).await.unwrap();
            for who in crew {
                let position = people.iter().find(|one| one.crew_id.as_str() == *who).unwrap().rank.clone();
                let command =
                    Command::Assign { position, crew_id: who.parse().unwrap(), reason: "rang".into() };
                app.run(&id.parse().unwrap(), &command, &office()).await.unwrap();
            }
        }
        clock.move_to("2026-07-02T09:00:00-07:00".parse().unwrap());
        for (id, .., figures) in SAILED {
            record(&app, id, figures).await;
        }
        let (may, june) = ("2026-05".parse().unwrap(), "2026-06".parse().unwrap());
        statement::approve(&app, may, None, &office()).await.unwrap();
        record(&app, "charter_0", ["1250.00", "125.00", "100.00", "3:00"]).await;
        for (who, amount, reason) in [
            ("dana-reyes", "50.00", "came at short notice"),
            ("lee-park", "-12.50", "=1+1, a lost winch handle"),
        ] {
            let (who, amount) = (who.parse::<CrewId>().unwrap(), amount.parse::<Amount>().unwrap());
            statement::enter(&app, june, &who, amount, reason.into(), &office(), None).await.unwrap();
        }
        let view = statement::approve(&app, june, None, &office()).await.unwrap();
        Self { app, view }
    }

    pub(super) fn people(&self) -> Vec<String> {
        self.view.draft.statements.iter().map(|one| one.crew_id.to_string()).collect()
    }

    pub(super) fn statement(&self, who: &str) -> Vec<u8> {
        statement::statement_file(&self.app, &self.view, &who.parse().unwrap()).unwrap().bytes
    }

    pub(super) fn owner(&self) -> Vec<u8> {
        statement::owner_file(&self.app, &self.view).unwrap().bytes
    }

    /// As a spreadsheet shows it.
    pub(super) fn total(&self, who: &str) -> String {
        shown(self.view.draft.of(&who.parse().unwrap()).unwrap().total())
    }

    pub(super) fn paid(&self) -> String {
        shown(self.view.draft.totals().paid)
    }
}

fn shown(amount: Amount) -> String {
    let text = amount.to_string();
    let (whole, cents) = text.split_once('.').unwrap();
    match whole.len() {
        ..=3 => text.clone(),
        digits => format!("{},{}.{cents}", &whole[..digits - 3], &whole[digits - 3..]),
    }
}

async fn record(app: &App, id: &str, [gross, fee, gratuity, hours]: [&str; 4]) {
    let money = |text: &str| Some(text.parse::<Money>().unwrap());
    let figures = Figures {
        gross_revenue: money(gross),
        channel_fee: money(fee),
        gratuity: money(gratuity),
        actual_hours: (!hours.is_empty()).then(|| hours.parse().unwrap()),
        ..Figures::default()
    };
    app.run(&id.parse().unwrap(), &Command::Record { figures, from: None }, &office()).await.unwrap();
}

/// A statement whose lines are the hard cases: halves of a cent, and a millionth to both sides of them.
pub(super) fn every_rounding() -> Vec<u8> {
    let line = |minutes: u32, rate: i64, base: i64, part: u32| {
        let rate: Money = format!("{}.{:02}", rate / 100, rate % 100).parse().unwrap();
        let (hourly, share) = (
            HourlyPay { paid: Minutes(minutes), rate },
            SharePay { base: Amount::from_cents(base), part: Percent(part) },
        );
        Line {
            date: "2026-06-27".parse().unwrap(),
            charter_id: "charter_1".parse().unwrap(),
            vessel: "America".into(),
            position: "deckhand".parse().unwrap(),
            worked: Some(Minutes(minutes)),
            hourly: Some(hourly),
            share: Some(share),
            parts: Parts {
                flat: Amount::from_cents(i64::from(minutes) * 7),
                hourly: hourly.amount(),
                share: share.amount(),
                gratuity: Amount::from_cents(base % 10_007),
            },
            rules: vec![1],
            accepted: None,
        }
    };
    let mut lines = Vec::new();
    for n in 0..1_000i64 {
        // Of 60 parts of an hour, those that leave 30 are half a cent; of a share of half a percent every odd base is.
        let minutes = 1 + (n * 37 % 1_440) as u32;
        let rate = 1 + n * 7_919 % 99_999;
        let base = (n - 500) * 123_457 + n % 2;
        lines.push(line(minutes, rate, base, [5_000, 500_000, 333_333, 125_000, 999_999][n as usize % 5]));
        lines.push(line(30, 2 * n + 1, 2 * n + 1, 500_000));
    }
    let statement = Statement {
        month: "2026-06".parse().unwrap(),
        crew_id: "every-rounding".parse().unwrap(),
        name: "Every Rounding".into(),
        lines,
        adjustments: Vec::new(),
        open: Vec::new(),
        rules: vec!["by hand".into()],
        earlier_this_year: Amount::from_cents(-1),
        last_month: None,
    };
    let zone = TimeZone::UTC;
    let at = "2026-07-01T12:00:00Z".parse().unwrap();
    let heading = Heading { operator: "Harbor Sails", currency: "USD", zone: &zone, approved: None, at };
    pay::statement(&statement, &heading).unwrap()
}
