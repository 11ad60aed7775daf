//! Signing in: the installed-app flow with PKCE (RFC 8252, RFC 7636).
//!
//! 1. [`Login::consent`] makes the address of Google's page, with a state and a challenge that are used once.
//! 2. A person consents there. Google sends the browser to an address of this machine, with a code.
//! 3. [`Consent::code`] takes the code out of that address, if it is the answer to this very question.
//! 4. [`Login::redeem`] exchanges it, and looks whether all that is needed was consented to.
//!
//! On a machine without a browser step 2 happens elsewhere: the browser there ends at an address that it cannot reach, and
//! the person brings that address here.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use oauth2::url::Url;
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope as ScopeText};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::credentials::{AuthorizedUser, Credentials, CredentialsError, read_file};
use super::scope::IDENTITY;
use super::token::{TokenEndpoint, TokenError, consent_client};
use super::{Endpoints, Http, HttpError, Patience, Scope};
use crate::plain::one_line;
use crate::secret::{Secret, SecretPlace, revealed};

/// The OAuth client: what Google knows this program as.
#[derive(Debug, Clone, Deserialize)]
pub struct OAuthClient {
    client_id: String,
    #[serde(deserialize_with = "revealed::deserialize")]
    client_secret: Secret,
}

impl OAuthClient {
    /// Reads the file that Google's console gives for a client of the type "Desktop app".
    ///
    /// # Errors
    /// There is no file, or it is something else.
    pub fn read(path: &Path) -> Result<Self, CredentialsError> {
        #[derive(Deserialize)]
        struct ClientFile {
            installed: OAuthClient,
        }
        let text = read_file(path)?;
        let file = serde_json::from_slice::<ClientFile>(&text).map_err(|_| CredentialsError::Content {
            place: SecretPlace::File(path.to_owned()),
            problem: "is not the file of an OAuth client of the type \"Desktop app\"; make one in Google's console \
                      under APIs & Services, Credentials, and download its JSON"
                .into(),
        });
        Ok(file?.installed)
    }

    /// The one for which somebody has signed in before.
    pub fn of(user: &AuthorizedUser) -> Self {
        Self { client_id: user.client_id.clone(), client_secret: user.client_secret.clone() }
    }
}

/// Why nobody was signed in. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The person said no.
    #[error("Google's page was left without a consent ({0}); nothing was changed")]
    Denied(String),
    /// This is no answer to the question that was asked.
    #[error("{0}; nothing was changed")]
    NoAnswer(String),
    /// A box was left unticked.
    #[error(
        "not everything was consented to: {0} is missing; sign in once more and tick every box on Google's page. Nothing \
         was changed"
    )]
    Incomplete(String),
    /// Google gave no lasting sign-in.
    #[error(
        "Google gave no refresh token, without which the sign-in ends within the hour; take the access back at \
         myaccount.google.com/connections and sign in once more. Nothing was changed"
    )]
    NotLasting,
    /// Google did not take the code.
    #[error(
        "Google does not give a sign-in for that ({0}); give the command again, and answer soon. Nothing was changed"
    )]
    Refused(String),
    /// Google does not know the client.
    #[error(
        "Google does not take the OAuth client ({0}); download its JSON anew in Google's console, and name that in \
         google.client_file. Nothing was changed"
    )]
    Client(String),
    /// Google could not be asked.
    #[error("Google could not be asked for the sign-in ({0}); give the command again. Nothing was changed")]
    Unreached(String),
    /// Somebody else signed in.
    #[error(
        "that was the account {account}, and not {wanted}. If it is the right one, give the command again with --account \
         {account}. Nothing was changed"
    )]
    OtherAccount {
        /// Who signed in.
        account: String,
        /// Who was to.
        wanted: String,
    },
    /// Encryption cannot be had.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl From<TokenError> for LoginError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Passing { why, .. } => Self::Unreached(why),
            TokenError::Client(said) => Self::Client(said),
            TokenError::Grant(said) | TokenError::Refused(said) => Self::Refused(said),
        }
    }
}

/// A sign-in that is being made.
pub struct Login {
    http: Http,
    endpoints: Endpoints,
    client: OAuthClient,
    scopes: Vec<Scope>,
}

/// One question to a person.
pub struct Consent {
    /// The page to open.
    pub url: String,
    redirect: RedirectUrl,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

impl Login {
    /// For these scopes, and to know which account it is.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub fn new(
        endpoints: Endpoints,
        client: OAuthClient,
        scopes: Vec<Scope>,
        patience: Patience,
    ) -> Result<Self, LoginError> {
        Ok(Self { http: Http::new(patience)?, endpoints, client, scopes })
    }

