//! `crewcall sheets …`: the office's Google Sheet.

mod answers;
mod history;
mod month;
pub(super) mod preview;
mod report;
mod shadow;

use clap::Subcommand;
use crewcall_dispatch::model::{Availability, CrewId, Meaning, Month};
use crewcall_dispatch::sheet::{
    Address, Ask, Book, Cell, Holds, Reading, Stop, TabId, Table, Why, legend_key,
};
use serde_json::json;

use super::output::Format;
use super::{Failure, Settings};
use crate::config::Config;
use crate::google::{self, Patience};
use crate::sheet::{Answer, Sync, answer};

#[derive(Debug, Subcommand)]
pub(super) enum Sheets {
    /// Show the sheet as it is read, tab by tab, and why something is not; changes nothing
    Preview(Format),
    /// Bring sheet and store into step, once
    Sync {
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Make the tab of another month of the last one that has all its days: the same form, other days, no answers
    Month {
        /// Which, as in 2026-07
        month: Month,
        /// Only say what would be made
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        format: Format,
    },
    /// List what was taken from cells and written into them, the oldest first
    History(Format),
    /// Show what would have been done, day by day, while sync = "shadow" only looks
    Shadow(Format),
    /// Say what words in a day's cell mean, once and for all: `crewcall sheets word x no`
    Word {
        /// The words, as they stand in the cell
        words: String,
        /// What they mean: yes, no, or hours such as "AM only"; "ask" forgets the answer
        meaning: String,
        #[command(flatten)]
        format: Format,
    },
    /// Say what the colour of a day's cell means in which nothing is written: `crewcall sheets colour "June!C5" no`
    Colour {
        /// A cell that is painted with it, by hand
        cell: Address,
        /// What it means: yes, no, or hours such as "AM only"; "ask" forgets the answer
        meaning: String,
        #[command(flatten)]
        format: Format,
    },
    /// Say whose a name is: `crewcall sheets name Skip gene-hart`
    Name {
        /// The name, as it stands in the cell
        name: String,
        /// Whose it is, by the id; "nobody" if it is no person's; "ask" forgets the answer
        whose: String,
        #[command(flatten)]
        format: Format,
    },
    /// List what was answered so far: words, colours, names, and tabs that are left alone
    Answers(Format),
    /// Leave a tab alone from now on: nothing of it is taken, nothing written to it
    Ignore(Tab),
    /// Look at a tab again that was left alone
    Read(Tab),
    /// Say that the great change of a tab is meant
    Accept(Tab),
}

#[derive(Debug, clap::Args)]
pub(super) struct Tab {
    /// What the tab is called
    tab: String,
    #[command(flatten)]
    format: Format,
}

impl Sheets {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        let sync = open(&config).await?;
        match self {
            Self::Preview(format) => preview::run(&sync, format).await,
            Self::Sync { dry_run, format } => report::run(&sync, dry_run, format).await,
            Self::Month { month, dry_run, format } => month::run(&sync, month, dry_run, format).await,
            Self::History(format) => history::run(&sync, format).await,
            Self::Shadow(format) => shadow::run(&sync, format).await,
            Self::Word { words, meaning, format } => {
                let meaning = meaning_of(&meaning)?;
                let key = legend_key(&words);
                let (opened, plan) = sync.look().await?;
                let cells = days_cells(&plan.reading, &opened.book, |cell| legend_key(&cell.text) == key);
                let said = match &meaning {
                    Some(meaning) => {
                        format!("From now on {words:?} counts as {meaning:?}: {cells} at present.")
                    }
                    None => format!("{words:?} is read by itself again, or asked about."),
                };
                remember(&sync, Answer::Words(words, meaning), said, format).await
            }
            Self::Colour { cell, meaning, format } => {
                let meaning = meaning_of(&meaning)?;
                let (_, plan) = sync.look().await?;
                let opened = google::Sheets(&sync.google).open(&sync.spreadsheet_id, true).await;
                let book = opened.map_err(|error| Failure::said(error.to_string()))?.book;
                let colour = painted(&book, &cell)?;
                let is_it = |cell: &Cell| cell.colour == colour && cell.text.trim().is_empty();
                let cells = days_cells(&plan.reading, &book, is_it);
                let said = match &meaning {
                    Some(meaning) => {
                        format!(
                            "From now on {colour} counts as {meaning:?} where nothing is written: {cells} at present."
                        )
                    }
                    None => format!("{colour} says nothing any more."),
                };
                remember(&sync, Answer::Colour(colour, meaning), said, format).await
            }
            Self::Name { name, whose, format } => {
                let (answer, said) = match whose.as_str() {
                    "ask" => (Answer::NameAgain(name.clone()), format!("{name:?} is asked about again.")),
                    "nobody" => {
                        is_nobody(&sync, &name).await?;
                        (Answer::Name(name.clone(), None), format!("From now on {name:?} is no person."))
                    }
                    id => {
                        let id = known(&sync, id).await?;
                        let said = format!("From now on {name:?} is {id}.");
                        (Answer::Name(name.clone(), Some(id)), said)
                    }
                };
                remember(&sync, answer, said, format).await
            }
            Self::Answers(format) => answers::run(&sync, format).await,
            Self::Ignore(tab) => tab.remember(&sync, Answer::Ignore, "is left alone from now on").await,
            Self::Read(tab) => tab.remember(&sync, Answer::LookAt, "is looked at again").await,
            Self::Accept(tab) => tab.remember(&sync, Answer::Accept, "is taken as it is").await,
        }
    }
}

