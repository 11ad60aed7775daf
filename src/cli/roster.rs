//! `crewcall roster …`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember};
use serde::Serialize;
use serde_json::{Value, json};

use super::output::{self, Format, table};
use super::sheets::preview::Shown;
use super::{Failure, Settings, call_controls, caller};
use crate::app::{App, Change, Changes, Given, Note};
use crate::import::input;
use crate::import::roster::{self, Records, RosterError, RowFault};
use crate::import::workbook::{self, Wanted};
use crate::sheet;

#[derive(Debug, Subcommand)]
pub(super) enum Roster {
    /// Bring people in from a file; whoever is not in it stays as they are
    ///
    /// A CSV changes only what it says: where a column is missing or a cell is empty, the roster keeps what it
    /// has, and dates are taken one by one. A JSON record replaces the whole record, so that what it leaves out
    /// is gone. New people need crew_id, name and rank.
    Import(Import),
    /// Print the whole roster as JSON, as it can be imported again
    Export(Format),
    /// List everyone in the order in which they are asked
    List(Format),
    /// Say that somebody has left: they stay on the roster, and are asked for no sail any more
    Left(Crew),
    /// Say that somebody who had left is back
    Back(Crew),
    /// Say that mail to somebody comes back: until that is mended they are offered no sail
    Unreachable {
        /// Who
        crew: CrewId,
        /// What the mail server said
        #[arg(long, value_parser = call_controls::note)]
        reason: String,
        #[command(flatten)]
        format: Format,
    },
    /// Say that mail reaches somebody again whose address refused it: from now on they are asked as before
    Reachable {
        /// Who
        crew: CrewId,
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Crew {
    /// Who
    crew: CrewId,
    #[command(flatten)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// JSON, CSV or a workbook (.xlsx); - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the file is written, where its name does not tell
    #[arg(long, value_enum)]
    format: Option<FileFormat>,
    #[command(flatten)]
    asked: Asked,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FileFormat {
    Json,
    Csv,
}

impl Roster {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.run(settings).await,
            // There is no other form of it than JSON.
            Self::Export(_) => output::json(&settings.open_app().await?.roster().await?),
            Self::List(format) => {
                let app = settings.open_app().await?;
                let roster = app.roster().await?;
                let mut refused = app.refused(&roster).await?;
                let listed: Vec<Listed> = roster
                    .into_iter()
                    .map(|member| Listed { refused: refused.remove(&member.crew_id), member })
                    .collect();
                format.print(&listed, |listed| table_of(listed))
            }
            Self::Left(who) => who.mark(settings, true).await,
            Self::Back(who) => who.mark(settings, false).await,
            Self::Unreachable { crew, reason, format } => {
                let app = settings.open_app().await?;
                let member = call_controls::member(&app, &crew).await?;
                let news = app.unreachable(&member, &reason, &caller()).await?;
                format.print(&json!({ "crew_id": crew, "changed": news }), |_| match news {
                    true => format!("{crew} is offered no sail until mail arrives again."),
                    false => format!("{crew} is marked already, or has no address."),
                })
            }
            Self::Reachable { crew, format } => {
                let app = settings.open_app().await?;
                call_controls::member(&app, &crew).await?;
                let news = app.reachable(&crew, &caller()).await?;
                format.print(&json!({ "crew_id": crew, "changed": news }), |_| match news {
                    true => format!("{crew} is asked again in calls that start from now on; in one that runs, by `call now`."),
                    false => format!("No mail to {crew} was refused: they are asked as it is."),
                })
            }
        }
    }
}

impl Crew {
    async fn mark(self, settings: &Settings, left: bool) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        call_controls::member(&app, &self.crew).await?;
        let news = app.mark_left(&self.crew, left, &caller()).await?;
        let crew = &self.crew;
        self.format.print(&json!({ "crew_id": crew, "changed": news }), |_| match (news, left) {
            (true, true) => format!(
                "{crew} has left, and is asked for no sail any more; of sails they are aboard you are told."
            ),
            (true, false) => format!("{crew} is back, and is asked as before."),
            (false, true) => format!("{crew} had left already."),
            (false, false) => format!("{crew} has not left."),
        })
    }
}

/// Somebody of the roster, and whether mail to them is refused.
#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    member: CrewMember,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
}

