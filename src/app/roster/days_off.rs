//! Days off, as somebody says so on their own page.

use std::collections::BTreeSet;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Meaning};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Given;
use crate::app::{App, AppError, Caller};
use crate::store::{Write, read};

impl App {
    /// Notes that somebody can sail on none of these days; every call that asks them for one of the days, or has them
    /// aboard, is looked at again. Says whether the roster has it so now: it has not where the person left it, or
    /// where their record has no room.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn take_days_off(
        &self,
        crew_id: &CrewId,
        days: &BTreeSet<Date>,
        caller: &Caller,
    ) -> Result<bool, AppError> {
        let mut attempts = 0;
        loop {
            let known = read::<CrewMember>(&*self.store, crew_id.as_str()).await?;
            let Some(known) = known else { return Ok(false) };
            let expect = known.expected();
            let known = known.value;
            let off = |day: &&Date| {
                known.availability.get(day).is_some_and(|said| said.meaning() == Meaning::Unavailable)
            };
            let news = days.iter().filter(|day| !off(day));
            let news: Map<String, Value> = news.map(|day| (day.to_string(), json!("unavailable"))).collect();
            if news.is_empty() {
                return Ok(true);
            }
            tracing::info!(%crew_id, days = ?news.keys(), via = caller.via, "days off");
            let record = [("availability".to_owned(), Value::Object(news))].into_iter().collect();
            let given = Given { record, whole: false, faults: Vec::new(), more_faults: 0 };
            let Ok(member) = given.member(Some(&known), self) else { return Ok(false) };
            attempts += 1;
            match self.write_some(vec![Write::put(&member, expect)?]).await {
                Err(AppError::Superseded(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                written => return written.map(|()| true),
            }
        }
    }
}
