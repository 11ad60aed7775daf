//! Google's OAuth 2.0 (<https://developers.google.com/identity/protocols/oauth2/native-app>): who has allowed whom what,
//! and the tokens that came of it. RFC 6749 with PKCE (7636) for programs on somebody's machine (8252), and assertions of
//! service accounts (7523).
//!
//! | file | what |
//! | --- | --- |
//! | `consent` | the page on which somebody signs in and allows |
//! | `token` | the token endpoint: who asks, and for what |
//! | `code`, `refresh`, `robot` | its three kinds of grants |
//! | `tokens` | which tokens hold, and how they end |
//! | `scopes` | what can be asked for |
//! | `jwt` | tokens that say something themselves (RFC 7519) |

mod code;
mod consent;
mod jwt;
mod refresh;
mod robot;
mod scopes;
#[cfg(test)]
mod tests;
mod token;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};

use self::code::Code;
pub use self::consent::Consent;
pub(crate) use self::consent::consent;
pub(crate) use self::robot::key_file;
pub(crate) use self::token::{revoke, token};
use self::tokens::{Access, Grant, Refresh};

/// How long an access token holds, in seconds.
const EXPIRES_IN: i64 = 3599;

/// A set of scopes.
pub(crate) type Scopes = BTreeSet<String>;

/// Who has allowed whom what.
#[derive(Debug)]
pub(crate) struct OAuth {
    /// By their ids.
    clients: BTreeMap<String, Registered>,
    /// The addresses of the service accounts.
    robots: BTreeSet<String>,
    /// In the order in which they were made.
    grants: Vec<Grant>,
    refresh: BTreeMap<String, Refresh>,
    access: BTreeMap<String, Access>,
    codes: BTreeMap<String, Code>,
    /// Every secret that was ever given out.
    pub(crate) secrets: Vec<String>,
    /// What whoever sits at the browser does.
    pub(crate) at_the_browser: Option<Consent>,
    /// How long an access token holds from its making on, in seconds.
    pub(crate) expires_in: i64,
    /// Whether each refresh gives another refresh token.
    pub(crate) rotate: bool,
}

#[derive(Debug)]
struct Registered {
    secret: String,
    /// Whether the consent screen's project is in testing.
    testing: bool,
}

impl Default for OAuth {
    fn default() -> Self {
        Self {
            clients: BTreeMap::new(),
            robots: BTreeSet::new(),
            grants: Vec::new(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            codes: BTreeMap::new(),
            secrets: Vec::new(),
            at_the_browser: None,
            expires_in: EXPIRES_IN,
            rotate: false,
        }
    }
}

impl OAuth {
    /// Registers a client. Gives its id and its secret.
    pub(crate) fn new_client(&mut self) -> (String, String) {
        let id = format!("555010000000-{}.apps.googleusercontent.com", HEXLOWER.encode(&random(16)));
        let secret = self.secret("GOCSPX-", 21);
        self.clients.insert(id.clone(), Registered { secret: secret.clone(), testing: false });
        (id, secret)
    }

    /// Puts the project of a client in testing.
    pub(crate) fn set_testing(&mut self, client: &str) {
        self.clients.get_mut(client).expect("a registered client").testing = true;
    }

    /// Registers a service account.
    pub(crate) fn new_robot(&mut self, address: &str) {
        self.robots.insert(address.to_owned());
    }

    /// A text that nobody guesses, of so many random bytes.
    fn secret(&mut self, prefix: &str, bytes: usize) -> String {
        let secret = format!("{prefix}{}", BASE64URL_NOPAD.encode(&random(bytes)));
        self.secrets.push(secret.clone());
        secret
    }
}

fn random(bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the system's randomness");
    buffer
}
