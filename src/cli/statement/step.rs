//! `crewcall statement bonus`, `deduct`, `take-back`, `settle`, `history`.

use clap::ValueEnum;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, CrewId, Money, Month, line};
use crewcall_dispatch::statement::{BookEvent, BookFact, Books, Reader};

use super::super::output::{self, Format, table};
use super::shown::{counted, whom};
use super::{Failure, Settings, caller, named_caller};
use crate::app::App;
use crate::statement::{self, Settling};
use crate::times;
use crate::words;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Step {
    /// Give somebody a bonus in a month that is not approved
    Bonus(Entry),
    /// Take something off somebody's pay in a month that is not approved
    Deduct(Entry),
    /// Take a bonus or deduction back, by its number
    TakeBack {
        /// The month
        month: Month,
        /// The number of the entry
        number: u32,
        /// Who takes it back, if not this machine's user
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// Say what became of a mail of which nobody knows whether it has left
    Settle {
        /// The month
        month: Month,
        /// Whose mail: a crew id, +owner or +office
        reader: Reader,
        /// What you found out: it has arrived, or it has not and is to be sent again
        found: Found,
        /// Who found it out, if not this machine's user
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Tell what happened to a month: who did what, when and from where
    History {
        /// The month
        month: Month,
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Entry {
    /// The month
    month: Month,
    /// Whose
    crew: CrewId,
    /// How much: 50.00
    #[arg(allow_hyphen_values = true)]
    amount: Money,
    /// Why; it stands on the statement
    #[arg(long, value_parser = reason)]
    reason: String,
    /// Who decides it, if not this machine's user
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    format: Format,
}

/// What somebody found out.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Found {
    /// The mail has arrived
    Arrived,
    /// It has not, and is to be sent again
    Again,
}

fn reason(text: &str) -> Result<String, String> {
    line(text, limits::NOTE_CHARS)
}

impl Step {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let zone = &app.operator.zone;
        match self {
            Self::Bonus(entry) => entry.run(&app, false).await,
            Self::Deduct(entry) => entry.run(&app, true).await,
            Self::TakeBack { month, number, by, format } => {
                let caller = named_caller(by.as_deref())?;
                let books = statement::take_back(&app, month, number, &caller).await?;
                format.print(&books, entries)
            }
            Self::Settle { month, reader, found, by } => {
                let how = match found {
                    Found::Arrived => Settling::Arrived,
                    Found::Again => Settling::Again,
                };
                let caller = by.as_deref().map_or_else(|| Ok(caller()), |by| named_caller(Some(by)))?;
                statement::settle(&app, month, &reader, how, &caller).await?;
                let done = match how {
                    Settling::Arrived => "It counts as arrived.",
                    Settling::Again => {
                        "It is sent once more by `crewcall serve`, or by the next `crewcall tick`."
                    }
                };
                output::print(done)
            }
            Self::History { month, format } => {
                let events = statement::history(&*app.store, month).await?;
                format.print(&events, |events| {
                    if events.is_empty() {
                        return format!("Nothing happened to {month} yet.");
                    }
                    let rows = events.iter().map(|BookEvent { at, by, via, fact, .. }| {
                        [
                            times::log(*at, zone),
                            words::actor(by, &Default::default()),
                            via.clone(),
                            told(fact),
                        ]
                    });
                    let when = format!("WHEN ({})", zone.iana_name().unwrap_or("local"));
                    table([when.as_str(), "WHO", "VIA", "WHAT"], rows)
                })
            }
        }
    }
}

impl Entry {
    async fn run(self, app: &App, deduct: bool) -> Result<(), Failure> {
        let caller = named_caller(self.by.as_deref())?;
        let amount = Amount::from(self.amount);
        let amount = if deduct { -amount } else { amount };
        let books = statement::enter(app, self.month, &self.crew, amount, self.reason, &caller, None).await?;
        self.format.print(&books, entries)
    }
}

fn entries(books: &Books) -> String {
    if books.entries.is_empty() {
        return format!("{} has no bonuses and deductions.", books.month);
    }
    let rows = books.entries.iter().map(|entry| {
        let amount = entry.amount.to_string();
        [entry.no.to_string(), entry.crew_id.to_string(), amount, entry.by.clone(), entry.reason.clone()]
    });
    table(["NO", "CREW", "AMOUNT", "BY", "REASON"], rows)
}

fn told(fact: &BookFact) -> String {
    match fact {
        BookFact::EntryMade { entry } => {
            format!("entry {}: {} for {}, {}", entry.no, entry.amount, entry.crew_id, entry.reason)
        }
        BookFact::EntryTakenBack { no } => format!("entry {no} taken back"),
        BookFact::Approved { approval } => {
            let totals = &approval.totals;
            format!("approved: {} for {}", totals.paid, counted(totals.people, "person", "people"))
        }
        BookFact::SendAsked { reader } => format!("mail to {} to be sent", whom(reader)),
        BookFact::Sent { reader, to } => format!("mail to {} sent to {to}", whom(reader)),
        BookFact::Unknown { reader, why } => format!("mail to {} perhaps sent: {why}", whom(reader)),
        BookFact::Refused { reader, why } => format!("mail to {} not sent: {why}", whom(reader)),
        BookFact::Arrived { reader } => format!("mail to {} had arrived", whom(reader)),
    }
}
