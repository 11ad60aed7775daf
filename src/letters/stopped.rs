//! That no mail leaves, which comes by another way than mail usually does; and that it leaves again.

use jiff::Timestamp;

use super::Letter;
use super::layout::Block;
use crate::app::{Alert, AlertOf};
use crate::mail::{Address, Mail, MessageId, Purpose};
use crate::operator::Operator;
use crate::times;

/// Tells the office what happened, what usually brings it about, and what to do; or that it is over.
pub fn mail_stopped(operator: &Operator, alert: &Alert, key: &str, now: Timestamp) -> Mail {
    let stopped = &alert.stopped;
    let since = times::full(alert.since, &operator.zone);
    let (subject, mut letter) = match alert.of {
        AlertOf::Mail => (
            "No mail leaves crewcall",
            Letter::new(format!("No mail leaves: {}.", stopped.why)).say(format!(
                "Since {since} nobody is asked, and nobody hears anything. Nothing is lost: what is to be mailed waits."
            )),
        ),
        AlertOf::Fallback => (
            "The way of alerts is shut",
            Letter::new(format!("Alerts could not take their other way: {}.", stopped.why)).say(format!(
                "Mail leaves as always. Should that end one day, nobody could tell you by mail. It was found on {since}."
            )),
        ),
        AlertOf::Again => (
            "Mail leaves crewcall again",
            Letter::new("Mail leaves again.").say(format!(
                "It had not since {since}: {}. What was waiting goes out now, in its order.",
                stopped.why
            )),
        ),
    };
    if alert.of != AlertOf::Again {
        if !stopped.causes.is_empty() {
            letter = letter.say("What usually brings that about:").with(Block::List(stopped.causes.clone()));
        }
        letter =
            letter.say(format!("What to do: {}. After that everything goes on by itself.", stopped.remedy));
    }
    letter = letter
        .with(Block::Button { label: "Open the board", url: operator.public_url.clone() })
        .with(Block::Small("This mail comes once.".into()));
    Mail {
        key: key.to_owned(),
        from: operator.from.clone(),
        to: Address { name: format!("{} office", operator.name), email: operator.office.clone() },
        subject: subject.into(),
        text: letter.text(),
        html: letter.html(&operator.name),
        message_id: MessageId::for_key(key, &operator.from.email),
        thread_root: None,
        date: now,
        purpose: Purpose::Alert,
        attachments: Vec::new(),
        thread_id: None,
    }
}
