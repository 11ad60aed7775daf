//! The token endpoint: what somebody signed in with becomes an access token (RFC 6749, 7523).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::StatusCode;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::credentials::{AuthorizedUser, Credentials, ServiceAccount};
use super::refusal::retry_after;
use super::{Answer, Endpoints, Http, NoAnswer, Scope};
use crate::plain::one_line;
use crate::secret::Secret;

/// How long an access token is taken to hold where the answer does not say (RFC 6749, 5.1, only recommends that).
const UNSAID: Duration = Duration::from_secs(600);
/// How long the assertion of a service account holds: the most that Google takes.
const ASSERTION: SignedDuration = SignedDuration::from_hours(1);

/// The parts of Google's answer that RFC 6749 does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct More {
    /// Who it is (OpenID Connect).
    id_token: Option<String>,
    /// In how many seconds the sign-in itself ends, where it does.
    refresh_token_expires_in: Option<u64>,
}

impl ExtraTokenFields for More {}

type Tokens = StandardTokenResponse<More, BasicTokenType>;
type OAuth<Auth> = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What the token endpoint gave.
#[derive(Debug)]
pub(super) struct Granted {
    pub(super) access_token: Secret,
    /// From now on.
    pub(super) lifetime: Duration,
    /// A new one, where there is one: the old one is to be kept where there is none.
    pub(super) refresh_token: Option<Secret>,
    /// What was consented to, where it is said.
    pub(super) scopes: Option<Vec<String>>,
    /// The address in the id token.
    pub(super) account: Option<String>,
    /// From now on, where it is said.
    pub(super) refresh_token_lifetime: Option<Duration>,
}

/// Why there is no access token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenError {
    /// The sign-in is no longer taken: `invalid_grant`.
    #[error("{0}")]
    Grant(String),
    /// The OAuth client is not taken.
    #[error("{0}")]
    Client(String),
    /// It is refused for another reason, which takes a person.
    #[error("{0}")]
    Refused(String),
    /// It may be otherwise soon.
    #[error("{why}")]
    Passing {
        /// What failed.
        why: String,
        /// How long to leave the endpoint alone, if it said so.
        wait: Option<Duration>,
    },
}

/// The token endpoint of one client.
pub(super) struct TokenEndpoint<'a> {
    pub(super) http: &'a Http,
    pub(super) endpoints: &'a Endpoints,
    pub(super) now: Timestamp,
}

impl TokenEndpoint<'_> {
    /// An access token for a sign-in.
    pub(super) async fn grant(
        &self,
        credentials: &Credentials,
        scopes: &[Scope],
    ) -> Result<Granted, TokenError> {
        match credentials {
            Credentials::User(user) => self.refresh(user).await,
            Credentials::Service(account) => self.assert(account, scopes).await,
        }
    }

    async fn refresh(&self, user: &AuthorizedUser) -> Result<Granted, TokenError> {
        let client = self.client(&user.client_id, &user.client_secret)?;
        let token = RefreshToken::new(user.refresh_token.reveal().to_owned());
        let http = self.over_http([&user.refresh_token, &user.client_secret]);
        granted(client.exchange_refresh_token(&token).request_async(&http).await)
    }

    /// Redeems the code that a consent led to.
    pub(super) async fn redeem(
        &self,
        (id, secret): (&str, &Secret),
        code: String,
        verifier: PkceCodeVerifier,
        redirect: &RedirectUrl,
    ) -> Result<Granted, TokenError> {
        let client = self.client(id, secret)?;
        let http = self.over_http([&Secret::new(code.clone()), &Secret::new(verifier.secret()), secret]);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(verifier)
            .set_redirect_uri(std::borrow::Cow::Borrowed(redirect));
        granted(exchange.request_async(&http).await)
    }

    fn over_http<const N: usize>(&self, secrets: [&Secret; N]) -> OverHttp {
        OverHttp { http: self.http.clone(), now: self.now, secrets: secrets.map(Clone::clone).into() }
    }

    fn client(&self, id: &str, secret: &Secret) -> Result<OAuth<EndpointNotSet>, TokenError> {
        let token_uri = TokenUrl::new(self.endpoints.token_uri.clone()).map_err(no_address)?;
        Ok(Client::new(ClientId::new(id.to_owned()))
            .set_client_secret(ClientSecret::new(secret.reveal().to_owned()))
            .set_token_uri(token_uri)
            // As all of Google's own libraries do.
            .set_auth_type(AuthType::RequestBody))
    }

    /// The assertion of a service account, signed with its key (RFC 7523, 2.1).
    async fn assert(&self, account: &ServiceAccount, scopes: &[Scope]) -> Result<Granted, TokenError> {
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": account.private_key_id });
        let claims = json!({
            "iss": account.client_email,
            "scope": scopes.join(" "),
            "aud": self.endpoints.token_uri,
            "iat": self.now.as_second(),
            "exp": (self.now + ASSERTION).as_second(),
        });
        let encoded = |part: &serde_json::Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
        let signed = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = sign(account, signed.as_bytes())?;
        let assertion = format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature));
        let form = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", &assertion)];
        // Neither part of it has a character that a form would write otherwise but these.
        let body = form.map(|(name, value)| format!("{name}={}", value.replace(':', "%3A"))).join("&");
        let request = self.http.client().post(&self.endpoints.token_uri);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let request = request.build().map_err(no_address)?;
        let answer = usable(self.http.send(request).await, self.now)?;
        let answer = answer.without(&[&Secret::new(assertion)]);
        let parse = |error: serde_json::Error| {
            RequestTokenError::<TokenError, BasicErrorResponse>::Other(error.to_string())
        };
        granted(if answer.status == StatusCode::OK {
            serde_json::from_slice::<Tokens>(&answer.body).map_err(parse)
        } else {
            match serde_json::from_slice(&answer.body) {
                Ok(refused) => Err(RequestTokenError::ServerResponse(refused)),
                Err(error) => Err(parse(error)),
            }
        })
    }
}

