//! A Google for the tests: OAuth, Gmail and Sheets on a port of this machine, as far as crewcall uses them. It remembers
//! what it is told, refuses what Google refuses in Google's own forms, has a clock that can be wrong, and goes wrong on
//! purpose.
//!
//! Requests are checked by Google's discovery documents, and so are its own answers. Whatever it finds wrong with itself
//! fails the test that dropped it. Where it is not known what Google does, it is as strict as it can be. It panics where
//! a test asks for what there cannot be, or it is wrong itself, and says why: that fails the test, too.
//!
//! | file | what |
//! | --- | --- |
//! | `spreadsheet` | what people do by hand with a spreadsheet |
//! | `oauth/` | signing in, tokens, service accounts |
//! | `gmail/` | mail |
//! | `sheets/` | spreadsheets |
//! | `faults`, `trouble` | what goes wrong on purpose, and what that makes of a call |
//! | `server`, `asked`, `answer` | HTTP |
//! | `api` | one call of an API, from its token to its answer |
//! | `discovery/` | which methods there are, and of which types |
//! | `refusal`, `error` | Google's "no" |
//! | `state` | all of it behind one lock, and the clock |

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

mod answer;
mod api;
mod asked;
mod discovery;
mod error;
mod faults;
mod gmail;
mod oauth;
mod refusal;
mod server;
mod sheets;
mod spreadsheet;
mod state;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trouble;

use std::net::TcpListener;
use std::thread::JoinHandle;

use jiff::SignedDuration;
use serde_json::json;
use tokio::sync::oneshot;

pub use self::faults::{Call, Fault, RetryAfter};
pub use self::gmail::{Quota, Received, Sent};
pub use self::oauth::Consent;
use self::server::Shared;
pub use self::spreadsheet::Spreadsheet;
pub use self::state::Request;
use self::state::State;

/// A Google. It answers in a thread of its own, so that tests may block, and stops when it is dropped.
#[derive(Debug)]
pub struct Google {
    shared: Shared,
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A program that is registered at Google, of the type "installed".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    url: String,
}

impl Client {
    /// The file that somebody downloads for it, with its addresses at this Google.
    pub fn json(&self) -> String {
        let file = json!({ "installed": {
            "client_id": self.id,
            "project_id": "crewcall-test",
            "auth_uri": format!("{}/o/oauth2/v2/auth", self.url),
            "token_uri": format!("{}/token", self.url),
            "client_secret": self.secret,
            "redirect_uris": ["http://localhost"],
        }});
        format!("{file:#}\n")
    }

    /// The file that Google's libraries keep of somebody who signed in for it, in the form `authorized_user`.
    pub fn authorized_user(&self, account: &str, refresh_token: &str) -> String {
        let file = json!({
            "type": "authorized_user", "client_id": self.id, "client_secret": self.secret, "account": account,
            "refresh_token": refresh_token,
        });
        file.to_string()
    }
}

/// Where it is.
impl Google {
    /// Starts one on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Shared::new(State::new(url.clone()));
        let (stop, stopped) = oneshot::channel();
        let of_thread = shared.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                server::serve(listener, of_thread, stopped).await;
            });
        });
        Self { shared, url, stop: Some(stop), thread: Some(thread) }
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where people sign in.
    pub fn auth_uri(&self) -> String {
        format!("{}/o/oauth2/v2/auth", self.url)
    }

    /// Where tokens are had.
    pub fn token_uri(&self) -> String {
        format!("{}/token", self.url)
    }

    /// Where tokens are given back.
    pub fn revoke_uri(&self) -> String {
        format!("{}/revoke", self.url)
    }

    /// What stands for `https://gmail.googleapis.com`.
    pub fn gmail_base_url(&self) -> &str {
        &self.url
    }

    /// What stands for `https://sheets.googleapis.com`.
    pub fn sheets_base_url(&self) -> &str {
        &self.url
    }
}

/// Who is there, and what they allow.
impl Google {
    /// Registers a program.
    pub fn client(&self) -> Client {
        let (id, secret) = self.shared.lock().oauth.new_client();
        Client { id, secret, url: self.url.clone() }
    }

