//! What is read, and contradicts what both sides last had so much that somebody is asked first: nothing is taken from such
//! a row or column, and nothing written into it.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::model::CrewId;
use crate::sheet::cells::{CellRead, Cells, Says};
use crate::sheet::fields::Field;
use crate::sheet::item::Item;
use crate::sheet::memory::{Memory, TabMemory};
use crate::sheet::merge::same;
use crate::sheet::names::Directory;
use crate::sheet::reading::Reading;
use crate::sheet::table::{Held, Holds, Row, TabRead, Table};
use crate::sheet::why::Why;

/// So many answers of a day, of different people, are not taken back at once without a question.
const MANY: usize = 3;

/// Doubts rows and columns. Says whether there are any.
pub(super) fn raise(reading: &mut Reading, cells: &Cells, memory: &Memory, today: Date) -> bool {
    let mut any = false;
    let directory = reading.directory.clone();
    for read in &mut reading.tabs {
        let Some(known) = memory.tabs.get(&read.id) else { continue };
        let is_meant = memory.accepted.contains(&read.id);
        // That a day is another one can be meant. That names stand beside other people's answers never is: of such a row the
        // id is emptied.
        let lost = lost_day(known, read, today).filter(|_| !is_meant);
        let id = read.id;
        let tables = match &mut read.holds {
            Holds::Roster(table) => std::slice::from_mut(table),
            Holds::Days(tables) => tables.as_mut_slice(),
            Holds::Charters(_) | Holds::Nothing => continue,
        };
        for table in tables {
            let said =
                |person: &CrewId, item| cells.get(person, item).filter(|cell| cell.tab == id).and_then(words);
            if let Some(lost) = lost {
                any |= doubt_days(table, known, lost, &said);
            }
            if !is_meant {
                let blank = |person: &CrewId, item| {
                    let cell = cells.get(person, item).filter(|cell| cell.tab == id);
                    cell.is_some_and(|cell| cell.says == Says::Words(None))
                };
                any |= doubt_emptied(table, known, today, &blank);
            }
            any |= doubt_names(table, known, &directory, &said);
        }
    }
    any
}

fn words(cell: &CellRead) -> Option<&str> {
    match &cell.says {
        Says::Words(words) => words.as_deref(),
        Says::Nothing | Says::Unusable => None,
    }
}

/// A day to come that had a column, and stands over none any more.
pub(super) fn lost_day(known: &TabMemory, read: &TabRead, today: Date) -> Option<Date> {
    let columns = || read.tables().iter().flat_map(|table| &table.columns);
    let stands = |date: &Date| columns().any(|column| column.holds.day() == Some(*date));
    let days =
        known.items.iter().filter_map(|item| if let Item::Day(date) = item { Some(*date) } else { None });
    days.filter(|date| *date >= today && !stands(date)).min()
}

/// Where a day is gone, a column that is new and has something in it may be that day, with a wrong date over it: what people
/// said of the one would become what they said of the other.
fn doubt_days<'a>(
    table: &mut Table,
    known: &TabMemory,
    lost: Date,
    said: &impl Fn(&CrewId, Item) -> Option<&'a str>,
) -> bool {
    let mut any = false;
    for column in &mut table.columns {
        let Some(date) = column.holds.day() else { continue };
        let item = Item::Day(date);
        let mut people = table.rows.iter().filter_map(|row| row.person.as_ref().ok());
        if !known.items.contains(&item)
            && people.any(|person| {
                // What the program has written there itself is no news.
                let had = known.people.get(person).and_then(|had| had.get(&item));
                said(person, item).is_some_and(|said| had.is_none_or(|had| had != said))
            })
        {
            column.holds = Held::Unread(Why::OtherDay { date, lost });
            any = true;
        }
    }
    any
}

/// Whoever deletes a day's column and puts one in for it has not taken back what everybody said of that day.
fn doubt_emptied(
    table: &mut Table,
    known: &TabMemory,
    today: Date,
    blank: &impl Fn(&CrewId, Item) -> bool,
) -> bool {
    let mut any = false;
    let people: Vec<&CrewId> = table.rows.iter().filter_map(|row| row.person.as_ref().ok()).collect();
    for column in &mut table.columns {
        let Some(date) = column.holds.day().filter(|date| *date >= today) else { continue };
        let item = Item::Day(date);
        let had = |person: &&&CrewId| {
            known.people.get(**person).is_some_and(|had| had.contains_key(&item))
                && !known.gone.contains(**person)
        };
        // So it is until but a few are blank: what is written again one by one does not take the others back.
        let answers = people.iter().filter(had).filter(|person| blank(person, item)).count();
        if answers >= MANY {
            column.holds = Held::Unread(Why::Emptied { date, answers });
            any = true;
        }
    }
    any
}

/// Rows with one person's id and another's name are the name's, as after a sorting without the ids; but where one says what
/// the id had, and not what the name had, only the names were sorted, and of the other ones it is no clearer.
fn doubt_names<'a>(
    table: &mut Table,
    known: &TabMemory,
    directory: &Directory,
    said: &impl Fn(&CrewId, Item) -> Option<&'a str>,
) -> bool {
    let items: Vec<Item> = table.items().map(|(_, item)| item).collect();
    let torn = |row: &Row| {
        let id = row.id.trim().parse::<CrewId>().ok().filter(|id| directory.has(id))?;
        let name = row.person.as_ref().ok().filter(|name| !row.new && **name != id)?;
        let rather = is_rather(&id, name, &items, known, said);
        Some((rather, id, name.clone()))
    };
    let torn: Vec<_> = table.rows.iter().map(torn).collect();
    let is_mixed = torn.iter().flatten().any(|(rather, ..)| *rather == Ordering::Greater);
    for (row, torn) in table.rows.iter_mut().zip(torn) {
        if let Some((rather, id, name)) = torn.filter(|_| is_mixed)
            && rather != Ordering::Less
        {
            row.person = Err(Why::Torn { id, name });
        }
    }
    is_mixed
}

/// Whether a row says more of what the first one had or of what the other one had.
fn is_rather<'a>(
    id: &CrewId,
    name: &CrewId,
    items: &[Item],
    known: &TabMemory,
    said: &impl Fn(&CrewId, Item) -> Option<&'a str>,
) -> Ordering {
    let had = |person: &CrewId, item: &Item| known.people.get(person)?.get(item).map(String::as_str);
    // Of the name itself there is no question.
    let items = items.iter().filter(|item| **item != Item::Field(Field::Name));
    let said: Vec<(Item, &str)> = items.filter_map(|item| Some((*item, said(name, *item)?))).collect();
    let like = |person: &CrewId| {
        let same = |(item, words): &&(Item, &str)| {
            had(person, item).is_some_and(|had| same(*item, Some(words), Some(had)))
        };
        said.iter().filter(same).count()
    };
    like(id).cmp(&like(name))
}
