//! `crewcall sheets preview`: the grid as it is read.

use std::fmt::Write;

use crewcall_dispatch::model::{Availability, Meaning};
use crewcall_dispatch::sheet::{
    Answers, Ask, At, Book, Column, Held, Holds, Reading, Tab, TabRead, Table, legend_key, letters,
};
use serde_json::{Value, json};

use super::report::{asked as asked_text, asks, stops};
use crate::cli::Failure;
use crate::cli::output::{Format, plain};
use crate::sheet::Sync;

pub(super) async fn run(sync: &Sync, format: Format) -> Result<(), Failure> {
    let (opened, plan) = sync.look().await?;
    let (reading, asks, answers) = (&plan.reading, &plan.asks, &plan.memory.answers);
    let stops = stops(&plan);
    Shown { title: &opened.title, book: &opened.book, reading, asks, answers, stops: &stops }.print(format)
}

/// A book as it was read.
pub(in crate::cli) struct Shown<'a> {
    pub(in crate::cli) title: &'a str,
    pub(in crate::cli) book: &'a Book,
    pub(in crate::cli) reading: &'a Reading,
    pub(in crate::cli) asks: &'a [Ask],
    pub(in crate::cli) answers: &'a Answers,
    /// Why tabs are left alone.
    pub(in crate::cli) stops: &'a [String],
}

impl Shown<'_> {
    pub(in crate::cli) fn print(&self, format: Format) -> Result<(), Failure> {
        let tabs: Vec<Value> =
            self.reading.tabs.iter().map(|read| tab_json(read, self.book, self.answers)).collect();
        let json =
            json!({ "spreadsheet": self.title, "tabs": tabs, "asks": asks(self.asks), "stops": self.stops });
        format.print(&json, |_| text(self))
    }
}

fn tab_json(read: &TabRead, book: &Book, answers: &Answers) -> Value {
    let is = match &read.holds {
        Holds::Roster(_) => "roster",
        Holds::Days(_) => "days",
        Holds::Charters(_) => "charters",
        Holds::Nothing => "not read",
    };
    let Some(tab) = book.tab(read.id) else { return Value::Null };
    let rows = read.tables().iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let rows = rows.map(|(table, row)| {
        let cells = table.columns.iter().map(|column| {
            let at = At::new(row.row, column.column);
            let text = tab.text(tab.shown_in(at));
            let means = meaning(tab, at, column, answers).map(|meaning| match meaning {
                Meaning::Available => "available",
                Meaning::Unavailable => "unavailable",
                Meaning::Within(_) => "hours",
                Meaning::Unclear if text.contains('✓') => "sail",
                Meaning::Unclear => "unclear",
            });
            json!({ "at": at.to_string(), "column": heading(&column.holds), "text": text, "means": means })
        });
        json!({
            "row": row.row + 1, "name": row.name, "crew_id": row.person.as_ref().ok(), "new": row.new,
            "why": row.person.as_ref().err().map(ToString::to_string), "cells": cells.collect::<Vec<_>>(),
        })
    });
    json!({ "tab": read.title, "is": is, "rows": rows.collect::<Vec<_>>() })
}

fn heading(holds: &Held) -> String {
    match holds {
        Held::Day(date) => date.to_string(),
        Held::Field(field) => field.attribute().to_owned(),
        Held::FirstName => "first name".into(),
        Held::LastName => "last name".into(),
        Held::Nickname => "nickname".into(),
        Held::Charter(_) => "charter".into(),
        Held::Unread(why) => format!("? {why}"),
    }
}

