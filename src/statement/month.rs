//! A month as it stands.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Month};
use crewcall_dispatch::statement::{BookEvent, Books, Draft, Material, Paid, Sailing, draft};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::StatementError;
use super::records::{
    BOOKS, Delivery, EVENTS, Kept, KeptAccounts, KeptEvent, accounts_id, books_id, deliveries_under, kept_id,
    kept_under,
};
use crate::app::App;
use crate::aside::aside;
use crate::store::{Expect, Query, Store, StoreError, Table, Versioned, list_all, read, read_many};

/// Rows that are read at one go.
const AT_ONCE: usize = 100;

/// A month as it stands.
#[derive(Debug, Clone)]
pub struct MonthView {
    /// Bonuses, deductions, and whether it is approved.
    pub books: Books,
    /// What the commit that changes the books expects to find.
    pub(super) expected: Expect,
    /// As it would be approved, or as it was.
    pub draft: Draft,
    /// What tells this draft from all others.
    pub digest: String,
    /// How its mails stand.
    pub deliveries: Vec<Delivery>,
    /// All months that were approved.
    pub approved: BTreeSet<Month>,
}

impl MonthView {
    /// When it was drafted or approved: the time stamp of its files.
    pub fn at(&self, now: Timestamp) -> Timestamp {
        self.books.approved.as_ref().map_or(now, |approval| approval.at)
    }

    /// Whether it is locked.
    pub fn is_approved(&self) -> bool {
        self.books.approved.is_some()
    }
}

/// A month as it stands: drafted from what is known now, or as it was approved.
///
/// # Errors
/// If the store fails, or does not have all of what was approved.
pub async fn month(app: &App, month: Month) -> Result<MonthView, StatementError> {
    let store = &*app.store;
    let kept = read::<Books>(store, &books_id(month)).await?;
    let expected = kept.as_ref().map_or(Expect::Absent, Versioned::expected);
    let books = kept.map_or_else(|| Books::new(month), |kept| kept.value);
    let all = list_all::<Books>(store, Query::new(Table::Service, BOOKS, AT_ONCE)).await?;
    let months: BTreeMap<Month, Books> = all.into_iter().map(|books| (books.month, books)).collect();
    let mut approved: BTreeSet<Month> =
        months.values().filter(|books| books.approved.is_some()).map(|books| books.month).collect();
    let draft = match &books.approved {
        Some(approval) => {
            approved.insert(month);
            as_approved(store, month, &approval.digest, approval.totals.people).await?
        }
        None => drafted(app, &books, &months).await?,
    };
    let deliveries = list_all(store, Query::new(Table::Service, deliveries_under(month), AT_ONCE)).await?;
    let digest = match &books.approved {
        Some(approval) => approval.digest.clone(),
        None => digest(&draft)?,
    };
    Ok(MonthView { books, expected, draft, digest, deliveries, approved })
}

/// An approved month, as far as one person's statement goes: a mail needs no more.
pub(super) async fn one(app: &App, month: Month, crew_id: &CrewId) -> Result<MonthView, StatementError> {
    let store = &*app.store;
    let kept = read::<Books>(store, &books_id(month)).await?.ok_or(StatementError::NotApproved(month))?;
    let (expected, books) = (kept.expected(), kept.value);
    let approval = books.approved.as_ref().ok_or(StatementError::NotApproved(month))?;
    let digest = approval.digest.clone();
    let statement = read::<Kept>(store, &kept_id(month, crew_id)).await?;
    let statements = statement.filter(|kept| kept.value.digest == digest).map(|kept| kept.value.statement);
    let draft = Draft {
        month,
        statements: statements.into_iter().collect(),
        accounts: Vec::new(),
        still_open: Vec::new(),
        last_month: None,
    };
    let approved = BTreeSet::from([month]);
    Ok(MonthView { books, expected, draft, digest, deliveries: Vec::new(), approved })
}

/// What happened to a month, the oldest first.
///
/// # Errors
/// If the store fails.
pub async fn history(store: &dyn Store, month: Month) -> Result<Vec<BookEvent>, StoreError> {
    let query = Query::new(Table::Event, EVENTS, AT_ONCE);
    let rows = list_all::<KeptEvent>(store, query.from(format!("{month}/")).to(format!("{month}0"))).await?;
    Ok(rows.into_iter().map(|row| row.event).collect())
}

/// What tells one draft from another.
fn digest(draft: &Draft) -> Result<String, StoreError> {
    let json = serde_json::to_vec(draft).map_err(|error| StoreError::corrupt("a draft", error))?;
    Ok(HEXLOWER.encode(&Sha256::digest(json)[..16]))
}

