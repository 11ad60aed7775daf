//! Which mails of a month are to go out, and what becomes of them.
//!
//! Each mail has a row that says how it stands ([`Delivery`]), written in the commit of its outbox row. So asked to send a
//! second time, nothing is sent twice. A mail of which nobody knows whether it has left is not repeated by itself, as
//! questions to crew are: what would arrive twice is money. A person finds out, and says so.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Month};
use crewcall_dispatch::statement::{Approval, BookFact, Books, Reader, Statement};

use super::StatementError;
use super::books::told;
use super::month::{MonthView, approved, deliveries, month, one};
use super::records::{Delivery, DeliveryState, Place, books_id, delivery_id, event};
use crate::app::{App, Caller, OutboxRow};
use crate::store::{CommitError, Expect, StoreError, Write, read};

/// What a person found out about a mail of which nobody knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// It has arrived.
    Arrived,
    /// It has not: it is sent once more.
    Again,
}

/// What the outbox is to send.
pub(crate) enum Mailing {
    /// Somebody's own statement; there is none only if the store has lost it.
    Crew { crew_id: CrewId, statement: Option<Statement>, approval: Approval },
    /// The month to the owner.
    Owner(MonthView),
    /// The summary to the office.
    Office(MonthView),
}

/// Asks for every mail of an approved month that has not left yet, or of one person's alone; those who have theirs, or may
/// have it, get none. Says which are on their way by that.
///
/// # Errors
/// A month that is not approved, somebody without a statement, a failing store.
pub async fn send(
    app: &App,
    of: Month,
    only: Option<&CrewId>,
    caller: &Caller,
) -> Result<Vec<Delivery>, StatementError> {
    let view = month(app, of).await?;
    if !view.is_approved() {
        return Err(StatementError::NotApproved(of));
    }
    let mut asked = Vec::new();
    for reader in readers(app, &view, only)? {
        if let Some(delivery) = queue(app, of, &reader, caller, DeliveryState::may_be_sent).await? {
            asked.push(delivery);
        }
    }
    if !asked.is_empty() {
        app.wake();
    }
    Ok(asked)
}

/// Whose mails [`send`] would ask for now; nobody's before the month is approved.
pub fn unsent(app: &App, view: &MonthView) -> Vec<Reader> {
    if !view.is_approved() {
        return Vec::new();
    }
    let waits = |reader: &Reader| view.delivery(reader).is_none_or(|delivery| delivery.state.may_be_sent());
    everyone(app, view).filter(waits).collect()
}

/// What of an approved month has not reached its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// The month.
    pub month: Month,
    /// Mails that nobody asked for yet, or that did not leave.
    pub unsent: usize,
    /// Mails of which nobody knows whether they have left.
    pub in_doubt: usize,
}

/// Of the months that were approved within a year, those that have not reached everyone.
///
/// # Errors
/// If the store fails.
pub async fn outstanding(app: &App) -> Result<Vec<Outstanding>, StatementError> {
    let (approved, _) = approved(app).await?;
    let this = Month::of(app.operator.zone.to_datetime(app.clock.now()).date());
    let months = approved.range(this.plus(-limits::STATEMENT_MONTHS_BACK)..);
    let mut found = Vec::new();
    for month in months.copied() {
        let Some(kept) = read::<Books>(&*app.store, &books_id(month)).await? else { continue };
        let people = kept.value.approved.map_or(0, |approval| approval.totals.people as usize);
        let readers = people + 1 + usize::from(app.operator.pay.owner.is_some());
        let mails = deliveries(app, month).await?;
        let count = |is: fn(&DeliveryState) -> bool| mails.iter().filter(|mail| is(&mail.state)).count();
        let refused = count(DeliveryState::may_be_sent);
        let in_doubt = count(|state| matches!(state, DeliveryState::Unknown { .. }));
        let unsent = readers.saturating_sub(mails.len()) + refused;
        if unsent + in_doubt > 0 {
            found.push(Outstanding { month, unsent, in_doubt });
        }
    }
    Ok(found)
}

/// Those who are to have their mail: everyone, or one person alone.
fn readers(app: &App, view: &MonthView, only: Option<&CrewId>) -> Result<Vec<Reader>, StatementError> {
    if let Some(crew_id) = only {
        return match view.draft.of(crew_id) {
            Some(_) => Ok(vec![Reader::Crew(crew_id.clone())]),
            None => Err(StatementError::NoStatement { crew_id: crew_id.clone(), month: view.books.month }),
        };
    }
    Ok(everyone(app, view).collect())
}

/// Everyone who gets a mail of the month.
fn everyone(app: &App, view: &MonthView) -> impl Iterator<Item = Reader> {
    let crew = view.draft.statements.iter().map(|statement| Reader::Crew(statement.crew_id.clone()));
    let owner = app.operator.pay.owner.as_ref().map(|_| Reader::Owner);
    crew.chain(owner).chain([Reader::Office])
}

