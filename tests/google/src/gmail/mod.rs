//! Gmail, as far as programs that send use it (<https://developers.google.com/workspace/gmail/api/reference/rest>): accounts
//! and what they have sent, within Gmail's limits.
//!
//! | file | what |
//! | --- | --- |
//! | `send` | `users.messages.send`: from what was given to what is kept and delivered |
//! | `mail` | what a mail says, and what Gmail changes in it |
//! | `thread` | to which thread a mail belongs |
//! | `quota` | how much an account may send |
//! | `upload` | a mail that comes as it is, without base64 |

mod mail;
mod quota;
mod send;
#[cfg(test)]
mod tests;
mod thread;
mod upload;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

pub use self::quota::Quota;
pub(crate) use self::upload::upload;
use crate::refusal::Refusal;
use crate::state::State;

/// What this Gmail knows.
#[derive(Debug, Default)]
pub(crate) struct Gmail {
    /// By the account's address, in the order in which they were made.
    accounts: Vec<(String, Account)>,
    /// What came to every address, this Gmail's own or not.
    received: BTreeMap<String, Vec<Received>>,
    pub(crate) quota: Quota,
    /// How many messages there are.
    messages: u64,
}

#[derive(Debug, Default)]
struct Account {
    /// Other addresses from which it may send.
    aliases: Vec<String>,
    sent: Vec<Sent>,
    /// When it used units, and how many.
    used: Vec<(Timestamp, u32)>,
}

/// A message that an account has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The message's id.
    pub id: String,
    /// The thread's.
    pub thread_id: String,
    /// When it was sent, by Google's clock.
    pub at: Timestamp,
    /// Everybody to whom it went.
    pub recipients: Vec<String>,
    /// The mail as Gmail keeps it.
    pub raw: Vec<u8>,
    /// The mail as it was given.
    pub given: Vec<u8>,
}

/// A mail that came to an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// When it came, by Google's clock.
    pub at: Timestamp,
    /// The mail: as the sender's Gmail keeps it, without `Bcc`.
    pub raw: Vec<u8>,
}

impl Gmail {
    /// Makes an account.
    pub(crate) fn new_account(&mut self, address: &str) {
        assert!(self.account(address).is_none(), "the account {address} is there already");
        self.accounts.push((address.to_owned(), Account::default()));
    }

    /// Lets an account send from another address.
    pub(crate) fn new_alias(&mut self, address: &str, alias: &str) {
        self.account_mut(address).expect("an account").aliases.push(alias.to_owned());
    }

    /// The address of the first account.
    pub(crate) fn first_account(&self) -> Option<String> {
        self.accounts.first().map(|(address, _)| address.clone())
    }

    /// Whether there is such an account.
    pub(crate) fn has_account(&self, address: &str) -> bool {
        self.account(address).is_some()
    }

    /// What an account has sent, the oldest first.
    pub(crate) fn sent(&self, address: &str) -> Vec<Sent> {
        self.account(address).expect("an account").sent.clone()
    }

    /// What came to an address, the oldest first.
    pub(crate) fn received(&self, address: &str) -> Vec<Received> {
        self.received.get(&address.to_lowercase()).cloned().unwrap_or_default()
    }

    fn account(&self, address: &str) -> Option<&Account> {
        self.accounts.iter().find(|(of, _)| of.eq_ignore_ascii_case(address)).map(|(_, account)| account)
    }

    fn account_mut(&mut self, address: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|(of, _)| of.eq_ignore_ascii_case(address)).map(|(_, account)| account)
    }
}

/// Carries out a method; `media` is what was uploaded.
pub(crate) fn call(
    state: &mut State,
    method: &str,
    account: &str,
    params: &BTreeMap<String, Vec<String>>,
    body: &Value,
    media: Option<Vec<u8>>,
) -> Result<Value, Refusal> {
    if params.contains_key("fields") {
        return Err(Refusal::new(
            501,
            "UNIMPLEMENTED",
            "This Gmail of the tests does not know the parameter fields.",
        ));
    }
    let user = params["userId"][0].as_str();
    if user != "me" && !user.eq_ignore_ascii_case(account) {
        return Err(Refusal::new(403, "PERMISSION_DENIED", format!("Delegation denied for {account}")));
    }
    let now = state.now();
    let gmail = &mut state.gmail;
    // A service account has no mailbox.
    if !gmail.has_account(account) {
        return Err(Refusal::new(400, "FAILED_PRECONDITION", "Precondition check failed."));
    }
    match method {
        "gmail.users.messages.send" => gmail.send(account, body, media, now),
        _ => Ok(gmail.profile(account)),
    }
}

impl Gmail {
    /// `users.getProfile`.
    fn profile(&self, address: &str) -> Value {
        let sent = &self.account(address).expect("an account").sent;
        let threads = sent.iter().filter(|sent| sent.id == sent.thread_id).count();
        json!({
            "emailAddress": address,
            "messagesTotal": sent.len(),
            "threadsTotal": threads,
            "historyId": (self.messages + 1).to_string(),
        })
    }
}
