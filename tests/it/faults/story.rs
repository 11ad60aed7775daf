//! The main story: two sails at one time, and people who are wanted on both.
//!
//! Dana does not answer for America. Gene thinks about it while Stars is booked for the same hours, for which
//! Dana cannot and Maya is asked. Then Gene says no: America waits for Maya, until Stars is cancelled. Maya says
//! yes, takes it back when Sam is aboard and Lee is being asked, and says yes again. Lee cannot, Zoe can.

use crewcall::app::{AppError, Pages};
use crewcall::store::{Store, Table, read};
use crewcall::tick::{Pass, tick};
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferNo, OfferState};
use crewcall_dispatch::model::CharterId;

use crate::support::office::{Office, person};

pub(super) const AMERICA: &str = "america";
pub(super) const STARS: &str = "stars";
/// Who sails on America in the end.
pub(super) const ABOARD: [&str; 3] = ["maya", "sam", "zoe"];
/// Which mails leave: the charter, what they say, who reads them, and how many there are.
pub(super) const MAILS: [(&str, usize); 19] = [
    ("america-crew-list-maya to maya@example.com", 1),
    ("america-crew-list-office to office@example.com", 1),
    ("america-crew-list-sam to sam@example.com", 1),
    ("america-crew-list-zoe to zoe@example.com", 1),
    // Whoever takes a yes back hears of it.
    ("america-noted to maya@example.com", 1),
    ("america-offer to dana@example.com", 1),
    ("america-offer to gene@example.com", 1),
    ("america-offer to lee@example.com", 2),
    ("america-offer to maya@example.com", 1),
    ("america-offer to sam@example.com", 1),
    ("america-offer to zoe@example.com", 1),
    ("america-offer-copy to office@example.com", 7),
    // Sam is aboard when the captain takes the yes back.
    ("america-reopened-sam to sam@example.com", 1),
    ("america-rescinded to lee@example.com", 1),
    ("stars-cancelled-maya to maya@example.com", 1),
    ("stars-cancelled-office to office@example.com", 1),
    ("stars-offer to dana@example.com", 1),
    ("stars-offer to maya@example.com", 1),
    ("stars-offer-copy to office@example.com", 2),
];
/// How many different commands it takes; one, Maya's yes, is given twice.
pub(super) const COMMANDS: usize = 10;
/// What has to happen in the story, as the audit calls it: else it tests too little.
pub(super) const HAPPENS: [&str; 14] = [
    "call_started",
    "people_left_out",
    "offer_expired",
    "offer_declined",
    "person_skipped",
    "cascade_waits",
    "charter_cancelled",
    "offer_accepted",
    "crew_paired",
    "accept_undone",
    "offer_rescinded",
    "call_filled",
    "offer_sent",
    "mail_sent",
];

/// Looks at the clock and at what is due, far more than the story needs when one of them fails.
const ROUNDS: usize = 60;

/// The process died under the story.
#[derive(Debug)]
pub(super) struct Died;

/// What somebody does.
enum Step {
    /// The office books Stars and starts its call.
    BookStars,
    /// Somebody answers for America.
    America(Command),
    /// Somebody answers for Stars, or the office cancels it.
    Stars(Command),
}

/// Brings the people on the roster.
pub(super) async fn hire(store: std::sync::Arc<dyn Store>) {
    let office = Office::new(store).await;
    office.import(&[person("captain", "maya", 3, &["kai", "sam"])]).await;
}

/// What somebody does next; `None` if everyone waits. `quiet` is when no mail is on its way.
fn next(america: &CharterState, stars: Option<&CharterState>, quiet: bool) -> Option<Step> {
    let asked = |state: &CharterState, who: &str| -> Option<OfferNo> {
        let mut open = state.open_offers().filter(|offer| offer.state == OfferState::Sent);
        open.find(|offer| offer.crew_id.as_str() == who).map(|offer| offer.no)
    };
    if let Some(gene) = asked(america, "gene") {
        // Booked is not started.
        let Some(stars) = stars.filter(|stars| stars.call.is_some()) else { return Some(Step::BookStars) };
        if let Some(dana) = asked(stars, "dana") {
            return Some(Step::Stars(Command::Decline(dana)));
        }
        return asked(stars, "maya").map(|_| Step::America(Command::Decline(gene)));
    }
    let waits = america.call.iter().flat_map(|call| &call.cascades).any(|one| !one.waiting_for.is_empty());
    if waits && stars.is_some_and(|stars| stars.cancelled_at.is_none()) {
        return Some(Step::Stars(Command::Cancel));
    }
    if let Some(no) = ABOARD.iter().find_map(|who| asked(america, who)) {
        // Lee is told first that Maya's crew is not needed: a mail that is decided, and has to leave.
        let again = america.offer(no).is_some_and(|offer| offer.undone);
        return (quiet || !again).then_some(Step::America(Command::Accept(no)));
    }
    let (captain, lee) = (america.captain()?, asked(america, "lee")?);
    if captain.undone {
        return Some(Step::America(Command::Decline(lee)));
    }
    let sam_is_aboard = america.aboard().len() == 2;
    sam_is_aboard.then_some(Step::America(Command::Undo(captain.no)))
}

