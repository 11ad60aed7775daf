//! A month as the command line shows it.

use crewcall_dispatch::model::{Amount, CrewId, Month};
use crewcall_dispatch::statement::{Account, Adjustment, Changed, Reader, Statement, Why};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::output::table;
use super::command;
use crate::config::Config;
use crate::statement::{Delivery, DeliveryState, MonthView};
use crate::times;
use crate::words;

/// What whoever approves for the first time has to know.
const FIRST: &str = "\nIt would be the first: what sailed in months before it counts as paid elsewhere.";

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
        shown["changed"] = json!(draft.changed);
        shown["entries"] = json!(view.books.entries);
    }
    shown
}

fn statements<'a>(view: &'a MonthView, only: Option<&'a CrewId>) -> impl Iterator<Item = &'a Statement> {
    let wanted = move |statement: &&Statement| only.is_none_or(|only| *only == statement.crew_id);
    view.draft.statements.iter().filter(wanted)
}

/// As people read it.
pub(super) fn text(view: &MonthView, only: Option<&CrewId>, config: &Config, now: Timestamp) -> String {
    let month = view.books.month;
    let mut parts = vec![standing(view, config, now)];
    parts.extend(view.also_in().map(|next| {
        format!(
            "What is owed for earlier months stands in the draft of {}, too, and is paid once: with the first of them that is approved.",
            next.name()
        )
    }));
    let rows = statements(view, only).map(|statement| {
        let sails = statement.sails();
        let mail = view.delivery(&Reader::Crew(statement.crew_id.clone()));
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
        "In all {} {currency} for {}, {} of it gratuities and {} adjustments; revenue {}, margin {}{}.",
        totals.paid,
        counted(totals.charters, "charter", "charters"),
        view.draft.gratuities(),
        totals.adjustments,
        totals.gross_revenue,
        totals.margin,
        if view.draft.accounts.iter().all(|account| account.open.is_empty()) {
            ""
        } else {
            " of what is paid"
        },
    ));
    for reader in [Reader::Owner, Reader::Office] {
        if let Some(delivery) = view.delivery(&reader) {
            parts.push(format!("Mail to {}: {}.", whom(&reader), delivery.state));
        }
    }
    let adjustments: Vec<[String; 3]> = view.draft.statements.iter().flat_map(adjustments).collect();
    if !adjustments.is_empty() {
        parts.push(format!("Adjustments:\n{}", table(["CREW", "     AMOUNT", "WHY"], adjustments)));
    }
    let changed: Vec<[String; 5]> = view.draft.changed.iter().map(changed).collect();
    if !changed.is_empty() {
        let what = "Charters of earlier months, by how much they are otherwise since they were told:";
        parts.push(format!("{what}\n{}", table(["CHARTER", "DATE", "REVENUE", "CREW", "MARGIN"], changed)));
    }
    let below = view.draft.statements.iter().filter(|statement| statement.total() < Amount::ZERO);
    parts.extend(below.map(|statement| {
        let (name, carried) = (&statement.name, -statement.total());
        format!(
            "{name} is paid nothing: {carried} more was taken off, which is carried over to the next month."
        )
    }));
    let open: Vec<[String; 4]> = view.draft.open().map(open).collect();
    if !open.is_empty() {
        let what = "Not paid yet, because something is missing (`crewcall charter figures` takes it):";
        parts.push(format!("{what}\n{}", table(["CHARTER", "DATE", "VESSEL", "MISSING"], open)));
    }
    let accounts = view.draft.still_open.iter().chain(&view.draft.accounts);
    let remarks: Vec<[String; 3]> = accounts.flat_map(remarks).collect();
    if !remarks.is_empty() {
        parts.push(format!("To be looked at:\n{}", table(["CHARTER", "DATE", "WHAT"], remarks)));
    }
    parts.join("\n\n")
}

fn standing(view: &MonthView, config: &Config, now: Timestamp) -> String {
    let month = view.books.month;
    let name = month.name();
    let later = view.approved.last().filter(|last| **last > month);
    match (&view.books.approved, later) {
        (Some(approval), _) => {
            let at = times::full(approval.at, &config.zone);
            let next = match view.deliveries.is_empty() {
                true => format!(" Send it with: {}", command(config, month, "--send")),
                false => String::new(),
            };
            format!("{name}: approved on {at} by {}.{next}", approval.by)
        }
        (None, Some(_)) if view.approved.first().is_some_and(|first| month < *first) => {
            format!(
                "{name}: was paid elsewhere. What sailed before the first month that is approved is not paid here."
            )
        }
        (None, Some(later)) => {
            format!(
                "{name}: was passed over. {later} is approved, so what it still owes comes with a later month."
            )
        }
        (None, None) if Month::of(config.zone.to_datetime(now).date()) <= month => {
            format!("{name}: draft. It can be approved once it is over.")
        }
        (None, None) => {
            let first = if view.approved.is_empty() { FIRST } else { "" };
            format!("{name}: draft. Approve it with: {}{first}", command(config, month, "--approve"))
        }
    }
}

/// `1 charter`, `2 charters`
pub(super) fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Whose mail it is, as people read it.
pub(super) fn whom(reader: &Reader) -> &str {
    match reader {
        Reader::Crew(crew_id) => crew_id.as_str(),
        Reader::Owner => "the owner",
        Reader::Office => "the office",
    }
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

fn adjustments(statement: &Statement) -> Vec<[String; 3]> {
    let row = |adjustment: &Adjustment| {
        let why = match &adjustment.why {
            Why::ByHand { no, reason, by, .. } => format!("entry {no}: {reason} ({by})"),
            Why::CarriedOver { from } => format!("carried over from {from}"),
            Why::Later { charter_id, date, .. } => {
                format!("{charter_id} of {date} {}", words::owed(adjustment))
            }
        };
        [statement.crew_id.to_string(), format!("{:>11}", adjustment.amount), why]
    };
    statement.adjustments.iter().map(row).collect()
}

fn changed(changed: &Changed) -> [String; 5] {
    let Account { charter_id, date, .. } = &changed.now;
    let revenue = changed.by(|account| account.gross_revenue.map(Amount::from));
    let crew = changed.by(|account| Some(account.crew_cost));
    let margin = changed.by(Account::margin);
    [charter_id.to_string(), date.to_string(), revenue.to_string(), crew.to_string(), margin.to_string()]
}

/// Mails that did not leave, or perhaps did, each with what to do.
pub(super) fn doubts(view: &MonthView, only: Option<&CrewId>, config: &Config) -> Vec<String> {
    let month = view.books.month;
    let doubt = |delivery: &Delivery| match &delivery.state {
        DeliveryState::Unknown { why } => Some(format!(
            "{}: {why}; find out whether it has arrived, then say so: {} (or again)",
            whom(&delivery.reader),
            config.command(&format!("statement settle {month} {} arrived", delivery.reader))
        )),
        DeliveryState::Refused { why } => {
            let send = command(config, month, "--send");
            Some(format!("{}: {why}; correct that, then: {send}", whom(&delivery.reader)))
        }
        DeliveryState::Queued | DeliveryState::Sent { .. } | DeliveryState::Arrived => None,
    };
    let wanted = |delivery: &&Delivery| only.is_none() || delivery.reader.crew_id() == only;
    view.deliveries.iter().filter(wanted).filter_map(doubt).collect()
}
