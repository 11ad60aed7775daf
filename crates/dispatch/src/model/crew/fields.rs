//! The reading of a record, field by field.

use std::collections::BTreeMap;
use std::io;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Availability, Credential, is_credential};
use crate::limits;
use crate::model::{CrewId, Fault};

/// One record while it is read: what was wrong so far, and what is kept unread.
pub(super) struct Fields<'a> {
    pub(super) record: &'a Map<String, Value>,
    pub(super) faults: Vec<Fault>,
    pub(super) extra: Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(record: &'a Map<String, Value>) -> Self {
        Self { record, faults: Vec::new(), extra: Map::new() }
    }

    pub(super) fn fault(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        self.faults.push(Fault::new(field, problem));
    }

    /// The value, unless it says nothing; a blank one is kept for the export.
    fn given(&mut self, field: &str) -> Option<&'a Value> {
        let value = self.record.get(field)?;
        let blank = match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if blank {
            self.extra.insert(field.to_owned(), value.clone());
        }
        (!blank).then_some(value)
    }

    pub(super) fn optional<T>(
        &mut self,
        field: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.given(field)? {
            Value::String(text) => parse(text).map_err(|problem| self.fault(field, problem)).ok(),
            other => {
                self.fault(field, format!("is {}; write it as text in quotes", kind(other)));
                None
            }
        }
    }

    pub(super) fn required<T>(
        &mut self,
        field: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let faults = self.faults.len();
        let value = self.optional(field, parse);
        if value.is_none() && self.faults.len() == faults {
            self.fault(field, "is missing; every crew member needs one");
        }
        value
    }

    pub(super) fn cascade_order(&mut self) -> Option<u32> {
        let value = self.given("cascade_order")?;
        let whole = value.as_u64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        let order = whole.and_then(|order| u32::try_from(order).ok());
        if order.is_none() {
            self.fault(
                "cascade_order",
                format!("is {value}; write a whole number, 1 for whoever is asked first"),
            );
        }
        order
    }

    pub(super) fn availability(&mut self) -> BTreeMap<Date, Availability> {
        let mut dates = BTreeMap::new();
        match self.given("availability") {
            None => {}
            Some(Value::Object(map)) => {
                if map.len() > limits::AVAILABILITY_DATES {
                    let problem =
                        format!("has {} dates; at most {} are taken", map.len(), limits::AVAILABILITY_DATES);
                    self.fault("availability", problem);
                    return dates;
                }
                for (date, word) in map {
                    let field = || format!("availability.{date}");
                    match (date_of(date), word) {
                        (Ok(date), Value::String(word)) => {
                            dates.insert(date, Availability::parse(word));
                        }
                        (Err(problem), _) => self.fault(field(), problem),
                        (_, other) => {
                            self.fault(
                                field(),
                                format!("is {}; write \"available\" or \"unavailable\"", kind(other)),
                            );
                        }
                    }
                }
            }
            Some(other) => self.fault(
                "availability",
                format!("is {}; write an object of dates, {{\"2026-06-27\": \"available\"}}", kind(other)),
            ),
        }
        dates
    }

    /// Whether the person has left; in a CSV as a word.
    pub(super) fn left(&mut self) -> bool {
        let Some(value) = self.given("left") else { return false };
        let word = value.as_str().map(str::to_lowercase);
        match (value.as_bool(), word.as_deref()) {
            (Some(true), _) | (_, Some("true" | "yes" | "left")) => true,
            (Some(false), _) | (_, Some("false" | "no")) => {
                self.extra.insert("left".into(), value.clone());
                false
            }
            _ => {
                let problem = format!("is {value}; write true for whoever sails no more, or leave it out");
                self.fault("left", problem);
                false
            }
        }
    }

    /// A list of crew ids, each once.
    pub(super) fn crew_ids(&mut self, field: &str) -> Vec<CrewId> {
        let list = match self.given(field) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                let problem = format!("is {}; write a list of crew ids, [\"lee-park\"]", kind(other));
                self.fault(field, problem);
                return Vec::new();
            }
        };
        if list.len() > limits::PAIRED_CREW {
            let problem = format!("names {} people; at most {} are taken", list.len(), limits::PAIRED_CREW);
            self.fault(field, problem);
        }
        let mut ids: Vec<CrewId> = Vec::new();
        for value in list {
            let text = value.as_str().ok_or_else(|| format!("has {}; write crew ids in quotes", kind(value)));
            let id = text.and_then(|id| {
                id.parse::<CrewId>().map_err(|problem| format!("has {id:?}, which {problem}"))
            });
            match id {
                Ok(id) if ids.contains(&id) => self.fault(field, format!("names {id} twice")),
                Ok(id) => ids.push(id),
                Err(problem) => self.fault(field, problem),
            }
        }
        ids
    }

    pub(super) fn credentials(&mut self) -> BTreeMap<String, Credential> {
        let example = "{\"master\": \"2028-05-01\", \"drug_program\": \"valid\"}";
        let map = match self.given("credentials") {
            None => return BTreeMap::new(),
            Some(Value::Object(map)) => map,
            Some(other) => {
                let problem = format!("is {}; write an object, {example}", kind(other));
                self.fault("credentials", problem);
                return BTreeMap::new();
            }
        };
        if map.len() > limits::CREDENTIALS {
            let problem = format!("has {} of them; at most {} are taken", map.len(), limits::CREDENTIALS);
            self.fault("credentials", problem);
        }
        let mut credentials = BTreeMap::new();
        for (name, value) in map {
            let field = format!("credentials.{name}");
            let read = match value {
                _ if !is_credential(name) => Err(format!(
                    "is no name of a credential; write one word of small letters such as master, at most {} characters",
                    limits::RANK_CHARS
                )),
                Value::String(words) => words.parse::<Credential>(),
                other => Err(format!("is {}; write its last day, \"2028-05-01\", or \"valid\"", kind(other))),
            };
            match read {
                Ok(credential) => {
                    credentials.insert(name.clone(), credential);
                }
                Err(problem) => self.fault(field, problem),
            }
        }
        credentials
    }

    pub(super) fn size(&mut self) {
        let bytes = json_bytes(self.record);
        if bytes > limits::CREW_RECORD_BYTES {
            self.fault(
                "record",
                format!("has {bytes} bytes; at most {} are taken", limits::CREW_RECORD_BYTES),
            );
        }
    }
}

/// Only `2026-06-27` is a date here, so that a record comes back as it went in.
pub(super) fn date_of(text: &str) -> Result<Date, String> {
    let plain = matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]);
    match text.parse::<Date>() {
        Ok(date) if plain => Ok(date),
        Err(_) if plain && text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
            Err(format!("has {text:?} for a date, a day that there is not; look at the calendar"))
        }
        _ => Err(format!("has {text:?} for a date; write it as 2026-06-27")),
    }
}

/// How long the record is as JSON.
fn json_bytes(record: &Map<String, Value>) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, record).map_or(usize::MAX, |()| count.0)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