/// The address of the page on which people consent, with everything it has to have.
pub(super) fn consent_client(endpoints: &Endpoints, id: &str) -> Result<OAuth<EndpointSet>, TokenError> {
    let auth_uri = AuthUrl::new(endpoints.auth_uri.clone()).map_err(no_address)?;
    let token_uri = TokenUrl::new(endpoints.token_uri.clone()).map_err(no_address)?;
    Ok(Client::new(ClientId::new(id.to_owned())).set_auth_uri(auth_uri).set_token_uri(token_uri))
}

fn no_address(error: impl std::fmt::Display) -> TokenError {
    TokenError::Refused(format!("google.auth_uri or google.token_uri is no address: {error}"))
}

fn sign(account: &ServiceAccount, text: &[u8]) -> Result<Vec<u8>, TokenError> {
    let unusable = |what: &str| {
        TokenError::Refused(format!(
            "the private key of {} {what}; make a new key for the account in Google's console",
            one_line(&account.client_email)
        ))
    };
    let der = PrivatePkcs8KeyDer::from_pem_slice(account.private_key.reveal().as_bytes())
        .map_err(|_| unusable("is not in PEM"))?;
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| unusable("is no RSA key"))?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
        .map_err(|_| unusable("cannot sign"))?;
    Ok(signature)
}

/// Our HTTP, for the OAuth library.
struct OverHttp {
    http: Http,
    now: Timestamp,
    /// What an answer may not quote.
    secrets: Vec<Secret>,
}

impl<'c> AsyncHttpClient<'c> for OverHttp {
    type Error = TokenError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TokenError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(no_address)?;
            let answer = usable(self.http.send(request).await, self.now)?;
            let answer = answer.without(&self.secrets.iter().collect::<Vec<_>>());
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

/// An answer that says yes or no; what says neither is trouble that may pass. It is never dangerous to ask for a token
/// once more.
fn usable(answer: Result<Answer, NoAnswer>, now: Timestamp) -> Result<Answer, TokenError> {
    let answer = answer.map_err(|error| TokenError::Passing { why: error.to_string(), wait: None })?;
    let status = answer.status;
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() || status.is_redirection() {
        let wait = retry_after(&answer.headers, now);
        return Err(TokenError::Passing { why: format!("Google's sign-in answered {status}"), wait });
    }
    Ok(answer)
}

fn granted(
    answer: Result<Tokens, RequestTokenError<TokenError, BasicErrorResponse>>,
) -> Result<Granted, TokenError> {
    match answer {
        Ok(tokens) => Ok(Granted {
            access_token: Secret::new(tokens.access_token().secret()),
            lifetime: tokens.expires_in().unwrap_or(UNSAID),
            refresh_token: tokens.refresh_token().map(|token| Secret::new(token.secret())),
            scopes: tokens.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            account: tokens.extra_fields().id_token.as_deref().and_then(account_in),
            refresh_token_lifetime: tokens.extra_fields().refresh_token_expires_in.map(Duration::from_secs),
        }),
        Err(RequestTokenError::ServerResponse(refused)) => Err(meaning(&refused)),
        Err(RequestTokenError::Request(error)) => Err(error),
        // What came is not shown: it may have a token in it.
        Err(RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => Err(TokenError::Passing {
            why: "Google's sign-in gave an answer that is none of a token endpoint".into(),
            wait: None,
        }),
    }
}

fn meaning(refused: &BasicErrorResponse) -> TokenError {
    // It stands in sentences of ours.
    let said = one_line(refused.to_string().trim_end_matches('.'));
    match refused.error() {
        BasicErrorResponseType::InvalidGrant => TokenError::Grant(said),
        BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient => {
            TokenError::Client(said)
        }
        BasicErrorResponseType::Extension(code) => match code.as_str() {
            "deleted_client" | "disabled_client" | "org_internal" => TokenError::Client(said),
            "internal_failure" | "temporarily_unavailable" | "rate_limit_exceeded" => {
                TokenError::Passing { why: said, wait: None }
            }
            // A quota in the words of the APIs.
            code if code.ends_with("LimitExceeded") => TokenError::Passing { why: said, wait: None },
            _ => TokenError::Refused(said),
        },
        _ => TokenError::Refused(said),
    }
}

/// The address in an id token. It came straight from the token endpoint, so its signature need not be looked at
/// (OpenID Connect Core 1.0, 3.1.3.7, 6).
fn account_in(id_token: &str) -> Option<String> {
    let claims = id_token.split('.').nth(1)?;
    let claims = BASE64URL_NOPAD.decode(claims.trim_end_matches('=').as_bytes()).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
    Some(one_line(claims.get("email")?.as_str()?))
}

#[cfg(test)]
mod tests;
