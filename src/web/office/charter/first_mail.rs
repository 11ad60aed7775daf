//! The very mail to whoever is asked first because of what the office is about to do: whether they can sail, or still do.

use crewcall_dispatch::cascade::{Notice, Preview};
use crewcall_dispatch::model::CrewId;
use maud::{Markup, html};

use crate::letters::{self, Beside};
use crate::mail::Mail;
use crate::plain::without_secrets;
use crate::web::{PageError, Web};

/// The first of several that would leave at once.
pub(super) struct FirstMail {
    /// Mail goes into a directory, and to nobody.
    keeps_mail: bool,
    /// Or why it could not be written; nothing where nobody would be asked.
    pub(super) mail: Option<Result<Mail, String>>,
    /// How many more like it leave at the same time.
    more: usize,
}

impl FirstMail {
    /// Writes it. It has no live link: whoever reads it here is not the one who may answer.
    pub(super) async fn of(web: &Web, preview: &Preview) -> Result<Self, PageError> {
        let asks = |mail: &&Notice| matches!(mail, Notice::Offer { .. } | Notice::Changed { .. });
        let offers = preview.mails.iter().filter(asks);
        let offers: Vec<&Notice> = offers.collect();
        let mail = match offers.first() {
            None => None,
            Some(notice) => {
                let after = &preview.state;
                let ids: Vec<CrewId> = after.offers.iter().map(|offer| offer.crew_id.clone()).collect();
                let people = web.app.crew_members(&ids).await?;
                let (operator, now) = (&web.app.operator, web.app.clock.now());
                let mail =
                    letters::write(operator, after, &people, notice, &Beside::default(), "preview", now);
                Some(mail.map(|mail| Mail {
                    text: without_secrets(&mail.text),
                    html: without_secrets(&mail.html),
                    ..mail
                }))
            }
        };
        let more = offers.len().saturating_sub(1);
        Ok(Self { keeps_mail: web.keeps_mail, mail, more })
    }

    /// With its HTML in a frame, which is at `frame`.
    pub(super) fn render(&self, frame: &str) -> Markup {
        html! {
            h2 { "The mail" }
            @match &self.mail {
                None => p { "Nobody is asked at once." },
                Some(Err(why)) => p.problem { "! It cannot be written: " (why) "." },
                Some(Ok(mail)) => {
                    p {
                        "This is what " @if self.keeps_mail { "is written into the directory for mails; nobody gets it, until the settings name a mail server. It has" } @else { "leaves, with" } " a link of its own, which is made then, and whose secret only its reader has."
                        @match self.more {
                            0 => {},
                            1 => " One more leaves at the same time, with its reader's name.",
                            more => { " " (more) " more leave at the same time, each with its reader's name." }
                        }
                    }
                    dl.facts {
                        dt { "From" } dd { (mail.from) }
                        dt { "To" } dd { (mail.to) }
                        dt { "Subject" } dd { (mail.subject) }
                    }
                    iframe.mail title="The mail as it is read" src=(frame) {}
                    details {
                        summary { "As plain text" }
                        pre { (mail.text) }
                    }
                }
            }
        }
    }
}
