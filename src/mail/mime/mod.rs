//! A mail as the bytes that travel (RFC 5322, RFC 2045 to 2047).
//!
//! `mail-builder` writes the message: it quotes, encodes and folds the headers and puts the parts
//! together. Three things are settled before it gets to see them. Header text is cleaned of control
//! characters; ids and addresses are of types that cannot hold a line end; and both bodies are
//! quoted-printable already, whatever they say, because left to itself the library sends plain text
//! as it is. So no line end of a body is ever bare (RUSTSEC-2026-0561), and all of it is ASCII.

mod header;

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address as Mailbox;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;
use sha2::{Digest, Sha256};

use super::{Address, Mail};

/// The largest body that is taken, text or HTML, in bytes. Above it [`build`] answers
/// [`BuildError::TooLarge`].
pub const BODY_BYTES: usize = 1024 * 1024;
/// What may be attached to a mail in all, in bytes: in base64 it is a third more, and mail servers as a rule take 25 MB.
pub const ATTACHED_BYTES: usize = 16 * 1024 * 1024;

/// Why a mail cannot be written as a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// One of the bodies is over [`BODY_BYTES`].
    #[error("the mail has a body of {bytes} bytes; at most {BODY_BYTES} are sent")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The attachments together are over [`ATTACHED_BYTES`].
    #[error("the mail has {bytes} bytes attached; at most {ATTACHED_BYTES} are sent")]
    TooMuchAttached {
        /// Their size.
        bytes: usize,
    },
    /// The date is before the year 0, which mail cannot say.
    #[error("the mail is dated {date}, which no mail header can say")]
    Date {
        /// The date.
        date: jiff::Timestamp,
    },
}

/// Writes `mail` as a `multipart/alternative` message with CRLF line ends; with attachments, that is the first part of a
/// `multipart/mixed` one.
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
    let attached = mail.attachments.iter().map(|attachment| attachment.bytes.len()).sum();
    if attached > ATTACHED_BYTES {
        return Err(BuildError::TooMuchAttached { bytes: attached });
    }
    if mail.date.to_zoned(jiff::tz::TimeZone::UTC).year() < 0 {
        return Err(BuildError::Date { date: mail.date });
    }
    let mut message = MessageBuilder::new()
        .from(mailbox(&mail.from))
        .to(mailbox(&mail.to))
        .subject(header::readable(&mail.subject))
        .date(mail.date.as_second())
        .message_id(mail.message_id.as_str());
    if let Some(root) = &mail.thread_root {
        message = message.in_reply_to(root.as_str()).references(root.as_str());
    }
    // RFC 3834: no out-of-office answers to a program; the second header is how Exchange hears it.
    // Bounces still come: they are how the operator learns of a dead address.
    message = message
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("X-Auto-Response-Suppress", Raw::new("OOF, AutoReply"));

    // Chosen here, so that the same mail is the same bytes.
    let several = |kind, boundary| ContentType::new(kind).attribute("boundary", boundary);
    let bodies = vec![part("text/plain", &mail.text), part("text/html", &mail.html)];
    let mut body = MimePart::new(several("multipart/alternative", boundary(mail, "")), bodies);
    if !mail.attachments.is_empty() {
        let attached = mail.attachments.iter().map(|attachment| {
            let kind = ContentType::new(attachment.media_type);
            MimePart::new(kind, attachment.bytes.as_slice()).attachment(header::readable(&attachment.name))
        });
        let parts: Vec<MimePart<'_>> = std::iter::once(body).chain(attached).collect();
        body = MimePart::new(several("multipart/mixed", boundary(mail, "mixed-")), parts);
    }
    let mut bytes = Vec::new();
    message.body(body).serialize(&mut bytes);
    Ok(bytes)
}

fn mailbox(address: &Address) -> Mailbox<'_> {
    let name = Some(header::readable(&address.name)).filter(|name| !name.is_empty());
    Mailbox::new_address(name, address.email.as_str())
}

fn part<'a>(kind: &'a str, body: &str) -> MimePart<'a> {
    MimePart::new(
        ContentType::new(kind).attribute("charset", "utf-8"),
        quoted_printable::encode_to_str(with_crlf(body)),
    )
    .transfer_encoding("quoted-printable")
}

/// What stands between the parts. `=_` occurs in no quoted-printable and in no base64 text (RFC 2045, 6.7 and 6.8), so no
/// body can end its own part.
fn boundary(mail: &Mail, outer: &str) -> String {
    format!("=_{outer}{}", data_encoding::HEXLOWER.encode(&Sha256::digest(mail.message_id.as_str())[..12]))
}

/// `text` with every CR, LF and CRLF as CRLF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

#[cfg(test)]
pub(crate) use tests::sample;

#[cfg(test)]
mod tests;
