//! That no mail leaves, which comes by another way than mail usually does; and that it leaves again.

use super::layout::Block;
use super::{Envelope, Letter};
use crate::app::{Alert, AlertOf};
use crate::mail::{Address, Mail, Purpose};
use crate::times;

/// Tells the office what happened, what usually brings it about, and what to do; or that it is over.
pub fn mail_stopped(of: &Envelope<'_>, alert: &Alert) -> Mail {
    let operator = of.operator;
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
    let to = Address { name: format!("{} office", operator.name), email: operator.office.clone() };
    of.mail(to, subject.into(), &letter, Purpose::Alert)
}
