//! Whose name stands in a cell. Exact names and those that the operator knows count; what is merely near is a hint for
//! whoever is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CrewId, Rank};

/// How far a name may be from another to be a hint, in letters.
const NEAR: usize = 2;
/// People that a hint names.
const HINTS: usize = 3;

/// A name as it stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// The name, `Last, First` turned around, without what stands in quotes or brackets.
    pub(super) name: String,
    /// What stands in quotes or brackets: a nickname, or a rank.
    pub(super) beside: Vec<String>,
}

impl Written {
    /// Reads a cell. Marks with which people indent, and marks that nobody sees, are no part of a name.
    pub(super) fn parse(text: &str) -> Self {
        let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
        let text = text.trim_start_matches(|c: char| c.is_whitespace() || "-–—•·*↳└>→".contains(c));
        let (mut name, mut beside) = (String::new(), Vec::new());
        let mut rest = text;
        while let Some(open) = rest.find(['"', '“', '(', '„', '[']) {
            let (before, from) = rest.split_at(open);
            let mut inner = from.chars();
            let closing: &[char] = match inner.next() {
                Some('(') => &[')'],
                Some('[') => &[']'],
                _ => &['"', '”', '“'],
            };
            let Some(end) = inner.as_str().find(closing) else { break };
            let (inside, after) = inner.as_str().split_at(end);
            name.push_str(before);
            beside.push(words(inside));
            rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
        }
        name.push_str(rest);
        let name = words(&name);
        let turned = name.split_once(',').map(|(last, first)| words(&format!("{first} {last}")));
        beside.retain(|words| !words.is_empty());
        Self { name: turned.filter(|name| !name.contains(',')).unwrap_or(name), beside }
    }
}

/// Control characters, marks that turn the direction of text, and those that choose how a sign is drawn.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{2060}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FE0F}' | '\u{FEFF}')
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as it is compared.
pub(super) fn key(name: &str) -> String {
    words(name).to_lowercase()
}

/// Who is called what.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    people: BTreeMap<CrewId, Details>,
    names: BTreeMap<String, BTreeSet<CrewId>>,
}

/// What tells people of one name apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Details {
    pub(super) rank: Option<Rank>,
    /// What they are called, their address, their number: as they are compared.
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

impl Details {
    pub(super) fn new(name: &str, rank: Option<Rank>, email: Option<&str>, phone: Option<&str>) -> Self {
        let some = |text: &str| Some(key(text)).filter(|text| !text.is_empty());
        Self { rank, name: key(name), email: email.and_then(some), phone: phone.and_then(digits) }
    }

    /// Whether one of these texts is their address or their number.
    pub(super) fn is_reached_at(&self, texts: &[String]) -> bool {
        let email = self.email.as_ref().is_some_and(|email| texts.iter().any(|text| key(text) == *email));
        email || self.has_number(texts)
    }

    fn has_number(&self, texts: &[String]) -> bool {
        self.phone.is_some() && texts.iter().any(|text| digits(text) == self.phone)
    }
}

/// The digits of a phone number, without the country's 1 in front.
fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
    (plain.len() >= 7).then(|| plain.to_owned())
}

/// Whose name it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// This person's.
    One(CrewId),
    /// Of each of these.
    Several(Vec<CrewId>),
    /// Nobody's.
    Nobody,
}

