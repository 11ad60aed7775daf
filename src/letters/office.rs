//! What we write to the office. No mail to the office contains a live crew link.

use crewcall_dispatch::cascade::{AuditEvent, CallStatus, Offer, OfferState};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Email, Phone, Rank};

use super::Desk;
use super::layout::{Block, Letter};
use crate::times;
use crate::words;

/// Why nobody is asked, and what to do about it.
const RESTS: &str = "The call rests, so nobody is asked until you press \"Go on\" on the charter's page.";

impl Desk<'_> {
    /// What a crew member was asked, without the live link.
    pub(super) fn offer_copy(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        let mut letter = Letter::new(format!("{name} was asked to sail. {}", self.ask(offer)))
            .with(Block::Facts(self.offer_facts(offer)));
        if !offer.warnings.is_empty() {
            let names = self.names();
            let warnings = offer.warnings.iter().map(|warning| words::reason(warning, &names));
            letter = letter.say("Please look at this before the sail:").with(Block::List(warnings.collect()));
        }
        letter
            .say(format!("If {name} has not answered by then, the next person is asked."))
            .with(self.charter_button())
            .with(Block::Small(format!(
                "This is the office's copy, without the link itself. If {name} rings about it, its number is {}.",
                offer.token_id
            )))
    }

    /// What somebody aboard wrote to everyone.
    pub(super) fn message_office(&self, event: &AuditEvent) -> Letter {
        Letter::new(format!("{} writes to everyone aboard: {}.", self.author(&event.by), self.headline()))
            .with(Block::Quote(words::said(event).unwrap_or_default().to_owned()))
            .with(Block::Small(
                "Everyone aboard has this mail, too. You can answer all of them on the charter's page."
                    .into(),
            ))
            .with(self.charter_button())
    }

    /// What somebody said along with an answer.
    pub(super) fn comment(&self, event: &AuditEvent) -> Letter {
        let clause = words::clause(event, self.state, &self.names(), &self.operator.zone);
        Letter::new(format!("{clause} and adds a word: {}.", self.headline()))
            .with(Block::Quote(words::said(event).unwrap_or_default().to_owned()))
            .with(Block::Small("Only the office has this mail.".into()))
            .with(self.charter_button())
    }

    /// Everyone is found.
    pub(super) fn crew_list_office(&self) -> Letter {
        Letter::new(format!("The crew is complete: {}.", self.headline()))
            .with(Block::Facts(self.sail()))
            .say("Aboard:")
            .with(Block::List(self.crew_lines()))
            .with(self.charter_button())
    }

    /// A mail to someone was refused for good, and it was no offer.
    pub(super) fn not_told(&self, to: &CrewId) -> Letter {
        let name = self.name(to);
        let phone = self.people.get(to).and_then(|member| member.phone.as_ref());
        let ring = phone.map_or_else(|| format!("Ring {name}"), |phone| format!("Ring {name} at {phone}"));
        Letter::new(format!("Needs you: {name} could not be told how things stand. {}.", self.headline()))
            .say(format!("The mail to {name} was refused for good. {ring}; the charter's page says what {name} should know. If the address is at fault, {name} is marked on the roster, and no further sail is offered to them until it is mended."))
            .with(self.charter_button())
    }

    /// The crew list no longer holds.
    pub(super) fn reopened_office(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        let next = if offer.state.is_open() {
            format!(
                "{name} can still answer until the reply-by time; without a yes the next person is asked."
            )
        } else {
            format!("The seat is called again.{}", self.responsible(offer))
        };
        let rests = self.state.status() == CallStatus::Paused;
        let (needs_you, next) =
            if rests { ("Needs you: t", format!("{RESTS}{}", self.responsible(offer))) } else { ("T", next) };
        Letter::new(format!("{needs_you}he crew is not complete any more: {}.", self.headline()))
            .say(format!("{}. The crew list no longer holds. {next}", self.left(offer)))
            .with(self.charter_button())
    }

    /// Somebody said yes when it was too late, and the seat is still open.
    pub(super) fn standby(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        let asked = self.state.open_offers().filter(|open| open.seat.position == offer.seat.position);
        let asked: Vec<String> = asked.map(|open| self.crew_line(open)).collect();
        let mut letter = Letter::new(format!("{name} was too late, and would sail. {}", self.ask(offer)))
            .say(format!("{}. The seat is still open, and {name} stands by: you can put them aboard on the charter's page. Whoever is being asked is told then.", self.crew_line(offer)));
        if !asked.is_empty() {
            letter = letter.say("Being asked now:").with(Block::List(asked));
        }
        letter.with(self.charter_button())
    }

    /// Somebody aboard did not say whether they still sail.
    pub(super) fn unconfirmed(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        Letter::new(format!("Needs you: {name} has not confirmed the change. {}", self.ask(offer)))
            .say(format!("{}. The mail went out, and the time to answer is over.", self.crew_line(offer)))
            .say(format!("{name} keeps the seat, and can still answer by the link. Please ring, and answer for {name} on the charter's page, or release them: then the seat is called again."))
            .with(self.charter_button())
    }

    /// Something speaks against somebody who is aboard.
    pub(super) fn conflict(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        let reasons = offer.conflicts.iter().map(ToString::to_string);
        Letter::new(format!("Needs you: {name} is aboard, and perhaps cannot sail. {}", self.ask(offer)))
            .say(format!("What speaks against {}:", self.crew_line(offer)))
            .with(Block::List(reasons.collect()))
            .say(format!("Nobody is dropped for that: {name} keeps the seat. Please ring; if {name} cannot sail, release them on the charter's page, and the seat is called again. If they can, say there why they stay."))
            .with(self.charter_button())
    }

    /// Somebody cannot sail after all, and the sail is near or nobody is asked.
    pub(super) fn dropped_out(&self, offer: &Offer) -> Letter {
        let hours = times::span(self.state.charter.departs_at.duration_since(self.now));
        let asked = self.state.open_offers().filter(|open| open.seat == offer.seat);
        let asked: Vec<String> = asked.map(|open| self.crew_line(open)).collect();
        let mut letter =
            Letter::new(format!("Needs you: {}. {}, in {hours}.", self.left(offer), self.headline()))
                .with(Block::Facts(self.sail()))
                .say(format!("{}.{}", self.crew_line(offer), self.responsible(offer)));
        letter = match (self.state.status(), asked.is_empty()) {
            (CallStatus::Paused, _) => letter.say(RESTS),
            (_, true) => letter.say("Nobody is being asked for the seat at present."),
            (_, false) => letter.say("Being asked now:").with(Block::List(asked)),
        };
        letter.with(self.charter_button())
    }

    fn responsible(&self, offer: &Offer) -> String {
        if offer.state != OfferState::DroppedOut {
            return String::new();
        }
        let name = self.name(&offer.crew_id);
        format!(
            " Until somebody else has the seat, {name} is responsible; \"Release\" on the charter's page ends that."
        )
    }

    /// Nobody is left to ask.
    pub(super) fn exhausted(&self) -> Letter {
        let departed = self.now >= self.state.charter.departs_at;
        let headline = self.headline();
        let title = if departed {
            format!("Needs you: it is departure time for {headline}.")
        } else {
            format!("Needs you: nobody is left to ask for {headline}.")
        };
        let open = self.open_seats();
        let open = if open.is_empty() { String::new() } else { format!(" Still open: {}.", open.join(", ")) };
        let mut letter = Letter::new(title + &open).with(Block::Facts(self.sail()));

        let unconfirmed: Vec<String> = self.state.reconfirming().map(|offer| self.crew_line(offer)).collect();
        if departed && !unconfirmed.is_empty() {
            letter = letter
                .say("Aboard, but without having confirmed the change of the sail:")
                .with(Block::List(unconfirmed.clone()));
        }
        let asked = self.asked();
        if asked.is_empty() && departed && !unconfirmed.is_empty() {
            // Every seat has somebody.
        } else if asked.is_empty() {
            letter = letter.say("Nobody could be asked. The charter's page says why, person by person.");
        } else {
            letter = letter.say("Asked:").with(Block::List(asked));
        }
        let elsewhere = self.state.open_offers().filter(|offer| !self.is_open(&offer.seat.position));
        let elsewhere: Vec<String> = elsewhere.map(|offer| self.name(&offer.crew_id)).collect();
        if !elsewhere.is_empty() {
            letter = letter.say(format!(
                "Still being asked for other seats: {}. You hear of it if that comes to nothing, too.",
                join(&elsewhere)
            ));
        }
        if !departed {
            letter = self.with_standby(letter);
        }
        letter = if departed {
            letter.say("The call is over: nobody else is asked.")
        } else {
            letter.say("What you can do: ring people or change the roster, then press \"Ask again from the top\" on the charter's page. That asks everyone who can come, those who said no before included. There is no reminder of this.")
        };
        letter.with(self.charter_button())
    }

    /// There is not enough time left to ask everyone in turn.
    pub(super) fn urgent(&self, position: &Rank) -> Letter {
        let asked = self.state.open_offers().filter(|offer| offer.seat.position == *position);
        let asked: Vec<String> = asked.map(|offer| self.crew_line(offer)).collect();
        let mut letter =
            Letter::new(format!("Needs you: time runs out to find a {position} for {}.", self.headline()))
                .with(Block::Facts(self.sail()))
                .say("There is not enough time left to ask everyone in turn, so each has only a short time to answer, at night too. Please ring people as well.");
        if !asked.is_empty() {
            letter = letter.say("Being asked now:").with(Block::List(asked));
        }
        letter.with(self.charter_button())
    }

    /// After the alert, nobody is left to ask for this position.
    pub(super) fn position_exhausted(&self, position: &Rank) -> Letter {
        let letter = Letter::new(format!(
            "Needs you again: nobody is left to ask as {position} now. {}.",
            self.headline()
        ));
        self.with_standby(letter.say(format!("Still open by now: {}.", self.open_seats().join(", "))))
            .say("\"Ask again from the top\" on the charter's page asks for all of them.")
            .with(self.charter_button())
    }

    /// The charter is off.
    pub(super) fn cancelled_office(&self) -> Letter {
        let letter = Letter::new(format!("Cancelled: {}.", self.headline())).with(Block::Facts(self.sail()));
        let asked = self.state.offers.iter().filter(|offer| {
            offer.state == OfferState::Rescinded && offer.ended_at == self.state.cancelled_at
        });
        let asked = asked.map(|offer| match offer.handed_over_at {
            Some(_) => format!("{} (was being asked)", self.crew_line(offer)),
            None => format!("{} (the mail was on its way; told if it arrived)", self.crew_line(offer)),
        });
        let aboard = self.crew_lines().into_iter().map(|line| format!("{line} (was aboard)"));
        let leaving = self.state.offers.iter().filter(|offer| offer.state == OfferState::DroppedOut);
        let leaving = leaving.map(|offer| format!("{} (had dropped out)", self.crew_line(offer)));
        let waiting = self.state.standing_by().take(limits::STANDBYS_TOLD);
        let waiting = waiting.map(|offer| format!("{} (stood by)", self.crew_line(offer)));
        let told: Vec<String> = aboard.chain(leaving).chain(asked).chain(waiting).collect();
        let letter = if told.is_empty() {
            letter.say("Nobody was aboard and nobody was being asked, so nobody has to be told.")
        } else {
            letter
                .say("These people get a mail about it. If the sail is soon, ring them as well:")
                .with(Block::List(told))
                .say("Their links no longer work.")
        };
        letter.with(self.charter_button())
    }

    /// A person's mail was refused.
    pub(super) fn undeliverable(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        let member = self.people.get(&offer.crew_id);
        let email = member.and_then(|member| member.email.as_ref()).map_or("none".into(), Email::to_string);
        let phone = member.and_then(|member| member.phone.as_ref()).map_or("none".into(), Phone::to_string);
        let next = if self.state.status() == CallStatus::Paused {
            RESTS
        } else {
            "The call goes on with whoever is next."
        };
        Letter::new(format!("Needs you: the offer to {name} could not be delivered. {}", self.ask(offer)))
            .with(Block::Facts(vec![("E-mail", email), ("Phone", phone)]))
            .say(format!("The mail did not arrive, so this is not a no; what the mail server said stands on the charter's page. {next} Please ring {name}, and check the address on the roster: if it is at fault, no further sail is offered to them until there is another one, or until you press \"Mail arrives again\" on the roster's page. In this call, \"Ask now\" brings them back."))
            .with(self.charter_button())
    }

    /// Who can be put aboard at once where nobody is left to ask.
    fn with_standby(&self, letter: Letter) -> Letter {
        let standing_by = self.state.standing_by().filter(|offer| self.is_open(&offer.seat.position));
        let standing_by: Vec<String> = standing_by.map(|offer| self.crew_line(offer)).collect();
        if standing_by.is_empty() {
            return letter;
        }
        letter
            .say("They were too late, and would sail; \"Put aboard\" on the charter's page takes them:")
            .with(Block::List(standing_by))
    }

    fn charter_button(&self) -> Block {
        Block::Button { label: "See the charter", url: self.charter_url() }
    }

    /// Whether the position has a seat that nobody took and nobody is being asked for.
    fn is_open(&self, position: &Rank) -> bool {
        !self.state.vacant_seats(position).is_empty()
    }

    /// Positions with such a seat: `deckhand (2 seats)`.
    fn open_seats(&self) -> Vec<String> {
        let needs = self.state.charter.positions.iter();
        let open = needs.map(|need| (&need.position, self.state.vacant_seats(&need.position).len()));
        open.filter_map(|(position, seats)| match seats {
            0 => None,
            1 => Some(position.to_string()),
            _ => Some(format!("{position} ({seats} seats)")),
        })
        .collect()
    }

    /// Everyone who was asked for an open seat, with their latest answer.
    fn asked(&self) -> Vec<String> {
        let offers = &self.state.offers;
        let latest = |offer: &&Offer| {
            let same =
                |later: &&Offer| later.crew_id == offer.crew_id && later.seat.position == offer.seat.position;
            offers.iter().rfind(same).is_some_and(|last| last.no == offer.no)
        };
        offers
            .iter()
            .filter(|offer| self.is_open(&offer.seat.position))
            .filter(latest)
            .map(|offer| format!("{} ({})", self.crew_line(offer), crate::words::answer(offer, self.state)))
            .collect()
    }
}

fn join(words: &[String]) -> String {
    match words {
        [] => "nobody".into(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
