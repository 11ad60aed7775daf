//! A crew member, in the JSON shape of the operators' `crew-dispatch` table.

use std::collections::BTreeMap;
use std::io;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CrewId, Email, Fault, Phone, Rank, name};
use crate::limits;

/// One person on the roster.
///
/// [`CrewMember::parse`] and [`CrewMember::to_record`] are inverse to each other: an attribute that
/// crewcall does not know, or knows and finds blank, is kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct CrewMember {
    /// The id that other tools know the person by.
    pub crew_id: CrewId,
    /// The person's name, as shown to everyone.
    pub name: String,
    /// Phone number, as written.
    pub phone: Option<Phone>,
    /// Where offers are mailed. Without one a person cannot be asked.
    pub email: Option<Email>,
    /// What the person sails as.
    pub rank: Rank,
    /// What the person said of single dates, in the operator's zone. A missing date is unknown.
    pub availability: BTreeMap<Date, Availability>,
    /// Place in the ranked order, 1 first. People without a place come last.
    pub cascade_order: Option<u32>,
    /// A captain's usual crew, in the order in which they are asked.
    pub paired_crew: Vec<CrewId>,
    /// Attributes of other tools, and known ones that were blank.
    pub extra: Map<String, Value>,
}

/// What a person said of one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// Can sail.
    Available,
    /// Cannot sail.
    Unavailable,
    /// Words of another tool (`"maybe"`, `"AM only"`), kept. Not a yes.
    Other(String),
}

