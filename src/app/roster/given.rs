//! What an import says of one person, before it is compared with the roster.

use crewcall_dispatch::model::{CrewId, CrewMember, Fault, Rank};
use serde_json::{Map, Value};

use crate::app::App;
use crate::times;

/// One row of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The attributes that it has.
    pub record: Map<String, Value>,
    /// Whether this is the whole record, which replaces the one on the roster. Else it is laid over
    /// it: an attribute or a date that is not given stays as it is.
    pub whole: bool,
    /// What was found wrong while it was read. With such faults it is only good for its id.
    pub faults: Vec<Fault>,
    /// How many more were found, which are only counted.
    pub more_faults: usize,
}

impl From<&CrewMember> for Given {
    fn from(member: &CrewMember) -> Self {
        Self { record: member.to_record(), whole: true, faults: Vec::new(), more_faults: 0 }
    }
}

impl Given {
    /// Whom it is about, if that can be read.
    pub(super) fn id(&self) -> Option<CrewId> {
        self.record.get("crew_id")?.as_str()?.parse().ok()
    }

    /// The person as the roster would have them afterwards.
    pub(super) fn member(&self, known: Option<&CrewMember>, app: &App) -> Result<CrewMember, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults.clone());
        }
        let mut record = match known {
            Some(known) if !self.whole => over(known.to_record(), &self.record),
            _ => self.record.clone(),
        };
        let unknown = self.unknown_rank(app);
        let nowhere = self.unknown_zone();
        if unknown.is_some() {
            // Everything else is checked all the same. Who may have a usual crew hangs on the rank,
            // and nothing is said of it until there is one.
            record.insert("rank".into(), Rank::CAPTAIN.into());
        }
        match (CrewMember::parse(&record), unknown, nowhere) {
            (Ok(member), None, None) => Ok(member),
            (parsed, unknown, nowhere) => {
                let faults = unknown.into_iter().chain(nowhere).chain(parsed.err().into_iter().flatten());
                Err(faults.map(|fault| self.explained(fault, known)).collect())
            }
        }
    }

    fn unknown_rank(&self, app: &App) -> Option<Fault> {
        let rank: Rank = self.record.get("rank")?.as_str()?.parse().ok()?;
        let problem = || format!("is {:?}; write one of {}", rank.as_str(), app.operator.rank_list());
        (!app.operator.ranks.contains(&rank)).then(|| Fault::new("rank", problem()))
    }

    fn unknown_zone(&self) -> Option<Fault> {
        let name = self.record.get("time_zone")?.as_str()?.trim();
        let problem =
            || format!("is {name:?}; write a name of the time zone database such as America/New_York");
        (!name.is_empty() && times::find_zone(name).is_none()).then(|| Fault::new("time_zone", problem()))
    }

    /// A fault in what the row does not have, with the reason.
    fn explained(&self, mut fault: Fault, known: Option<&CrewMember>) -> Fault {
        let attribute = fault.field.split('.').next().unwrap_or_default();
        if self.whole || self.record.contains_key(attribute) {
            return fault;
        }
        match attribute {
            "name" | "rank" if self.id().is_some() => {
                fault.problem = format!(
                    "is missing; nobody on the roster has this id, and a new person needs a {attribute}"
                );
            }
            "paired_crew" if known.is_some() => {
                fault.problem.push_str("; the roster has one for them, which a JSON record can take out");
            }
            _ => {}
        }
        fault
    }
}

/// Attributes with entries of their own: dates, credentials.
pub(super) fn is_taken_one_by_one(attribute: &str) -> bool {
    attribute == "availability" || attribute == "credentials"
}

/// A record with these attributes on top; dates and credentials one by one.
fn over(mut record: Map<String, Value>, given: &Map<String, Value>) -> Map<String, Value> {
    for (attribute, value) in given {
        match (record.get_mut(attribute), value) {
            (Some(Value::Object(known)), Value::Object(entries)) if is_taken_one_by_one(attribute) => {
                known.extend(entries.iter().map(|(entry, word)| (entry.clone(), word.clone())));
            }
            _ => {
                record.insert(attribute.clone(), value.clone());
            }
        }
    }
    record
}
