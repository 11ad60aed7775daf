//! A month as it stands.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, Month};
use crewcall_dispatch::statement::{
    Approval, BookEvent, Books, Change, Draft, Material, Paid, Reader, Sailing, Statement, Why, draft,
};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::StatementError;
use super::records::{
    APPROVED, ApprovedMonths, Delivery, EVENTS, Kept, KeptAccount, KeptAccounts, KeptEvent, accounts_id,
    books_id, deliveries_under, kept_id,
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
    /// What the commit of the next approval expects to find of them.
    pub(super) approved_expected: Expect,
}

impl MonthView {
    /// Whether it is locked.
    pub fn is_approved(&self) -> bool {
        self.books.approved.is_some()
    }

    /// How the mail to somebody stands, if it was ever asked for.
    pub fn delivery(&self, reader: &Reader) -> Option<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.reader == *reader)
    }

    /// The month after the last that was approved, if this one is a draft and comes later still: what is owed for months before
    /// both stands in both drafts, and is paid with the first of them that is approved.
    pub fn also_in(&self) -> Option<Month> {
        let next = self.approved.last()?.plus(1);
        let mut adjustments = self.draft.statements.iter().flat_map(|statement| &statement.adjustments);
        let owed = adjustments.any(|one| matches!(one.why, Why::Later { .. } | Why::CarriedOver { .. }));
        (!self.is_approved() && next < self.books.month && owed).then_some(next)
    }
}

/// A month as it stands: drafted from what is known now, or as it was approved.
///
/// # Errors
/// If the store fails, or does not have all of what was approved.
pub async fn month(app: &App, month: Month) -> Result<MonthView, StatementError> {
    let store = &*app.store;
    let (approved, approved_expected) = approved(app).await?;
    let kept = read::<Books>(store, &books_id(month)).await?;
    let expected = kept.as_ref().map_or(Expect::Absent, Versioned::expected);
    let books = kept.map_or_else(|| Books::new(month), |kept| kept.value);
    let (draft, digest) = match &books.approved {
        Some(approval) => (as_approved(store, month, &approval.digest).await?, approval.digest.clone()),
        None => {
            let draft = drafted(app, &books, &approved).await?;
            let digest = digest(&draft)?;
            (draft, digest)
        }
    };
    let deliveries = deliveries(app, month).await?;
    Ok(MonthView { books, expected, draft, digest, deliveries, approved, approved_expected })
}

/// How the mails of a month stand, those that were asked for.
pub(super) async fn deliveries(app: &App, month: Month) -> Result<Vec<Delivery>, StoreError> {
    list_all(&*app.store, Query::new(Table::Service, deliveries_under(month), AT_ONCE)).await
}

/// The months that were approved, and what the commit that approves another one expects to find.
///
/// # Errors
/// If the store fails, or they are in another currency than the settings have by now.
pub(super) async fn approved(app: &App) -> Result<(BTreeSet<Month>, Expect), StatementError> {
    let kept = read::<ApprovedMonths>(&*app.store, APPROVED).await?;
    let expected = kept.as_ref().map_or(Expect::Absent, Versioned::expected);
    let Some(ApprovedMonths { months, currency }) = kept.map(|kept| kept.value) else {
        return Ok((BTreeSet::new(), expected));
    };
    let is = &app.operator.pay.currency;
    if currency != *is {
        return Err(StatementError::OtherCurrency { was: currency, is: is.clone() });
    }
    Ok((months, expected))
}

/// What becomes of what is recorded now of a sail of a month.
///
/// # Errors
/// If the store fails, or amounts were in another currency.
pub async fn change_in(app: &App, of: Month) -> Result<Change, StatementError> {
    let (approved, _) = approved(app).await?;
    Ok(crewcall_dispatch::statement::change_in(&approved, of))
}

/// One person's statement of an approved month, and the approval: a mail needs no more.
pub(super) async fn one(
    app: &App,
    month: Month,
    crew_id: &CrewId,
) -> Result<(Option<Statement>, Approval), StatementError> {
    // Refuses another currency.
    approved(app).await?;
    let kept = read::<Books>(&*app.store, &books_id(month)).await?;
    let approval = kept.and_then(|kept| kept.value.approved).ok_or(StatementError::NotApproved(month))?;
    let kept = read::<Kept>(&*app.store, &kept_id(month, &approval.digest, crew_id)).await?;
    Ok((kept.map(|kept| kept.value.statement), approval))
}

