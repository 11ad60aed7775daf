//! What the store has, and how a cell shows it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Listed;
use crate::model::{CharterId, CrewId, CrewMember};
use crate::sheet::fields::{self, Field};
use crate::sheet::item::Item;
use crate::sheet::names::Directory;
use crate::sheet::words::day_text;

/// What the store has.
#[derive(Debug, Clone, Default)]
pub struct Sides<'a> {
    /// Everybody on the roster.
    pub people: BTreeMap<&'a CrewId, &'a CrewMember>,
    /// Who is aboard which sails, by the days that these touch.
    pub sails: BTreeMap<(CrewId, Date), Vec<CharterId>>,
    /// The charters that are listed, in the order in which they depart.
    pub charters: Vec<Listed>,
}

impl Sides<'_> {
    /// The sails of somebody on a day.
    pub fn sails_of(&self, person: &CrewId, date: Date) -> &[CharterId] {
        self.sails.get(&(person.clone(), date)).map_or(&[], Vec::as_slice)
    }

    /// What the cell of an item shows of what somebody's record has, and of the sails that they are aboard.
    pub(in crate::sheet) fn text(&self, member: &CrewMember, item: Item, directory: &Directory) -> String {
        let words = item.of(member);
        match item {
            Item::Day(date) => day_text(words.as_deref(), self.sails_of(&member.crew_id, date)),
            Item::Field(field) => self.field_text(field, words.as_deref(), directory),
        }
    }

    /// What a cell of the roster shows of these words for a record.
    pub(in crate::sheet) fn field_text(
        &self,
        field: Field,
        words: Option<&str>,
        directory: &Directory,
    ) -> String {
        let words = words.unwrap_or_default();
        match field {
            Field::UsualCrew => {
                let name = |id: &CrewId| self.people.get(&id).map(|member| member.name.as_str());
                fields::crew_text(words, directory, name)
            }
            _ => words.to_owned(),
        }
    }
}
