//! Google's own files: what somebody signed in with.
//!
//! | `type` | what it is | where it comes from |
//! | --- | --- | --- |
//! | `authorized_user`, or none | the sign-in of a person: a refresh token and its client | `crewcall google login`, `gcloud`, Google's Python library |
//! | `service_account` | an account without a person: a private key | Google's console |
//!
//! What is not understood in a file stays in it. `storage` is where they stand: a file, or a secret in AWS.

mod storage;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::secret::{Secret, revealed};

pub use storage::CredentialsError;
pub(crate) use storage::check_replaceable;
pub(super) use storage::{Stamp, read_file, read_unless};

/// What to sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A person has signed in.
    User(Box<AuthorizedUser>),
    /// An account of its own.
    Service(Box<ServiceAccount>),
}

/// The sign-in of a person, as Google's libraries keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizedUser {
    /// `authorized_user`. Files that Google's Python library writes leave it out.
    #[serde(rename = "type", default = "authorized_user")]
    pub kind: String,
    /// The OAuth client for which the person has consented.
    pub client_id: String,
    /// What goes with it. No secret by its nature where the program is installed, but not for others either.
    #[serde(with = "revealed")]
    pub client_secret: Secret,
    /// What becomes access tokens.
    #[serde(with = "revealed")]
    pub refresh_token: Secret,
    /// What the person has consented to, as far as the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Who the person is, as far as the file says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// When the person signed in. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// When the sign-in ends, if Google has said so. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_expires_at: Option<Timestamp>,
    /// The rest of the file.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

fn authorized_user() -> String {
    "authorized_user".into()
}

/// The key of a service account, as Google's console gives it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServiceAccount {
    /// Its address: sheets are shared with it.
    pub client_email: String,
    /// Which of its keys this is.
    #[serde(default)]
    pub private_key_id: String,
    /// The key: PKCS #8, in PEM.
    #[serde(deserialize_with = "revealed::deserialize")]
    pub private_key: Secret,
}

impl Credentials {
    /// Whose sign-in it is, as far as is known.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::User(user) => Some(user.account.as_str()).filter(|account| !account.is_empty()),
            Self::Service(account) => Some(&account.client_email),
        }
    }

    /// Tells this sign-in from another one, and gives nothing away: the beginning of a digest.
    pub fn fingerprint(&self) -> String {
        let secret = match self {
            Self::User(user) => user.refresh_token.reveal(),
            Self::Service(account) => account.private_key.reveal(),
        };
        data_encoding::HEXLOWER.encode(&Sha256::digest(secret)[..6])
    }
}

/// What is wrong is said without a word of what stands there.
fn parse(text: &[u8]) -> Result<Credentials, String> {
    let Ok(value) = serde_json::from_slice::<Value>(text) else {
        return Err("is not JSON".into());
    };
    // serde would say what stands there instead.
    let missing = |fields: &[&str]| {
        let lacks = |field: &&&str| !value.get(*field).is_some_and(Value::is_string);
        let field = fields.iter().find(lacks).unwrap_or(&"content");
        format!("has no usable {field}")
    };
    match value.get("type").and_then(Value::as_str) {
        _ if value.get("installed").is_some() || value.get("web").is_some() => Err(
            "is the file of an OAuth client, not of a sign-in; name it in google.client_file, and give `crewcall google \
             login`"
                .into(),
        ),
        Some("service_account") => {
            let account: ServiceAccount = serde_json::from_value(value.clone())
                .map_err(|_| missing(&["client_email", "private_key"]))?;
            Ok(Credentials::Service(Box::new(account)))
        }
        None | Some("authorized_user") => {
            let user: AuthorizedUser = serde_json::from_value(value.clone())
                .map_err(|_| missing(&["client_id", "client_secret", "refresh_token"]))?;
            match [&user.client_id, user.client_secret.reveal(), user.refresh_token.reveal()].contains(&"") {
                true => Err("has an empty client_id, client_secret or refresh_token".into()),
                false => Ok(Credentials::User(Box::new(user))),
            }
        }
        Some(_) => Err("is of a type that is not used here".into()),
    }
}

#[cfg(test)]
mod tests;
