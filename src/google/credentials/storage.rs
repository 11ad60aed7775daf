//! Where a sign-in stands: reading it, keeping it, and noticing that it is another one.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{AuthorizedUser, Credentials, parse};
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
    /// Whether it says nothing of what stands there.
    pub(in crate::google) fn says_nothing(&self) -> bool {
        matches!(self, Self::File { .. } | Self::Secret(_))
    }

    /// Whether it may be otherwise soon, without anybody doing anything.
    pub(in crate::google) fn passes(&self) -> bool {
        matches!(self, Self::Secret(error) if error.trouble() == Trouble::Passing)
    }
}

/// Tells what stands in a place from what stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::google) enum Stamp {
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
    pub(in crate::google) fn of_file(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self::File {
            modified: file.modified().ok(),
            bytes: file.len(),
            #[cfg(unix)]
            inode: std::os::unix::fs::MetadataExt::ino(&file),
        })
    }
}

/// What somebody signed in with, and its stamp; nothing where it is what has the known stamp.
///
/// # Errors
/// There is none, it cannot be read, or it is something else.
pub(in crate::google) async fn read_unless(
    known: Option<&Stamp>,
    place: &SecretPlace,
) -> Result<Option<(Credentials, Option<Stamp>)>, CredentialsError> {
    let is_known = |stamp: &Option<Stamp>| stamp.is_some() && stamp.as_ref() == known;
    let (text, stamp) = match place {
        SecretPlace::File(path) => {
            // The stamp first: what is written in between is read, and once more at the next look.
            let stamp = Stamp::of_file(path);
            if is_known(&stamp) {
                return Ok(None);
            }
            (read_file(path)?, stamp)
        }
        SecretPlace::SecretsManager(name) => {
            let held = manager::read(name).await.map_err(|error| match error.trouble() {
                Trouble::Missing => CredentialsError::Missing(place.clone()),
                Trouble::Passing | Trouble::Lasting => error.into(),
            })?;
            let stamp = Some(Stamp::Version(held.version));
            if is_known(&stamp) {
                return Ok(None);
            }
            // A secret can be made with nothing in it.
            if held.text.reveal().trim().is_empty() {
                return Err(CredentialsError::Missing(place.clone()));
            }
            (held.text.reveal().as_bytes().to_owned(), stamp)
        }
    };
    let credentials =
        parse(&text).map_err(|problem| CredentialsError::Content { place: place.clone(), problem })?;
    Ok(Some((credentials, stamp)))
}

impl Credentials {
    /// Reads what somebody signed in with.
    ///
    /// # Errors
    /// There is none, it cannot be read, or it is something else.
    pub(crate) async fn read(place: &SecretPlace) -> Result<Self, CredentialsError> {
        let read = read_unless(None, place).await?;
        Ok(read.ok_or_else(|| CredentialsError::Missing(place.clone()))?.0)
    }
}

/// The bytes of one of Google's files.
pub(in crate::google) fn read_file(path: &Path) -> Result<Vec<u8>, CredentialsError> {
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
    pub(in crate::google) async fn save_stamped(
        &self,
        place: &SecretPlace,
    ) -> Result<Option<Stamp>, CredentialsError> {
        match place {
            SecretPlace::File(path) => {
                let failed = |source| CredentialsError::File { path: path.clone(), source };
                let real = match fs::canonicalize(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => path.clone(),
                    found => found.map_err(failed)?,
                };
                self.replace(&real).map_err(failed)?;
                Ok(Stamp::of_file(path))
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
pub(crate) async fn check_replaceable(place: &SecretPlace) -> Result<(), CredentialsError> {
    let is_kept = |what: &str| CredentialsError::Content {
        place: place.clone(),
        problem: format!("{what}, which is not written over; name another place in [google]"),
    };
    match place {
        SecretPlace::File(path) => {
            // One that is half written may be written anew.
            if let Ok(text) = read_file(path)
                && let Some(what) = something_else(&text).filter(|what| *what != NOTHING_OF_GOOGLE)
            {
                return Err(is_kept(what));
            }
            beside(path).map(|_| ()).map_err(|source| CredentialsError::File { path: path.clone(), source })
        }
        SecretPlace::SecretsManager(name) => match manager::read(name).await {
            // Secrets are never half written: what is no sign-in is somebody's password or key, and the name a slip.
            Ok(held) => match something_else(held.text.reveal().as_bytes()) {
                Some(what) if !held.text.reveal().trim().is_empty() => Err(is_kept(what)),
                _ => Ok(()),
            },
            Err(SecretError::NoText(_)) => Err(is_kept(NOTHING_OF_GOOGLE)),
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

const NOTHING_OF_GOOGLE: &str = "is no sign-in";

/// What it is, if it is no sign-in of a person.
fn something_else(text: &[u8]) -> Option<&'static str> {
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(text) else {
        return Some(NOTHING_OF_GOOGLE);
    };
    match fields.get("type").and_then(Value::as_str) {
        _ if fields.contains_key("installed") || fields.contains_key("web") => {
            Some("is the file of an OAuth client")
        }
        None | Some("authorized_user") => None,
        Some("service_account") => Some("is the key of a service account"),
        Some(_) => Some("is of another type"),
    }
}

#[cfg(test)]
mod tests;
