//! Statements: to each crew member their own, to the owner the month, to the office the summary.

use crewcall_dispatch::model::Amount;
use crewcall_dispatch::statement::{Account, Adjustment, Changed, Draft, Statement, Why};

use super::envelope::Envelope;
use super::layout::{Block, Letter};
use crate::mail::{Address, Attachment, Mail, Purpose};
use crate::operator::Operator;
use crate::words;

/// Lines of a list that are written out; the workbook has all.
const LISTED: usize = 20;

/// Somebody's statement, with the sum in the text.
pub fn crew_statement(of: &Envelope<'_>, to: Address, statement: &Statement, workbook: Attachment) -> Mail {
    let operator = of.operator;
    let (month, currency) = (statement.month.name(), &operator.pay.currency);
    let sails = statement.sails();
    let mut facts = vec![("To be paid", format!("{} {currency}", statement.paid()))];
    facts.push(("Sails", statement.lines.len().to_string()));
    facts.push(("Pay", sails.wage().to_string()));
    facts.push(("Gratuity", sails.gratuity.to_string()));
    if !statement.adjustments.is_empty() {
        facts.push(("Adjustments", statement.adjusted().to_string()));
    }
    facts.push(("Year to date", statement.year_to_date().to_string()));
    let mut letter = Letter::new(format!("Your statement for {month}: {} {currency}", statement.paid()))
        .with(Block::Facts(facts));
    if !statement.adjustments.is_empty() {
        letter = letter.say("The adjustments:").with(list(statement.adjustments.iter().map(adjustment)));
    }
    if statement.total() < Amount::ZERO {
        let carried = -statement.total();
        letter = letter.say(format!(
            "More was taken off than there was to be paid: {carried} {currency} is carried over to the next month."
        ));
    }
    if !statement.open.is_empty() {
        let open =
            statement.open.iter().map(|one| format!("{} on {} ({})", one.vessel, one.date, one.charter_id));
        letter = letter
            .say("Not paid yet, because figures of it are missing; it comes with a later month:")
            .with(list(open));
    }
    letter = letter
        .say("The workbook that comes with this mail has a line for each sail, and says by which rule it is paid.")
        .say(format!("Something is not right? Answer this mail; you can also {}.", operator.reach_office()));
    mail(of, to, format!("{month}: your statement, {}", operator.name), &letter, vec![workbook])
}

/// The owner's workbook.
pub fn month_for_owner(of: &Envelope<'_>, to: Address, draft: &Draft, workbook: Attachment) -> Mail {
    let letter = month(
        of.operator,
        draft,
        "The workbook that comes with this mail has all of it, down to the single sail.",
    );
    mail(of, to, format!("{}: crew pay, {}", draft.month.name(), of.operator.name), &letter, vec![workbook])
}

/// The summary. The owner's workbook comes with it where nobody else gets that.
pub fn month_for_office(of: &Envelope<'_>, draft: &Draft, workbook: Option<Attachment>) -> Mail {
    let operator = of.operator;
    let to = Address { name: format!("{} office", operator.name), email: operator.office.clone() };
    let currency = &operator.pay.currency;
    let people = draft.statements.iter();
    let people = people.map(|statement| format!("{}: {} {currency}", statement.name, statement.paid()));
    let url = format!("{}/statements/{}", operator.public_url, draft.month);
    let letter = month(operator, draft, "Everyone gets their own statement by mail. What each is paid:")
        .with(list(people))
        .with(Block::Button { label: "Open the month", url });
    let subject = format!("{}: statements, {}", draft.month.name(), operator.name);
    mail(of, to, subject, &letter, workbook.into_iter().collect())
}

fn month(operator: &Operator, draft: &Draft, then: &str) -> Letter {
    let (totals, currency) = (draft.totals(), &operator.pay.currency);
    let name = draft.month.name();
    let mut letter =
        Letter::new(format!("Crew pay for {name}: {} {currency}", totals.paid)).with(Block::Facts(vec![
            ("People", totals.people.to_string()),
            ("Charters", totals.charters.to_string()),
            ("Revenue", totals.gross_revenue.to_string()),
            ("Channel fees", totals.channel_fee.to_string()),
            ("Crew", totals.crew_cost.to_string()),
            ("Margin", totals.margin.to_string()),
            ("Gratuities", draft.gratuities().to_string()),
            ("Adjustments", totals.adjustments.to_string()),
        ]));
    if let Some(last) = draft.last_month {
        letter = letter.say(format!("The month before came to {} {currency}.", last.paid));
    }
    if !draft.changed.is_empty() {
        let changed = draft.changed.iter().map(changed);
        letter = letter
            .say("Charters of earlier months of which other figures are known since, with what that changes:")
            .with(list(changed));
    }
    let below: Vec<String> = draft
        .statements
        .iter()
        .filter(|statement| statement.total() < Amount::ZERO)
        .map(|statement| format!("{}: {}", statement.name, statement.total()))
        .collect();
    if !below.is_empty() {
        letter = letter
            .say("More was taken off than there was to be paid, and is carried over:")
            .with(list(below.into_iter()));
    }
    let open: Vec<String> = draft.open().map(open).collect();
    if !open.is_empty() {
        letter = letter
            .say(
                "Not paid yet, because something is missing; it comes with a later month once that is there. The revenue of these charters counts above, and no crew and no margin:",
            )
            .with(list(open.into_iter()));
    }
    letter.say(then)
}

fn list(lines: impl ExactSizeIterator<Item = String>) -> Block {
    let more = lines.len().saturating_sub(LISTED);
    let rest = (more > 0).then(|| format!("and {more} more, which the workbook has"));
    Block::List(lines.take(LISTED).chain(rest).collect())
}

fn open(account: &Account) -> String {
    let why: Vec<String> = account.open.iter().map(ToString::to_string).collect();
    format!("{}, {} ({}): {}", account.vessel, account.date, account.charter_id, why.join("; "))
}

fn changed(changed: &Changed) -> String {
    let Account { vessel, date, charter_id, .. } = &changed.now;
    let revenue = changed.by(|account| account.gross_revenue.map(Amount::from));
    let (crew, margin) = (changed.by(|account| Some(account.crew_cost)), changed.by(Account::margin));
    format!("{vessel}, {date} ({charter_id}): revenue {revenue}, crew {crew}, margin {margin}")
}

fn adjustment(adjustment: &Adjustment) -> String {
    match &adjustment.why {
        Why::ByHand { reason, .. } => format!("{reason}: {}", adjustment.amount),
        Why::CarriedOver { from } => format!("carried over from {}: {}", from.name(), adjustment.amount),
        Why::Later { date, vessel, .. } => {
            format!("{vessel} on {date}, {}: {}", words::owed(adjustment), adjustment.amount)
        }
    }
}

/// With what comes along.
fn mail(
    of: &Envelope<'_>,
    to: Address,
    subject: String,
    letter: &Letter,
    attachments: Vec<Attachment>,
) -> Mail {
    Mail { attachments, ..of.mail(to, subject, letter, Purpose::Statement) }
}
