//! `crewcall sheets sync`: what was done, or would be.

use std::fmt::Write;

use crewcall_dispatch::sheet::{Ask, Book, Plan};
use serde_json::{Value, json};

use crate::cli::Failure;
use crate::cli::output::{Format, plain};
use crate::google::Opened;
use crate::sheet::{Round, Sync, Waits, told};

/// Lines of each kind that people get to see.
const SHOWN: usize = 40;

pub(super) async fn run(sync: &Sync, dry_run: bool, format: Format) -> Result<(), Failure> {
    if dry_run {
        let (Opened { title, book, .. }, plan) = sync.look().await?;
        let report = json!({ "dry_run": true, "spreadsheet": title, "taken": plan.changes, "written": edits(&plan, &book),
            "asks": asks(&plan.asks), "stops": stops(&plan) });
        return format.print(&report, |_| text(&plan, &book, true));
    }
    let mut round = sync.sync().await?;
    while round.waits == Some(Waits::Room) {
        round = round.then(sync.sync().await?);
    }
    let report = json!({ "dry_run": false, "spreadsheet": round.title, "taken": round.plan.changes,
        "written": edits(&round.plan, &round.book), "overwrote": round.overwrote, "asks": asks(&round.plan.asks), "stops": stops(&round.plan),
        "not_taken": round.not_taken.iter().map(|(id, faults)| json!({ "crew_id": id,
            "why": faults.iter().map(ToString::to_string).collect::<Vec<_>>() })).collect::<Vec<_>>() });
    format.print(&report, |_| done(&round))?;
    match round.waits {
        None | Some(Waits::Room) => match round.plan.stops.as_slice() {
            [] => Ok(()),
            stops => {
                let (tabs, are) = if stops.len() == 1 { ("tab", "is") } else { ("tabs", "are") };
                Err(Failure::said(format!(
                    "{} {tabs} {are} left alone; why, and what to do, is told above",
                    stops.len()
                )))
            }
        },
        Some(Waits::Busy) => Err(Failure::said("another process is at the sheet; try again in a minute")),
        Some(Waits::Open) => Err(Failure::said(
            "it is not known yet whether the last write was carried out; the sheet is written again in five minutes at the latest",
        )),
    }
}

/// What somebody has to be asked, for programs.
pub(super) fn asks(asks: &[Ask]) -> Vec<Value> {
    let ask = |ask: &Ask| json!({ "at": ask.at.to_string(), "text": ask.text, "why": ask.why.to_string(), "answer": told::answered_by(ask) });
    asks.iter().map(ask).collect()
}

/// Tabs that are left alone.
pub(super) fn stops(plan: &Plan) -> Vec<String> {
    plan.stops.iter().map(ToString::to_string).collect()
}

/// A question in a line, with the command that answers it.
pub(super) fn asked(ask: &Ask) -> String {
    let how = told::answered_by(ask).map_or_else(String::new, |how| format!(": {how}"));
    format!("{}  {}{how}", ask.at, ask.why)
}

fn edits(plan: &Plan, book: &Book) -> Vec<Value> {
    told::edits(plan, book).into_iter().map(|(at, text)| json!({ "at": at, "text": text })).collect()
}

fn text(plan: &Plan, book: &Book, dry_run: bool) -> String {
    let mut text = String::new();
    // Whoever tries it wants to see all of it.
    let shown = if dry_run { usize::MAX } else { SHOWN };
    let mut lines = |what: &str, lines: Vec<String>| {
        for line in lines.iter().take(shown) {
            let _ = writeln!(text, "{what}  {}", plain(line));
        }
        if lines.len() > shown {
            let _ = writeln!(text, "{what}  … and {} more like these", lines.len() - shown);
        }
    };
    lines("store ", told::changes(plan));
    let edits = told::edits(plan, book).into_iter();
    lines("sheet ", edits.map(|(at, text)| format!("{at}: {text}")).collect());
    lines("ask   ", plan.asks.iter().map(asked).collect());
    lines("stop  ", plan.stops.iter().map(ToString::to_string).collect());
    let (changes, edits, asks) = (plan.changes.len(), plan.edits.len(), plan.asks.len());
    let alone = match plan.stops.len() {
        0 => String::new(),
        tabs => format!("; {tabs} left alone"),
    };
    let _ = match dry_run {
        true => writeln!(
            text,
            "Nothing was done. It would be: {changes} into the store, {edits} into the sheet; {asks} to ask{alone}."
        ),
        false => writeln!(text, "{changes} into the store, {edits} into the sheet; {asks} to ask{alone}."),
    };
    text
}

fn done(round: &Round) -> String {
    let mut text = text(&round.plan, &round.book, false);
    for over in &round.overwrote {
        let _ = writeln!(text, "typed meanwhile, found and kept: {:?} at {}", over.before, over.at);
    }
    for (id, faults) in &round.not_taken {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "not taken of {id}: {}", plain(&faults.join("; ")));
    }
    text
}
