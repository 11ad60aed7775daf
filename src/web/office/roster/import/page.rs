//! The page on which a file is chosen, and the one that shows what it would change.

use crewcall_dispatch::limits;
use maud::{Markup, html};
use serde_json::Value;

use super::super::list::ways;
use super::super::person_at;
use super::upload::{DAYS, Preview, Refused, Upload};
use crate::web::base::at;
use crate::web::layout::scroll;

/// Lines of a preview; the rest is counted.
const SHOWN: usize = 1_000;

/// Where a file is chosen; `refused` is what is wrong with the last one.
pub(super) fn choose(refused: Option<&Refused>, done: Option<&str>) -> Markup {
    html! {
        h1 { "Import people" }
        (ways("/roster/import"))
        @if let Some(done) = done { p.news role="status" { (done) " " a href=(at("/roster")) { "To the roster" } } }
        @if let Some(refused) = refused { (why(refused)) }
        p { "A CSV, a JSON file or a workbook (.xlsx). You see what would change before anything is written." }
        form.filled method="post" enctype="multipart/form-data" action=(at("/roster/import")) {
            div.field { label for="file" { "File " span.small { "up to " (limits::UPLOAD_BYTES / (1024 * 1024)) " MB" } }
                input #file type="file" name="file" required accept=".csv,.json,.xlsx,text/csv,application/json"; }
            fieldset {
                legend { "Of a workbook take over" }
                label.tick { input type="radio" name="what" value="people" checked; "the people" }
                label.tick { input type="radio" name="what" value=(DAYS); "what people say of days" }
            }
            button { "See what would change" }
        }
        h2 { "What a file may have" }
        p { "A CSV changes only what it says: a column that is missing and a cell that is empty leave what the roster has. Its columns are "
            code { "crew_id, name, rank, cascade_order, email, phone, paired_crew" } ", a column for each date such as " code { "2026-06-27" }
            ", and one for each credential such as " code { "credentials.master" } ". Whoever is new needs an id, a name and a rank. A record of a JSON file replaces the whole record." }
    }
}

fn why(refused: &Refused) -> Markup {
    html! {
        div.problem role="alert" {
            (refused.what)
            @if !refused.lines.is_empty() { ul { @for line in &refused.lines { li { (line) } } @if refused.more > 0 { li { "and " (refused.more) " more like these" } } } }
        }
    }
}

/// What a file would change.
pub(super) fn preview(upload: &Upload, preview: &Preview, is_other: bool) -> Markup {
    let changes = &preview.changes;
    let counts = format!(
        "{} added, {} changed, {} unchanged",
        changes.added.len(),
        changes.changed.len(),
        changes.unchanged
    );
    html! {
        h1 { "Import " (upload.name) }
        (ways(""))
        @if is_other { p.problem role="alert" { "The roster was changed meanwhile. This is what the file would change now: look, then take it over." } }
        @if preview.is_empty() {
            p { "Everything is on the roster as the file has it: " (counts) "." }
            p { a href=(at("/roster")) { "To the roster" } " or " a href=(at("/roster/import")) { "choose another file" } }
        } @else {
            p { strong { (counts) } ". Nothing is written yet." }
            form method="post" action=(at("/roster/import/take")) {
                input type="hidden" name="name" value=(upload.name);
                input type="hidden" name="what" value=(if upload.days { DAYS } else { "people" });
                input type="hidden" name="digest" value=(preview.digest());
                input type="hidden" name="file" value=(upload.coded());
                div.controls { button { "Take it over" } a href=(at("/roster/import")) { "Leave the roster as it is" } }
            }
        }
        (notes("Good to know", &changes.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), changes.more_notes))
        (notes("Not read", &preview.asks, preview.more_asks))
        @if !preview.unknown.is_empty() { p { "Kept, but not read by crewcall: " (preview.unknown.join(", ")) ". Look whether one of them is misspelt." } }
        (added(preview))
        (changed(preview))
    }
}

fn notes(title: &str, lines: &[String], more: usize) -> Markup {
    html! {
        @if !lines.is_empty() {
            h2 { (title) }
            ul { @for line in lines { li { (line) } } @if more > 0 { li { "and " (more) " more like these" } } }
        }
    }
}

fn added(preview: &Preview) -> Markup {
    let added = &preview.changes.added;
    html! {
        @if !added.is_empty() {
            h2 { "Added " span.small { (added.len()) } }
            (scroll("Added", html! {
                table {
                    thead { tr { th scope="col" { "Id" } th scope="col" { "Name" } th scope="col" { "Rank" } th scope="col" { "Order" } th scope="col" { "E-mail" } th scope="col" { "Phone" } th scope="col" { "Days" } } }
                    tbody { @for member in added.iter().take(SHOWN) { tr {
                        td { (member.crew_id) }
                        td { (member.name) }
                        td { (member.rank) }
                        td { @if let Some(order) = member.cascade_order { (order) } }
                        td { @if let Some(email) = &member.email { (email) } }
                        td { @if let Some(phone) = &member.phone { (phone) } }
                        td { (member.availability.len()) }
                    } } }
                }
            }))
            @if added.len() > SHOWN { p { "and " (added.len() - SHOWN) " more" } }
        }
    }
}

fn changed(preview: &Preview) -> Markup {
    let changed = &preview.changes.changed;
    let lines: usize = changed.iter().map(|(_, changes)| changes.len()).sum();
    let line = changed.iter().flat_map(|(member, changes)| {
        changes.iter().enumerate().map(move |(at, change)| (member, at, change))
    });
    html! {
        @if !changed.is_empty() {
            h2 { "Changed " span.small { (changed.len()) } }
            (scroll("Changed", html! {
                table {
                    thead { tr { th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Now" } th scope="col" { "With the file" } } }
                    tbody { @for (member, at, change) in line.take(SHOWN) { tr {
                        td { @if at == 0 { a href=(person_at(&member.crew_id)) { (member.name) } } @else { span.unseen { (member.name) } } }
                        td { (change.field.strip_prefix("availability.").unwrap_or(&change.field)) }
                        td { (value(change.before.as_ref())) }
                        td { (value(change.after.as_ref())) }
                    } } }
                }
            }))
            @if lines > SHOWN { p { "and " (lines - SHOWN) " more" } }
        }
    }
}

/// A value as people would write it.
fn value(value: Option<&Value>) -> Markup {
    html! {
        @match value {
            None | Some(Value::Null) => span.small { "nothing" },
            Some(Value::String(text)) if text.is_empty() => span.small { "nothing" },
            Some(Value::String(text)) => (text),
            Some(Value::Array(list)) => (list.iter().map(|entry| entry.as_str().map_or_else(|| entry.to_string(), str::to_owned)).collect::<Vec<_>>().join(", ")),
            Some(other) => (other.to_string()),
        }
    }
}
