//! Bonuses, deductions and the approval of a month.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, CrewId, Month};
use crewcall_dispatch::statement::{
    Approval, BookEvent, BookFact, BookRejection, Books, Remark, may_be_given,
};

use super::StatementError;
use super::month::{MonthView, approved, month};
use super::records::{APPROVED, ApprovedMonths, Kept, KeptAccount, KeptAccounts, Place, books_id, event};
use crate::app::{App, Caller, Once};
use crate::store::{BODY_BYTES, COMMIT_BYTES, CommitError, Expect, Versioned, Write, read, read_many};

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
    let this = Month::of(app.operator.zone.to_datetime(now).date());
    change(app, month, caller, once, |books, approved| {
        may_be_given(approved, month, this)?;
        books.enter(crew_id.clone(), amount, reason.clone(), name(caller), now).map(Some)
    })
    .await
}

/// Takes a bonus or deduction back; one that was taken back already stays so.
///
/// # Errors
/// A month that is locked, a number that never was one, or a failing store.
pub async fn take_back(app: &App, month: Month, no: u32, caller: &Caller) -> Result<Books, StatementError> {
    change(app, month, caller, None, |books, _| books.take_back(no)).await
}

async fn change(
    app: &App,
    month: Month,
    caller: &Caller,
    once: Option<&Once>,
    decide: impl Fn(&Books, &BTreeSet<Month>) -> Result<Option<BookFact>, BookRejection>,
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
        let (approved, approved_expected) = approved(app).await?;
        let Some(fact) = decide(&books, &approved)? else { return Ok(books) };
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
    let before = is_its_turn(app, &view).await?;
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
    let months = ApprovedMonths { months, currency: app.operator.pay.currency.clone() };
    let approved = Write::put(&months, view.approved_expected)?;
    let mut writes = vec![Write::put(&books, view.expected)?, told, approved];
    writes.extend(before);
    match commit(app, of, writes).await {
        Ok(()) => month(app, of).await,
        Err(StatementError::Changed(_)) => {
            let stands = month(app, of).await?;
            // Somebody else may have approved the same at the same moment.
            let same = stands.is_approved() && stands.digest == view.digest;
            if same { Ok(stands) } else { Err(StatementError::Changed(of)) }
        }
        Err(error) => Err(error),
    }
}

async fn commit(app: &App, month: Month, writes: Vec<Write>) -> Result<(), StatementError> {
    match app.store.commit(writes).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => Err(StatementError::Changed(month)),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Whether a month can be approved now: it is over, and those before it are done with. That nothing is given in those until
/// it is approved, the checks see to.
async fn is_its_turn(app: &App, view: &MonthView) -> Result<Vec<Write>, StatementError> {
    let (of, zone) = (view.books.month, &app.operator.zone);
    let now = app.clock.now();
    let this = Month::of(zone.to_datetime(now).date());
    if this <= of {
        let until = of.plus(1).first().strftime("%-d %B %Y").to_string();
        return Err(StatementError::NotOver { month: of, until });
    }
    let Some(last) = view.approved.last().copied() else { return nothing_was_given_before(app, of).await };
    if let Some(first) = view.approved.first().copied().filter(|first| of < *first) {
        return Err(StatementError::PaidElsewhere { month: of, first });
    }
    if last > of {
        return Err(StatementError::LaterApproved { month: of, later: last });
    }
    let mut checks = Vec::new();
    let mut before = last.plus(1);
    while before < of {
        let MonthView { draft, expected, .. } = month(app, before).await?;
        let listed_last = draft.still_open.iter().any(|open| open.remarks.contains(&Remark::ListedLast));
        let is_open = draft.open().any(|account| Month::of(account.date) == before);
        if !draft.statements.is_empty() || is_open || listed_last {
            return Err(StatementError::EarlierOpen { before });
        }
        // Further back nobody can give anything any more.
        if this <= before.plus(limits::STATEMENT_MONTHS_BACK) {
            checks.push(Write::check::<Books>(&books_id(before), expected));
        }
        before = before.plus(1);
    }
    Ok(checks)
}

/// Months before the first that is approved were paid elsewhere, so what is given in them would never be paid.
async fn nothing_was_given_before(app: &App, of: Month) -> Result<Vec<Write>, StatementError> {
    let before: Vec<Month> = (1..=limits::STATEMENT_MONTHS_BACK).map(|back| of.plus(-back)).collect();
    let ids: Vec<String> = before.iter().map(|month| books_id(*month)).collect();
    let books = read_many::<Books>(&*app.store, &ids).await?;
    let expected = books.iter().map(|kept| kept.as_ref().map_or(Expect::Absent, Versioned::expected));
    let checks = ids.iter().zip(expected).map(|(id, expected)| Write::check::<Books>(id, expected)).collect();
    let given = before
        .iter()
        .zip(books)
        .find(|(_, kept)| kept.as_ref().is_some_and(|kept| !kept.value.entries.is_empty()));
    given.map_or(Ok(checks), |(before, _)| Err(StatementError::GivenBefore { before: *before }))
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
    let mut people: Vec<CrewId> = draft.statements.iter().map(|one| one.crew_id.clone()).collect();
    for (part, accounts) in (0..).zip(parts) {
        let last_month = draft.last_month.filter(|_| part == 0);
        let (digest, month) = (digest.clone(), draft.month);
        // All of them in the first part.
        let people = std::mem::take(&mut people);
        let kept = KeptAccounts { digest, month, part, of, accounts, people, last_month };
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
