//! To which thread a mail belongs (the field `threadId` of `users.messages`): to the one that is named, if the mail says by
//! its headers that it answers something and has the thread's subject; else to a new one.

use super::mail::{self, Mail};
use super::{Account, Sent};
use crate::refusal::Refusal;

/// The thread that a mail goes to; none if it begins one.
pub(super) fn of(account: &Account, wanted: Option<&str>, mail: &Mail) -> Result<Option<String>, Refusal> {
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else { return Ok(None) };
    if wanted.len() > 16 || !wanted.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return Err(Refusal::invalid("Invalid thread_id value"));
    }
    let first = account.sent.iter().find(|sent| sent.thread_id == wanted);
    let first = first.ok_or_else(|| Refusal::new(404, "NOT_FOUND", "Requested entity was not found."))?;
    let belongs = mail.answers && bare(&mail.subject) == bare(&subject(first));
    Ok(belongs.then(|| wanted.to_owned()))
}

fn subject(sent: &Sent) -> String {
    mail::read(&sent.raw).map(|mail| mail.subject).unwrap_or_default()
}

/// Without what programs put in front of an answer's.
fn bare(subject: &str) -> &str {
    let subject = subject.trim();
    match subject.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("re:") => bare(&subject[3..]),
        _ => subject,
    }
}
