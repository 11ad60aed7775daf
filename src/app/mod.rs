//! The only way in which a charter changes: load, decide, commit.
//!
//! [`App::run`] reads a charter, lets the rules decide, and commits everything that follows from it
//! at once: the charter, its audit events, mails, links and the commitments of the people
//! concerned, each under the version that was read. Whoever loses a race reads again and decides
//! again, so the same command given twice, or by two servers, has one effect and one answer.

mod admit;
mod calendar;
mod day;
mod error;
mod gather;
mod health;
mod mail_way;
mod once;
mod opened;
mod own_links;
mod read;
mod records;
mod roster;
mod sails;
mod sign_in;
mod tokens;
mod users;
mod writes;

use std::sync::Arc;

use crewcall_dispatch::cascade::{
    self, Actor, CharterState, Command, Context, Decision, People, Plan, Preview, Stop,
};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Charter, CharterId, Rank};
use tokio::sync::{Notify, broadcast, watch};

pub use admit::LinkRefusal;
pub use error::AppError;
pub use health::{Beat, Pages};
pub use mail_way::{DOWN_FOR, MailWay};
pub use once::Once;
pub use own_links::{OwnLink, OwnTokens, PageMail};
pub use read::STUCK_LOOKED_AT;
pub use records::{Alert, AlertOf, EventBatch, Job, OutboxRow};
pub use roster::{Change, Changes, DaySaid, DaysSaid, Edited, Faults, FieldEdit, Given, Note};
pub use sign_in::{SIGN_IN_LIFE, SignInLink};
pub use tokens::ApiToken;
pub use users::{Role, User, UserError};

use crate::aside::aside;
use crate::clock::Clock;
use crate::operator::Operator;
use crate::store::{CommitError, Expect, Store, Versioned, Write, read};
use crate::times;
use gather::Gathered;

/// Who gives a command, and from where.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub by: Actor,
    /// From where: `command line`, `page`, `tick`, `link jada_crew_…`.
    pub via: String,
    /// What they say along with it.
    pub comment: Option<String>,
}

impl Caller {
    /// The program itself.
    pub fn tick() -> Self {
        Self::new(Actor::Crewcall, "tick")
    }

    /// Somebody who says nothing beside the command.
    pub fn new(by: Actor, via: impl Into<String>) -> Self {
        Self { by, via: via.into(), comment: None }
    }
}

/// The program around the rules: a store, a clock and the operator's settings.
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The operator's settings.
    pub operator: Operator,
    signs: health::Signs,
    way: mail_way::LastWay,
    /// Held while a mail is counted.
    counting: tokio::sync::Mutex<()>,
    wake: Notify,
    changes: broadcast::Sender<CharterId>,
    stop: watch::Sender<bool>,
}

/// Charters that have changed and are remembered for whoever is slow to look.
const CHANGES: usize = 1_024;

