//! The tabs of availability: people down, days across, in one table or in several beside each other.

use std::collections::BTreeMap;

use super::book::{At, Cell, Tab};
use super::fields::{Field, Heading};
use super::header::{self, Around, Header};
use super::names::{Directory, Found, Written};
use super::rows::{Raw, Whose, resolve};
use super::table::{Bound, Column, Held, Known, Row, Table};
use super::why::Why;
use crate::model::{Availability, Meaning};

/// Reads a tab as one of days; `None` if it has no row of days.
pub(super) fn read(
    tab: &Tab,
    known: &Known<'_>,
    directory: &Directory,
    year: Option<i16>,
) -> Option<Vec<Table>> {
    let bound = match known.bound.get(&tab.id) {
        Some(Bound::Month(year)) => Some(*year),
        _ => None,
    };
    let header = header::find(tab, Around { today: known.today, bound, beside: year })?;
    let mut tables = Vec::new();
    let mut ids = id_columns(tab, &header);
    for (names, first, last) in blocks(tab, &header, directory) {
        let columns = header.columns.iter().filter(|(column, _)| (first..=last).contains(column));
        let mut columns: Vec<Column> = columns
            .map(|(column, date)| Column {
                column: *column,
                holds: date.clone().map_or_else(Held::Unread, Held::Day),
            })
            .collect();
        same_days(&mut columns);
        let ids = if ids.is_empty() { None } else { Some(ids.remove(0)) };
        let (header_end, days) = (header.rows.1, Some(header.days));
        let mut table = Table { header: header_end, days, names, ids, columns, rows: Vec::new() };
        table.rows = rows(tab, &header, &table, known, directory);
        tables.push(table);
    }
    let has_rows = tables.iter().any(|table| !table.rows.is_empty());
    (has_rows && (bound.is_some() || !holds_amounts(tab, &tables))).then_some(tables)
}

/// What stands over a column.
fn heading(tab: &Tab, header: &Header, column: usize) -> Option<Heading> {
    (header.rows.0..=header.rows.1).rev().find_map(|row| Heading::parse(tab.text(At::new(row, column))))
}

fn id_columns(tab: &Tab, header: &Header) -> Vec<usize> {
    (0..tab.width()).filter(|column| heading(tab, header, *column) == Some(Heading::CrewId)).collect()
}

/// The tables that stand beside each other: the columns of names, and from where to where the days of each reach. A
/// column of remarks between days begins no table, a column of names does.
fn blocks(tab: &Tab, header: &Header, directory: &Directory) -> Vec<(Vec<usize>, usize, usize)> {
    let is_day = |column: &usize| header.columns.iter().any(|(day, _)| day == column);
    let known = |column: usize| {
        let texts = (header.rows.1 + 1..tab.height()).map(|row| tab.text(At::new(row, column)));
        texts.filter(|text| !text.is_empty() && !matches!(directory.find(text), Found::Nobody)).count()
    };
    let is_headed = |column: &usize| {
        let names = [Heading::Field(Field::Name), Heading::FirstName, Heading::LastName];
        heading(tab, header, *column).is_some_and(|heading| names.contains(&heading))
    };
    let mut blocks: Vec<(Vec<usize>, usize, usize)> = Vec::new();
    let mut before = Vec::new();
    for column in 0..tab.width() {
        if !is_day(&column) {
            before.push(column);
            continue;
        }
        let headed: Vec<usize> = before.iter().copied().filter(is_headed).collect();
        let unheaded = before.iter().copied().filter(|column| heading(tab, header, *column).is_none());
        let fullest = unheaded.map(|column| (known(column), usize::MAX - column, column)).max();
        let names = match (headed.is_empty(), fullest, blocks.is_empty()) {
            (false, ..) => headed,
            (true, Some((known, _, column)), first) if known > usize::from(!first) => vec![column],
            // Nobody is known yet: names stand at the left.
            (true, _, true) => before.first().copied().into_iter().collect(),
            _ => Vec::new(),
        };
        before.clear();
        match blocks.last_mut() {
            Some(block) if names.is_empty() => block.2 = column,
            _ => blocks.push((names, column, column)),
        }
    }
    blocks.retain(|(names, ..)| !names.is_empty());
    blocks
}

/// A day that stands over two columns of a table is none of the two's.
fn same_days(columns: &mut [Column]) {
    let mut times = BTreeMap::new();
    for date in columns.iter().filter_map(|column| column.holds.day()) {
        *times.entry(date).or_insert(0) += 1;
    }
    for column in columns {
        if let Some(date) = column.holds.day().filter(|date| times.get(date) != Some(&1)) {
            column.holds = Held::Unread(Why::SameDay(date));
        }
    }
}

