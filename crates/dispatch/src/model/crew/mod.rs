//! A crew member, in the JSON shape of the operators' `crew-dispatch` table.

mod availability;
mod credential;
mod fields;
mod hours;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use availability::{Availability, Meaning};
pub use credential::Credential;
pub use hours::Hours;

use super::{CrewId, Email, Fault, Phone, Rank, line, name};
use crate::limits;
use fields::Fields;

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
    /// With whom the person is not to sail; it is enough if one of the two says so.
    pub do_not_pair: Vec<CrewId>,
    /// The time zone in which the person lives, by its IANA name, if it is not the operator's.
    pub time_zone: Option<String>,
    /// Licences and other papers, by name.
    pub credentials: BTreeMap<String, Credential>,
    /// Whether the person sails no more. They stay on the roster, for the sails that were.
    pub left: bool,
    /// Attributes of other tools, and known ones that were blank.
    pub extra: Map<String, Value>,
}

/// The attributes that are read; every other one goes to `extra` as it is.
const READ: [&str; 12] = [
    "crew_id",
    "name",
    "phone",
    "email",
    "rank",
    "cascade_order",
    "availability",
    "paired_crew",
    "do_not_pair",
    "time_zone",
    "credentials",
    "left",
];

/// Whether credentials can be called that.
pub fn is_credential(name: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_' || c == b'-';
    (1..=limits::RANK_CHARS).contains(&name.len()) && name.bytes().all(plain)
}

/// The attribute of the operators' table that is not read: it matters to other tools alone.
const CREATED_AT: &str = "created_at";

impl CrewMember {
    /// Whether crew records have an attribute of this name, be it read or, as `created_at`, only
    /// kept. Any other is another tool's, or misspelt.
    pub fn knows(attribute: &str) -> bool {
        READ.contains(&attribute) || attribute == CREATED_AT
    }

    /// Reads a record that comes in and finds every fault in it, not only the first.
    ///
    /// # Errors
    /// All faults, each with its field.
    pub fn parse(record: &Map<String, Value>) -> Result<Self, Vec<Fault>> {
        let mut fields = Fields::new(record);
        fields.size();
        Self::read(fields)
    }

    fn read(mut fields: Fields<'_>) -> Result<Self, Vec<Fault>> {
        let crew_id = fields.required("crew_id", |text| text.parse());
        let name = fields.required("name", name);
        let rank = fields.required("rank", |text| text.parse());
        let phone = fields.optional("phone", |text| text.parse());
        let email = fields.optional("email", |text| text.parse());
        let cascade_order = fields.cascade_order();
        let availability = fields.availability();
        let paired_crew = fields.crew_ids("paired_crew");
        let do_not_pair = fields.crew_ids("do_not_pair");
        let time_zone = fields.optional("time_zone", |text| line(text, limits::TIME_ZONE_CHARS));
        let credentials = fields.credentials();
        let left = fields.left();
        for (attribute, value) in fields.record {
            if !READ.contains(&attribute.as_str()) {
                fields.extra.insert(attribute.clone(), value.clone());
            }
        }
        if rank.as_ref().is_some_and(|rank: &Rank| !rank.is_captain()) && !paired_crew.is_empty() {
            fields.fault(
                "paired_crew",
                "is given for someone who is no captain; only captains have a usual crew",
            );
        }
        if let Some(id) = paired_crew.iter().find(|id| do_not_pair.contains(id)) {
            fields.fault("do_not_pair", format!("names {id}, who stands in paired_crew as well"));
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
                do_not_pair,
                time_zone,
                credentials,
                left,
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
            let days = self.availability.iter().map(|(date, said)| (date.to_string(), said.words().into()));
            put("availability", Value::Object(days.collect()));
        }
        if !self.paired_crew.is_empty() {
            put("paired_crew", self.paired_crew.iter().map(|id| Value::from(id.as_str())).collect());
        }
        if !self.do_not_pair.is_empty() {
            put("do_not_pair", self.do_not_pair.iter().map(|id| Value::from(id.as_str())).collect());
        }
        if let Some(time_zone) = &self.time_zone {
            put("time_zone", time_zone.as_str().into());
        }
        if !self.credentials.is_empty() {
            let papers =
                self.credentials.iter().map(|(name, paper)| (name.clone(), paper.to_string().into()));
            put("credentials", Value::Object(papers.collect()));
        }
        if self.left {
            put("left", true.into());
        }
        record
    }
}

impl TryFrom<Map<String, Value>> for CrewMember {
    type Error = String;
    fn try_from(record: Map<String, Value>) -> Result<Self, String> {
        // Its size was looked at when it came in.
        Self::read(Fields::new(&record))
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
                "do_not_pair": ["max-feld"], "time_zone": "America/New_York", "credentials": { "master": "2028-05-01", "drug_program": "valid" },
                "shirt": { "size": "M" } }),
            json!({ "crew_id": "x", "name": "X", "rank": "host", "left": true }),
            json!({ "crew_id": "x", "name": "X", "rank": "host", "phone": null, "email": "", "availability": {}, "paired_crew": [],
                "cascade_order": null, "created_at": null, "left": false }),
        ] {
            let member = parse(record.clone()).unwrap();
            assert_eq!(Value::Object(member.to_record()), record);
        }
    }

    #[test]
    fn every_fault_is_named_with_its_field() {
        let faults = parse(json!({ "crew_id": "dana reyes", "name": "Dana\r\nBcc: x", "email": "dana", "phone": 5,
            "cascade_order": -1, "availability": { "6/27": "available", "2026-06-27": true }, "paired_crew": ["a", "a"], "credentials": { "Master": "valid", "medical": "2027-02-30" }, "left": "soon" }))
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
                "paired_crew",
                "credentials.Master",
                "credentials.medical",
                "left"
            ]
        );
    }
}
