//! The foot of a page behind the link of an offer: whose it is, their own page, and the office.

use maud::{Markup, html};

use super::me::office;
use super::pages::OfferView;
use crate::app::PageMail;
use crate::times;
use crate::web::base::at;

impl OfferView<'_> {
    pub(super) fn foot(&self) -> Markup {
        let (name, first) = (self.names.get(&self.offer.crew_id), self.first_name());
        html! {
            section.thread {
                form method="post" action=(at("/crew/me/mail")) {
                    input type="hidden" name="token" value=(self.token);
                    p.small { "All your sails, the days you can sail and your calendar are on a page of your own." }
                    button.quiet { "Mail me the link of my own page" }
                }
                p.small {
                    strong { "Not " (first) "?" }
                    " This link is for " (name) " alone: whatever is pressed here counts as their answer. Please press nothing, close the page, and tell the office. "
                    "Office: " (office(self.operator)) ". Quote " (self.offer.token_id) "."
                }
            }
        }
    }

    /// To which address it went is not said: whoever looks at this page may be somebody else.
    pub(super) fn page_mailed(&self, mailed: &PageMail) -> Markup {
        html! {
            @match mailed {
                PageMail::Queued(_) => p.news role="status" { "The link of your own page is on its way to the address that the office has of you." },
                PageMail::Lately(again) => p.news role="status" {
                    "The link was mailed to you a short while ago; look among the unwanted mails, too. From " (times::clock(*again, &self.operator.zone)) " on you can have it once more."
                },
                PageMail::NoAddress => p.problem role="alert" { "The office has no mail address of you. Please " (self.operator.reach_office()) "." },
                PageMail::NoPage => p.problem role="alert" { "You are not on the roster any more, so there is no page of yours. Please " (self.operator.reach_office()) "." },
            }
        }
    }
}
