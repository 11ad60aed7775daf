//! A workbook with what the office's sheet would have.

use std::collections::BTreeSet;

use crewcall_dispatch::model::Month;
use crewcall_dispatch::sheet::{Memory, lay_out, months_to_come};

use super::answers;
use super::gather::Gathered;
use crate::app::App;
use crate::store::StoreError;
use crate::workbook::{self, WriteError};

/// A workbook, as a file holds it.
#[derive(Debug)]
pub struct Exported {
    /// The file.
    pub file: Vec<u8>,
    /// What its tabs are called.
    pub tabs: Vec<String>,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The workbook cannot be made.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Makes the workbook: the roster, these months, the charters to come. Where no month is given, it has those from today's on
/// in which somebody sails or has said something, and this one.
///
/// # Errors
/// If the store fails, or no file can hold it.
pub async fn export(app: &App, months: BTreeSet<Month>) -> Result<Exported, ExportError> {
    let now = app.clock.now();
    let this_month = Month::of(app.operator.zone.to_datetime(now).date());
    let first = months.first().copied().unwrap_or(this_month).first();
    let gathered = Gathered::since(app, now, first).await?;
    let memory = Memory { answers: answers(&*app.store).await?, ..Memory::default() };
    let (known, sides) = (gathered.known(app, &memory), gathered.sides(app));
    let months = if months.is_empty() { months_to_come(&sides, gathered.today) } else { months };
    let mut tabs = Vec::new();
    let file = workbook::write(lay_out(&known, &sides, &months).inspect(|tab| tabs.push(tab.title.clone())))?;
    Ok(Exported { file, tabs })
}