fn table_of(roster: &[Listed]) -> String {
    if roster.is_empty() {
        return "Nobody is on the roster yet. `crewcall roster import FILE` brings people in.".into();
    }
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    table(
        ["RANK", "PLACE", "ID", "NAME", "E-MAIL", "PHONE", "DATES", "USUAL CREW"],
        roster.iter().map(|Listed { member, refused }| {
            let mark = if refused.is_some() { " (refused)" } else { "" };
            let crew = member.paired_crew.iter().map(CrewId::as_str).collect::<Vec<_>>().join(" ");
            [
                member.rank.to_string(),
                or_dash(member.cascade_order.map(|place| place.to_string())),
                member.crew_id.to_string(),
                if member.left { format!("{} (left)", member.name) } else { member.name.clone() },
                or_dash(member.email.as_ref().map(|email| format!("{email}{mark}"))),
                or_dash(member.phone.as_ref().map(ToString::to_string)),
                member.availability.len().to_string(),
                crew,
            ]
        }),
    )
}

impl Import {
    /// Reads all rows, compares all of them, and only then writes.
    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let is_workbook = self.file.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
        if is_workbook {
            return import_workbook(settings, &self.file, Wanted::Roster, self.asked).await;
        }
        if self.asked.preview {
            return Err(Failure::usage(
                "--preview shows a workbook (.xlsx); for another file --dry-run says what would change",
            ));
        }
        let config = settings.load()?;
        let input = input::read(&self.file)?;
        let format = match self.format {
            Some(FileFormat::Json) => roster::Format::Json,
            Some(FileFormat::Csv) => roster::Format::Csv,
            None => roster::Format::of(&input),
        };
        let records = roster::read(&input, format)?;
        let app = config.open_app().await?;
        take(&app, &input.place, &records, Vec::new(), &self.asked).await
    }
}

/// How something is imported.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Show the tabs of a workbook as they are read, and why something is not; change nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    format: Format,
}

/// Reads a workbook, and takes over what is wanted of it.
pub(super) async fn import_workbook(
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
    let people = app.roster().await?;
    let answers = sheet::answers(&*app.store).await?;
    let today = app.operator.zone.to_datetime(app.clock.now()).date();
    let charters = app.charters(None).await?.into_iter().map(|state| state.charter.charter_id).collect();
    let found = workbook::read(&book, wanted, &app, &people, &answers, charters, today).map_err(form)?;
    if asked.preview {
        let (reading, asks) = (&found.reading, &found.asks);
        let shown = Shown { title: &place, book: &book, reading, asks, answers: &answers, stops: &[] };
        return shown.print(asked.format);
    }
    let asks = found.asks.iter().map(|ask| format!("{}: {}", ask.at, ask.why)).collect();
    take(&app, &place, &found.records, asks, &asked).await
}

/// Compares all records with the roster, and only then writes.
async fn take(
    app: &App,
    place: &str,
    records: &Records,
    asks: Vec<String>,
    asked: &Asked,
) -> Result<(), Failure> {
    let changes = app.compare_roster(&records.people).await?.map_err(|faults| {
        let faults = faults.into_iter().filter_map(|(index, fault)| {
            let row = records.rows.get(index)?.clone();
            Some(RowFault { row, fault })
        });
        Failure::from(RosterError::Faults { place: place.to_owned(), faults: faults.collect() })
    })?;
    if !asked.dry_run {
        app.write_roster(&changes).await?;
    }
    let report = Report { asks, ..Report::new(&changes, asked.dry_run) };
    asked.format.print(&report, |report| report.text(&unknown_attributes(&records.people)))
}

/// What an import did, or would do.
#[derive(Debug, Serialize)]
struct Report<'a> {
    dry_run: bool,
    added: &'a [CrewMember],
    changed: Vec<Changed<'a>>,
    unchanged: usize,
    /// At most [`limits::FAULTS_SHOWN`] of them.
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
        let (notes, more) = changes.notes.split_at(changes.notes.len().min(limits::FAULTS_SHOWN));
        Self {
            dry_run,
            added: &changes.added,
            changed: changed.collect(),
            unchanged: changes.unchanged,
            notes,
            more_notes: more.len(),
            asks: Vec::new(),
        }
    }

    fn text(&self, unknown: &BTreeSet<&str>) -> String {
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
            let names = unknown.iter().copied().collect::<Vec<_>>().join(", ");
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

/// What is kept for other tools; among it a misspelt attribute would hide.
fn unknown_attributes(people: &[Given]) -> BTreeSet<&str> {
    const SHOWN: usize = 20;
    let names = people.iter().flat_map(|given| given.record.keys().map(String::as_str));
    let unknown: BTreeSet<&str> = names.filter(|name| !CrewMember::knows(name)).collect();
    unknown.into_iter().take(SHOWN).collect()
}
