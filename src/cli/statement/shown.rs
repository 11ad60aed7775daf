//! A month as the command line shows it.

use crewcall_dispatch::model::CrewId;
use crewcall_dispatch::statement::{Account, Reader, Statement};
use serde_json::{Value, json};

use super::super::output::table;
use super::command;
use crate::config::Config;
use crate::statement::{Delivery, DeliveryState, MonthView};
use crate::times;

/// As JSON, for programs.
pub(super) fn json(view: &MonthView, only: Option<&CrewId>) -> Value {
    let draft = &view.draft;
    let statements: Vec<Value> = statements(view, only)
        .map(|statement| {
            let mut shown = json!(statement);
            shown["total"] = json!(statement.total());
            shown["year_to_date"] = json!(statement.year_to_date());
            shown
        })
        .collect();
    let deliveries = view.deliveries.iter();
    let deliveries: Vec<&Delivery> =
        deliveries.filter(|delivery| only.is_none() || delivery.reader.crew_id() == only).collect();
    let mut shown = json!({
        "month": draft.month, "approved": view.books.approved, "digest": view.digest,
        "statements": statements, "mails": deliveries,
    });
    if only.is_none() {
        shown["totals"] = json!(draft.totals());
        shown["last_month"] = json!(draft.last_month);
        shown["charters"] = json!(draft.accounts);
        shown["still_open"] = json!(draft.still_open);
        shown["entries"] = json!(view.books.entries);
    }
    shown
}

fn statements<'a>(view: &'a MonthView, only: Option<&'a CrewId>) -> impl Iterator<Item = &'a Statement> {
    let wanted = move |statement: &&Statement| only.is_none_or(|only| *only == statement.crew_id);
    view.draft.statements.iter().filter(wanted)
}

/// As people read it.
pub(super) fn text(view: &MonthView, only: Option<&CrewId>, config: &Config) -> String {
    let month = view.books.month;
    let mut parts = vec![standing(view, config)];
    let rows = statements(view, only).map(|statement| {
        let sails = statement.sails();
        let mail = delivery(view, &Reader::Crew(statement.crew_id.clone()));
        [
            statement.crew_id.to_string(),
            statement.name.clone(),
            format!("{:>5}", statement.lines.len()),
            format!("{:>11}", sails.wage()),
            format!("{:>11}", sails.gratuity),
            format!("{:>11}", statement.adjusted()),
            format!("{:>11}", statement.total()),
            format!("{:>12}", statement.year_to_date()),
            mail.map_or_else(|| "-".to_owned(), |delivery| delivery.state.to_string()),
        ]
    });
    let heading = [
        "CREW",
        "NAME",
        "SAILS",
        "        PAY",
        "   GRATUITY",
        "ADJUSTMENTS",
        "      TOTAL",
        "YEAR TO DATE",
        "MAIL",
    ];
    let rows: Vec<_> = rows.collect();
    parts.push(match rows.is_empty() {
        true => format!("Nobody is paid anything in {month}."),
        false => table(heading, rows),
    });
    if only.is_some() {
        return parts.join("\n\n");
    }
    let totals = view.draft.totals();
    let currency = &config.pay.currency;
    parts.push(format!(
        "In all {} {currency} for {} charters, {} of it gratuities and {} adjustments; revenue {}, margin {}.",
        totals.paid, totals.charters, totals.gratuity, totals.adjustments, totals.gross_revenue, totals.margin
    ));
    for reader in [Reader::Owner, Reader::Office] {
        if let Some(delivery) = delivery(view, &reader) {
            parts.push(format!("Mail to {reader}: {}.", delivery.state));
        }
    }
    let open: Vec<[String; 4]> = view.draft.open().map(open).collect();
    if !open.is_empty() {
        let what = "Not paid yet, because something is missing (`crewcall charter figures` takes it):";
        parts.push(format!("{what}\n{}", table(["CHARTER", "DATE", "VESSEL", "MISSING"], open)));
    }
    let remarks: Vec<[String; 3]> = view.draft.accounts.iter().flat_map(remarks).collect();
    if !remarks.is_empty() {
        parts.push(format!("To be looked at:\n{}", table(["CHARTER", "DATE", "WHAT"], remarks)));
    }
    parts.join("\n\n")
}

fn standing(view: &MonthView, config: &Config) -> String {
    let month = view.books.month;
    match &view.books.approved {
        None => format!("{}: draft. Approve it with: {}", month.name(), command(config, month, "--approve")),
        Some(approval) => {
            let at = times::full(approval.at, &config.zone);
            format!("{}: approved on {at} by {}.", month.name(), approval.by)
        }
    }
}

fn delivery<'a>(view: &'a MonthView, reader: &Reader) -> Option<&'a Delivery> {
    view.deliveries.iter().find(|delivery| delivery.reader == *reader)
}

fn open(account: &Account) -> [String; 4] {
    let why: Vec<String> = account.open.iter().map(ToString::to_string).collect();
    [account.charter_id.to_string(), account.date.to_string(), account.vessel.clone(), why.join("; ")]
}

fn remarks(account: &Account) -> Vec<[String; 3]> {
    let row = |remark: &crewcall_dispatch::statement::Remark| {
        [account.charter_id.to_string(), account.date.to_string(), remark.to_string()]
    };
    account.remarks.iter().map(row).collect()
}

/// Mails that did not leave, or perhaps did, each with what to do.
pub(super) fn doubts(view: &MonthView) -> Vec<String> {
    let month = view.books.month;
    let doubt = |delivery: &Delivery| match &delivery.state {
        DeliveryState::Unknown { why } => Some(format!(
            "{}: {why}; find out whether it has arrived, then say so: crewcall statement settle {month} {} arrived (or again)",
            delivery.reader, delivery.reader
        )),
        DeliveryState::Refused { why } => {
            Some(format!("{}: {why}; correct that, then: crewcall statement {month} --send", delivery.reader))
        }
        DeliveryState::Queued | DeliveryState::Sent { .. } | DeliveryState::Arrived => None,
    };
    view.deliveries.iter().filter_map(doubt).collect()
}
