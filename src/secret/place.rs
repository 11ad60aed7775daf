//! Where a secret stands.

use std::fmt;
use std::path::PathBuf;

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

/// The name or ARN of a secret.
///
/// # Errors
/// If it is neither: a clause that says so.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let fits = (1..=2048).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    if fits {
        Ok(text.to_owned())
    } else {
        Err("is no name or ARN of a secret in AWS Secrets Manager".into())
    }
}
