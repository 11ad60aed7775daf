//! The files of a month, and how they are called.

use std::sync::Arc;

use crewcall_dispatch::model::CrewId;
use crewcall_dispatch::statement::{Approval, Draft, Statement};

use super::StatementError;
use super::month::MonthView;
use crate::app::App;
use crate::aside::aside;
use crate::plain::file_name;
use crate::workbook::{WriteError, pay};

/// The media type of an `.xlsx`, as IANA lists it.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, as people save it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The statement of one person as a workbook.
///
/// # Errors
/// Somebody without a statement, or a workbook that cannot be made.
pub fn statement_file(app: &App, view: &MonthView, crew_id: &CrewId) -> Result<File, StatementError> {
    let month = view.books.month;
    let statement = view
        .draft
        .of(crew_id)
        .ok_or_else(|| StatementError::NoStatement { crew_id: crew_id.clone(), month })?;
    file_of(app, statement, view.books.approved.as_ref())
}

/// A statement as a workbook.
///
/// # Errors
/// If it cannot be made.
pub(crate) fn file_of(
    app: &App,
    statement: &Statement,
    approval: Option<&Approval>,
) -> Result<File, StatementError> {
    let bytes = aside(|| pay::statement(statement, &heading(app, approval))).map_err(wrong)?;
    Ok(File { name: statement_name(statement), bytes })
}

/// The statements of all as workbooks, on all cores; `made` is told of each.
///
/// # Errors
/// A workbook that cannot be made.
pub fn statement_files(
    app: &App,
    view: &MonthView,
    made: &(dyn Fn() + Sync),
) -> Result<Vec<File>, StatementError> {
    let statements = &view.draft.statements;
    let books = aside(|| pay::statements(statements, &heading(app, view.books.approved.as_ref()), made))
        .map_err(wrong)?;
    let files = statements.iter().zip(books);
    Ok(files.map(|(statement, bytes)| File { name: statement_name(statement), bytes }).collect())
}

fn statement_name(statement: &Statement) -> String {
    format!("statement-{}-{}.xlsx", statement.month, file_name(statement.crew_id.as_str()))
}

/// The owner's workbook.
///
/// # Errors
/// If it cannot be made.
pub fn owner_file(app: &App, view: &MonthView) -> Result<File, StatementError> {
    let bytes =
        aside(|| pay::month(&view.draft, &heading(app, view.books.approved.as_ref()))).map_err(wrong)?;
    Ok(File { name: format!("crew-pay-{}.xlsx", view.books.month), bytes })
}

fn heading<'a>(app: &'a App, approval: Option<&'a Approval>) -> pay::Heading<'a> {
    let approved = approval.map(|approval| (approval.at, approval.by.as_str()));
    pay::Heading {
        operator: &app.operator.name,
        currency: &app.operator.pay.currency,
        zone: &app.operator.zone,
        approved,
        at: approved.map_or_else(|| app.clock.now(), |(at, _)| at),
    }
}

fn wrong(error: WriteError) -> StatementError {
    StatementError::Workbook(Arc::new(error))
}

/// A month for payroll programs, as CSV (RFC 4180): a row for each person.
///
/// A name that a spreadsheet would take for a formula has an apostrophe in front, by which it stays text.
///
/// # Errors
/// If it cannot be written, which would be a fault of the program.
pub fn csv(draft: &Draft, is_approved: bool, only: Option<&CrewId>) -> Result<Vec<u8>, csv::Error> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    rows.write_record([
        "month",
        "crew_id",
        "name",
        "sails",
        "paid_hours",
        "per_sail",
        "by_the_hour",
        "share",
        "gratuity",
        "adjustments",
        "total",
        "paid",
        "year_to_date",
        "status",
    ])?;
    let statements = draft.statements.iter();
    for statement in statements.filter(|statement| only.is_none_or(|only| *only == statement.crew_id)) {
        let sails = statement.sails();
        let minutes: u32 =
            statement.lines.iter().filter_map(|line| line.hourly).map(|hourly| hourly.paid.0).sum();
        // To a hundredth, as payroll programs take it; what is paid was worked out from minutes.
        let hours = crewcall_dispatch::model::Amount::rounded(i128::from(minutes) * 100, 60);
        rows.write_record([
            statement.month.to_string(),
            // An id is no text of anybody's: programs find people by it.
            statement.crew_id.to_string(),
            inert(&statement.name),
            statement.lines.len().to_string(),
            hours.to_string(),
            sails.flat.to_string(),
            sails.hourly.to_string(),
            sails.share.to_string(),
            sails.gratuity.to_string(),
            statement.adjusted().to_string(),
            statement.total().to_string(),
            statement.paid().to_string(),
            statement.year_to_date().to_string(),
            if is_approved { "approved" } else { "draft" }.to_owned(),
        ])?;
    }
    rows.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn inert(text: &str) -> String {
    let active = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if active { format!("'{text}") } else { text.to_owned() }
}
