//! What the imports of people and of their days have in common: what is asked for, a workbook that is read, what was done.

use std::path::Path;

use crewcall_dispatch::model::{CrewId, CrewMember};
use serde::Serialize;
use serde_json::Value;

use super::output::{self, Format};
use super::sheets::preview::Shown;
use super::{Failure, Settings};
use crate::app::{App, Change, Changes, Note};
use crate::import::input;
use crate::import::roster::{Records, RosterError, RowFault};
use crate::import::workbook::Wanted;
use crate::sheet;

/// How something is imported.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Show the tabs of a workbook as they are read, and why something is not; change nothing
    #[arg(long)]
    pub(super) preview: bool,
    #[command(flatten)]
    format: Format,
}

/// Reads a workbook, and takes over what is wanted of it.
pub(super) async fn workbook(
    settings: &Settings,
    file: &Path,
    wanted: Wanted,
    asked: Asked,
) -> Result<(), Failure> {
    let config = settings.load()?;
    let place = file.display().to_string();
    let form = |problem: String| Failure::from(RosterError::Form { place: place.clone(), problem });
    let book = crate::workbook::read(&input::read_bytes(file)?).map_err(|error| form(error.to_string()))?;
    let app = config.open_app().await?;
    let answers = sheet::answers(&*app.store).await?;
    let found = crate::import::workbook::read(&book, wanted, &app, &answers).await?.map_err(form)?;
    if asked.preview {
        let (reading, asks) = (&found.reading, &found.asks);
        let shown = Shown { title: &place, book: &book, reading, asks, answers: &answers, stops: &[] };
        return shown.print(asked.format);
    }
    let asks = found.asks.iter().map(|ask| format!("{}: {}", ask.at, ask.why)).collect();
    // What is taken over does not need the book any more, which may be large.
    drop((book, found.reading));
    take(&app, &place, found.records, asks, &asked).await
}

/// Compares all records with the roster, and only then writes.
pub(super) async fn take(
    app: &App,
    place: &str,
    mut records: Records,
    asks: Vec<String>,
    asked: &Asked,
) -> Result<(), Failure> {
    let unknown: Vec<String> = records.unknown_attributes().into_iter().map(str::to_owned).collect();
    let changes = app.compare_roster(std::mem::take(&mut records.people)).await?.map_err(|faults| {
        let count = faults.count;
        let faults = faults.first.into_iter().filter_map(|(index, fault)| {
            let row = records.rows.get(index)?.clone();
            Some(RowFault { row, fault })
        });
        Failure::from(RosterError::Faults { place: place.to_owned(), faults: faults.collect(), count })
    })?;
    if !asked.dry_run {
        app.write_roster(&changes).await?;
    }
    let report = Report { asks, ..Report::new(&changes, asked.dry_run) };
    asked.format.print(&report, |report| report.text(&unknown))
}

/// What an import did, or would do.
#[derive(Debug, Serialize)]
struct Report<'a> {
    dry_run: bool,
    added: &'a [CrewMember],
    changed: Vec<Changed<'a>>,
    unchanged: usize,
    /// At most [`FAULTS_SHOWN`](crewcall_dispatch::limits::FAULTS_SHOWN) of them.
    notes: &'a [Note],
    more_notes: usize,
    /// What of a workbook is not read, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    asks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Changed<'a> {
    crew_id: &'a CrewId,
    name: &'a str,
    changes: &'a [Change],
}

impl<'a> Report<'a> {
    fn new(changes: &'a Changes, dry_run: bool) -> Self {
        let changed = changes.changed.iter().map(|(member, changes)| Changed {
            crew_id: &member.crew_id,
            name: &member.name,
            changes,
        });
        Self {
            dry_run,
            added: &changes.added,
            changed: changed.collect(),
            unchanged: changes.unchanged,
            notes: &changes.notes,
            more_notes: changes.more_notes,
            asks: Vec::new(),
        }
    }

    fn text(&self, unknown: &[String]) -> String {
        let mut text = String::new();
        let mut line = |words: String| {
            text.push_str(&output::plain(&words));
            text.push('\n');
        };
        for member in self.added {
            line(format!("added      {} ({}, {})", member.crew_id, member.name, member.rank));
        }
        for Changed { crew_id, name, changes } in &self.changed {
            line(format!("changed    {crew_id} ({name})"));
            for change in *changes {
                let (before, after) = (value(change.before.as_ref()), value(change.after.as_ref()));
                line(format!("           {}: {before} -> {after}", change.field));
            }
        }
        for note in self.notes {
            line(format!("note       {note}"));
        }
        if self.more_notes > 0 {
            line(format!("note       … and {} more like these", self.more_notes));
        }
        for ask in &self.asks {
            line(format!("not read   {ask}"));
        }
        let (added, changed, unchanged) = (self.added.len(), self.changed.len(), self.unchanged);
        if !unknown.is_empty() {
            let names = unknown.join(", ");
            line(format!("Attributes that crewcall keeps but does not read: {names}"));
        }
        line(if self.dry_run {
            format!(
                "Nothing was written. It would be: {added} added, {changed} changed, {unchanged} unchanged."
            )
        } else {
            format!("{added} added, {changed} changed, {unchanged} unchanged.")
        });
        text
    }
}

/// A value as people would write it.
fn value(value: Option<&Value>) -> String {
    match value {
        None => "(nothing)".into(),
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(other) => other.to_string(),
    }
}
