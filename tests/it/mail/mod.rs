//! Hand-over to SMTP servers that misbehave in every way that matters.

mod commands;
mod opening;
mod outcomes;
pub(crate) mod peer;
mod reuse;

use std::time::Duration;

use crewcall::mail::smtp::{Smtp, SmtpConfig, Timeouts, Tls};
use crewcall::mail::{Address, Mail, MessageId, Purpose};

use peer::Peer;

/// Short enough to wait for, long enough for a busy machine.
const TIMEOUTS: Timeouts = Timeouts {
    announce: Duration::from_secs(60),
    connect: Duration::from_secs(5),
    command: Duration::from_millis(400),
    body: Duration::from_millis(400),
    idle: Duration::from_secs(30),
};

fn config(peer: &Peer) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port: peer.port(),
        tls: Tls::None,
        username: None,
        password: None,
        ca_file: None,
        hello_name: Some("crew.example.com".into()),
    }
}

pub(crate) fn smtp(peer: &Peer) -> Smtp {
    Smtp::with_timeouts(config(peer), TIMEOUTS).unwrap()
}

fn mail(number: u32) -> Mail {
    let from = Address { name: "Harbor Sails".into(), email: "crew@example.com".parse().unwrap() };
    let key = format!("offer-{number}");
    Mail {
        to: Address {
            name: "Dana Reyes".into(),
            email: format!("dana{number}@example.org").parse().unwrap(),
        },
        subject: format!("Sail {number}"),
        text: "Can you take her out?\n".into(),
        html: "<p>Can you take her out?</p>\n".into(),
        message_id: MessageId::for_key(&key, &from.email),
        thread_root: None,
        date: "2026-06-20T17:00:00Z".parse().unwrap(),
        purpose: Purpose::Charter,
        attachments: Vec::new(),
        thread_id: None,
        key,
        from,
    }
}
