//! The page of a month: how it stands, its people and its charters.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, CrewId, CrewMember, Month};
use crewcall_dispatch::statement::{Account, Reader, Statement};
use maud::{Markup, html};

use super::needs::{self, person};
use super::{adjustments, charter, mails, path};
use crate::operator::Operator;
use crate::statement::MonthView;
use crate::times;
use crate::web::layout::scroll;

/// A month with what its page needs beside it.
pub(super) struct Shown<'a> {
    pub(super) view: &'a MonthView,
    pub(super) operator: &'a Operator,
    /// Everyone who may be given a bonus; nobody once it is approved.
    pub(super) roster: &'a [CrewMember],
    /// Those with a statement to whom no mail can go.
    pub(super) without_address: Vec<CrewId>,
    /// The mails that are to go out and have not.
    pub(super) unsent: Vec<Reader>,
    pub(super) is_over: bool,
    /// The key of the form for a bonus.
    pub(super) key: &'a str,
}

impl Shown<'_> {
    /// The whole page.
    pub(super) fn render(&self) -> Markup {
        let view = self.view;
        let month = view.books.month;
        let chip = if view.is_approved() { ("yes", "✓ approved") } else { ("open", "draft") };
        html! {
            h1 { "Pay for " (month.name()) " " span class={ "chip " (chip.0) } { (chip.1) } }
            (neighbours(month))
            (needs::render(self))
            (self.standing())
            h2 { "People" }
            (self.people())
            h2 { "Charters" }
            (self.charters())
            (adjustments::render(self))
            h2 { "Files" }
            ul {
                li { a href={ (path(month)) "/owner.xlsx" } { "The owner's workbook" } ", with a tab for each charter" }
                li { a href={ (path(month)) "/payroll.csv" } { "A table for payroll programs" } " (CSV)" }
            }
            p.small { "Amounts in " (self.operator.pay.currency) ". Each person's name leads to their statement, and to its workbook." }
        }
    }

    /// How the month stands, and the button that takes it further.
    fn standing(&self) -> Markup {
        let view = self.view;
        let month = view.books.month;
        let later = view.approved.last().filter(|last| **last > month);
        html! {
            @if let Some(next) = view.also_in() {
                p.small {
                    "What is owed for earlier months stands in the draft of " a href=(path(next)) { (next.name()) }
                    ", too, and is paid once: with the first of them that is approved."
                }
            }
            @match (&view.books.approved, later) {
                (Some(approval), _) => {
                    p { "Approved on " (times::full(approval.at, &self.operator.zone)) " by " (approval.by) ". It is locked: what changes from now on comes with a later month." }
                    div.controls { (mails::send_all(month, &self.unsent)) }
                }
                (None, Some(_)) if view.approved.first().is_some_and(|first| month < *first) => {
                    p { "Paid elsewhere: what sailed before the first month that is approved is not paid here." }
                }
                (None, Some(later)) => {
                    p { (later.name()) " was approved already, so what is still owed for this month comes with one after that." }
                }
                (None, None) if !self.is_over => {
                    p { "A draft, worked out anew whenever somebody looks. The month can be approved from " (month.plus(1).first().strftime("%-d %B %Y")) " on." }
                }
                (None, None) => {
                    p {
                        "A draft, worked out anew whenever somebody looks. Approved, it is locked, and the statements can be sent."
                        @if view.approved.is_empty() { " It would be the first: what sailed in months before it counts as paid elsewhere." }
                    }
                    form method="post" action={ (path(month)) "/approve" } {
                        input type="hidden" name="seen" value=(view.digest);
                        button { "Approve this month" }
                    }
                }
            }
        }
    }

    fn people(&self) -> Markup {
        let view = self.view;
        let draft = &view.draft;
        let statements = &draft.statements;
        let sum = |of: &dyn Fn(&Statement) -> Amount| -> Amount { statements.iter().map(of).sum() };
        let (total, paid) = (sum(&Statement::total), sum(&Statement::paid));
        let last = draft.last_month.map(|last| last.paid);
        html! {
            @if statements.is_empty() {
                p { "Nobody is paid anything in " (view.books.month.name()) "." }
            } @else {
                (scroll("People", html! {
                    table.pay {
                        thead {
                            tr {
                                th { "Name" } th.num { "Sails" } th.num { "Pay" } th.num { "Gratuity" } th.num { "Adjustments" }
                                th.num { "Total" } th.num { "Year to date" } th.num { "Last month" } th.num { "Change" } th { "Mail" }
                            }
                        }
                        tbody { @for statement in statements { (self.row(statement)) } }
                        tfoot {
                            tr {
                                th { (statements.len()) @if statements.len() == 1 { " person" } @else { " people" } }
                                td.num { (statements.iter().map(|statement| statement.lines.len()).sum::<usize>()) }
                                td.num { (sum(&|statement| statement.sails().wage())) }
                                td.num { (sum(&|statement| statement.sails().gratuity)) }
                                td.num { (sum(&Statement::adjusted)) }
                                td.num { strong { (total) } (paid_beside(total, paid)) }
                                // Of the year only those are here who have a statement this month.
                                td {}
                                td.num { (or_dash(last)) }
                                td.num { (change(paid, last)) }
                                td {}
                            }
                        }
                    }
                }))
            }
            @if view.is_approved() {
                @let owner = self.operator.pay.owner.as_ref().map(|_| Reader::Owner);
                dl.facts {
                    @for reader in owner.into_iter().chain([Reader::Office]) {
                        dt { "Mail to " (mails::whom(view, &reader)) } dd { (mails::state(view, &reader)) }
                    }
                }
            }
        }
    }

    fn row(&self, statement: &Statement) -> Markup {
        let view = self.view;
        let (sails, total) = (statement.sails(), statement.total());
        html! {
            tr {
                td { (person(statement.month, &statement.crew_id, &statement.name)) }
                td.num { (statement.lines.len()) }
                td.num { (sails.wage()) }
                td.num { (sails.gratuity) }
                td.num { (signed(statement.adjusted())) }
                td.num { strong.bad[(total < Amount::ZERO)] { (total) } (paid_beside(total, statement.paid())) }
                td.num { (statement.year_to_date()) }
                td.num { (or_dash(statement.last_month)) }
                td.num { (change(statement.paid(), statement.last_month)) }
                td {
                    (mails::state(view, &Reader::Crew(statement.crew_id.clone())))
                    // Before anything was sent, one button for all is enough.
                    @if !view.deliveries.is_empty() { (mails::send_one(view, &statement.crew_id)) }
                }
            }
        }
    }

    fn charters(&self) -> Markup {
        let (month, draft) = (self.view.books.month, &self.view.draft);
        let totals = draft.totals();
        html! {
            @if draft.accounts.is_empty() {
                p { "No charter sails in " (month.name()) "." }
            } @else {
                (scroll("Charters", html! {
                    table.pay {
                        thead {
                            tr {
                                th { "Date" } th { "Charter" } th.num { "Revenue" } th.num { "Fee" } th.num { "Crew" }
                                th.num { "Margin" } th.num { "Gratuity" }
                            }
                        }
                        tbody { @for account in &draft.accounts { (charter_row(account, self.view.is_approved())) } }
                        tfoot {
                            tr {
                                th colspan="2" { (totals.charters) @if totals.charters == 1 { " charter" } @else { " charters" } }
                                td.num { (totals.gross_revenue) } td.num { (totals.channel_fee) } td.num { (totals.crew_cost) }
                                td.num { (totals.margin) } td.num { (totals.gratuity) }
                            }
                        }
                    }
                }))
                p.small {
                    "The gratuity is the guests', so it is no part of what the crew costs."
                    @if draft.accounts.iter().any(|account| !account.open.is_empty()) {
                        " What is not paid yet has no margin, and is not in the sum of margins."
                    }
                }
            }
        }
    }
}

