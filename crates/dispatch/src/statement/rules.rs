//! What people are paid: the operator's rules, and which of them counts for a sail.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::model::{CrewId, Minutes, Money, Rank};

/// The operator's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayRules {
    /// What people are paid for a sail.
    pub pay: Vec<PayRule>,
    /// How gratuities are split.
    pub gratuity: Vec<GratuityRule>,
}

/// From when to when a rule holds, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The name that the settings give the rule.
    pub name: String,
    /// The first day of departure for which it holds.
    pub from: Date,
    /// The last; `None` for no end.
    pub until: Option<Date>,
    /// The only vessel on which it holds.
    pub vessel: Option<String>,
}

impl Scope {
    fn covers(&self, date: Date, vessel: &str) -> bool {
        self.from <= date
            && self.until.is_none_or(|until| date <= until)
            && self.vessel.as_ref().is_none_or(|only| only.to_lowercase() == vessel.to_lowercase())
    }
}

/// What somebody is paid for a sail; all of it that is given counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayRule {
    /// When and where it holds.
    pub scope: Scope,
    /// The only position for which it holds.
    pub position: Option<Rank>,
    /// The only person for whom it holds.
    pub crew_id: Option<CrewId>,
    /// For each sail.
    pub per_sail: Option<Money>,
    /// By the hour.
    pub hourly: Option<Hourly>,
    /// A part of what the charter brought in.
    pub share: Option<Share>,
}

/// Pay by the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hourly {
    /// For an hour.
    pub rate: Money,
    /// So long is paid at least.
    pub minimum: Minutes,
    /// To what hours are rounded, before the minimum; a minute is as they are.
    pub step: Minutes,
    /// In which direction.
    pub way: Way,
}

/// In which direction hours are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A step that was begun is paid.
    Up,
    /// Half a step is paid as a whole one, less than half is not.
    Nearest,
    /// Only whole steps are paid.
    Down,
}

impl Hourly {
    /// For how long somebody is paid who worked so long.
    pub fn paid(&self, worked: Minutes) -> Minutes {
        let step = self.step.0.max(1);
        let steps = match self.way {
            Way::Up => worked.0.div_ceil(step),
            Way::Nearest => (2 * worked.0 + step) / (2 * step),
            Way::Down => worked.0 / step,
        };
        Minutes(steps * step).max(self.minimum)
    }
}

/// A part of what the charter brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How much.
    pub part: Percent,
    /// Of what.
    pub of: Base,
}

/// Of what a share is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The gross revenue.
    Gross,
    /// What is left of it after the channel fee.
    Net,
}

/// A part of a hundred, in ten-thousandths of one: `12.5%` is 125,000 millionths of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Percent(pub u32);

impl Percent {
    /// The whole.
    pub const WHOLE: u32 = 1_000_000;
}

impl FromStr for Percent {
    type Err = String;

    /// Reads `5%`, `12.5%` and `33.3333%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("is {text:?}; write a part of a hundred such as \"12.5%\", with four decimals at most")
        };
        let number = text.trim().strip_suffix('%').ok_or_else(wrong)?.trim();
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits =
            |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole, 3) || !digits(part, 4) {
            return Err(wrong());
        }
        let millionths: u32 = format!("{whole}{part:0<4}").parse().map_err(|_| wrong())?;
        if millionths <= Self::WHOLE {
            Ok(Self(millionths))
        } else {
            Err(format!("is {text:?}, more than the whole"))
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = format!("{:04}", self.0 % 10_000);
        match part.trim_end_matches('0') {
            "" => write!(f, "{}%", self.0 / 10_000),
            part => write!(f, "{}.{part}%", self.0 / 10_000),
        }
    }
}

/// How the gratuity of a charter is split among those who sailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GratuityRule {
    /// When and where it holds.
    pub scope: Scope,
    /// How.
    pub split: Split,
}

/// How a gratuity is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// Everyone has the same.
    Equal,
    /// By the weight of the position; one that is not named has the weight 1.
    ByRank(BTreeMap<Rank, u32>),
    /// By the minutes that each worked.
    ByHours,
}

impl PayRules {
    /// The rule for somebody's sail: of those that hold, one for the person goes before one for the vessel, that before
    /// one for the position, and of equals the one that holds since the later day.
    pub fn pay(&self, crew_id: &CrewId, position: &Rank, vessel: &str, date: Date) -> Option<&PayRule> {
        let holds = |rule: &&PayRule| {
            rule.scope.covers(date, vessel)
                && rule.position.as_ref().is_none_or(|only| only == position)
                && rule.crew_id.as_ref().is_none_or(|only| only == crew_id)
        };
        self.pay.iter().filter(holds).max_by_key(|rule| rule.rank())
    }

    /// The rule for a charter's gratuity: one for the vessel goes first, and of equals the one that holds since the
    /// later day.
    pub fn gratuity(&self, vessel: &str, date: Date) -> Option<&GratuityRule> {
        let holds = |rule: &&GratuityRule| rule.scope.covers(date, vessel);
        self.gratuity.iter().filter(holds).max_by_key(|rule| rule.rank())
    }
}

impl PayRule {
    /// What decides between rules that hold; no two of the settings are equal in it and in what they are for.
    pub fn rank(&self) -> (bool, bool, bool, Date) {
        (self.crew_id.is_some(), self.scope.vessel.is_some(), self.position.is_some(), self.scope.from)
    }
}

impl GratuityRule {
    /// As [`PayRule::rank`].
    pub fn rank(&self) -> (bool, Date) {
        (self.scope.vessel.is_some(), self.scope.from)
    }
}