impl Directory {
    /// Somebody, by whatever they are called.
    pub(super) fn add<'a>(
        &mut self,
        id: &CrewId,
        details: Details,
        names: impl IntoIterator<Item = &'a str>,
    ) {
        self.people.entry(id.clone()).or_insert(details);
        self.call(id, names);
    }

    /// Further names of somebody.
    pub(super) fn call<'a>(&mut self, id: &CrewId, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            let name = key(&Written::parse(name).name);
            if !name.is_empty() {
                self.names.entry(name).or_default().insert(id.clone());
            }
        }
    }

    /// What is known of somebody.
    pub(super) fn details(&self, id: &CrewId) -> Option<&Details> {
        self.people.get(id)
    }

    /// Whether somebody has this id.
    pub(super) fn has(&self, id: &CrewId) -> bool {
        self.people.contains_key(id)
    }

    /// Whether this is a name of that person.
    pub(super) fn calls(&self, name: &str, id: &CrewId) -> bool {
        self.candidates(&Written::parse(name)).contains(id)
    }

    /// Whose name a cell has.
    pub(super) fn find(&self, text: &str) -> Found {
        let written = Written::parse(text);
        let people = self.candidates(&written);
        let mut ids = people.iter();
        match (ids.next(), ids.next()) {
            (Some(one), None) => Found::One(one.clone()),
            (Some(_), Some(_)) => {
                let ranks: Vec<Rank> =
                    written.beside.iter().filter_map(|word| super::fields::rank(word)).collect();
                let of_rank = people.iter().filter(|id| {
                    self.details(id)
                        .and_then(|details| details.rank.as_ref())
                        .is_some_and(|rank| ranks.contains(rank))
                });
                match of_rank.collect::<Vec<_>>()[..] {
                    [one] => Found::One(one.clone()),
                    _ => Found::Several(people.into_iter().collect()),
                }
            }
            (None, _) => Found::Nobody,
        }
    }

    /// Whoever has the name; else whoever is called what stands beside it.
    fn candidates(&self, written: &Written) -> BTreeSet<CrewId> {
        let named = |name: &str| self.names.get(&key(name)).cloned().unwrap_or_default();
        let people = named(&written.name);
        if !people.is_empty() || !written.name.is_empty() {
            return people;
        }
        written.beside.iter().flat_map(|name| named(name)).collect()
    }

    /// Who is called nearly what stands in a cell.
    pub(super) fn near(&self, text: &str) -> Vec<CrewId> {
        let name = &*key(&Written::parse(text).name);
        let letters = name.chars().count();
        // Which letters there are tells most names apart before their order does, which takes long.
        let ours = letters_of(name);
        let may_be = |other: &str| {
            let (mut more, mut fewer) = (0, 0);
            for difference in letters_of(other).iter().zip(&ours).map(|(theirs, ours)| theirs - ours) {
                (more, fewer) = (more + difference.max(0), fewer - difference.min(0));
            }
            more.max(fewer) <= NEAR as i32
        };
        let distance = |other: &String| {
            let begins = other.starts_with(name) || other.split(' ').any(|word| word == name);
            match (begins, may_be(other)) {
                (true, _) => 1,
                (false, true) => strsim::damerau_levenshtein(name, other),
                (false, false) => usize::MAX,
            }
        };
        let mut near: Vec<(usize, &CrewId)> = self
            .names
            .iter()
            .filter(|_| letters >= 3)
            .map(|(other, ids)| (distance(other), ids))
            .filter(|(distance, _)| *distance <= NEAR)
            .flat_map(|(distance, ids)| ids.iter().map(move |id| (distance, id)))
            .collect();
        near.sort();
        let mut hints: Vec<CrewId> = Vec::new();
        for (_, id) in near {
            if !hints.contains(id) && hints.len() < HINTS {
                hints.push(id.clone());
            }
        }
        hints
    }
}

/// How often each letter stands in a text, some letters together. A letter that is added, left out or changed makes one more
/// or one fewer; two that are exchanged make none.
fn letters_of(text: &str) -> [i32; 32] {
    let mut times = [0; 32];
    for letter in text.chars() {
        times[letter as usize % 32] += 1;
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> CrewId {
        text.parse().unwrap()
    }

    fn harbor() -> Directory {
        let mut directory = Directory::default();
        let rank = |rank: &str| Details::new("", rank.parse().ok(), None, None);
        directory.add(&id("dana-reyes"), rank("captain"), ["Dana Reyes"]);
        directory.add(&id("gene-hart"), rank("captain"), ["Gene \"Skip\" Hart", "Skip"]);
        directory.add(&id("lee-park"), rank("deckhand"), ["Lee Park"]);
        directory.add(&id("sam-ortiz"), rank("deckhand"), ["Sam Ortiz"]);
        directory.add(&id("sam-ortiz-2"), rank("host"), ["Sam Ortiz"]);
        directory
    }

    #[test]
    fn names_are_known_however_they_are_written() {
        for (text, who) in [
            ("Dana Reyes", "dana-reyes"),
            ("  dana\u{a0}  REYES ", "dana-reyes"),
            ("Reyes, Dana", "dana-reyes"),
            ("↳ Lee Park", "lee-park"),
            ("- Lee Park", "lee-park"),
            ("Lee Park (call first)", "lee-park"),
            ("\u{200f}Lee\nPark", "lee-park"),
            ("Skip", "gene-hart"),
            ("Gene Hart", "gene-hart"),
            ("Gene (Skip) Hart", "gene-hart"),
            ("Sam Ortiz (host)", "sam-ortiz-2"),
        ] {
            assert_eq!(harbor().find(text), Found::One(id(who)), "{text:?}");
        }
    }

    #[test]
    fn what_is_near_is_a_hint_and_no_more() {
        assert_eq!(
            (harbor().find("Lee Prak"), harbor().near("Lee Prak")),
            (Found::Nobody, vec![id("lee-park")])
        );
        assert_eq!((harbor().find("Dana"), harbor().near("Dana")), (Found::Nobody, vec![id("dana-reyes")]));
        assert_eq!((harbor().find("Total"), harbor().near("Total")), (Found::Nobody, Vec::new()));
        assert_eq!(harbor().find("Sam Ortiz"), Found::Several(vec![id("sam-ortiz"), id("sam-ortiz-2")]));
    }

    #[test]
    fn names_that_are_near_are_never_told_apart_by_their_letters() {
        let names = [
            "dana reyes",
            "dana reyse",
            "dan reyes",
            "dana ryees",
            "dona reyes",
            "adna ryees",
            "dana  reyes-ñ",
            "lee park",
            "l",
            "",
        ];
        for (one, other) in names.iter().flat_map(|one| names.iter().map(move |other| (one, other))) {
            let [one_has, other_has] = [one, other].map(|name| letters_of(name));
            let more: i32 = one_has.iter().zip(&other_has).map(|(one, other)| (one - other).max(0)).sum();
            assert!(more as usize <= strsim::damerau_levenshtein(one, other), "{one} {other}");
        }
    }
}