fn text(Shown { title, book, reading, asks: asked, answers, stops }: &Shown<'_>) -> String {
    let mut text = format!("{}\n", plain(title));
    for read in &reading.tabs {
        let Some(tab) = book.tab(read.id) else { continue };
        let is = match &read.holds {
            Holds::Roster(_) => "the roster",
            Holds::Days(_) => "availability",
            Holds::Charters(_) => "charters",
            Holds::Nothing if tab.too_large => "not read: there is more in it than any roster or month has",
            Holds::Nothing => {
                "not read: it has no people with ranks or addresses, or with days, three at the least"
            }
        };
        let _ = writeln!(text, "\n{}: {is}", plain(&read.title));
        for table in read.tables() {
            match &read.holds {
                Holds::Days(_) => days(&mut text, tab, table, answers),
                _ => roster(&mut text, tab, table),
            }
        }
    }
    if reading.tabs.iter().any(|read| matches!(read.holds, Holds::Days(_))) {
        text.push_str("\nY yes, N no, h hours, \u{2713} a sail, ? to ask about, . nothing, ! not read\n");
    }
    let end = if asked.is_empty() { "." } else { ":" };
    let _ = writeln!(text, "\n{} to ask about{end}", asked.len());
    for ask in *asked {
        let _ = writeln!(text, "  {}", plain(&asked_text(ask)));
    }
    for stop in *stops {
        let _ = writeln!(text, "! {}", plain(stop));
    }
    text
}

fn roster(text: &mut String, tab: &Tab, table: &Table) {
    for row in &table.rows {
        let who = match &row.person {
            Ok(id) if row.new => format!("{id} (new)"),
            Ok(id) => id.to_string(),
            Err(_) => "?".into(),
        };
        let cells =
            table.columns.iter().filter(|column| matches!(column.holds, Held::Field(_))).map(|column| {
                let said = tab.text(tab.shown_in(At::new(row.row, column.column)));
                format!("{}={}", heading(&column.holds), plain(said))
            });
        let cells: Vec<String> = cells.filter(|cell| !cell.ends_with('=')).collect();
        let _ = writeln!(text, "  {:>3}  {who}  {}", row.row + 1, cells.join("  "));
    }
}

/// What a day's cell means, by its words or its colour, by themselves or because somebody said so; `None` if it says nothing.
fn meaning(tab: &Tab, at: At, column: &Column, answers: &Answers) -> Option<Meaning> {
    column.holds.day()?;
    let at = tab.shown_in(at);
    let painted = tab.cell(at).and_then(|cell| answers.painted(cell));
    let words = painted.unwrap_or_else(|| tab.text(at));
    let meant = answers.words.get(&legend_key(words)).map_or(words, String::as_str);
    (!words.is_empty()).then(|| Availability::parse(meant).meaning())
}

/// A letter for each day: Y and N as they are meant, h for hours, ? for what has to be asked, a dot for nothing.
fn days(text: &mut String, tab: &Tab, table: &Table, answers: &Answers) {
    let dates: Vec<_> = table.columns.iter().filter_map(|column| column.holds.day()).collect();
    if let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) {
        let _ = writeln!(text, "  {} days, {first} to {last}", dates.len());
    }
    // Below which day a sign stands, by its last digit.
    let digit = |column: &Column| {
        column.holds.day().map_or('!', |date| char::from(b'0' + date.day().unsigned_abs() % 10))
    };
    let _ = writeln!(text, "       {}", table.columns.iter().map(digit).collect::<String>());
    for row in &table.rows {
        let sign = |column: &Column| {
            let at = At::new(row.row, column.column);
            match meaning(tab, at, column, answers) {
                _ if matches!(column.holds, Held::Unread(_)) => '!',
                None => '.',
                Some(Meaning::Available) => 'Y',
                Some(Meaning::Unavailable) => 'N',
                Some(Meaning::Within(_)) => 'h',
                Some(Meaning::Unclear) if tab.text(tab.shown_in(at)).contains('✓') => '✓',
                Some(Meaning::Unclear) => '?',
            }
        };
        let signs: String = table.columns.iter().map(sign).collect();
        let who = match &row.person {
            Ok(id) => id.to_string(),
            Err(_) => format!("? {}", plain(&row.name)),
        };
        let _ = writeln!(text, "  {:>3}  {signs}  {who}", row.row + 1);
    }
    let unread = table.columns.iter().filter(|column| matches!(column.holds, Held::Unread(_)));
    let unread: Vec<String> = unread.map(|column| letters(column.column)).collect();
    if !unread.is_empty() {
        let _ = writeln!(text, "  columns that are not read (!): {}", unread.join(", "));
    }
}