impl Availability {
    /// The word in the record.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Available => "available",
            Self::Unavailable => "unavailable",
            Self::Other(words) => words,
        }
    }

    /// Whether the person can sail, however the word is capitalised: records of other tools are kept
    /// to the letter, and nobody is passed over because of a capital.
    pub fn is_yes(&self) -> bool {
        self.as_str().trim().eq_ignore_ascii_case("available")
    }

    /// Whether the person cannot sail, however the word is capitalised.
    pub fn is_no(&self) -> bool {
        self.as_str().trim().eq_ignore_ascii_case("unavailable")
    }

    /// Reads a word of a record.
    pub fn from_word(word: &str) -> Self {
        match word {
            "available" => Self::Available,
            "unavailable" => Self::Unavailable,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl CrewMember {
    /// Reads a record and finds every fault in it, not only the first.
    ///
    /// # Errors
    /// All faults, each with its field.
    pub fn parse(record: &Map<String, Value>) -> Result<Self, Vec<Fault>> {
        let mut fields = Fields { record, faults: Vec::new(), extra: Map::new() };
        let crew_id = fields.required("crew_id", |text| text.parse());
        let name = fields.required("name", name);
        let rank = fields.required("rank", |text| text.parse());
        let phone = fields.optional("phone", |text| text.parse());
        let email = fields.optional("email", |text| text.parse());
        let cascade_order = fields.cascade_order();
        let availability = fields.availability();
        let paired_crew = fields.paired_crew();
        for (attribute, value) in record {
            if !KNOWN.contains(&attribute.as_str()) {
                fields.extra.insert(attribute.clone(), value.clone());
            }
        }
        fields.size();
        if rank.as_ref().is_some_and(|rank: &Rank| !rank.is_captain()) && !paired_crew.is_empty() {
            fields.fault(
                "paired_crew",
                "is given for someone who is no captain; only captains have a usual crew",
            );
        }
        match (crew_id, name, rank) {
            (Some(crew_id), Some(name), Some(rank)) if fields.faults.is_empty() => Ok(Self {
                crew_id,
                name,
                phone,
                email,
                rank,
                availability,
                cascade_order,
                paired_crew,
                extra: fields.extra,
            }),
            _ => Err(fields.faults),
        }
    }

    /// The record, as it was read.
    pub fn to_record(&self) -> Map<String, Value> {
        let mut record = self.extra.clone();
        let mut put = |attribute: &str, value: Value| record.insert(attribute.to_owned(), value);
        put("crew_id", self.crew_id.as_str().into());
        put("name", self.name.as_str().into());
        put("rank", self.rank.as_str().into());
        if let Some(phone) = &self.phone {
            put("phone", phone.as_str().into());
        }
        if let Some(email) = &self.email {
            put("email", email.as_str().into());
        }
        if let Some(order) = self.cascade_order {
            put("cascade_order", order.into());
        }
        if !self.availability.is_empty() {
            let days = self.availability.iter().map(|(date, word)| (date.to_string(), word.as_str().into()));
            put("availability", Value::Object(days.collect()));
        }
        if !self.paired_crew.is_empty() {
            put("paired_crew", self.paired_crew.iter().map(|id| Value::from(id.as_str())).collect());
        }
        record
    }
}

/// The attributes that are parsed; every other one goes to `extra` as it is (`created_at`, too).
const KNOWN: [&str; 8] =
    ["crew_id", "name", "phone", "email", "rank", "cascade_order", "availability", "paired_crew"];

/// One record while it is read: what was wrong so far, and what is kept unread.
struct Fields<'a> {
    record: &'a Map<String, Value>,
    faults: Vec<Fault>,
    extra: Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn fault(&mut self, field: impl Into<String>, problem: impl Into<String>) {
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

    fn optional<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match self.given(field)? {
            Value::String(text) => parse(text).map_err(|problem| self.fault(field, problem)).ok(),
            other => {
                self.fault(field, format!("is {}; write it as text in quotes", kind(other)));
                None
            }
        }
    }

    fn required<T>(&mut self, field: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let faults = self.faults.len();
        let value = self.optional(field, parse);
        if value.is_none() && self.faults.len() == faults {
            self.fault(field, "is missing; every crew member needs one");
        }
        value
    }

    fn cascade_order(&mut self) -> Option<u32> {
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

    fn availability(&mut self) -> BTreeMap<Date, Availability> {
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
                            dates.insert(date, Availability::from_word(word));
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

    fn paired_crew(&mut self) -> Vec<CrewId> {
        let mut paired: Vec<CrewId> = Vec::new();
        match self.given("paired_crew") {
            None => {}
            Some(Value::Array(list)) => {
                if list.len() > limits::PAIRED_CREW {
                    let problem =
                        format!("names {} people; at most {} are taken", list.len(), limits::PAIRED_CREW);
                    self.fault("paired_crew", problem);
                }
                for value in list {
                    match value
                        .as_str()
                        .ok_or_else(|| format!("has {}; write crew ids in quotes", kind(value)))
                    {
                        Ok(id) => match id.parse::<CrewId>() {
                            Ok(id) if paired.contains(&id) => {
                                self.fault("paired_crew", format!("names {id} twice"))
                            }
                            Ok(id) => paired.push(id),
                            Err(problem) => self.fault("paired_crew", format!("has {id:?}, which {problem}")),
                        },
                        Err(problem) => self.fault("paired_crew", problem),
                    }
                }
            }
            Some(other) => {
                self.fault(
                    "paired_crew",
                    format!("is {}; write a list of crew ids, [\"lee-park\"]", kind(other)),
                );
            }
        }
        paired
    }

    fn size(&mut self) {
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
fn date_of(text: &str) -> Result<Date, String> {
    let plain = matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', _, _]);
    match text.parse::<Date>() {
        Ok(date) if plain => Ok(date),
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

impl TryFrom<Map<String, Value>> for CrewMember {
    type Error = String;
    fn try_from(record: Map<String, Value>) -> Result<Self, String> {
        Self::parse(&record)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }
}

impl From<CrewMember> for Map<String, Value> {
    fn from(member: CrewMember) -> Self {
        member.to_record()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: Value) -> Result<CrewMember, Vec<Fault>> {
        CrewMember::parse(value.as_object().expect("a record in a test"))
    }

    #[test]
    fn a_record_comes_back_as_it_went_in() {
        for record in [
            json!({ "crew_id": "dana-reyes", "name": "Dana Reyes", "phone": "+1-619-555-0142", "email": "dana@example.com",
                "rank": "captain", "availability": { "2026-06-27": "available", "2026-06-28": "unavailable", "2026-06-29": "AM only" },
                "cascade_order": 1, "paired_crew": ["lee-park", "sam-ortiz"], "created_at": "2026-05-15T10:30:00Z",
                "shirt": { "size": "M" } }),
            json!({ "crew_id": "x", "name": "X", "rank": "host" }),
            json!({ "crew_id": "x", "name": "X", "rank": "host", "phone": null, "email": "", "availability": {}, "paired_crew": [],
                "cascade_order": null, "created_at": null }),
        ] {
            let member = parse(record.clone()).unwrap();
            assert_eq!(Value::Object(member.to_record()), record);
        }
    }

    #[test]
    fn every_fault_is_named_with_its_field() {
        let faults = parse(json!({ "crew_id": "dana reyes", "name": "Dana\r\nBcc: x", "email": "dana", "phone": 5,
            "cascade_order": -1, "availability": { "6/27": "available", "2026-06-27": true }, "paired_crew": ["a", "a"] }))
        .unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "crew_id",
                "name",
                "rank",
                "phone",
                "email",
                "cascade_order",
                "availability.2026-06-27",
                "availability.6/27",
                "paired_crew"
            ]
        );
    }
}
