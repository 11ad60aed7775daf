//! The tab of another month, made of the last one that has all its days: a copy of it, with other days over its columns and
//! nothing in its cells.

use jiff::Span;
use jiff::civil::Date;

use super::book::{At, Cell, Tab, TabId};
use super::dates::{month_name, serial_of};
use super::reading::Reading;
use super::table::{Answers, Holds, Table};
use super::{Book, letters, rewrite};
use crate::model::Month;

/// What is to be done for a new tab. Places are those of the tab that is copied, before columns come or go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMonth {
    /// The tab that is copied.
    pub copied: TabId,
    /// What the new one is called.
    pub title: String,
    /// Cells that are emptied: runs of so many, from these on.
    pub emptied: Vec<(At, usize)>,
    /// Those of them whose colour says something, and goes.
    pub painted: Vec<At>,
    /// What is written over the columns and above them.
    pub headings: Vec<(At, NewHeading)>,
    /// The first column of a day.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// How many columns of days more or fewer the month has; those that are more come behind `last`, as it is.
    pub more: i32,
    /// What is written over those, in the places that they have then.
    pub headings_of_more: Vec<(At, NewHeading)>,
}

/// What stands over a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewHeading {
    /// A text.
    Text(String),
    /// A date, as the number that spreadsheets keep; the format stays.
    Date(i64),
}

/// Why there is no new tab.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoNewMonth {
    /// The month is there.
    #[error("{0:?} has days of that month already")]
    IsThere(String),
    /// There is nothing to make it of.
    #[error(
        "no tab has all the days of a month, each in a column beside the last one; make this one by hand, without the answers of another month"
    )]
    NothingToCopy,
    /// What stands over a day cannot be written for another one.
    #[error(
        "{text:?} in {tab}!{at} is no way of writing a date that can be written for another day; make the tab by hand, without the answers of another month"
    )]
    Heading {
        /// The tab.
        tab: String,
        /// Where.
        at: At,
        /// What stands there.
        text: String,
    },
    /// There is no such month.
    #[error("there is no month that begins on {0}")]
    NoSuchMonth(Date),
}

impl NewMonth {
    /// What is to be done for this month.
    ///
    /// # Errors
    /// If it is there, or there is no tab to make it of.
    pub fn of(book: &Book, reading: &Reading, answers: &Answers, month: Month) -> Result<Self, NoNewMonth> {
        let first = month.first();
        let is_of_it = |date: &Date| Month::of(*date) == month;
        for read in &reading.tabs {
            let mut days =
                read.tables().iter().flat_map(|table| &table.columns).filter_map(|column| column.holds.day());
            if days.any(|date| is_of_it(&date)) {
                return Err(NoNewMonth::IsThere(read.title.clone()));
            }
        }
        let whole = reading.tabs.iter().filter_map(|read| {
            let Holds::Days(tables) = &read.holds else { return None };
            let [table] = tables.as_slice() else { return None };
            Some((book.tab(read.id)?, table, whole_month(table)?))
        });
        // The last one before it, else the last one of all.
        let (tab, table, (from, column)) =
            whole.max_by_key(|(_, _, (from, _))| (*from < first, *from)).ok_or(NoNewMonth::NothingToCopy)?;
        Making { tab, table, answers, from, first, column }.made(book)
    }
}

/// The first day of the month whose days the columns of a table are, one after the other, and the column of that day.
fn whole_month(table: &Table) -> Option<(Date, usize)> {
    let days: Vec<(usize, Date)> = table
        .columns
        .iter()
        .map(|column| Some((column.column, column.holds.day()?)))
        .collect::<Option<_>>()?;
    let (column, first) = *days.first()?;
    let is_next = |two: &[(usize, Date)]| {
        two[1].0 == two[0].0 + 1 && two[0].1.tomorrow().is_ok_and(|next| next == two[1].1)
    };
    let whole = first.day() == 1 && days.len() == usize::try_from(first.days_in_month()).ok()?;
    (whole && days.windows(2).all(is_next)).then_some((first, column))
}

struct Making<'a> {
    tab: &'a Tab,
    table: &'a Table,
    answers: &'a Answers,
    /// The first day of the month that is copied, and of the new one.
    from: Date,
    first: Date,
    /// The column of the first day.
    column: usize,
}

