//! A mail as the bytes that travel (RFC 5322, RFC 2045 to 2047).
//!
//! The message is written here line by line, because every rule that keeps people's text from
//! becoming a header or a command must hold for all of it: header text is cleaned before it is
//! folded, ids and addresses are of types that cannot hold a line end, and both bodies are always
//! quoted-printable, so that no line end of theirs is ever bare (RUSTSEC-2026-0561), no line is
//! longer than 76 characters, and all of it is ASCII.

mod header;

use quoted_printable::encode;
use sha2::{Digest, Sha256};

use super::Mail;

pub(crate) use header::clean as clean_line;

/// The largest body that is taken, text or HTML, in bytes. Above it [`build`] answers
/// [`BuildError::TooLarge`].
pub const BODY_BYTES: usize = 1024 * 1024;

/// Why a mail cannot be written as a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// One of the bodies is over [`BODY_BYTES`].
    #[error("the mail has a body of {bytes} bytes; at most {BODY_BYTES} are sent")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The date is before the year 0, which mail cannot say.
    #[error("the mail is dated {date}, which no mail header can say")]
    Date {
        /// The date.
        date: jiff::Timestamp,
    },
}

/// Writes `mail` as a `multipart/alternative` message with CRLF line ends.
///
/// The same mail gives the same bytes. Control characters in names and in the subject become
/// spaces; both are cut at 250 characters. Line ends of the bodies become CRLF.
///
/// # Errors
/// See [`BuildError`].
pub fn build(mail: &Mail) -> Result<Vec<u8>, BuildError> {
    for body in [&mail.text, &mail.html] {
        if body.len() > BODY_BYTES {
            return Err(BuildError::TooLarge { bytes: body.len() });
        }
    }
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .zoned_to_string(&mail.date.to_zoned(jiff::tz::TimeZone::UTC))
        .map_err(|_| BuildError::Date { date: mail.date })?;
    let boundary = boundary(mail);

    let mut message = Message(Vec::with_capacity(2048 + 2 * (mail.text.len() + mail.html.len())));
    message.line("From: ", &header::mailbox("From: ", &mail.from));
    message.line("To: ", &header::mailbox("To: ", &mail.to));
    message.line("Subject: ", &header::text("Subject: ", &mail.subject));
    message.line("Date: ", &date);
    message.line("Message-ID: ", &mail.message_id.to_string());
    if let Some(root) = &mail.thread_root {
        message.line("In-Reply-To: ", &root.to_string());
        message.line("References: ", &root.to_string());
    }
    // RFC 3834: no out-of-office answers to a program; the second header is how Exchange hears it.
    // Bounces still come: they are how the operator learns of a dead address.
    message.line("Auto-Submitted: ", "auto-generated");
    message.line("X-Auto-Response-Suppress: ", "OOF, AutoReply");
    message.line("MIME-Version: ", "1.0");
    message.line("Content-Type: multipart/alternative;\r\n boundary=", &format!("\"{boundary}\""));
    message.line("", "");
    for (kind, body) in [("text/plain", &mail.text), ("text/html", &mail.html)] {
        message.line("--", &boundary);
        message.line("Content-Type: ", &format!("{kind}; charset=utf-8"));
        message.line("Content-Transfer-Encoding: ", "quoted-printable");
        message.line("", "");
        message.0.extend_from_slice(&encode(with_crlf(body)));
        message.line("", "");
    }
    message.line("--", &format!("{boundary}--"));
    Ok(message.0)
}

/// The bytes so far.
struct Message(Vec<u8>);

impl Message {
    fn line(&mut self, start: &str, rest: &str) {
        self.0.extend_from_slice(start.as_bytes());
        self.0.extend_from_slice(rest.as_bytes());
        self.0.extend_from_slice(b"\r\n");
    }
}

/// What stands between the parts. `=_` occurs in no quoted-printable text (RFC 2045, 6.7), so no
/// body can end its own part.
fn boundary(mail: &Mail) -> String {
    format!("=_{}", data_encoding::HEXLOWER.encode(&Sha256::digest(mail.message_id.as_str())[..12]))
}

/// `text` with every CR, LF and CRLF as CRLF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

#[cfg(test)]
pub(crate) use tests::sample;

#[cfg(test)]
mod tests;
