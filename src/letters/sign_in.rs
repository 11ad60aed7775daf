//! The link that signs somebody of the office in.

use crewcall_dispatch::link::Token;
use jiff::Timestamp;

use super::Letter;
use super::layout::Block;
use crate::app::User;
use crate::mail::{Address, Mail, MessageId, Purpose};
use crate::operator::Operator;
use crate::times;

/// Tells who asked where to press, and until when; and whoever did not ask, that nothing happens.
pub fn sign_in(
    operator: &Operator,
    user: &User,
    token: &Token,
    ends_at: Timestamp,
    key: &str,
    now: Timestamp,
) -> Mail {
    let url = format!("{}/signin/link?token={}", operator.public_url, token.reveal());
    let until = times::clock(ends_at, &operator.zone);
    let letter = Letter::new(format!("{}, here is your link", first_name(&user.name)))
        .say(format!("It signs you in as {} of {}, once, until {until}.", user.name, operator.name))
        .with(Block::Button { label: "Sign in", url })
        .with(Block::Small(
            "If you did not ask for it, leave it: nobody is signed in unless it is opened and confirmed. Do not forward this mail."
                .into(),
        ));
    Mail {
        key: key.to_owned(),
        from: operator.from.clone(),
        to: Address { name: user.name.clone(), email: user.email.clone() },
        subject: format!("Sign in at {}", operator.name),
        text: letter.text(),
        html: letter.html(&operator.name),
        message_id: MessageId::for_key(key, &operator.from.email),
        thread_root: None,
        date: now,
        // By the other way, too, while mail does not leave: then somebody of the office has to look.
        purpose: Purpose::Alert,
        attachments: Vec::new(),
        thread_id: None,
    }
}

fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}
