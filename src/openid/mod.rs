//! Signing in elsewhere: OpenID Connect, at Google or at whichever issuer the settings name.
//!
//! 1. [`OpenId::begin`] makes the address of the issuer's page for an [`Attempt`], which the browser keeps.
//! 2. A person signs in there. The issuer sends the browser back to us with a code.
//! 3. [`OpenId::finish`] exchanges the code, checks what the issuer says of that person, and gives the address of theirs
//!    that the issuer vouches for. Who of the office has that address is for others to say.
//!
//! Nothing of an attempt is kept here, so that another server, or another process of Lambda's, ends what this one began.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`Attempt`] | what a browser keeps of a sign-in that it has begun |
//! | `issuer` | what the issuer says of itself and of its keys, kept for a while |
//! | `tokens` | the token endpoint |
//! | `id_token` | whether an ID token holds |
//! | `by_ring` | signatures, checked by the cryptography that is here already |

mod attempt;
mod by_ring;
mod id_token;
mod issuer;
mod tokens;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::Email;
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse};
use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::clock::Clock;
use crate::google::{Answer, Http, HttpError, Patience};
use crate::secret::Secret;
pub(crate) use attempt::{Attempt, LIFE};
use id_token::{Claims, Distrust, Wanted};
use issuer::{Kept, Keys, Metadata};

/// Where the pages are at which a sign-in begins, and to which the issuer sends browsers back.
pub(crate) const PATH: &str = "/signin/google";
/// The latter.
pub(crate) const CALLBACK: &str = "/signin/google/callback";
/// Google, as it names itself (developers.google.com/identity/openid-connect/openid-connect).
pub(crate) const GOOGLE: &str = "https://accounts.google.com";
/// How long one request may take. Sign-ins are rare: no connection waits for the next one.
const PATIENCE: Patience =
    Patience { connect: Duration::from_secs(5), answer: Duration::from_secs(8), idle: Duration::ZERO };
/// And all requests of one step together: less than a page may take.
const STEP: Duration = Duration::from_secs(18);
/// The longest answer that is read, in bytes.
const ANSWER_BYTES: usize = 256 * 1024;
/// The longest code that is passed on, in bytes. RFC 6749, A.11, has no bound; Google's have 256 at the most.
const CODE_BYTES: usize = 4_096;

/// The settings: as whom we are known, and to whom.
#[derive(Debug, Clone)]
pub struct OpenIdConfig {
    /// The issuer, exactly as it names itself.
    pub issuer: String,
    /// What people call it.
    pub name: String,
    /// As what it knows us.
    pub client_id: String,
    /// How it knows that it is us.
    pub client_secret: ClientSecret,
}

/// The secret of a client.
#[derive(Debug, Clone)]
pub enum ClientSecret {
    /// It was in a file.
    Known(Secret),
    /// It is in AWS Secrets Manager under this name, and fetched when it is needed.
    SecretsManager(String),
}

/// Why a sign-in elsewhere came to nothing. Nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenIdError {
    /// The issuer says nothing that is of use; it may be otherwise soon.
    #[error("{0}")]
    Unreached(String),
    /// The issuer does not take what we are known as. Somebody has to look at the settings.
    #[error("{0}; check client_id and client_secret_file under [sign_in.google]")]
    Client(String),
    /// The code is not taken: it was used before, or is too old.
    #[error("the code is not taken: {0}")]
    Code(String),
    /// What the issuer says cannot be trusted.
    #[error("{0}")]
    Untrusted(#[from] Distrust),
    /// The issuer does not vouch for that address.
    #[error("the issuer does not vouch for the address {0}")]
    Unverified(Email),
    /// The issuer names no address.
    #[error("the issuer names no address")]
    NoAddress,
}

/// One issuer, and what we are to it.
pub struct OpenId {
    config: OpenIdConfig,
    redirect: String,
    key: LinkKey,
    clock: Arc<dyn Clock>,
    http: Http,
    metadata: Kept<Metadata>,
    keys: Kept<Keys>,
}

