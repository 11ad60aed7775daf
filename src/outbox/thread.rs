//! In which thread of the sender's mailbox a charter's mails are, where the peer keeps them in some.
//!
//! Readers' mail programs go by the headers. The sender's own mailbox at Gmail goes by an id that Gmail gives to the first
//! mail; it takes further ones under it as long as their subject is the same.

use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Outbox;
use crate::app::OutboxRow;
use crate::mail::{Mail, Receipt};
use crate::store::{Expect, Record, Table, Write, read};

/// How long it is known after its last mail. Later mails begin another one.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);

/// A thread that has begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MailThread {
    id: String,
    /// As the peer calls it.
    at_peer: String,
    /// When it is forgotten.
    until: Timestamp,
}

impl Record for MailThread {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn due_at(&self) -> Option<Timestamp> {
        Some(self.until)
    }
}

/// Another subject is another thread.
fn id(charter_id: &CharterId, subject: &str) -> String {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(subject)[..8]);
    format!("thread/{charter_id}/{digest}")
}

impl Outbox {
    /// The mail, in the thread that has begun for it. Without one it begins its own, so that nothing keeps it.
    pub(super) async fn in_thread(&self, charter_id: &CharterId, mut mail: Mail) -> Mail {
        if self.transport.keeps_threads() {
            match read::<MailThread>(&*self.app.store, &id(charter_id, &mail.subject)).await {
                Ok(known) => mail.thread_id = known.map(|known| known.value.at_peer),
                Err(error) => tracing::warn!(%error, "the thread of a mail could not be looked up"),
            }
        }
        mail
    }

    /// Remembers the thread that a mail has begun. Of two that begin at once the last is remembered.
    pub(super) async fn keep_thread(&self, row: &OutboxRow, mail: &Mail, receipt: &Receipt) {
        let (Some(charter_id), Some(at_peer)) = (&row.charter_id, &receipt.thread_id) else { return };
        if mail.thread_id.as_ref() == Some(at_peer) {
            return;
        }
        let thread = MailThread {
            id: id(charter_id, &mail.subject),
            at_peer: at_peer.clone(),
            until: self.app.clock.now() + KEPT,
        };
        let kept = async {
            self.app.store.commit(vec![Write::put(&thread, Expect::Any)?]).await?;
            Ok::<_, crate::app::AppError>(())
        };
        if let Err(error) = kept.await {
            tracing::warn!(%error, "the thread of a mail could not be kept; the next mail begins another one");
        }
    }
}
