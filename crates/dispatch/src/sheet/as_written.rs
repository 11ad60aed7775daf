//! Whether a workbook says of somebody what was written into one like it.

use super::cells::CellRead;
use super::item::Item;
use super::lay_out::fitting;
use super::names::is_unseen;
use super::plan::Sides;
use super::reading::Reading;
use super::table::Known;
use super::words::{day_text, legend_key};
use crate::model::CrewMember;

impl Reading {
    /// Whether a cell shows what is written here of somebody's record. Then it says nothing new, however it is read: a name in
    /// brackets, a remark that is too long to be taken, a rank that there is no more. What somebody has said since that words
    /// mean is new.
    pub fn is_as_written(
        &self,
        cell: &CellRead,
        item: Item,
        member: &CrewMember,
        sides: &Sides<'_>,
        known: &Known<'_>,
    ) -> bool {
        let words = item.of(member);
        let text = comparable(&cell.text);
        let is_shown = |shown: &str| comparable(&fitting(shown)) == text;
        match item {
            Item::Day(_) => {
                let meant = |words: &str| known.answers.words.contains_key(&legend_key(words));
                // What reads like sails may be words of theirs, before the sails or alone.
                let mut sails = (0..=cell.sails.len()).filter_map(|from| cell.sails.get(from..));
                !words.as_deref().is_some_and(meant)
                    && sails.any(|sails| is_shown(&day_text(words.as_deref(), sails)))
            }
            Item::Field(field) => is_shown(&sides.field_text(field, words.as_deref(), &self.directory)),
        }
    }
}

/// A text as it is compared: blanks, and marks that nobody sees, make no difference.
fn comparable(text: &str) -> String {
    let seen: String = text.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}
