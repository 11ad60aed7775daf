//! The way from an office in a test to its mailbox, with what may go wrong on it.
//!
//! A third copy of a mail arrives, so that it is found, and then the worker that sent it dies.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::{Mail, Receipt, SendError, Transport};

/// Carries mail to a mailbox, and fails as it was told to.
pub(crate) struct Postman {
    mailbox: Arc<Mailbox>,
    planned: Mutex<VecDeque<Planned>>,
    carried: Mutex<BTreeMap<String, usize>>,
}

enum Planned {
    Failure(SendError),
    LostAnswer,
}

impl Postman {
    pub(crate) fn to(mailbox: Arc<Mailbox>) -> Self {
        Postman { mailbox, planned: Mutex::default(), carried: Mutex::default() }
    }

    /// The next send that has nothing else planned fails with `error` and delivers nothing.
    pub(crate) fn fail_next(&self, error: SendError) {
        self.planned.lock().unwrap().push_back(Planned::Failure(error));
    }

    /// The next send that has nothing else planned delivers, and its answer is lost on the way.
    pub(crate) fn lose_next_answer(&self) {
        self.planned.lock().unwrap().push_back(Planned::LostAnswer);
    }

    /// Whoever sends a mail for ever would never come to the end at which a test looks how often it left.
    fn count(&self, mail: &Mail) {
        let mut carried = self.carried.lock().unwrap();
        let copies = carried.entry(mail.key.clone()).or_default();
        *copies += 1;
        let copies = *copies;
        // Not under the lock: the others go on.
        drop(carried);
        assert!(copies <= 2, "{} leaves for the {copies}th time", mail.key);
    }
}

#[async_trait]
impl Transport for Postman {
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let planned = self.planned.lock().unwrap().pop_front();
        if let Some(Planned::Failure(error)) = planned {
            return Err(error);
        }
        let receipt = self.mailbox.send(mail).await?;
        self.count(mail);
        match planned {
            None => Ok(receipt),
            Some(_) => Err(SendError::Ambiguous { reason: "the answer was lost on purpose".into() }),
        }
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}
