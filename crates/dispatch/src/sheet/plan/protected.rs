//! Where the account that has signed in may not write.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Planning};
use crate::sheet::book::{At, Book, TabId};
use crate::sheet::why::Why;

impl Planning<'_> {
    /// Google refuses a batch as a whole that would write where the account may not: the rest is written, and of each tab
    /// somebody is asked once.
    pub(super) fn keep_out_of_protected_ranges(&mut self) {
        let book = self.book;
        let is_closed = |edit: &Edit| {
            let protected = book.tab(edit.tab()).map_or(&[][..], |tab| tab.protected.as_slice());
            match edit {
                Edit::Cell { at, .. } | Edit::Note { at, .. } => {
                    protected.iter().find(|closed| closed.contains(*at))
                }
                // A row moves all that is below it.
                Edit::Row { below, .. } => protected.iter().find(|closed| closed.area.last.row > *below),
                Edit::Columns { .. } => None,
            }
        };
        // Below a row that is left out no other one has its place.
        let rows: BTreeSet<TabId> = self
            .plan
            .edits
            .iter()
            .filter(|edit| matches!(edit, Edit::Row { .. }) && is_closed(edit).is_some())
            .map(Edit::tab)
            .collect();
        let mut closed: BTreeMap<TabId, (At, usize)> = BTreeMap::new();
        for (edit, range) in self.plan.edits.iter().filter_map(|edit| Some((edit, is_closed(edit)?))) {
            closed.entry(edit.tab()).or_insert((range.area.first, 0)).1 += 1;
        }
        let stays = |edit: &Edit| matches!(edit, Edit::Row { .. }) && rows.contains(&edit.tab());
        self.plan.edits.retain(|edit| is_closed(edit).is_none() && !stays(edit));
        // Columns are for what is written into them.
        let beyond: BTreeSet<TabId> =
            self.plan.edits.iter().filter(|edit| edit.is_beyond(book)).map(Edit::tab).collect();
        self.plan.edits.retain(|edit| !matches!(edit, Edit::Columns { .. }) || beyond.contains(&edit.tab()));
        for (tab, (at, cells)) in closed {
            self.ask(tab, at, Why::Protected(cells));
        }
    }
}

impl Edit {
    /// Whether it writes right of the grid.
    fn is_beyond(&self, book: &Book) -> bool {
        let width = book.tab(self.tab()).map_or(0, |tab| tab.size.1);
        match self {
            Self::Cell { at, .. } | Self::Note { at, .. } => at.column >= width,
            Self::Row { cells, .. } => cells.iter().any(|(column, _)| *column >= width),
            Self::Columns { .. } => false,
        }
    }
}
