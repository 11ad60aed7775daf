//! The token endpoint: what a code is exchanged for (RFC 6749, 4.1.3).

use std::borrow::Cow;
use std::pin::Pin;

use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret as SecretText,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};

use super::id_token::Distrust;
use super::issuer::Metadata;
use super::{Attempt, ClientSecret, OpenId, OpenIdError, no_address};
use crate::plain::one_line;
use crate::secret::{Secret, manager};

/// What the token endpoint gives beyond RFC 6749.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct More {
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for More {}

pub(super) type Tokens = StandardTokenResponse<More, BasicTokenType>;
pub(super) type OAuth = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl OpenId {
    /// Exchanges a code.
    pub(super) async fn exchange(
        &self,
        metadata: &Metadata,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, OpenIdError> {
        let secret = self.client_secret().await?;
        let client = self
            .client(metadata)?
            .set_client_secret(SecretText::new(secret.reveal().to_owned()))
            .set_auth_type(if metadata.takes_basic() { AuthType::BasicAuth } else { AuthType::RequestBody });
        let hidden = [Secret::new(code), secret];
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier(&self.key)))
            .set_redirect_uri(Cow::Owned(self.redirect_url()?))
            .request_async(&OverHttp { openid: self, hidden })
            .await;
        answer.map_err(|error| match error {
            RequestTokenError::ServerResponse(refused) => meaning(&refused),
            RequestTokenError::Request(error) => error,
            // What came is not shown: it may have a token in it.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Distrust::NoIdToken.into(),
        })
    }

    /// What we are to the issuer.
    pub(super) fn client(&self, metadata: &Metadata) -> Result<OAuth, OpenIdError> {
        let auth = AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(no_address)?;
        let token = TokenUrl::new(metadata.token_endpoint.clone()).map_err(no_address)?;
        Ok(Client::new(ClientId::new(self.config.client_id.clone())).set_auth_uri(auth).set_token_uri(token))
    }

    async fn client_secret(&self) -> Result<Secret, OpenIdError> {
        match &self.config.client_secret {
            ClientSecret::Known(secret) => Ok(secret.clone()),
            ClientSecret::SecretsManager(name) => match manager::read(name).await {
                Ok(held) => Ok(held.text),
                Err(error) => Err(OpenIdError::Client(error.to_string())),
            },
        }
    }
}

/// Our HTTP, for the OAuth library.
struct OverHttp<'a> {
    openid: &'a OpenId,
    /// What an answer may not quote.
    hidden: [Secret; 2],
}

impl<'c> AsyncHttpClient<'c> for OverHttp<'_> {
    type Error = OpenIdError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OpenIdError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(no_address)?;
            let answer = self.openid.send(request).await?;
            let answer = answer.without(&self.hidden.iter().collect::<Vec<_>>());
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        })
    }
}

fn meaning(refused: &BasicErrorResponse) -> OpenIdError {
    let said = one_line(refused.to_string().trim_end_matches('.'));
    match refused.error() {
        BasicErrorResponseType::InvalidGrant => OpenIdError::Code(said),
        BasicErrorResponseType::Extension(code) if code == "temporarily_unavailable" => {
            OpenIdError::Unreached(said)
        }
        _ => OpenIdError::Client(said),
    }
}
