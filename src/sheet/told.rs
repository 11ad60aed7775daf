//! What a plan wants done and asks, line by line, for people.

use crewcall_dispatch::sheet::{Ask, Book, Change, Edit, Plan, Why};

/// What the store would take, a line for each.
pub(crate) fn changes(plan: &Plan) -> Vec<String> {
    let or_nothing = |words: &Option<String>| words.clone().unwrap_or_else(|| "(nothing)".into());
    let line = |change: &Change| {
        let (before, after) = (or_nothing(&change.before), or_nothing(&change.after));
        format!("{}  {}: {before} -> {after}   {}", change.person, change.item.name(), change.at)
    };
    plan.changes.iter().map(line).collect()
}

/// What would be written into the sheet: where, and what.
pub(crate) fn edits(plan: &Plan, book: &Book) -> Vec<(String, String)> {
    let line = |edit: &Edit| {
        let what = match edit {
            Edit::Note { .. } => "(note) ",
            Edit::Row { .. } => "(new row) ",
            Edit::Cell { .. } | Edit::Columns { .. } => "",
        };
        Some((place(edit, book)?, format!("{what}{}", text(edit))))
    };
    plan.edits.iter().filter_map(line).collect()
}

/// Where something is written, as `June Availability!C5`; a row as `June Availability!7:7`. Nothing is written by columns.
pub(super) fn place(edit: &Edit, book: &Book) -> Option<String> {
    let title = book.tab(edit.tab()).map_or("", |tab| tab.title.as_str());
    match edit {
        Edit::Cell { at, .. } | Edit::Note { at, .. } => Some(format!("{title}!{at}")),
        Edit::Row { below, .. } => Some(format!("{title}!{row}:{row}", row = below + 2)),
        Edit::Columns { .. } => None,
    }
}

/// What is written.
pub(super) fn text(edit: &Edit) -> String {
    match edit {
        Edit::Cell { text, .. } => text.clone(),
        Edit::Note { note, .. } => note.clone(),
        Edit::Row { cells, .. } => {
            cells.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" | ")
        }
        Edit::Columns { .. } => String::new(),
    }
}

/// The command with which a question is answered, if one does.
pub(crate) fn answered_by(ask: &Ask) -> Option<String> {
    match &ask.why {
        Why::Words(words) => Some(format!("crewcall sheets word {words:?} yes|no")),
        Why::Nobody { name, .. } | Why::Several { name, .. } => {
            Some(format!("crewcall sheets name {name:?} ID|nobody"))
        }
        Why::OtherDay { .. } | Why::Emptied { .. } => {
            Some(format!("crewcall sheets accept {:?}", ask.at.tab))
        }
        Why::Replaced { id, name } => Some(format!("crewcall sheets name {name:?} {id}")),
        Why::SameDayElsewhere(_, tab) => Some(format!("crewcall sheets ignore {tab:?}")),
        _ => None,
    }
}
