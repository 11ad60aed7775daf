//! The mailbox of everybody in three panes: people, the mail of one of them, one message.

mod links;
mod message;
mod people;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::{Demo, Desk, trouble};
use crate::mail::mailbox::Arrived;
use crate::times;
use crate::web::base::at;
use crate::web::{PageError, layout, mail_frame};
pub(super) use links::links;
use people::everyone;
pub(super) use people::{OFFICE, Person};

/// Whose mail is shown.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    who: String,
}

/// The mailbox with the newest mail of a person open; where nobody is chosen, with the newest that waits for an answer.
pub(super) async fn of_person(
    State(desk): State<Desk>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let mails = desk.demo.mailbox.list();
    let people = everyone(desk.demo.app(), &mails).await?;
    let waits = |arrived: &&Arrived| {
        people.iter().any(|person| person.has(&arrived.mail) && person.is_asked_by(&arrived.mail))
    };
    let (person, open) = match people.iter().find(|person| person.id == chosen.who) {
        Some(person) => (Some(person), mails.iter().rfind(|arrived| person.has(&arrived.mail))),
        None => {
            let open = mails.iter().rfind(waits).or(mails.last());
            (open.and_then(|open| people.iter().find(|person| person.has(&open.mail))), open)
        }
    };
    let missing = "There is no mail to show yet.";
    Ok(panes(&desk.demo, &people, &mails, person, open.ok_or(missing)))
}

/// The mailbox with one mail open.
pub(super) async fn mail(State(desk): State<Desk>, Path(number): Path<u64>) -> Result<Response, PageError> {
    let mails = desk.demo.mailbox.list();
    let people = everyone(desk.demo.app(), &mails).await?;
    let open = mails.iter().find(|arrived| arrived.number == number);
    let person = open.and_then(|open| people.iter().find(|person| person.has(&open.mail)));
    let missing = "This mail is not kept, or never came. Choose another.";
    Ok(panes(&desk.demo, &people, &mails, person, open.ok_or(missing)))
}

/// The HTML part of a mail, by itself.
pub(super) async fn html(State(desk): State<Desk>, Path(number): Path<u64>) -> Response {
    let html = desk.demo.mailbox.get(number).map(|arrived| arrived.mail.html);
    mail_frame::mail(&html.unwrap_or_default())
}

/// A mail as the file that mail programs open.
pub(super) async fn file(State(desk): State<Desk>, Path(number): Path<u64>) -> Result<Response, PageError> {
    let arrived = desk.demo.mailbox.get(number);
    let arrived = arrived.ok_or_else(|| {
        PageError::BadRequest("This mail is not kept. Choose another in the mailbox.".into())
    })?;
    let bytes = crate::mail::mime::build(&arrived.mail)
        .map_err(|error| PageError::BadRequest(format!("It cannot be written as a message: {error}.")))?;
    let disposition = format!("attachment; filename=\"mail-{number}.eml\"");
    Ok(([(CONTENT_TYPE, "message/rfc822".to_owned()), (CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

fn panes(
    demo: &Demo,
    people: &[Person],
    mails: &[Arrived],
    person: Option<&Person>,
    open: Result<&Arrived, &str>,
) -> Response {
    let body = html! {
        h1 { "Mailbox" }
        p {
            "Everybody's mail, as it would have left. Choose somebody, read as they do, open their link, and answer for them. "
            a href="#trouble" { "Or make trouble" } "."
        }
        div.panes {
            section aria-labelledby="people" {
                h2 #people { "People" }
                ul { @for one in people { (entry_of_person(one, mails, person)) } }
            }
            section #mails aria-labelledby="whose" {
                @match person {
                    Some(person) => (mails_of(demo, person, mails, open.ok())),
                    None => { h2 #whose { "Mail" } p { "Choose somebody." } }
                }
            }
            section #message aria-labelledby="what" {
                @match open {
                    Ok(open) => (message::render(open, &demo.operator().zone)),
                    Err(missing) => { h2 #what { "Message" } p { (missing) } }
                }
            }
        }
        (trouble::buttons(person))
    };
    let head = layout::Head { operator: &demo.operator().name, user: None };
    mail_frame::around(layout::office("Mailbox", head, body))
}

fn entry_of_person(person: &Person, mails: &[Arrived], chosen: Option<&Person>) -> Markup {
    let is_chosen = chosen.is_some_and(|chosen| chosen.id == person.id);
    let count = mails.iter().filter(|arrived| person.has(&arrived.mail)).count();
    html! {
        li {
            a href=(at(format_args!("/demo/mail?who={}#mails", person.id))) aria-current=[is_chosen.then_some("true")] {
                strong { (person.name) } " "
                @if person.is_asked() { span.chip.open { "? asked now" } }
                br;
                span.small { (person.rank) ", " (count) @if count == 1 { " mail" } @else { " mails" } }
            }
        }
    }
}

fn mails_of(demo: &Demo, person: &Person, mails: &[Arrived], open: Option<&Arrived>) -> Markup {
    let theirs: Vec<&Arrived> = mails.iter().rev().filter(|arrived| person.has(&arrived.mail)).collect();
    let refuses = person.email.as_ref().is_some_and(|email| demo.mailbox.refusing().contains(email));
    html! {
        h2 #whose { "Mail to " (person.name) }
        (open_as(demo, person, &theirs))
        @if refuses { p { strong.bad { "! The next mail comes back" } } }
        @if theirs.is_empty() {
            p { "None so far." }
        } @else {
            ol aria-label="Newest first" {
                @for arrived in theirs { (entry_of_mail(arrived, open, &demo.operator().zone)) }
            }
        }
    }
}

/// What the person would open: the one place where a page of their own gets its link.
fn open_as(demo: &Demo, person: &Person, mails: &[&Arrived]) -> Markup {
    let first_name = person.name.split_whitespace().next().unwrap_or_default();
    html! {
        @if person.id == OFFICE {
            p { a.go href=(at("/")) { "Open as the office" } }
        } @else if let Some(path) = person.link(mails, &demo.operator().public_url) {
            p {
                a.go href=(at(path)) { "Open as " (first_name) }
                @if let Some(own) = person.own_page(mails, &demo.operator().public_url) {
                    " " a href=(at(own)) { (first_name) "'s own page" }
                }
            }
        } @else {
            p.small { "No link so far: once " (first_name) " is asked, it can be opened here." }
        }
    }
}

fn entry_of_mail(arrived: &Arrived, open: Option<&Arrived>, zone: &TimeZone) -> Markup {
    let mail = &arrived.mail;
    let is_open = open.is_some_and(|open| open.number == arrived.number);
    let title = mail.text.lines().next().unwrap_or_default();
    html! {
        li {
            a href=(at(format_args!("/demo/mail/{}#message", arrived.number))) aria-current=[is_open.then_some("true")] {
                strong { (title) } br;
                span.small { (mail.subject) } br;
                span.small { (times::near(mail.date, zone)) }
            }
        }
    }
}
