//! A month as it would be approved now.
//!
//! 1. Each charter of the month, and of the months before that were approved, is paid by the rules and by what is known
//!    of it now ([`Sailing::pay`]).
//! 2. A sail of the month that was never paid is a line. For every other one, what is due is compared with what was paid:
//!    the difference is an adjustment. A sail that is open is left as it was paid, until its figures are there.
//! 3. What the office gave and took off by hand is an adjustment, too.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::books::{Books, Totals};
use super::record::{Account, Adjustment, Changed, Line, OpenSail, Owed, Parts, Statement, Why};
use super::rules::PayRules;
use super::sail::{Open, Paying, Remark, Sailing};
use crate::limits;
use crate::model::{Amount, CharterId, CrewId, Month};

/// What was approved before.
#[derive(Debug, Clone, Default)]
pub struct Paid {
    /// The months.
    months: BTreeSet<Month>,
    /// The first that ever was, should that be longer ago than all of them.
    since: Option<Month>,
    /// What each person was paid for each sail, adjustments included.
    sails: BTreeMap<CharterId, BTreeMap<CrewId, Parts>>,
    /// What each person was paid in each month.
    totals: BTreeMap<(Month, CrewId), Amount>,
    /// What the last statement of each person left to be taken off, and of which month it was.
    owing: BTreeMap<CrewId, (Month, Amount)>,
    /// Each charter, as the owner was told of it last.
    accounts: BTreeMap<CharterId, Account>,
}

impl Paid {
    /// A month was approved; nobody may have had anything in it.
    pub fn approved(&mut self, month: Month) {
        self.months.insert(month);
    }

    /// The first month that was ever approved; what was before it was paid elsewhere.
    pub fn since(&mut self, first: Month) {
        self.since = Some(first);
    }

    /// One of its statements.
    pub fn add(&mut self, statement: &Statement) {
        let crew_id = &statement.crew_id;
        let mut paid = |charter_id: &CharterId, parts: Parts| {
            let known = self.sails.entry(charter_id.clone()).or_default().entry(crew_id.clone()).or_default();
            *known = *known + parts;
        };
        for line in &statement.lines {
            paid(&line.charter_id, line.parts);
        }
        for adjustment in &statement.adjustments {
            if let Why::Later { charter_id, parts, .. } = &adjustment.why {
                paid(charter_id, *parts);
            }
        }
        self.totals.insert((statement.month, crew_id.clone()), statement.paid());
        let last = self.owing.entry(crew_id.clone()).or_insert((statement.month, Amount::ZERO));
        if statement.month >= last.0 {
            *last = (statement.month, statement.total().min(Amount::ZERO));
        }
    }

    /// What the owner was told of a charter; the last time counts.
    pub fn told(&mut self, account: &Account) {
        self.accounts.insert(account.charter_id.clone(), account.clone());
    }

    /// Who has something to be taken off that is carried over.
    pub fn owing(&self) -> impl Iterator<Item = &CrewId> {
        self.owing.iter().filter(|(_, (_, owing))| !owing.is_zero()).map(|(crew_id, _)| crew_id)
    }

    /// Whether nothing more comes of a month by itself: it was approved, or one before it and one after it were, so that what
    /// is known of it later comes with a later month.
    fn is_done_with(&self, month: Month) -> bool {
        let last = self.months.last();
        self.first().zip(last).is_some_and(|(first, last)| (first..=*last).contains(&month))
    }

    /// The first month whose sails are looked at again when this one is drafted.
    pub fn looked_at_from(&self, month: Month) -> Month {
        let back = month.plus(-limits::STATEMENT_MONTHS_BACK);
        self.first().map_or(month, |first| back.max(first).min(month))
    }

    fn first(&self) -> Option<Month> {
        self.since.or(self.months.first().copied())
    }
}

/// What a draft is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The month, with what the office gave and took off.
    pub books: &'a Books,
    /// What people are paid.
    pub rules: &'a PayRules,
    /// The charters of the month, and of those before from [`Paid::looked_at_from`] on, by departure.
    pub sailings: &'a [Sailing],
    /// What was approved before.
    pub paid: &'a Paid,
    /// What the month before came to, if it was approved.
    pub last_month: Option<Totals>,
    /// What people are called.
    pub names: &'a BTreeMap<CrewId, String>,
    /// The operator's zone.
    pub zone: &'a TimeZone,
    /// What time it is.
    pub now: Timestamp,
}

/// A month as it would be approved now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The month.
    pub month: Month,
    /// One for each person who is paid, or owes something, or sailed in the month, by name.
    pub statements: Vec<Statement>,
    /// The charters of the month, by departure.
    pub accounts: Vec<Account>,
    /// Charters of months that were approved, which are open still.
    pub still_open: Vec<Account>,
    /// Charters of months that were approved, of which other figures are known since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Changed>,
    /// What the month before came to, if it was approved.
    pub last_month: Option<Totals>,
}

