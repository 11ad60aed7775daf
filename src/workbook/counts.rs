//! What is counted of a workbook's XML before it is read.
//!
//! calamine keeps tabs, strings, joined cells, formats and names in memory, however many there are, and makes room for as
//! many strings as the file says it has. A few bytes of XML are a hundred in memory, and a few bytes of zip a thousand of XML.
//!
//! Elements are known by their names alone, wherever they stand, and the XML is taken apart by the parser that calamine has,
//! set as calamine sets it: so nothing can be meant one way here and another way there.

use std::io::{BufReader, Read};

use crewcall_dispatch::limits;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::ReadError;

/// Bytes of one tag or piece of text.
const PIECE_BYTES: usize = 1024 * 1024;
/// Strings that a file may say it has; it also says how often they are used.
const STRINGS_SAID: usize = 4 * limits::BOOK_CELLS;
/// Bytes of what formats repeat: each has its own copy of the name of its font, and of how its numbers look.
const REPEATED_BYTES: usize = 8 * 1024 * 1024;

/// What all parts have together, so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    bytes: u64,
    tabs: usize,
    strings: usize,
    joins: usize,
    /// Formats of cells, and what they are made of; names, links.
    formats: usize,
    cell_formats: usize,
    /// Bytes of the longest name of a font or look of numbers.
    longest: usize,
    /// Bytes of all text, and of tags that are kept as text.
    text: usize,
}

impl Counts {
    /// Unpacks a part, and counts what is in it. A part that is no XML is counted as far as it is.
    ///
    /// # Errors
    /// If there is more in it, or in all parts so far, than is read.
    pub(super) fn add(&mut self, part: impl Read) -> Result<(), ReadError> {
        let most = limits::BOOK_PART_BYTES.min(limits::BOOK_BYTES.saturating_sub(self.bytes));
        // One byte more than the limit tells a part that is too large from one that just fits.
        let mut xml = Reader::from_reader(BufReader::new(part.take(most + 1)));
        let config = xml.config_mut();
        config.check_end_names = false;
        config.trim_text(false);
        config.check_comments = false;
        config.expand_empty_elements = true;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            match xml.read_event_into(&mut piece) {
                Ok(Event::Start(tag)) => self.tag(&tag)?,
                Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => self.text += piece.len(),
                // Where it cannot be read on, calamine does not read on.
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
            if piece.len() > PIECE_BYTES || self.text > limits::BOOK_TEXT_BYTES {
                return Err(ReadError::Text);
            }
        }
        let left = xml.get_ref().get_ref().limit();
        if left == 0 {
            return Err(ReadError::Unpacked);
        }
        self.bytes += most + 1 - left;
        Ok(())
    }

    fn tag(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        match tag.local_name().as_ref() {
            "sheet" => self.tabs += 1,
            "si" => self.strings += 1,
            "sst" if says_more_than(STRINGS_SAID, tag.attributes_raw()) => return Err(ReadError::Cells),
            "mergeCell" => self.joins += 1,
            "xf" => (self.cell_formats, self.formats) = (self.cell_formats + 1, self.formats + 1),
            "font" | "fill" | "border" | "numFmt" | "definedName" | "Relationship" => self.formats += 1,
            _ => {}
        }
        let bytes = tag.attributes_raw().len();
        match tag.local_name().as_ref() {
            "numFmt" | "name" => {
                self.longest = self.longest.max(bytes);
                self.text += bytes;
            }
            "sheet" | "definedName" | "Relationship" => self.text += bytes,
            _ => {}
        }
        if self.tabs > limits::BOOK_TABS {
            return Err(ReadError::Tabs);
        }
        if self.strings > limits::BOOK_CELLS {
            return Err(ReadError::Cells);
        }
        if self.joins > limits::BOOK_JOINS {
            return Err(ReadError::Joins);
        }
        let repeated = self.cell_formats.saturating_mul(self.longest);
        if self.formats > limits::BOOK_FORMATS || repeated > REPEATED_BYTES {
            return Err(ReadError::Formats);
        }
        Ok(())
    }
}

/// Whether one of the numbers in these attributes is larger. Which of them says what is not looked at.
fn says_more_than(most: usize, attributes: &str) -> bool {
    let numbers = attributes.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.into_iter().any(|digits| digits.parse::<usize>().map_or(true, |number| number > most))
}