/// What happened to a month: first to its books, in the order in which that counted, then to its mails, by their times.
///
/// # Errors
/// If the store fails.
pub async fn history(store: &dyn Store, month: Month) -> Result<Vec<BookEvent>, StoreError> {
    let query = Query::new(Table::Event, EVENTS, AT_ONCE);
    let rows = list_all::<KeptEvent>(store, query.from(format!("{month}/")).to(format!("{month}0"))).await?;
    let mut events: Vec<BookEvent> = rows.into_iter().map(|row| row.event).collect();
    events.sort_by_key(|event| event.fact.is_of_a_mail().then_some(event.at));
    Ok(events)
}

/// What tells one draft from another.
fn digest(draft: &Draft) -> Result<String, StoreError> {
    let json = serde_json::to_vec(draft).map_err(|error| StoreError::corrupt("a draft", error))?;
    Ok(HEXLOWER.encode(&Sha256::digest(json)[..16]))
}

async fn drafted(app: &App, books: &Books, approved: &BTreeSet<Month>) -> Result<Draft, StatementError> {
    let store = &*app.store;
    let month = books.month;
    // A year back there are all that count for the year, too.
    let first = month.plus(-limits::STATEMENT_MONTHS_BACK);
    let ids: Vec<String> = approved.range(first..).map(|known| books_id(*known)).collect();
    let mut paid = Paid::default();
    if let Some(first) = approved.first() {
        paid.since(*first);
    }
    let mut last_month = None;
    for kept in read_many::<Books>(store, &ids).await?.into_iter().flatten() {
        let known = kept.value.month;
        let Some(approval) = kept.value.approved.as_ref().filter(|_| known != month) else { continue };
        let parts = accounts(store, known, &approval.digest).await?;
        for statement in statements(store, known, &approval.digest, &parts).await? {
            paid.add(&statement);
        }
        for part in parts {
            for account in part.accounts {
                match account {
                    KeptAccount::Sailed(account) => paid.told(&account),
                    KeptAccount::Changed(changed) => paid.told(&changed.now),
                    KeptAccount::StillOpen(_) => {}
                }
            }
        }
        paid.approved(known);
        if known == month.plus(-1) {
            last_month = Some(approval.totals);
        }
    }
    let mut sailings = sailings(app, paid.looked_at_from(month), month).await?;
    let zone = &app.operator.zone;
    trace(app, &mut sailings, |sailing| Month::of(sailing.date(zone)) == month).await?;
    let names = names(app, books, &sailings, &paid).await?;
    let make = |sailings: &[Sailing]| {
        let (rules, now) = (&app.operator.pay.rules, app.clock.now());
        let material = Material { books, rules, sailings, paid: &paid, last_month, names: &names, zone, now };
        aside(|| draft(material))
    };
    let untraced = make(&sailings);
    // Of a year of earlier charters those few are traced that stand in it.
    let later = earlier_charters(&untraced);
    if later.is_empty() {
        return Ok(untraced);
    }
    trace(app, &mut sailings, |sailing| later.contains(&sailing.state.charter.charter_id)).await?;
    Ok(make(&sailings))
}

/// The charters of earlier months of which something stands in a draft.
fn earlier_charters(draft: &Draft) -> BTreeSet<CharterId> {
    let adjustments = draft.statements.iter().flat_map(|statement| &statement.adjustments);
    let adjusted = adjustments.filter_map(|adjustment| match &adjustment.why {
        Why::Later { charter_id, .. } => Some(charter_id.clone()),
        Why::ByHand { .. } | Why::CarriedOver { .. } => None,
    });
    let told = draft.changed.iter().map(|changed| &changed.now).chain(&draft.still_open);
    adjusted.chain(told.map(|account| account.charter_id.clone())).collect()
}

