//! What a sail pays, and what became of those that were paid.

use crewcall_dispatch::statement::{Adjustment, Base, Offered, Owed, Why};

/// What whoever is asked is paid: `100.00 USD a sail and 5% of the gross revenue, and a part of the gratuity`. `None` if
/// there is nothing to say.
pub fn offered(pay: &Offered<'_>, currency: &str) -> Option<String> {
    let money = |amount: &dyn std::fmt::Display| format!("{amount} {currency}").trim_end().to_owned();
    let mut parts = Vec::new();
    parts.extend(pay.rule.per_sail.map(|amount| format!("{} a sail", money(&amount))));
    parts.extend(pay.rule.hourly.map(|hourly| {
        let rate = format!("{} an hour", money(&hourly.rate));
        if hourly.minimum.0 > 0 { format!("{rate}, for at least {} h", hourly.minimum) } else { rate }
    }));
    parts.extend(pay.rule.share.map(|share| match share.of {
        Base::Gross => format!("{} of the gross revenue", share.part),
        Base::Net => format!("{} of the revenue after the channel fee", share.part),
    }));
    let gratuity = pay.gratuity.then_some("a part of the gratuity");
    match (parts.is_empty(), gratuity) {
        (true, gratuity) => gratuity.map(|gratuity| gratuity.replacen('a', "A", 1)),
        (false, None) => Some(parts.join(" and ")),
        (false, Some(gratuity)) => Some(format!("{}, and {gratuity}", parts.join(" and "))),
    }
}

/// Why a sail of an earlier month comes once more, behind its name: `was paid 20.00, and comes to 18.00`. Of other adjustments
/// there is nothing to say.
pub fn owed(adjustment: &Adjustment) -> String {
    let (Why::Later { owed, .. }, Some((was, is))) = (&adjustment.why, adjustment.was_and_is()) else {
        return String::new();
    };
    match owed {
        Owed::Open => "was not paid yet".to_owned(),
        Owed::Changed => format!("was paid {was}, and comes to {is}"),
        Owed::NotSailed => format!("was paid {was}, and not sailed"),
    }
}
