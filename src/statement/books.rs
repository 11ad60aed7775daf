//! Bonuses, deductions and the approval of a month.

use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, CrewId, Month};
use crewcall_dispatch::statement::{Approval, BookEvent, BookFact, BookRejection, Books};

use super::StatementError;
use super::month::{MonthView, approved, month};
use super::records::{APPROVED, ApprovedMonths, Kept, KeptAccount, KeptAccounts, Place, books_id, event};
use crate::app::{App, Caller, Once};
use crate::store::{BODY_BYTES, COMMIT_BYTES, CommitError, Expect, Versioned, Write, read};

/// Bytes of accounts in one row.
const PART_BYTES: usize = BODY_BYTES / 2;
/// Rows in one commit of an approval.
const ROWS_IN_A_COMMIT: usize = 50;

/// Gives somebody a bonus or, below nothing, takes something off. A form that is sent again under its mark does nothing.
///
/// # Errors
/// A month that is locked, somebody who is not on the roster, or a failing store.
pub async fn enter(
    app: &App,
    month: Month,
    crew_id: &CrewId,
    amount: Amount,
    reason: String,
    caller: &Caller,
    once: Option<&Once>,
) -> Result<Books, StatementError> {
    if app.member(crew_id).await?.is_none() {
        return Err(StatementError::NotOnRoster(crew_id.clone()));
    }
    let now = app.clock.now();
    change(app, month, caller, once, |books| {
        books.enter(crew_id.clone(), amount, reason.clone(), name(caller), now).map(Some)
    })
    .await
}

/// Takes a bonus or deduction back; one that was taken back already stays so.
///
/// # Errors
/// A month that is locked, a number that never was one, or a failing store.
pub async fn take_back(app: &App, month: Month, no: u32, caller: &Caller) -> Result<Books, StatementError> {
    change(app, month, caller, None, |books| books.take_back(no)).await
}

