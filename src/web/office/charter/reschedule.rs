//! The office changes a charter: a form, then a page that shows what would follow, then the change itself.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Command, Preview};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Charter, Fault, PositionNeed, Rank, Rescheduling};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::add::in_words;
use super::super::filled::{SEATS, seats_field};
use super::change;
use crate::operator::Operator;
use crate::times;
use crate::web::PageError;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::words::{Names, changes};

/// What the form asks for, as it came: an empty field is one that stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Form {
    departs_at: String,
    returns_at: String,
    call_time: String,
    vessel: String,
    dock: String,
    guests: String,
    gross_revenue: String,
    /// `captain=1, deckhand=3`
    seats: String,
    /// The number of each position has a field of its own: `seats.deckhand`.
    #[serde(flatten)]
    of_positions: BTreeMap<String, String>,
    /// The charter on the page that was looked at, as JSON.
    from: String,
}

impl Form {
    /// The command that the form stands for.
    pub(super) fn command(&self, charter: &Charter, zone: &TimeZone) -> Result<Command, PageError> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let guests = given(&self.guests).map(|guests| guests.parse::<u32>());
        let change = Rescheduling {
            vessel: given(&self.vessel),
            departs_at: given(&self.departs_at),
            returns_at: given(&self.returns_at),
            call_time: given(&self.call_time),
            dock: given(&self.dock),
            guests: guests.transpose().map_err(|_| bad("Write the guests as a whole number such as 6."))?,
            gross_revenue: given(&self.gross_revenue),
            positions: self.positions()?,
        };
        let faults = |faults: Vec<Fault>| {
            let faults: Vec<String> = faults
                .iter()
                .map(|fault| format!("{}: {}.", label(&fault.field), in_words(&fault.problem)))
                .collect();
            bad(&faults.join(" "))
        };
        let from = match self.from.as_str() {
            "" => charter.clone(),
            shown => {
                serde_json::from_str(shown).map_err(|_| bad("Go back to the charter, and change it anew."))?
            }
        };
        // What is left out stays as it was on that page.
        let to = change.apply(&from, zone).map_err(faults)?;
        Ok(Command::Change { from: Box::new(from), to: Box::new(to) })
    }

    fn positions(&self) -> Result<Vec<PositionNeed>, PageError> {
        let mut positions = seats(&self.seats)?;
        for (name, number) in &self.of_positions {
            let Some(position) = name.strip_prefix(SEATS).filter(|_| !number.trim().is_empty()) else {
                continue;
            };
            let (Ok(position), Ok(quantity)) = (position.parse(), number.trim().parse()) else {
                return Err(bad(&format!("Write the seats of {position} as a whole number such as 2.")));
            };
            positions.push(PositionNeed { position, quantity });
        }
        Ok(positions)
    }
}

/// What stands beside a field.
fn label(field: &str) -> &str {
    match field {
        "departs_at" => "Departs",
        "returns_at" => "Returns",
        "call_time" => "Call time",
        "vessel" => "Vessel",
        "dock" => "Dock",
        "gross_revenue" => "Revenue",
        "positions" => "Seats",
        field => field,
    }
}

fn bad(words: &str) -> PageError {
    PageError::BadRequest(words.to_owned())
}

/// What was shown before the change is made, as it came back with that.
fn seats(text: &str) -> Result<Vec<PositionNeed>, PageError> {
    let seats = text.split(',').map(str::trim).filter(|seat| !seat.is_empty());
    let read = seats.map(|seat| {
        let wrong = || bad("Go back to the charter, and change it anew.");
        let (position, quantity) = seat.split_once('=').ok_or_else(wrong)?;
        let quantity = quantity.trim().parse().map_err(|_| wrong())?;
        Ok(PositionNeed { position: position.trim().parse().map_err(|_| wrong())?, quantity })
    });
    read.collect()
}

fn seats_of(charter: &Charter) -> String {
    let needs = charter.positions.iter().map(|need| format!("{}={}", need.position, need.quantity));
    needs.collect::<Vec<_>>().join(", ")
}

