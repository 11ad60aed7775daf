//! What a seat pays, as far as the rules say so before the sail.

use jiff::civil::Date;

use super::rules::{PayRule, PayRules, Split};
use crate::model::{CrewId, Rank};

/// What somebody is told of their pay when they are asked: by which rule, and no sum that only the sail will show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered<'a> {
    /// The rule for their sail.
    pub rule: &'a PayRule,
    /// Whether they have a part of what the guests give.
    pub gratuity: bool,
}

impl PayRules {
    /// What somebody is paid for a seat on that day; `None` if no rule says so.
    pub fn offered(
        &self,
        crew_id: &CrewId,
        position: &Rank,
        vessel: &str,
        date: Date,
    ) -> Option<Offered<'_>> {
        let rule = self.pay(crew_id, position, vessel, date)?;
        let has_part = |split: &Split| match split {
            Split::Equal | Split::ByHours => true,
            Split::ByRank(weights) => weights.get(position).is_none_or(|weight| *weight > 0),
        };
        let gratuity = self.gratuity(vessel, date).is_some_and(|rule| has_part(&rule.split));
        Some(Offered { rule, gratuity })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{GratuityRule, Scope};

    #[test]
    fn a_seat_without_a_rule_promises_nothing_and_a_rank_without_weight_no_gratuity() {
        let scope = || Scope {
            name: "x".into(),
            from: "2026-01-01".parse().unwrap(),
            until: None,
            vessel: Some("America".into()),
        };
        let position: Rank = "captain".parse().unwrap();
        let rule = PayRule {
            scope: scope(),
            position: Some(position.clone()),
            crew_id: None,
            per_sail: Some("150".parse().unwrap()),
            hourly: None,
            share: None,
        };
        let split = |split| PayRules {
            pay: vec![rule.clone()],
            gratuity: vec![GratuityRule { scope: scope(), split }],
        };
        let weighed = |weight| Split::ByRank([(position.clone(), weight)].into());
        let dana: CrewId = "dana".parse().unwrap();
        let offered = |rules: &PayRules, position: &str, vessel: &str, date: &str| {
            let (position, date) = (position.parse().unwrap(), date.parse().unwrap());
            let offered = rules.offered(&dana, &position, vessel, date);
            offered.map(|offered| (offered.rule.per_sail.unwrap().to_string(), offered.gratuity))
        };
        for (rules, gratuity) in [
            (split(Split::Equal), true),
            (split(Split::ByHours), true),
            (split(weighed(2)), true),
            (split(weighed(0)), false),
            (split(Split::ByRank([("mate".parse().unwrap(), 0)].into())), true),
            (PayRules { gratuity: Vec::new(), ..split(Split::Equal) }, false),
        ] {
            let promised = Some(("150.00".to_owned(), gratuity));
            assert_eq!(offered(&rules, "captain", "America", "2026-06-27"), promised);
            assert_eq!(offered(&rules, "mate", "America", "2026-06-27"), None);
            assert_eq!(offered(&rules, "captain", "Jada", "2026-06-27"), None);
            assert_eq!(offered(&rules, "captain", "America", "2025-06-27"), None);
        }
    }
}