    /// Makes somebody's account.
    pub fn account(&self, address: &str) {
        self.shared.lock().gmail.new_account(address);
    }

    /// Lets an account send from another address, too.
    pub fn alias(&self, address: &str, alias: &str) {
        self.shared.lock().gmail.new_alias(address, alias);
    }

    /// Makes a service account. Gives its key file.
    pub fn service_account(&self, address: &str) -> String {
        self.shared.lock().oauth.new_robot(address);
        oauth::key_file(address, &self.url)
    }

    /// Signs an account in with a program. Gives the refresh token.
    pub fn grant(&self, client: &Client, account: &str, scopes: &[&str]) -> String {
        let mut state = self.shared.lock();
        assert!(state.gmail.has_account(account), "no account {account}");
        let now = state.now();
        state.oauth.signed_in(&client.id, account, &scopes.join(" "), now)
    }

    /// What whoever sits at the browser does from now on. Before that, the first account allows everything.
    pub fn consent(&self, consent: Consent) {
        let mut state = self.shared.lock();
        if let Consent::Allow { account, .. } = &consent {
            assert!(state.gmail.has_account(account), "no account {account}");
        }
        state.oauth.at_the_browser = Some(consent);
    }

    /// A new spreadsheet with one empty tab, `Sheet1`.
    pub fn spreadsheet(&self, owner: &str, title: &str) -> Spreadsheet {
        Spreadsheet::new(self.shared.clone(), owner, title)
    }
}

/// What happens to sign-ins, to limits, and to the clock.
impl Google {
    /// Takes back a sign-in, by a token of either kind.
    pub fn revoke(&self, token: &str) {
        assert!(self.shared.lock().oauth.revoke(token), "no such token");
    }

    /// Ends all access tokens that there are; refresh tokens stay.
    pub fn end_access_tokens(&self) {
        self.shared.lock().oauth.end_all_access();
    }

    /// How many seconds an access token holds that is given from now on.
    pub fn set_expires_in(&self, seconds: u32) {
        self.shared.lock().oauth.expires_in = seconds.into();
    }

    /// Puts the project of a program in testing: its sign-ins from now on end after seven days.
    pub fn testing_mode(&self, client: &Client) {
        self.shared.lock().oauth.set_testing(&client.id);
    }

    /// Whether each refresh from now on gives another refresh token. The old one then holds for one more minute.
    pub fn rotate(&self, rotate: bool) {
        self.shared.lock().oauth.rotate = rotate;
    }

    /// How much each account may send.
    pub fn set_quota(&self, quota: Quota) {
        self.shared.lock().gmail.quota = quota;
    }

    /// How far Google's clock is ahead of this machine's.
    pub fn set_clock_offset(&self, offset: SignedDuration) {
        self.shared.lock().offset = offset;
    }

    /// The next so many of these calls meet this; what was said first comes first.
    pub fn inject(&self, call: Call, fault: Fault, times: usize) {
        self.shared.lock().plan.add(call, fault, times);
    }
}

/// What came of it.
impl Google {
    /// What an account has sent, the oldest first.
    pub fn sent(&self, account: &str) -> Vec<Sent> {
        self.shared.lock().gmail.sent(account)
    }

    /// What came to an address, the oldest first.
    pub fn received(&self, address: &str) -> Vec<Received> {
        self.shared.lock().gmail.received(address)
    }

    /// All requests, the oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.clone()
    }

    /// How many of these calls came.
    pub fn count(&self, call: Call) -> usize {
        self.shared.lock().requests.iter().filter(|request| call.takes(request.call)).count()
    }

    /// Every client secret, token and code that was ever given out. Whoever got one keeps it to themselves.
    pub fn secrets(&self) -> Vec<String> {
        self.shared.lock().oauth.secrets.clone()
    }

    /// What was wrong with this Google itself. Unless a test takes them, they fail it.
    pub fn failures(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().failures)
    }
}

impl Drop for Google {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        let failures = self.failures();
        if !std::thread::panicking() {
            assert!(failures.is_empty(), "the Google of the tests is wrong: {failures:#?}");
            assert!(matches!(ended, Some(Ok(()))), "the Google of the tests ended early");
        }
    }
}
