//! Hand-over to memory: the inbox that the demo shows, and the peer of tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use crewcall_dispatch::model::Email;

use super::{Mail, Receipt, SendError, Transport};

/// Mails that are kept. Beyond it the oldest is dropped.
pub const KEPT_MAILS: usize = 1_000;

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Counts from 1, and stays with the mail when older ones are dropped.
    pub number: u64,
    /// The mail.
    pub mail: Mail,
}

/// A mailbox in memory for everybody's mail. A mail that is sent twice is there twice, as it would
/// be at a real peer.
#[derive(Debug, Default)]
pub struct Mailbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    mails: VecDeque<Arrived>,
    arrived: u64,
    /// Whose next mail is refused.
    refusing: Vec<Email>,
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// The mails that are kept, oldest first.
    pub fn list(&self) -> Vec<Arrived> {
        self.state().mails.iter().cloned().collect()
    }

    /// The mail with this number, unless it is unknown or was dropped.
    pub fn get(&self, number: u64) -> Option<Arrived> {
        self.state().mails.iter().find(|arrived| arrived.number == number).cloned()
    }

    /// How many mails are kept.
    pub fn len(&self) -> usize {
        self.state().mails.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many mails have arrived, those that are kept no more among them.
    pub fn arrived(&self) -> u64 {
        self.state().arrived
    }

    /// Refuses the next mail to this address, as a mail server does that knows nobody of that name.
    pub fn refuse_next(&self, email: &Email) {
        let mut state = self.state();
        if !state.refusing.contains(email) {
            state.refusing.push(email.clone());
        }
    }

    /// Whose next mail is refused.
    pub fn refusing(&self) -> Vec<Email> {
        self.state().refusing.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code under this lock can panic halfway through a change, so the state is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a mail server says that knows nobody of that name (RFC 3463, 3.2).
pub fn no_such_mailbox(email: &Email) -> String {
    format!("550 5.1.1 <{email}>: there is no such mailbox here")
}

#[async_trait]
impl Transport for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let mut state = self.state();
        if let Some(at) = state.refusing.iter().position(|email| *email == mail.to.email) {
            state.refusing.remove(at);
            return Err(SendError::Refused { reason: no_such_mailbox(&mail.to.email), bad_address: true });
        }
        state.arrived += 1;
        let number = state.arrived;
        if state.mails.len() == KEPT_MAILS {
            state.mails.pop_front();
        }
        state.mails.push_back(Arrived { number, mail: mail.clone() });
        Ok(Receipt::new(&format!("kept in memory as number {number}")))
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::mime::sample;

    #[tokio::test]
    async fn one_mail_is_refused_and_only_to_whom_it_was_said() {
        let mailbox = Mailbox::new();
        mailbox.refuse_next(&"dana@example.com".parse().unwrap());
        mailbox.refuse_next(&sample().to.email);
        mailbox.refuse_next(&sample().to.email);
        let refused = mailbox.send(&sample()).await.unwrap_err();
        assert!(
            matches!(&refused, SendError::Refused { reason, bad_address: true } if reason.contains("5.1.1")),
            "{refused:?}"
        );
        mailbox.send(&sample()).await.unwrap();
        assert_eq!((mailbox.len(), mailbox.refusing().len()), (1, 1));
    }

    #[tokio::test]
    async fn mails_keep_their_numbers_when_the_oldest_go() {
        let mailbox = Mailbox::new();
        for _ in 0..KEPT_MAILS + 2 {
            mailbox.send(&sample()).await.unwrap();
        }
        assert_eq!(mailbox.list().len(), KEPT_MAILS);
        assert_eq!(mailbox.list()[0].number, 3);
        assert_eq!(mailbox.get(2), None);
        assert_eq!(mailbox.get(3).unwrap().mail, sample());
    }
}
