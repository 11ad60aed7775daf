//! The columns of a roster, what stands over them, and how their cells are read.

use serde::{Deserialize, Serialize};

use super::names::{Directory, Found, Written};
use crate::model::{CrewId, Email, Phone, Rank, name};

/// A column of the roster that is kept in step with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What the person is called.
    Name,
    /// The number.
    Phone,
    /// The address.
    Email,
    /// What the person sails as.
    Rank,
    /// The place in the ranked order.
    Order,
    /// A captain's usual crew, by name.
    UsualCrew,
    /// Whether the person has left.
    Status,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Name, Self::Phone, Self::Email, Self::Rank, Self::Order, Self::UsualCrew, Self::Status];

    /// The attribute of a crew record.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Rank => "rank",
            Self::Order => "cascade_order",
            Self::UsualCrew => "paired_crew",
            Self::Status => "left",
        }
    }

    /// What stands over its column where the program writes one.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Phone => "Phone",
            Self::Email => "E-mail",
            Self::Rank => "Rank",
            Self::Order => "Order",
            Self::UsualCrew => "Usual crew",
            Self::Status => "Status",
        }
    }
}

/// What a column of a roster is, by what stands over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heading {
    Field(Field),
    FirstName,
    LastName,
    Nickname,
    CrewId,
}

/// What stands over the column of ids, which the program adds.
pub const CREW_ID: &str = "crew id";

impl Heading {
    /// Whether it is what stands over numbers of whatever kind.
    pub(super) fn is_number(text: &str) -> bool {
        ["#", "no", "no.", "number"].contains(&text.trim().to_lowercase().as_str())
    }

    /// Reads what stands over a column.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let words: Vec<&str> = text
            .split(|c: char| !(c.is_alphanumeric() || c == '#'))
            .filter(|word| !word.is_empty())
            .collect();
        let heading = match words.join(" ").as_str() {
            "name" | "full name" | "crew member" | "crew name" | "crew" | "who" | "person" | "employee"
            | "staff" | "captain" | "captains" | "captain name" | "skipper" | "member" | "names" => {
                Self::Field(Field::Name)
            }
            "first" | "first name" | "given name" | "firstname" => Self::FirstName,
            "last" | "last name" | "surname" | "family name" | "lastname" => Self::LastName,
            "nickname" | "nick" | "nicknames" | "alias" | "aliases" | "goes by" | "aka" | "known as"
            | "called" => Self::Nickname,
            "phone" | "phone number" | "phone no" | "phone #" | "telephone" | "tel" | "cell"
            | "cell phone" | "mobile" | "mobile phone" | "cell number" | "number" => {
                Self::Field(Field::Phone)
            }
            "email" | "e mail" | "email address" | "e mail address" | "mail" | "emails" => {
                Self::Field(Field::Email)
            }
            "rank" | "role" | "position" | "job" | "title" | "license" | "type" => Self::Field(Field::Rank),
            "order" | "#" | "no" | "priority" | "cascade" | "cascade order" | "call order" | "rank order"
            | "seniority" | "seq" | "ask order" => Self::Field(Field::Order),
            "usual crew" | "paired crew" | "paired with" | "pairing" | "crew pairing" | "sails with"
            | "regular crew" => Self::Field(Field::UsualCrew),
            "status" | "active" | "employment status" | "crew status" => Self::Field(Field::Status),
            "crew id" | "crewcall id" | "crew_id" => Self::CrewId,
            _ => return None,
        };
        Some(heading)
    }
}

/// The rank that people mean by a word.
pub(super) fn rank(word: &str) -> Option<Rank> {
    let word = word.trim().trim_end_matches('.').to_lowercase();
    let known = match word.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "capt" | "cpt" | "skipper" => "captain",
        "first mate" | "1st mate" => "mate",
        "deck hand" | "deck-hand" => "deckhand",
        _ => word.as_str(),
    };
    known.parse().ok()
}

/// The words of the store for a cell of this field; `None` if it is blank.
pub(super) fn read(
    field: Field,
    text: &str,
    ranks: &[Rank],
    people: &Directory,
) -> Result<Option<String>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let read = match field {
        Field::Name => name(&Written::parse(text).name).map_err(|problem| format!("the name {problem}")),
        Field::Phone => text
            .trim()
            .parse()
            .map(|phone: Phone| phone.as_str().to_owned())
            .map_err(|problem| format!("the phone number {problem}")),
        Field::Email => text
            .trim()
            .parse()
            .map(|email: Email| email.as_str().to_owned())
            .map_err(|problem| format!("the e-mail address {problem}")),
        Field::Rank => match rank(text) {
            Some(rank) if ranks.contains(&rank) => Ok(rank.as_str().to_owned()),
            _ => {
                let ranks = ranks.iter().map(Rank::as_str).collect::<Vec<_>>().join(", ");
                Err(format!("the rank is {:?}; write one of {ranks}", text.trim()))
            }
        },
        Field::Order => order(text).map(|order| order.to_string()),
        Field::UsualCrew => crew(text, people),
        Field::Status => return status(text),
    };
    read.map(Some)
}

