//! Which column of a tab is which day: the row of days, what stands over and under it, and what the tab is called.
//!
//! 1. The row of days is the one among the first [`HEADER_ROWS`] in which most cells name days that go up.
//! 2. Rows right above it, and one below, that name months or weekdays belong to it. Joined cells and headings count for
//!    all columns up to the next.
//! 3. A column without a month has that of the columns beside it; where nothing in the header names one, the name of the
//!    tab does, for the longest run of days.
//! 4. A year comes from the header, from the tab, from what was remembered of it; else the nearest one counts with which
//!    most of the weekdays fit.
//! 5. A column whose weekday does not fit its date, or whose day there is not, is not read: somebody is asked.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::book::{At, Cell, Tab};
use super::dates::{Part, Weekdays, named_in, serial};
use super::why::Why;

/// Rows in which the header of a tab is looked for.
pub const HEADER_ROWS: usize = 20;
/// Columns that make a row of days at the least.
const FEWEST_DAYS: usize = 3;

/// What is known of a tab beside its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// The operator's day.
    pub(super) today: Date,
    /// The year that was found for this tab before.
    pub(super) bound: Option<i16>,
    /// The year that its neighbours name.
    pub(super) beside: Option<i16>,
}

/// The columns of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The first and the last row that belong to it.
    pub(super) rows: (usize, usize),
    /// The row of days itself.
    pub(super) days: usize,
    /// Every column that names a day, from the left.
    pub(super) columns: Vec<(usize, Result<Date, Why>)>,
}

/// Finds the header of a tab; `None` if it has no row of days.
pub(super) fn find(tab: &Tab, around: Around) -> Option<Header> {
    let rows = 0..tab.height().min(HEADER_ROWS);
    let days = rows.map(|row| day_columns(tab, row)).enumerate().filter(|(_, days)| is_ascending(days));
    let (row, parts) = days.max_by_key(|(row, days)| (days.len(), usize::MAX - row))?;
    let (first, last) = band(tab, row, &parts);
    let day_first = is_day_first(&parts);
    let mut columns: Vec<Column> = parts
        .iter()
        .map(|(column, part)| Column {
            column: *column,
            part: part.read(day_first),
            weekdays: part.weekdays,
            other_year: None,
        })
        .collect();
    for other in (first..=last).filter(|other| *other != row) {
        take_headings(tab, other, &mut columns);
    }
    let (month, year) = named_around(tab, first, columns.first()?.column);
    fill_months(&mut columns, month);
    fill_years(&mut columns, year, around);
    let columns = columns.iter().map(|column| (column.column, column.date())).collect();
    Some(Header { rows: (first, last), days: row, columns })
}

struct Column {
    column: usize,
    part: Part,
    weekdays: Option<Weekdays>,
    /// A year that does not go with those of the others.
    other_year: Option<i16>,
}

impl Column {
    fn date(&self) -> Result<Date, Why> {
        let (Some(month), Some(day)) = (self.part.month, self.part.day) else { return Err(Why::NoMonth) };
        let Some(year) = self.part.year else { return Err(Why::NoMonth) };
        let date = Date::new(year, month, day).map_err(|_| Why::NoSuchDay { year, month, day })?;
        if let Some(year) = self.other_year {
            return Err(Why::OtherYear { date, year });
        }
        match self.weekdays {
            Some(weekdays) if !weekdays.fit(date) => Err(Why::OtherWeekday(date)),
            _ => Ok(date),
        }
    }
}

/// What a cell says of a date, as one that is joined shows it.
fn part(tab: &Tab, at: At) -> Option<Part> {
    part_of(tab.cell(tab.shown_in(at))?)
}

/// Whoever types `6/26` gets a date of this year, and sees no year: such a one counts only where nothing else names one.
fn part_of(cell: &Cell) -> Option<Part> {
    let shown = Part::parse(&cell.text);
    let Some(date) = cell.date else { return shown };
    match shown.filter(|shown| shown.year.is_none() && !shown.is_heading()) {
        Some(shown) => Some(Part {
            year: None,
            unseen_year: Some(date.year()),
            month: Some(date.month()),
            day: Some(date.day()),
            slashed: None,
            weekdays: shown.weekdays,
        }),
        None => Some(date.into()),
    }
}

