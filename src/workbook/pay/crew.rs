//! One person's statement: a line for each sail, adjustments, what the year comes to, and the rules that gave it.

use std::borrow::Cow;
use std::io::{Cursor, Seek, Write};
use std::num::NonZero;
use std::{panic, thread};

use crewcall_dispatch::model::{Amount, Minutes};
use crewcall_dispatch::statement::{Adjustment, Line, Parts, Statement, Why};

use super::Heading;
use super::page::{Column, FORMATS, Page, accepted, letter, units, workbook};
use super::wage::{self, Wage};
use crate::words;
use crate::workbook::WriteError;

const WAGE: Wage = Wage(4);
const GRATUITY: u16 = 12;
const TOTAL: u16 = 13;
const RULE: u16 = 14;
const ACCEPTED: u16 = 15;

const HEADINGS: [&str; 16] = {
    let [worked, paid, rate, hourly, flat, base, part, share] = wage::HEADINGS;
    [
        "Date", "Charter", "Vessel", "Position", worked, paid, rate, hourly, flat, base, part, share,
        "Gratuity", "Total", "Rule", "Accepted",
    ]
};
const COLUMNS: [Column; 16] = {
    use Column::{Date, Money, Text, Wrapped};
    let [worked, paid, rate, hourly, flat, base, part, share] = wage::COLUMNS;
    [
        Date(11),
        Text(14),
        Text(13),
        Text(11),
        worked,
        paid,
        rate,
        hourly,
        flat,
        base,
        part,
        share,
        Money(10),
        Money(11),
        Text(7),
        Wrapped(40),
    ]
};
/// Characters that stand side by side in the notes below the lines.
const NOTE_CHARS: usize = 150;

/// A statement as an `.xlsx`. The same statement under the same heading gives the same bytes.
///
/// # Errors
/// See [`WriteError`].
pub fn statement(statement: &Statement, heading: &Heading<'_>) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Cursor::new(Vec::new());
    let lines = statement.lines.iter().map(Cow::Borrowed);
    write(&mut bytes, statement, lines, heading)?;
    Ok(bytes.into_inner())
}

/// Of many, each as [`statement`] makes it and in the same order, on all cores; `made` is told of each.
///
/// # Errors
/// See [`WriteError`].
pub fn statements(
    all: &[Statement],
    heading: &Heading<'_>,
    made: &(dyn Fn() + Sync),
) -> Result<Vec<Vec<u8>>, WriteError> {
    let make = |one: &Statement| statement(one, heading).inspect(|_| made());
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(cores).max(1));
        let parts: Vec<_> =
            parts.map(|part| scope.spawn(|| part.iter().map(make).collect::<Result<Vec<_>, _>>())).collect();
        let mut books = Vec::with_capacity(all.len());
        for part in parts {
            books.extend(part.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))?);
        }
        Ok(books)
    })
}

/// The same into a file, with lines that come one after the other. They go through a temporary file: memory does not grow
/// with them, and a few lines are written sooner that way, too.
///
/// # Errors
/// See [`WriteError`].
pub fn write<'l>(
    to: impl Write + Seek + Send,
    statement: &Statement,
    lines: impl Iterator<Item = Cow<'l, Line>>,
    heading: &Heading<'_>,
) -> Result<(), WriteError> {
    let title = format!("Statement for {}, {}", statement.month.name(), statement.name);
    let mut book = workbook(heading, &title)?;
    let sheet = book.add_worksheet_with_constant_memory()?;
    let mut page = Page::new(sheet, "Statement", &COLUMNS)?;
    page.put(0, &title, &FORMATS.title)?;
    page.next();
    page.text(0, &heading.line())?;
    page.skip(2);
    page.headings(&HEADINGS)?;
    let first = page.row;
    let mut sails = Sails::default();
    for line in lines {
        write_line(&mut page, &line, heading)?;
        sails.add(&line);
    }
    let sum = page.row;
    sails.write(&mut page, first)?;
    page.next();
    let adjusted = adjustments(&mut page, statement, heading)?;
    sums(&mut page, statement, &sails, sum, adjusted)?;
    let total = sails.parts.total() + statement.adjusted();
    notes(&mut page, statement, total)?;
    Ok(book.save_to_writer(to)?)
}

/// What the sails come to.
#[derive(Default)]
struct Sails {
    parts: Parts,
    worked: u32,
    paid: u32,
}

impl Sails {
    fn add(&mut self, line: &Line) {
        self.parts = self.parts + line.parts;
        self.worked += line.worked.map_or(0, |worked| worked.0);
        self.paid += line.hourly.map_or(0, |hourly| hourly.paid.0);
    }

    fn write(&self, page: &mut Page<'_>, first: u32) -> Result<(), WriteError> {
        page.total_row("Sails")?;
        page.sum_hours(WAGE.worked(), first, Minutes(self.worked))?;
        page.sum_hours(WAGE.paid(), first, Minutes(self.paid))?;
        page.sum(WAGE.hourly(), first, self.parts.hourly)?;
        page.sum(WAGE.flat(), first, self.parts.flat)?;
        page.sum(WAGE.share(), first, self.parts.share)?;
        page.sum(GRATUITY, first, self.parts.gratuity)?;
        page.sum(TOTAL, first, self.parts.total())?;
        page.next();
        Ok(())
    }
}

fn write_line(page: &mut Page<'_>, line: &Line, heading: &Heading<'_>) -> Result<(), WriteError> {
    of_sail(page, line)?;
    WAGE.pay(page, line)?;
    page.money(GRATUITY, line.parts.gratuity)?;
    total_of_row(page, line.parts)?;
    if let Some(acceptance) = &line.accepted {
        page.aside(ACCEPTED, &accepted(acceptance, heading))?;
    }
    page.next();
    Ok(())
}