async fn change(
    app: &App,
    month: Month,
    caller: &Caller,
    once: Option<&Once>,
    decide: impl Fn(&Books) -> Result<Option<BookFact>, BookRejection>,
) -> Result<Books, StatementError> {
    for _ in 0..limits::COMMIT_ATTEMPTS {
        let kept = read::<Books>(&*app.store, &books_id(month)).await?;
        let expected = kept.as_ref().map_or(Expect::Absent, Versioned::expected);
        let mut books = kept.map_or_else(|| Books::new(month), |kept| kept.value);
        if let Some(once) = once
            && app.was_carried_out(once).await?
        {
            return Ok(books);
        }
        let (approved, approved_expected) = approved(&*app.store).await?;
        if let Some(last) = approved.last().copied().filter(|last| *last >= month && books.approved.is_none())
        {
            return Err(BookRejection::Over { month, last }.into());
        }
        let Some(fact) = decide(&books)? else { return Ok(books) };
        books.apply(&fact);
        let mut writes = vec![
            Write::put(&books, expected)?,
            event(told(app, month, caller, fact), Place::Books { number: books.facts })?,
        ];
        // Should a later month be approved at this moment, the entry would be in one that never is.
        writes.push(Write::check::<ApprovedMonths>(APPROVED, approved_expected));
        writes.extend(once.map(|once| Write::put(once, Expect::Absent)).transpose()?);
        match app.store.commit(writes).await {
            Ok(()) => return Ok(books),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(StatementError::Contended(month))
}

/// Approves a month as it stands, or as it was looked at: `seen` is the digest of that. Approved twice, it stays as it was.
///
/// First all of it is written, in as many commits as it takes; one last commit makes it count. So a month is approved whole
/// or not at all.
///
/// # Errors
/// A month that is not over, or is approved out of turn; another draft than was seen; a failing store.
pub async fn approve(
    app: &App,
    of: Month,
    seen: Option<&str>,
    caller: &Caller,
) -> Result<MonthView, StatementError> {
    let view = month(app, of).await?;
    if view.is_approved() {
        return match seen {
            Some(seen) if seen != view.digest => Err(StatementError::Changed(of)),
            _ => Ok(view),
        };
    }
    is_its_turn(app, &view).await?;
    if seen.is_some_and(|seen| seen != view.digest) {
        return Err(StatementError::Changed(of));
    }
    let digest = view.digest.clone();
    for rows in batches(rows(&view)?) {
        commit(app, of, rows).await?;
    }
    let approval = Approval { at: app.clock.now(), by: name(caller), digest, totals: view.draft.totals() };
    let fact = BookFact::Approved { approval };
    let mut books = view.books.clone();
    books.apply(&fact);
    let told = event(told(app, of, caller, fact), Place::Books { number: books.facts })?;
    let mut months = view.approved.clone();
    months.insert(of);
    let approved = Write::put(&ApprovedMonths { months }, view.approved_expected)?;
    commit(app, of, vec![Write::put(&books, view.expected)?, told, approved]).await?;
    month(app, of).await
}

async fn commit(app: &App, month: Month, writes: Vec<Write>) -> Result<(), StatementError> {
    match app.store.commit(writes).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(StatementError::Changed(month)),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Whether a month can be approved now: it is over, and those before it are done with.
async fn is_its_turn(app: &App, view: &MonthView) -> Result<(), StatementError> {
    let (of, zone) = (view.books.month, &app.operator.zone);
    let now = app.clock.now();
    if Month::of(zone.to_datetime(now).date()) <= of {
        let until = of.plus(1).first().strftime("%-d %B %Y").to_string();
        return Err(StatementError::NotOver { month: of, until });
    }
    let Some(last) = view.approved.last().copied() else { return Ok(()) };
    if last > of {
        return Err(StatementError::LaterApproved { month: of, later: last });
    }
    let mut before = last.plus(1);
    while before < of {
        let between = month(app, before).await?.draft;
        if !between.statements.is_empty() || between.open().any(|account| Month::of(account.date) == before) {
            return Err(StatementError::EarlierOpen { before });
        }
        before = before.plus(1);
    }
    Ok(())
}

/// All rows of an approved month but its books.
fn rows(view: &MonthView) -> Result<Vec<Write>, StatementError> {
    let (draft, digest) = (&view.draft, &view.digest);
    let mut rows = Vec::new();
    for statement in &draft.statements {
        let kept = Kept { digest: digest.clone(), statement: statement.clone() };
        // Written once more it is the same: its id has the digest.
        let row = Write::put(&kept, Expect::Any)?;
        let lines = statement.lines.len() + statement.adjustments.len();
        if lines > limits::STATEMENT_LINES || bytes(&row) > BODY_BYTES {
            return Err(StatementError::TooLong { crew_id: statement.crew_id.clone(), lines });
        }
        rows.push(row);
    }
    let sailed = draft.accounts.iter().cloned().map(KeptAccount::Sailed);
    let still_open = draft.still_open.iter().cloned().map(KeptAccount::StillOpen);
    let changed = draft.changed.iter().cloned().map(KeptAccount::Changed);
    let parts = parts(sailed.chain(still_open).chain(changed));
    let of = parts.len() as u32;
    for (part, accounts) in (0..).zip(parts) {
        let last_month = draft.last_month.filter(|_| part == 0);
        let kept =
            KeptAccounts { digest: digest.clone(), month: draft.month, part, of, accounts, last_month };
        rows.push(Write::put(&kept, Expect::Any)?);
    }
    Ok(rows)
}

/// As many in a part as have room; there is always one.
fn parts(accounts: impl Iterator<Item = KeptAccount>) -> Vec<Vec<KeptAccount>> {
    let mut parts = vec![(0, Vec::new())];
    for account in accounts {
        let bytes = serde_json::to_string(&account).map_or(0, |json| json.len());
        match parts.last_mut() {
            Some((filled, part)) if *filled + bytes <= PART_BYTES => {
                *filled += bytes;
                part.push(account);
            }
            _ => parts.push((bytes, vec![account])),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

fn bytes(row: &Write) -> usize {
    if let Write::Put { body, .. } = row { body.len() } else { 0 }
}

fn batches(rows: Vec<Write>) -> Vec<Vec<Write>> {
    let mut batches: Vec<(usize, Vec<Write>)> = Vec::new();
    for row in rows {
        let bytes = bytes(&row);
        match batches.last_mut() {
            Some((filled, rows)) if rows.len() < ROWS_IN_A_COMMIT && *filled + bytes <= COMMIT_BYTES => {
                *filled += bytes;
                rows.push(row);
            }
            _ => batches.push((bytes, vec![row])),
        }
    }
    batches.into_iter().map(|(_, rows)| rows).collect()
}

pub(super) fn told(app: &App, month: Month, caller: &Caller, fact: BookFact) -> BookEvent {
    BookEvent { month, at: app.clock.now(), by: caller.by.clone(), via: caller.via.clone(), fact }
}

/// Who does it, by name.
fn name(caller: &Caller) -> String {
    match &caller.by {
        Actor::Office(name) => name.clone(),
        Actor::Crew(crew_id) => crew_id.to_string(),
        Actor::Crewcall => "crewcall".to_owned(),
    }
}
