//! What of a month needs a look, on top and counted.

use crewcall_dispatch::model::{Amount, Month};
use crewcall_dispatch::statement::{Account, Open};
use maud::{Markup, html};

use super::month::Shown;
use super::{charter, mails, path};
use crate::times;
use crate::web::base::at;

/// So many things of one kind stand open; more are folded away, so that the table is not far below.
const UNFOLDED: usize = 5;

/// Things of one kind.
struct Group {
    title: &'static str,
    items: Vec<Markup>,
}

/// Everything that needs a look; nothing if there is nothing.
pub(super) fn render(shown: &Shown<'_>) -> Markup {
    let view = shown.view;
    let groups: Vec<Group> = groups(shown).into_iter().filter(|group| !group.items.is_empty()).collect();
    let count: usize = groups.iter().map(|group| group.items.len()).sum();
    let still_out = view.draft.accounts.iter().filter(|account| is_out(account)).count();
    html! {
        @if count > 0 {
            section.needs aria-label="What needs a look" {
                p { strong.bad { "! " (count) @if count == 1 { " needs a look" } @else { " need a look" } } }
                @for group in &groups {
                    details open[group.items.len() <= UNFOLDED] {
                        summary { (group.title) " (" (group.items.len()) ")" }
                        ul { @for item in &group.items { li { (item) } } }
                    }
                }
            }
        }
        @if still_out > 0 {
            p.small { "Not back yet, and not paid before: " (still_out) @if still_out == 1 { " charter." } @else { " charters." } }
        }
        @if view.is_approved() { (left_open(shown)) }
    }
}

fn groups(shown: &Shown<'_>) -> Vec<Group> {
    let (view, draft) = (shown.view, &shown.view.draft);
    let month = view.books.month;
    let mut groups = Vec::new();
    // Of a month that is approved the charters and totals stand as they were; its mails go on.
    if !view.is_approved() {
        let missing = draft.accounts.iter().filter(|account| !account.open.is_empty() && !is_out(account));
        let remarked =
            draft.still_open.iter().chain(draft.accounts.iter().filter(|account| !is_out(account)));
        let remarked = remarked.filter(|account| !account.remarks.is_empty());
        let below = draft.statements.iter().filter(|statement| statement.total() < Amount::ZERO);
        groups.extend([
            Group { title: "Not paid yet: something is missing", items: missing.map(open).collect() },
            Group {
                title: "Open still from earlier months",
                items: draft.still_open.iter().map(open).collect(),
            },
            Group { title: "To be looked at", items: remarked.map(remarks).collect() },
            Group {
                title: "Totals below nothing",
                items: below
                    .map(|statement| {
                        html! {
                            (person(month, &statement.crew_id, &statement.name)) ": " (statement.total())
                            ", more taken off than there is to be paid; it is carried over to the next month"
                        }
                    })
                    .collect(),
            },
        ]);
    }
    let doubts = view.deliveries.iter().filter_map(|delivery| mails::doubt(view, delivery));
    groups.push(Group { title: "Mails", items: doubts.collect() });
    let silent = shown.without_address.iter().filter_map(|crew_id| draft.of(crew_id));
    let silent = silent.map(|statement| {
        html! {
            (person(month, &statement.crew_id, &statement.name))
            " has no e-mail address on the " a href=(at("/roster")) { "roster" }
            "; bring it with the office's sheet or an import, or hand the workbook over"
        }
    });
    groups.push(Group { title: "Without an e-mail address", items: silent.collect() });
    groups
}

/// What was left out of a month when it was approved.
fn left_open(shown: &Shown<'_>) -> Markup {
    let left: Vec<&Account> = shown.view.draft.open().collect();
    html! {
        @if !left.is_empty() {
            details {
                summary { "Not paid when it was approved (" (left.len()) ")" }
                p.small { "What was missing then. Once it is there, it comes with the next month that is approved." }
                ul { @for account in left { li { (open(account)) } } }
            }
        }
    }
}

/// A charter that still sails needs nothing.
pub(super) fn is_out(account: &Account) -> bool {
    account.open.contains(&Open::NotBack)
}

fn named(account: &Account) -> Markup {
    html! {
        (charter(&account.charter_id, &account.vessel)) ", " (account.date) " "
        span.small { (account.charter_id) }
    }
}

fn open(account: &Account) -> Markup {
    let why: Vec<String> = account.open.iter().map(ToString::to_string).collect();
    html! { (named(account)) ": " (why.join("; ")) }
}

fn remarks(account: &Account) -> Markup {
    let what: Vec<String> = account.remarks.iter().map(ToString::to_string).collect();
    html! { (named(account)) ": " (times::capital(&what.join("; "))) }
}

/// A person, leading to their statement.
pub(super) fn person(month: Month, crew_id: &crewcall_dispatch::model::CrewId, name: &str) -> Markup {
    html! { a href={ (path(month)) "/crew/" (crew_id) } { (name) } }
}
