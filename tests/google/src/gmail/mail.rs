//! What a mail says, and what Gmail changes in it (RFC 5322): the `Message-ID` is Gmail's own, the sender is the account
//! or one of its other addresses, and there is a date.

use std::ops::Range;

use jiff::Timestamp;
use mail_parser::{Address, Header, HeaderName, HeaderValue, MessageParser};

use crate::refusal::Refusal;

/// What a mail says that Gmail goes by.
#[derive(Debug)]
pub(super) struct Mail {
    /// In `From`.
    pub(super) from: Vec<String>,
    /// Of `To`, `Cc` and `Bcc`, each once.
    pub(super) recipients: Vec<String>,
    pub(super) subject: String,
    /// Whether it says to what it is an answer.
    pub(super) answers: bool,
}

/// Reads a mail.
pub(super) fn read(raw: &[u8]) -> Result<Mail, Refusal> {
    let headers = headers(raw);
    let mut mail = Mail { from: Vec::new(), recipients: Vec::new(), subject: String::new(), answers: false };
    for header in &headers {
        match header.name {
            HeaderName::To | HeaderName::Cc | HeaderName::Bcc => {
                for address in addresses(&header.value) {
                    if !is_address(&address) {
                        return Err(Refusal::invalid(format!("Invalid {} header", header.name.as_str())));
                    }
                    if !mail.recipients.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
                        mail.recipients.push(address);
                    }
                }
            }
            HeaderName::From => mail.from.extend(addresses(&header.value)),
            HeaderName::Subject => mail.subject = header.value.as_text().unwrap_or_default().to_owned(),
            HeaderName::InReplyTo | HeaderName::References => mail.answers |= !header.value.is_empty(),
            _ => {}
        }
    }
    Ok(mail)
}

/// The mail with the sender, the id and the date that Gmail gives it.
pub(super) fn as_kept(raw: &[u8], from: &str, message_id: &str, now: Timestamp) -> Vec<u8> {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let headers = headers(raw);
    let has = |name: HeaderName<'_>| headers.iter().any(|header| header.name == name);
    let mut kept = Vec::with_capacity(raw.len() + 200);
    if !has(HeaderName::Date) {
        kept.extend(format!("Date: {date}\r\n").bytes());
    }
    kept.extend(format!("Message-ID: {message_id}\r\n").bytes());
    if !has(HeaderName::From) {
        kept.extend(format!("From: {from}\r\n").bytes());
    }
    let mut done = 0;
    for header in &headers {
        let lines = lines(header);
        kept.extend(&raw[done..lines.start]);
        done = lines.end;
        match header.name {
            HeaderName::MessageId => {}
            HeaderName::From => kept.extend(sender(&raw[lines], header, from)),
            _ => kept.extend(&raw[lines]),
        }
    }
    kept.extend(&raw[done..]);
    kept
}

/// The mail as those receive it to whom it goes.
pub(super) fn without_bcc(raw: &[u8]) -> Vec<u8> {
    let mut kept = raw.to_vec();
    for header in headers(raw).iter().rev().filter(|header| header.name == HeaderName::Bcc) {
        kept.drain(lines(header));
    }
    kept
}

/// The headers of the mail itself.
fn headers(raw: &[u8]) -> Vec<Header<'static>> {
    let message = MessageParser::default().parse_headers(raw);
    let headers = message.map(|message| message.into_owned().parts.swap_remove(0).headers);
    headers.unwrap_or_default()
}

/// Where a header stands, with the end of its last line.
fn lines(header: &Header<'_>) -> Range<usize> {
    header.offset_field as usize..header.offset_end as usize
}

/// `From` with this address in the place of the one that stands there; the name in front stays.
fn sender(lines: &[u8], header: &Header<'_>, from: &str) -> Vec<u8> {
    let given = addresses(&header.value);
    let text = String::from_utf8_lossy(lines);
    match &given[..] {
        [given] if !given.is_empty() && text.contains(given.as_str()) => {
            text.replace(given.as_str(), from).into_bytes()
        }
        _ => format!("From: {from}\r\n").into_bytes(),
    }
}

fn addresses(value: &HeaderValue<'_>) -> Vec<String> {
    let HeaderValue::Address(address) = value else { return Vec::new() };
    let all: Vec<_> = match address {
        Address::List(list) => list.iter().collect(),
        Address::Group(groups) => groups.iter().flat_map(|group| &group.addresses).collect(),
    };
    let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
    all.into_iter().map(|one| text(&one.address)).collect()
}

/// A name, an at sign, and a host; nothing that belongs nowhere in either.
fn is_address(text: &str) -> bool {
    let odd =
        |letter: char| letter.is_whitespace() || letter.is_control() || "<>,;:()[]\\\"".contains(letter);
    match text.rsplit_once('@') {
        Some((name, host)) => {
            let host_is_right = host.split('.').all(|part| !part.is_empty());
            !name.is_empty() && host_is_right && !text.contains(odd) && !name.contains('@')
        }
        None => false,
    }
}
