//! Crew records and availability from a workbook, read with the same eyes as the office's sheet.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Fault};
use crewcall_dispatch::sheet::{
    Address, Answers, Ask, At, Book, CellRead, Field, Holds, Item, Known, Person, Reading, Says, Sides,
    TabRead, Why,
};
use jiff::civil::Date;
use serde_json::{Map, json};

use super::roster::{Records, Row, too_many_rows};
use crate::app::{App, Given};
use crate::aside::aside;
use crate::store::StoreError;

/// What is wanted of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The people of its roster.
    Roster,
    /// What people on the roster say of days.
    Availability,
}

impl Wanted {
    fn takes(self, item: Item) -> bool {
        matches!((item, self), (Item::Day(_), Self::Availability) | (Item::Field(_), Self::Roster))
    }

    fn is_in(self, read: &TabRead) -> bool {
        matches!((self, &read.holds), (Self::Roster, Holds::Roster(_)) | (Self::Availability, Holds::Days(_)))
    }
}

/// What a workbook has of it.
#[derive(Debug)]
pub struct Found {
    /// A record for each person. Blank cells say nothing, as in a CSV.
    pub records: Records,
    /// What is not read, and has to be asked.
    pub asks: Vec<Ask>,
    /// How all of it was read.
    pub reading: Reading,
}

/// Reads a workbook beside what the store has.
///
/// # Errors
/// If the store fails; and within, what the workbook does not have.
pub async fn read(
    book: &Book,
    wanted: Wanted,
    app: &App,
    answers: &Answers,
) -> Result<Result<Found, String>, StoreError> {
    let roster = app.roster().await?;
    let charters = app.charters(None).await?.into_iter().map(|state| state.charter.charter_id).collect();
    let today = app.operator.zone.to_datetime(app.clock.now()).date();
    Ok(aside(|| find(book, wanted, app, &roster, answers, charters, today)))
}

fn find(
    book: &Book,
    wanted: Wanted,
    app: &App,
    roster: &[CrewMember],
    answers: &Answers,
    charters: BTreeSet<CharterId>,
    today: Date,
) -> Result<Found, String> {
    let known = Known {
        today,
        ranks: &app.operator.ranks,
        people: roster.iter().map(Person::of).collect(),
        answers,
        charters,
        bound: Default::default(),
    };
    let reading = Reading::of(book, &known);
    let rows = |read: &TabRead| read.tables().iter().map(|table| table.rows.len()).sum::<usize>();
    if let Some(read) =
        reading.tabs.iter().find(|read| wanted.is_in(read) && rows(read) > limits::ROSTER_MEMBERS)
    {
        return Err(format!("{} in the tab {:?}", too_many_rows(), read.title));
    }
    if !reading.tabs.iter().any(|read| wanted.is_in(read)) {
        return Err(match wanted {
            Wanted::Roster => {
                "has no tab with people: headings such as Name, E-mail and Rank over a row for each; call \
                               it Roster if several tabs have them"
                    .into()
            }
            Wanted::Availability => "has no tab with people down and at least three days across".into(),
        });
    }
    let people = roster.iter().map(|member| (&member.crew_id, member)).collect();
    let sides = Sides { people, ..Sides::default() };
    let (records, asks) = records(book, wanted, &known, &sides, &reading);
    Ok(Found { records, asks, reading })
}

fn records(
    book: &Book,
    wanted: Wanted,
    known: &Known<'_>,
    sides: &Sides<'_>,
    reading: &Reading,
) -> (Records, Vec<Ask>) {
    let mut people: BTreeMap<CrewId, (usize, Given)> = BTreeMap::new();
    let mut asks = reading.unread(book, |read| wanted.is_in(read));
    let on_roster = |id: &CrewId| known.people.iter().any(|person| person.id == id);
    for read in reading.tabs.iter().filter(|read| wanted.is_in(read)) {
        for (table, row) in read.tables().iter().flat_map(|t| t.rows.iter().map(move |r| (t, r))) {
            match &row.person {
                Err(_) => {}
                Ok(id) if wanted == Wanted::Availability && !on_roster(id) => {
                    let at = Address { tab: read.title.clone(), at: At::new(row.row, row.named_in) };
                    let why = Why::Nobody { name: row.name.clone(), near: Vec::new() };
                    asks.push(Ask { at, text: row.name.clone(), why });
                }
                Ok(id) => {
                    let empty = || Map::from_iter([("crew_id".to_owned(), json!(id.as_str()))]);
                    let new = || {
                        (
                            row.row + 1,
                            Given { record: empty(), whole: false, faults: Vec::new(), more_faults: 0 },
                        )
                    };
                    let (_, given) = people.entry(id.clone()).or_insert_with(new);
                    // First and last names in columns of their own make no cell with the name.
                    if row.new && table.column_of(Field::Name).is_none() {
                        given.record.insert("name".into(), json!(row.name));
                    }
                }
            }
        }
    }
    let mut faults = 0;
    for (id, cells) in reading.cells_by_person(book, known) {
        let Some((_, given)) = people.get_mut(&id) else { continue };
        for (item, cell) in cells.iter().filter(|(item, _)| wanted.takes(**item)) {
            // What was exported is no news, also where it would be read as something else.
            let is_known = sides
                .people
                .get(&id)
                .is_some_and(|member| reading.is_as_written(cell, *item, member, sides, known));
            if !is_known {
                put(given, *item, cell, &mut faults);
            }
        }
    }
    let (mut rows, mut given) = (Vec::new(), Vec::new());
    for (id, (number, record)) in people {
        rows.push(Row { number, crew_id: Some(id.to_string()) });
        given.push(record);
    }
    (Records { people: given, rows }, asks)
}

/// What a cell says; a blank one says nothing, as in a CSV. Of `faults` in all people so far, only the first are made.
fn put(given: &mut Given, item: Item, cell: &CellRead, faults: &mut usize) {
    match &cell.says {
        Says::Words(Some(words)) => item.put(&mut given.record, Some(words)),
        Says::Unusable if *faults >= limits::FAULTS_SHOWN && !given.faults.is_empty() => {
            given.more_faults += 1
        }
        Says::Unusable => {
            *faults += 1;
            let why = cell.ask.as_ref().map_or_else(|| "cannot be read".to_owned(), ToString::to_string);
            given.faults.push(Fault::new(item.name(), why));
        }
        Says::Words(None) | Says::Nothing => {}
    }
}