impl Draft {
    /// What it all comes to.
    pub fn totals(&self) -> Totals {
        let sum = |of: &dyn Fn(&Account) -> Option<Amount>| self.accounts.iter().filter_map(of).sum();
        Totals {
            charters: self.accounts.len() as u32,
            people: self.statements.len() as u32,
            gross_revenue: sum(&|account| account.gross_revenue.map(Amount::from)),
            channel_fee: sum(&|account| account.channel_fee.map(Amount::from)),
            gratuity: sum(&|account| account.gratuity.map(Amount::from)),
            crew_cost: sum(&|account| Some(account.crew_cost)),
            margin: sum(&Account::margin),
            adjustments: self.statements.iter().map(Statement::adjusted).sum(),
            paid: self.statements.iter().map(Statement::paid).sum(),
            earlier_margin: self.changed.iter().map(|changed| changed.by(Account::margin)).sum(),
        }
    }

    /// What is paid of the guests' gratuities for sails of the month; that of a charter that is open is not in it.
    pub fn gratuities(&self) -> Amount {
        self.statements.iter().map(|statement| statement.sails().gratuity).sum()
    }

    /// Charters that are not paid yet, those of earlier months first.
    pub fn open(&self) -> impl Iterator<Item = &Account> {
        self.still_open.iter().chain(self.accounts.iter().filter(|account| !account.open.is_empty()))
    }

    /// The statement of one person.
    pub fn of(&self, crew_id: &CrewId) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.crew_id == *crew_id)
    }
}

/// Drafts a month. The same material gives the same draft.
pub fn draft(of: Material<'_>) -> Draft {
    let month = of.books.month;
    let mut drafting = Drafting { of, people: BTreeMap::new() };
    let (mut accounts, mut still_open, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for sailing in of.sailings {
        let its = Month::of(sailing.date(of.zone));
        if its > month {
            // Should it have been paid in a month in which it was to depart, that counts when its month is drafted.
            continue;
        }
        let told = of.paid.accounts.get(&sailing.state.charter.charter_id);
        if sailing.state.cancelled_at.is_some() {
            drafting.settle(sailing, its, &[]);
            changed.extend(
                told.filter(|was| !was.is_nothing())
                    .map(|was| Changed { was: was.clone(), now: was.cancelled() }),
            );
            continue;
        }
        let (mut account, paying) = sailing.pay(of.rules, of.zone, of.now);
        if account.open.is_empty() {
            drafting.settle(sailing, its, &paying);
        }
        if its == month {
            // It was moved here from a month in which the owner was told of it.
            changed.extend(
                told.filter(|was| Month::of(was.date) < month && !was.is_nothing())
                    .map(|was| Changed { was: was.clone(), now: was.cancelled() }),
            );
            accounts.push(account);
            continue;
        }
        let done_with = of.paid.is_done_with(its);
        // Of a month that was passed over the owner was told nothing.
        let was = told.cloned().or_else(|| done_with.then(|| account.cancelled()));
        if let Some(was) = was.filter(|was| account.open.is_empty() && !was.is_same(&account)) {
            changed.push(Changed { was, now: account.clone() });
        }
        if !account.open.is_empty() && done_with {
            if of.paid.sails.contains_key(&account.charter_id) {
                account.remarks.push(Remark::PaidBefore);
            }
            if its == month.plus(-limits::STATEMENT_MONTHS_BACK) {
                account.remarks.push(Remark::ListedLast);
            }
            still_open.push(account);
        }
    }
    // Whoever sells without a channel has no fees, and needs not be told of each.
    if accounts.iter().all(|account| account.channel_fee.is_none()) {
        for account in &mut accounts {
            account.remarks.retain(|remark| *remark != Remark::NoChannelFee);
        }
    }
    for entry in &of.books.entries {
        let reason = entry.reason.clone();
        let on = of.zone.to_datetime(entry.at).date();
        let why = Why::ByHand { no: entry.no, reason, by: entry.by.clone(), on };
        drafting.adjust(&entry.crew_id, Adjustment { amount: entry.amount, why });
    }
    for (crew_id, (from, owing)) in &of.paid.owing {
        if !owing.is_zero() && *from < month {
            drafting.adjust(crew_id, Adjustment { amount: *owing, why: Why::CarriedOver { from: *from } });
        }
    }
    for account in still_open.iter().chain(&accounts).filter(|account| !account.open.is_empty()) {
        drafting.tell_open(account);
    }
    let mut statements: Vec<Statement> = drafting.people.into_values().collect();
    statements.sort_by(|one, other| (&one.name, &one.crew_id).cmp(&(&other.name, &other.crew_id)));
    Draft { month, statements, accounts, still_open, changed, last_month: of.last_month }
}

struct Drafting<'a> {
    of: Material<'a>,
    people: BTreeMap<CrewId, Statement>,
}

