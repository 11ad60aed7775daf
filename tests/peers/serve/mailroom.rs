//! What the mail server took, as Python's parser reads it.

use std::sync::Mutex;

use serde_json::Value;

use super::{PATIENCE, until};
use crate::support::PythonPeer;

/// One mail that arrived.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    /// All of it.
    pub(super) taken: Value,
    /// The reader, by the name before the `@`.
    pub(super) to: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Letter {
    fn read(taken: Value) -> Self {
        let to = taken["rcpt_tos"][0].as_str().unwrap();
        let part = |kind: &str| {
            let parts = taken["parts"].as_array().unwrap();
            let part = parts.iter().find(|part| part["type"] == kind);
            part.unwrap_or_else(|| panic!("no {kind} in {taken}"))["text"].as_str().unwrap().to_owned()
        };
        Self {
            to: to.split('@').next().unwrap().to_owned(),
            text: part("text/plain"),
            html: part("text/html"),
            taken,
        }
    }

    /// The value of a header that stands there once.
    pub(super) fn header(&self, name: &str) -> &str {
        let headers = self.taken["headers"].as_array().unwrap();
        let mut values = headers.iter().filter(|header| header[0] == name).map(|header| &header[1]);
        let value = values.next().unwrap_or_else(|| panic!("no {name} in {}", self.taken));
        assert!(values.next().is_none(), "{name} stands there twice");
        value.as_str().unwrap()
    }

    /// The path of its crew link, if it has one.
    pub(super) fn link(&self) -> Option<&str> {
        let from = self.text.find("/crew/accept?token=")?;
        self.text[from..].split_whitespace().next()
    }

    /// The token in its crew link, if it has one.
    pub(super) fn token(&self) -> Option<&str> {
        self.link()?.split_once("token=")?.1.split('&').next()
    }
}

/// An SMTP server that others wrote, and what arrived there.
pub(super) struct Mailroom {
    peer: Mutex<(PythonPeer, Vec<Letter>, usize)>,
    port: u16,
}

impl Mailroom {
    pub(super) fn start(arguments: &[&str]) -> Self {
        let peer = PythonPeer::start("smtp_sink.py", arguments);
        let port = u16::try_from(peer.ready["port"].as_u64().unwrap()).unwrap();
        Self { peer: Mutex::new((peer, Vec::new(), 0)), port }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Everything that has arrived by now.
    pub(super) fn all(&self) -> Vec<Letter> {
        self.look().0
    }

    /// How many mails a slow server has begun to take.
    pub(super) fn begun(&self) -> usize {
        self.look().1
    }

    fn look(&self) -> (Vec<Letter>, usize) {
        let mut peer = self.peer.lock().unwrap();
        let (peer, letters, begun) = &mut *peer;
        for said in peer.said() {
            if said.get("begun").is_some() {
                *begun += 1;
            } else {
                letters.push(Letter::read(said));
            }
        }
        (letters.clone(), *begun)
    }

    /// Waits for a mail to someone that meets a condition, and gives the first.
    pub(super) fn wait_for(&self, to: &str, meets: impl Fn(&Letter) -> bool) -> Letter {
        until(&format!("a mail to {to}"), PATIENCE, || {
            self.all().into_iter().find(|letter| letter.to == to && meets(letter))
        })
    }

    /// Waits for the first mail to someone that asks for an answer.
    pub(super) fn wait_for_offer(&self, to: &str) -> Letter {
        self.wait_for(to, |letter| letter.token().is_some())
    }
}