/// Tells the story to an office whose store may fail: everything is done again until it is known to be done.
/// Told to an office in which it has begun, the story goes on from there.
pub(super) struct Teller<'a> {
    pub(super) office: &'a Office,
    /// The same rows without the faults: whoever answers a mail looks into the mail and not into the store.
    pub(super) stored: &'a dyn Store,
    /// Whether the process has died by now.
    pub(super) dead: &'a dyn Fn() -> bool,
    /// The commands that were acknowledged.
    pub(super) acknowledged: &'a mut Vec<(CharterId, Command)>,
}

impl Teller<'_> {
    pub(super) async fn tell(mut self) -> Result<(), Died> {
        self.begin(AMERICA, (16, 19), &[("captain", 1), ("deckhand", 2)]).await?;
        for _ in 0..ROUNDS {
            // Whatever fails here is due again.
            let pass = tick(self.office.time.outbox(), Pages::Served).await;
            if (self.dead)() {
                return Err(Died);
            }
            let (america, stars) = (self.look(AMERICA).await, self.look(STARS).await);
            if self.answer(america.unwrap(), stars).await?.status() == CallStatus::Filled
                && self.quiet().await
            {
                return Ok(());
            }
            if pass.is_ok_and(|pass| pass == Pass::default()) {
                let _ = self.office.time.advance_to_next().await;
            }
        }
        panic!("the story does not come to its end");
    }

    /// Everyone does what they do now. Gives America as it stands then.
    async fn answer(
        &mut self,
        mut america: CharterState,
        mut stars: Option<CharterState>,
    ) -> Result<CharterState, Died> {
        while let Some(step) = next(&america, stars.as_ref(), self.quiet().await) {
            match step {
                Step::BookStars => stars = Some(self.begin(STARS, (17, 20), &[("captain", 1)]).await?),
                Step::America(command) => america = self.give(AMERICA, command).await?,
                Step::Stars(command) => stars = Some(self.give(STARS, command).await?),
            }
        }
        Ok(america)
    }

    /// Whether everything that was decided is carried out.
    async fn quiet(&self) -> bool {
        self.stored.next_due(Table::Outbox).await.unwrap().is_none()
    }

    async fn look(&self, charter: &str) -> Option<CharterState> {
        read::<CharterState>(self.stored, charter).await.unwrap().map(|read| read.value)
    }

    /// Books a charter and starts its call, unless that was done before the process died.
    async fn begin(
        &mut self,
        id: &str,
        hours: (u32, u32),
        seats: &[(&str, u32)],
    ) -> Result<CharterState, Died> {
        self.until_done(async || self.office.book(id, hours, seats).await).await?;
        let state = self.look(id).await.unwrap();
        if state.status() == CallStatus::Draft { self.give(id, Command::Start).await } else { Ok(state) }
    }

    async fn give(&mut self, id: &str, command: Command) -> Result<CharterState, Died> {
        let id: CharterId = id.parse().unwrap();
        let state = self.until_done(async || self.office.run(&id, command.clone()).await).await?;
        self.acknowledged.push((id, command));
        Ok(state)
    }

    /// Presses the button again when the page says that it did not work.
    async fn until_done<T>(&self, step: impl AsyncFn() -> Result<T, AppError>) -> Result<T, Died> {
        loop {
            match step().await {
                Ok(done) => return Ok(done),
                Err(AppError::Store(_)) if (self.dead)() => return Err(Died),
                Err(AppError::Store(_)) => {}
                Err(other) => panic!("refused: {other}"),
            }
        }
    }
}