impl Making<'_> {
    fn made(&self, book: &Book) -> Result<NewMonth, NoNewMonth> {
        let (had, has) = (self.from.days_in_month(), self.first.days_in_month());
        let last = self.column + usize::try_from(had - 1).unwrap_or(0);
        let (mut headings, mut headings_of_more) = (Vec::new(), Vec::new());
        for row in 0..=self.table.header {
            for place in 0..self.tab.rows.get(row).map_or(0, Vec::len) {
                let at = At::new(row, place);
                match self.tab.cell(at).filter(|cell| !cell.formula && !cell.text.trim().is_empty()) {
                    Some(cell) if (self.column..=last).contains(&place) => {
                        let nth = i32::try_from(place - self.column).unwrap_or(0);
                        headings.extend(self.heading(cell, at, nth, nth)?.map(|heading| (at, heading)));
                    }
                    Some(cell) => headings.extend(
                        rewrite::renamed(&cell.text, self.from, self.first)
                            .map(|text| (at, NewHeading::Text(text))),
                    ),
                    // What makes all the others is the first one.
                    None if row == self.days() && place == self.column => return Err(self.not_a_date(at)),
                    None => {}
                }
            }
            for nth in i32::from(had)..i32::from(has) {
                let at = At::new(row, last);
                let Some(cell) =
                    self.tab.cell(at).filter(|cell| !cell.formula && !cell.text.trim().is_empty())
                else {
                    continue;
                };
                let place = self.column + usize::try_from(nth).unwrap_or(0);
                let heading = self.heading(cell, at, i32::from(had) - 1, nth)?;
                headings_of_more.extend(heading.map(|heading| (At::new(row, place), heading)));
            }
        }
        let more = i32::from(has) - i32::from(had);
        let (copied, title, emptied) = (self.tab.id, self.title(book), self.emptied(last));
        let (painted, first) = (self.painted(last), self.column);
        Ok(NewMonth { copied, title, emptied, painted, headings, first, last, more, headings_of_more })
    }

    fn days(&self) -> usize {
        self.table.days.unwrap_or(self.table.header)
    }

    fn not_a_date(&self, at: At) -> NoNewMonth {
        NoNewMonth::Heading { tab: self.tab.title.clone(), at, text: self.tab.text(at).to_owned() }
    }

    /// What stands over the `new`th day of the new month, where this stands over the `old`th one of the old month.
    fn heading(&self, cell: &Cell, at: At, old: i32, new: i32) -> Result<Option<NewHeading>, NoNewMonth> {
        let day = |first: Date, nth: i32| {
            first.checked_add(Span::new().days(nth)).map_err(|_| NoNewMonth::NoSuchMonth(first))
        };
        let (was, is) = (day(self.from, old)?, day(self.first, new)?);
        if let Some(date) = cell.date {
            // Some have the first of the month over all its days.
            return Ok(match (date == was, date == self.from) {
                (true, _) => Some(NewHeading::Date(serial_of(is))),
                (false, true) => Some(NewHeading::Date(serial_of(self.first))),
                (false, false) if at.row == self.days() => return Err(self.not_a_date(at)),
                (false, false) => None,
            });
        }
        match rewrite::rewritten(&cell.text, was, is) {
            Some(text) => Ok(Some(NewHeading::Text(text))),
            None if at.row == self.days() => Err(self.not_a_date(at)),
            // Something about that day or week, which is the office's to look at.
            None => Ok(None),
        }
    }

    /// A title that no tab has.
    fn title(&self, book: &Book) -> String {
        let named = || format!("{} {}", month_name(self.first.month()), self.first.year());
        let title = rewrite::renamed(self.tab.title.trim(), self.from, self.first)
            .unwrap_or_else(|| format!("{} {}", self.tab.title.trim(), named()));
        let taken = |title: &String| book.tabs.iter().any(|tab| tab.title.trim().eq_ignore_ascii_case(title));
        let further = (2..).map(|number| format!("{title} {number}"));
        std::iter::once(title.clone()).chain(further).find(|title| !taken(title)).unwrap_or(title)
    }

    fn painted(&self, last: usize) -> Vec<At> {
        let cells = self
            .table
            .rows
            .iter()
            .flat_map(|row| (self.column..=last).map(|column| At::new(row.row, column)));
        let is_painted = |at: &At| {
            let colour = self.tab.cell(*at).map(|cell| &cell.colour);
            colour.is_some_and(|colour| self.answers.colours.contains_key(colour))
        };
        cells.filter(is_painted).collect()
    }

    /// The cells of people, but for those that formulas make.
    fn emptied(&self, last: usize) -> Vec<(At, usize)> {
        let mut runs: Vec<(At, usize)> = Vec::new();
        for row in &self.table.rows {
            for column in self.column..=last {
                let at = At::new(row.row, column);
                let Some(cell) = self.tab.cell(at).filter(|cell| !cell.formula) else { continue };
                if cell.text.is_empty() && cell.note.is_empty() {
                    continue;
                }
                match runs.last_mut() {
                    Some((first, length)) if first.row == row.row && first.column + *length == column => {
                        *length += 1
                    }
                    _ => runs.push((at, 1)),
                }
            }
        }
        runs
    }
}

impl std::fmt::Display for NewMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cells: usize = self.emptied.iter().map(|(_, length)| length).sum();
        write!(f, "{:?}, with {cells} cells emptied", self.title)?;
        match self.more {
            0 => Ok(()),
            more if more > 0 => write!(f, " and {more} columns more behind {}", letters(self.last)),
            fewer => write!(f, " and {} columns fewer", -fewer),
        }
    }
}
