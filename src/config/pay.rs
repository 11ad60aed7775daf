//! `[pay]`: what people are paid, for the statements of a month.

use std::collections::BTreeMap;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Minutes, Money, Rank, name};
use crewcall_dispatch::statement::{
    Base, GratuityRule, Hourly, PayRule, PayRules, Percent, Scope, Share, Split, Way,
};
use jiff::civil::Date;

use super::read::{default, sender};
use super::reader::Fallback::{Absent, Required};
use super::reader::Reader;
use super::vessels::{rank, words};
use crate::operator::Pay;

const RULES: &str = "pay.rules";
const GRATUITY: &str = "pay.gratuity";
/// Hours that are paid at least, at the most: a day's.
const MOST_HOURS: Minutes = Minutes(24 * 60);

/// The rules, in the order of their names.
pub(super) fn read(keys: &mut Reader, ranks: Option<&[Rank]>) -> Option<Pay> {
    let currency = keys.read("pay.currency", default("USD"), currency);
    let owner = keys.read("pay.owner", Absent, sender);
    let names: Vec<String> = keys.names_in(RULES).into_iter().collect();
    // All are read before anyone gives up, so that all faults are told.
    let pay: Vec<Option<PayRule>> = names.iter().map(|name| pay_rule(keys, name, ranks)).collect();
    let splits: Vec<String> = keys.names_in(GRATUITY).into_iter().collect();
    let gratuity: Vec<Option<GratuityRule>> =
        splits.iter().map(|name| gratuity_rule(keys, name, ranks)).collect();
    for (section, count) in [(RULES, names.len()), (GRATUITY, splits.len())] {
        if count > limits::PAY_RULES {
            keys.object(section, format!("has {count} rules; at most {} are taken", limits::PAY_RULES));
            return None;
        }
    }
    let pay: Vec<PayRule> = pay.into_iter().collect::<Option<_>>()?;
    let gratuity: Vec<GratuityRule> = gratuity.into_iter().collect::<Option<_>>()?;
    let lower = |vessel: &Option<String>| vessel.as_ref().map(|vessel| vessel.to_lowercase());
    let for_whom = |rule: &PayRule| {
        (rule.crew_id.clone(), lower(&rule.scope.vessel), rule.position.clone(), rule.scope.from)
    };
    let pay_twins = twins(&pay, for_whom, |rule| &rule.scope);
    let split_twins =
        twins(&gratuity, |rule| (lower(&rule.scope.vessel), rule.scope.from), |rule| &rule.scope);
    for (section, twins) in [(RULES, pay_twins), (GRATUITY, split_twins)] {
        if let Some((one, other)) = twins {
            let problem = format!(
                "is for the same as [{section}.{other}] from the same day on, so that nobody could say which counts; \
                 give one of them another day"
            );
            keys.object(&format!("{section}.{one}.from"), problem);
            return None;
        }
    }
    Some(Pay { rules: PayRules { pay, gratuity }, currency: currency?, owner })
}

/// The names of two rules that are for the same.
fn twins<T, K: PartialEq>(
    rules: &[T],
    key: impl Fn(&T) -> K,
    scope: impl Fn(&T) -> &Scope,
) -> Option<(String, String)> {
    let pairs =
        rules.iter().enumerate().flat_map(|(n, one)| rules[..n].iter().map(move |other| (one, other)));
    let mut same = pairs.filter(|(one, other)| key(one) == key(other));
    same.next().map(|(one, other)| (scope(one).name.clone(), scope(other).name.clone()))
}

fn pay_rule(keys: &mut Reader, own_name: &str, ranks: Option<&[Rank]>) -> Option<PayRule> {
    let section = format!("{RULES}.{own_name}");
    let key = |leaf: &str| format!("{section}.{leaf}");
    let scope = scope(keys, &section, own_name);
    let position = optional(keys, &key("position"), |text| rank(text, ranks));
    let crew_id = optional(keys, &key("crew"), str::parse::<CrewId>);
    let per_sail = optional(keys, &key("per_sail"), str::parse::<Money>);
    let per_hour = optional(keys, &key("per_hour"), str::parse::<Money>);
    let minimum = optional(keys, &key("minimum_hours"), str::parse::<Minutes>);
    let round = optional(keys, &key("round_hours"), round_hours);
    let part = optional(keys, &key("share"), str::parse::<Percent>);
    let of = optional(keys, &key("share_of"), |text| match text.trim() {
        "gross" => Ok(Base::Gross),
        "net" => Ok(Base::Net),
        _ => Err(format!("is {text:?}; write \"gross\", or \"net\" for what is left after the channel fee")),
    });
    let (per_hour, minimum, round) = (per_hour?, minimum?, round?);
    if per_hour.is_none() && (minimum.is_some() || round.is_some()) {
        let leaf = if minimum.is_some() { "minimum_hours" } else { "round_hours" };
        keys.object(&key(leaf), "stands without per_hour; give that, too, or take this out");
        return None;
    }
    let (part, of) = (part?, of?);
    if part.is_some() != of.is_some() {
        let (leaf, other) = if part.is_some() { ("share", "share_of") } else { ("share_of", "share") };
        keys.object(&key(leaf), format!("stands without {other}; a share says how much of what"));
        return None;
    }
    let (step, way) = round.unwrap_or((Minutes(1), Way::Nearest));
    let minimum = minimum.unwrap_or(Minutes(0));
    if minimum > MOST_HOURS {
        keys.object(&key("minimum_hours"), format!("is {minimum}; at most {MOST_HOURS} are taken"));
        return None;
    }
    if per_sail.is_some_and(|per_sail| per_sail.is_none()) && per_hour.is_none() && part.is_none() {
        let problem = "comes with no pay; give per_sail, per_hour or share, or per_sail = \"0.00\" for the gratuity alone";
        keys.object(&key("from"), problem);
        return None;
    }
    Some(PayRule {
        scope: scope?,
        position: position?,
        crew_id: crew_id?,
        per_sail: per_sail?,
        hourly: per_hour.map(|rate| Hourly { rate, minimum, step, way }),
        share: part.zip(of).map(|(part, of)| Share { part, of }),
    })
}

