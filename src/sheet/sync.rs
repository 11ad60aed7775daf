//! One round.
//!
//! 1. Read what is remembered, the sheet (one call), and what the store has.
//! 2. What an earlier batch wrote over, whose answer never came, is in its copies: take note of it.
//! 3. Plan. Where there is nothing to do, that is all.
//! 4. Claim: one commit, under the version that was read, says that somebody is at it. Of two processes one goes on.
//! 5. The store takes over what people wrote.
//! 6. Remember that, together with the batch that is about to leave.
//! 7. Write into the sheet (one call, which copies what stood there first), and take note of what that wrote over.
//! 8. Take the copies of a large batch away (one call).
//!
//! If the process dies anywhere, the next round finds in the sheet, in the copies and in the store what was done. While it is
//! open whether a batch is carried out yet, no other one leaves.

use std::sync::Arc;

use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::{Batch, Book, Memory, Overwrote, Plan, Reading, plan};
use jiff::{SignedDuration, Timestamp};

use super::events;
use super::gather::Gathered;
use super::outstanding::Outstanding;
use super::state::{Remembered, SheetState};
use super::take::{NotTaken, TakeError, take};
use crate::app::{App, AppError};
use crate::google::{Google, Opened, Sheets, SheetsError, WriteError};
use crate::random;
use crate::store::StoreError;

/// For how long a process may be at it before another one takes over: longer than two calls wait for their answers.
const BUSY: SignedDuration = SignedDuration::from_mins(5);
/// So long after it was sent, a batch without an answer counts as never carried out.
const OPEN: SignedDuration = SignedDuration::from_mins(5);
/// The same where the answer was a failure: whoever gave it may only be in between, and a reading may be a little old.
const ANSWERED: SignedDuration = SignedDuration::from_secs(30);
/// Attempts at a round while others write the same; each costs a call, and the next round comes soon.
const ATTEMPTS: usize = 3;
/// Rounds after each other at the most, where each finds what the one before wrote over.
const ROUNDS: usize = 3;
/// From so many copied cells on, the copies are taken away at once.
const MANY_CELLS: usize = 5_000;

/// A spreadsheet and the store that it belongs to.
#[derive(Clone)]
pub struct Sync {
    /// The store's side.
    pub app: Arc<App>,
    /// The sheet's.
    pub google: Google,
    /// Which spreadsheet.
    pub spreadsheet_id: String,
}

/// What a round did.
#[derive(Debug)]
pub struct Round {
    /// What the spreadsheet is called.
    pub title: String,
    /// The sheet as it was read.
    pub book: Book,
    /// What was planned.
    pub plan: Plan,
    /// What was written over that nobody had read.
    pub overwrote: Vec<Overwrote>,
    /// What a record could not take.
    pub not_taken: NotTaken,
    /// Whether the tabs that are left alone were so in the round before.
    pub known_stops: bool,
    /// What has to wait, if anything has.
    pub waits: Option<Waits>,
}

/// What a round is about to do.
struct Planned {
    /// What is remembered then.
    state: SheetState,
    memory: Memory,
    batch: Option<Batch>,
    /// An earlier batch that is found to be carried out, and what it wrote over.
    found: Option<(Batch, Vec<Overwrote>)>,
}

/// Why something that was planned has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Another process is at it.
    Busy,
    /// It is open what became of the last batch.
    Open,
    /// It is more than Google takes at once: the next round goes on.
    Room,
}

/// Why a round came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Google did not answer, or with a no.
    #[error(transparent)]
    Sheets(#[from] SheetsError),
    /// Whether the sheet was written shows the next round.
    #[error("{0}; the next round finds out")]
    Unknown(String),
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for SyncError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl Round {
    /// What this one and the next one did together.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let mut plan = next.plan;
        plan.changes = [self.plan.changes, plan.changes].concat();
        plan.edits = [self.plan.edits, plan.edits].concat();
        let overwrote = [self.overwrote, next.overwrote].concat();
        Self { plan, overwrote, ..next }
    }
}

impl Sync {
    /// Reads both sides and plans. Changes nothing.
    ///
    /// # Errors
    /// If Google or the store fails.
    pub async fn look(&self) -> Result<(Opened, Plan), SyncError> {
        let now = self.app.clock.now();
        let remembered = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
        let opened = self.open(&remembered.memory).await?;
        let gathered = Gathered::from(&self.app, now).await?;
        let known = gathered.known(&self.app, &remembered.memory);
        let plan = plan(&opened.book, &known, &gathered.sides(&self.app), &remembered.memory, now);
        Ok((opened, plan))
    }

    async fn open(&self, memory: &Memory) -> Result<Opened, SheetsError> {
        Sheets(&self.google).open(&self.spreadsheet_id, !memory.answers.colours.is_empty()).await
    }

