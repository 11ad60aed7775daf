//! The columns from which the pay of a sail is worked out: the same in a statement and in the tab of a charter.

use crewcall_dispatch::statement::Line;

use super::page::{Column, Page, letter};
use crate::workbook::WriteError;

/// How many there are.
const COUNT: usize = 8;

/// What stands over them.
pub(super) const HEADINGS: [&str; COUNT] =
    ["Worked", "Paid hours", "Rate per hour", "By the hour", "Per sail", "Share of", "Share", "Share paid"];

/// What they hold.
pub(super) const COLUMNS: [Column; COUNT] = {
    use Column::{Hours, Money, Percent};
    [Hours(8), Hours(8), Money(10), Money(12), Money(10), Money(11), Percent(8), Money(10)]
};

/// These columns, from this one on.
#[derive(Clone, Copy)]
pub(super) struct Wage(pub(super) u16);

impl Wage {
    pub(super) const fn worked(self) -> u16 {
        self.0
    }

    pub(super) const fn paid(self) -> u16 {
        self.0 + 1
    }

    const fn rate(self) -> u16 {
        self.0 + 2
    }

    pub(super) const fn hourly(self) -> u16 {
        self.0 + 3
    }

    pub(super) const fn flat(self) -> u16 {
        self.0 + 4
    }

    const fn base(self) -> u16 {
        self.0 + 5
    }

    const fn part(self) -> u16 {
        self.0 + 6
    }

    pub(super) const fn share(self) -> u16 {
        self.0 + 7
    }

    /// From what the pay is worked out.
    pub(super) fn basis(self, page: &mut Page<'_>, line: &Line) -> Result<(), WriteError> {
        if let Some(worked) = line.worked {
            page.hours(self.worked(), worked)?;
        }
        if let Some(hourly) = line.hourly {
            page.hours(self.paid(), hourly.paid)?;
            page.money(self.rate(), hourly.rate)?;
        }
        if let Some(share) = line.share {
            page.money(self.base(), share.base)?;
            page.percent(self.part(), share.part)?;
        }
        Ok(())
    }

    /// The pay itself, as formulas that count in whole minutes, cents and millionths and round once.
    pub(super) fn pay(self, page: &mut Page<'_>, line: &Line) -> Result<(), WriteError> {
        let row = page.row + 1;
        if let Some(hourly) = line.hourly {
            let (paid, rate) = (letter(self.paid()), letter(self.rate()));
            let formula = format!("=ROUND(ROUND({paid}{row}*1440,0)*ROUND({rate}{row}*100,0)/60,0)/100");
            page.computed(self.hourly(), &formula, hourly.amount())?;
        }
        if !line.parts.flat.is_zero() {
            page.money(self.flat(), line.parts.flat)?;
        }
        if let Some(share) = line.share {
            let (base, part) = (letter(self.base()), letter(self.part()));
            let formula =
                format!("=ROUND(ROUND({base}{row}*100,0)*ROUND({part}{row}*1000000,0)/1000000,0)/100");
            page.computed(self.share(), &formula, share.amount())?;
        }
        Ok(())
    }

    /// The parts of the pay in a row, for a formula that adds them up: `H5+I5+L5`.
    pub(super) fn sum(self, row: u32) -> String {
        let columns = [self.hourly(), self.flat(), self.share()];
        columns.map(|column| format!("{}{row}", letter(column))).join("+")
    }
}
