//! The tab of one charter in the owner's workbook: who sailed and what they are paid, and what is left.

use std::collections::HashSet;

use crewcall_dispatch::model::Amount;
use crewcall_dispatch::statement::{Account, Line, Parts, Statement};

use super::Heading;
use super::page::{Column, FORMATS, Page, accepted, letter, units};
use super::wage::{self, Wage};
use crate::workbook::WriteError;

const WAGE: Wage = Wage(2);
const PAY: u16 = 10;
const GRATUITY: u16 = 11;
const TOTAL: u16 = 12;
const RULE: u16 = 13;
const ACCEPTED: u16 = 14;
/// Characters that stand side by side in the notes below.
const NOTE_CHARS: usize = 150;

const HEADINGS: [&str; 15] = {
    let [worked, paid, rate, hourly, flat, base, part, share] = wage::HEADINGS;
    [
        "Name", "Position", worked, paid, rate, hourly, flat, base, part, share, "Pay", "Gratuity", "Total",
        "Rule", "Accepted",
    ]
};
pub(super) const COLUMNS: [Column; 15] = {
    use Column::{Money, Text, Wrapped};
    let [worked, paid, rate, hourly, flat, base, part, share] = wage::COLUMNS;
    [
        Text(22),
        Text(11),
        worked,
        paid,
        rate,
        hourly,
        flat,
        base,
        part,
        share,
        Money(11),
        Money(10),
        Money(11),
        Text(8),
        Wrapped(40),
    ]
};
/// Where the figures of the whole charter stand.
const FIGURES: u16 = 10;

/// One charter with the lines that pay it.
pub(super) struct Sailed<'a> {
    pub(super) account: &'a Account,
    /// The lines, each with whose statement it is on.
    pub(super) lines: Vec<(&'a Statement, &'a Line)>,
    /// The name of its tab.
    pub(super) tab: String,
}

/// Where a tab has what the list of charters asks it for.
pub(super) struct Place {
    /// The cell of what the crew costs.
    pub(super) crew_cost: String,
}

impl Sailed<'_> {
    fn paid(&self) -> Parts {
        self.lines.iter().map(|(_, line)| line.parts).sum()
    }

    /// What of the crew's pay stands on statements of other months.
    fn elsewhere(&self) -> Amount {
        self.account.crew_cost - self.paid().wage()
    }

    pub(super) fn write(&self, mut page: Page<'_>, heading: &Heading<'_>) -> Result<Place, WriteError> {
        let account = self.account;
        page.put(
            0,
            &format!("{}, {} ({})", account.vessel, account.date, account.charter_id),
            &FORMATS.title,
        )?;
        page.next();
        page.text(0, &heading.line())?;
        page.next();
        page.link(0, super::owner::CHARTERS, "All charters")?;
        page.skip(2);
        page.headings(&HEADINGS)?;
        let first = page.row;
        let mut rules = Vec::new();
        for (statement, line) in &self.lines {
            write_line(&mut page, statement, line, &mut rules, heading)?;
        }
        let paid = self.paid();
        page.total_row("All")?;
        page.sum(WAGE.hourly(), first, paid.hourly)?;
        page.sum(WAGE.flat(), first, paid.flat)?;
        page.sum(WAGE.share(), first, paid.share)?;
        page.sum(PAY, first, paid.wage())?;
        page.sum(GRATUITY, first, paid.gratuity)?;
        page.sum(TOTAL, first, paid.total())?;
        let sum = page.row + 1;
        page.skip(2);
        let place = self.figures(&mut page, sum)?;
        page.next();
        for words in exceptions(account) {
            page.put(0, &words, &FORMATS.small)?;
            page.next();
        }
        for (no, rule) in (1..).zip(&rules) {
            page.note(0, ACCEPTED, &format!("Rule {no}: {rule}"), NOTE_CHARS)?;
        }
        Ok(place)
    }

    fn figures(&self, page: &mut Page<'_>, sum: u32) -> Result<Place, WriteError> {
        let (account, column) = (self.account, letter(FIGURES));
        let gross = page.row + 1;
        page.text(0, "Gross revenue")?;
        known(page, account.gross_revenue.map(Amount::from))?;
        page.text(0, "Channel fee")?;
        known(page, account.channel_fee.map(Amount::from))?;
        page.text(0, "Crew")?;
        let elsewhere = self.elsewhere();
        let more = if elsewhere.is_zero() { String::new() } else { format!("+{}", units(elsewhere)) };
        let formula = format!("=ROUND({}{sum}{more},2)", letter(PAY));
        page.computed(FIGURES, &formula, account.crew_cost)?;
        if !elsewhere.is_zero() {
            page.text(FIGURES + 1, &format!("{elsewhere} of it on statements of other months"))?;
        }
        let crew = page.row + 1;
        page.next();
        page.total_row("Margin")?;
        if let Some(margin) = account.margin() {
            let formula = format!("=ROUND({column}{gross}-{column}{}-{column}{crew},2)", gross + 1);
            page.formula(FIGURES, &formula, units(margin), &FORMATS.total)?;
        }
        page.skip(2);
        page.text(0, "Gratuity, as given by the guests")?;
        known(page, account.gratuity.map(Amount::from))?;
        Ok(Place { crew_cost: format!("'{}'!{column}{crew}", self.tab) })
    }
}