fn rows(tab: &Tab, header: &Header, table: &Table, known: &Known<'_>, directory: &Directory) -> Vec<Row> {
    let raw =
        (header.rows.1 + 1..tab.height()).filter_map(|row| raw(tab, header, table, row, known, directory));
    let raw: Vec<Raw> = raw.collect();
    let whose = resolve(&raw, directory, false);
    let row = |(raw, whose): (Raw, Whose)| {
        let person = match whose {
            Whose::Person(id) => Ok(id),
            Whose::Stranger(why) | Whose::Unclear(why) => Err(why),
        };
        Row { row: raw.row, name: raw.name, named_in: raw.named_in, person, new: false, id: raw.id }
    };
    raw.into_iter().zip(whose).map(row).collect()
}

/// A row that is somebody's, or looks as if it were. Headings between the rows, totals and remarks are not.
fn raw(
    tab: &Tab,
    header: &Header,
    table: &Table,
    row: usize,
    known: &Known<'_>,
    directory: &Directory,
) -> Option<Raw> {
    let text = |column: usize| tab.text(At::new(row, column));
    let part = |wanted: Heading| {
        let column = table.names.iter().copied().find(|column| heading(tab, header, *column) == Some(wanted));
        column.map(text).filter(|text| !text.is_empty())
    };
    let named_in = table.names.iter().copied().find(|column| !text(*column).is_empty());
    let name = match (part(Heading::FirstName), part(Heading::LastName)) {
        (Some(first), Some(last)) => format!("{first} {last}"),
        _ => named_in.map_or("", text).to_owned(),
    };
    let id = table.ids.map_or("", text).to_owned();
    let cell = |column: &Column| tab.cell(At::new(row, column.column));
    let filled: Vec<_> =
        table.columns.iter().filter_map(cell).filter(|cell| !cell.text.trim().is_empty()).collect();
    let is_known =
        !matches!(directory.find(&name), Found::Nobody) || id.parse().is_ok_and(|id| directory.has(&id));
    let is_answered = || !is_count(&filled) && filled.iter().any(|cell| is_understood(&cell.text));
    // An id alone is what a sorting without the ids has left beside a blank row.
    let is_known = is_known && !(name.is_empty() && filled.is_empty());
    let is_row = is_known || looks_like_a_name(&name) && !is_count(&filled) || is_answered();
    if !is_row || (!is_known && known.is_no_person(&name)) {
        return None;
    }
    let left = table.names.iter().max().copied().unwrap_or(0);
    let others =
        (0..tab.width()).filter(|column| *column <= left.max(table.columns.first().map_or(0, |c| c.column)));
    let beside = others.filter(|column| !table.names.contains(column)).map(text);
    let beside = beside.filter(|text| !text.is_empty()).map(str::to_owned).collect();
    let named_in = named_in.or(table.names.first().copied())?;
    Some(Raw { row, name, named_in, id, beside, filled: !filled.is_empty() })
}

/// Whether a row counts something: formulas, or numbers that are no yes and no no.
fn is_count(cells: &[&Cell]) -> bool {
    let number = |cell: &&&Cell| cell.text.trim().parse::<f64>().ok();
    let all_numbers = cells.iter().all(|cell| number(&cell).is_some());
    let formulas = cells.iter().all(|cell| cell.formula);
    !cells.is_empty()
        && (formulas || (all_numbers && cells.iter().filter_map(|cell| number(&cell)).any(|n| n > 1.0)))
}

fn is_understood(text: &str) -> bool {
    Availability::parse(text).meaning() != Meaning::Unclear
}

/// Whether the cells of known people are amounts: such a table has people and days, and is about money.
fn holds_amounts(tab: &Tab, tables: &[Table]) -> bool {
    let cells = tables.iter().flat_map(Table::cells).filter(|(row, ..)| row.person.is_ok());
    let texts: Vec<&str> = cells.map(|(.., at)| tab.text(at)).filter(|text| !text.is_empty()).collect();
    let is_amount = |text: &&&str| {
        let plain = text.trim_start_matches(['$', '€', '£']).replace(',', "");
        plain.parse::<f64>().is_ok() && !is_understood(text)
    };
    texts.iter().filter(is_amount).count() * 2 > texts.len()
}

/// Two to four words of letters that begin with a capital, and not all in capitals, as headings are.
fn looks_like_a_name(text: &str) -> bool {
    let name = Written::parse(text).name;
    let words: Vec<&str> = name.split(' ').collect();
    let is_word = |word: &&str| {
        let letters = |c: char| c.is_alphabetic() || "'’.-".contains(c);
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(letters)
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word) && name.chars().any(char::is_lowercase)
}
