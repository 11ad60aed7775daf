//! What people say of single dates.

use std::borrow::Cow;

use super::Hours;

/// What people write for a yes.
const YES: &[&str] = &["available", "yes", "y", "ok", "✓", "✔", "1"];
/// And for a no. An `x` is neither: it is a yes in some lists, and a no in others.
const NO: &[&str] = &["unavailable", "no", "n", "off", "-", "–", "—", "✗", "✘", "0"];

/// What a person said of one date: the words, for the export, and what they mean, for everything
/// else. Both are found when the record is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// To the letter. The plain words, which nearly every date has, take no memory of their own.
    words: Cow<'static, str>,
    meaning: Meaning,
}

/// What somebody's words of one date come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Can sail.
    Available,
    /// Cannot sail.
    Unavailable,
    /// Can sail within these hours (`"AM only"`, `"after 14:00"`).
    Within(Hours),
    /// Words that mean neither (`"maybe"`), or could mean two things (`"until 9"`). Not a yes.
    Unclear,
}

impl Availability {
    /// Reads the words of a record. Capitals and blanks around a word change nothing in what it
    /// means: nobody is passed over because of a capital.
    pub fn parse(words: &str) -> Self {
        let meant = [(YES, Meaning::Available), (NO, Meaning::Unavailable)];
        let plain =
            meant.into_iter().flat_map(|(words, meaning)| words.iter().map(move |word| (*word, meaning)));
        let trimmed = words.trim();
        match plain.into_iter().find(|(word, _)| trimmed.eq_ignore_ascii_case(word)) {
            Some((word, meaning)) if word == words => Self { words: word.into(), meaning },
            Some((_, meaning)) => Self { words: words.to_owned().into(), meaning },
            None => {
                let meaning = Hours::parse(words).map_or(Meaning::Unclear, Meaning::Within);
                Self { words: words.to_owned().into(), meaning }
            }
        }
    }

    /// The words as they were written.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What they mean.
    pub fn meaning(&self) -> Meaning {
        self.meaning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_to_the_letter_and_understood_without_regard_to_capitals() {
        for (words, meaning) in [
            ("available", Meaning::Available),
            (" Available", Meaning::Available),
            ("unavailable", Meaning::Unavailable),
            ("UNAVAILABLE ", Meaning::Unavailable),
            ("AM only", Meaning::Within(Hours::parse("until noon").unwrap())),
            ("Yes", Meaning::Available),
            ("✓", Meaning::Available),
            ("1", Meaning::Available),
            ("N", Meaning::Unavailable),
            ("off", Meaning::Unavailable),
            (" – ", Meaning::Unavailable),
            ("maybe", Meaning::Unclear),
            ("x", Meaning::Unclear),
            ("no idea", Meaning::Unclear),
            ("not available", Meaning::Unclear),
            ("", Meaning::Unclear),
        ] {
            let said = Availability::parse(words);
            assert_eq!((said.words(), said.meaning()), (words, meaning));
        }
    }
}
