//! Months of pay of any size, made of the same sails each time.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{Amount, CrewId, Minutes, Money, Month};
use crewcall_dispatch::statement::{
    Acceptance, Account, Draft, HourlyPay, How, Line, Parts, Percent, SharePay, Statement,
};
use jiff::ToSpan;

/// Aboard one charter.
const ABOARD: usize = 5;

fn money(cents: i64) -> Money {
    format!("{}.{:02}", cents / 100, cents % 100).parse().expect("an amount")
}

/// The sail number `no` of somebody: paid by the hour, for the sail, of the revenue, and of the gratuity.
pub(super) fn line(month: Month, who: usize, no: usize) -> Line {
    let seed = (no * 31 + who * 7) as i64;
    let hourly = HourlyPay { paid: Minutes(180 + 15 * (seed % 9) as u32), rate: money(2_250 + seed % 400) };
    let base = Amount::from_cents(130_500 + 37 * (seed % 1_000));
    let share = SharePay { base, part: Percent(50_000) };
    let charter = who / ABOARD * 1_000_000 + no;
    Line {
        date: month.first() + ((no % 28) as i64).days(),
        charter_id: format!("charter_{charter}").parse().expect("an id"),
        vessel: ["America", "Daisy", "Stars and Stripes"][charter % 3].into(),
        position: ["captain", "deckhand"][usize::from(!who.is_multiple_of(ABOARD))].parse().expect("a rank"),
        worked: Some(Minutes(178 + (seed % 240) as u32)),
        hourly: Some(hourly),
        share: Some(share),
        parts: Parts {
            flat: Amount::from_cents(5_000),
            hourly: hourly.amount(),
            share: share.amount(),
            gratuity: Amount::from_cents(1_833 + seed % 100),
        },
        rules: vec![1, 2],
        accepted: Some(Acceptance {
            seq: 4 + (no % 9) as u64,
            at: "2026-05-20T16:12:00Z".parse().expect("an instant"),
            via: format!("link jada_crew_{charter:016}"),
            how: How::Accepted,
        }),
    }
}

/// Somebody's statement with so many sails.
pub(super) fn statement(who: usize, sails: usize) -> Statement {
    let month: Month = "2026-06".parse().expect("a month");
    let crew_id: CrewId = format!("crew-{who}").parse().expect("an id");
    Statement {
        month,
        name: format!("Dana Reyes {who}"),
        crew_id,
        lines: (0..sails).map(|no| line(month, who, no)).collect(),
        adjustments: Vec::new(),
        open: Vec::new(),
        rules: vec![
            "captain: 50.00 a sail, 22.50 an hour, 5% of the revenue after the channel fee (from 2026-01-01)"
                .into(),
            "standard: the gratuity is split equally (from 2026-01-01)".into(),
        ],
        earlier_this_year: Amount::from_cents(1_234_567),
        last_month: Some(Amount::from_cents(123_456)),
    }
}

/// A month of so many people with so many sails each.
pub(super) fn month(people: usize, sails: usize) -> Draft {
    let statements: Vec<Statement> = (0..people).map(|who| statement(who, sails)).collect();
    let mut accounts: BTreeMap<_, Account> = BTreeMap::new();
    for line in statements.iter().flat_map(|statement| &statement.lines) {
        let account = accounts.entry((line.date, line.charter_id.clone())).or_insert_with(|| Account {
            date: line.date,
            charter_id: line.charter_id.clone(),
            vessel: line.vessel.clone(),
            guests: 6,
            gross_revenue: Some(money(145_000)),
            channel_fee: Some(money(14_500)),
            gratuity: Some(money(9_165)),
            crew_cost: Amount::ZERO,
            open: Vec::new(),
            remarks: Vec::new(),
        });
        account.crew_cost += line.parts.wage();
    }
    Draft {
        month: "2026-06".parse().expect("a month"),
        statements,
        accounts: accounts.into_values().collect(),
        still_open: Vec::new(),
        changed: Vec::new(),
        last_month: None,
    }
}