/// The cells of a row that name days.
fn day_columns(tab: &Tab, row: usize) -> Vec<(usize, Part)> {
    let width = tab.rows.get(row).map_or(0, Vec::len);
    let of = |column: usize| {
        let cell = tab.cell(At::new(row, column))?;
        let part = part_of(cell);
        // In a row of serial numbers there are no others.
        part.or_else(|| serial(cell.text.trim().parse().ok()?).map(Part::from))
            .filter(|part| !part.is_heading())
    };
    (0..width).filter_map(|column| Some((column, of(column)?))).collect()
}

/// Whether the days mostly go up, as they do in no row of answers.
fn is_ascending(days: &[(usize, Part)]) -> bool {
    let goes_up = |two: &[(usize, Part)]| {
        let (before, after) = (&two[0].1, &two[1].1);
        if let (Some((one, two)), Some((next_one, next_two))) = (before.slashed, after.slashed) {
            // Which of the two is the month is not known yet: the other one goes up, or both change.
            return (one == next_one && two < next_two)
                || (two == next_two && one < next_one)
                || (one != next_one && two != next_two);
        }
        let day = |part: &Part| part.slashed.map_or(part.day, |(one, two)| Some(one.max(two)));
        let month_later = match (before.month, after.month) {
            (Some(before), Some(after)) => before != after,
            _ => day(after) <= Some(7),
        };
        day(after) > day(before) || (month_later && day(before) > day(after))
    };
    let up = days.windows(2).filter(|two| goes_up(two)).count();
    days.len() >= FEWEST_DAYS && up * 3 >= (days.len() - 1) * 2
}

/// Whether the dates of a row are written day first: one of them can only be read that way, and none the other way.
fn is_day_first(parts: &[(usize, Part)]) -> bool {
    let slashed = || parts.iter().filter_map(|(_, part)| part.slashed);
    slashed().any(|(one, _)| one > 12) && slashed().all(|(_, two)| two <= 12)
}

/// The rows around the row of days that belong to it.
fn band(tab: &Tab, row: usize, days: &[(usize, Part)]) -> (usize, usize) {
    const ABOVE: usize = 3;
    let headings = |row: usize| {
        let columns = days.iter().map(|(column, _)| *column);
        columns
            .filter(|column| part(tab, At::new(row, *column)).is_some_and(|part| part.is_heading()))
            .count()
    };
    let others = |row: usize| {
        let texts = days.iter().map(|(column, _)| At::new(row, *column));
        texts
            .filter(|at| !tab.text(*at).is_empty() && part(tab, *at).is_none_or(|part| !part.is_heading()))
            .count()
    };
    let above = |row: &usize| headings(*row) > 0 && others(*row) == 0;
    let first = (row.saturating_sub(ABOVE)..row).rev().take_while(above).last().unwrap_or(row);
    let below = headings(row + 1) * 2 > days.len() && others(row + 1) == 0;
    (first, if below { row + 1 } else { row })
}

/// Months, years and weekdays of another row of the header. A month counts on to the right, a weekday does not.
fn take_headings(tab: &Tab, row: usize, columns: &mut [Column]) {
    let mut heading = Part::default();
    let first = columns.first().map_or(0, |column| column.column);
    for column in first..=columns.last().map_or(0, |column| column.column) {
        let here = part(tab, At::new(row, column)).filter(Part::is_heading);
        if let Some(part) = here.filter(|part| part.month.is_some() || part.year.is_some()) {
            heading = part;
        }
        if let Some(column) = columns.iter_mut().find(|one| one.column == column) {
            column.part.month = column.part.month.or(heading.month);
            column.part.year = column
                .part
                .year
                .or(heading.year.filter(|_| heading.month.is_none() || column.part.month == heading.month));
            column.weekdays = column.weekdays.or(here.and_then(|part| part.weekdays));
        }
    }
}

/// Month and year of what stands over the header or left of its days, else of the tab's name.
fn named_around(tab: &Tab, first_row: usize, first_day: usize) -> (Option<i8>, Option<i16>) {
    let above = (0..first_row).flat_map(|row| (0..tab.width()).map(move |column| At::new(row, column)));
    let beside = (0..first_day).map(|column| At::new(first_row, column));
    let mut named = above.chain(beside).map(|at| named_in(tab.text(at)));
    let title = named_in(&tab.title);
    let with_month = named.by_ref().find(|(month, _)| month.is_some());
    match with_month {
        // A heading over the table that speaks of another month than the tab is about something else.
        Some((month, year)) if title.0.is_none() || title.0 == month => (month, year.or(title.1)),
        _ => title,
    }
}

