//! The link of somebody's own page, to nobody but them.

use crewcall_dispatch::link::Token;

use super::Envelope;
use super::layout::{Block, Letter};
use crate::mail::{Address, Mail, Purpose};
use crate::operator::Operator;

/// Where somebody's own page is.
pub fn own_page_url(operator: &Operator, page: &Token) -> String {
    format!("{}/crew/me?token={}", operator.public_url, page.reveal())
}

/// The mail that brings it.
pub fn own_page(of: &Envelope<'_>, to: Address, page: &Token) -> Mail {
    let operator = of.operator;
    let first = to.name.split_whitespace().next().unwrap_or_default();
    let letter = Letter::new(format!("{first}, this is your own page"))
        .say("It shows your sails, and you say there on which of the coming days you can sail. It has your calendar, too.")
        .with(Block::Button { label: "Open my page", url: own_page_url(operator, page) })
        .say("Keep this mail: the link stays good until it is ended. A link that you had before and that does not open any more was ended.")
        .with(Block::Small(format!(
            "The link is for you alone, so please don't forward this mail: whoever has it can answer in your name. If somebody else has it, end it at the foot of that page, or {}.",
            operator.reach_office()
        )));
    of.mail(to, format!("Your own page, {}", operator.name), &letter, Purpose::Charter)
}
