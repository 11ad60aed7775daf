//! What we write to crew members.

use crewcall_dispatch::cascade::{AuditEvent, Offer, OfferState, RescindReason};
use crewcall_dispatch::model::CrewId;

use super::Desk;
use super::layout::{Block, Letter};
use crate::operator::Operator;
use crate::times;
use crate::words;

impl Desk<'_> {
    /// The offer, with the live link.
    pub(super) fn offer(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        let mut letter = Letter::new(format!("{first}, can you sail? {}", self.ask(offer)))
            .with(Block::Facts(self.offer_facts(offer)));
        // Names only: whoever is just being asked has no use for the others' numbers yet.
        let aboard = self.aboard_lines();
        if !aboard.is_empty() {
            letter = letter.say("Already aboard:").with(Block::List(aboard));
        }
        if self.state.rivals(offer).next().is_some() {
            letter =
                letter.say("Others are asked for this seat at the same time: whoever says yes first has it.");
        }
        letter
            .with(Block::Button { label: "Answer yes or no", url: self.link(offer) })
            .say("The link opens a page with two buttons: Accept, and Can't do it. If you can't sail, a quick no helps: the next person is asked at once. Without an answer, that happens after the reply-by time.")
            .with(Block::Small(format!(
                "The link is for you alone, so please don't forward this mail. Questions? {}, and mention {}.",
                times::capital(&self.operator.reach_office()),
                offer.token_id
            )))
    }

    /// The sail has changed, and the person who said yes to it is asked again.
    pub(super) fn changed(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        let mut letter =
            Letter::new(format!("{first}, the sail has changed. Can you still sail? {}", self.ask(offer)));
        if offer.by_hand {
            letter = letter.say("The office had put you aboard.");
        }
        let changes = offer
            .accepted
            .as_ref()
            .map(|accepted| words::changes::of_terms(accepted, &self.state.charter, &self.operator.zone));
        let changes = changes
            .unwrap_or_default()
            .into_iter()
            .map(|change| format!("{}: {}, not {}", change.what, change.is, change.was));
        let changes: Vec<String> = changes.collect();
        if !changes.is_empty() {
            letter = letter.say("What has changed:").with(Block::List(changes));
        }
        letter
            .say("The sail as it is now:")
            .with(Block::Facts(self.offer_facts(offer)))
            .with(Block::Button { label: "Answer yes or no", url: self.link(offer) })
            .say("You have your seat until you say otherwise, and a no costs you nothing. Without an answer by then, the office rings you.")
            .with(Block::Small(format!(
                "The link is for you alone, so please don't forward this mail. Questions? {}, and mention {}.",
                times::capital(&self.operator.reach_office()),
                offer.token_id
            )))
    }

    /// The change that they were asked to confirm is off.
    pub(super) fn as_agreed(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        Letter::new(format!("{first}, the sail is as you said yes to. {}", self.ask(offer)))
            .say("The change that we wrote about is off again. There is nothing to confirm: you are on.")
            .with(Block::Facts(self.sail()))
    }

    /// The person took the yes back or cannot sail, or the office said so for them.
    pub(super) fn noted(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        let open = offer.state.is_open();
        // Only a no, or leaving, says that somebody can't.
        let said_no =
            matches!(offer.state, OfferState::Declined | OfferState::DroppedOut | OfferState::Released);
        let what = if said_no { "you can't sail" } else { "your yes is taken back" };
        let letter = Letter::new(format!("{first}, we noted that {what}. {}", self.ask(offer)));
        let position = &offer.seat.position;
        let next = match self.state.asks_for(position) {
            true => "Others are asked now.",
            false if self.state.open_seats(position) == 0 => "Somebody else has the seat.",
            false => "The office sees to it who sails instead.",
        };
        let letter = if self.state.cancelled_at.is_some() {
            letter.say("The sail is cancelled since. There is nothing for you to do.")
        } else if open {
            letter.say(
                "You are not aboard, and are asked as before: the link in the mail that asked you still takes your answer.",
            )
        } else if offer.state == OfferState::DroppedOut {
            letter.say(format!(
                "{next} Until somebody has your seat, you answer for it; we write when you are free."
            ))
        } else if said_no {
            letter.say(format!("{next} There is nothing for you to do."))
        } else {
            letter.say(format!("You are not aboard. {next} There is nothing for you to do."))
        };
        letter.with(Block::Small(format!(
            "Is this a mistake? {} at once, and mention {}.",
            times::capital(&self.operator.reach_office()),
            offer.token_id
        )))
    }

    /// The office put the person aboard.
    pub(super) fn assigned(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        let mut letter = Letter::new(format!("{first}, you're on. {}", self.ask(offer)))
            .say("You are aboard, and need not answer.")
            .with(Block::Facts(self.sail()));
        let aboard = self.aboard_lines();
        if aboard.len() > 1 {
            letter = letter.say("Aboard:").with(Block::List(aboard));
        }
        letter.with(Block::Button { label: "See your sail", url: self.link(offer) }).with(Block::Small(format!(
            "You get the crew list once everyone is found. If you can't sail, say so on that page, the sooner the better. Is this a surprise? {}, and mention {}.",
            times::capital(&self.operator.reach_office()),
            offer.token_id
        )))
    }

    /// What somebody wrote to everyone aboard.
    pub(super) fn message(&self, event: &AuditEvent, to: &CrewId) -> Letter {
        let letter = Letter::new(format!("{} writes: {}.", self.author(&event.by), self.headline()))
            .with(Block::Quote(words::said(event).unwrap_or_default().to_owned()));
        let small = "Everyone aboard and the office read this. To answer all of them, use the page: a reply to this mail does not reach them. The link is for you alone, so please don't forward this mail.";
        match self.state.aboard().into_iter().find(|offer| offer.crew_id == *to) {
            Some(offer) => letter
                .with(Block::Button {
                    label: "Answer everyone",
                    url: format!("{}#messages", self.link_until(offer, self.state.charter.departs_at)),
                })
                .with(Block::Small(small.into())),
            None => letter,
        }
    }

    /// `Captain on America, Sat 27 Jun 2026.`
    pub(super) fn ask(&self, offer: &Offer) -> String {
        let charter = &self.state.charter;
        let position = times::capital(offer.seat.position.as_str());
        format!("{position} on {}, {}.", charter.vessel, times::day(charter.departs_at, &self.operator.zone))
    }

    pub(super) fn offer_facts(&self, offer: &Offer) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Position", times::capital(offer.seat.position.as_str()))];
        let aboard_by = times::aboard_by(self.state.charter.call_time, self.now, &self.operator.zone);
        facts.extend(self.sail_aboard_by(aboard_by));
        facts.push(("Reply by", times::full(self.reply_by(offer), &self.operator.zone)));
        facts
    }

    /// The window runs from the hand-over. Before that, it is counted from now: what we promise is
    /// never later than what we keep.
    fn reply_by(&self, offer: &Offer) -> jiff::Timestamp {
        let Operator { policy, zone, .. } = self.operator;
        let zone = offer.zone(zone, times::find_zone);
        let from_now = || self.state.window(offer, policy, &zone, self.now).reply_by;
        offer.reply_by.unwrap_or_else(from_now)
    }

    fn link(&self, offer: &Offer) -> String {
        // Where there is nothing to answer, or somebody is aboard, the link is good for as long as the sail is ahead.
        let aboard = offer.by_hand || offer.state == OfferState::Reconfirming;
        self.link_until(offer, if aboard { self.state.charter.departs_at } else { self.reply_by(offer) })
    }

    fn link_until(&self, offer: &Offer, until: jiff::Timestamp) -> String {
        let charter_id = &self.state.charter.charter_id;
        let token = self.operator.key.offer_token(charter_id, offer);
        let expires = until.strftime("%Y-%m-%dT%H:%M:%SZ");
        format!(
            "{}/crew/accept?token={}&charter_id={charter_id}&expires={expires}",
            self.operator.public_url,
            token.reveal()
        )
    }

    /// Everyone is found.
    pub(super) fn crew_list(&self, to: &CrewId) -> Letter {
        let letter = Letter::new(format!("{}, the crew is complete: {}.", self.first_name(to), self.headline()))
            .with(Block::Facts(self.sail()))
            .say("Aboard:")
            .with(Block::List(self.crew_lines()))
            .say(format!(
                "If something comes up, open the link that you answered by and say that you can't make it; or {}.",
                self.operator.reach_office()
            ));
        match self.beside.own_page.clone() {
            Some(url) => letter
                .say("All your sails, the days on which you can sail, and your calendar are on a page of your own:")
                .with(Block::Button { label: "My own page", url })
                .with(Block::Small("That link is for you alone, so please don't forward this mail.".into())),
            None => letter,
        }
    }

    /// No longer needed, for now.
    pub(super) fn rescinded(&self, offer: &Offer, why: RescindReason) -> Letter {
        let because = match why {
            RescindReason::CaptainWithdrew => {
                "The captain can't sail after all, so we have stopped asking for crew until there is a captain again. If we need you then, you get a new mail."
            }
            RescindReason::CharterCancelled => "This sail is cancelled.",
            RescindReason::SeatTaken => "Somebody else has the seat by now.",
            RescindReason::Skipped => "The office is looking for somebody else this time.",
            RescindReason::CharterChanged => {
                "The sail has changed since. If we need you for it as it is now, you get a new mail."
            }
            RescindReason::CannotCome => {
                "By what we have on record now you can't sail then, so the offer is off. If that is wrong, tell the office."
            }
            RescindReason::AboardElsewhere => "You sail on another boat at that time.",
            RescindReason::CallStopped => "The office has stopped looking for crew for this sail for now.",
        };
        Letter::new(format!(
            "{}, no need to answer any more. {}",
            self.first_name(&offer.crew_id),
            self.ask(offer)
        ))
        .say(because)
        .say(if why == RescindReason::SeatTaken {
            "There is nothing for you to do. If you would sail should the seat be free again, say so by the link in the mail that asked you. Thank you for standing by."
        } else {
            "There is nothing for you to do, and your link no longer works. Thank you for standing by."
        })
    }

    /// Somebody does not sail after all, so that a crew list no longer holds.
    pub(super) fn reopened(&self, offer: &Offer, to: &CrewId) -> Letter {
        Letter::new(format!("{}, the crew is not complete any more: {}.", self.first_name(to), self.headline()))
            .say(format!(
                "{}. You are still on. If you have a crew list, it no longer holds; you get a new one once every seat is filled.",
                self.left(offer)
            ))
    }

    /// `Dana Reyes can't sail as captain after all`, in the words for how that came about.
    pub(super) fn left(&self, offer: &Offer) -> String {
        let (name, position) = (self.name(&offer.crew_id), &offer.seat.position);
        match offer.state {
            _ if offer.dropped_out => format!("{name} can't sail as {position} after all"),
            OfferState::Declined => format!("{name} can't sail as {position}"),
            OfferState::Released => format!("{name} is no longer aboard as {position}"),
            _ => format!("{name} took back the yes as {position}"),
        }
    }

    /// No longer bound to the sail.
    pub(super) fn released(&self, offer: &Offer) -> Letter {
        let first = self.first_name(&offer.crew_id);
        let (title, because) = match self.state.holder(&offer.seat) {
            _ if !offer.dropped_out => {
                ("you are not on this sail any more", "The office has taken you off the crew list.")
            }
            Some(_) => ("you are free", "Somebody else has your seat by now."),
            None => ("you are free", "The office no longer holds you responsible for your seat."),
        };
        Letter::new(format!("{first}, {title}. {}", self.ask(offer))).say(because).with(Block::Small(format!(
            "There is nothing for you to do, and nothing to answer. Is this a surprise? {}, and mention {}.",
            times::capital(&self.operator.reach_office()),
            offer.token_id
        )))
    }

    /// The charter is off.
    pub(super) fn cancelled(&self, to: &CrewId) -> Letter {
        if self.state.cancelled_at.is_none() {
            // It was, and is on again since: whoever was bound to it is not.
            return Letter::new(format!("{}, this sail was called off: {}.", self.first_name(to), self.headline()))
                .say("It is on again since, but you are not on it any more, and your link no longer works. If you are asked anew, you get a new mail.");
        }
        Letter::new(format!("{}, this sail is cancelled: {}.", self.first_name(to), self.headline()))
            .with(Block::Facts(self.sail()))
            .say("There is nothing for you to do, and your link no longer works. Thank you for standing by.")
    }
}