/// The rule in a sentence, as footnotes have it: `captain: 150.00 a sail (from 2026-01-01)`.
impl fmt::Display for PayRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(per_sail) = self.per_sail {
            parts.push(format!("{per_sail} a sail"));
        }
        if let Some(hourly) = self.hourly {
            parts.push(hourly.to_string());
        }
        if let Some(Share { part, of }) = self.share {
            parts.push(match of {
                Base::Gross => format!("{part} of the gross revenue"),
                Base::Net => format!("{part} of the revenue after the channel fee"),
            });
        }
        let pays = if parts.is_empty() { "nothing but the gratuity".to_owned() } else { parts.join(", ") };
        write!(f, "{}: {pays} ({})", self.scope.name, self.scope)
    }
}

impl fmt::Display for Hourly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} an hour", self.rate)?;
        if self.step.0 > 1 {
            let way = match self.way {
                Way::Up => "up",
                Way::Nearest => "half up",
                Way::Down => "down",
            };
            write!(f, ", rounded {way} to {} min", self.step.0)?;
        }
        if self.minimum.0 > 0 {
            write!(f, ", at least {} h", self.minimum)?;
        }
        Ok(())
    }
}

impl fmt::Display for GratuityRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match &self.split {
            Split::Equal => "the gratuity is split equally".to_owned(),
            Split::ByRank(weights) => {
                let weights: Vec<String> =
                    weights.iter().map(|(rank, weight)| format!("{rank} {weight}")).collect();
                format!("the gratuity is split by rank ({}, others 1)", weights.join(", "))
            }
            Split::ByHours => "the gratuity is split by the minutes worked".to_owned(),
        };
        write!(f, "{}: {how} ({})", self.scope.name, self.scope)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(vessel) = &self.vessel {
            write!(f, "on {vessel}, ")?;
        }
        match self.until {
            Some(until) => write!(f, "from {} until {until}", self.from),
            None => write!(f, "from {}", self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(
        name: &str,
        crew: Option<&str>,
        vessel: Option<&str>,
        position: Option<&str>,
        from: &str,
    ) -> PayRule {
        PayRule {
            scope: Scope {
                name: name.into(),
                from: from.parse().unwrap(),
                until: None,
                vessel: vessel.map(str::to_owned),
            },
            position: position.map(|position| position.parse().unwrap()),
            crew_id: crew.map(|crew| crew.parse().unwrap()),
            per_sail: None,
            hourly: None,
            share: None,
        }
    }

    #[test]
    fn the_nearest_rule_counts_and_of_equals_the_latest() {
        let mut pay = vec![
            rule("captain", None, None, Some("captain"), "2026-01-01"),
            rule("captain-july", None, None, Some("captain"), "2026-07-01"),
            rule("america", None, Some("America"), Some("captain"), "2026-01-01"),
            rule("dana", Some("dana-reyes"), None, None, "2026-02-01"),
            rule("dana-america", Some("dana-reyes"), Some("america"), None, "2026-06-01"),
        ];
        pay[4].scope.until = Some("2026-06-30".parse().unwrap());
        let rules = PayRules { pay, gratuity: Vec::new() };
        let of = |crew: &str, position: &str, vessel: &str, date: &str| {
            let (crew, position) = (crew.parse().unwrap(), position.parse().unwrap());
            rules.pay(&crew, &position, vessel, date.parse().unwrap()).map(|rule| rule.scope.name.as_str())
        };
        assert_eq!(of("gene-ito", "captain", "Daisy", "2026-06-30"), Some("captain"));
        assert_eq!(of("gene-ito", "captain", "Daisy", "2026-07-01"), Some("captain-july"));
        assert_eq!(of("gene-ito", "captain", "AMERICA", "2026-07-01"), Some("america"));
        assert_eq!(of("dana-reyes", "mate", "Daisy", "2026-06-30"), Some("dana"));
        assert_eq!(of("dana-reyes", "captain", "America", "2026-06-30"), Some("dana-america"));
        assert_eq!(of("dana-reyes", "captain", "America", "2026-07-01"), Some("dana"));
        assert_eq!(of("dana-reyes", "captain", "Daisy", "2026-01-31"), Some("captain"));
        assert_eq!(of("lee-park", "deckhand", "Daisy", "2026-06-30"), None);
    }

    #[test]
    fn hours_are_rounded_first_and_then_have_a_minimum() {
        let hourly = |step, way| Hourly {
            rate: "20".parse().unwrap(),
            minimum: Minutes(180),
            step: Minutes(step),
            way,
        };
        for (step, way, worked, paid) in [
            (1, Way::Nearest, 187, 187),
            (15, Way::Up, 181, 195),
            (15, Way::Up, 195, 195),
            (15, Way::Nearest, 187, 180),
            (15, Way::Nearest, 188, 195),
            (15, Way::Down, 194, 180),
            (60, Way::Down, 100, 180),
            (7, Way::Nearest, 0, 180),
        ] {
            assert_eq!(hourly(step, way).paid(Minutes(worked)), Minutes(paid), "{step} {way:?} {worked}");
        }
    }

    #[test]
    fn percents_are_exact() {
        for (text, millionths, shown) in [
            ("5%", 50_000, "5%"),
            ("12.50 %", 125_000, "12.5%"),
            ("33.3333%", 333_333, "33.3333%"),
            ("100%", 1_000_000, "100%"),
            ("0.05%", 500, "0.05%"),
        ] {
            let percent: Percent = text.parse().unwrap();
            assert_eq!((percent.0, percent.to_string().as_str()), (millionths, shown));
        }
        for bad in ["", "5", "%", "-5%", "100.0001%", "1e1%", "5.00001%", ".5%"] {
            assert!(bad.parse::<Percent>().is_err(), "{bad:?} was taken");
        }
    }
}
