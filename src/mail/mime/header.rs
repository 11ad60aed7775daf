//! People's text made fit for a header.

use crate::plain::clean_line;

/// The longest name or subject, in characters. The rest is cut.
const TEXT_CHARS: usize = 250;

/// `text` as people get to read it in a header: on one line, not too long, and with nothing in it
/// that a reader would decode. `mail-builder` encodes what is not ASCII, but writes an ASCII
/// `=?utf-8?q?…?=` as it finds it, so that a name could say one thing to us and another to its
/// reader; it gets a space.
pub(super) fn readable(text: &str) -> String {
    let line = clean_line(text).chars().take(TEXT_CHARS).collect::<String>().trim_end().to_owned();
    if line.is_ascii() { line.replace("=?", "= ?") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_what_it_says_it_is() {
        assert_eq!(readable("  Dana\r\nBcc:\tx@example.com "), "Dana Bcc: x@example.com");
        assert_eq!(readable("=?utf-8?q?Office?="), "= ?utf-8?q?Office?=");
        assert_eq!(readable("=?utf-8?q?Zoë?="), "=?utf-8?q?Zoë?=");
        let late = format!("=?utf-8?q?x?={}⛵", " x".repeat(200));
        assert!(readable(&late).starts_with("= ?utf-8"));
        assert_eq!(readable(&"⛵ ".repeat(300)).chars().count(), 249);
    }
}