/// What a sail was, and from what its pay is worked out.
fn of_sail(page: &mut Page<'_>, line: &Line) -> Result<(), WriteError> {
    page.date(0, line.date)?;
    page.text(1, line.charter_id.as_str())?;
    page.text(2, &line.vessel)?;
    page.text(3, line.position.as_str())?;
    WAGE.basis(page, line)?;
    let rules: Vec<String> = line.rules.iter().map(u16::to_string).collect();
    page.text(RULE, &rules.join(", "))
}

fn total_of_row(page: &mut Page<'_>, parts: Parts) -> Result<(), WriteError> {
    let row = page.row + 1;
    let total = format!("=ROUND({}+{}{row},2)", WAGE.sum(row), letter(GRATUITY));
    page.computed(TOTAL, &total, parts.total())
}

/// The row of their sum, if there are any.
fn adjustments(
    page: &mut Page<'_>,
    statement: &Statement,
    heading: &Heading<'_>,
) -> Result<Option<u32>, WriteError> {
    if statement.adjustments.is_empty() {
        return Ok(None);
    }
    page.section("Adjustments")?;
    page.next();
    let first = page.row;
    for adjustment in &statement.adjustments {
        write_adjustment(page, adjustment, heading)?;
    }
    page.total_row("Adjustments in all")?;
    page.sum(TOTAL, first, statement.adjusted())?;
    let sum = page.row;
    page.skip(2);
    Ok(Some(sum))
}

fn write_adjustment(
    page: &mut Page<'_>,
    adjustment: &Adjustment,
    heading: &Heading<'_>,
) -> Result<(), WriteError> {
    match &adjustment.why {
        Why::ByHand { no, reason, by, on } => {
            page.date(0, *on)?;
            page.text(1, reason)?;
            page.money(TOTAL, adjustment.amount)?;
            page.aside(ACCEPTED, &format!("{by}, entry {no}"))?;
        }
        Why::CarriedOver { from } => {
            page.date(0, from.last())?;
            page.text(1, &format!("carried over from {}", from.name()))?;
            page.money(TOTAL, adjustment.amount)?;
        }
        Why::Later { charter_id, date, vessel, parts, line, .. } => {
            match line {
                Some(line) => of_sail(page, line)?,
                None => {
                    page.date(0, *date)?;
                    page.text(1, charter_id.as_str())?;
                    page.text(2, vessel)?;
                }
            }
            // By how much each part is more or less than was paid.
            for (column, (_, part)) in
                [WAGE.flat(), WAGE.hourly(), WAGE.share(), GRATUITY].into_iter().zip(parts.named())
            {
                if !part.is_zero() {
                    page.money(column, part)?;
                }
            }
            total_of_row(page, *parts)?;
            let yes = line.as_ref().and_then(|line| line.accepted.as_ref());
            let yes = yes.map_or_else(String::new, |yes| format!("; {}", accepted(yes, heading)));
            page.aside(ACCEPTED, &format!("{}{yes}", words::owed(adjustment)))?;
        }
    }
    page.next();
    Ok(())
}

fn sums(
    page: &mut Page<'_>,
    statement: &Statement,
    sails: &Sails,
    sum: u32,
    adjusted: Option<u32>,
) -> Result<(), WriteError> {
    let total = letter(TOTAL);
    let paid_now = sails.parts.total() + statement.adjusted();
    page.total_row("To be paid")?;
    // Nobody pays anything in: what is below nothing is carried over.
    let formula = match adjusted {
        Some(adjusted) => format!("=MAX(0,ROUND({total}{}+{total}{},2))", sum + 1, adjusted + 1),
        None => format!("=MAX(0,ROUND({total}{},2))", sum + 1),
    };
    page.formula(TOTAL, &formula, units(paid_now.max(Amount::ZERO)), &FORMATS.total)?;
    let paid = page.row + 1;
    page.next();
    page.text(0, &format!("Earlier in {}", statement.month.year()))?;
    page.money(TOTAL, statement.earlier_this_year)?;
    page.next();
    page.total_row("Year to date")?;
    let formula = format!("=ROUND({total}{paid}+{total}{},2)", paid + 1);
    page.formula(
        TOTAL,
        &formula,
        units(statement.earlier_this_year + paid_now.max(Amount::ZERO)),
        &FORMATS.total,
    )?;
    page.skip(2);
    Ok(())
}

fn notes(page: &mut Page<'_>, statement: &Statement, total: Amount) -> Result<(), WriteError> {
    for (no, rule) in (1..).zip(&statement.rules) {
        page.note(0, ACCEPTED, &format!("Rule {no}: {rule}"), NOTE_CHARS)?;
    }
    let rounding = "Amounts are rounded to the cent once, half a cent away from nothing; a gratuity is split so that \
                    its cents add up. A sail belongs to the month in which it departs.";
    page.note(0, ACCEPTED, rounding, NOTE_CHARS)?;
    if total < Amount::ZERO {
        let words = format!(
            "{} is carried over to the next month: more was taken off than there was to be paid.",
            -total
        );
        page.note(0, ACCEPTED, &words, NOTE_CHARS)?;
    }
    for open in &statement.open {
        let words = format!(
            "Not paid yet, because figures of it are missing: {} on {} ({}). It comes with a later month.",
            open.vessel, open.date, open.charter_id
        );
        page.note(0, ACCEPTED, &words, NOTE_CHARS)?;
    }
    Ok(())
}
