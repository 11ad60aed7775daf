//! The form of a month: a row for each person, a field for each day, and what the roster had when it was shown.
//!
//! A row sends along the words that it was shown with, so that only what somebody changed is written, and only where
//! nobody else has changed it meanwhile.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{Availability, CrewId, CrewMember, Month};
use jiff::civil::Date;

use crate::app::DaySaid;
use crate::web::said;

/// What somebody's row was shown with: the words of days, by the number of the day.
pub(super) type Was = BTreeMap<i8, String>;

/// The form as it came.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// What the rows were shown with.
    pub(super) was: BTreeMap<CrewId, Was>,
    /// What stands in the cells.
    pub(super) cells: BTreeMap<(CrewId, Date), String>,
    /// Why some of it cannot be taken.
    pub(super) problems: BTreeMap<(CrewId, Date), String>,
}

/// What a row of that month is shown with.
pub(super) fn was_of(member: &CrewMember, month: Month) -> Was {
    let days = member.availability.range(month.first()..=month.last());
    days.map(|(date, said)| (date.day(), said.words().to_owned())).collect()
}

impl Sent {
    /// Reads the form; `None` if it is none. Of days that are over nothing is taken.
    pub(super) fn read(fields: &BTreeMap<String, String>, month: Month, today: Date) -> Option<Self> {
        let mut sent = Self::default();
        for row in 0..super::PEOPLE {
            let Some(id) = fields.get(&format!("who.{row}")) else { break };
            let id: CrewId = id.parse().ok()?;
            sent.was.insert(id.clone(), serde_json::from_str(fields.get(&format!("was.{row}"))?).ok()?);
            for date in month.days().filter(|date| *date >= today) {
                if let Some(text) = fields.get(&format!("{row}.{}", date.day())) {
                    sent.cells.insert((id.clone(), date), text.clone());
                }
            }
        }
        (!sent.was.is_empty()).then_some(sent)
    }

    fn words(&self, id: &CrewId, date: Date) -> Option<&str> {
        self.was.get(id)?.get(&date.day()).map(String::as_str)
    }

    /// What the form says that is news, person by person; what cannot be read is a problem of its cell.
    pub(super) fn news(&mut self) -> BTreeMap<CrewId, BTreeMap<Date, DaySaid>> {
        let (mut news, mut problems) = (BTreeMap::<_, BTreeMap<_, _>>::new(), BTreeMap::new());
        for ((id, date), text) in &self.cells {
            let was = self.words(id, *date);
            if text.trim() == said::cell(was) {
                continue;
            }
            match said::typed(text) {
                Ok(is) => {
                    let day = DaySaid { was: was.map(str::to_owned), is };
                    news.entry(id.clone()).or_default().insert(*date, day);
                }
                Err(problem) => drop(problems.insert((id.clone(), *date), problem)),
            }
        }
        self.problems = problems;
        news
    }

    /// What stands in a cell, if the form had it.
    pub(super) fn text(&self, id: &CrewId, date: Date) -> Option<&str> {
        self.cells.get(&(id.clone(), date)).map(String::as_str)
    }
}

/// What a cell shows of the roster.
pub(super) fn shown(member: &CrewMember, date: Date) -> String {
    said::cell(member.availability.get(&date).map(Availability::words))
}
