//! `crewcall charter …`

use clap::Subcommand;
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferState};
use crewcall_dispatch::model::{CharterId, Seat};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::call_controls::Step;
use super::charter_add::Add;
use super::charter_change::{Reschedule, Restore};
use super::charter_figures::Record;
use super::output::{self, Format, table};
use super::{Failure, Settings};
use crate::app::App;
use crate::times;
use crate::words::{self, Names};

#[derive(Debug, Subcommand)]
pub(super) enum Charters {
    /// Book a charter: by flags, or as JSON on standard input
    Add(Box<Add>),
    /// List the charters that have not departed
    List {
        /// The departed ones too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Show a charter: the sail, every seat, who was asked
    Show(One),
    /// Change a charter: another time, vessel, dock, other guests or seats
    Reschedule(Box<Reschedule>),
    /// Show or record what a sail came to: money and hours. With --file of many charters at once
    Figures(Box<Record>),
    /// Call a charter off; everyone who was asked or is aboard is told
    Cancel(Step),
    /// Call a cancelled charter on again
    Restore(Restore),
}

/// One charter, by its id.
#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// The charter
    #[arg(value_name = "ID", value_parser = id)]
    pub(super) charter: CharterId,
    #[command(flatten)]
    pub(super) format: Format,
}

/// Reads an id on the command line.
pub(super) fn id(text: &str) -> Result<CharterId, String> {
    text.parse()
}

/// A charter as JSON: all that is stored, and the status that follows from it.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    status: CallStatus,
    /// What the office has to see to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs_you: Vec<String>,
    #[serde(flatten)]
    state: &'a CharterState,
}

impl<'a> Shown<'a> {
    fn new(state: &'a CharterState, app: &App) -> Self {
        let needs_you = words::concerns(state, &Names::default(), &app.operator, app.clock.now());
        Self { status: state.status(), needs_you, state }
    }
}

impl Charters {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run(settings).await,
            Self::Reschedule(reschedule) => reschedule.run(settings).await,
            Self::Figures(record) => record.run(settings).await,
            Self::Restore(restore) => restore.run(settings).await,
            Self::List { all, format } => list(&*settings.open_app().await?, all, format).await,
            Self::Show(One { charter, format }) => {
                let app = settings.open_app().await?;
                let state = app.charter(&charter).await?;
                print_one(&app, &state, format).await
            }
            Self::Cancel(step) => {
                let (app, charter) = (settings.open_app().await?, step.charter());
                let before = app.charter(charter).await?;
                if step.is_rehearsal() {
                    return step.give(&app, &before, &Command::Cancel, None).await;
                }
                let already = before.cancelled_at.is_some();
                let state = app.run(charter, &Command::Cancel, &step.anybody()?).await?;
                step.format().print(&Shown::new(&state, &app), |_| match already {
                    true => format!("{charter} was cancelled already."),
                    false => format!("{charter} is cancelled. The mails about it leave with the next tick."),
                })
            }
        }
    }
}

async fn list(app: &App, all: bool, format: Format) -> Result<(), Failure> {
    let from = (!all).then(|| app.clock.now());
    let charters = app.charters(from).await?;
    let shown: Vec<Shown<'_>> = charters.iter().map(|state| Shown::new(state, app)).collect();
    let zone = &app.operator.zone;
    format.print(&shown, |shown| match shown.as_slice() {
        [] if all => "No charters yet. `crewcall charter add` books one.".into(),
        [] => "No charters ahead. `crewcall charter list --all` lists the departed ones too.".into(),
        shown => table(
            ["ID", "DEPARTS", "VESSEL", "CALL", "ABOARD", "ASKED"],
            shown.iter().map(|Shown { status, needs_you, state }| {
                let charter = &state.charter;
                [
                    charter.charter_id.to_string(),
                    times::full(charter.departs_at, zone),
                    charter.vessel.clone(),
                    match (*status, needs_you.is_empty()) {
                        (CallStatus::Exhausted, _) | (_, true) => words::status(*status).to_owned(),
                        (status, false) => format!("{}, needs you", words::status(status)),
                    },
                    format!("{} of {}", state.aboard().len(), charter.seats().count()),
                    state.open_offers().count().to_string(),
                ]
            }),
        ),
    })
}

/// Prints one charter: the sail, its seats, and everyone who was asked.
pub(super) async fn print_one(app: &App, state: &CharterState, format: Format) -> Result<(), Failure> {
    if format.json {
        return output::json(&Shown::new(state, app));
    }
    let names = app.crew_names(&words::people(state, &[])).await?;
    let zone = &app.operator.zone;
    let charter = &state.charter;
    let mut facts = vec![
        ("Charter", charter.charter_id.to_string()),
        ("Vessel", words::vessel(&charter.vessel, &app.operator.policy)),
        ("Departs", times::full(charter.departs_at, zone)),
        ("Returns", times::full(charter.returns_at, zone)),
        ("Call time", times::full(charter.call_time, zone)),
        ("Dock", charter.dock.clone()),
        ("Guests", charter.guests.to_string()),
    ];
    if state.gross_revenue().is_none() {
        facts.push(("Revenue", "-".into()));
    }
    let mut facts: Vec<(String, String)> =
        facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    facts.extend(words::figures::known(state, &names));
    facts.push(("Call".into(), words::status(state.status()).to_owned()));
    let seats = table(
        ["SEAT", "NOW"],
        charter.seats().map(|seat| [seat.to_string(), seat_now(state, &seat, &names, zone)]),
    );
    let concerns = words::concerns(state, &names, &app.operator, app.clock.now());
    facts.extend(concerns.into_iter().map(|concern| ("Needs you".to_owned(), concern)));
    let mut text = format!("{}\n{seats}", output::facts(facts));
    if !state.offers.is_empty() {
        let offers = table(
            ["OFFER", "SEAT", "WHO", "STATE", "SINCE", "LINK"],
            state.offers.iter().map(|offer| {
                let since = offer.ended_at.or(offer.handed_over_at).unwrap_or(offer.made_at);
                [
                    offer.no.to_string(),
                    offer.seat.to_string(),
                    names.get(&offer.crew_id).to_owned(),
                    words::answer(offer, state).to_owned(),
                    times::full(since, zone),
                    offer.token_id.to_string(),
                ]
            }),
        );
        text.push_str(&format!("\n\n{offers}"));
    }
    output::print(&text)
}

fn seat_now(state: &CharterState, seat: &Seat, names: &Names, zone: &TimeZone) -> String {
    if let Some(holder) = state.holder(seat) {
        let name = names.get(&holder.crew_id);
        return match holder.state {
            OfferState::Reconfirming => format!("{name}, to confirm the change"),
            _ => name.to_owned(),
        };
    }
    let now = empty_seat_now(state, seat, names, zone);
    match state.responsible(seat) {
        Some(left) => format!("{now}; {} dropped out", names.get(&left.crew_id)),
        None => now,
    }
}

fn empty_seat_now(state: &CharterState, seat: &Seat, names: &Names, zone: &TimeZone) -> String {
    let asked = state.open_offers().find(|offer| offer.seat == *seat);
    match asked.map(|offer| (names.get(&offer.crew_id), offer.reply_by)) {
        Some((name, Some(reply_by))) => format!("{name} is asked until {}", times::full(reply_by, zone)),
        Some((name, None)) => format!("{name} is asked as soon as the mail is handed over"),
        None if state.status() == CallStatus::Cancelled => "cancelled".into(),
        None => "open".into(),
    }
}
