//! The whole of the settings, section by section.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Email, Phone, Rank, name};
use crewcall_dispatch::policy::{
    DropOuts, LateYes, Order, Policy, QuietHours, Undeliverable, UnknownAvailability,
};
use jiff::SignedDuration;

use super::layers::Layers;
use super::reader::Fallback::{self, Absent, Required};
use super::reader::Reader;
use super::{Config, ConfigError, StoreConfig, google, mail, pay, sign_in, store, value, vessels};
use crate::mail::Address;
use crate::secret::SecretPlace;
use crate::store::TableNames;

/// Reads every key there is. A section whose keys are not all right is `None`; by then the reader
/// knows the faults.
pub(super) fn config(layers: Layers) -> Result<Config, ConfigError> {
    let mut keys = Reader::new(layers);
    let config = sections(&mut keys);
    let (settings, place) = keys.finish()?;
    match config {
        Some(config) => Ok(Config { settings, place, ..config }),
        // Every `None` has left a fault, so that `finish` has answered.
        None => Err(ConfigError::Faults(Vec::new())),
    }
}

/// Reads all sections before it gives up, so that all faults are told at once.
fn sections(keys: &mut Reader) -> Option<Config> {
    let name = keys.read("operator.name", Required, name);
    let phone = keys.read("operator.phone", Absent, str::parse::<Phone>);
    let zone = keys.read("operator.time_zone", Required, value::time_zone);
    let link_prefix = keys.read("operator.link_prefix", default("crewcall"), value::link_prefix);
    let ranks = keys.read("operator.ranks", default("captain, mate, deckhand, host"), value::ranks);
    let listen = keys.read("server.listen", default("127.0.0.1:8321"), |text| {
        text.trim().parse().map_err(|_| format!("is {text:?}; write address and port such as 127.0.0.1:8321"))
    });
    let public_url = keys.read("server.public_url", Required, value::public_url);
    let openid = sign_in::read(keys);
    let (store, beside) = store(keys).unzip();
    let link_key = link_key(keys, beside.as_ref());
    let mail = mail::read(keys);
    let google = google::read(keys);
    let from = keys.read("mail.from", Required, sender);
    let office = keys.read("mail.office", Required, str::parse::<Email>);
    let policy = policy(keys, ranks.as_deref());
    let pay = pay::read(keys, ranks.as_deref());
    Some(Config {
        name: name?,
        phone,
        zone: zone?,
        link_prefix: link_prefix?,
        ranks: ranks?,
        listen: listen?,
        public_url: public_url?,
        link_key: link_key?,
        openid: openid?,
        store: store?,
        from: from?,
        office: office?,
        mail: mail?,
        google: google?,
        policy: policy?,
        pay: pay?,
        settings: Vec::new(),
        place: String::new(),
    })
}

pub(super) fn default(text: &str) -> Fallback {
    Fallback::Default(text.to_owned())
}

/// The store, and what its link key's file is called where nothing is said.
fn store(keys: &mut Reader) -> Option<(StoreConfig, PathBuf)> {
    let kind = keys.read("store.kind", default("sqlite"), |text| match text {
        "sqlite" => Ok(false),
        "dynamodb" => Ok(true),
        _ => Err(format!("is {text:?}; write \"sqlite\" or \"dynamodb\"")),
    });
    let path = keys.file("store.path", default("crewcall.db"));
    let prefix = keys.read("store.table_prefix", default(""), store::table_prefix);
    let tokens = keys.read("store.token_table", default(store::TOKEN_TABLE), store::table_name);
    let (in_dynamodb, path, prefix, tokens) = (kind?, path?, prefix?, tokens?);
    let mut key_file = path.clone().into_os_string();
    key_file.push(".key");
    let store = match in_dynamodb {
        true => StoreConfig::DynamoDb(TableNames { prefix, tokens }),
        false => StoreConfig::Sqlite(path),
    };
    // The same for both kinds: whoever moves a store to the other one goes on with the same links.
    Some((store, key_file.into()))
}

/// In a file next to the store, unless it is said otherwise.
fn link_key(keys: &mut Reader, beside: Option<&PathBuf>) -> Option<SecretPlace> {
    keys.place("server.link_key").or_else(|| {
        let path = beside?.clone();
        keys.assume("server.link_key_file", &path.to_string_lossy());
        Some(SecretPlace::File(path))
    })
}

