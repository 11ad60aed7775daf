//! `crewcall roster …`

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::{CrewId, CrewMember};
use serde::Serialize;
use serde_json::json;

use super::output::{self, Format, table};
use super::{Failure, Settings, call_controls, caller, import};
use crate::app::PageMail;
use crate::import::input;
use crate::import::roster;
use crate::import::workbook::Wanted;

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
    /// Mail somebody the link of their own page, on which they see their sails and say when they can sail
    Page {
        /// Whom
        crew: CrewId,
        /// End the link that they have, and that of their calendar, and mail a new one
        #[arg(long)]
        new: bool,
        #[command(flatten)]
        format: Format,
    },
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
    asked: import::Asked,
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
            Self::Page { crew, new, format } => {
                let app = settings.open_app().await?;
                call_controls::member(&app, &crew).await?;
                match app.mail_own_page(&crew, new, &caller()).await? {
                    PageMail::Queued(email) => format.print(
                        &json!({ "crew_id": crew, "to": email, "new": new }),
                        |_| format!("The link of {crew}'s own page goes to {email}, as soon as mail leaves (serve, or the next tick)."),
                    ),
                    PageMail::Lately(_) | PageMail::NoAddress => Err(Failure::said(format!(
                        "{crew} has no e-mail address to which the link could go; give the roster one with `crewcall roster import`, then try again"
                    ))),
                    PageMail::NoPage => Err(Failure::said(format!(
                        "{crew} has left, and has no page; `crewcall roster back {crew}` says that they are back"
                    ))),
                }
            }
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
            return import::workbook(settings, &self.file, Wanted::Roster, self.asked).await;
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
        import::take(&app, &input.place, records, Vec::new(), &self.asked).await
    }
}
