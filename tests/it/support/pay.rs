//! Rules of pay.

use crewcall_dispatch::statement::{Base, GratuityRule, Hourly, PayRule, PayRules, Scope, Share, Split, Way};

/// Captains have 100.00 a sail and 5 % of what is left after the fee, deckhands so much an hour, by the quarter, for three
/// hours at least; a gratuity is split like that.
pub(crate) fn rules(per_hour: &str, split: Split) -> PayRules {
    let deckhand = Hourly {
        rate: per_hour.parse().unwrap(),
        minimum: "3:00".parse().unwrap(),
        step: "0:15".parse().unwrap(),
        way: Way::Nearest,
    };
    let share = Share { part: "5%".parse().unwrap(), of: Base::Net };
    PayRules {
        pay: vec![
            PayRule { per_sail: Some("100.00".parse().unwrap()), share: Some(share), ..rule("captain") },
            PayRule { hourly: Some(deckhand), ..rule("deckhand") },
        ],
        gratuity: vec![GratuityRule { scope: scope("standard"), split }],
    }
}

/// A rule for one position that pays nothing yet.
pub(crate) fn rule(position: &str) -> PayRule {
    PayRule {
        scope: scope(position),
        position: Some(position.parse().unwrap()),
        crew_id: None,
        per_sail: None,
        hourly: None,
        share: None,
    }
}

/// From the beginning of 2026 on, everywhere.
pub(crate) fn scope(name: &str) -> Scope {
    Scope { name: name.into(), from: "2026-01-01".parse().unwrap(), until: None, vessel: None }
}
