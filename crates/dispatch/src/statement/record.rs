//! A statement as it is kept and shown: everything that it says, so that it stays the same whatever becomes of rules,
//! roster and charters.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::rules::Percent;
use super::sail::{Acceptance, Open, Remark};
use crate::model::{Amount, CharterId, CrewId, Minutes, Money, Month, Rank};

/// One person's month of pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The month.
    pub month: Month,
    /// Whose.
    pub crew_id: CrewId,
    /// The name, as the roster had it.
    pub name: String,
    /// The sails of the month, by departure.
    pub lines: Vec<Line>,
    /// What is paid or taken off beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// The rules that gave the figures, by which lines name them: the first is number 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// Sails that are not paid yet, because figures of them are missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<OpenSail>,
    /// What was paid by the earlier statements of the year.
    pub earlier_this_year: Amount,
    /// What the statement of the month before came to, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_month: Option<Amount>,
}

impl Statement {
    /// What the sails of the month come to.
    pub fn sails(&self) -> Parts {
        self.lines.iter().map(|line| line.parts).sum()
    }

    /// What the adjustments come to.
    pub fn adjusted(&self) -> Amount {
        self.adjustments.iter().map(|adjustment| adjustment.amount).sum()
    }

    /// The sum of the lines and adjustments. Below nothing, more was taken off than there was to be paid.
    pub fn total(&self) -> Amount {
        self.sails().total() + self.adjusted()
    }

    /// What is paid. Nobody pays anything in: what is below nothing is carried over to the next month.
    pub fn paid(&self) -> Amount {
        self.total().max(Amount::ZERO)
    }

    /// What was paid in the year, this month included.
    pub fn year_to_date(&self) -> Amount {
        self.earlier_this_year + self.paid()
    }
}

/// A sail that is not paid yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSail {
    /// The day of departure.
    pub date: Date,
    /// The charter.
    pub charter_id: CharterId,
    /// The boat.
    pub vessel: String,
}

/// One sail on a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The day of departure, by the operator's calendar.
    pub date: Date,
    /// The charter.
    pub charter_id: CharterId,
    /// The boat.
    pub vessel: String,
    /// As what the person sailed.
    pub position: Rank,
    /// How long the person worked, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worked: Option<Minutes>,
    /// What is paid by the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hourly: Option<HourlyPay>,
    /// What is paid of the revenue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<SharePay>,
    /// What it comes to.
    pub parts: Parts,
    /// The rules that gave it, as numbers of [`Statement::rules`].
    pub rules: Vec<u16>,
    /// Where the audit has the yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Acceptance>,
}

/// Pay by the hour, on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyPay {
    /// For how long.
    pub paid: Minutes,
    /// For an hour.
    pub rate: Money,
}

impl HourlyPay {
    /// What it comes to, rounded to a cent.
    pub fn amount(self) -> Amount {
        Amount::rounded(i128::from(self.paid.0) * i128::from(self.rate.cents()), 60)
    }
}

/// A share of the revenue, on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharePay {
    /// Of what; below nothing where the fee is above the revenue.
    pub base: Amount,
    /// How much.
    pub part: Percent,
}

impl SharePay {
    /// What it comes to, rounded to a cent.
    pub fn amount(self) -> Amount {
        let exact = i128::from(self.base.cents()) * i128::from(self.part.0);
        Amount::rounded(exact, i128::from(Percent::WHOLE))
    }
}

/// What a sail pays, by what it is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parts {
    /// For the sail.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    pub flat: Amount,
    /// By the hour.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    pub hourly: Amount,
    /// Of the revenue.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    pub share: Amount,
    /// Of the gratuity.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    pub gratuity: Amount,
}

impl Parts {
    /// All of it.
    pub fn total(&self) -> Amount {
        self.wage() + self.gratuity
    }

    /// What the operator pays: all but the gratuity, which is the guests'.
    pub fn wage(&self) -> Amount {
        self.flat + self.hourly + self.share
    }

    /// Whether nothing is paid.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Each part with its name.
    pub fn named(&self) -> [(&'static str, Amount); 4] {
        [
            ("per sail", self.flat),
            ("by the hour", self.hourly),
            ("share", self.share),
            ("gratuity", self.gratuity),
        ]
    }

    fn both(self, other: Self, of: impl Fn(Amount, Amount) -> Amount) -> Self {
        Self {
            flat: of(self.flat, other.flat),
            hourly: of(self.hourly, other.hourly),
            share: of(self.share, other.share),
            gratuity: of(self.gratuity, other.gratuity),
        }
    }
}

impl std::ops::Add for Parts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.both(other, |one, other| one + other)
    }
}

