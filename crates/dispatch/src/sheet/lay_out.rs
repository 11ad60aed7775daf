//! A book anew, as the office would have it: what the store has, in tabs that are read by `reading` again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::book::{Cell, Tab, TabId};
use super::charters::CharterField;
use super::fields::{CREW_ID, Field};
use super::item::Item;
use super::month::Month;
use super::names::{Directory, is_unseen};
use super::plan::Sides;
use super::reading::{CellRead, Reading};
use super::table::Known;
use super::words::{day_text, legend_key};
use crate::limits;
use crate::model::CrewMember;

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
    let rank = |member: &CrewMember| known.ranks.iter().position(|rank| *rank == member.rank);
    people.sort_by_cached_key(|member| {
        let order = member.cascade_order.unwrap_or(u32::MAX);
        (rank(member).unwrap_or(usize::MAX), order, member.name.to_lowercase(), member.crew_id.clone())
    });
    let months = months.iter().map(|month| Kind::Month(*month));
    let kinds = std::iter::once(Kind::Roster).chain(months).chain([Kind::Charters]);
    kinds.zip(0..).map(move |(kind, place)| {
        let (title, rows) = match kind {
            Kind::Roster => ("Roster".to_owned(), roster(&people, sides, &directory)),
            Kind::Month(month) => (month.title(), days(&people, sides, month)),
            Kind::Charters => ("Charters".to_owned(), charters(sides)),
        };
        let size = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0));
        Tab { id: TabId(place), title, rows, size, merges: Vec::new(), protected: Vec::new() }
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
        let text =
            |field: &Field| sides.field_text(*field, Item::Field(*field).of(member).as_deref(), directory);
        fields.iter().map(text).chain([member.crew_id.to_string()]).map(cell).collect()
    };
    std::iter::once(header).chain(people.iter().map(row)).collect()
}

/// Whoever has left stands there only where they said something, or sail.
fn days(people: &[&CrewMember], sides: &Sides<'_>, month: Month) -> Vec<Vec<Cell>> {
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
        let text = |date: &Date| {
            let words = Item::Day(*date).of(member);
            day_text(words.as_deref(), sides.sails_of(&member.crew_id, *date))
        };
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
    Cell::text(held(&text))
}

/// What a cell of a file can hold of a text: no sign that XML has not, and so much as spreadsheets take.
fn held(text: &str) -> String {
    let has =
        |c: &char| matches!(c, '\t' | '\n') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= limits::CELL_UNITS
    };
    text.chars().filter(has).take_while(fits).collect()
}

impl Reading {
    /// Whether a cell shows what is written here of somebody's record. Then it says nothing new, however it is read: a name in
    /// brackets, a remark that is too long to be taken, a rank that there is no more. What somebody has said since that words
    /// mean is new.
    pub fn is_as_written(
        &self,
        cell: &CellRead,
        item: Item,
        member: &CrewMember,
        sides: &Sides<'_>,
        known: &Known<'_>,
    ) -> bool {
        let words = item.of(member);
        let text = plain(&cell.text);
        let is_shown = |shown: &str| plain(&held(shown)) == text;
        match item {
            Item::Day(_) => {
                let meant = |words: &str| known.answers.words.contains_key(&legend_key(words));
                // What reads like sails may be words of theirs, before the sails or alone.
                let mut sails = (0..=cell.sails.len()).filter_map(|from| cell.sails.get(from..));
                !words.as_deref().is_some_and(meant)
                    && sails.any(|sails| is_shown(&day_text(words.as_deref(), sails)))
            }
            Item::Field(field) => is_shown(&sides.field_text(field, words.as_deref(), &self.directory)),
        }
    }
}

/// A text as it is compared: blanks, and marks that nobody sees, make no difference.
fn plain(text: &str) -> String {
    let seen: String = text.chars().filter(|c| c.is_whitespace() || !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