fn gratuity_rule(keys: &mut Reader, own_name: &str, ranks: Option<&[Rank]>) -> Option<GratuityRule> {
    let section = format!("{GRATUITY}.{own_name}");
    let scope = scope(keys, &section, own_name);
    let weights_key = format!("{section}.weights");
    let weights = optional(keys, &weights_key, |text| {
        let weight = |(position, weight): (&str, &str)| {
            let weight = weight.parse::<u32>().ok().filter(|weight| *weight <= limits::GRATUITY_WEIGHT);
            let most = limits::GRATUITY_WEIGHT;
            let weight = weight
                .ok_or_else(|| format!("has no weight from 0 to {most} after an =; write \"captain=2\""))?;
            Ok::<_, String>((rank(position, ranks)?, weight))
        };
        let mut weights = BTreeMap::new();
        for one in words(text) {
            let (position, weight) = weight(one)?;
            if weights.insert(position.clone(), weight).is_some() {
                return Err(format!("names {position} twice; give each position one weight"));
            }
        }
        if !weights.is_empty() && weights.values().all(|weight| *weight == 0) {
            return Err("has no weight above 0, so that nobody would have anything; give one at least".into());
        }
        Ok(weights)
    });
    let split = keys.read(&format!("{section}.split"), Required, |text| match text.trim() {
        "equal" => Ok(Split::Equal),
        "rank" => Ok(Split::ByRank(BTreeMap::new())),
        "hours" => Ok(Split::ByHours),
        _ => Err(format!("is {text:?}; write \"equal\", \"rank\" or \"hours\"")),
    });
    let split = match (split?, weights?) {
        (Split::ByRank(_), Some(weights)) => Split::ByRank(weights),
        (Split::ByRank(_), None) => {
            let problem =
                "is \"rank\" without weights; write for example weights = [\"captain=2\", \"deckhand=1\"]";
            keys.object(&format!("{section}.split"), problem);
            return None;
        }
        (_, Some(_)) => {
            keys.object(&weights_key, "stands without split = \"rank\"; change the split, or take this out");
            return None;
        }
        (split, None) => split,
    };
    Some(GratuityRule { scope: scope?, split })
}

fn scope(keys: &mut Reader, section: &str, own_name: &str) -> Option<Scope> {
    let from = keys.read(&format!("{section}.from"), Required, date);
    let until_key = format!("{section}.until");
    let until = optional(keys, &until_key, date);
    let vessel = optional(keys, &format!("{section}.vessel"), name);
    let (from, until) = (from?, until?);
    if until.is_some_and(|until| until < from) {
        keys.object(&until_key, "is before from, so that the rule would never hold; correct one of them");
        return None;
    }
    Some(Scope { name: own_name.to_owned(), from, until, vessel: vessel? })
}

/// A key that may be missing: the outer option is for a fault.
fn optional<T>(
    keys: &mut Reader,
    key: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Option<Option<T>> {
    if keys.is_given(key) { keys.read(key, Absent, parse).map(Some) } else { Some(None) }
}

fn date(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("is {text:?}; write a day as \"2026-01-31\", in quotes"))
}

/// `15min up`, `6min nearest`, `30min down`.
fn round_hours(text: &str) -> Result<(Minutes, Way), String> {
    let most = limits::ROUND_HOURS_TO;
    let wrong = || {
        format!(
            "is {text:?}; write 1min to {most}min and a direction, as \"15min nearest\", \"15min up\" or \"15min down\""
        )
    };
    let (step, way) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let step = step.strip_suffix("min").and_then(|step| step.parse::<u32>().ok());
    let step = step.filter(|step| (1..=most).contains(step)).ok_or_else(wrong)?;
    let way = match way.trim() {
        "up" => Way::Up,
        "nearest" => Way::Nearest,
        "down" => Way::Down,
        _ => return Err(wrong()),
    };
    Ok((Minutes(step), way))
}

/// As ISO 4217 has it.
fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        true => Ok(text.to_owned()),
        false => Err(format!("is {text:?}; write the three letters of a currency, such as USD")),
    }
}