    /// A question whose answer comes to `redirect`, an address of this machine. `hint` is the account
    /// that is expected, if one is.
    ///
    /// # Errors
    /// If an address of the settings is none.
    pub fn consent(&self, redirect: &str, hint: Option<&str>) -> Result<Consent, LoginError> {
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|error| LoginError::NoAnswer(format!("{redirect} is no address: {error}")))?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = consent_client(&self.endpoints, &self.client.client_id)?;
        let scopes = self.scopes.iter().map(|scope| scope.as_str()).chain(IDENTITY);
        let asked = client
            .authorize_url(CsrfToken::new_random)
            .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect))
            .add_scopes(scopes.map(|scope| ScopeText::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            // A refresh token comes only for "offline", and after the first time only for "consent".
            .add_extra_param("access_type", "offline")
            .add_extra_param("prompt", "consent");
        let (url, state) = match hint {
            Some(hint) => asked.add_extra_param("login_hint", hint).url(),
            None => asked.url(),
        };
        Ok(Consent { url: url.into(), redirect, state, verifier })
    }

    /// Redeems a code, `now`.
    ///
    /// # Errors
    /// If Google does not take it, or something was not consented to.
    pub async fn redeem(
        &self,
        consent: &Consent,
        code: String,
        now: Timestamp,
    ) -> Result<AuthorizedUser, LoginError> {
        let endpoint = TokenEndpoint { http: &self.http, endpoints: &self.endpoints, now };
        let client = (self.client.client_id.as_str(), &self.client.client_secret);
        let verifier = PkceCodeVerifier::new(consent.verifier.secret().clone());
        let granted = endpoint.redeem(client, code, verifier, &consent.redirect).await?;
        // RFC 6749, 5.1: without a word of it, everything was granted.
        let asked = || self.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let scopes: Vec<String> = granted.scopes.unwrap_or_else(asked);
        let missing = self.scopes.iter().filter(|scope| !scope.is_within(&scopes));
        let missing: Vec<String> =
            missing.map(|scope| format!("{} ({})", scope.purpose(), scope.as_str())).collect();
        if !missing.is_empty() {
            return Err(LoginError::Incomplete(missing.join(", ")));
        }
        let ends = granted.refresh_token_lifetime.and_then(|life| SignedDuration::try_from(life).ok());
        Ok(AuthorizedUser {
            kind: "authorized_user".into(),
            client_id: self.client.client_id.clone(),
            client_secret: self.client.client_secret.clone(),
            refresh_token: granted.refresh_token.ok_or(LoginError::NotLasting)?,
            scopes: Some(scopes),
            account: granted.account.unwrap_or_default(),
            issued_at: Some(now),
            refresh_token_expires_at: ends.and_then(|ends| now.checked_add(ends).ok()),
            // For other programs that read this file.
            other: Map::from_iter([
                ("token_uri".into(), json!(self.endpoints.token_uri)),
                ("universe_domain".into(), json!("googleapis.com")),
            ]),
        })
    }
}

impl Consent {
    /// The code in an answer: the address at which the browser ended, or what stands behind its `?`.
    ///
    /// # Errors
    /// If it is the answer to another question or none, or a no.
    pub fn code(&self, answer: &str) -> Result<String, LoginError> {
        let answer = answer.trim();
        let url = Url::parse(answer)
            .or_else(|_| Url::parse(&format!("http://127.0.0.1/?{}", answer.trim_start_matches(['?', '/']))));
        let values: Map<String, Value> = url
            .iter()
            .flat_map(|url| url.query_pairs())
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect();
        let value = |name: &str| values.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
        match (value("error"), value("state"), value("code")) {
            (_, Some(state), _) if state != self.state.secret() => Err(LoginError::NoAnswer(
                "that is the answer to another sign-in than this one; open the address above, and take the one at which \
                 the browser ends then"
                    .into(),
            )),
            (Some(error), Some(_), _) => Err(LoginError::Denied(one_line(error))),
            (None, Some(_), Some(code)) => Ok(code.to_owned()),
            _ => Err(LoginError::NoAnswer(
                "that is not the address at which the browser ended; it begins with http://127.0.0.1 and has state= and \
                 code= in it"
                    .into(),
            )),
        }
    }
}

/// The client for which somebody signed in before, if that stands there.
///
/// # Errors
/// If what stands there cannot be read or used.
pub(crate) async fn client_in(place: &SecretPlace) -> Result<Option<OAuthClient>, CredentialsError> {
    match Credentials::read(place).await {
        Ok(Credentials::User(user)) => Ok(Some(OAuthClient::of(&user))),
        Ok(Credentials::Service(_)) | Err(CredentialsError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
