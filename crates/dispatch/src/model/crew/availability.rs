//! What people say of single dates.

/// What a person said of one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Availability {
    /// Can sail.
    Available,
    /// Cannot sail.
    Unavailable,
    /// Words of another tool (`"maybe"`, `"AM only"`), kept. Not a yes.
    Other(String),
}

impl Availability {
    /// The word in the record.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Available => "available",
            Self::Unavailable => "unavailable",
            Self::Other(words) => words,
        }
    }

    /// Whether the person can sail, however the word is capitalised: records of other tools are kept
    /// to the letter, and nobody is passed over because of a capital.
    pub fn is_yes(&self) -> bool {
        self.as_str().trim().eq_ignore_ascii_case("available")
    }

    /// Whether the person cannot sail, however the word is capitalised.
    pub fn is_no(&self) -> bool {
        self.as_str().trim().eq_ignore_ascii_case("unavailable")
    }

    /// Reads a word of a record.
    pub fn from_word(word: &str) -> Self {
        match word {
            "available" => Self::Available,
            "unavailable" => Self::Unavailable,
            other => Self::Other(other.to_owned()),
        }
    }
}