fn charter_row(account: &Account, is_approved: bool) -> Markup {
    let is_open = !account.open.is_empty();
    html! {
        tr {
            td.time { (account.date) }
            td {
                (charter(&account.charter_id, &account.vessel)) br;
                span.small { (account.charter_id) }
                @if needs::is_out(account) { br; span.small { "not back yet" } }
                @else if is_open && is_approved { br; span.small { "not paid in this month" } }
                @else if is_open { br; strong.bad { "! not paid yet" } }
            }
            td.num { (or_dash(account.gross_revenue.map(Amount::from))) }
            td.num { (or_dash(account.channel_fee.map(Amount::from))) }
            td.num { (or_dash((!is_open).then_some(account.crew_cost))) }
            td.num { (or_dash(account.margin())) }
            td.num { (or_dash(account.gratuity.map(Amount::from))) }
        }
    }
}

/// The months beside this one, as far as there are any.
fn neighbours(month: Month) -> Markup {
    let there = |month: &Month| limits::YEARS.contains(&month.year());
    html! {
        p.months {
            @if let Some(before) = Some(month.plus(-1)).filter(there) { a href=(path(before)) rel="prev" { "← " (before.name()) } }
            @if let Some(after) = Some(month.plus(1)).filter(there) { a href=(path(after)) rel="next" { (after.name()) " →" } }
        }
    }
}

pub(super) fn or_dash(amount: Option<Amount>) -> Markup {
    html! { @match amount { Some(amount) => (amount), None => "–" } }
}

/// What is paid, where that is not the total: what is below nothing is carried over.
fn paid_beside(total: Amount, paid: Amount) -> Markup {
    html! { @if paid != total { br; span.small { "paid " (paid) } } }
}

/// What is nothing shows as nothing.
fn signed(amount: Amount) -> Markup {
    html! { @if amount.is_zero() { "–" } @else { (amount) } }
}

fn change(total: Amount, last: Option<Amount>) -> Markup {
    let change = last.map(|last| total - last);
    html! {
        @match change {
            Some(change) if change > Amount::ZERO => { "+" (change) }
            Some(change) => (change),
            None => "–",
        }
    }
}
