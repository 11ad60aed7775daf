//! The test mail of `crewcall mail test`.

use crewcall_dispatch::model::Email;
use jiff::Timestamp;

use super::Letter;
use crate::mail::{Address, Mail, MessageId, Purpose};

/// A mail that says only that mail arrives. Each try is a mail of its own.
pub fn trial(operator: &str, from: &Address, to: &Email, now: Timestamp) -> Mail {
    let key = format!("test-{}", now.as_millisecond());
    let letter = Letter::new("Mail from crewcall arrives here")
        .say(format!("{operator} has tried whether mail can leave. It can: nothing is to be done."));
    Mail {
        message_id: MessageId::for_key(&key, &from.email),
        key,
        from: from.clone(),
        to: Address { name: String::new(), email: to.clone() },
        subject: "Test mail from crewcall".into(),
        text: letter.text(),
        html: letter.html(operator),
        thread_root: None,
        date: now,
        purpose: Purpose::Charter,
        attachments: Vec::new(),
        thread_id: None,
    }
}
