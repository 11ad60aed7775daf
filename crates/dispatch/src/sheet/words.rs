//! What a cell of a day says: the words of a person, and the sails that the program has put there (`CH-104 ✓`).

use std::collections::{BTreeMap, BTreeSet};

use super::names::is_unseen;
use crate::model::{Availability, CharterId, Meaning};

/// What stands behind the id of a charter in a cell.
pub const AGREED: &str = "✓";

/// A cell of a day, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayCell {
    /// The words; `None` where there are only sails.
    pub(super) words: Words,
    /// The sails, in their order.
    pub(super) sails: Vec<CharterId>,
}

/// What stands in a cell beside sails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// The cell is blank.
    Blank,
    /// There are sails only. A plain yes is not written beside them, so what the person said is what was known.
    Hidden,
    /// These, as the store keeps them: to the letter, but for blanks.
    Said(String),
}

/// What the operator said that words mean which nobody else could know: each as it is compared, and the words that it
/// stands for.
pub type Legend = BTreeMap<String, String>;

/// Words as a legend has them: capitals and blanks do not matter.
pub fn legend_key(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl DayCell {
    /// Reads a cell; `charters` are those that there are.
    pub(super) fn parse(text: &str, charters: &BTreeSet<CharterId>) -> Self {
        let text: String = text.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).collect();
        let mut rest = text.trim();
        let mut sails = Vec::new();
        while let Some((before, sail)) = last_sail(rest, charters) {
            sails.insert(0, sail);
            rest = before.trim_end().trim_end_matches(',').trim_end();
        }
        let words = match (rest.is_empty(), sails.is_empty()) {
            (true, true) => Words::Blank,
            (true, false) => Words::Hidden,
            (false, _) => Words::Said(rest.split_whitespace().collect::<Vec<_>>().join(" ")),
        };
        Self { words, sails }
    }

    /// The words that people see there.
    pub(super) fn own_words(&self) -> Option<String> {
        match &self.words {
            Words::Said(words) => Some(words.clone()),
            Words::Blank | Words::Hidden => None,
        }
    }
}

/// What the cell of a day shows of a person's words and sails. A plain yes goes without saying beside a sail.
pub fn day_text(words: Option<&str>, sails: &[CharterId]) -> String {
    let marks = sails.iter().map(|sail| format!("{sail} {AGREED}")).collect::<Vec<_>>().join(", ");
    let words = words.unwrap_or_default();
    let plain = Availability::parse(words).meaning() == Meaning::Available;
    match (words.is_empty() || plain, marks.is_empty()) {
        (_, true) => words.to_owned(),
        (true, false) => marks,
        (false, false) => format!("{words} {marks}"),
    }
}

/// The sail with which a text ends.
fn last_sail<'a>(text: &'a str, charters: &BTreeSet<CharterId>) -> Option<(&'a str, CharterId)> {
    let before = text.strip_suffix(AGREED)?.trim_end();
    let (before, id) = before.rsplit_once(|c: char| c.is_whitespace() || c == ',').unwrap_or(("", before));
    let id: CharterId = id.parse().ok()?;
    charters.contains(&id).then_some((before, id))
}

/// The words for the store: those of the legend, where it has these.
pub(super) fn meant(words: &str, legend: &Legend) -> String {
    legend.get(&legend_key(words)).cloned().unwrap_or_else(|| words.to_owned())
}

/// Whether two words of a day come to the same. Words that are not understood do so to the letter, but for blanks, of which
/// a cell is read without those that show nothing.
pub(super) fn same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) if one == other => true,
        (Some(one), Some(other)) => {
            let (meaning, with) = (Availability::parse(one).meaning(), Availability::parse(other).meaning());
            one.split_whitespace().eq(other.split_whitespace())
                || (meaning == with && meaning != Meaning::Unclear)
        }
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charters() -> BTreeSet<CharterId> {
        ["CH-104", "CH-105"].iter().map(|id| id.parse().unwrap()).collect()
    }

    #[test]
    fn a_cell_is_taken_apart_as_it_was_put_together() {
        for (words, sails, shown) in [
            (None, &[][..], ""),
            (Some("Y"), &[], "Y"),
            (Some("Y"), &["CH-104"], "CH-104 ✓"),
            (None, &["CH-104", "CH-105"], "CH-104 ✓, CH-105 ✓"),
            (Some("AM only"), &["CH-104"], "AM only CH-104 ✓"),
            (Some("N"), &["CH-104", "CH-105"], "N CH-104 ✓, CH-105 ✓"),
        ] {
            let sails: Vec<CharterId> = sails.iter().map(|id| id.parse().unwrap()).collect();
            assert_eq!(day_text(words, &sails), shown);
            let read = DayCell::parse(shown, &charters());
            assert_eq!(read.sails, sails, "{shown}");
            match read.words {
                Words::Blank => assert_eq!(shown, ""),
                Words::Hidden => assert!(words.is_none_or(|words| words == "Y")),
                Words::Said(said) => assert_eq!(Some(said.as_str()), words),
            }
        }
    }

    #[test]
    fn what_is_no_sail_of_ours_stays_words() {
        for (text, words) in [
            ("✓", "✓"),
            ("Y ✓", "Y ✓"),
            ("CH-999 ✓", "CH-999 ✓"),
            ("CH-104", "CH-104"),
            ("yes\n at 5", "yes at 5"),
            ("é ✓", "é ✓"),
        ] {
            let read = DayCell::parse(text, &charters());
            assert_eq!((read.words, read.sails.len()), (Words::Said(words.into()), 0), "{text}");
        }
        let read = DayCell::parse("maybe\u{a0}CH-104 ✓", &charters());
        assert_eq!((read.words, read.sails.len()), (Words::Said("maybe".into()), 1));
    }

    #[test]
    fn words_of_one_meaning_are_the_same() {
        assert!(
            same(Some("Y"), Some("available"))
                && same(Some("AM only"), Some("until noon"))
                && same(None, None)
        );
        assert!(same(Some("away  till\nnoon "), Some("away till noon")));
        assert!(!same(Some("Y"), Some("N")) && !same(Some("x"), Some("X")) && !same(None, Some("?")));
    }
}
