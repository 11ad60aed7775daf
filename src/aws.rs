//! What all clients of AWS have in common: the settings of the environment, and how they speak.

use std::error::Error;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::ProvideCredentials;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::tls;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// Region, credentials and endpoints as the AWS SDK reads them, but for profiles that fetch credentials by themselves (SSO,
/// `credential_process`): those are left out of this build.
pub(crate) async fn settings() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).http_client(http_client()).load().await
}

/// Whether they name a region; an empty one is none.
pub(crate) fn has_region(settings: &SdkConfig) -> bool {
    settings.region().is_some_and(|region| !region.as_ref().is_empty())
}

/// Whether they lead to credentials.
///
/// # Errors
/// Why they do not.
pub(crate) async fn has_credentials(settings: &SdkConfig) -> Result<(), String> {
    let provider = settings.credentials_provider().ok_or("there are no credentials")?;
    provider.provide_credentials().await.map(|_| ()).map_err(|error| causes(&error))
}

/// An error and what it comes from.
pub(crate) fn causes(error: &dyn Error) -> String {
    let deeper = std::iter::successors(error.source(), |error| (*error).source());
    deeper.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}

/// HTTPS by rustls with ring, as everywhere in this program: the SDK's own choice builds a second one in C.
fn http_client() -> SharedHttpClient {
    let provider = tls::Provider::Rustls(CryptoMode::Ring);
    aws_smithy_http_client::Builder::new().tls_provider(provider).build_https()
}
