//! Secrets in AWS Secrets Manager.

#[cfg(feature = "aws")]
use std::time::Duration;

use super::Secret;

/// How long AWS Secrets Manager may take, all attempts together: deadlines wait for it.
#[cfg(feature = "aws")]
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// This build does without AWS.
    #[error(
        "the secret {0} is in AWS, from which this build of crewcall reads none; build it with `cargo install --path \
         . --features aws`, or name a file instead (link_key_file, password_file)"
    )]
    NotBuilt(String),
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

/// The text of a secret, without the line end that a file may have had.
///
/// # Errors
/// If it cannot be had.
#[cfg(feature = "aws")]
pub(crate) async fn fetch(name: &str) -> Result<Secret, SecretError> {
    use aws_config::timeout::TimeoutConfig;
    use aws_sdk_secretsmanager::Client;
    use aws_sdk_secretsmanager::config::Builder;
    use aws_sdk_secretsmanager::error::SdkError;

    let settings = crate::aws::settings().await;
    if !crate::aws::has_region(&settings) {
        let cause = "there is no region; set AWS_REGION".to_owned();
        return Err(SecretError::Refused { name: name.to_owned(), cause });
    }
    let in_time = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
    let settings = Builder::from(&settings).timeout_config(in_time).build();
    let asked = Client::from_conf(settings).get_secret_value().secret_id(name).send();
    let answer = asked.await.map_err(|error| {
        let cause = match &error {
            SdkError::ServiceError(said) => said.err().to_string(),
            SdkError::TimeoutError(_) => format!("no answer within {} s", PATIENCE.as_secs()),
            // It has the answer in it, and with that perhaps the secret.
            SdkError::ResponseError(_) => "an answer that is none".to_owned(),
            other => crate::aws::causes(other),
        };
        SecretError::Refused { name: name.to_owned(), cause }
    })?;
    let text = answer.secret_string().ok_or_else(|| SecretError::NoText(name.to_owned()))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// The same where it cannot be had.
///
/// # Errors
/// Always.
#[cfg(not(feature = "aws"))]
pub(crate) async fn fetch(name: &str) -> Result<Secret, SecretError> {
    Err(SecretError::NotBuilt(name.to_owned()))
}
