//! Text from a file or from standard input, within limits.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crewcall_dispatch::limits;

/// Text that was handed in, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// As sentences name it: `roster.json`, `standard input`.
    pub place: String,
    /// The text, without a byte order mark.
    pub text: String,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// No such file.
    #[error("there is no file {}; check the name and the directory", .0.display())]
    Missing(PathBuf),
    /// A directory.
    #[error("{} is a directory; name a file in it", .0.display())]
    Directory(PathBuf),
    /// The system refused.
    #[error("{place} cannot be read ({source}); check that this user may read it")]
    Unreadable {
        /// What.
        place: String,
        /// What the system said.
        source: io::Error,
    },
    /// More than [`limits::FILE_BYTES`].
    #[error("{0} has more than {max} bytes, which is all that is taken; split it", max = limits::FILE_BYTES)]
    TooLarge(String),
    /// Some other encoding, or no text at all.
    #[error(
        "{place} is not UTF-8 text (line {line} has other bytes); save it as UTF-8, which spreadsheets call \
         \"CSV UTF-8\""
    )]
    NotText {
        /// What.
        place: String,
        /// The line of the first byte that is no text, counted from 1.
        line: usize,
    },
    /// Nothing in it.
    #[error("{0} is empty; nothing was read from it")]
    Empty(String),
}

/// Reads a file; `-` is standard input.
///
/// # Errors
/// Says what is wrong with the file and what to do.
pub fn read(path: &Path) -> Result<Input, InputError> {
    if path.as_os_str() == "-" { read_standard_input() } else { read_file(path) }
}

/// Reads a file whole.
///
/// # Errors
/// As [`read`].
pub fn read_file(path: &Path) -> Result<Input, InputError> {
    read_from(open(path)?, path.display().to_string())
}

/// Reads standard input to its end.
///
/// # Errors
/// As [`read`].
pub fn read_standard_input() -> Result<Input, InputError> {
    read_from(io::stdin().lock(), "standard input".into())
}

/// Reads a file that is no text, whole.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, InputError> {
    let file = open(path)?;
    let place = path.display().to_string();
    let bytes = bytes_from(file, &place)?;
    if bytes.is_empty() { Err(InputError::Empty(place)) } else { Ok(bytes) }
}

fn open(path: &Path) -> Result<File, InputError> {
    if path.is_dir() {
        return Err(InputError::Directory(path.to_owned()));
    }
    File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => InputError::Missing(path.to_owned()),
        _ => InputError::Unreadable { place: path.display().to_string(), source },
    })
}

fn bytes_from(source: impl Read, place: &str) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file that is too large from one that just fits.
    match source.take(limits::FILE_BYTES + 1).read_to_end(&mut bytes) {
        Ok(read) if read as u64 > limits::FILE_BYTES => Err(InputError::TooLarge(place.to_owned())),
        Ok(_) => Ok(bytes),
        Err(source) => Err(InputError::Unreadable { place: place.to_owned(), source }),
    }
}

fn read_from(source: impl Read, place: String) -> Result<Input, InputError> {
    let bytes = bytes_from(source, &place)?;
    text(bytes, place)
}

/// The text that bytes are.
///
/// # Errors
/// If they are none, or nothing.
pub fn text(bytes: Vec<u8>, place: String) -> Result<Input, InputError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        InputError::NotText { place: place.clone(), line }
    })?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.trim().is_empty() {
        return Err(InputError::Empty(place));
    }
    Ok(Input { place, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Input, String> {
        read_from(bytes, "roster.csv".into()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(read_bytes(b"\xef\xbb\xbfcrew_id").unwrap().text, "crew_id");
    }

    #[test]
    fn other_encodings_are_named_with_the_line() {
        let sentence = read_bytes(b"crew_id,name\nx,Mu\xf1oz\n").unwrap_err();
        assert!(sentence.contains("line 2") && sentence.contains("UTF-8"), "{sentence}");
    }

    #[test]
    fn nothing_is_not_text() {
        assert!(read_bytes(b" \r\n").unwrap_err().contains("is empty"));
    }
}
