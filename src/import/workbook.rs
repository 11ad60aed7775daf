//! Crew records and availability from a workbook, read with the same eyes as the office's sheet.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{CrewId, Fault};
use crewcall_dispatch::sheet::{
    Address, Answers, Ask, Book, CellRead, Field, Holds, Item, Known, Person, Reading, Says, Why,
};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::roster::{Records, Row};
use crate::app::{App, Given};

/// What is wanted of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The people of its roster.
    Roster,
    /// What people on the roster say of days.
    Availability,
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

/// Reads a workbook.
///
/// # Errors
/// Says what it does not have.
pub fn read(
    book: &Book,
    wanted: Wanted,
    app: &App,
    roster: &[crewcall_dispatch::model::CrewMember],
    answers: &Answers,
    today: Date,
) -> Result<Found, String> {
    let person = |member: &crewcall_dispatch::model::CrewMember| -> (String, String) {
        let text = |text: Option<String>| text.unwrap_or_default();
        (
            text(member.email.as_ref().map(ToString::to_string)),
            text(member.phone.as_ref().map(ToString::to_string)),
        )
    };
    let reached: Vec<(String, String)> = roster.iter().map(person).collect();
    let people = roster.iter().zip(&reached).map(|(member, (email, phone))| Person {
        id: &member.crew_id,
        name: &member.name,
        rank: &member.rank,
        email: Some(email.as_str()).filter(|text| !text.is_empty()),
        phone: Some(phone.as_str()).filter(|text| !text.is_empty()),
    });
    let known = Known {
        today,
        ranks: &app.operator.ranks,
        people: people.collect(),
        answers,
        charters: Default::default(),
        bound: Default::default(),
    };
    let reading = Reading::of(book, &known);
    let holds = |read: &crewcall_dispatch::sheet::TabRead| match wanted {
        Wanted::Roster => matches!(read.holds, Holds::Roster(_)),
        Wanted::Availability => matches!(read.holds, Holds::Days(_)),
    };
    if !reading.tabs.iter().any(holds) {
        return Err(match wanted {
            Wanted::Roster => {
                "has no tab with people: headings such as Name, E-mail and Rank over a row for each; call \
                               it Roster if several tabs have them"
                    .into()
            }
            Wanted::Availability => "has no tab with people down and at least three days across".into(),
        });
    }
    let (records, asks) = records(book, wanted, &known, &reading);
    Ok(Found { records, asks, reading })
}

fn records(book: &Book, wanted: Wanted, known: &Known<'_>, reading: &Reading) -> (Records, Vec<Ask>) {
    let mut people: BTreeMap<CrewId, (usize, Given)> = BTreeMap::new();
    let mut asks = Vec::new();
    let on_roster = |id: &CrewId| known.people.iter().any(|person| person.id == id);
    for read in &reading.tabs {
        let is_wanted = match wanted {
            Wanted::Roster => matches!(read.holds, Holds::Roster(_)),
            Wanted::Availability => matches!(read.holds, Holds::Days(_)),
        };
        for (table, row) in
            read.tables().iter().filter(|_| is_wanted).flat_map(|t| t.rows.iter().map(move |r| (t, r)))
        {
            let at = crewcall_dispatch::sheet::At::new(row.row, row.named_in);
            let ask =
                |why: Why| Ask { at: Address { tab: read.title.clone(), at }, text: row.name.clone(), why };
            match &row.person {
                Err(why) => asks.push(ask(why.clone())),
                Ok(id) if wanted == Wanted::Availability && !on_roster(id) => {
                    asks.push(ask(Why::Nobody { name: row.name.clone(), near: Vec::new() }));
                }
                Ok(id) => {
                    let empty = || Map::from_iter([("crew_id".to_owned(), json!(id.as_str()))]);
                    let new = || (row.row + 1, Given { record: empty(), whole: false, faults: Vec::new() });
                    let (_, given) = people.entry(id.clone()).or_insert_with(new);
                    // First and last names in columns of their own make no cell with the name.
                    if row.new && table.column_of(Field::Name).is_none() {
                        given.record.insert("name".into(), json!(row.name));
                    }
                }
            }
        }
        for table in read.tables().iter().filter(|_| is_wanted) {
            for column in &table.columns {
                if let crewcall_dispatch::sheet::Held::Unread(why) = &column.holds {
                    let row = table.days.unwrap_or(table.header);
                    let at = crewcall_dispatch::sheet::At::new(row, column.column);
                    let text = book.tab(read.id).map_or("", |tab| tab.text(at)).to_owned();
                    asks.push(Ask { at: Address { tab: read.title.clone(), at }, text, why: why.clone() });
                }
            }
        }
    }
    for ((id, item), cell) in reading.cells(book, known) {
        let is_wanted =
            matches!((item, wanted), (Item::Day(_), Wanted::Availability) | (Item::Field(_), Wanted::Roster));
        if let Some((_, given)) = people.get_mut(&id).filter(|_| is_wanted) {
            put(given, item, &cell);
        }
    }
    let (mut rows, mut given) = (Vec::new(), Vec::new());
    for (id, (number, record)) in people {
        rows.push(Row { number, crew_id: Some(id.to_string()) });
        given.push(record);
    }
    (Records { people: given, rows }, asks)
}

fn put(given: &mut Given, item: Item, cell: &CellRead) {
    let words = match &cell.says {
        Says::Words(Some(words)) => words,
        Says::Unusable => {
            let why = cell.ask.as_ref().map_or_else(|| "cannot be read".to_owned(), ToString::to_string);
            given.faults.push(Fault::new(item.name(), why));
            return;
        }
        Says::Words(None) | Says::Nothing => return,
    };
    let value = match item {
        Item::Day(date) => {
            let days = given.record.entry("availability").or_insert_with(|| json!({}));
            if let Some(days) = days.as_object_mut() {
                days.insert(date.to_string(), json!(words));
            }
            return;
        }
        Item::Field(Field::Order) => words.parse::<u32>().map_or_else(|_| json!(words), |order| json!(order)),
        Item::Field(Field::UsualCrew) => words.split_whitespace().map(Value::from).collect(),
        Item::Field(_) => json!(words),
    };
    given.record.insert(item.name(), value);
}