/// Says of a mail of which nobody knew whether it has left.
///
/// # Errors
/// A mail that is not in doubt, or a failing store.
pub async fn settle(
    app: &App,
    of: Month,
    reader: &Reader,
    how: Settling,
    caller: &Caller,
) -> Result<(), StatementError> {
    let kept = read::<Delivery>(&*app.store, &delivery_id(of, reader)).await?;
    let state = kept.as_ref().map(|kept| &kept.value.state);
    let doubt = |state: String| StatementError::NotInDoubt { reader: reader.clone(), month: of, state };
    let kept = match (&state, how) {
        (Some(DeliveryState::Unknown { .. }), Settling::Again) => {
            queue(app, of, reader, caller, |state| matches!(state, DeliveryState::Unknown { .. })).await?;
            app.wake();
            return Ok(());
        }
        (Some(DeliveryState::Unknown { .. }), Settling::Arrived) => kept,
        // Said twice.
        (Some(DeliveryState::Arrived), Settling::Arrived) => return Ok(()),
        (Some(state), _) => return Err(doubt(state.to_string())),
        (None, _) => return Err(doubt("it was not asked for".into())),
    };
    let Some(kept) = kept else { return Ok(()) };
    let fact = BookFact::Arrived { reader: reader.clone() };
    let delivery = Delivery { state: DeliveryState::Arrived, at: app.clock.now(), ..kept.value.clone() };
    let writes = vec![
        Write::put(&delivery, kept.expected())?,
        event(told(app, of, caller, fact), Place::Mail { reader, attempt: delivery.attempt })?,
    ];
    Ok(app.store.commit(writes).await.map_err(crate::app::AppError::from)?)
}

/// Writes the row of the mail and that of the outbox in one commit. `None` if it is on its way already, or was sent.
async fn queue(
    app: &App,
    of: Month,
    reader: &Reader,
    caller: &Caller,
    again: impl Fn(&DeliveryState) -> bool,
) -> Result<Option<Delivery>, StatementError> {
    let kept = read::<Delivery>(&*app.store, &delivery_id(of, reader)).await?;
    let (expected, attempt) = match &kept {
        None => (Expect::Absent, 1),
        Some(kept) if again(&kept.value.state) => (kept.expected(), kept.value.attempt + 1),
        Some(_) => return Ok(None),
    };
    let now = app.clock.now();
    let delivery =
        Delivery { month: of, reader: reader.clone(), state: DeliveryState::Queued, at: now, attempt };
    let row = OutboxRow::statement(outbox_key(&delivery), of, reader.clone(), now);
    let fact = BookFact::SendAsked { reader: reader.clone() };
    let writes = vec![
        Write::put(&delivery, expected)?,
        Write::put(&row, Expect::Absent)?,
        event(told(app, of, caller, fact), Place::Mail { reader, attempt: delivery.attempt })?,
    ];
    match app.store.commit(writes).await {
        Ok(()) => Ok(Some(delivery)),
        // Somebody else was faster, and it is on its way by that.
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// The key of the outbox row of a mail: the same for the same try.
pub fn outbox_key(delivery: &Delivery) -> String {
    let Delivery { month, reader, attempt, .. } = delivery;
    format!("statement/{month}/{reader}/{attempt}")
}

/// What a row of the outbox is to send. `None` if it is not to be sent any more.
pub(crate) async fn mailing(
    app: &App,
    of: Month,
    reader: &Reader,
) -> Result<Option<Mailing>, StatementError> {
    let delivery = read::<Delivery>(&*app.store, &delivery_id(of, reader)).await?;
    if delivery.is_none_or(|kept| kept.value.state != DeliveryState::Queued) {
        return Ok(None);
    }
    Ok(Some(match reader {
        Reader::Crew(crew_id) => {
            let (statement, approval) = one(app, of, crew_id).await?;
            Mailing::Crew { crew_id: crew_id.clone(), statement, approval }
        }
        Reader::Owner => Mailing::Owner(month(app, of).await?),
        Reader::Office => Mailing::Office(month(app, of).await?),
    }))
}

/// What became of a mail, as the writes of the commit that removes its outbox row.
pub(crate) async fn settled(
    app: &App,
    of: Month,
    reader: &Reader,
    state: DeliveryState,
) -> Result<Vec<Write>, StoreError> {
    let Some(kept) = read::<Delivery>(&*app.store, &delivery_id(of, reader)).await? else {
        return Ok(Vec::new());
    };
    let reader = reader.clone();
    let fact = match &state {
        DeliveryState::Sent { to } => BookFact::Sent { reader, to: to.clone() },
        DeliveryState::Unknown { why } => BookFact::Unknown { reader, why: why.clone() },
        DeliveryState::Refused { why } => BookFact::Refused { reader, why: why.clone() },
        DeliveryState::Queued | DeliveryState::Arrived => return Ok(Vec::new()),
    };
    let delivery = Delivery { state, at: app.clock.now(), ..kept.value.clone() };
    let place = Place::Mail { reader: &kept.value.reader, attempt: kept.value.attempt };
    Ok(vec![Write::put(&delivery, kept.expected())?, event(told(app, of, &Caller::tick(), fact), place)?])
}
