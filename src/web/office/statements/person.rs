//! One person's statement, so that a question on the phone is answered without a workbook.

use crewcall_dispatch::model::Amount;
use crewcall_dispatch::statement::{Line, Reader, Statement};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::adjustments::why;
use super::month::or_dash;
use super::{charter, mails, path};
use crate::operator::Operator;
use crate::statement::MonthView;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::workbook::pay::accepted_words;

/// Which columns have anything in them: few operators pay in every way.
struct Columns {
    worked: bool,
    hourly: bool,
    flat: bool,
    share: bool,
}

impl Columns {
    fn of(statement: &Statement) -> Self {
        let lines = &statement.lines;
        Self {
            worked: lines.iter().any(|line| line.worked.is_some()),
            hourly: lines.iter().any(|line| line.hourly.is_some()),
            flat: lines.iter().any(|line| !line.parts.flat.is_zero()),
            share: lines.iter().any(|line| line.share.is_some()),
        }
    }
}

/// The whole page.
pub(super) fn render(view: &MonthView, statement: &Statement, operator: &Operator) -> Markup {
    let month = statement.month;
    let chip = if view.is_approved() { ("yes", "✓ approved") } else { ("open", "draft") };
    let reader = Reader::Crew(statement.crew_id.clone());
    html! {
        p.months { a href=(path(month)) { "← All of " (month.name()) } }
        h1 { (statement.name) ", " (month.name()) " " span class={ "chip " (chip.0) } { (chip.1) } }
        dl.facts {
            dt { "Person" } dd { (statement.crew_id) }
            dt { "Sails" } dd { (statement.sails().total()) " " span.small { (statement.lines.len()) @if statement.lines.len() == 1 { " sail" } @else { " sails" } } }
            dt { "Adjustments" } dd { (statement.adjusted()) }
            dt { "To be paid" } dd { strong { (statement.paid()) " " (operator.pay.currency) } }
            @if statement.total() < Amount::ZERO {
                dt { "Carried over" } dd.bad { (statement.total()) ", more taken off than there is to be paid" }
            }
            dt { "Earlier this year" } dd { (statement.earlier_this_year) }
            dt { "Year to date" } dd { (statement.year_to_date()) }
            dt { "Last month" } dd { (or_dash(statement.last_month)) }
            dt { "Mail" } dd {
                (mails::state(view, &reader))
                @if let Some(doubt) = view.delivery(&reader).and_then(|delivery| mails::doubt(view, delivery)) {
                    div { (doubt) }
                } @else {
                    (mails::send_one(view, &statement.crew_id))
                }
            }
        }
        h2 { "Sails" }
        (lines(statement, &operator.zone))
        @if !statement.rules.is_empty() {
            h2 { "Rules" }
            ol.rules { @for rule in &statement.rules { li { (rule) } } }
        }
        @if !statement.adjustments.is_empty() {
            h2 { "Adjustments" }
            (scroll("Adjustments", html! {
                table.pay {
                    thead { tr { th.num { "Amount" } th { "Why" } } }
                    tbody {
                        @for adjustment in &statement.adjustments {
                            tr { td.num { (adjustment.amount) } td.why { (why(adjustment)) } }
                        }
                    }
                    tfoot { tr { td.num { (statement.adjusted()) } td { "in all" } } }
                }
            }))
        }
        @if !statement.open.is_empty() {
            h2 { "Not paid yet" }
            p.small { "Figures of these are missing; they come with a later month." }
            ul { @for one in &statement.open { li { (charter(&one.charter_id, &one.vessel)) ", " (one.date) } } }
        }
        p { a href={ (path(month)) "/crew/" (statement.crew_id) "/statement.xlsx" } { "The workbook" } ", as it is mailed" }
    }
}

fn lines(statement: &Statement, zone: &TimeZone) -> Markup {
    let (columns, sum) = (Columns::of(statement), statement.sails());
    html! {
        @if statement.lines.is_empty() {
            p { "No sails in this month." }
        } @else {
            (scroll("Sails", html! {
                table.pay {
                    thead {
                        tr {
                            th { "Date" } th { "Charter" } th { "Position" }
                            @if columns.worked { th.num { "Worked (h)" } }
                            @if columns.hourly { th.num { "Paid (h)" } th.num { "Rate" } th.num { "By the hour" } }
                            @if columns.flat { th.num { "Per sail" } }
                            @if columns.share { th.num { "Share" } }
                            th.num { "Gratuity" } th.num { "Total" } th { "Rule" } th { "Accepted" }
                        }
                    }
                    tbody { @for line in &statement.lines { (row(line, &columns, zone)) } }
                    tfoot {
                        tr {
                            th { "In all" } td {} td {}
                            @if columns.worked { td {} }
                            @if columns.hourly { td {} td {} td.num { (sum.hourly) } }
                            @if columns.flat { td.num { (sum.flat) } }
                            @if columns.share { td.num { (sum.share) } }
                            td.num { (sum.gratuity) } td.num { strong { (sum.total()) } } td {} td {}
                        }
                    }
                }
            }))
        }
    }
}

fn row(line: &Line, columns: &Columns, zone: &TimeZone) -> Markup {
    let rules: Vec<String> = line.rules.iter().map(u16::to_string).collect();
    html! {
        tr {
            td.time { (line.date) }
            td { (charter(&line.charter_id, &line.vessel)) br; span.small { (line.charter_id) } }
            td { (line.position) }
            @if columns.worked { td.num { @match line.worked { Some(worked) => (worked), None => "–" } } }
            @if columns.hourly {
                @match line.hourly {
                    Some(hourly) => { td.num { (hourly.paid) } td.num { (hourly.rate) } td.num { (line.parts.hourly) } }
                    None => { td.num { "–" } td.num { "–" } td.num { "–" } }
                }
            }
            @if columns.flat { td.num { (line.parts.flat) } }
            @if columns.share {
                td.num {
                    @match line.share {
                        Some(share) => { (line.parts.share) br; span.small { (share.part) " of " (share.base) } }
                        None => "–",
                    }
                }
            }
            td.num { (line.parts.gratuity) }
            td.num { strong { (line.parts.total()) } }
            td { (rules.join(", ")) }
            td.accepted {
                @if let Some(yes) = &line.accepted {
                    (accepted_words(yes.how)) " "
                    (times::full(yes.at, zone)) br;
                    span.small { (yes.via) ", " a href=(at(format_args!("/charters/{}#event-{}", line.charter_id, yes.seq))) { "event " (yes.seq) } }
                }
            }
        }
    }
}
