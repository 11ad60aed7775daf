//! Every state of an offer as a page that says what happened and what to do.

use crewcall_dispatch::cascade::{
    AuditEvent, CallStatus, CharterState, Offer, OfferPage, OfferState, Rejection,
};
use crewcall_dispatch::policy::DropOuts;
use jiff::Timestamp;
use maud::{Markup, html};

use super::thread::Draft;
use crate::app::PageMail;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::error::refusal;
use crate::web::layout;
use crate::words::{self, Names};

/// What came of the last press of a button.
pub(super) enum News {
    /// Nothing, and why.
    Refused(Rejection),
    /// The accept was taken back.
    Undone,
    /// What somebody wrote with a no goes to the office.
    Told,
    /// A message is on its way to the others.
    Sent,
    /// The no is noted; and what came of the wish to be off on the days of the sail.
    Off(DaysOff),
    /// What came of the wish to have the link of one's own page mailed.
    Page(PageMail),
}

/// Whether the roster has somebody off on the days of a sail.
pub(super) enum DaysOff {
    Taken,
    NotTaken,
    /// The page was of other days than those of the sail.
    OtherDays,
}

/// One offer, as the person who was asked sees it.
pub(super) struct OfferView<'a> {
    pub(super) operator: &'a Operator,
    pub(super) state: &'a CharterState,
    pub(super) offer: &'a Offer,
    pub(super) names: &'a Names,
    /// What was written to everyone aboard, if the person is.
    pub(super) messages: &'a [AuditEvent],
    /// Of a form that is sent once.
    pub(super) key: String,
    /// What they had written, of which nothing came.
    pub(super) draft: &'a Draft,
    pub(super) token: String,
    pub(super) now: Timestamp,
}

