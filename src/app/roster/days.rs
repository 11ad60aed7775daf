//! The coming days: which of them somebody can sail, as they say on their own page, or as the office writes it down.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Availability, CrewId, CrewMember};
use jiff::civil::Date;

use crate::app::{App, AppError, Caller};
use crate::store::{Write, read};

/// What somebody says of a day: other words than the page had shown them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySaid {
    /// The words that were shown; `None` if there were none.
    pub was: Option<String>,
    /// Theirs; `None` to say nothing of the day any more.
    pub is: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DaysSaid {
    /// The days that are otherwise now.
    pub taken: BTreeSet<Date>,
    /// The days that somebody else had changed since they were shown, with the words that stood there.
    pub meanwhile: BTreeMap<Date, Option<String>>,
    /// Days that stay as they are, because the person is aboard a sail then.
    pub booked: BTreeSet<Date>,
    /// Nothing was taken: the record would be larger than a record may be.
    pub no_room: bool,
}

/// What becomes of a day that somebody else has changed since it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meanwhile {
    /// It is said anew: people know best when they can sail.
    SaidAnew,
    /// It stays.
    Stays,
}

impl App {
    /// Takes what somebody says of these days, and of no other: whatever else is in their record stays as it is by then.
    /// Every call that asks the person, or has them aboard, is looked at again. `None` if they left the roster.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn say_days(
        &self,
        crew_id: &CrewId,
        days: &BTreeMap<Date, DaySaid>,
        caller: &Caller,
    ) -> Result<Option<DaysSaid>, AppError> {
        self.take_days(crew_id, days, Meanwhile::SaidAnew, caller).await
    }

    /// The same, as the office writes it down: a day that others have changed since it was shown stays as they left it.
    ///
    /// # Errors
    /// As [`App::say_days`].
    pub async fn fill_in_days(
        &self,
        crew_id: &CrewId,
        days: &BTreeMap<Date, DaySaid>,
        caller: &Caller,
    ) -> Result<Option<DaysSaid>, AppError> {
        self.take_days(crew_id, days, Meanwhile::Stays, caller).await
    }

    async fn take_days(
        &self,
        crew_id: &CrewId,
        days: &BTreeMap<Date, DaySaid>,
        meanwhile: Meanwhile,
        caller: &Caller,
    ) -> Result<Option<DaysSaid>, AppError> {
        let booked = self.booked_days(crew_id).await?;
        let mut attempts = 0;
        loop {
            let known = read::<CrewMember>(&*self.store, crew_id.as_str()).await?;
            let Some(known) = known.filter(|known| !known.value.left) else { return Ok(None) };
            let (mut member, mut said) = (known.value.clone(), DaysSaid::default());
            for (date, day) in days {
                let stands = known.value.availability.get(date).map(Availability::words);
                if booked.contains(date) {
                    said.booked.insert(*date);
                } else if stands != day.is.as_deref() {
                    if stands != day.was.as_deref() {
                        said.meanwhile.insert(*date, stands.map(str::to_owned));
                        if meanwhile == Meanwhile::Stays {
                            continue;
                        }
                    }
                    said.taken.insert(*date);
                    match &day.is {
                        Some(words) => member.availability.insert(*date, Availability::parse(words)),
                        None => member.availability.remove(date),
                    };
                }
            }
            if said.taken.is_empty() {
                return Ok(Some(said));
            }
            if CrewMember::parse(&member.to_record()).is_err() {
                return Ok(Some(DaysSaid { no_room: true, ..DaysSaid::default() }));
            }
            match meanwhile {
                Meanwhile::SaidAnew => {
                    tracing::info!(%crew_id, days = ?said.taken, via = caller.via, "days as the person says");
                }
                Meanwhile::Stays => {
                    tracing::info!(%crew_id, days = ?said.taken, by = ?caller.by, "days as the office says");
                }
            }
            attempts += 1;
            match self.write_some(vec![Write::put(&member, known.expected())?]).await {
                Err(AppError::Superseded(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                written => return written.map(|()| Some(said)),
            }
        }
    }

    /// The days of the sails that somebody is aboard of.
    async fn booked_days(&self, crew_id: &CrewId) -> Result<BTreeSet<Date>, AppError> {
        let sails = self.sails_of(crew_id).await?;
        let aboard =
            sails.iter().filter(|state| state.bound(crew_id).is_some_and(|offer| offer.state.is_aboard()));
        Ok(aboard.flat_map(|state| state.charter.days(&self.operator.zone)).map(|day| day.date).collect())
    }
}
