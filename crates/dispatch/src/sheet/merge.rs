//! One cell, three ways: what both sides last had, what the sheet says, what the store says.

use super::fields::Field;
use super::item::Item;
use super::words;
use crate::model::{Availability, Meaning};

/// What becomes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// Both sides say the same.
    Same,
    /// The sheet was changed: the store takes it.
    FromSheet,
    /// The store was changed: the sheet takes it.
    FromStore,
    /// Both were changed, differently. One of them counts until a person settles it.
    Conflict(Side),
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What people typed.
    Sheet,
    /// What the store has: answers, imports, what other programs wrote.
    Store,
}

/// What becomes of a cell. Where both sides were changed to different things, the policy of its column decides: of a day,
/// a no counts, since whoever is asked in vain costs less than whoever does not come; of everything else, what stands in
/// the sheet, which is the office's.
pub fn merge(item: Item, base: Option<&str>, sheet: Option<&str>, store: Option<&str>) -> Merged {
    let same = |one, other| same(item, one, other);
    // Whoever types `yes` over `Y` says it anew, whatever was answered meanwhile: people's changes are seen to the letter.
    match (same(sheet, store), sheet == base, same(store, base)) {
        (true, ..) => Merged::Same,
        (false, false, true) => Merged::FromSheet,
        (false, true, false) => Merged::FromStore,
        // That neither was changed and they differ cannot be: what is the same as a third is the same.
        (false, true, true) | (false, false, false) => Merged::Conflict(policy(item, sheet, store)),
    }
}

fn policy(item: Item, sheet: Option<&str>, store: Option<&str>) -> Side {
    let no = |words: Option<&str>| {
        words.is_some_and(|words| Availability::parse(words).meaning() == Meaning::Unavailable)
    };
    match item {
        Item::Day(_) if no(store) && !no(sheet) => Side::Store,
        Item::Day(_) | Item::Field(_) => Side::Sheet,
    }
}

/// Whether two words for an item come to the same.
pub(super) fn same(item: Item, one: Option<&str>, other: Option<&str>) -> bool {
    match item {
        Item::Day(_) => words::same(one, other),
        Item::Field(Field::Email) => one.map(str::to_ascii_lowercase) == other.map(str::to_ascii_lowercase),
        Item::Field(_) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Item = Item::Day(jiff::civil::date(2026, 6, 27));
    const PHONE: Item = Item::Field(Field::Phone);

    #[test]
    fn whichever_side_was_changed_counts() {
        for (base, sheet, store, merged) in [
            (None, None, None, Merged::Same),
            (None, Some("Y"), None, Merged::FromSheet),
            (None, None, Some("N"), Merged::FromStore),
            (Some("Y"), None, Some("Y"), Merged::FromSheet),
            (Some("Y"), Some("Y"), None, Merged::FromStore),
            (Some("Y"), Some("available"), Some("N"), Merged::Conflict(Side::Store)),
            (None, Some("Y"), Some("available"), Merged::Same),
            (Some("Y"), Some("N"), Some("unavailable"), Merged::Same),
            (None, Some("Y"), Some("N"), Merged::Conflict(Side::Store)),
            (None, Some("N"), Some("Y"), Merged::Conflict(Side::Sheet)),
            (Some("Y"), Some("AM only"), Some("maybe"), Merged::Conflict(Side::Sheet)),
            (Some("Y"), None, Some("N"), Merged::Conflict(Side::Store)),
        ] {
            assert_eq!(merge(DAY, base, sheet, store), merged, "{base:?} {sheet:?} {store:?}");
        }
        assert_eq!(merge(PHONE, Some("1"), Some("2"), Some("3")), Merged::Conflict(Side::Sheet));
    }

    /// Every combination of a few words, three ways.
    #[test]
    fn laws() {
        let words = [
            None,
            Some("Y"),
            Some("available"),
            Some("N"),
            Some("off"),
            Some("AM only"),
            Some("x"),
            Some("?"),
        ];
        let chosen = |item, base, sheet, store| match merge(item, base, sheet, store) {
            Merged::Same | Merged::FromStore | Merged::Conflict(Side::Store) => store,
            Merged::FromSheet | Merged::Conflict(Side::Sheet) => sheet,
        };
        for item in [DAY, PHONE] {
            for base in words {
                for sheet in words {
                    for store in words {
                        let result = chosen(item, base, sheet, store);
                        // Nothing is invented.
                        assert!(result == sheet || result == store);
                        // Idempotent: once both sides have it, nothing more happens, whatever was known before.
                        assert_eq!(merge(item, base, result, result), Merged::Same);
                        assert_eq!(merge(item, result, result, result), Merged::Same);
                        // Nothing is lost: where a side was changed and does not count, it is a conflict, and told.
                        let lost = |side| !same(item, side, base) && !same(item, side, result);
                        if lost(sheet) || lost(store) {
                            assert!(matches!(merge(item, base, sheet, store), Merged::Conflict(_)));
                        }
                        // A no is never lost to a yes.
                        let no = |words: Option<&str>| matches!(words, Some("N" | "off"));
                        if item == DAY
                            && (no(sheet) && !same(item, sheet, base)
                                || no(store) && !same(item, store, base))
                        {
                            assert!(no(result), "{base:?} {sheet:?} {store:?}");
                        }
                    }
                }
            }
        }
    }
}