impl App {
    /// An app on a store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, operator: Operator) -> Self {
        Self {
            store,
            clock,
            operator,
            signs: health::Signs::default(),
            way: mail_way::LastWay::default(),
            counting: tokio::sync::Mutex::default(),
            wake: Notify::new(),
            changes: broadcast::Sender::new(CHANGES),
            stop: watch::Sender::new(false),
        }
    }

    /// The same program, as if it had just begun: it has seen no sign of life yet, and nobody has stopped it.
    pub fn anew(&self) -> Self {
        let anew = Self::new(self.store.clone(), self.clock.clone(), self.operator.clone());
        Self { way: self.way.clone(), ..anew }
    }

    /// Takes a booked charter in. The same charter a second time changes nothing.
    ///
    /// # Errors
    /// A rank that the operator does not have, a departure in the past, another charter of that id,
    /// a failing store.
    pub async fn book(&self, charter: Charter, caller: &Caller) -> Result<CharterState, AppError> {
        self.book_under(None, charter, caller).await
    }

    /// As [`App::book`], for a request that may come again after the charter has changed.
    ///
    /// # Errors
    /// As [`App::book`].
    pub async fn book_under(
        &self,
        once: Option<&Once>,
        charter: Charter,
        caller: &Caller,
    ) -> Result<CharterState, AppError> {
        self.check_ranks(&charter)?;
        let id = charter.charter_id.clone();
        if let Some(known) = read::<CharterState>(&*self.store, id.as_str()).await? {
            if known.value.cancelled_at.is_some() {
                return Err(AppError::CharterCancelled(id));
            }
            if known.value.charter != charter {
                return Err(AppError::CharterExists(id));
            }
            if let Some(once) = once {
                // That there was nothing to do is its outcome, also once the charter is another one.
                match self.store.commit(vec![Write::put(once, Expect::Absent)?]).await {
                    Ok(()) | Err(CommitError::Conflict(_)) => {}
                    Err(CommitError::Store(error)) => return Err(error.into()),
                }
            }
            return Ok(known.value);
        }
        let decision = cascade::book(charter.clone(), &self.context(caller))?;
        let mut writes = writes::of(&decision, Expect::Absent, &Gathered::default())?;
        writes.extend(once.map(|once| Write::put(once, Expect::Absent)).transpose()?);
        match self.store.commit(writes).await {
            Ok(()) => {
                self.tell_of(&id);
                Ok(decision.state)
            }
            Err(CommitError::Conflict(_)) => match self.charter(&id).await {
                Ok(known) if known.charter == charter => Ok(known),
                Ok(known) if self.is_done(once).await? => Ok(known),
                Ok(_) => Err(AppError::CharterExists(id)),
                // Somebody held it, and let it go again.
                Err(AppError::NoSuchCharter(_)) => Err(AppError::Contended(id)),
                Err(error) => Err(error),
            },
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// Whether the operator has every rank that a charter asks for.
    ///
    /// # Errors
    /// The first that it does not.
    pub fn check_ranks(&self, charter: &Charter) -> Result<(), AppError> {
        charter.positions.iter().try_for_each(|need| self.check_rank(&need.position))
    }

    fn check_rank(&self, rank: &Rank) -> Result<(), AppError> {
        match self.operator.ranks.contains(rank) {
            true => Ok(()),
            false => Err(AppError::UnknownRank(rank.clone(), self.operator.rank_list())),
        }
    }

    /// Whoever turned up may have sailed as what nobody had booked.
    fn check_position(&self, command: &Command) -> Result<(), AppError> {
        match command {
            Command::TurnedUp { position, .. } => self.check_rank(position),
            _ => Ok(()),
        }
    }

    /// Carries out a command: all that follows from it is committed, or nothing is.
    ///
    /// # Errors
    /// No such charter, a rejection by the rules, or a store that fails. After a failing store the
    /// command may or may not have had its effect; giving it again finds out.
    pub async fn run(
        &self,
        id: &CharterId,
        command: &Command,
        caller: &Caller,
    ) -> Result<CharterState, AppError> {
        self.run_with(id, command, caller, Vec::new()).await
    }

    /// As [`App::run`], with further writes in the same commit: the outbox row that is done by it.
    ///
    /// # Errors
    /// As [`App::run`]; and [`AppError::Superseded`] if what `also` expects no longer holds.
    pub async fn run_with(
        &self,
        id: &CharterId,
        command: &Command,
        caller: &Caller,
        also: Vec<Write>,
    ) -> Result<CharterState, AppError> {
        self.carry_out(id, None, command, caller, also).await
    }

    /// As [`App::run`], for a charter that was read already. If that is out of date by now, it is read
    /// again.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run_on(
        &self,
        charter: Versioned<CharterState>,
        command: &Command,
        caller: &Caller,
    ) -> Result<CharterState, AppError> {
        let id = charter.value.charter.charter_id.clone();
        self.carry_out(&id, Some(charter), command, caller, Vec::new()).await
    }

    async fn carry_out(
        &self,
        id: &CharterId,
        mut known: Option<Versioned<CharterState>>,
        command: &Command,
        caller: &Caller,
        also: Vec<Write>,
    ) -> Result<CharterState, AppError> {
        self.check_position(command)?;
        self.know_signs().await?;
        for _ in 0..limits::COMMIT_ATTEMPTS {
            let charter = match known.take() {
                Some(charter) => charter,
                None => read::<CharterState>(&*self.store, id.as_str())
                    .await?
                    .ok_or_else(|| AppError::NoSuchCharter(id.clone()))?,
            };
            let mut gathered = Gathered::default();
            let decision = self.decide(&charter.value, command, caller, &mut gathered).await?;
            let mut writes = also.clone();
            if !decision.events.is_empty() {
                writes.extend(writes::of(&decision, charter.expected(), &gathered)?);
            }
            if writes.is_empty() {
                return Ok(decision.state);
            }
            match self.store.commit(writes).await {
                Ok(()) => {
                    self.tell_of(id);
                    if !decision.mails.is_empty() || !decision.nudges.is_empty() {
                        self.wake.notify_one();
                    }
                    return Ok(decision.state);
                }
                Err(CommitError::Conflict(key)) if also.iter().any(|write| *write.key() == key) => {
                    return Err(AppError::Superseded(key));
                }
                // Someone was faster. What they did is seen in the next reading.
                Err(CommitError::Conflict(_)) => tokio::task::yield_now().await,
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(AppError::Contended(id.clone()))
    }

    async fn decide(
        &self,
        state: &CharterState,
        command: &Command,
        caller: &Caller,
        gathered: &mut Gathered,
    ) -> Result<Decision, AppError> {
        self.with_people(gathered, |people| cascade::decide(state, people, command, &self.context(caller)))
            .await
    }

    /// Brings the people that the rules ask for, until there is an answer.
    async fn with_people<T>(
        &self,
        gathered: &mut Gathered,
        judge: impl Fn(&People) -> Result<T, Stop>,
    ) -> Result<T, AppError> {
        loop {
            match judge(&gathered.people) {
                Ok(judged) => return Ok(judged),
                Err(Stop::Rejected(rejection)) => return Err(rejection.into()),
                Err(Stop::Need(need)) => gathered.bring(&*self.store, need).await?,
            }
        }
    }

    /// What a charter's call will do if nobody answers. Changes nothing.
    ///
    /// # Errors
    /// No such charter, a call that the rules do not let begin, or a store that fails.
    pub async fn plan(&self, id: &CharterId, caller: &Caller) -> Result<(CharterState, Plan), AppError> {
        self.know_signs().await?;
        let state = self.charter(id).await?;
        let mut gathered = Gathered::default();
        let judge = |people: &People| aside(|| cascade::plan(&state, people, &self.context(caller)));
        let plan = self.with_people(&mut gathered, judge).await?;
        Ok((state, plan))
    }

    /// Whether a command can be carried out as things stand. Changes nothing.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn check(
        &self,
        state: &CharterState,
        command: &Command,
        caller: &Caller,
    ) -> Result<(), AppError> {
        self.check_position(command)?;
        self.know_signs().await?;
        self.decide(state, command, caller, &mut Gathered::default()).await.map(drop)
    }

    /// What a command would change of what comes. Changes nothing.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn preview(
        &self,
        state: &CharterState,
        command: &Command,
        caller: &Caller,
    ) -> Result<Preview, AppError> {
        self.check_position(command)?;
        self.know_signs().await?;
        let judge =
            |people: &People| aside(|| cascade::preview(state, people, command, &self.context(caller)));
        self.with_people(&mut Gathered::default(), judge).await
    }

    /// What the rules read beside the charter.
    pub fn context<'a>(&'a self, caller: &'a Caller) -> Context<'a> {
        let signs = self.signs.get().unwrap_or_default();
        Context {
            now: self.clock.now(),
            policy: &self.operator.policy,
            zone: &self.operator.zone,
            find_zone: times::find_zone,
            key: &self.operator.key,
            outage: signs.outage,
            can_answer: !signs.pages_down,
            by: caller.by.clone(),
            via: &caller.via,
            comment: caller.comment.as_deref(),
        }
    }

    /// The charters that this process changes from now on, each as soon as it is committed. Others may change them, too.
    pub fn changes(&self) -> broadcast::Receiver<CharterId> {
        self.changes.subscribe()
    }

    fn tell_of(&self, id: &CharterId) {
        // Nobody has to listen.
        let _ = self.changes.send(id.clone());
    }

    /// Begins nothing more: a mail that waits for its turn is left to the next start.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether [`App::stop`] was called.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until [`App::stop`].
    pub async fn stopped(&self) {
        // The sender lives as long as the app, so there is no other end of it.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Something was left in the outbox: whoever waits for that looks at once.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until a commit of this process has left something in the outbox.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }
}
