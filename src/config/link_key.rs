//! The key from which links are derived: 32 random bytes in hexadecimal, in a file or wherever secrets are.
//!
//! A key is made for a new store only. A store without its key has mails out whose links would die
//! of another one, so that takes a decision of the operator's.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use crate::secret::{SecretError, SecretPlace, manager};

/// Why there is no link key.
#[derive(Debug, thiserror::Error)]
pub enum LinkKeyError {
    /// The file cannot be read or made.
    #[error("the link key {} cannot be read or made ({source}); check server.link_key_file and its directory", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store is there and the file is not.
    #[error(
        "there is no link key {}, and the store is in use already; check server.link_key_file, and put the key back \
         from the backup. If it is lost for good, write 64 random hexadecimal digits into that file: links in mails \
         that are out stay dead then", .0.display()
    )]
    Lost(PathBuf),
    /// Something else is there.
    #[error(
        "{0} holds no link key, which is 64 hexadecimal digits; put it back from the backup. If it is lost for good, \
         write 64 random hexadecimal digits into it: links in mails that are out stay dead then"
    )]
    NotAKey(SecretPlace),
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Reads the key of a store that is in use.
pub(super) async fn of_used_store(place: &SecretPlace) -> Result<[u8; 32], LinkKeyError> {
    match place {
        SecretPlace::File(path) => in_file(path),
        SecretPlace::SecretsManager(name) => {
            key_in(manager::read(name).await?.text.reveal().as_bytes(), place)
        }
    }
}

fn in_file(path: &Path) -> Result<[u8; 32], LinkKeyError> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LinkKeyError::Lost(path.to_owned())),
        Err(source) => Err(LinkKeyError::File { path: path.to_owned(), source }),
        Ok(text) => key_in(&text, &SecretPlace::File(path.to_owned())),
    }
}

/// Reads the key for a store that is not there yet; makes it if there is no file.
pub(super) fn of_new_store(path: &Path) -> Result<[u8; 32], LinkKeyError> {
    let failed = |source| LinkKeyError::File { path: path.to_owned(), source };
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path).map_err(failed)?,
        text => return key_in(&text.map_err(failed)?, &SecretPlace::File(path.to_owned())),
    }
    // Another process may have been faster: what is in the file counts.
    key_in(&read(path).map_err(failed)?, &SecretPlace::File(path.to_owned()))
}

/// Whether the file was made some time ago, and not just now by another process that starts as well.
pub(super) fn is_old(path: &Path) -> bool {
    let made = std::fs::metadata(path).and_then(|file| file.modified());
    made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > Duration::from_secs(60)))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(256).read_to_end(&mut text)?;
    Ok(text)
}

fn key_in(text: &[u8], place: &SecretPlace) -> Result<[u8; 32], LinkKeyError> {
    let key = HEXLOWER_PERMISSIVE.decode(text.trim_ascii()).ok();
    key.and_then(|key| key.try_into().ok()).ok_or_else(|| LinkKeyError::NotAKey(place.clone()))
}

/// Makes the file, whole or not at all, for this user only. One that is there already stays.
fn make(path: &Path) -> io::Result<()> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".link-key-").tempfile_in(directory)?;
    writeln!(file, "{}", HEXLOWER.encode(&key))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Links that cannot be derived again after a power cut are dead: the name has to be durable.
        made => made.map_err(io::Error::from).and_then(|_| File::open(directory)?.sync_all()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_this_user_only() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("crewcall.db.key");
        assert!(matches!(in_file(&path), Err(LinkKeyError::Lost(_))));
        let key = of_new_store(&path).unwrap();
        assert_eq!((of_new_store(&path).unwrap(), in_file(&path).unwrap()), (key, key));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn something_else_is_no_key_and_stays_as_it_is() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for text in ["", "x", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64)] {
            fs::write(file.path(), text).unwrap();
            for open in [of_new_store, in_file] {
                assert!(matches!(open(file.path()), Err(LinkKeyError::NotAKey(_))), "{text:?}");
            }
            assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
        }
        fs::write(file.path(), format!("{}\r\n", "AB".repeat(32))).unwrap();
        assert_eq!(in_file(file.path()).unwrap(), [0xab; 32]);
    }
}
