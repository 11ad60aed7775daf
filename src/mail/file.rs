//! Hand-over to a folder: each mail becomes one `.eml` file that any mail program opens.
//!
//! Mails hold links that work, so the files are for this user only, and so is a folder made for them.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{Mail, Receipt, SendError, Transport, mime};
use crate::plain::file_name;

/// Writes mails into a folder. The same key is the same file, so a repeated mail is there once.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Mails go into the folder at `path`, which is made when it is first needed.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where the mail with this key is, or would be.
    pub fn file_of(&self, key: &str) -> PathBuf {
        self.path.join(format!("{}.eml", file_name(key)))
    }

    fn unavailable(&self, error: &io::Error) -> SendError {
        SendError::Unavailable {
            reason: format!("the mail folder {} cannot be written: {error}", self.path.display()),
        }
    }
}

#[async_trait]
impl Transport for Folder {
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let bytes = mime::build(mail)
            .map_err(|error| SendError::Refused { reason: error.to_string(), bad_address: false })?;
        let file = self.file_of(&mail.key);
        let written = file.clone();
        let outcome = tokio::task::spawn_blocking(move || write_whole(&written, &bytes)).await;
        outcome.map_err(io::Error::other).flatten().map_err(|error| self.unavailable(&error))?;
        Ok(Receipt::new(&format!("written to {}", file.display())))
    }

    async fn check(&self) -> Result<(), SendError> {
        let probe = self.path.join(".check");
        let outcome = tokio::task::spawn_blocking(move || {
            write_whole(&probe, b"")?;
            fs::remove_file(&probe)
        });
        outcome.await.map_err(io::Error::other).flatten().map_err(|error| self.unavailable(&error))
    }
}

/// Writes `file` so that after a crash it is there whole, as it was before, or not at all.
fn write_whole(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    // Under a name of its own, for this user only: two sends of one key do not write into each other's file.
    let mut out = tempfile::Builder::new().prefix(".").suffix(".tmp").tempfile_in(folder)?;
    out.write_all(bytes)?;
    out.as_file().sync_all()?;
    out.persist(file)?;
    // The rename itself is durable only once the folder is.
    fs::File::open(folder)?.sync_all()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::mime::sample;

    #[tokio::test]
    async fn the_same_key_is_the_same_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("outbox"));
        folder.check().await.unwrap();
        let mut mail = sample();
        folder.send(&mail).await.unwrap();
        mail.subject = "Corrected".into();
        let receipt = folder.send(&mail).await.unwrap();
        assert!(receipt.at_peer.contains("outbox"), "{receipt:?}");

        let files: Vec<_> =
            fs::read_dir(home.path().join("outbox")).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files, [folder.file_of(&mail.key)]);
        assert_eq!(fs::read(&files[0]).unwrap(), mime::build(&mail).unwrap());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn mails_are_for_this_user_only() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join("made/outbox"));
        folder.send(&sample()).await.unwrap();
        assert_eq!(mode(&folder.file_of(&sample().key)), 0o600);
        assert_eq!((mode(&folder.path), mode(&home.path().join("made"))), (0o700, 0o700));
        // A folder that was there keeps its rights.
        fs::set_permissions(&folder.path, fs::Permissions::from_mode(0o755)).unwrap();
        folder.send(&sample()).await.unwrap();
        assert_eq!(mode(&folder.path), 0o755);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_is_nobodys_fault() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let folder = Folder::new(file.path().join("under-a-file"));
        assert!(matches!(folder.send(&sample()).await, Err(SendError::Unavailable { .. })));
        assert!(matches!(folder.check().await, Err(SendError::Unavailable { .. })));
    }
}
