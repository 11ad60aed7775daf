//! People's text as header text: cleaned, folded, and in encoded words where it needs them.

use crate::mail::Address;

/// The longest name or subject, in characters. The rest is cut.
const TEXT_CHARS: usize = 250;

/// The width at which headers fold (RFC 5322, 2.1.1, and RFC 2047, 2).
const WIDTH: usize = 76;

/// The longest word that is left as it is, in bytes; with the longest header name before it, it
/// stays within [`WIDTH`].
const WORD_BYTES: usize = 60;

/// The bytes of one encoded word, so that it fits behind a header name: 39 bytes are 52 characters
/// of base64 and 12 of dress.
const CHUNK_BYTES: usize = 39;

/// `text` on one line: control characters and line separators become spaces, runs of spaces one.
pub(crate) fn clean(text: &str) -> String {
    let spaced = text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `text` as the value of an unstructured header such as `Subject: `.
pub(super) fn text(header: &str, text: &str) -> String {
    let text = cut(&clean(text));
    if is_plain(&text) && text.split(' ').all(|word| word.len() <= WORD_BYTES) {
        fold(header.len(), &text)
    } else {
        encoded_words(&text)
    }
}

/// `address` as the value of a header such as `From: `.
pub(super) fn mailbox(header: &str, address: &Address) -> String {
    let name = cut(&clean(&address.name));
    if name.is_empty() {
        return address.email.as_str().to_owned();
    }
    let name = phrase(&name);
    let used = name.rsplit("\r\n").next().map_or(0, str::len) + header.len();
    let gap = if used + address.email.as_str().len() + 3 > WIDTH { "\r\n " } else { " " };
    format!("{name}{gap}<{}>", address.email)
}

/// A display name (RFC 5322, 3.2.5): as it is, in quotes, or in encoded words.
fn phrase(name: &str) -> String {
    let atoms = |b: u8| b.is_ascii_alphanumeric() || b" !#$%&'*+-/=?^_`{|}~".contains(&b);
    if !is_plain(name) || name.len() > WORD_BYTES {
        encoded_words(name)
    } else if name.bytes().all(atoms) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// Whether readers show `text` as it is: printable ASCII, and nothing that looks encoded.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| (0x20..0x7F).contains(&b)) && !text.contains("=?")
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_CHARS).collect::<String>().trim_end().to_owned()
}

/// Breaks `text` at spaces. A reader undoes it by dropping the line ends (RFC 5322, 2.2.3).
fn fold(mut column: usize, text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            if column + 1 + word.len() > WIDTH {
                folded.push_str("\r\n");
                column = 0;
            }
            folded.push(' ');
            column += 1;
        }
        folded.push_str(word);
        column += word.len();
    }
    folded
}

/// `text` as encoded words (RFC 2047), one a line, none of which splits a character.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(CHUNK_BYTES);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (chunk, after) = rest.split_at(end);
        words.push(format!("=?UTF-8?B?{}?=", data_encoding::BASE64.encode(chunk.as_bytes())));
        rest = after;
    }
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_the_plainest_form_that_holds() {
        assert_eq!(phrase("Dana Reyes"), "Dana Reyes");
        assert_eq!(phrase("Reyes, \"D\" \\ Dana"), r#""Reyes, \"D\" \\ Dana""#);
        assert_eq!(phrase("Zoë"), "=?UTF-8?B?Wm/Dqw==?=");
        assert_eq!(phrase("=?utf-8?q?Office?="), "=?UTF-8?B?PT91dGYtOD9xP09mZmljZT89?=");
    }

    #[test]
    fn no_line_grows_too_long() {
        for input in ["word ".repeat(100), "x".repeat(3000), "⛵".repeat(3000), "a ⛵".repeat(60)] {
            let value = text("Subject: ", &input);
            assert!(format!("Subject: {value}").split("\r\n").all(|line| line.len() <= WIDTH), "{value}");
            assert!(
                value.split("\r\n").skip(1).all(|line| line.starts_with(' ') && line.len() > 1),
                "{value}"
            );
        }
    }

    #[test]
    fn a_long_address_moves_to_its_own_line() {
        let email = format!("{}@example.com", "a".repeat(60));
        let address = Address { name: "Dana Reyes".into(), email: email.parse().unwrap() };
        assert_eq!(mailbox("To: ", &address), format!("Dana Reyes\r\n <{email}>"));
    }
}
