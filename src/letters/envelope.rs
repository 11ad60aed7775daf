//! What mails have in common that are of no charter.

use jiff::Timestamp;

use super::Letter;
use crate::mail::{Address, Mail, MessageId, Purpose};
use crate::operator::Operator;

/// Whose mail it is, under which key, and when.
pub struct Envelope<'a> {
    /// Whose mail it is.
    pub operator: &'a Operator,
    /// The key of its outbox row.
    pub key: &'a str,
    /// What time it is.
    pub now: Timestamp,
}

impl Envelope<'_> {
    /// The letter as a mail by itself: in no thread, with nothing that comes along.
    pub(super) fn mail(&self, to: Address, subject: String, letter: &Letter, purpose: Purpose) -> Mail {
        Mail {
            key: self.key.to_owned(),
            from: self.operator.from.clone(),
            to,
            subject,
            text: letter.text(),
            html: letter.html(&self.operator.name),
            message_id: MessageId::for_key(self.key, &self.operator.from.email),
            thread_root: None,
            date: self.now,
            purpose,
            attachments: Vec::new(),
            thread_id: None,
        }
    }
}
