//! The parts of a workbook's file, within limits.
//!
//! An .xlsx is a zip of parts, most of them XML. What stands in a zip about sizes may be wrong, so each part is unpacked once
//! and counted while it is, and only what is left of the file then is read: pictures and the like never are.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use crewcall_dispatch::limits;
use zip::result::ZipError;
use zip::{ZipArchive, ZipWriter};

use super::ReadError;
use super::counts::Counts;

/// How often a part is read at the most: a tab's is read for its joined cells and for its cells.
const TIMES: u64 = 3;
/// Bytes of a part that may be read beside, as whoever opens a zip looks around in it.
const AROUND: u64 = 16 * 1024;
/// How a file begins that is an older workbook, or one with a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A workbook's file with only the parts that are read, each of them no more than a few times: several tabs may say that
/// they are the same part.
#[derive(Debug)]
pub(super) struct Parts {
    file: Cursor<Vec<u8>>,
    /// From where to where each part is packed, in order.
    packed: Vec<Packed>,
}

#[derive(Debug)]
struct Packed {
    from: u64,
    to: u64,
    /// Bytes that may still be read of it.
    left: u64,
}

impl Parts {
    /// Takes out of a file what is read of it.
    ///
    /// # Errors
    /// If it is no workbook, or more than is read.
    pub(super) fn of(file: &[u8]) -> Result<Self, ReadError> {
        if file.starts_with(COMPOUND) {
            return Err(ReadError::Older);
        }
        let mut zip = ZipArchive::new(Cursor::new(file))?;
        if zip.len() > limits::BOOK_PARTS {
            return Err(ReadError::Parts);
        }
        let mut counts = Counts::default();
        let mut kept = ZipWriter::new(Cursor::new(Vec::new()));
        for place in 0..zip.len() {
            // What is locked, or packed in another way, is read by nobody here.
            let Ok(part) = zip.by_index(place) else { continue };
            if !is_read(&part.name()?) {
                continue;
            }
            let end = part.data_start().and_then(|start| start.checked_add(part.compressed_size()));
            if end.is_none_or(|end| end > file.len() as u64) {
                // Else the parts that come after it in the copy would be read as its end.
                return Err(ReadError::Form("a part of it reaches beyond its end".into()));
            }
            counts.add(part)?;
            kept.raw_copy_file(zip.by_index_raw(place)?)?;
        }
        Self::with(kept.finish()?.into_inner())
    }

    fn with(file: Vec<u8>) -> Result<Self, ReadError> {
        let mut zip = ZipArchive::new(Cursor::new(file))?;
        let mut packed = Vec::with_capacity(zip.len());
        for place in 0..zip.len() {
            let part = zip.by_index_raw(place)?;
            let (from, bytes) = (part.data_start().unwrap_or_default(), part.compressed_size());
            packed.push(Packed { from, to: from + bytes, left: bytes * TIMES + AROUND });
        }
        packed.sort_by_key(|part| part.from);
        Ok(Self { file: zip.into_inner(), packed })
    }
}

/// Whether there may be something of cells in a part.
fn is_read(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('\\', "/");
    let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
    is_xml && !["docprops/", "customxml/"].iter().any(|other| name.starts_with(other))
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.file.position();
        let next = self.packed.partition_point(|part| part.to <= at);
        let Some(part) = self.packed.get_mut(next).filter(|_| !buffer.is_empty()) else {
            return self.file.read(buffer);
        };
        // Up to where the next one begins, or this one ends.
        let is_within = part.from <= at;
        let until = if is_within { part.to } else { part.from };
        let room = usize::try_from(until - at).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
        if is_within {
            part.left = part
                .left
                .checked_sub(read as u64)
                .ok_or_else(|| io::Error::other("several of its tabs are the same part"))?;
        }
        Ok(read)
    }
}

impl Seek for Parts {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl From<ZipError> for ReadError {
    fn from(error: ZipError) -> Self {
        Self::Form(crate::plain::one_line(&error.to_string()))
    }
}

#[cfg(test)]
mod tests;
