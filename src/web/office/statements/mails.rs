//! How the mails of a month stand, and the buttons that send them.

use crewcall_dispatch::model::{CrewId, Month};
use crewcall_dispatch::statement::Reader;
use maud::{Markup, html};

use super::path;
use crate::statement::{Delivery, DeliveryState, MonthView};

/// Whether it is known what came of somebody's mail.
pub(super) fn was_tried(view: &MonthView, crew_id: &CrewId) -> bool {
    let delivery = view.delivery(&Reader::Crew(crew_id.clone()));
    delivery.is_some_and(|mail| mail.state != DeliveryState::Queued)
}

/// Whom a mail is for, as people read it.
pub(super) fn whom(view: &MonthView, reader: &Reader) -> String {
    match reader {
        Reader::Crew(crew_id) => {
            view.draft.of(crew_id).map_or_else(|| crew_id.to_string(), |statement| statement.name.clone())
        }
        Reader::Owner => "the owner".to_owned(),
        Reader::Office => "the office".to_owned(),
    }
}

/// How somebody's mail stands, in a few words with their sign.
pub(super) fn state(view: &MonthView, reader: &Reader) -> Markup {
    let Some(delivery) = view.delivery(reader) else {
        return html! { @if view.is_approved() { "not sent yet" } @else { "–" } };
    };
    match &delivery.state {
        DeliveryState::Queued => html! { "… on its way" },
        DeliveryState::Sent { to } => html! { span.yes { "✓ sent" } br; span.small { (to) } },
        DeliveryState::Arrived => html! { span.yes { "✓ arrived" } },
        DeliveryState::Unknown { .. } => html! { strong.bad { "? perhaps sent" } },
        DeliveryState::Refused { .. } => html! { strong.bad { "! not sent" } },
    }
}

/// The button that sends everything that has not left, with how much that is.
pub(super) fn send_all(month: Month, unsent: &[Reader]) -> Markup {
    html! {
        @if !unsent.is_empty() {
            form method="post" action={ (path(month)) "/send" } {
                button { @if unsent.len() == 1 { "Send 1 mail" } @else { "Send " (unsent.len()) " mails" } }
            }
        }
    }
}

/// The button that sends one person's.
pub(super) fn send_one(view: &MonthView, crew_id: &CrewId) -> Markup {
    let delivery = view.delivery(&Reader::Crew(crew_id.clone()));
    let can = delivery.is_none_or(|mail| mail.state.may_be_sent());
    html! {
        @if view.is_approved() && can {
            form method="post" action={ (path(view.books.month)) "/send" } {
                input type="hidden" name="crew" value=(crew_id);
                button.quiet.little { "Send" }
            }
        }
    }
}

/// A mail that did not leave, or of which nobody knows: what happened, and the buttons that go on from there.
pub(super) fn doubt(view: &MonthView, delivery: &Delivery) -> Option<Markup> {
    let month = view.books.month;
    let whom = whom(view, &delivery.reader);
    match &delivery.state {
        DeliveryState::Queued | DeliveryState::Sent { .. } | DeliveryState::Arrived => None,
        DeliveryState::Unknown { why } => Some(html! {
            "Nobody knows whether the mail to " (whom) " has arrived: " (why)
            ". Look for it among the mails that were sent, or ask."
            form.controls method="post" action={ (path(month)) "/settle" } {
                input type="hidden" name="reader" value=(delivery.reader);
                button.quiet.little name="found" value="arrived" { "It has arrived" }
                button.quiet.little name="found" value="again" { "It has not: send it again" }
            }
        }),
        DeliveryState::Refused { why } => Some(html! {
            "The mail to " (whom) " was not sent: " (why) ". Mend that, then send it once more."
            @match delivery.reader.crew_id() {
                Some(crew_id) => (send_one(view, crew_id)),
                None => " The button that sends all that is missing does so.",
            }
        }),
    }
}