impl std::ops::Sub for Parts {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.both(other, |one, other| one - other)
    }
}

impl std::iter::Sum for Parts {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, parts| sum + parts)
    }
}

/// Something that is paid or taken off beside the sails of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// How much.
    pub amount: Amount,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

impl Adjustment {
    /// Of a sail of an earlier month: what it was paid before, and what it comes to by what is known now.
    pub fn was_and_is(&self) -> Option<(Amount, Amount)> {
        let Why::Later { parts, line, .. } = &self.why else { return None };
        let is = line.as_ref().map_or(Amount::ZERO, |line| line.parts.total());
        Some((is - parts.total(), is))
    }
}

/// Why something is paid or taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// The office said so.
    ByHand {
        /// The number of the entry in its month.
        no: u32,
        /// Why.
        reason: String,
        /// Who.
        by: String,
        /// On which day.
        on: Date,
    },
    /// A sail of a month that was approved should have been paid otherwise, by what is known now.
    Later {
        /// The sail.
        charter_id: CharterId,
        /// The day of departure.
        date: Date,
        /// The boat.
        vessel: String,
        /// What the change is, part by part.
        parts: Parts,
        /// What it was.
        owed: Owed,
        /// What the sail pays by what is known now; nothing, if the person did not sail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<Box<Line>>,
    },
    /// More had been taken off than there was to be paid.
    CarriedOver {
        /// By the statement of that month.
        from: Month,
    },
}

/// What became of a sail since its month was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owed {
    /// It was not paid yet: its figures were not known, or who sailed.
    Open,
    /// Its figures, or the rules, are otherwise.
    Changed,
    /// The person did not sail after all.
    NotSailed,
}

/// What one charter brought in and cost, for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The day of departure.
    pub date: Date,
    /// The charter.
    pub charter_id: CharterId,
    /// The boat.
    pub vessel: String,
    /// Guests aboard.
    pub guests: u32,
    /// What it brought in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_revenue: Option<Money>,
    /// What whoever sold it keeps of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_fee: Option<Money>,
    /// What the guests gave the crew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gratuity: Option<Money>,
    /// What the operator pays the crew; the gratuity is the guests'.
    pub crew_cost: Amount,
    /// Why it is not paid yet; nothing of it is, then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
    /// What else about it needs a look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

impl Account {
    /// Whether both say the same in figures; what else needs a look is none of them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let figures = |account: &Self| {
            (
                account.gross_revenue,
                account.channel_fee,
                account.gratuity,
                account.crew_cost,
                account.margin(),
            )
        };
        figures(self) == figures(other)
    }

    /// Whether it says nothing of money any more.
    pub(super) fn is_nothing(&self) -> bool {
        self.gross_revenue.is_none() && self.channel_fee.is_none() && self.crew_cost.is_zero()
    }

    /// The same of a charter that was cancelled after all.
    pub(super) fn cancelled(&self) -> Self {
        let (gross_revenue, channel_fee, gratuity) = (None, None, None);
        let (open, remarks) = (Vec::new(), Vec::new());
        Self { gross_revenue, channel_fee, gratuity, crew_cost: Amount::ZERO, open, remarks, ..self.clone() }
    }

    /// What is left of the revenue after fee and crew; unknown without a revenue, while the crew's pay is open, or where
    /// nobody knows who sailed. A fee that is not known counts as none, which [`Remark::NoChannelFee`] says.
    pub fn margin(&self) -> Option<Amount> {
        let known = self.open.is_empty() && !self.remarks.contains(&Remark::NobodyAboard);
        let gross = self.gross_revenue.filter(|_| known)?;
        let fee = self.channel_fee.map_or(Amount::ZERO, Amount::from);
        Some(Amount::from(gross) - fee - self.crew_cost)
    }
}

/// A charter of a month that was approved, of which other figures are known since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// As it was told last.
    pub was: Account,
    /// As it is now; of one that was cancelled nothing is left.
    pub now: Account,
}

impl Changed {
    /// By how much more or less, of what is known of both.
    pub fn by(&self, of: impl Fn(&Account) -> Option<Amount>) -> Amount {
        of(&self.now).unwrap_or_default() - of(&self.was).unwrap_or_default()
    }
}
