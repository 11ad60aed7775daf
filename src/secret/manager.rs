//! Secrets in AWS Secrets Manager.

use super::Secret;

#[cfg(not(feature = "aws"))]
pub(crate) use self::without::{exists, put, read};
#[cfg(feature = "aws")]
pub(crate) use aws::{exists, put, read};

/// Why a secret cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// This build does without AWS.
    #[error(
        "the secret {0} is in AWS, from which this build of crewcall reads none; build it with `cargo install --path \
         . --features aws`, or name a file instead (link_key_file, password_file, credentials_file)"
    )]
    NotBuilt(String),
    /// Secrets Manager does not give it.
    #[error(
        "the secret {name} cannot be read from AWS Secrets Manager ({cause}); check its name, AWS_REGION, and that \
         whoever runs this has the right secretsmanager:GetSecretValue for it"
    )]
    NotRead {
        /// Its name or ARN.
        name: String,
        /// What AWS said.
        cause: String,
        /// What that comes to.
        trouble: Trouble,
    },
    /// Secrets Manager does not take it.
    #[error(
        "the secret {name} cannot be written in AWS Secrets Manager ({cause}); check its name, AWS_REGION, and that \
         whoever runs this has the rights secretsmanager:PutSecretValue, and CreateSecret for a first one"
    )]
    NotWritten {
        /// Its name or ARN.
        name: String,
        /// What AWS said.
        cause: String,
        /// What that comes to.
        trouble: Trouble,
    },
    /// It holds bytes.
    #[error("the secret {0} holds bytes and no text; put it there with --secret-string")]
    NoText(String),
}

/// What a failure comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no such secret, or nothing in it yet.
    Missing,
    /// It may be otherwise soon.
    Passing,
    /// Somebody has to do something.
    Lasting,
}

impl SecretError {
    /// What it comes to.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::NotRead { trouble, .. } | Self::NotWritten { trouble, .. } => *trouble,
            Self::NotBuilt(_) | Self::NoText(_) => Trouble::Lasting,
        }
    }
}

/// What a secret holds.
pub(crate) struct Held {
    /// Without the line end that a file may have had.
    pub(crate) text: Secret,
    /// Another one each time that it is written.
    pub(crate) version: String,
}

#[cfg(feature = "aws")]
mod aws {
    use std::time::Duration;

