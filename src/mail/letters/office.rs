//! What we write to the office. No mail to the office contains a live crew link.

use crewcall_dispatch::cascade::{Offer, OfferState};
use crewcall_dispatch::model::Rank;

use super::Desk;
use super::layout::{Block, Letter};
use crate::times;

impl Desk<'_> {
    /// What a crew member was asked, without the live link.
    pub(super) fn offer_copy(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        Letter::new(format!("{name} was asked. {}", self.ask(offer)))
            .with(Block::Facts(self.offer_facts(offer)))
            .say(format!("If {name} does not answer by then, the next person is asked."))
            .with(self.charter_button())
            .with(Block::Small(format!(
                "Copy for the office. The link is not in it; it is known as {}.",
                offer.token_id
            )))
    }

    /// Everyone is found.
    pub(super) fn crew_list_office(&self) -> Letter {
        Letter::new(format!("Crewed. {}", self.headline()))
            .with(Block::Facts(self.sail()))
            .say("Aboard:")
            .with(Block::List(self.crew_lines()))
            .with(self.charter_button())
    }

    /// Nobody is left to ask.
    pub(super) fn exhausted(&self) -> Letter {
        let departed = self.now >= self.state.charter.departs_at;
        let missing = self.missing();
        let mut letter =
            Letter::new(format!("Needs you: nobody left to ask for {}. {}", join(&missing), self.headline()))
                .with(Block::Facts(self.sail()));
        let asked = self.asked(&missing);
        if asked.is_empty() {
            letter = letter.say("Nobody on the roster could be asked.");
        } else {
            letter = letter.say("Asked:").with(Block::List(asked));
        }
        let open: Vec<String> = self.state.open_offers().map(|offer| self.name(&offer.crew_id)).collect();
        if !open.is_empty() {
            letter = letter.say(format!("Still being asked for other seats: {}.", join(&open)));
        }
        letter = if departed {
            letter.say("The sail has reached its departure, so nobody else is asked.")
        } else {
            letter.say("Ring someone, or change the roster and start the call again: then everyone who can come is asked from the top. This is the only alert about it.")
        };
        letter.with(self.charter_button())
    }

    /// The charter is off.
    pub(super) fn cancelled_office(&self) -> Letter {
        let aboard: Vec<String> = self.state.aboard().iter().map(|offer| self.name(&offer.crew_id)).collect();
        let told = if aboard.is_empty() {
            "Nobody was aboard. Whoever was being asked is told, and all links are dead.".to_owned()
        } else {
            format!(
                "Aboard were {}. They and whoever was being asked are told, and all links are dead.",
                join(&aboard)
            )
        };
        Letter::new(format!("Cancelled. {}", self.headline())).with(Block::Facts(self.sail())).say(told)
    }

    /// A person's mail was refused.
    pub(super) fn undeliverable(&self, offer: &Offer) -> Letter {
        let name = self.name(&offer.crew_id);
        Letter::new(format!("Needs you: mail to {name} was refused. {}", self.ask(offer)))
            .say(format!("{name} was not reached, which is not a no. The next person is being asked. Check the address on the roster, or ring {name}."))
            .with(self.charter_button())
    }

    /// `America on Sat 27 Jun 2026.`
    fn headline(&self) -> String {
        let charter = &self.state.charter;
        format!("{} on {}.", charter.vessel, times::day(charter.departs_at, &self.operator.zone))
    }

    fn charter_button(&self) -> Block {
        Block::Button { label: "See the charter", url: self.charter_url() }
    }

    /// Positions with a seat that nobody took and nobody is being asked for.
    fn missing(&self) -> Vec<String> {
        let positions = self.state.charter.positions.iter().map(|need| &need.position);
        let vacant = positions.filter(|position| !self.state.vacant_seats(position).is_empty());
        vacant.map(Rank::to_string).collect()
    }

    fn asked(&self, positions: &[String]) -> Vec<String> {
        let of = self
            .state
            .offers
            .iter()
            .filter(|offer| positions.iter().any(|p| p == offer.seat.position.as_str()));
        of.map(|offer| format!("{}: {}", self.name(&offer.crew_id), word(offer.state))).collect()
    }
}

fn word(state: OfferState) -> &'static str {
    match state {
        OfferState::Queued => "mail on its way",
        OfferState::Sent => "asked, no answer yet",
        OfferState::Accepted => "accepted",
        OfferState::Declined => "can't do it",
        OfferState::Expired => "did not answer in time",
        OfferState::Rescinded => "taken back",
        OfferState::Undeliverable => "mail refused",
    }
}

fn join(words: &[String]) -> String {
    match words {
        [] => "nobody".into(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