/// Gives every column its month.
fn fill_months(columns: &mut [Column], named: Option<i8>) {
    if columns.iter().all(|column| column.part.month.is_none()) {
        let runs: Vec<(usize, usize)> = runs(columns);
        let longest =
            runs.iter().enumerate().max_by_key(|(place, (from, to))| (to - from, usize::MAX - place));
        let (Some(named), Some((longest, _))) = (named, longest) else { return };
        for (place, (from, to)) in runs.iter().enumerate() {
            // A tab has few of them.
            let ahead = i32::try_from(place).unwrap_or(0) - i32::try_from(longest).unwrap_or(0);
            let month = (i32::from(named) - 1 + ahead).rem_euclid(12) + 1;
            for column in &mut columns[*from..*to] {
                column.part.month = i8::try_from(month).ok();
            }
        }
        return;
    }
    carry(columns, |before, day, month| if day >= before { month } else { month % 12 + 1 });
    columns.reverse();
    carry(columns, |before, day, month| if day <= before { month } else { (month + 10) % 12 + 1 });
    columns.reverse();
}

/// From a column with a month to the one after it without; `next` makes the month of the days of both and the month known.
fn carry(columns: &mut [Column], next: impl Fn(i8, i8, i8) -> i8) {
    for place in 1..columns.len() {
        let (known, open) = columns.split_at_mut(place);
        let (Some(known), Some(open)) = (known.last(), open.first_mut()) else { return };
        if let (None, Some(month)) = (open.part.month, known.part.month) {
            let (before, day) = (known.part.day.unwrap_or(0), open.part.day.unwrap_or(0));
            open.part.month = Some(next(before, day, month));
        }
    }
}

/// Where days go up without a break.
fn runs(columns: &[Column]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut from = 0;
    for place in 1..=columns.len() {
        let ends = columns.get(place).is_none_or(|column| column.part.day <= columns[place - 1].part.day);
        if ends {
            runs.push((from, place));
            from = place;
        }
    }
    runs
}

/// Gives every column its year: the one that the tab names, or that most of its columns do.
fn fill_years(columns: &mut [Column], named: Option<i16>, around: Around) {
    let Some(first) = columns.iter().find_map(|column| column.part.month) else { return };
    let turned = |month: i8| i16::from(month < first);
    let most = |year_of: fn(&Part) -> Option<i16>| {
        let mut times = BTreeMap::new();
        for column in &*columns {
            if let (Some(year), Some(month)) = (year_of(&column.part), column.part.month) {
                *times.entry(year - turned(month)).or_insert(0) += 1;
            }
        }
        times.into_iter().max_by_key(|(year, times): &(i16, i32)| (*times, *year)).map(|(year, _)| year)
    };
    let stated = most(|part| part.year).or(around.bound).or(most(|part| part.unseen_year)).or(around.beside);
    let year = named.or(stated).unwrap_or_else(|| likeliest(columns, first, around.today));
    for column in columns {
        let own = year + column.part.month.map_or(0, turned);
        column.other_year = column.part.year.filter(|year| *year != own);
        column.part.year = Some(own);
    }
}

/// The year with which most weekdays fit; among those the one that is nearest.
fn likeliest(columns: &[Column], first: i8, today: Date) -> i16 {
    let away = |year: i16| {
        let day = Date::new(year, first, 15).unwrap_or(today);
        day.duration_since(today).abs()
    };
    let fits = |year: i16| {
        let dated = columns.iter().filter(|column| {
            let year = year + i16::from(column.part.month.is_some_and(|month| month < first));
            let part = Part { year: column.part.year.or(Some(year)), ..column.part };
            column.weekdays.is_some()
                && Column { part, column: column.column, weekdays: column.weekdays, other_year: None }
                    .date()
                    .is_ok()
        });
        dated.count()
    };
    let years = today.year() - 2..=today.year() + 2;
    years.max_by_key(|year| (fits(*year), std::cmp::Reverse(away(*year)))).unwrap_or(today.year())
}

#[cfg(test)]
mod tests;