impl Tab {
    async fn remember(self, sync: &Sync, answer: fn(TabId) -> Answer, what: &str) -> Result<(), Failure> {
        let (opened, plan) = sync.look().await?;
        let there = opened.book.tabs.iter().map(|tab| (tab.id, &tab.title));
        // One that is gone is known by what it was called.
        let gone = plan.memory.tabs.iter().filter(|(id, _)| opened.book.tab(**id).is_none());
        let known: Vec<(TabId, &String)> = there.chain(gone.map(|(id, tab)| (*id, &tab.title))).collect();
        let named = known.iter().find(|(_, title)| title.trim() == self.tab.trim());
        let Some((id, title)) = named else {
            let titles: Vec<String> = known.iter().map(|(_, title)| format!("{title:?}")).collect();
            return Err(Failure::said(format!(
                "there is no tab {:?}; there are {}",
                self.tab,
                titles.join(", ")
            )));
        };
        let is_lost = |stop: &Stop| {
            stop.tab() == *id
                && matches!(stop, Stop::Gone { .. } | Stop::NoHeader { .. } | Stop::TooLarge { .. })
        };
        if matches!(answer(*id), Answer::Accept(_))
            && let Some(stop) = plan.stops.iter().find(|stop| is_lost(stop))
        {
            return Err(Failure::said(format!("there is nothing in it to accept: {stop}")));
        }
        if matches!(answer(*id), Answer::Accept(_)) {
            let waits = plan.stops.iter().any(|stop| stop.tab() == *id);
            let is_asked = |ask: &Ask| {
                ask.at.tab == **title
                    && (ask.why.is_doubt() || matches!(ask.why, Why::RowGone(_) | Why::RowGoneFromMonth(..)))
            };
            if !waits && !plan.asks.iter().any(is_asked) {
                return Err(Failure::said(format!("nothing in {title:?} waits to be accepted")));
            }
        }
        let said = format!("{title:?} {what}.");
        remember(sync, answer(*id), said, self.format).await
    }
}

async fn remember(sync: &Sync, what: Answer, said: String, format: Format) -> Result<(), Failure> {
    answer(&*sync.app.store, &sync.spreadsheet_id, &what).await?;
    format.print(&json!({ "remembered": true }), |_| said)
}

/// The words for the store.
fn meaning_of(meaning: &str) -> Result<Option<String>, Failure> {
    let words = meaning.trim();
    match Availability::parse(words).meaning() {
        _ if words == "ask" => Ok(None),
        Meaning::Available => Ok(Some("available".into())),
        Meaning::Unavailable => Ok(Some("unavailable".into())),
        Meaning::Within(_) => Ok(Some(words.to_owned())),
        Meaning::Unclear => Err(Failure::usage(format!(
            "{meaning:?} is neither yes nor no, nor hours such as \"AM only\" or \"after 14:00\""
        ))),
    }
}

/// How many cells of people's days are of this kind, in words.
fn days_cells(reading: &Reading, book: &Book, is_it: impl Fn(&Cell) -> bool) -> String {
    let days = reading.tabs.iter().filter(|read| matches!(read.holds, Holds::Days(_)));
    let cells = days.flat_map(|read| {
        let tab = book.tab(read.id);
        let cells =
            read.tables().iter().flat_map(Table::cells).filter(|(_, column, _)| column.holds.day().is_some());
        cells.filter_map(move |(.., at)| tab?.cell(at))
    });
    match cells.filter(|cell| is_it(cell)).count() {
        0 => "no cell".into(),
        1 => "1 cell".into(),
        cells => format!("{cells} cells"),
    }
}

/// What a cell is painted with.
fn painted(book: &Book, cell: &Address) -> Result<String, Failure> {
    let titles = || book.tabs.iter().map(|tab| format!("{:?}", tab.title)).collect::<Vec<_>>().join(", ");
    let tab = book.tabs.iter().find(|tab| tab.title.trim() == cell.tab.trim());
    let tab =
        tab.ok_or_else(|| Failure::said(format!("there is no tab {:?}; there are {}", cell.tab, titles())))?;
    let colour =
        tab.cell(tab.shown_in(cell.at)).map(|cell| cell.colour.clone()).filter(|colour| !colour.is_empty());
    colour.ok_or_else(|| {
        Failure::said(format!(
            "{cell} is not painted by hand; name a cell that is: what a condition or a pattern paints does not count"
        ))
    })
}

async fn known(sync: &Sync, id: &str) -> Result<CrewId, Failure> {
    let parsed: CrewId = id.parse().map_err(|problem| Failure::usage(format!("the id {problem}")))?;
    // Whoever is new in the sheet has an id as well, which the preview shows.
    if sync.app.member(&parsed).await?.is_some() || sync.look().await?.1.reading.has(&parsed) {
        return Ok(parsed);
    }
    Err(Failure::said(format!(
        "nobody has the id {id}; `crewcall roster list` shows those on the roster, `crewcall sheets preview` those who are new in the sheet"
    )))
}

/// That it is not the name of anybody on the roster.
async fn is_nobody(sync: &Sync, name: &str) -> Result<(), Failure> {
    let (_, plan) = sync.look().await?;
    match plan.reading.named(name).first() {
        None => Ok(()),
        Some(id) => Err(Failure::said(format!(
            "{name:?} is {id}, who is on the roster; if they sail no more, give `crewcall roster left {id}`"
        ))),
    }
}

/// The sheet of the settings, with the store.
async fn open(config: &Config) -> Result<Sync, Failure> {
    if config.google.spreadsheet_id.is_none() {
        return Err(Failure::said(
            "no sheet is named; write its id into [sheets] spreadsheet_id: what stands in its address between /d/ and the next /",
        ));
    }
    let app = config.open_app().await?;
    config.sheet(app, Patience::SHORT)?.ok_or_else(|| Failure::said("no sheet is named"))
}
