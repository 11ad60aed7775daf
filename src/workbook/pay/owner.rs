//! The owner's workbook: what everyone is paid, what each charter brought in and cost, and what needs a look.

use std::collections::{HashMap, HashSet};

use crewcall_dispatch::model::{Amount, CharterId, Minutes, Money};
use crewcall_dispatch::statement::{Account, Draft, Statement, Why};
use rust_xlsxwriter::Workbook;

use super::Heading;
use super::charter::{self, Place, Sailed, exceptions, tab_name};
use super::page::{Column, FORMATS, Page, letter, units, workbook};
use crate::workbook::WriteError;

const PEOPLE: &str = "People";
pub(super) const CHARTERS: &str = "Charters";
const EXCEPTIONS: &str = "Exceptions";

/// A month as an `.xlsx`: a tab of people, one of charters, one of what needs a look, and one for each charter.
///
/// # Errors
/// See [`WriteError`].
pub fn month(draft: &Draft, heading: &Heading<'_>) -> Result<Vec<u8>, WriteError> {
    let mut book = workbook(heading, &format!("Crew pay for {}", draft.month.name()))?;
    for name in [PEOPLE, CHARTERS, EXCEPTIONS] {
        book.add_worksheet().set_name(name)?;
    }
    let sailed = sailed(draft);
    let mut places = Vec::with_capacity(sailed.len());
    for one in &sailed {
        let page = Page::new(book.add_worksheet(), &one.tab, &charter::COLUMNS)?;
        places.push(one.write(page, heading)?);
    }
    people(&mut book, draft, heading)?;
    charters(&mut book, draft, heading, &sailed, &places)?;
    needs_a_look(&mut book, draft, heading)?;
    Ok(book.save_to_buffer()?)
}

/// The charters of the month, each with the lines that pay it.
fn sailed(draft: &Draft) -> Vec<Sailed<'_>> {
    let mut lines: HashMap<&CharterId, Vec<_>> = HashMap::new();
    for statement in &draft.statements {
        for line in &statement.lines {
            lines.entry(&line.charter_id).or_default().push((statement, line));
        }
    }
    let mut taken: HashSet<String> = [PEOPLE, CHARTERS, EXCEPTIONS].map(str::to_lowercase).into();
    let mut sailed = Vec::with_capacity(draft.accounts.len());
    for account in &draft.accounts {
        let lines = lines.remove(&account.charter_id).unwrap_or_default();
        sailed.push(Sailed { account, lines, tab: tab_name(account, &mut taken) });
    }
    sailed
}

fn titled(page: &mut Page<'_>, draft: &Draft, heading: &Heading<'_>) -> Result<(), WriteError> {
    page.put(0, &format!("Crew pay for {}", draft.month.name()), &FORMATS.title)?;
    page.next();
    page.text(0, &heading.line())?;
    page.skip(2);
    Ok(())
}

fn people(book: &mut Workbook, draft: &Draft, heading: &Heading<'_>) -> Result<(), WriteError> {
    const TOTAL: u16 = 9;
    let headings = [
        "Name",
        "Crew id",
        "Sails",
        "Paid hours",
        "By the hour",
        "Per sail",
        "Share",
        "Gratuity",
        "Adjustments",
        "Total",
        "Paid",
        "Last month",
        "Change",
    ];
    const COLUMNS: [Column; 13] = {
        use Column::{Count, Hours, Money, Text};
        [
            Text(26),
            Text(22),
            Count(8),
            Hours(9),
            Money(12),
            Money(12),
            Money(12),
            Money(12),
            Money(13),
            Money(13),
            Money(13),
            Money(13),
            Money(13),
        ]
    };
    let mut page = Page::new(book.worksheet_from_name(PEOPLE)?, PEOPLE, &COLUMNS)?;
    titled(&mut page, draft, heading)?;
    page.headings(&headings)?;
    let first = page.row;
    let paid = |statement: &Statement| -> u32 {
        statement.lines.iter().filter_map(|line| line.hourly).map(|hourly| hourly.paid.0).sum()
    };
    for statement in &draft.statements {
        let (row, sails) = (page.row + 1, statement.sails());
        page.text(0, &statement.name)?;
        page.text(1, statement.crew_id.as_str())?;
        page.count(2, statement.lines.len() as u32)?;
        page.hours(3, Minutes(paid(statement)))?;
        for (column, (_, part)) in [5, 4, 6, 7].into_iter().zip(sails.named()) {
            page.money(column, part)?;
        }
        page.money(8, statement.adjusted())?;
        page.computed(TOTAL, &format!("=ROUND(SUM(E{row}:I{row}),2)"), statement.total())?;
        page.computed(10, &format!("=MAX(0,J{row})"), statement.paid())?;
        if let Some(last) = statement.last_month {
            page.money(11, last)?;
            page.computed(12, &format!("=ROUND(K{row}-L{row},2)"), statement.paid() - last)?;
        }
        page.next();
    }
    let sum = |of: &dyn Fn(&Statement) -> Amount| draft.statements.iter().map(of).sum::<Amount>();
    page.total_row("All")?;
    page.sum_count(2, first, draft.statements.iter().map(|statement| statement.lines.len() as u32).sum())?;
    page.sum_hours(3, first, Minutes(draft.statements.iter().map(paid).sum()))?;
    page.sum(4, first, sum(&|statement| statement.sails().hourly))?;
    page.sum(5, first, sum(&|statement| statement.sails().flat))?;
    page.sum(6, first, sum(&|statement| statement.sails().share))?;
    page.sum(7, first, sum(&|statement| statement.sails().gratuity))?;
    page.sum(8, first, sum(&Statement::adjusted))?;
    page.sum(TOTAL, first, sum(&Statement::total))?;
    page.sum(10, first, sum(&Statement::paid))?;
    let all = page.row + 1;
    if let Some(last) = draft.last_month {
        // Also of those who had something then and have nothing now.
        page.total(11, last.paid)?;
        let change = sum(&Statement::paid) - last.paid;
        page.formula(12, &format!("=ROUND(K{all}-L{all},2)"), units(change), &FORMATS.total)?;
    }
    page.skip(2);
    let note = "What is below nothing is not paid, and carried over to the next month. Last month is what was paid then; in the \
                last row to all people, also to those who have no statement this month. Gratuities are the guests' and no cost \
                of the operator's.";
    page.note(0, 12, note, 150)
}

