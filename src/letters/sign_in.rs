//! The link that signs somebody of the office in.

use crewcall_dispatch::link::Token;
use jiff::Timestamp;

use super::layout::Block;
use super::{Envelope, Letter};
use crate::app::User;
use crate::mail::{Address, Mail, Purpose};
use crate::times;

/// Tells who asked where to press, and until when; and whoever did not ask, that nothing happens.
pub fn sign_in(of: &Envelope<'_>, user: &User, token: &Token, ends_at: Timestamp) -> Mail {
    let operator = of.operator;
    let url = format!("{}/signin/link?token={}", operator.public_url, token.reveal());
    let until = times::clock(ends_at, &operator.zone);
    let letter = Letter::new(format!("{}, here is your link", first_name(&user.name)))
        .say(format!("It signs you in as {} of {}, once, until {until}.", user.name, operator.name))
        .with(Block::Button { label: "Sign in", url })
        .with(Block::Small(
            "If you did not ask for it, leave it: nobody is signed in unless it is opened and confirmed. Do not forward this mail."
                .into(),
        ));
    let to = Address { name: user.name.clone(), email: user.email.clone() };
    // By the other way, too, while mail does not leave: then somebody of the office has to look.
    of.mail(to, format!("Sign in at {}", operator.name), &letter, Purpose::SignIn)
}

fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}
