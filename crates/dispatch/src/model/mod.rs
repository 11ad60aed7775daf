//! The nouns: parsed at the edge into types that cannot be wrong.

mod charter;
mod contact;
mod crew;
mod figures;
mod id;
mod money;
mod month;
mod rank;
mod rescheduling;

pub use charter::{Booking, Charter, Day, PositionNeed, Seat, Terms};
pub use contact::{Email, Phone};
pub use crew::{Availability, Credential, CrewMember, Hours, Meaning, is_credential};
pub use figures::{Figures, Minutes};
pub use id::{CharterId, CrewId};
pub use money::{Amount, Money};
pub use month::Month;
pub use rank::Rank;
pub use rescheduling::Rescheduling;

use crate::limits;

/// Why a value cannot be taken: the field, and a sentence that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Fault {
    /// The field as the reader knows it: `email`, `availability.2026-06-27`.
    pub field: String,
    /// What is wrong and what would be right, as one clause without a full stop.
    pub problem: String,
}

impl Fault {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// A line of text that people wrote: trimmed, not empty, no control characters, at most `max`
/// characters. Control characters are refused because these texts travel in mail headers.
///
/// # Errors
/// Says which of these does not hold.
pub fn line(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty; give a value".into());
    }
    if let Some(c) = text.chars().find(|c| c.is_control() || is_invisible(*c)) {
        return Err(format!(
            "has the invisible character U+{:04X}; keep it to one line of plain text",
            c as u32
        ));
    }
    let length = text.chars().count();
    if length > max {
        return Err(format!("has {length} characters; at most {max} are taken"));
    }
    Ok(text.to_owned())
}

/// Several lines of text that people wrote: trimmed, not empty, line breaks as `\n`, at most `max` characters. Other
/// control characters, and marks that nobody sees, go: phones put them around numbers, and nobody could find them.
///
/// # Errors
/// Says which of these does not hold.
pub fn text(text: &str, max: usize) -> Result<String, String> {
    let text = text.replace("\r\n", "\n").replace(['\t', '\r'], " ");
    let text: String = text.chars().filter(|c| *c == '\n' || !(c.is_control() || is_invisible(*c))).collect();
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty; write something".into());
    }
    let length = text.chars().count();
    if length > max {
        return Err(format!("has {length} characters; at most {max} are taken"));
    }
    Ok(text.to_owned())
}

/// Line separators and the marks that turn the direction of text: they can make a name show as
/// something it is not.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{2060}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A name of a person, vessel, dock or operator: a [`line()`] of at most [`limits::NAME_CHARS`].
///
/// # Errors
/// As [`line()`].
pub fn name(text: &str) -> Result<String, String> {
    line(text, limits::NAME_CHARS)
}