fn known(page: &mut Page<'_>, amount: Option<Amount>) -> Result<(), WriteError> {
    match amount {
        Some(amount) => page.money(FIGURES, amount)?,
        None => page.text(FIGURES, "not known")?,
    }
    page.next();
    Ok(())
}

fn write_line(
    page: &mut Page<'_>,
    statement: &Statement,
    line: &Line,
    rules: &mut Vec<String>,
    heading: &Heading<'_>,
) -> Result<(), WriteError> {
    let row = page.row + 1;
    page.text(0, &statement.name)?;
    page.text(1, line.position.as_str())?;
    WAGE.basis(page, line)?;
    WAGE.pay(page, line)?;
    page.computed(PAY, &format!("=ROUND({},2)", WAGE.sum(row)), line.parts.wage())?;
    page.money(GRATUITY, line.parts.gratuity)?;
    let total = format!("=ROUND({}{row}+{}{row},2)", letter(PAY), letter(GRATUITY));
    page.computed(TOTAL, &total, line.parts.total())?;
    let theirs = line.rules.iter().filter_map(|no| statement.rules.get(usize::from(*no).saturating_sub(1)));
    let numbers: Vec<String> = theirs.map(|rule| number_of(rules, rule).to_string()).collect();
    page.text(RULE, &numbers.join(", "))?;
    if let Some(acceptance) = &line.accepted {
        page.aside(ACCEPTED, &accepted(acceptance, heading))?;
    }
    page.next();
    Ok(())
}

/// The number of a rule among the footnotes of the tab.
fn number_of(rules: &mut Vec<String>, rule: &str) -> usize {
    let known = rules.iter().position(|known| known == rule);
    known.unwrap_or_else(|| {
        rules.push(rule.to_owned());
        rules.len() - 1
    }) + 1
}

/// What about a charter needs a look, a sentence each.
pub(super) fn exceptions(account: &Account) -> Vec<String> {
    let open = account.open.iter().map(|open| format!("Not paid yet: {open}"));
    open.chain(account.remarks.iter().map(|remark| crate::times::capital(&remark.to_string()))).collect()
}

/// A name for a tab that no other one has: spreadsheets take 31 units of UTF-16, and capitals do not count. Formulas name tabs, so
/// it has only characters that mean nothing in them, whatever the vessel is called.
pub(super) fn tab_name(account: &Account, taken: &mut HashSet<String>) -> String {
    const UNITS: usize = 24;
    let day = account.date.strftime("%m-%d");
    let plain = |c: char| if c.is_alphanumeric() || "-.,()".contains(c) { c } else { ' ' };
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= UNITS
    };
    let name: String = format!("{day} {}", account.vessel).chars().map(plain).take_while(fits).collect();
    let name = name.trim().to_owned();
    let names = (2..).map(|n| format!("{name} ({n})"));
    let free = std::iter::once(name.clone()).chain(names).find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or(name)
}
