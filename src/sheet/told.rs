//! What a plan wants done, line by line, for people.

use crewcall_dispatch::sheet::{Book, Change, Edit, Plan};

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
    plan.edits.iter().filter_map(|edit| of_edit(edit, book)).collect()
}

fn of_edit(edit: &Edit, book: &Book) -> Option<(String, String)> {
    let title = book.tab(edit.tab()).map_or("", |tab| tab.title.as_str());
    match edit {
        Edit::Cell { at, text, .. } => Some((format!("{title}!{at}"), text.clone())),
        Edit::Note { at, note, .. } => Some((format!("{title}!{at}"), format!("(note) {note}"))),
        Edit::Row { below, cells, .. } => {
            let texts: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
            Some((format!("{title}!{}", below + 2), format!("(new row) {}", texts.join(" | "))))
        }
        Edit::Columns { .. } => None,
    }
}
