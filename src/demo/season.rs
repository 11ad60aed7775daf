//! What has happened when the demo opens: everything by the commands that people give, each in its time.

use crewcall_dispatch::cascade::{Actor, CharterState, Command, Offer};
use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};

use super::office::{ASKING, CHANGED, CREWED, EXHAUSTED};
use super::{DemoError, TimeMachine, by_office};
use crate::app::Caller;

/// How long it has taken.
pub(super) const TOOK: SignedDuration = SignedDuration::from_hours(2);
/// Between two things that happen.
const PAUSE: SignedDuration = SignedDuration::from_mins(12);
/// More answers than anybody waits for here: nothing goes on for ever.
const ANSWERS: usize = 30;

/// Plays the season up to `now`.
pub(super) async fn play(time: &TimeMachine, now: Timestamp) -> Result<(), DemoError> {
    let season = Season { time };
    // Dana can't, and says why; Gene and a deckhand can.
    season.start(CREWED).await?;
    season.answer(CREWED, |offer| says(offer, offer.crew_id.as_str() != "dana-reyes")).await?;
    time.advance(PAUSE).await?;
    // A captain and a deckhand can, and no host can.
    season.start(EXHAUSTED).await?;
    season.answer(EXHAUSTED, |offer| says(offer, offer.seat.position.as_str() != "host")).await?;
    time.advance(PAUSE).await?;
    // Both had said yes, then it leaves an hour later; the captain has confirmed that.
    season.start(CHANGED).await?;
    season.answer(CHANGED, |offer| says(offer, true)).await?;
    time.advance(PAUSE).await?;
    season.later(CHANGED).await?;
    time.advance(PAUSE).await?;
    season.confirm(CHANGED).await?;
    time.advance(now.duration_since(time.now())).await?;
    season.start(ASKING).await
}

fn says(offer: &Offer, yes: bool) -> Command {
    if yes { Command::Accept(offer.no) } else { Command::Decline(offer.no) }
}

struct Season<'a> {
    time: &'a TimeMachine,
}

impl Season<'_> {
    async fn start(&self, id: &str) -> Result<(), DemoError> {
        self.time.outbox().app.run(&named(id)?, &Command::Start, &by_office()).await?;
        Ok(self.time.work().await?)
    }

    /// Whoever is asked answers, until nobody is asked any more.
    async fn answer(&self, id: &str, answer: impl Fn(&Offer) -> Command) -> Result<(), DemoError> {
        for _ in 0..ANSWERS {
            let state = self.state(id).await?;
            let Some(asked) = state.open_offers().next() else { break };
            self.by(asked, id, &answer(asked)).await?;
        }
        Ok(())
    }

    /// The office has it leave and return an hour later.
    async fn later(&self, id: &str) -> Result<(), DemoError> {
        let from = self.state(id).await?.charter;
        let mut to = from.clone();
        for at in [&mut to.departs_at, &mut to.returns_at, &mut to.call_time] {
            *at += SignedDuration::from_hours(1);
        }
        let change = Command::Change { from: Box::new(from), to: Box::new(to) };
        self.time.outbox().app.run(&named(id)?, &change, &by_office()).await?;
        Ok(self.time.work().await?)
    }

    /// The captain still sails.
    async fn confirm(&self, id: &str) -> Result<(), DemoError> {
        let state = self.state(id).await?;
        let captain = state.reconfirming().find(|offer| offer.seat.position.is_captain());
        match captain {
            Some(captain) => self.by(captain, id, &Command::yes(&state, captain)).await,
            None => Ok(()),
        }
    }

    /// By the link that the person has.
    async fn by(&self, offer: &Offer, id: &str, command: &Command) -> Result<(), DemoError> {
        let mut caller = Caller::new(Actor::Crew(offer.crew_id.clone()), format!("link {}", offer.token_id));
        if matches!(command, Command::Decline(_)) && offer.seat.position.is_captain() {
            caller.comment = Some("My sister is getting married that day. Next week I can.".into());
        }
        self.time.outbox().app.run(&named(id)?, command, &caller).await?;
        Ok(self.time.work().await?)
    }

    async fn state(&self, id: &str) -> Result<CharterState, DemoError> {
        Ok(self.time.outbox().app.charter(&named(id)?).await?)
    }
}

fn named(id: &str) -> Result<CharterId, DemoError> {
    id.parse().map_err(DemoError::Data)
}