fn charters(
    book: &mut Workbook,
    draft: &Draft,
    heading: &Heading<'_>,
    sailed: &[Sailed<'_>],
    places: &[Place],
) -> Result<(), WriteError> {
    let headings = [
        "Date",
        "Charter",
        "Vessel",
        "Guests",
        "Gross revenue",
        "Channel fee",
        "After the fee",
        "Crew",
        "Margin",
        "Margin of gross",
        "Gratuity",
        "Exceptions",
    ];
    const COLUMNS: [Column; 12] = {
        use Column::{Count, Date, Money, Percent, Text, Wrapped};
        [
            Date(11),
            Text(20),
            Text(16),
            Count(8),
            Money(14),
            Money(12),
            Money(14),
            Money(12),
            Money(13),
            Percent(10),
            Money(12),
            Wrapped(60),
        ]
    };
    let mut page = Page::new(book.worksheet_from_name(CHARTERS)?, CHARTERS, &COLUMNS)?;
    titled(&mut page, draft, heading)?;
    page.headings(&headings)?;
    let first = page.row;
    for (one, place) in sailed.iter().zip(places) {
        write_account(&mut page, one, place)?;
    }
    let totals = draft.totals();
    page.total_row("All")?;
    page.sum_count(3, first, draft.accounts.iter().map(|account| account.guests).sum())?;
    let after: Amount = draft.accounts.iter().filter_map(after_fee).sum();
    let sums = [totals.gross_revenue, totals.channel_fee, after, totals.crew_cost, totals.margin];
    for (column, amount) in (4..).zip(sums) {
        page.sum(column, first, amount)?;
    }
    page.sum(10, first, totals.gratuity)?;
    let all = page.row + 1;
    page.next();
    if let Some(last) = draft.last_month {
        page.text(0, "Last month")?;
        let columns = [
            (4, last.gross_revenue, totals.gross_revenue),
            (5, last.channel_fee, totals.channel_fee),
            (7, last.crew_cost, totals.crew_cost),
            (8, last.margin, totals.margin),
            (10, last.gratuity, totals.gratuity),
        ];
        for (column, was, _) in columns {
            page.money(column, was)?;
        }
        page.next();
        page.text(0, "Change")?;
        for (column, was, is) in columns {
            let letter = letter(column);
            page.computed(column, &format!("=ROUND({letter}{all}-{letter}{},2)", all + 1), is - was)?;
        }
        page.next();
    }
    page.next();
    earlier(&mut page, draft)?;
    let note = "Margin is what is left of the gross revenue after channel fee and crew; it is worked out where the revenue is \
                known and the crew's pay is not open. A fee that is not known counts as none.";
    page.note(0, 11, note, 170)
}

/// Charters that were told in an earlier month, by how much their figures are otherwise since.
fn earlier(page: &mut Page<'_>, draft: &Draft) -> Result<(), WriteError> {
    if draft.changed.is_empty() {
        return Ok(());
    }
    page.section("Charters of earlier months, by how much they are otherwise since they were told")?;
    page.next();
    let first = page.row;
    for changed in &draft.changed {
        let Account { date, charter_id, vessel, .. } = &changed.now;
        page.date(0, *date)?;
        page.text(1, charter_id.as_str())?;
        page.text(2, vessel)?;
        let money = |amount: Option<Money>| amount.map(Amount::from);
        page.money(4, changed.by(|account| money(account.gross_revenue)))?;
        page.money(5, changed.by(|account| money(account.channel_fee)))?;
        page.money(7, changed.by(|account| Some(account.crew_cost)))?;
        page.money(8, changed.by(Account::margin))?;
        page.money(10, changed.by(|account| money(account.gratuity)))?;
        let was =
            if changed.was.open.is_empty() { "it was told as paid" } else { "it was told as not paid yet" };
        page.aside(11, was)?;
        page.next();
    }
    page.total_row("All of these")?;
    page.sum(8, first, draft.totals().earlier_margin)?;
    page.skip(2);
    Ok(())
}

fn after_fee(account: &Account) -> Option<Amount> {
    let fee = account.channel_fee.map_or(Amount::ZERO, Amount::from);
    Some(Amount::from(account.gross_revenue?) - fee)
}

fn write_account(page: &mut Page<'_>, one: &Sailed<'_>, place: &Place) -> Result<(), WriteError> {
    let (account, row) = (one.account, page.row + 1);
    page.date(0, account.date)?;
    page.link(1, &one.tab, account.charter_id.as_str())?;
    page.text(2, &account.vessel)?;
    page.count(3, account.guests)?;
    if let Some(gross) = account.gross_revenue {
        page.money(4, gross)?;
    }
    if let Some(fee) = account.channel_fee {
        page.money(5, fee)?;
    }
    if let Some(after) = after_fee(account) {
        page.computed(6, &format!("=ROUND(E{row}-F{row},2)"), after)?;
    }
    page.computed(7, &format!("={}", place.crew_cost), account.crew_cost)?;
    if let Some(margin) = account.margin() {
        page.computed(8, &format!("=ROUND(G{row}-H{row},2)"), margin)?;
        let gross = account.gross_revenue.map_or(Amount::ZERO, Amount::from);
        let part = if gross.is_zero() { 0.0 } else { units(margin) / units(gross) };
        let percent = &FORMATS.margin;
        page.formula(9, &format!("=IF(E{row}=0,0,I{row}/E{row})"), part, percent)?;
    }
    if let Some(gratuity) = account.gratuity {
        page.money(10, gratuity)?;
    }
    page.aside(11, &exceptions(account).join("; "))?;
    page.next();
    Ok(())
}

fn needs_a_look(book: &mut Workbook, draft: &Draft, heading: &Heading<'_>) -> Result<(), WriteError> {
    const COLUMNS: [Column; 4] = {
        use Column::{Date, Text, Wrapped};
        [Date(12), Text(26), Text(20), Wrapped(90)]
    };
    let mut page = Page::new(book.worksheet_from_name(EXCEPTIONS)?, EXCEPTIONS, &COLUMNS)?;
    titled(&mut page, draft, heading)?;
    page.headings(&["Date", "Charter or person", "Vessel", "What needs a look"])?;
    let none = page.row;
    for account in draft.still_open.iter().chain(&draft.accounts) {
        for words in exceptions(account) {
            page.date(0, account.date)?;
            page.text(1, account.charter_id.as_str())?;
            page.text(2, &account.vessel)?;
            page.aside(3, &words)?;
            page.next();
        }
    }
    for statement in &draft.statements {
        for words in of_person(statement) {
            page.text(1, &statement.name)?;
            page.aside(3, &words)?;
            page.next();
        }
    }
    if page.row == none {
        page.text(0, "Nothing.")?;
    }
    Ok(())
}

/// What about somebody's statement the owner should know: all that is not by the rules of the month's sails.
fn of_person(statement: &Statement) -> Vec<String> {
    let mut words: Vec<String> = statement
        .adjustments
        .iter()
        .map(|adjustment| match &adjustment.why {
            Why::CarriedOver { from } => format!("{} carried over from {}", adjustment.amount, from.name()),
            Why::ByHand { reason, by, .. } => format!("{} by hand: {reason} ({by})", adjustment.amount),
            Why::Later { charter_id, date, .. } => {
                let words = crate::words::owed(adjustment);
                format!("{} for {charter_id} of {date}: {words}", adjustment.amount)
            }
        })
        .collect();
    if statement.total() < Amount::ZERO {
        words.push(format!("{} is carried over to the next month", statement.total()));
    }
    words
}
