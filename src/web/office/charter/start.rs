//! Before a call begins: what that does, and the very mail that leaves first.

use crewcall_dispatch::cascade::{CharterState, Preview};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::first_mail::FirstMail;
use super::{change, plan};
use crate::times;
use crate::web::base::at;
use crate::web::error::refusal;
use crate::words::Names;

/// The page with the button that begins it.
pub(super) fn render(
    state: &CharterState,
    preview: &Preview,
    mail: &FirstMail,
    names: &Names,
    zone: &TimeZone,
) -> Markup {
    let id = &state.charter.charter_id;
    let again = state.call.is_some();
    html! {
        h1 { @if again { "Ask again from the top?" } @else { "Start the call?" } }
        p { (state.charter.vessel) ", " (times::day(state.charter.departs_at, zone)) ". Nothing is changed yet." }
        div.controls {
            form method="post" action=(at(format_args!("/charters/{id}/start"))) { button { "Start calling" } }
            a href=(at(format_args!("/charters/{id}"))) { "Leave it as it is" }
        }
        (change::at_once(preview, names, zone))
        (mail.render(&at(format_args!("/charters/{id}/start/mail"))))
        (plan::render(&preview.state, &preview.after.clone().map_err(|rejection| refusal(&rejection)), names, zone))
    }
}
