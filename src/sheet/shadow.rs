//! Shadow mode: the sheet is read and planned with, nothing is taken from it, nothing written into it and nobody mailed. What
//! would have been done is kept day by day, so that an office can see for a week what it would get.

use std::collections::BTreeSet;

use crewcall_dispatch::sheet::{Book, Plan};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::state::Remembered;
use super::{Sync, SyncError, told};
use crate::plain::one_line;
use crate::store::{
    BODY_BYTES, CommitError, Expect, Record, Store, StoreError, Table, Versioned, Write, read,
};

/// The id of the row.
const SHADOW: &str = "sheet/shadow";
/// Days that are kept.
const DAYS: usize = 14;
/// Lines of a day that are kept of each kind; more are counted.
const LINES: usize = 200;

/// What would have been done on one day, in the operator's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowDay {
    /// Which.
    pub date: Date,
    /// What the store would have taken, each thing once.
    pub taken: BTreeSet<String>,
    /// What would have been written into the sheet, each thing once.
    pub written: BTreeSet<String>,
    /// What somebody would have been asked.
    pub asks: BTreeSet<String>,
    /// Why tabs would have been left alone.
    pub stops: BTreeSet<String>,
    /// Lines for which there was no room.
    pub more: usize,
}

/// The row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Shadow {
    spreadsheet_id: String,
    /// The newest last; the last one is not over yet.
    days: Vec<ShadowDay>,
}

impl Record for Shadow {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        SHADOW.into()
    }
}

impl ShadowDay {
    fn new(date: Date) -> Self {
        let none = BTreeSet::new;
        Self { date, taken: none(), written: none(), asks: none(), stops: none(), more: 0 }
    }

    /// Takes note of a plan. What was noted that day already is not counted again.
    fn note(&mut self, plan: &Plan, book: &Book) {
        let written = told::edits(plan, book).into_iter().map(|(at, text)| format!("{at}: {text}"));
        let asks = plan.asks.iter().map(|ask| format!("{} {}", ask.at, ask.why));
        let stops = plan.stops.iter().map(ToString::to_string);
        let mut left = 0;
        for (kept, lines) in [
            (&mut self.taken, told::changes(plan)),
            (&mut self.written, written.collect()),
            (&mut self.asks, asks.collect()),
            (&mut self.stops, stops.collect()),
        ] {
            let news: BTreeSet<String> = lines.iter().map(|line| one_line(line)).collect();
            let news: Vec<String> = news.difference(kept).cloned().collect();
            let room = LINES.saturating_sub(kept.len());
            left += news.len().saturating_sub(room);
            kept.extend(news.into_iter().take(room));
        }
        // The same ones are left in every round of a day.
        self.more = self.more.max(left);
    }

    /// The day in one clause.
    pub fn summary(&self) -> String {
        let count = |lines: &BTreeSet<String>| lines.len();
        let more = if self.more > 0 { format!("; and {} more of these", self.more) } else { String::new() };
        format!(
            "on {} it would have taken {} things into the store and written {} into the sheet, with {} questions, and {} reasons to leave \
             tabs alone{more}",
            self.date,
            count(&self.taken),
            count(&self.written),
            count(&self.asks),
            count(&self.stops)
        )
    }
}

fn bytes(shadow: &Shadow) -> usize {
    serde_json::to_string(shadow).map_or(0, |json| json.len())
}

impl Sync {
    /// Reads and plans, and notes what would have been done. Gives the day before, once it is over: that is its report.
    ///
    /// # Errors
    /// If Google or the store fails.
    pub async fn shadow(&self) -> Result<Option<ShadowDay>, SyncError> {
        let (opened, plan) = self.look().await?;
        let today = self.app.operator.zone.to_datetime(self.app.clock.now()).date();
        let known = read::<Shadow>(&*self.app.store, SHADOW).await?;
        let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
        let before =
            known.map(|known| known.value).filter(|known| known.spreadsheet_id == self.spreadsheet_id);
        let before = before
            .unwrap_or_else(|| Shadow { spreadsheet_id: self.spreadsheet_id.clone(), ..Shadow::default() });
        let mut shadow = before.clone();
        let over = shadow.days.last().filter(|day| day.date != today).cloned();
        if shadow.days.last().is_none_or(|day| day.date != today) {
            shadow.days.push(ShadowDay::new(today));
            shadow.days.drain(..shadow.days.len().saturating_sub(DAYS));
            // Long days leave less room for others.
            while shadow.days.len() > 2 && bytes(&shadow) > BODY_BYTES / 2 {
                shadow.days.remove(0);
            }
        }
        if let Some(day) = shadow.days.last_mut() {
            day.note(&plan, &opened.book);
        }
        if shadow == before {
            return Ok(None);
        }
        match self.app.store.commit(vec![Write::put(&shadow, expect)?]).await {
            Ok(()) => {
                if let Some(day) = &over {
                    self.put_on_board(day).await?;
                }
                Ok(over)
            }
            // Another process has just noted the same.
            Err(CommitError::Conflict(_)) => Ok(None),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// The office sees the report of the last day on its board. Where somebody writes there at this moment, it sees the next
    /// one.
    async fn put_on_board(&self, day: &ShadowDay) -> Result<(), SyncError> {
        let remembered = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
        let mut state = remembered.state.clone();
        state.last.shadow = Some(day.summary());
        self.keep(&remembered, state, &remembered.memory).await?;
        Ok(())
    }
}

/// The days that are kept, the newest last.
///
/// # Errors
/// If the store fails.
pub async fn shadow_days(store: &dyn Store) -> Result<Vec<ShadowDay>, StoreError> {
    Ok(read::<Shadow>(store, SHADOW).await?.map(|read| read.value.days).unwrap_or_default())
}
