//! Where a sign-in stands: reading it, keeping it, and noticing that it is another one.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::credentials::{AuthorizedUser, Credentials, parse};
use crate::secret::{Secret, SecretError, SecretPlace, Trouble, manager};

/// Bytes of a file of Google's, at the most.
const FILE_BYTES: u64 = 64 * 1024;

/// Why a sign-in cannot be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// Nobody has signed in yet.
    #[error("there is nothing in {0}")]
    Missing(SecretPlace),
    /// The file cannot be read or written.
    #[error("{} cannot be read or written ({source}); check its name, its directory and its rights", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is in AWS, and cannot be had or kept there.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// It is something else.
    #[error("{place} {problem}")]
    Content {
        /// Where it stands.
        place: SecretPlace,
        /// What it is, and what to do.
        problem: String,
    },
}

impl CredentialsError {
    /// Whether it may be otherwise soon, without anybody doing anything.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::Secret(error) if error.trouble() == Trouble::Passing)
    }
}

/// Tells what stands in a place from what stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stamp {
    /// Something in a file's metadata changes whenever it is written or replaced.
    File {
        modified: Option<std::time::SystemTime>,
        bytes: u64,
        #[cfg(unix)]
        inode: u64,
    },
    /// The version of a secret.
    Version(String),
}

impl Stamp {
    /// Of a file; `None` where there is none.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self::File {
            modified: file.modified().ok(),
            bytes: file.len(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(&file),
        })
    }
}

/// What somebody signed in with, and its stamp.
///
/// # Errors
/// There is none, it cannot be read, or it is something else.
pub(super) async fn read(place: &SecretPlace) -> Result<(Credentials, Option<Stamp>), CredentialsError> {
    let (text, stamp) = match place {
        SecretPlace::File(path) => {
            // The stamp first: what is written in between is read, and once more at the next look.
            let stamp = Stamp::of(path);
            (read_file(path)?, stamp)
        }
        SecretPlace::SecretsManager(name) => {
            let held = manager::read(name).await.map_err(|error| match error.trouble() {
                Trouble::Missing => CredentialsError::Missing(place.clone()),
                Trouble::Passing | Trouble::Lasting => error.into(),
            })?;
            // A secret can be made with nothing in it.
            if held.text.reveal().trim().is_empty() {
                return Err(CredentialsError::Missing(place.clone()));
            }
            (held.text.reveal().as_bytes().to_owned(), Some(Stamp::Version(held.version)))
        }
    };
    let credentials =
        parse(&text).map_err(|problem| CredentialsError::Content { place: place.clone(), problem })?;
    Ok((credentials, stamp))
}

impl Credentials {
    /// Reads what somebody signed in with.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it is something else.
    pub async fn read(place: &SecretPlace) -> Result<Self, CredentialsError> {
        Ok(read(place).await?.0)
    }
}

/// The bytes of one of Google's files.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, CredentialsError> {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES).read_to_end(&mut text));
    match read {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(CredentialsError::Missing(SecretPlace::File(path.to_owned())))
        }
        Err(source) => Err(CredentialsError::File { path: path.to_owned(), source }),
    }
}

impl AuthorizedUser {
    /// Keeps it there, whole or not at all: a file for this user only, where what a name that is a link leads to is
    /// replaced; or a new version of a secret.
    ///
    /// # Errors
    /// If it cannot be kept. What was there before is there still.
    pub async fn save(&self, place: &SecretPlace) -> Result<(), CredentialsError> {
        self.save_stamped(place).await.map(|_| ())
    }

    /// The same; gives the stamp of what is there now.
    pub(super) async fn save_stamped(&self, place: &SecretPlace) -> Result<Option<Stamp>, CredentialsError> {
        match place {
            SecretPlace::File(path) => {
                let failed = |source| CredentialsError::File { path: path.clone(), source };
                let real = match fs::canonicalize(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => path.clone(),
                    found => found.map_err(failed)?,
                };
                self.replace(&real).map_err(failed)?;
                Ok(Stamp::of(path))
            }
            SecretPlace::SecretsManager(name) => {
                let text = serde_json::to_string(self).map_err(|error| CredentialsError::Content {
                    place: place.clone(),
                    problem: format!("cannot hold this ({error})"),
                })?;
                Ok(Some(Stamp::Version(manager::put(name, &Secret::new(text)).await?)))
            }
        }
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

/// Whoever signs in as root does it for the user whose file it was, or whose directory it is. Nobody else may give a file
/// away, and need not.
fn keep_owner(new: &Path, old: &Path, directory: &Path) {
    #[cfg(unix)]
    if let Ok(owner) = fs::metadata(old).or_else(|_| fs::metadata(directory)) {
        use std::os::unix::fs::MetadataExt;
        let _ = std::os::unix::fs::chown(new, Some(owner.uid()), Some(owner.gid()));
    }
}

/// Whether a sign-in could be kept there: before anybody signs in. Of a secret this does not say whether it may be written.
///
/// # Errors
/// If it could not; or if something is there that nobody could get back: a key of a service account is given out once.
pub async fn check_replaceable(place: &SecretPlace) -> Result<(), CredentialsError> {
    match place {
        SecretPlace::File(path) => {
            if let Ok(text) = read_file(path) {
                check_content(place, &text)?;
            }
            beside(path).map(|_| ()).map_err(|source| CredentialsError::File { path: path.clone(), source })
        }
        SecretPlace::SecretsManager(name) => match manager::read(name).await {
            Ok(held) => check_content(place, held.text.reveal().as_bytes()),
            Err(SecretError::NoText(_)) => Ok(()),
            Err(error) if error.trouble() == Trouble::Missing => {
                // One of that name can be made; with an ARN it is a slip.
                match !name.starts_with("arn:") || manager::exists(name).await? {
                    true => Ok(()),
                    false => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        },
    }
}

fn check_content(place: &SecretPlace, text: &[u8]) -> Result<(), CredentialsError> {
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return Ok(()) };
    let what = match value.get("type").and_then(Value::as_str) {
        _ if value.get("installed").is_some() || value.get("web").is_some() => {
            "is the file of an OAuth client"
        }
        None | Some("authorized_user") => return Ok(()),
        Some("service_account") => "is the key of a service account",
        Some(_) => "is of another type",
    };
    Err(CredentialsError::Content {
        place: place.clone(),
        problem: format!("{what}, which is not written over; name another place in [google]"),
    })
}

#[cfg(test)]
mod tests;
