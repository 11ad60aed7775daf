//! Text from outside, made fit to be logged and shown, and to name files.

use sha2::{Digest, Sha256};

/// The longest answer of a peer that is kept, in characters. Longer ones are cut.
const ANSWER_CHARS: usize = 300;
/// Letters and digits in a row that may be the secret half of a link; those have 52.
const SECRET_CHARS: usize = 40;
/// The longest part of a key that becomes part of a file name, in characters.
const FILE_NAME_CHARS: usize = 100;

/// `text` on one line: control characters and line separators become spaces, runs of spaces one.
pub(crate) fn clean_line(text: &str) -> String {
    let spaced = text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text from outside as one line that can be logged and shown: no control characters, at most
/// [`ANSWER_CHARS`], and nothing that could be the secret half of a link. A server that objects to a link
/// may quote it, and what it says goes into the log, the record and the pages.
pub(crate) fn one_line(text: &str) -> String {
    let clean = without_secrets(&clean_line(text));
    match clean.char_indices().nth(ANSWER_CHARS) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

/// The text without runs of letters and digits that are as long as a secret.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        clean.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        clean.push_str(if end < SECRET_CHARS { &rest[..end] } else { "…" });
        rest = &rest[end..];
    }
    clean.push_str(rest);
    clean
}

/// `key` as a file name that no file system minds. Different keys have different names: one that
/// had to be changed carries a digest of what it was.
pub(crate) fn file_name(key: &str) -> String {
    let safe: String = key
        .chars()
        .take(FILE_NAME_CHARS)
        .enumerate()
        .map(|(at, c)| match c {
            'a'..='z' | '0'..='9' | '-' | '_' => c,
            '.' if at > 0 => c,
            _ => '_',
        })
        .collect();
    if safe == key && !key.is_empty() {
        return safe;
    }
    format!("{safe}~{}", data_encoding::HEXLOWER.encode(&Sha256::digest(key)[..8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_becomes_one_short_line() {
        assert_eq!(one_line("250 OK\r\n\x1b[2J queued\u{2028}as 7"), "250 OK [2J queued as 7");
        let long = one_line(&"é".repeat(5000));
        assert_eq!(long.chars().count(), ANSWER_CHARS + 1);
    }

    #[test]
    fn an_answer_that_quotes_a_link_does_not_give_its_secret_away() {
        let secret = "r6wkhweioi4mr4sjp64lo5462ioryvb5twlr3kquunvai3zummaq";
        let quoted = format!(
            "451 blocked: https://crew.example.com/crew/accept?token=jada_crew_kjkqn3gkmtjwdg5s.{secret}&x=1"
        );
        let line = one_line(&quoted);
        assert_eq!(
            line,
            "451 blocked: https://crew.example.com/crew/accept?token=jada_crew_kjkqn3gkmtjwdg5s.…&x=1"
        );
    }

    #[test]
    fn a_file_name_stays_in_the_folder_and_tells_keys_apart() {
        assert_eq!(file_name("offer-7.sent"), "offer-7.sent");
        let odd =
            ["", ".", "..", "../../etc/passwd", "a/b", "a\\b", "a\0b", "A_b", "a:b", &"x".repeat(500), "x\n"];
        let names: std::collections::BTreeSet<_> = odd.iter().map(|key| file_name(key)).collect();
        assert_eq!(names.len(), odd.len());
        for name in names {
            assert!(
                name.len() < 140 && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':']),
                "{name}"
            );
        }
    }
}