    /// One round, and further ones where it finds that it wrote over something.
    ///
    /// # Errors
    /// If Google or the store fails. What was done stays done, and the next round goes on from there.
    pub async fn sync(&self) -> Result<Round, SyncError> {
        let mut round = self.round().await?;
        for _ in 1..ROUNDS {
            if round.overwrote.is_empty() {
                break;
            }
            let next = self.round().await?;
            let found = next.overwrote.len();
            round = round.then(next);
            if found == 0 {
                break;
            }
        }
        Ok(round)
    }

    async fn round(&self) -> Result<Round, SyncError> {
        for _ in 0..ATTEMPTS {
            if let Some(round) = self.attempt().await? {
                return Ok(round);
            }
            tokio::task::yield_now().await;
        }
        Err(SyncError::Unknown("others change the roster all the time".into()))
    }

    /// `None` if somebody was faster.
    async fn attempt(&self) -> Result<Option<Round>, SyncError> {
        let now = self.app.clock.now();
        let remembered = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
        let opened = self.open(&remembered.memory).await?;
        let gathered = Gathered::from(&self.app, now).await?;
        let mut state = remembered.state.clone();
        let mut memory = remembered.memory.clone();
        let (found, open) = self.find_outstanding(&mut state, &mut memory, &opened, &gathered, now);
        // Nothing that a batch is found to have done changes answers, or what tabs are.
        let known = gathered.known(&self.app, &remembered.memory);
        let plan = plan(&opened.book, &known, &gathered.sides(&self.app), &memory, now);
        memory = plan.memory.clone();
        let room = limits::SHEET_REQUEST_BYTES;
        let batch = Batch::of(random::token::<10>()?, &plan, &opened.book, room).filter(|_| !open);
        let mut round = Round {
            title: opened.title.clone(),
            book: opened.book.clone(),
            plan,
            overwrote: Vec::new(),
            not_taken: Vec::new(),
            known_stops: false,
            waits: None,
        };
        round.known_stops = remembered.state.last.are_stops(&round.plan.stops);
        if open && !round.plan.edits.is_empty() {
            round.waits = Some(Waits::Open);
        }
        if let Some(batch) = &batch {
            round.waits = (batch.edits.len() < round.plan.edits.len()).then_some(Waits::Room);
            round.plan.edits.clone_from(&batch.edits);
        }
        if round.plan.changes.is_empty() {
            state.last = state.last.of(&round.title, &round.plan.asks, &[], &round.plan.stops, now);
            if batch.is_none() && remembered.is(&state, &memory) {
                return Ok(Some(round));
            }
        }
        if state.busy_until.is_some_and(|until| until > now) {
            round.waits = Some(Waits::Busy);
            return Ok(Some(round));
        }
        // What is remembered is what was, until the store has taken over what people wrote; but what both sides changed
        // would not be seen any more once it has.
        let claimed =
            SheetState { busy_until: Some(self.app.clock.now() + BUSY), ..remembered.state.clone() };
        let conflicts = memory.conflicts.clone();
        let claim = Memory { conflicts, ..remembered.memory.clone() };
        let Some(remembered) = self.keep(&remembered, claimed, &claim).await? else { return Ok(None) };
        let planned = Planned { state, memory, batch, found };
        let done = self.carry_out(&remembered, planned, &opened, &mut round).await;
        match done {
            Ok(true) => Ok(Some(round)),
            Ok(false) => {
                self.let_go(&remembered).await?;
                Ok(None)
            }
            Err(error) => {
                // If the store fails here, too, it is free again when the time is over.
                let _ = self.let_go(&remembered).await;
                Err(error)
            }
        }
    }

    /// Does what was planned, in a row that is claimed. `false` if it has to be planned anew.
    async fn carry_out(
        &self,
        claimed: &Remembered,
        planned: Planned,
        opened: &Opened,
        round: &mut Round,
    ) -> Result<bool, SyncError> {
        let Planned { mut state, mut memory, batch, found } = planned;
        let now = self.app.clock.now();
        match take(&self.app, &round.plan.changes).await {
            Ok(not_taken) => round.not_taken = not_taken,
            // Of what takes several commits, some may be done: that is found on both sides then.
            Err(TakeError::Changed) => return Ok(false),
            Err(TakeError::App(error)) => return Err(error.into()),
        }
        for (person, _) in &round.not_taken {
            // Neither side has it: it is looked at again in the next round.
            restore(&mut memory, &claimed.memory, person);
        }
        let plan = &round.plan;
        state.last = state.last.of(&round.title, &plan.asks, &round.not_taken, &plan.stops, now);
        let mut events = events::taken(&round.plan.changes, &round.not_taken, now);
        events.extend(events::agreed(&round.plan.agreed, now));
        if let Some((batch, overwrote)) = found {
            events.extend(events::written(&batch, &opened.book, now));
            events.extend(overwrote.iter().map(|over| events::overwrote(over, &opened.book, now)));
            round.overwrote.extend(overwrote);
        }
        let open = state.outstanding.take();
        state.busy_until = batch.as_ref().and(claimed.state.busy_until);
        state.outstanding = batch.as_ref().map_or(open, |batch| Some(Outstanding::new(batch, now)));
        let Some(remembered) = self.keep_claimed(claimed, state, &memory, &events).await? else {
            return Ok(false);
        };
        if let Some(batch) = batch {
            self.write(&remembered, &batch, opened, round).await?;
        }
        Ok(true)
    }

