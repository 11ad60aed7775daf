//! A book anew, as the office would have it: what the store has, in tabs that are read by `reading` again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::book::{Cell, Tab, TabId};
use super::charters::CharterField;
use super::fields::{CREW_ID, Field};
use super::item::Item;
use super::month::title;
use super::names::Directory;
use super::plan::Sides;
use super::table::Known;
use crate::limits;
use crate::model::{CrewMember, Month};

/// What a tab is to hold.
enum Kind {
    Roster,
    Month(Month),
    Charters,
}

/// The tabs of a book: the roster, the months, the charters. Each has its header in the first row and names or ids in the
/// first column, and is made when it is asked for: of a large roster no more than one is in memory.
pub fn lay_out<'a>(
    known: &'a Known<'a>,
    sides: &'a Sides<'a>,
    months: &'a BTreeSet<Month>,
) -> impl Iterator<Item = Tab> + 'a {
    let directory = known.directory();
    let mut people: Vec<&CrewMember> =
        known.people.iter().filter_map(|person| sides.people.get(&person.id).copied()).collect();
    people.sort_by_cached_key(|member| known.place(member));
    let months = months.iter().map(|month| Kind::Month(*month));
    let kinds = std::iter::once(Kind::Roster).chain(months).chain([Kind::Charters]);
    kinds.zip(0..).map(move |(kind, place)| {
        let (title, rows) = match kind {
            Kind::Roster => ("Roster".to_owned(), roster(&people, sides, &directory)),
            Kind::Month(month) => (title(month), days(&people, sides, &directory, month)),
            Kind::Charters => ("Charters".to_owned(), charters(sides)),
        };
        let size = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0));
        Tab {
            id: TabId(place),
            title,
            rows,
            size,
            merges: Vec::new(),
            protected: Vec::new(),
            too_large: false,
        }
    })
}

fn roster(people: &[&CrewMember], sides: &Sides<'_>, directory: &Directory) -> Vec<Vec<Cell>> {
    let mut fields =
        vec![Field::Name, Field::Email, Field::Phone, Field::Rank, Field::Order, Field::UsualCrew];
    if people.iter().any(|member| member.left) {
        fields.push(Field::Status);
    }
    let header = fields.iter().map(|field| field.heading()).chain([CREW_ID]).map(Cell::text).collect();
    let row = |member: &&CrewMember| {
        let text = |field: &Field| sides.text(member, Item::Field(*field), directory);
        fields.iter().map(text).chain([member.crew_id.to_string()]).map(cell).collect()
    };
    std::iter::once(header).chain(people.iter().map(row)).collect()
}

/// Whoever has left stands there only where they said something, or sail.
fn days(people: &[&CrewMember], sides: &Sides<'_>, directory: &Directory, month: Month) -> Vec<Vec<Cell>> {
    let dates: Vec<Date> = month.days().collect();
    let over = |date: &Date| Cell {
        text: date.strftime("%a %-m/%-d").to_string(),
        date: Some(*date),
        ..Cell::default()
    };
    let name = |text: &str| Cell::text(text);
    let header = [name(Field::Name.heading())].into_iter().chain(dates.iter().map(over));
    let header = header.chain([name(CREW_ID)]).collect();
    let row = |member: &&CrewMember| {
        let text = |date: &Date| sides.text(member, Item::Day(*date), directory);
        let texts: Vec<String> = dates.iter().map(text).collect();
        let is_wanted = !member.left || texts.iter().any(|text| !text.is_empty());
        let texts = [member.name.clone()].into_iter().chain(texts).chain([member.crew_id.to_string()]);
        is_wanted.then(|| texts.map(cell).collect())
    };
    std::iter::once(header).chain(people.iter().filter_map(row)).collect()
}

fn charters(sides: &Sides<'_>) -> Vec<Vec<Cell>> {
    let header = CharterField::ALL.into_iter().map(|field| Cell::text(field.heading())).collect();
    let listed = sides.charters.iter().filter(|listed| listed.wanted);
    let row = |listed: &super::plan::Listed| {
        CharterField::ALL.into_iter().map(|field| cell(listed.text(field).to_owned())).collect()
    };
    std::iter::once(header).chain(listed.map(row)).collect()
}

fn cell(text: String) -> Cell {
    Cell::text(fitting(&text))
}

/// What a cell of a file can hold of a text: no sign that XML has not, and so much as spreadsheets take.
pub(super) fn fitting(text: &str) -> String {
    let has =
        |c: &char| matches!(c, '\t' | '\n') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= limits::CELL_UNITS
    };
    text.chars().filter(has).take_while(fits).collect()
}

#[cfg(test)]
mod tests;
