//! `[vessels.<name>]`: each boat's papers, and the rules that are checked before it sails.

use std::collections::BTreeMap;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{PositionNeed, Rank, is_credential, name};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use super::read::default;
use super::reader::Fallback::Required;
use super::reader::Reader;

const SECTION: &str = "vessels";

/// Every vessel that the settings name.
pub(super) fn read(keys: &mut Reader, ranks: Option<&[Rank]>) -> Option<Vec<Vessel>> {
    let sections = keys.names_in(SECTION);
    // All are read before anyone gives up, so that all faults are told.
    let vessels: Vec<Option<Vessel>> = sections
        .iter()
        .map(|section| vessel(keys, &format!("{SECTION}.{section}"), section, ranks))
        .collect();
    if vessels.len() > limits::VESSELS {
        let (count, most) = (vessels.len(), limits::VESSELS);
        keys.object(SECTION, format!("has {count} vessels; at most {most} are taken"));
        return None;
    }
    let vessels: Vec<Vessel> = vessels.into_iter().collect::<Option<_>>()?;
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (vessel, section) in vessels.iter().zip(&sections) {
        if let Some(first) = names.insert(vessel.name.to_ascii_lowercase(), section) {
            let problem =
                format!("is {:?}, as in [{SECTION}.{first}]; describe each vessel once", vessel.name);
            keys.object(&format!("{SECTION}.{section}.name"), problem);
            return None;
        }
    }
    Some(vessels)
}

fn vessel(keys: &mut Reader, section: &str, own_name: &str, ranks: Option<&[Rank]>) -> Option<Vessel> {
    let key = |leaf: &str| format!("{section}.{leaf}");
    let vessel_name = keys.read(&key("name"), default(own_name), name);
    let inspected = keys.read(&key("class"), Required, |text| match text.trim() {
        "inspected" => Ok(true),
        "uninspected" => Ok(false),
        _ => Err(format!(
            "is {text:?}; write \"inspected\" for a vessel with a Certificate of Inspection, else \"uninspected\""
        )),
    });
    let complement = keys.read(&key("complement"), default(""), |text| {
        let needs = words(text).map(|(position, quantity)| {
            let quantity =
                quantity.parse::<u32>().ok().filter(|quantity| (1..=limits::SEATS).contains(quantity));
            let quantity =
                quantity.ok_or_else(|| "has no number after the =; write \"deckhand=2\"".to_owned())?;
            Ok(PositionNeed { position: rank(position, ranks)?, quantity })
        });
        needs.collect::<Result<Vec<_>, String>>()
    });
    let credentials = keys.read(&key("credentials"), default(""), |text| {
        let needed = words(text).map(|(position, credential)| match is_credential(credential) {
            true => Ok((rank(position, ranks)?, credential.to_owned())),
            false => Err(format!("has {credential:?} for a credential; write \"deckhand=first_aid\"")),
        });
        needed.collect::<Result<Vec<_>, String>>()
    });
    let mut gates = BTreeMap::new();
    for gate in Gate::ALL {
        let standard = default(&gate.standard().to_string());
        let severity = keys.read(&key(&format!("gates.{gate}")), standard, str::parse::<Severity>);
        gates.extend(severity.map(|severity| (gate, severity)));
    }
    if gates.len() < Gate::ALL.len() {
        return None;
    }
    Some(Vessel {
        name: vessel_name?,
        inspected: inspected?,
        complement: complement?,
        credentials: credentials?,
        gates,
    })
}

/// `captain=1, deckhand=2`
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    words.map(|word| word.split_once('=').map_or((word, ""), |(left, right)| (left.trim(), right.trim())))
}

pub(super) fn rank(word: &str, ranks: Option<&[Rank]>) -> Result<Rank, String> {
    let rank: Rank = word.parse().map_err(|problem| format!("has a position that {problem}"))?;
    match ranks {
        Some(ranks) if !ranks.contains(&rank) => {
            Err(format!("has {rank}, which [operator] ranks does not list; add it there, or correct it"))
        }
        _ => Ok(rank),
    }
}