impl OfferView<'_> {
    /// The page; `news` is what came of the last press of a button.
    pub(super) fn render(&self, page: &OfferPage, news: Option<&News>) -> Markup {
        let position = self.offer.seat.position.as_str();
        let (title, body) = match page {
            OfferPage::Open { reply_by } => self.open(*reply_by),
            OfferPage::Aboard { .. } if self.now >= self.state.charter.departs_at => self.at_sea(),
            OfferPage::Aboard { undo_until } => self.aboard(*undo_until),
            OfferPage::Declined => {
                self.declined(matches!(news, Some(News::Off(DaysOff::Taken))))
            }
            OfferPage::Standby { taken } => self.standby(*taken),
            OfferPage::Reconfirm { reply_by } => self.reconfirm(*reply_by),
            OfferPage::DroppedOut => self.dropped_out(),
            OfferPage::Released => self.over(
                "You are free",
                "You are not on this sail any more, and nobody counts on you for it. If you can sail after all, ring the office.",
            ),
            OfferPage::Expired => {
                self.late("The time to answer is over", "Whoever is next is asked instead. The seat may still be open.")
            }
            OfferPage::Taken => self.late(
                "The seat is taken",
                &format!("Someone else sails as {position} by now. There is nothing to do; thank you for looking."),
            ),
            OfferPage::AskedAgain => self.over(
                "You were asked again",
                "This link is an old one, and its time is over. Open the newest mail about this sail: its link has the buttons.",
            ),
            OfferPage::Rescinded => self.over(
                "You are not needed at present",
                "The offer was taken back. There is nothing to do: if you are needed, you get a new mail.",
            ),
            OfferPage::Cancelled => {
                self.over("This sail is cancelled", "You are not needed on it. There is nothing to do.")
            }
            OfferPage::Departed => {
                self.over("This sail has left", "There is nothing to do any more. If you think that is wrong, ring the office.")
            }
        };
        layout::page(
            title,
            html! {
                p.operator { (self.operator.name) }
                @match news {
                    // Where the page is about just that, its heading says it already.
                    Some(News::Refused(Rejection::Expired | Rejection::AlreadyDeclined | Rejection::DroppedOut)) | None => {}
                    Some(News::Refused(rejection)) => {
                        p.problem role="alert" { (refusal(rejection)) }
                    }
                    Some(News::Told) => p.news role="status" { "What you wrote goes to the office." },
                    Some(News::Sent) => p.news role="status" { "Your message goes to everyone aboard and to the office." },
                    Some(News::Off(DaysOff::Taken)) => {
                        p.news role="status" { "You are marked off on " (self.days()) ": nobody asks you for another sail then. If that changes, tell the office." }
                    }
                    Some(News::Off(DaysOff::NotTaken)) => {
                        p.problem role="alert" { "Your no is noted, but the roster did not take that you are off on " (self.days()) ". Please tell the office." }
                    }
                    Some(News::Off(DaysOff::OtherDays)) => {
                        p.problem role="alert" { "Your no is noted. The sail has been moved since you opened the page, so no day is marked off. If you are off, please tell the office." }
                    }
                    Some(News::Page(mailed)) => (self.page_mailed(mailed)),
                    Some(News::Undone) => {
                        p.problem role="status" { "You took your yes back; a mail says so, with what takes the sail out of your calendar. You can still answer; without an answer whoever is next is asked." }
                    }
                }
                (body)
                (self.foot())
            },
        )
    }

    fn open(&self, reply_by: Option<Timestamp>) -> (&'static str, Markup) {
        let position = times::capital(self.offer.seat.position.as_str());
        let body = html! {
            h1 { (self.first_name()) ", can you sail?" }
            p.lead { (position) " on " (self.state.charter.vessel) }
            // All of the page is the form, so that its buttons stay in reach all the way down.
            form method="post" action=(at("/crew/accept")) {
                input type="hidden" name="token" value=(self.token);
                (self.sail(reply_by))
                @if self.state.rivals(self.offer).next().is_some() {
                    p { "Others are asked for this seat at the same time: whoever says yes first has it." }
                }
                (self.off())
                (self.comment())
                div.reach {
                    button.big.yes name="answer" value="accept" { "Accept" }
                    button.big.no name="answer" value="decline" { "Can't do it" }
                }
            }
        };
        ("Can you sail?", body)
    }

    fn aboard(&self, undo_until: Option<Timestamp>) -> (&'static str, Markup) {
        let position = self.seat();
        let zone = &self.operator.zone;
        let body = html! {
            h1 { "You're on" }
            p.lead { (self.first_name()) ", you sail as " (position) " on " (self.state.charter.vessel) "." }
            (self.sail(None))
            @if self.state.status() == CallStatus::Filled {
                p { "The crew is complete. The crew list is in your mail." }
            } @else {
                p { "You get the crew list by mail once everyone is found." }
            }
            p { a.to href=(at(format_args!("/crew/calendar?token={}", self.token))) { "Add to calendar" } }
            @if let Some(until) = undo_until {
                form method="post" action=(at("/crew/accept")) {
                    input type="hidden" name="token" value=(self.token);
                    p { "Pressed by mistake? Until " (times::clock(until, zone)) " you can take it back, once." }
                    @if self.offer.reply_by.is_some_and(|reply_by| self.now >= reply_by) {
                        p { "The time to answer is over, so if you take it back, whoever is next is asked." }
                    }
                    button.big.quiet name="answer" value="undo" { "Undo" }
                }
            } @else if self.offer.state == OfferState::Accepted {
                details {
                    summary { "Can't make it any more?" }
                    form method="post" action=(at("/crew/accept")) {
                        input type="hidden" name="token" value=(self.token);
                        @if self.operator.policy.drop_outs == DropOuts::Responsible {
                            p { "We ask the next person at once. Until somebody has your seat, you answer for it: if you know who could sail, ring them, or the office." }
                        } @else {
                            p { "We ask the next person at once, and you are free." }
                        }
                        (self.off())
                        (self.comment())
                        button.big.quiet name="answer" value="drop_out" { "I can't make it" }
                    }
                }
            }
        };
        ("You're on", html! { (body) (self.thread()) })
    }

    fn at_sea(&self) -> (&'static str, Markup) {
        let words =
            format!("You are on its crew list, as {}. If you did not sail, ring the office.", self.seat());
        let (title, body) = self.over("This sail has left", &words);
        let thread = self.state.thread_is_open(self.now).then(|| self.thread());
        (title, html! { (body) @if let Some(thread) = thread { (thread) } })
    }

    fn reconfirm(&self, reply_by: Option<Timestamp>) -> (&'static str, Markup) {
        let zone = &self.operator.zone;
        let changes = self.offer.accepted.as_ref();
        let changes = changes.map(|accepted| words::changes::of_terms(accepted, &self.state.charter, zone));
        let body = html! {
            h1 { (self.first_name()) ", can you still sail?" }
            p.lead { "The sail has changed since you said yes." }
            form method="post" action=(at("/crew/accept")) {
                input type="hidden" name="token" value=(self.token);
                input type="hidden" name="revision" value=(self.state.revision);
                ul.changes {
                    @for change in changes.unwrap_or_default() {
                        li { (change.what) ": " strong { (change.is) } ", not " s { (change.was) } }
                    }
                }
                (self.sail(reply_by.filter(|reply_by| self.now < *reply_by)))
                p { "You have your seat until you say otherwise. A no costs you nothing." }
                (self.off())
                (self.comment())
                div.reach {
                    button.big.yes name="answer" value="confirm" { "I still sail" }
                    button.big.no name="answer" value="drop_out" { "Can't do it" }
                }
            }
            (self.thread())
        };
        ("Can you still sail?", body)
    }

    /// What comes after a no; nobody is asked while the office lets the call rest, or where nobody is left to ask.
    fn who_comes_next<'w>(&self, asked: &'w str) -> &'w str {
        let position = &self.offer.seat.position;
        match self.state.asks_for(position) {
            true => asked,
            false if self.state.open_seats(position) == 0 => "",
            false => "The office sees to it who sails instead.",
        }
    }

    fn dropped_out(&self) -> (&'static str, Markup) {
        let position = self.offer.seat.position.as_str();
        let body = html! {
            h1 { "You said you can't make it" }
            p.lead { (self.who_comes_next(&format!("Others are asked to sail as {position}."))) " Until somebody has the seat, you answer for it; we write when you are free." }
            (self.sail(None))
            @if self.offer.came_back {
                p { "If you can sail after all, ring the office." }
            } @else {
                form method="post" action=(at("/crew/accept")) {
                    input type="hidden" name="token" value=(self.token);
                    p { "Can you sail after all? The seat is yours as long as nobody else has it." }
                    (self.comment())
                    button.big.quiet name="answer" value="return" { "I can sail after all" }
                }
            }
        };
        ("You said you can't make it", body)
    }

    /// The no is in by one press; why, and which days are off, can be said then.
    fn declined(&self, is_off: bool) -> (&'static str, Markup) {
        let title = "You said you can't do it";
        let body = html! {
            h1 { (title) }
            p.lead { "Thank you for answering. " (self.who_comes_next("Whoever is next is asked.")) }
            @if self.now < self.state.charter.departs_at {
                form method="post" action=(at("/crew/accept")) {
                    input type="hidden" name="token" value=(self.token);
                    @if !is_off { (self.off()) }
                    (self.comment())
                    button.big.quiet name="answer" value="decline" { "Tell the office" }
                }
            }
            (self.sail(None))
            (self.after_all(false))
        };
        (title, body)
    }

    /// It is too late for a yes that counts at once; but it may be of use.
    fn late(&self, title: &'static str, words: &str) -> (&'static str, Markup) {
        (title, html! { h1 { (title) } p.lead { (words) } (self.sail(None)) (self.after_all(true)) })
    }

    fn after_all(&self, with_words: bool) -> Markup {
        html! {
            @if self.state.can_stand_by(self.offer) {
                form method="post" action=(at("/crew/accept")) {
                    input type="hidden" name="token" value=(self.token);
                    p { "Can you sail after all? Then you stand by: we turn to you if the seat is open still, or again." }
                    @if with_words { (self.comment()) }
                    button.big.quiet name="answer" value="stand_by" { "I can sail" }
                }
            }
        }
    }

    fn standby(&self, taken: bool) -> (&'static str, Markup) {
        let body = html! {
            h1 { "Thank you, you stand by" }
            @if taken {
                p.lead { "Somebody else has the seat. We have noted that you would sail, should it be open again." }
            } @else {
                p.lead { "Your yes came too late to have the seat at once. You are not on yet: we write if you are." }
            }
            (self.sail(None))
            form method="post" action=(at("/crew/accept")) {
                input type="hidden" name="token" value=(self.token);
                (self.off())
                button.big.quiet name="answer" value="decline" { "I can't sail any more" }
            }
        };
        ("Thank you, you stand by", body)
    }

    fn over(&self, title: &'static str, words: &str) -> (&'static str, Markup) {
        (title, html! { h1 { (title) } p.lead { (words) } (self.sail(None)) })
    }
}
