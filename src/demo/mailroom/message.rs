//! One message: as HTML, as text, and as the bytes that would leave.

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::mail::mailbox::Arrived;
use crate::mail::mime;
use crate::times;
use crate::web::base::at;

/// Of a message so many characters are shown; the file has all of it.
const SHOWN: usize = 60_000;

pub(super) fn render(arrived: &Arrived, zone: &TimeZone) -> Markup {
    let (mail, number) = (&arrived.mail, arrived.number);
    html! {
        h2 #what { (mail.text.lines().next().unwrap_or_default()) }
        dl.facts {
            dt { "From" } dd { (mail.from) }
            dt { "To" } dd { (mail.to) }
            dt { "Subject" } dd { (mail.subject) }
            dt { "Date" } dd { (times::full(mail.date, zone)) }
            @for file in &mail.attachments { dt { "File" } dd { (file.name) } }
        }
        details {
            summary { "As plain text" }
            pre { (mail.text) }
        }
        details {
            summary { "Headers and source" }
            (source(arrived))
            p { a href=(at(format_args!("/demo/mail/{number}/message.eml"))) { "The message as a file" } }
        }
        iframe title="The message as HTML" src=(at(format_args!("/demo/mail/{number}/html"))) {}
    }
}

/// The message exactly as it would be handed over.
fn source(arrived: &Arrived) -> Markup {
    let bytes = match mime::build(&arrived.mail) {
        Ok(bytes) => bytes,
        Err(error) => return html! { p { "It cannot be written as a message: " (error) "." } },
    };
    // It is ASCII, so that a character is a byte.
    let message = String::from_utf8_lossy(&bytes);
    let shown = message.get(..SHOWN).unwrap_or(&message);
    let (headers, body) = shown.split_once("\r\n\r\n").unwrap_or((shown, ""));
    html! {
        h3 { "Headers" }
        pre { (headers) }
        h3 { "What follows" }
        pre { (body) }
        @if shown.len() < message.len() { p { "… and " (message.len() - shown.len()) " characters more, in the file." } }
    }
}
