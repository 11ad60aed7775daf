//! What the demo's people are paid.

use crewcall_dispatch::model::{Minutes, Rank};
use crewcall_dispatch::statement::{GratuityRule, Hourly, PayRule, PayRules, Scope, Split, Way};
use jiff::civil::Date;

use super::DemoError;
use crate::operator::Pay;

/// Captains and mates are paid by the sail, the others by the hour; gratuities are split equally.
pub(super) fn pay() -> Result<Pay, DemoError> {
    let hourly = |rate: &str, minimum: u32, step: u32| -> Result<Hourly, DemoError> {
        let rate = rate.parse().map_err(DemoError::Data)?;
        Ok(Hourly { rate, minimum: Minutes(minimum), step: Minutes(step), way: Way::Nearest })
    };
    let per_sail = |rank: &str, amount: &str| -> Result<PayRule, DemoError> {
        Ok(PayRule { per_sail: Some(amount.parse().map_err(DemoError::Data)?), ..rule(rank)? })
    };
    let rules = PayRules {
        pay: vec![
            per_sail("captain", "150.00")?,
            per_sail("mate", "120.00")?,
            PayRule { hourly: Some(hourly("22.50", 180, 15)?), ..rule("deckhand")? },
            PayRule { hourly: Some(hourly("18.00", 0, 1)?), ..rule("host")? },
        ],
        gratuity: vec![GratuityRule { scope: scope("gratuity"), split: Split::Equal }],
    };
    Ok(Pay { rules, currency: "USD".into(), owner: None })
}

/// A rule for a rank that pays nothing yet.
fn rule(rank: &str) -> Result<PayRule, DemoError> {
    let position: Rank = rank.parse().map_err(DemoError::Data)?;
    Ok(PayRule {
        scope: scope(rank),
        position: Some(position),
        crew_id: None,
        per_sail: None,
        hourly: None,
        share: None,
    })
}

fn scope(name: &str) -> Scope {
    Scope { name: name.to_owned(), from: Date::constant(2020, 1, 1), until: None, vessel: None }
}
