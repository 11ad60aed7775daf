//! `users.messages.send`: from what was given to what is kept and delivered.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Gmail, Received, Sent, mail, quota, thread};
use crate::discovery;
use crate::refusal::Refusal;

/// How many bytes a mail may have: 35 MB.
const LARGEST: usize = 36_700_160;
/// To how many one mail may go.
const RECIPIENTS: usize = 100;

impl Gmail {
    /// Sends a mail, which stands in `raw` of the body or is the media.
    pub(super) fn send(
        &mut self,
        address: &str,
        body: &Value,
        media: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        let raw = body["raw"].as_str().filter(|raw| !raw.is_empty()).and_then(discovery::bytes);
        let given = media.or(raw).ok_or_else(|| {
            let text = "'raw' RFC822 payload message string or uploading message via /upload/* URL required";
            Refusal::invalid(text)
        })?;
        if given.len() > LARGEST {
            let refusal = Refusal::new(413, "INVALID_ARGUMENT", "Request Entity Too Large");
            return Err(refusal.because("uploadTooLarge"));
        }
        let mail = mail::read(&given)?;
        if mail.recipients.is_empty() {
            return Err(Refusal::invalid("Recipient address required"));
        }
        if mail.recipients.len() > RECIPIENTS {
            return Err(Refusal::invalid("Too many recipients"));
        }
        let account = self.account(address).expect("an account");
        let thread_id = thread::of(account, body["threadId"].as_str(), &mail)?;
        quota::may_send(account, self.quota, now)?;

        let from = mail
            .from
            .iter()
            .find(|from| account.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(from)));
        let from = from.map_or(address, String::as_str).to_owned();
        let id = self.next_id(now);
        let raw = mail::as_kept(&given, &from, &format!("<CA{}@mail.gmail.com>", message_id(&id)), now);
        let thread_id = thread_id.unwrap_or_else(|| id.clone());
        let delivered = mail::without_bcc(&raw);
        for recipient in &mail.recipients {
            let received = Received { at: now, raw: delivered.clone() };
            self.received.entry(recipient.to_lowercase()).or_default().push(received);
        }
        let answer = json!({ "id": id, "threadId": thread_id, "labelIds": ["SENT"] });
        let sent = Sent { id, thread_id, at: now, recipients: mail.recipients, raw, given };
        self.account_mut(address).expect("an account").sent.push(sent);
        Ok(answer)
    }

    /// The time, and the number of the message.
    fn next_id(&mut self, now: Timestamp) -> String {
        self.messages += 1;
        let time = u64::try_from(now.as_millisecond()).expect("a time after 1970");
        format!("{:016x}", time << 20 | self.messages)
    }
}

fn message_id(id: &str) -> String {
    BASE64URL_NOPAD.encode(format!("+{id}+crewcall").as_bytes())
}
