//! What is said of a day: as it is chosen or typed on a page, and as the roster has it.

use crewcall_dispatch::model::{Availability, Hours, Meaning};
use jiff::civil::Time;

/// What can be chosen for a day, as the form sends it and as people read it.
pub(super) const CHOICES: [(&str, &str); 8] = [
    ("", "–"),
    ("yes", "Yes"),
    ("maybe", "Maybe"),
    ("no", "No"),
    ("am", "AM only"),
    ("pm", "PM only"),
    ("from", "From"),
    ("until", "Until"),
];
/// The day says what it said before, in words that are none of these.
pub(super) const AS_IT_IS: &str = "words";

/// What is chosen for words of the roster, and the hour that goes with it.
pub(super) fn shown(words: Option<&str>) -> (&'static str, String) {
    let Some(words) = words else { return ("", String::new()) };
    let noon = Time::constant(12, 0, 0, 0);
    match Availability::parse(words).meaning() {
        Meaning::Available => ("yes", String::new()),
        Meaning::Unavailable => ("no", String::new()),
        Meaning::Within(Hours { from, until: Some(until) }) if from == Time::midnight() => match until {
            until if until == noon => ("am", String::new()),
            until => ("until", until.strftime("%H:%M").to_string()),
        },
        Meaning::Within(Hours { from, until: None }) if from == noon => ("pm", String::new()),
        Meaning::Within(Hours { from, until: None }) => ("from", from.strftime("%H:%M").to_string()),
        Meaning::Unclear if words.trim().eq_ignore_ascii_case("maybe") => ("maybe", String::new()),
        Meaning::Within(_) | Meaning::Unclear => (AS_IT_IS, String::new()),
    }
}

/// Whether words of the roster are none of [`CHOICES`].
pub(super) fn is_ones_own(words: &str) -> bool {
    shown(Some(words)).0 == AS_IT_IS
}

/// The words of the roster for what is chosen; `None` for nothing, and for what stays as it is.
pub(super) fn words_of(choice: &str, time: &str) -> Option<String> {
    Some(match choice {
        "yes" => "available".into(),
        "maybe" => "maybe".into(),
        "no" => "unavailable".into(),
        "am" => "AM only".into(),
        "pm" => "PM only".into(),
        "from" | "until" => format!("{choice} {time}"),
        _ => return None,
    })
}

/// What stands in a cell for words of the roster: short, in one line.
pub(super) fn cell(words: Option<&str>) -> String {
    match shown(words) {
        ("am", _) => "AM".into(),
        ("pm", _) => "PM".into(),
        (choice @ ("from" | "until"), time) => format!("{choice} {time}"),
        (AS_IT_IS, _) => words.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "),
        (choice, _) => choice.into(),
    }
}

/// What is typed into a cell, in the words of the roster.
///
/// # Errors
/// If it says neither yes nor no, nor hours.
pub(super) fn typed(text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    match shown(Some(text).filter(|text| !text.is_empty())) {
        (AS_IT_IS, _) if matches!(Availability::parse(text).meaning(), Meaning::Within(_)) => {
            Ok(Some(text.to_owned()))
        }
        (AS_IT_IS, _) => Err(format!(
            "“{text}” says neither yes nor no; write yes, maybe, no, AM, PM, from 14:00 or until 17:00"
        )),
        (choice, time) => Ok(words_of(choice, &time)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_means_what_it_says_and_comes_back_as_it_was_typed() {
        for (text, words, again) in [
            ("", None, ""),
            (" yes ", Some("available"), "yes"),
            ("Y", Some("available"), "yes"),
            ("✗", Some("unavailable"), "no"),
            ("Maybe", Some("maybe"), "maybe"),
            ("am", Some("AM only"), "AM"),
            ("PM", Some("PM only"), "PM"),
            ("from 2", Some("from 14:00"), "from 14:00"),
            ("after 14:30", Some("from 14:30"), "from 14:30"),
            ("until 17:00", Some("until 17:00"), "until 17:00"),
            ("9-5", Some("9-5"), "9-5"),
        ] {
            assert_eq!(typed(text), Ok(words.map(str::to_owned)), "{text}");
            assert_eq!(cell(words), again, "{text}");
        }
        for text in ["yess", "until 9", "ask Pat", "x"] {
            assert!(typed(text).unwrap_err().contains("neither yes nor no"), "{text}");
        }
        assert_eq!(cell(Some("ask\nPat  first")), "ask Pat first");
    }
}