impl OpenId {
    /// The issuer of the settings, for the pages of `app`. Connects to nothing.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub fn new(config: OpenIdConfig, app: &App) -> Result<Self, HttpError> {
        by_ring::install();
        Ok(Self {
            config,
            redirect: redirect(&app.operator.public_url),
            key: app.operator.key.clone(),
            clock: app.clock.clone(),
            http: Http::limited(PATIENCE, ANSWER_BYTES)?,
            metadata: Kept::default(),
            keys: Kept::default(),
        })
    }

    /// What people call the issuer.
    pub(crate) fn name(&self) -> &str {
        &self.config.name
    }

    /// The address of the issuer's page, on which a person signs in.
    pub(crate) async fn begin(&self, attempt: &Attempt) -> Result<String, OpenIdError> {
        let metadata = in_time(self.metadata()).await?;
        let verifier = PkceCodeVerifier::new(attempt.verifier(&self.key));
        let (client, redirect) = (self.client(&metadata)?, self.redirect_url()?);
        let state = attempt.state(&self.key);
        let mut asked = client
            .authorize_url(|| CsrfToken::new(state))
            .set_redirect_uri(Cow::Owned(redirect))
            .add_scope(Scope::new("openid".into()))
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("nonce", attempt.nonce(&self.key));
        // Whoever has several accounts says which. Others than Google may refuse what they do not know.
        if self.config.issuer == GOOGLE || metadata.takes_prompt("select_account") {
            asked = asked.add_extra_param("prompt", "select_account");
        }
        Ok(asked.url().0.into())
    }

    /// Whether the answer to an attempt is the answer to this one.
    pub(crate) fn is_answer(&self, attempt: &Attempt, state: &str) -> bool {
        attempt.is_answered_by(state, &self.key)
    }

    /// Whether that is the issuer who sent a browser back, where it says so (RFC 9207).
    pub(crate) fn is_issuer(&self, said: Option<&str>) -> bool {
        said.is_none_or(|said| id_token::is_name_of(&self.config.issuer, said))
    }

    /// Exchanges a code, and gives the address that the issuer vouches for.
    pub(crate) async fn finish(&self, attempt: &Attempt, code: &str) -> Result<Email, OpenIdError> {
        if code.len() > CODE_BYTES {
            return Err(OpenIdError::Code(format!("it has {} bytes", code.len())));
        }
        in_time(self.proven(attempt, code)).await
    }

    /// Whether the issuer is there and says what is needed of it.
    pub(crate) async fn look(&self) -> Result<(), OpenIdError> {
        let metadata = in_time(self.metadata()).await?;
        in_time(self.keys(&metadata)).await.map(|_| ())
    }

    async fn proven(&self, attempt: &Attempt, code: &str) -> Result<Email, OpenIdError> {
        let metadata = self.metadata().await?;
        let tokens = self.exchange(&metadata, attempt, code).await?;
        let id_token = tokens.extra_fields().id_token.as_deref().ok_or(Distrust::NoIdToken)?;
        let claims = self.checked(&metadata, attempt, id_token).await?;
        let known = match (&claims.address.email, &metadata.userinfo_endpoint) {
            // What was asked for may be had there alone (OpenID Connect Core 1.0, 5.4).
            (None, Some(endpoint)) => {
                let token = Secret::new(tokens.access_token().secret());
                let said: Claims = self.fetch(endpoint, Some(&token)).await?;
                if said.sub != claims.sub {
                    return Err(Distrust::SomebodyElse.into());
                }
                said.address
            }
            _ => claims.address,
        };
        let email = known.email.as_deref().and_then(|email| email.parse::<Email>().ok());
        match (email, known.is_vouched_for(&self.config.issuer)) {
            (Some(email), true) => Ok(email),
            (Some(email), false) => Err(OpenIdError::Unverified(email)),
            (None, _) => Err(OpenIdError::NoAddress),
        }
    }

    /// What an ID token says, if it holds. Issuers change their keys at any time: one that is not known is looked for once.
    async fn checked(
        &self,
        metadata: &Metadata,
        attempt: &Attempt,
        id_token: &str,
    ) -> Result<Claims, OpenIdError> {
        let wanted = Wanted {
            issuer: &self.config.issuer,
            client_id: &self.config.client_id,
            nonce: &attempt.nonce(&self.key),
            now: self.clock.now(),
        };
        match id_token::check(id_token, &*self.keys(metadata).await?, &wanted) {
            Err(Distrust::NoSuchKey) => {
                self.keys.forget();
                Ok(id_token::check(id_token, &*self.keys(metadata).await?, &wanted)?)
            }
            checked => Ok(checked?),
        }
    }

    /// What stands at an address of the issuer's.
    async fn fetch<T: DeserializeOwned>(&self, url: &str, token: Option<&Secret>) -> Result<T, OpenIdError> {
        let mut request = self.http.client().get(url).header(ACCEPT, "application/json");
        if let Some(token) = token {
            request = request.bearer_auth(token.reveal());
        }
        let answer = self.send(request.build().map_err(no_address)?).await?;
        if !answer.status.is_success() {
            return Err(OpenIdError::Unreached(format!("{url} answered {}", answer.status)));
        }
        serde_json::from_slice(&answer.body)
            .map_err(|_| OpenIdError::Unreached(format!("{url} is not what OpenID Connect has there")))
    }

    /// An answer that says yes or no; what says neither is trouble that may pass.
    async fn send(&self, request: reqwest::Request) -> Result<Answer, OpenIdError> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let answer =
            self.http.send(request).await.map_err(|error| OpenIdError::Unreached(error.to_string()))?;
        let status = answer.status;
        if status.as_u16() == 429 || status.is_server_error() || status.is_redirection() {
            return Err(OpenIdError::Unreached(format!("{host} answered {status}")));
        }
        Ok(answer)
    }

    fn redirect_url(&self) -> Result<RedirectUrl, OpenIdError> {
        RedirectUrl::new(self.redirect.clone()).map_err(no_address)
    }
}

/// Where the issuer sends browsers back to, as its client has to have it.
pub(crate) fn redirect(public_url: &str) -> String {
    format!("{public_url}{CALLBACK}")
}

async fn in_time<T>(step: impl Future<Output = Result<T, OpenIdError>>) -> Result<T, OpenIdError> {
    let late = |_| OpenIdError::Unreached("the issuer did not answer in time".into());
    tokio::time::timeout(STEP, step).await.map_err(late)?
}

fn no_address(error: impl std::fmt::Display) -> OpenIdError {
    OpenIdError::Unreached(format!("the issuer names an address that is none: {error}"))
}
