//! Google's own files: what somebody signed in with.
//!
//! | `type` | what it is | where it comes from |
//! | --- | --- | --- |
//! | `authorized_user`, or none | the sign-in of a person: a refresh token and its client | `crewcall google login`, `gcloud`, Google's Python library |
//! | `service_account` | an account without a person: a private key | Google's console |
//!
//! What is not understood in a file stays in it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::secret::{Secret, revealed};

/// Bytes of such a file, at the most.
const FILE_BYTES: u64 = 64 * 1024;

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

/// Why there are no credentials.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// Nobody has signed in yet.
    #[error("there is no {}", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read or written.
    #[error("{} cannot be read or written ({source}); check its name, its directory and its rights", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do.
        problem: String,
    },
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

    /// Reads a file.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it is something else.
    pub fn read(path: &Path) -> Result<Self, CredentialsError> {
        parse(&read(path)?).map_err(|problem| CredentialsError::Content { path: path.to_owned(), problem })
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, CredentialsError> {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES).read_to_end(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(CredentialsError::Missing(path.to_owned()))
        }
        Err(source) => Err(CredentialsError::File { path: path.to_owned(), source }),
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

impl AuthorizedUser {
    /// Writes the file, whole or not at all, for this user only. What a name that is a link leads to is replaced.
    ///
    /// # Errors
    /// If it cannot be written. What was there before is there still.
    pub fn save(&self, path: &Path) -> Result<(), CredentialsError> {
        let failed = |source| CredentialsError::File { path: path.to_owned(), source };
        let path = match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            found => found.map_err(failed)?,
        };
        self.replace(&path).map_err(failed)
    }

    fn replace(&self, path: &Path) -> io::Result<()> {
        let (directory, mut file) = beside(path)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        keep_owner(file.path(), path, directory);
        file.persist(path)?;
        // After a power cut the new one has to be there: Google may have ended the old one.
        File::open(directory)?.sync_all()
    }
}

/// An empty file in the directory of another, for this user only (0600).
fn beside(path: &Path) -> io::Result<(&Path, tempfile::NamedTempFile)> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    Ok((directory, tempfile::Builder::new().prefix(".google-").tempfile_in(directory)?))
}

/// Whether a sign-in could be kept there: before anybody signs in.
///
/// # Errors
/// If it could not; or if something is there that nobody could get back: a key of a service account is given out once.
pub fn check_replaceable(path: &Path) -> Result<(), CredentialsError> {
    let is_kept = |what: &str| CredentialsError::Content {
        path: path.to_owned(),
        problem: format!("{what}, which is not written over; name another file in google.credentials_file"),
    };
    if let Ok(text) = read(path)
        && let Ok(value) = serde_json::from_slice::<Value>(&text)
    {
        if value.get("installed").is_some() || value.get("web").is_some() {
            return Err(is_kept("is the file of an OAuth client"));
        }
        match value.get("type").and_then(Value::as_str) {
            None | Some("authorized_user") => {}
            Some("service_account") => return Err(is_kept("is the key of a service account")),
            Some(_) => return Err(is_kept("is of another type")),
        }
    }
    beside(path).map(|_| ()).map_err(|source| CredentialsError::File { path: path.to_owned(), source })
}

/// Whoever signs in as root does it for the user whose file it was, or whose directory it is. Nobody else may give a file
/// away, and need not.
fn keep_owner(new: &Path, old: &Path, directory: &Path) {
    #[cfg(unix)]
    if let Ok(owner) = fs::metadata(old).or_else(|_| fs::metadata(directory)) {
        use std::os::unix::fs::MetadataExt;
        let _ = std::os::unix::fs::chown(new, Some(owner.uid()), Some(owner.gid()));
    }
}

/// Something in a file's metadata changes whenever it is written or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<std::time::SystemTime>,
    bytes: u64,
    #[cfg(unix)]
    inode: u64,
}

impl Stamp {
    /// `None` where there is no file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            modified: file.modified().ok(),
            bytes: file.len(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(&file),
        })
    }
}

#[cfg(test)]
mod tests;
