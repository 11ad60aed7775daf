//! Where a secret stands, and fetching it from there.

use std::fmt;
use std::path::PathBuf;

use crate::mail::Secret;

/// Where a secret stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// In a file of its own.
    File(PathBuf),
    /// In AWS Secrets Manager, under this name or ARN.
    SecretsManager(String),
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::SecretsManager(name) => write!(f, "the secret {name} in AWS Secrets Manager"),
        }
    }
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// This build does without AWS.
    #[error(
        "this build of crewcall reads no secrets from AWS; build it with `cargo install --path . --features aws`, or \
         name a file"
    )]
    NotBuilt,
    /// Secrets Manager does not give it.
    #[error(
        "the secret {name} cannot be read from AWS Secrets Manager ({cause}); check its name, AWS_REGION, and that \
         whoever runs this has the right secretsmanager:GetSecretValue for it"
    )]
    Refused {
        /// Its name or ARN.
        name: String,
        /// What AWS said.
        cause: String,
    },
    /// It holds bytes.
    #[error("the secret {0} holds bytes and no text; put it there with --secret-string")]
    NoText(String),
}

/// The name or ARN of a secret.
pub(super) fn name(text: &str) -> Result<String, String> {
    let fits = (1..=2048).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("is no name or ARN of a secret in AWS Secrets Manager".into())
    }
}

/// The text of a secret in AWS Secrets Manager, without the line end that a file may have had.
#[cfg(feature = "aws")]
pub(super) async fn fetch(name: &str) -> Result<Secret, SecretError> {
    use aws_sdk_secretsmanager::Client;
    use aws_sdk_secretsmanager::error::DisplayErrorContext;

    let client = Client::new(&crate::aws::settings().await);
    let answer = client.get_secret_value().secret_id(name).send().await.map_err(|error| {
        let cause = match error.as_service_error() {
            Some(said) => said.to_string(),
            None => DisplayErrorContext(&error).to_string(),
        };
        SecretError::Refused { name: name.to_owned(), cause }
    })?;
    let text = answer.secret_string().ok_or_else(|| SecretError::NoText(name.to_owned()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

#[cfg(not(feature = "aws"))]
pub(super) async fn fetch(_: &str) -> Result<Secret, SecretError> {
    Err(SecretError::NotBuilt)
}