pub(super) fn sender(text: &str) -> Result<Address, String> {
    let address: Address = text.parse()?;
    if !address.name.is_empty() {
        name(&address.name).map_err(|problem| format!("has a name that {problem}"))?;
    }
    Ok(address)
}

fn policy(keys: &mut Reader, ranks: Option<&[Rank]>) -> Option<Policy> {
    let mut span = |key, standard: &str, least, most| -> Option<SignedDuration> {
        keys.read(key, default(standard), |text| value::span(text, least, most))
    };
    let response_window = span("policy.response_window", "2h", "1s", "168h");
    let shortest_window = span("policy.shortest_window", "15min", "1min", "24h");
    let complete_before = span("policy.complete_before", "0s", "0s", "168h");
    let grace = span("policy.grace", "2min", "0s", "1h");
    let undo_window = span("policy.undo_window", "10min", "0s", "24h");
    let drop_out_cutoff = span("policy.drop_out_cutoff", "48h", "0s", "720h");
    let most_turnaround = format!("{}h", limits::TURNAROUND_HOURS);
    let turnaround = span("policy.turnaround", "30min", "0s", &most_turnaround);
    let restart_grace = span("policy.restart_grace", "15min", "0s", "24h");
    let quiet_hours = keys.read("policy.quiet_hours", default("none"), |text| match text.trim() {
        "none" => Ok(None),
        hours => hours.parse::<QuietHours>().map(Some),
    });
    let unknown_availability =
        keys.read("policy.unknown_availability", default("skip"), |text| match text.trim() {
            "skip" => Ok(UnknownAvailability::Skip),
            "ask" => Ok(UnknownAvailability::Ask),
            _ => Err(format!("is {text:?}; write \"skip\" or \"ask\"")),
        });
    let drop_outs = keys.read("policy.drop_outs", default("responsible"), |text| match text.trim() {
        "responsible" => Ok(DropOuts::Responsible),
        "free" => Ok(DropOuts::Free),
        _ => Err(format!("is {text:?}; write \"responsible\" or \"free\"")),
    });
    let late_yes = keys.read("policy.late_yes", default("office"), |text| match text.trim() {
        "office" => Ok(LateYes::Office),
        "take" => Ok(LateYes::Take),
        _ => Err(format!("is {text:?}; write \"office\" or \"take\"")),
    });
    let undeliverable = keys.read("policy.undeliverable", default("next"), |text| match text.trim() {
        "next" => Ok(Undeliverable::Next),
        "pause" => Ok(Undeliverable::Pause),
        _ => Err(format!("is {text:?}; write \"next\" or \"pause\"")),
    });
    let ask_at_once = keys.read("policy.ask_at_once", default("1"), |text| {
        let most = limits::ASKED_AT_ONCE as u32;
        let number = text.trim().parse::<u32>().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| format!("is {text:?}; write a number from 1 to {most}"))
    });
    let orders = keys.read("policy.order", default(""), |text| {
        let orders = vessels::words(text)
            .map(|(rank, order)| Ok::<_, String>((vessels::rank(rank, ranks)?, order.parse::<Order>()?)));
        let mut known = BTreeMap::new();
        for order in orders {
            let (rank, order) = order?;
            if known.insert(rank.clone(), order).is_some() {
                return Err(format!("names {rank} twice; say once how it takes turns"));
            }
        }
        Ok(known)
    });
    let vessels = vessels::read(keys, ranks);
    Some(Policy {
        late_yes: late_yes?,
        undeliverable: undeliverable?,
        drop_outs: drop_outs?,
        drop_out_cutoff: drop_out_cutoff?,
        unknown_availability: unknown_availability?,
        shortest_window: shortest_window?,
        ask_at_once: ask_at_once?,
        complete_before: complete_before?,
        quiet_hours: quiet_hours?,
        orders: orders?,
        vessels: vessels?,
        response_window: response_window?,
        grace: grace?,
        undo_window: undo_window?,
        turnaround: turnaround?,
        restart_grace: restart_grace?,
    })
}