async fn drafted(app: &App, books: &Books, months: &BTreeMap<Month, Books>) -> Result<Draft, StatementError> {
    let store = &*app.store;
    let month = books.month;
    let first = month.plus(-limits::STATEMENT_MONTHS_BACK).min(Month::of(first_of_year(month)));
    let mut paid = Paid::default();
    for (known, books) in months.range(first..) {
        let Some(approval) = books.approved.as_ref().filter(|_| *known != month) else { continue };
        for statement in statements(store, *known, &approval.digest, approval.totals.people).await? {
            paid.add(&statement);
        }
        paid.approved(*known);
    }
    let sailings = sailings(app, paid.looked_at_from(month), month).await?;
    let names = names(app, books, &sailings).await?;
    let last_month = months.get(&month.plus(-1)).and_then(|books| books.approved.as_ref());
    let material = Material {
        books,
        rules: &app.operator.pay.rules,
        sailings: &sailings,
        paid: &paid,
        last_month: last_month.map(|approval| approval.totals),
        names: &names,
        zone: &app.operator.zone,
        now: app.clock.now(),
    };
    Ok(aside(|| draft(material)))
}

fn first_of_year(month: Month) -> Date {
    Date::constant(month.year(), 1, 1)
}

/// The charters that depart in these months, each with its history.
async fn sailings(app: &App, first: Month, last: Month) -> Result<Vec<Sailing>, StatementError> {
    let midnight = |date: Date| -> Timestamp {
        // Where the clocks leave midnight out, what comes after it; of two midnights the first.
        let zoned = app.operator.zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible();
        zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    };
    let states = app.charters_between(midnight(first.first()), midnight(last.plus(1).first())).await?;
    let mut sailings = Vec::with_capacity(states.len());
    for state in states {
        let sailed = state.call.is_some() || !state.offers.is_empty();
        let events = if sailed { app.audit(&state.charter.charter_id).await? } else { Vec::new() };
        sailings.push(Sailing::new(state, &events));
    }
    Ok(sailings)
}

/// What everyone is called who may have a statement.
async fn names(
    app: &App,
    books: &Books,
    sailings: &[Sailing],
) -> Result<BTreeMap<CrewId, String>, StatementError> {
    let of_charter = |state: &CharterState| -> Vec<CrewId> {
        state.offers.iter().map(|offer| offer.crew_id.clone()).collect()
    };
    let mut ids: BTreeSet<CrewId> = sailings.iter().flat_map(|sailing| of_charter(&sailing.state)).collect();
    ids.extend(books.entries.iter().map(|entry| entry.crew_id.clone()));
    let ids: Vec<CrewId> = ids.into_iter().collect();
    let names = app.crew_names(&ids).await?;
    Ok(ids.into_iter().map(|id| (id.clone(), names.get(&id).to_owned())).collect())
}

async fn as_approved(
    store: &dyn Store,
    month: Month,
    digest: &str,
    people: u32,
) -> Result<Draft, StatementError> {
    let mut statements = statements(store, month, digest, people).await?;
    statements.sort_by(|one, other| (&one.name, &one.crew_id).cmp(&(&other.name, &other.crew_id)));
    let mut draft =
        Draft { month, statements, accounts: Vec::new(), still_open: Vec::new(), last_month: None };
    let first =
        read_many::<KeptAccounts>(store, &[accounts_id(month, 0)]).await?.into_iter().flatten().next();
    let first = first.filter(|first| first.value.digest == digest);
    let first = first.ok_or(StatementError::NotAllThere(month))?.value;
    let rest: Vec<String> = (1..first.of).map(|part| accounts_id(month, part)).collect();
    let rest = read_many::<KeptAccounts>(store, &rest).await?;
    draft.accounts = first.accounts;
    draft.still_open = first.still_open;
    draft.last_month = first.last_month;
    for part in rest {
        let part = part.filter(|part| part.value.digest == digest);
        draft.accounts.extend(part.ok_or(StatementError::NotAllThere(month))?.value.accounts);
    }
    Ok(draft)
}

/// The statements of a month that was approved. Where an index trails behind, they may not all be there at once.
async fn statements(
    store: &dyn Store,
    month: Month,
    digest: &str,
    people: u32,
) -> Result<Vec<crewcall_dispatch::statement::Statement>, StatementError> {
    let kept = list_all::<Kept>(store, Query::new(Table::Service, kept_under(month), AT_ONCE)).await?;
    let approved: Vec<_> =
        kept.into_iter().filter(|kept| kept.digest == digest).map(|kept| kept.statement).collect();
    if approved.len() == people as usize { Ok(approved) } else { Err(StatementError::NotAllThere(month)) }
}
