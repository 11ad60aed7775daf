//! What is kept the same in the sheet and in the store, and how a crew record has it.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::fields::{Field, LEFT};
use crate::model::{CrewId, CrewMember};

/// A field of somebody's record, or what they said of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A field.
    Field(Field),
    /// A day.
    Day(Date),
}

impl Item {
    /// As it is written down: `email`, `2026-06-27`.
    pub fn name(self) -> String {
        match self {
            Self::Field(field) => field.attribute().to_owned(),
            Self::Day(date) => date.to_string(),
        }
    }

    /// The item of that name.
    pub fn named(name: &str) -> Option<Self> {
        let field = Field::ALL.into_iter().find(|field| field.attribute() == name).map(Self::Field);
        field.or_else(|| name.parse::<Date>().ok().map(Self::Day))
    }

    /// What somebody's record has of it, in the words of the sheet; ids of people with blanks between them.
    pub fn of(self, member: &CrewMember) -> Option<String> {
        match self {
            Self::Day(date) => {
                let said = member.availability.get(&date).map(|said| said.words().to_owned());
                said.filter(|words| !words.trim().is_empty())
            }
            Self::Field(Field::Name) => Some(member.name.clone()),
            Self::Field(Field::Phone) => member.phone.as_ref().map(ToString::to_string),
            Self::Field(Field::Email) => member.email.as_ref().map(ToString::to_string),
            Self::Field(Field::Rank) => Some(member.rank.to_string()),
            Self::Field(Field::Order) => member.cascade_order.map(|order| order.to_string()),
            Self::Field(Field::UsualCrew) => {
                let ids: Vec<&str> = member.paired_crew.iter().map(CrewId::as_str).collect();
                (!ids.is_empty()).then(|| ids.join(" "))
            }
            Self::Field(Field::Status) => member.left.then(|| LEFT.to_owned()),
        }
    }

    /// Writes it into a record in the JSON shape, or takes it out. Whether the record is right is said when it is parsed.
    pub fn put(self, record: &mut Map<String, Value>, words: Option<&str>) {
        match self {
            Self::Day(date) => {
                let days = record.entry("availability").or_insert_with(|| json!({}));
                if !days.is_object() {
                    *days = json!({});
                }
                let Some(days) = days.as_object_mut() else { return };
                match words {
                    Some(words) => days.insert(date.to_string(), json!(words)),
                    None => days.remove(&date.to_string()),
                };
            }
            Self::Field(field) => {
                let value = words.map(|words| match field {
                    Field::Order => words.parse::<u32>().map_or_else(|_| json!(words), |order| json!(order)),
                    Field::UsualCrew => words.split_whitespace().collect(),
                    Field::Status => json!(words == LEFT),
                    _ => json!(words),
                });
                match value {
                    Some(value) => record.insert(field.attribute().to_owned(), value),
                    None => record.remove(field.attribute()),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_into_a_record_is_what_it_has() {
        let mut record = Map::from_iter([("crew_id".to_owned(), json!("dana-reyes"))]);
        let words = [
            ("name", "Dana Reyes"),
            ("rank", "captain"),
            ("phone", "619-555-0142"),
            ("email", "dana@example.com"),
            ("cascade_order", "2"),
            ("paired_crew", "lee-park sam-ortiz"),
            ("left", "left"),
            ("2026-06-27", "AM only"),
        ];
        for (name, words) in words {
            Item::named(name).unwrap().put(&mut record, Some(words));
        }
        let member = CrewMember::parse(&record).unwrap();
        for (name, words) in words {
            let item = Item::named(name).unwrap();
            assert_eq!((item.of(&member).as_deref(), item.name().as_str()), (Some(words), name));
        }
        for name in ["phone", "email", "cascade_order", "paired_crew", "left", "2026-06-27"] {
            let item = Item::named(name).unwrap();
            item.put(&mut record, None);
            assert_eq!(item.of(&CrewMember::parse(&record).unwrap()), None, "{name}");
        }
        assert_eq!(Item::named("shirt"), None);
    }
}