/// What stands for somebody who has left.
pub(super) const LEFT: &str = "left";

/// `left`, `inactive`, and what else people write of those who sail no more; of all others it is nothing that is kept.
fn status(text: &str) -> Result<Option<String>, String> {
    match text.trim().to_lowercase().as_str() {
        "left" | "has left" | "gone" | "inactive" | "not active" | "former" | "retired" | "quit" | "no"
        | "n" | "false" => Ok(Some(LEFT.to_owned())),
        "active" | "current" | "here" | "yes" | "y" | "true" | "✓" => Ok(None),
        other => Err(format!(
            "the status is {other:?}; write \"left\" for whoever sails no more, else \"active\" or nothing"
        )),
    }
}

/// `1`, `1.`, `#1`, `1st`, `1.0`.
fn order(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let number = text.trim_start_matches('#').trim();
    let number = number.strip_suffix(".0").unwrap_or(number).trim_end_matches('.');
    let number = ["st", "nd", "rd", "th"].iter().find_map(|end| number.strip_suffix(end)).unwrap_or(number);
    number.parse().map_err(|_| {
        format!("the place in the order is {text:?}; write a whole number, 1 for whoever is asked first")
    })
}

/// What may stand between the names of a usual crew.
const BETWEEN: [char; 5] = [',', ';', '/', '\n', '&'];

/// A usual crew as its cell shows it, of ids with blanks between them: names; ids where the name would be read as nobody's, as
/// several people's, or as several names.
pub(super) fn crew_text<'a>(
    ids: &str,
    people: &Directory,
    name: impl Fn(&CrewId) -> Option<&'a str>,
) -> String {
    let shown = |id: &'_ str| {
        let known: Option<CrewId> = id.parse().ok();
        let named = known.and_then(|id| {
            let is_read =
                |name: &&str| !name.contains(BETWEEN) && people.find(name) == Found::One(id.clone());
            name(&id).filter(is_read).map(str::to_owned)
        });
        named.unwrap_or_else(|| id.to_owned())
    };
    ids.split_whitespace().map(shown).collect::<Vec<_>>().join(", ")
}

/// Names with commas, semicolons, slashes or lines between them, as ids with blanks between them.
fn crew(text: &str, people: &Directory) -> Result<String, String> {
    let names = text.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty());
    let mut ids: Vec<CrewId> = Vec::new();
    for name in names {
        let id = match people.find(name) {
            Found::One(id) => id,
            _ => match name.parse::<CrewId>().ok().filter(|id| people.has(id)) {
                Some(id) => id,
                None => {
                    return Err(format!(
                        "the usual crew names {name:?}, and that is nobody's name on the roster, or several people's"
                    ));
                }
            },
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids.iter().map(CrewId::as_str).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_the_roster_are_read_as_people_fill_them() {
        let ranks: Vec<Rank> =
            ["captain", "mate", "deckhand"].iter().map(|rank| rank.parse().unwrap()).collect();
        let mut people = Directory::default();
        people.add(&"lee-park".parse().unwrap(), super::super::names::Details::default(), ["Lee Park"]);
        for (field, text, words) in [
            (Field::Rank, " Capt. ", Some("captain")),
            (Field::Rank, "Deck Hand", Some("deckhand")),
            (Field::Order, "#2", Some("2")),
            (Field::Order, "1st", Some("1")),
            (Field::Order, "1.", Some("1")),
            (Field::Phone, "619-555-0142", Some("619-555-0142")),
            (Field::Name, "Reyes, Dana", Some("Dana Reyes")),
            (Field::UsualCrew, "Lee Park; lee-park", Some("lee-park")),
            (Field::Email, " ", None),
            (Field::Status, "Inactive", Some("left")),
            (Field::Status, "Active", None),
        ] {
            assert_eq!(read(field, text, &ranks, &people), Ok(words.map(str::to_owned)), "{text:?}");
        }
        for (field, text) in [
            (Field::Rank, "bosun"),
            (Field::Order, "first"),
            (Field::Status, "on leave"),
            (Field::Email, "a@example.com, b@example.com"),
            (Field::Phone, "ask Dana"),
            (Field::UsualCrew, "Lee Prak"),
        ] {
            assert!(read(field, text, &ranks, &people).is_err(), "{text:?}");
        }
    }
}