/// The charters that depart in these months, not traced yet.
async fn sailings(app: &App, first: Month, last: Month) -> Result<Vec<Sailing>, StatementError> {
    let midnight = |date: Date| -> Timestamp {
        // Where the clocks leave midnight out, what comes after it; of two midnights the first.
        let zoned = app.operator.zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible();
        zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    };
    let states = app.charters_between(midnight(first.first()), midnight(last.plus(1).first())).await?;
    Ok(states.into_iter().map(|state| Sailing::new(state, &[])).collect())
}

/// Finds in the audit where those who sailed said yes.
async fn trace(
    app: &App,
    sailings: &mut [Sailing],
    wanted: impl Fn(&Sailing) -> bool,
) -> Result<(), StatementError> {
    for sailing in sailings.iter_mut().filter(|sailing| wanted(sailing)) {
        if !sailing.state.offers.is_empty() {
            let events = app.audit(&sailing.state.charter.charter_id).await?;
            *sailing = Sailing::new(sailing.state.clone(), &events);
        }
    }
    Ok(())
}

/// What everyone is called who may have a statement.
async fn names(
    app: &App,
    books: &Books,
    sailings: &[Sailing],
    paid: &Paid,
) -> Result<BTreeMap<CrewId, String>, StatementError> {
    let of_charter = |state: &CharterState| -> Vec<CrewId> {
        state.offers.iter().map(|offer| offer.crew_id.clone()).collect()
    };
    let mut ids: BTreeSet<CrewId> = sailings.iter().flat_map(|sailing| of_charter(&sailing.state)).collect();
    ids.extend(books.entries.iter().map(|entry| &entry.crew_id).chain(paid.owing()).cloned());
    let ids: Vec<CrewId> = ids.into_iter().collect();
    let names = app.crew_names(&ids).await?;
    Ok(ids.into_iter().map(|id| (id.clone(), names.get(&id).to_owned())).collect())
}

async fn as_approved(store: &dyn Store, month: Month, digest: &str) -> Result<Draft, StatementError> {
    let parts = self::accounts(store, month, digest).await?;
    let mut statements = statements(store, month, digest, &parts).await?;
    statements.sort_by(|one, other| (&one.name, &one.crew_id).cmp(&(&other.name, &other.crew_id)));
    let (accounts, still_open, changed) = (Vec::new(), Vec::new(), Vec::new());
    let mut draft = Draft { month, statements, accounts, still_open, changed, last_month: None };
    for part in parts {
        draft.last_month = draft.last_month.or(part.last_month);
        for account in part.accounts {
            match account {
                KeptAccount::Sailed(account) => draft.accounts.push(account),
                KeptAccount::StillOpen(account) => draft.still_open.push(account),
                KeptAccount::Changed(changed) => draft.changed.push(changed),
            }
        }
    }
    Ok(draft)
}

/// What an approved month says beside its statements, part by part.
async fn accounts(
    store: &dyn Store,
    month: Month,
    digest: &str,
) -> Result<Vec<KeptAccounts>, StatementError> {
    let first = read::<KeptAccounts>(store, &accounts_id(month, digest, 0)).await?;
    let first = first.ok_or(StatementError::NotAllThere(month))?.value;
    let rest: Vec<String> = (1..first.of).map(|part| accounts_id(month, digest, part)).collect();
    let mut parts = vec![first];
    for part in read_many::<KeptAccounts>(store, &rest).await? {
        parts.push(part.ok_or(StatementError::NotAllThere(month))?.value);
    }
    Ok(parts)
}

/// The statements of a month that was approved, each by its id: an index may trail behind.
async fn statements(
    store: &dyn Store,
    month: Month,
    digest: &str,
    parts: &[KeptAccounts],
) -> Result<Vec<Statement>, StatementError> {
    let people = parts.iter().flat_map(|part| &part.people);
    let ids: Vec<String> = people.map(|crew_id| kept_id(month, digest, crew_id)).collect();
    let kept = read_many::<Kept>(store, &ids).await?.into_iter();
    kept.map(|kept| kept.map(|kept| kept.value.statement).ok_or(StatementError::NotAllThere(month))).collect()
}
