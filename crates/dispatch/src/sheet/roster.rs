//! The tab of the roster.

use std::collections::BTreeSet;

use super::book::{At, Tab};
use super::fields::{Field, Heading, rank};
use super::header::HEADER_ROWS;
use super::names::{Details, Directory, Written, key};
use super::rows::{Raw, Whose, resolve};
use super::table::{Column, Held, Known, Row, Table};
use super::why::Why;
use crate::model::CrewId;

/// Reads a tab as a roster; `None` if it is none. Whoever is new gets an id, and all get into the directory.
pub(super) fn read(tab: &Tab, known: &Known<'_>, directory: &mut Directory) -> Option<Table> {
    let (header, headings) = header(tab)?;
    let mut table = Table { header, ..Table::default() };
    for (column, heading) in &headings {
        match heading {
            Heading::CrewId => table.ids = Some(*column),
            Heading::FirstName | Heading::LastName => table.names.push(*column),
            Heading::Field(Field::Name) => table.names.insert(0, *column),
            _ => {}
        }
        let holds = match heading {
            Heading::Field(field) => Held::Field(*field),
            Heading::FirstName => Held::FirstName,
            Heading::LastName => Held::LastName,
            Heading::Nickname => Held::Nickname,
            Heading::CrewId => continue,
        };
        table.columns.push(Column { column: *column, holds });
    }
    let raw: Vec<Raw> = (header + 1..tab.height()).filter_map(|row| raw(tab, row, &table, known)).collect();
    let whose = resolve(&raw, directory, true);
    let mut taken = BTreeSet::new();
    for (raw, whose) in raw.into_iter().zip(whose) {
        let (person, new) = match whose {
            Whose::Person(id) => (Ok(id), false),
            Whose::Unclear(why) => (Err(why), false),
            // Two new people of one name, or something that is no person at all.
            Whose::Stranger(_) if !taken.insert((key(&raw.name), raw.beside.clone())) => {
                (Err(Why::Several { name: raw.name.clone(), people: Vec::new() }), false)
            }
            Whose::Stranger(_) => (new_id(&raw, directory), true),
        };
        if let Ok(id) = &person {
            let text =
                |field| table.column_of(field).map(|column| tab.text(tab.shown_in(At::new(raw.row, column))));
            let rank = text(Field::Rank).and_then(rank);
            let details = Details::new(&raw.name, rank, text(Field::Email), text(Field::Phone));
            let nicknames = nicknames(tab, &table, &raw);
            let names = nicknames.iter().map(String::as_str).chain([raw.name.as_str()]);
            directory.add(id, details, names);
        }
        table.rows.push(Row {
            row: raw.row,
            name: raw.name,
            named_in: raw.named_in,
            person,
            new,
            id: raw.id,
        });
    }
    Some(table)
}

/// The row with the most headings, and what they are: a name, and one thing more at the least.
fn header(tab: &Tab) -> Option<(usize, Vec<(usize, Heading)>)> {
    let headings = |row: usize| {
        let mut seen = BTreeSet::new();
        let width = tab.rows.get(row).map_or(0, Vec::len);
        let of = |column: usize| Some((column, Heading::parse(tab.text(At::new(row, column)))?));
        let all: Vec<(usize, Heading)> = (0..width).filter_map(of).collect();
        // Rows are often numbered, too: where something is called the order, that is it.
        let is_number = |column: usize| Heading::is_number(tab.text(At::new(row, column)));
        let is_called =
            |heading: &Heading| all.iter().any(|(column, other)| other == heading && !is_number(*column));
        let counts = |(column, heading): &&(usize, Heading)| !is_number(*column) || !is_called(heading);
        all.iter().filter(counts).copied().filter(|(_, heading)| seen.insert(*heading)).collect::<Vec<_>>()
    };
    let is_one = |headings: &[(usize, Heading)]| {
        let has = |wanted: Heading| headings.iter().any(|(_, heading)| *heading == wanted);
        let named = has(Heading::Field(Field::Name)) || (has(Heading::FirstName) && has(Heading::LastName));
        let more = [Field::Email, Field::Phone, Field::Rank].iter().any(|field| has(Heading::Field(*field)));
        named && more
    };
    let rows = (0..tab.height().min(HEADER_ROWS)).map(|row| (row, headings(row)));
    rows.filter(|(_, headings)| is_one(headings))
        .max_by_key(|(row, headings)| (headings.len(), usize::MAX - row))
}

fn raw(tab: &Tab, row: usize, table: &Table, known: &Known<'_>) -> Option<Raw> {
    let text = |column: usize| tab.text(tab.shown_in(At::new(row, column)));
    let parts = |part: Held| {
        table.columns.iter().find(|column| column.holds == part).map(|column| text(column.column))
    };
    let whole = table.column_of(Field::Name).map(text).filter(|name| !name.is_empty());
    let name = match (whole, parts(Held::FirstName), parts(Held::LastName)) {
        (Some(name), ..) => name.to_owned(),
        (None, first, last) => [first.unwrap_or(""), last.unwrap_or("")].join(" ").trim().to_owned(),
    };
    let id = table.ids.map_or("", text).to_owned();
    let beside = [Field::Email, Field::Phone, Field::Rank];
    let beside = beside.iter().filter_map(|field| table.column_of(*field)).map(text);
    let beside: Vec<String> = beside.filter(|text| !text.is_empty()).map(str::to_owned).collect();
    // Remarks below the table stand in one cell of it, and an id alone is what a sorting without the ids has left.
    let blank = [id.is_empty(), name.is_empty(), beside.is_empty()];
    let is_row = blank.iter().filter(|blank| **blank).count() < 2;
    let named_in = table.names.iter().copied().find(|column| !text(*column).is_empty());
    let named_in = named_in.or(table.names.first().copied())?;
    // What has a rank or an address is a person's, whatever was said of the name in the tab of a month.
    let is_nobody = blank[2] && known.is_no_person(&name);
    (is_row && !is_nobody).then_some(Raw { row, name, named_in, id, beside, filled: true })
}

/// What somebody is called besides.
fn nicknames(tab: &Tab, table: &Table, raw: &Raw) -> Vec<String> {
    let column = table.columns.iter().find(|column| column.holds == Held::Nickname);
    let listed = column.map_or("", |column| tab.text(At::new(raw.row, column.column)));
    let listed = listed.split([',', ';', '/']).map(Written::parse);
    let listed = listed.flat_map(|written| [vec![written.name], written.beside].concat());
    let beside = Written::parse(&raw.name).beside.into_iter();
    let is_rank = |name: &String| rank(name).is_some_and(|rank| rank.is_captain());
    listed.chain(beside).filter(|name| !name.is_empty() && !is_rank(name)).collect()
}

/// The id of somebody new: the one that stands there, or one made of the name.
fn new_id(raw: &Raw, directory: &Directory) -> Result<CrewId, Why> {
    if let Ok(id) = raw.id.trim().parse::<CrewId>()
        && !directory.has(&id)
    {
        return Ok(id);
    }
    let words = Written::parse(&raw.name).name.to_lowercase();
    let plain: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug = plain.split_whitespace().collect::<Vec<_>>().join("-");
    let slug = if slug.is_empty() { "crew".to_owned() } else { slug.chars().take(48).collect() };
    let ids = std::iter::once(slug.clone()).chain((2..).map(|number| format!("{slug}-{number}")));
    let mut free = ids.filter_map(|id| id.parse::<CrewId>().ok()).filter(|id| !directory.has(id));
    free.next().ok_or_else(|| Why::Field(format!("no id can be made of the name {:?}", raw.name)))
}
