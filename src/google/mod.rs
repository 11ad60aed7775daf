//! Google: one sign-in for mail and sheet, and how it is spoken to.
//!
//! Sign-ins end without a word: after seven days in a project that is in testing, with a new password, by a click of
//! their owner. So nothing here waits for that in silence. [`SignIn`] refreshes ahead of time, tells an end that takes a
//! person ([`Ended`]) from trouble that passes, and notices by itself when somebody has signed in again.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`SignIn`] | access tokens: refreshed ahead, one refresh at a time; `access` is one of them |
//! | [`Standing`] | how a sign-in stands: what is shown of it |
//! | [`Ended`] | why a sign-in no longer holds, its usual causes |
//! | [`credentials`] | what somebody signed in with: Google's own files, in a file or a secret of AWS |
//! | [`login`] | signing in, with a browser here or elsewhere |
//! | `token` | the token endpoint (RFC 6749, 7523) |
//! | [`Scope`] | what is asked for |
//! | `refusal` | Google's "no", in its forms |
//! | `http` | one request, and what may have come of it |
//! | `sheets/` | the spreadsheet |

mod access;
pub mod credentials;
mod ended;
mod http;
pub mod login;
mod refusal;
mod scope;
mod sheets;
mod sign_in;
mod standing;
mod token;

pub(crate) use credentials::check_replaceable;
pub use ended::Ended;
pub(crate) use ended::{TESTING, told};
pub(crate) use http::{Answer, Http, NoAnswer};
pub use http::{HttpError, Patience};
pub(crate) use refusal::{Kind, Refusal};
pub use scope::Scope;
pub use sheets::{Copies, Opened, Sheets, SheetsError, WriteError};
pub use sign_in::{SignIn, SignInError};
pub use standing::Standing;

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};

use crate::clock::Clock;
use crate::secret::{Secret, SecretPlace};

/// Google, as somebody who has signed in: what mail and sheet share.
#[derive(Clone)]
pub struct Google {
    http: Http,
    endpoints: Arc<Endpoints>,
    sign_in: Arc<SignIn>,
    clock: Arc<dyn Clock>,
}

impl Google {
    /// By the sign-in in that place, which has to allow all of `needs`. Connects to nothing.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub fn new(
        place: SecretPlace,
        endpoints: Endpoints,
        needs: Vec<Scope>,
        patience: Patience,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, HttpError> {
        let (http, endpoints) = (Http::new(patience)?, Arc::new(endpoints));
        let sign_in = SignIn::new(place, endpoints.clone(), needs, http.clone(), clock.clone());
        Ok(Self { http, endpoints, sign_in: Arc::new(sign_in), clock })
    }

    /// The sign-in.
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// Makes a call of one of Google's APIs, which takes this scope: with another access token, once, should the first not
    /// be taken.
    ///
    /// # Errors
    /// There is no access token, no answer, or the answer is a no.
    pub(crate) async fn call(
        &self,
        scope: Scope,
        method: Method,
        url: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<Answer, CallError> {
        let mut replaced = false;
        loop {
            let token = self.sign_in.token_for(scope).await?;
            let mut request = self.request(method.clone(), url.to_owned(), &token);
            if let Some(body) = body {
                request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
            }
            let answer = self.send(request, &token).await?;
            if answer.status.is_success() {
                return Ok(answer);
            }
            let refusal = Refusal::of(&answer, self.now());
            match refusal.kind {
                Kind::Token if !replaced => {
                    replaced = true;
                    self.sign_in.token_was_refused(&token).await;
                }
                Kind::Scope => return Err(self.sign_in.does_not_allow(scope, &token).await.into()),
                _ => return Err(refusal.into()),
            }
        }
    }

    /// A request, with an access token, below one of Google's addresses.
    fn request(&self, method: Method, url: String, token: &Secret) -> RequestBuilder {
        self.http.client().request(method, url).bearer_auth(token.reveal())
    }

    /// Sends it.
    async fn send(&self, request: RequestBuilder, token: &Secret) -> Result<Answer, NoAnswer> {
        match request.build() {
            Ok(request) => Ok(self.http.send(request).await?.without(&[token])),
            Err(error) => Err(NoAnswer::NotSent(format!("this is no address: {}", error.without_url()))),
        }
    }

    /// Where Google is.
    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// There is no access token.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// There is no answer.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
    /// The answer is a no.
    #[error("{}", .0.said)]
    Refused(Refusal),
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Where Google is: each address can be pointed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The page on which people consent.
    pub auth_uri: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_uri: String,
    /// What the addresses of Gmail's API begin with, without a slash at the end.
    pub gmail: String,
    /// The same of the Sheets API.
    pub sheets: String,
}

/// Google's own addresses, as its discovery documents (`rootUrl`) and its client files have them.
pub mod standard {
    /// The page on which people consent.
    pub const AUTH_URI: &str = "https://accounts.google.com/o/oauth2/v2/auth";
    /// The token endpoint.
    pub const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
    /// Gmail's API.
    pub const GMAIL: &str = "https://gmail.googleapis.com";
    /// The Sheets API.
    pub const SHEETS: &str = "https://sheets.googleapis.com";
}