    /// What became of a batch whose answer never came. Gives it with what it wrote over, if it was carried out; and
    /// says whether that is still open.
    fn find_outstanding(
        &self,
        state: &mut SheetState,
        memory: &mut Memory,
        opened: &Opened,
        gathered: &Gathered,
        now: Timestamp,
    ) -> (Option<(Batch, Vec<Overwrote>)>, bool) {
        let Some(outstanding) = &state.outstanding else { return (None, false) };
        let copies = opened.copies.as_ref().filter(|copies| copies.batch == outstanding.batch.id);
        let Some(copies) = copies else {
            let wait = if outstanding.open { OPEN } else { ANSWERED };
            let open = now.duration_since(outstanding.sent_at) < wait;
            if !open {
                state.outstanding = None;
            }
            return (None, open);
        };
        let reading = {
            let known = gathered.known(&self.app, memory);
            Reading::of(&opened.book, &known)
        };
        let overwrote = outstanding.batch.settle(&copies.rows, &reading, memory);
        let batch = state.outstanding.take().map(|outstanding| outstanding.batch);
        (batch.map(|batch| (batch, overwrote)), false)
    }

    /// Writes a batch that is remembered, and takes note of what that wrote over.
    async fn write(
        &self,
        remembered: &Remembered,
        batch: &Batch,
        opened: &Opened,
        round: &mut Round,
    ) -> Result<(), SyncError> {
        let written = Sheets(&self.google).write(&self.spreadsheet_id, batch, opened).await;
        let now = self.app.clock.now();
        let mut state = SheetState { busy_until: None, outstanding: None, ..remembered.state.clone() };
        let mut memory = remembered.memory.clone();
        let mut events = Vec::new();
        let mut copied = 0;
        let written = match written {
            Ok(copies) => {
                copied = copies.iter().map(Vec::len).sum();
                let overwrote = batch.settle(&copies, &round.plan.reading, &mut memory);
                events = events::written(batch, &opened.book, now);
                events.extend(overwrote.iter().map(|over| events::overwrote(over, &opened.book, now)));
                round.overwrote.extend(overwrote);
                Ok(())
            }
            Err(WriteError::NotDone(error)) => Err(error.into()),
            Err(WriteError::Unknown(said)) => {
                state.outstanding = remembered.state.outstanding.clone().map(Outstanding::answered);
                Err(SyncError::Unknown(said))
            }
            Err(WriteError::Open(said)) => {
                state.outstanding = remembered.state.outstanding.clone();
                Err(SyncError::Unknown(said))
            }
        };
        if copied < MANY_CELLS {
            self.keep_claimed(remembered, state, &memory, &events).await?;
            return written;
        }
        // Nobody needs the copies any more, and every reading would bring them. Until they are away nobody writes: they
        // could be those of another batch.
        let busy = SheetState { busy_until: remembered.state.busy_until, ..state };
        if self.keep_claimed(remembered, busy, &memory, &events).await?.is_some() {
            match Sheets(&self.google).clear_copies(&self.spreadsheet_id, opened).await {
                Ok(()) | Err(WriteError::NotDone(_)) => self.let_go(remembered).await?,
                // They may be cleared yet; until that is over the row stays claimed.
                Err(WriteError::Unknown(said) | WriteError::Open(said)) => {
                    tracing::debug!("the copies stay for now: {said}");
                }
            }
        }
        Ok(())
    }
}

/// Of this person both sides have what they had.
fn restore(memory: &mut Memory, before: &Memory, person: &crewcall_dispatch::model::CrewId) {
    for (id, tab) in &mut memory.tabs {
        let known = before.tabs.get(id).and_then(|tab| tab.people.get(person));
        match known {
            Some(known) => drop(tab.people.insert(person.clone(), known.clone())),
            None => drop(tab.people.remove(person)),
        }
    }
}