impl Drafting<'_> {
    /// What a sail pays: lines where it is one of the month, the difference where somebody was paid for it before, all of
    /// it where it was left out of a month that was approved.
    fn settle(&mut self, sailing: &Sailing, its: Month, paying: &[Paying<'_>]) {
        let paid = self.of.paid;
        let before = paid.sails.get(&sailing.state.charter.charter_id);
        for (crew_id, was) in before.into_iter().flatten() {
            let now = paying.iter().find(|one| one.offer.crew_id == *crew_id);
            let parts = now.map_or(Parts::default(), |one| one.parts) - *was;
            if !parts.is_nothing() {
                let owed = if now.is_some() { Owed::Changed } else { Owed::NotSailed };
                self.adjust_sail(sailing, crew_id, parts, owed, now);
            }
        }
        for one in paying {
            let crew_id = &one.offer.crew_id;
            if before.is_some_and(|before| before.contains_key(crew_id)) {
                continue;
            }
            if its == self.of.books.month {
                self.line(sailing, one);
            } else if paid.is_done_with(its) {
                self.adjust_sail(sailing, crew_id, one.parts, Owed::Open, Some(one));
            }
        }
    }

    fn line(&mut self, sailing: &Sailing, one: &Paying<'_>) {
        let line = self.line_of(sailing, one);
        self.statement(&one.offer.crew_id).lines.push(line);
    }

    fn line_of(&mut self, sailing: &Sailing, one: &Paying<'_>) -> Line {
        let charter = &sailing.state.charter;
        let date = sailing.date(self.of.zone);
        let statement = self.statement(&one.offer.crew_id);
        Line {
            date,
            charter_id: charter.charter_id.clone(),
            vessel: charter.vessel.clone(),
            position: one.offer.seat.position.clone(),
            worked: one.worked,
            hourly: one.hourly,
            share: one.share,
            parts: one.parts,
            rules: one.rules.iter().map(|rule| footnote(&mut statement.rules, rule)).collect(),
            accepted: sailing.accepted.get(&one.offer.no).cloned(),
        }
    }

    /// Whoever has a statement and is known to have sailed reads there what is still to come. Whoever is back from a sail of
    /// the month has one, even if none of it can be paid yet.
    fn tell_open(&mut self, account: &Account) {
        let Account { date, charter_id, vessel, .. } = account;
        let is_back = !account.open.contains(&Open::NotBack);
        let has_one = is_back && Month::of(*date) == self.of.books.month;
        let sailings: &[Sailing] = self.of.sailings;
        let sailing = sailings.iter().find(|one| one.state.charter.charter_id == *charter_id);
        let paid = self.of.paid.sails.get(charter_id);
        let unpaid = |crew_id: &CrewId| paid.is_none_or(|paid| !paid.contains_key(crew_id));
        let aboard = sailing.into_iter().flat_map(|one| one.state.aboard());
        for offer in aboard.filter(|offer| unpaid(&offer.crew_id)) {
            if has_one || self.people.contains_key(&offer.crew_id) {
                let (charter_id, vessel) = (charter_id.clone(), vessel.clone());
                self.statement(&offer.crew_id).open.push(OpenSail { date: *date, charter_id, vessel });
            }
        }
    }

    fn adjust_sail(
        &mut self,
        sailing: &Sailing,
        crew_id: &CrewId,
        parts: Parts,
        owed: Owed,
        now: Option<&Paying<'_>>,
    ) {
        let charter = &sailing.state.charter;
        let line = now.map(|one| Box::new(self.line_of(sailing, one)));
        let why = Why::Later {
            charter_id: charter.charter_id.clone(),
            date: sailing.date(self.of.zone),
            vessel: charter.vessel.clone(),
            parts,
            owed,
            line,
        };
        self.adjust(crew_id, Adjustment { amount: parts.total(), why });
    }

    fn adjust(&mut self, crew_id: &CrewId, adjustment: Adjustment) {
        self.statement(crew_id).adjustments.push(adjustment);
    }

    fn statement(&mut self, crew_id: &CrewId) -> &mut Statement {
        let Material { books, paid, names, .. } = self.of;
        let month = books.month;
        self.people.entry(crew_id.clone()).or_insert_with(|| {
            let total = |month: Month| paid.totals.get(&(month, crew_id.clone())).copied();
            let before = (1 - i32::from(month.first().month())..0).map(|back| month.plus(back));
            let last = month.plus(-1);
            Statement {
                month,
                crew_id: crew_id.clone(),
                name: names.get(crew_id).cloned().unwrap_or_else(|| crew_id.to_string()),
                lines: Vec::new(),
                adjustments: Vec::new(),
                rules: Vec::new(),
                open: Vec::new(),
                earlier_this_year: before.filter_map(total).sum(),
                last_month: paid.months.contains(&last).then(|| total(last).unwrap_or(Amount::ZERO)),
            }
        })
    }
}

/// The number by which a line names a rule.
fn footnote(rules: &mut Vec<String>, rule: &str) -> u16 {
    let known = rules.iter().position(|known| known == rule).unwrap_or_else(|| {
        rules.push(rule.to_owned());
        rules.len() - 1
    });
    // A statement has no more lines than that.
    known as u16 + 1
}