    use aws_config::timeout::TimeoutConfig;
    use aws_sdk_secretsmanager::Client;
    use aws_sdk_secretsmanager::config::Builder;
    use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};

    use super::{Held, Secret, SecretError, Trouble};

    /// How long it may take to have credentials, and then again an answer, all attempts together: deadlines wait for it.
    const PATIENCE: Duration = Duration::from_secs(5);
    /// What most of those who run this do, and may do.
    const READ: &str = "GetSecretValue";

    /// The text of a secret.
    ///
    /// # Errors
    /// If it cannot be had.
    pub(crate) async fn read(name: &str) -> Result<Held, SecretError> {
        let failed = |(cause, trouble)| SecretError::NotRead { name: name.to_owned(), cause, trouble };
        let asked = client().await.map_err(failed)?.get_secret_value().secret_id(name);
        let answer = asked.send().await.map_err(|error| failed(meaning(&error, READ)))?;
        let text = answer.secret_string().ok_or_else(|| SecretError::NoText(name.to_owned()))?;
        let text = Secret::new(text.trim_end_matches(['\r', '\n']));
        Ok(Held { text, version: answer.version_id.unwrap_or_default() })
    }

    /// Writes a secret; one that is not there yet is made, if it is named by a name. Gives its version.
    ///
    /// # Errors
    /// If it cannot be written. What was there before is there still.
    pub(crate) async fn put(name: &str, text: &Secret) -> Result<String, SecretError> {
        let failed = |(cause, trouble)| SecretError::NotWritten { name: name.to_owned(), cause, trouble };
        let client = client().await.map_err(failed)?;
        let put = client.put_secret_value().secret_id(name).secret_string(text.reveal());
        let failure = match put.send().await {
            Ok(answer) => return Ok(answer.version_id.unwrap_or_default()),
            Err(error) => meaning(&error, "PutSecretValue"),
        };
        // Whoever has an ARN has it of one that was there.
        if failure.1 != Trouble::Missing || name.starts_with("arn:") {
            return Err(failed(failure));
        }
        let made = client.create_secret().name(name).secret_string(text.reveal()).send().await;
        Ok(made.map_err(|error| failed(meaning(&error, "CreateSecret")))?.version_id.unwrap_or_default())
    }

    /// Whether there is such a secret, be there something in it or not.
    ///
    /// # Errors
    /// If that cannot be known.
    pub(crate) async fn exists(name: &str) -> Result<bool, SecretError> {
        let failed = |(cause, trouble)| SecretError::NotRead { name: name.to_owned(), cause, trouble };
        let asked = client().await.map_err(failed)?.describe_secret().secret_id(name).send().await;
        match asked.map_err(|error| meaning(&error, "DescribeSecret")) {
            Ok(_) => Ok(true),
            Err((_, Trouble::Missing)) => Ok(false),
            Err(failure) => Err(failed(failure)),
        }
    }

    /// With credentials in hand, which may have to be fetched.
    async fn client() -> Result<Client, (String, Trouble)> {
        let late = |_| (format!("no credentials within {} s", PATIENCE.as_secs()), Trouble::Passing);
        tokio::time::timeout(PATIENCE, ready_client()).await.map_err(late)?
    }

    async fn ready_client() -> Result<Client, (String, Trouble)> {
        let settings = crate::aws::settings().await;
        if !crate::aws::has_region(&settings) {
            return Err(("there is no region; set AWS_REGION".into(), Trouble::Lasting));
        }
        if let Err(why) = crate::aws::has_credentials(&settings).await {
            // Whoever gives them out may do so again.
            return Err((format!("no credentials of AWS: {why}"), Trouble::Passing));
        }
        let in_time = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        Ok(Client::from_conf(Builder::from(&settings).timeout_config(in_time).build()))
    }

    /// What AWS said to the operation, without a word of the secret, and what that comes to.
    fn meaning<E>(error: &SdkError<E>, operation: &str) -> (String, Trouble)
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        match error {
            SdkError::ServiceError(said) => {
                let (code, status) = (said.err().code(), said.raw().status().as_u16());
                let trouble = match code {
                    Some("ResourceNotFoundException") => Trouble::Missing,
                    Some("ThrottlingException") => Trouble::Passing,
                    _ if status == 429 || status >= 500 => Trouble::Passing,
                    _ => Trouble::Lasting,
                };
                let code = code.unwrap_or("no reason");
                (
                    format!("{operation}: {code}, {}", said.err().message().unwrap_or("without a word")),
                    trouble,
                )
            }
            SdkError::TimeoutError(_) => {
                (format!("no answer within {} s", PATIENCE.as_secs()), Trouble::Passing)
            }
            // It has the answer in it, and with that perhaps the secret.
            SdkError::ResponseError(_) => ("an answer that is none".into(), Trouble::Passing),
            SdkError::DispatchFailure(_) => (crate::aws::causes(error), Trouble::Passing),
            other => (crate::aws::causes(other), Trouble::Lasting),
        }
    }
}

/// What can be said of secrets there without the feature.
#[cfg(not(feature = "aws"))]
mod without {
    use super::{Held, Secret, SecretError};

    pub(crate) async fn read(name: &str) -> Result<Held, SecretError> {
        Err(SecretError::NotBuilt(name.to_owned()))
    }

    pub(crate) async fn put(name: &str, _: &Secret) -> Result<String, SecretError> {
        Err(SecretError::NotBuilt(name.to_owned()))
    }

    pub(crate) async fn exists(name: &str) -> Result<bool, SecretError> {
        Err(SecretError::NotBuilt(name.to_owned()))
    }
}
