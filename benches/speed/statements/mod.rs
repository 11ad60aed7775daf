//! Statements as workbooks.
mod month;
use crate::report::Report;
use crewcall::workbook::pay;
use std::time::Instant;

pub(crate) fn run(_report: &mut Report) {
    let zone = jiff::tz::TimeZone::get("America/Los_Angeles").expect("a zone");
    let heading = pay::Heading {
        operator: "Harbor Sails",
        currency: "USD",
        zone: &zone,
        approved: None,
        at: "2026-07-01T12:00:00Z".parse().unwrap(),
    };
    let draft = month::month(50, 30);
    for _ in 0..5 {
        let t = Instant::now();
        let bytes: usize = draft.statements.iter().map(|s| pay::statement(s, &heading).unwrap().len()).sum();
        let a = t.elapsed();
        let t = Instant::now();
        let owner = pay::month(&draft, &heading).unwrap();
        println!(
            "50x30: {a:?} {bytes}; owner {:?} {} charters {}",
            t.elapsed(),
            owner.len(),
            draft.accounts.len()
        );
    }
    let large = month::statement(1, 100_000);
    for _ in 0..3 {
        let t = Instant::now();
        let bytes = pay::statement(&large, &heading).unwrap();
        println!("100k: {:?} {}", t.elapsed(), bytes.len());
    }
}