/// The form, folded up. Each field shows what is, and is left empty where that stays.
pub(super) fn form(charter: &Charter, operator: &Operator) -> Markup {
    let zone = &operator.zone;
    let now = |rank: &Rank| {
        let need = charter.positions.iter().find(|need| need.position == *rank);
        need.map_or(0, |need| need.quantity)
    };
    let time = |name: &str, label: &str, at: Timestamp| {
        html! {
            label { (label) " (now " (times::full(at, zone)) ") " input type="datetime-local" name=(name); }
        }
    };
    let text = |name: &str, label: &str, now: &str| {
        html! { label { (label) " " input name=(name) placeholder=(now); } }
    };
    let revenue = charter.gross_revenue.map_or_else(String::new, |revenue| revenue.to_string());
    html! {
        details {
            summary { "Change this charter…" }
            form.fields method="get" action=(at(format_args!("/charters/{}/reschedule", charter.charter_id))) {
                p { "Fill in what changes. Return and call time move along with the departure if they are left empty." }
                (time("departs_at", "Departs", charter.departs_at))
                (time("returns_at", "Returns", charter.returns_at))
                (time("call_time", "Call time", charter.call_time))
                (text("vessel", "Vessel", &charter.vessel))
                (text("dock", "Dock", &charter.dock))
                (text("guests", "Guests", &charter.guests.to_string()))
                (text("gross_revenue", "Revenue", &revenue))
                @for rank in &operator.ranks {
                    label {
                        "Seats: " (rank) " "
                        input type="number" min="0" max=(limits::SEATS) name=(seats_field(rank)) placeholder=(now(rank));
                    }
                }
                button.quiet { "See what that would do" }
            }
        }
    }
}

/// What would be otherwise, who would be asked to confirm, and the button that makes the change. `mail` is that to whoever
/// is asked first by it.
pub(super) fn render(
    state: &CharterState,
    preview: &Preview,
    mail: Option<Markup>,
    names: &Names,
    zone: &TimeZone,
) -> Markup {
    let (old, new) = (&state.charter, &preview.state.charter);
    let changes = changes::of_charter(old, new, zone);
    let confirm: Vec<&str> = preview.state.reconfirming().map(|offer| names.get(&offer.crew_id)).collect();
    let gone: Vec<String> = old
        .positions
        .iter()
        .filter(|need| !new.positions.iter().any(|kept| kept.position == need.position))
        .map(|need| format!("{}=0", need.position))
        .collect();
    let seats = gone.into_iter().fold(seats_of(new), |seats, gone| format!("{seats}, {gone}"));
    html! {
        h1 { "Change " (old.vessel) ", " (times::day(old.departs_at, zone)) "?" }
        p { "Nothing is changed yet." }
        @if changes.is_empty() {
            p { "Everything is like that already." }
        } @else {
            (scroll("What changes", html! {
                table {
                    thead { tr { th { "" } th { "Now" } th { "With the change" } } }
                    tbody {
                        @for change in &changes { tr { td { (change.what) } td { (change.was) } td { (change.is) } } }
                    }
                }
            }))
        }
        @if !confirm.is_empty() {
            p { "Aboard, and asked by mail to confirm: " (confirm.join(", ")) "." }
        }
        div.controls {
            @if !changes.is_empty() {
                form method="post" action=(at(format_args!("/charters/{}/reschedule", old.charter_id))) {
                    input type="hidden" name="from" value=(serde_json::to_string(old).unwrap_or_default());
                    input type="hidden" name="departs_at" value=(new.departs_at);
                    input type="hidden" name="returns_at" value=(new.returns_at);
                    input type="hidden" name="call_time" value=(new.call_time);
                    input type="hidden" name="vessel" value=(new.vessel);
                    input type="hidden" name="dock" value=(new.dock);
                    input type="hidden" name="guests" value=(new.guests);
                    @if let Some(revenue) = new.gross_revenue {
                        input type="hidden" name="gross_revenue" value=(revenue);
                    }
                    input type="hidden" name="seats" value=(seats);
                    button { "Change the charter" }
                }
            }
            a href=(at(format_args!("/charters/{}", old.charter_id))) { "Leave it as it is" }
        }
        (change::at_once(preview, names, zone))
        @if let Some(mail) = mail { (mail) }
        (change::beside(state, preview, names, zone))
    }
}
