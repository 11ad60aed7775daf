//! A tab that is written row by row, in few formats.

use std::borrow::Cow;
use std::sync::LazyLock;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Amount, Minutes};
use crewcall_dispatch::statement::{Acceptance, How, Percent};
use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Formula,
    Workbook, Worksheet,
};

use super::Heading;
use crate::times;
use crate::workbook::WriteError;

/// How hard the files are compressed: as little as goes, since they are small, and compressing is a good part of the work.
const LEVEL: u8 = 1;

/// Hours and minutes, also more than a day of them.
const HOURS: &str = "[h]:mm";
/// In which spreadsheets count time.
const MINUTES_A_DAY: u32 = 24 * 60;

/// How each kind of cell looks.
pub(super) struct Formats {
    pub(super) title: Format,
    link: Format,
    pub(super) small: Format,
    heading: Format,
    number_heading: Format,
    pub(super) wrapped: Format,
    /// As `wrapped`, smaller.
    pub(super) aside: Format,
    pub(super) text: Format,
    pub(super) date: Format,
    pub(super) money: Format,
    pub(super) hours: Format,
    pub(super) percent: Format,
    pub(super) margin: Format,
    pub(super) count: Format,
    pub(super) total: Format,
    total_text: Format,
    section: Format,
    pub(super) total_hours: Format,
    pub(super) total_count: Format,
}

/// The same in every workbook, and made once.
pub(super) static FORMATS: LazyLock<Formats> = LazyLock::new(Formats::new);

impl Formats {
    fn new() -> Self {
        let plain = Format::new().set_align(FormatAlign::VerticalCenter);
        let section = plain.clone().set_bold().set_indent(1);
        let total = plain.clone().set_bold().set_border_top(FormatBorder::Thin);
        let shade = Color::RGB(0x00E7_EEF4);
        let heading =
            plain.clone().set_bold().set_background_color(shade).set_border_bottom(FormatBorder::Thin);
        // Amounts below nothing have a minus, which no printer loses.
        let money = "#,##0.00;-#,##0.00";
        Self {
            title: plain.clone().set_bold().set_font_size(14).set_quote_prefix(),
            link: plain
                .clone()
                .set_underline(FormatUnderline::Single)
                .set_font_color(Color::Blue)
                .set_indent(1)
                .set_quote_prefix(),
            small: plain.clone().set_font_size(9).set_quote_prefix(),
            number_heading: heading
                .clone()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Right),
            heading: heading.set_text_wrap().set_align(FormatAlign::VerticalCenter).set_indent(1),
            wrapped: plain.clone().set_text_wrap().set_align(FormatAlign::Top).set_quote_prefix(),
            aside: plain.clone().set_text_wrap().set_font_size(9).set_indent(1).set_quote_prefix(),
            // Text that begins like a formula stays text, also when somebody goes into the cell and leaves it again.
            text: plain.clone().set_quote_prefix().set_indent(1),
            date: plain.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left).set_indent(1),
            money: plain.clone().set_num_format(money),
            hours: plain.clone().set_num_format(HOURS),
            percent: plain.clone().set_num_format("0.00##%"),
            margin: plain.clone().set_num_format("0.0%"),
            count: plain.set_num_format("0"),
            total: total.clone().set_num_format(money),
            total_text: total.clone().set_indent(1),
            section,
            total_hours: total.clone().set_num_format(HOURS),
            total_count: total.set_num_format("0"),
        }
    }
}

/// A workbook whose only time stamp is that of its heading.
pub(super) fn workbook(heading: &Heading<'_>, title: &str) -> Result<Workbook, WriteError> {
    let at = heading.at.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let created = date_of(at.date()).map(|date| {
        let time = at.time();
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let whole = |n: i8| u16::from(n.unsigned_abs());
        date.and_hms(whole(hour), minute.unsigned_abs(), f64::from(second))
    });
    let mut properties = DocProperties::new().set_title(title).set_author(text(heading.operator));
    if let Some(created) = created.transpose()? {
        properties = properties.set_creation_datetime(&created);
    }
    let mut book = Workbook::new();
    book.set_zip_compression_level(LEVEL);
    book.set_properties(&properties);
    Ok(book)
}

/// What stands in a column, mostly: such cells are written without a format of their own, which is faster by a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Text, so many characters wide.
    Text(u8),
    Date(u8),
    Money(u8),
    Hours(u8),
    Percent(u8),
    Count(u8),
    /// Text that goes on below where it has no room.
    Wrapped(u8),
}

impl Column {
    fn width(self) -> u8 {
        match self {
            Self::Text(width)
            | Self::Date(width)
            | Self::Money(width)
            | Self::Hours(width)
            | Self::Percent(width)
            | Self::Count(width)
            | Self::Wrapped(width) => width,
        }
    }

    fn format(self) -> &'static Format {
        match self {
            Self::Text(_) => &FORMATS.text,
            Self::Date(_) => &FORMATS.date,
            Self::Money(_) => &FORMATS.money,
            Self::Hours(_) => &FORMATS.hours,
            Self::Percent(_) => &FORMATS.percent,
            Self::Count(_) => &FORMATS.count,
            Self::Wrapped(_) => &FORMATS.aside,
        }
    }
}

/// A tab, and the row that is being written.
pub(super) struct Page<'a> {
    sheet: &'a mut Worksheet,
    columns: &'static [Column],
    pub(super) row: u32,
}

impl<'a> Page<'a> {
    /// A tab of these columns. It is printed across, on as many pages as it takes, each as wide as it.
    pub(super) fn new(
        sheet: &'a mut Worksheet,
        name: &str,
        columns: &'static [Column],
    ) -> Result<Self, WriteError> {
        sheet.set_name(name)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_footer("&L&A&RPage &P of &N");
        for (place, column) in (0..).zip(columns) {
            sheet.set_column_width(place, f64::from(column.width()))?;
            sheet.set_column_format(place, column.format())?;
        }
        Ok(Self { sheet, columns, row: 0 })
    }

    /// Whether a column has that format by itself.
    fn has(&self, column: u16, format: &Format) -> bool {
        let own = self.columns.get(usize::from(column));
        own.is_some_and(|own| std::ptr::eq(own.format(), format))
    }

    pub(super) fn next(&mut self) {
        self.row += 1;
    }

    pub(super) fn skip(&mut self, rows: u32) {
        self.row += rows;
    }

    /// A row of headings, which stays in sight and stands on every page that is printed.
    pub(super) fn headings(&mut self, headings: &[&str]) -> Result<(), WriteError> {
        self.sheet.set_freeze_panes(self.row + 1, 0)?.set_repeat_rows(self.row, self.row)?;
        self.sheet.set_row_height(self.row, 32)?;
        for (column, heading) in (0..).zip(headings) {
            let own = self.columns.get(usize::from(column));
            let is_number =
                own.is_some_and(|own| !matches!(own, Column::Text(_) | Column::Date(_) | Column::Wrapped(_)));
            let (text, number) = (&FORMATS.heading, &FORMATS.number_heading);
            self.put(column, heading, if is_number { number } else { text })?;
        }
        self.next();
        Ok(())
    }

    /// Text, whatever it looks like.
    pub(super) fn text(&mut self, column: u16, words: &str) -> Result<(), WriteError> {
        self.put(column, words, &FORMATS.text)
    }

    /// Text that goes on below where it has no room.
    pub(super) fn aside(&mut self, column: u16, words: &str) -> Result<(), WriteError> {
        let width = self.columns.get(usize::from(column)).map_or(1, |column| usize::from(column.width()));
        // Not every program makes a row as high as its text needs. In small print a quarter more letters have room.
        let lines = words.chars().count().div_ceil(width + width / 4).clamp(1, 10);
        if lines > 1 {
            self.sheet.set_row_height(self.row, 12.5 * f64::from(lines as u32))?;
        }
        self.put(column, words, &FORMATS.aside)
    }

    /// Text in a format.
    pub(super) fn put(
        &mut self,
        column: u16,
        words: &str,
        format: &'static Format,
    ) -> Result<(), WriteError> {
        if words.is_empty() {
            return Ok(());
        }
        match self.has(column, format) {
            true => self.sheet.write_string(self.row, column, text(words))?,
            false => self.sheet.write_string_with_format(self.row, column, text(words), format)?,
        };
        Ok(())
    }

    /// What stands at the head of the rows below.
    pub(super) fn section(&mut self, words: &str) -> Result<(), WriteError> {
        self.put(0, words, &FORMATS.section)
    }

    /// A row of totals with a line over it, from edge to edge; the totals are still to be written.
    pub(super) fn total_row(&mut self, words: &str) -> Result<(), WriteError> {
        for column in 1..self.columns.len() as u16 {
            self.sheet.write_blank(self.row, column, &FORMATS.total_text)?;
        }
        self.put(0, words, &FORMATS.total_text)
    }

    /// Text over several columns.
    pub(super) fn across(&mut self, first: u16, last: u16, words: &str) -> Result<(), WriteError> {
        self.sheet.merge_range(self.row, first, self.row, last, &text(words), &FORMATS.wrapped)?;
        Ok(())
    }

    /// As [`Page::across`], as high as the words need in so many characters.
    pub(super) fn note(
        &mut self,
        first: u16,
        last: u16,
        words: &str,
        chars: usize,
    ) -> Result<(), WriteError> {
        let lines = words.chars().count().div_ceil(chars.max(1)).clamp(1, 20);
        self.sheet.set_row_height(self.row, 15.0 * f64::from(lines as u32))?;
        self.across(first, last, words)?;
        self.next();
        Ok(())
    }

    pub(super) fn date(&mut self, column: u16, date: Date) -> Result<(), WriteError> {
        match date_of(date) {
            Some(day) => self.number(column, day.to_excel(), &FORMATS.date),
            None => self.text(column, &date.to_string()),
        }
    }

    pub(super) fn money(&mut self, column: u16, amount: impl Into<Amount>) -> Result<(), WriteError> {
        self.number(column, units(amount.into()), &FORMATS.money)
    }

    /// An amount, in the format of totals.
    pub(super) fn total(&mut self, column: u16, amount: Amount) -> Result<(), WriteError> {
        self.number(column, units(amount), &FORMATS.total)
    }

    pub(super) fn hours(&mut self, column: u16, hours: Minutes) -> Result<(), WriteError> {
        self.number(column, hours_of(hours), &FORMATS.hours)
    }

    pub(super) fn percent(&mut self, column: u16, part: Percent) -> Result<(), WriteError> {
        self.number(column, f64::from(part.0) / f64::from(Percent::WHOLE), &FORMATS.percent)
    }

    pub(super) fn count(&mut self, column: u16, count: u32) -> Result<(), WriteError> {
        self.number(column, f64::from(count), &FORMATS.count)
    }

    fn number(&mut self, column: u16, number: f64, format: &'static Format) -> Result<(), WriteError> {
        match self.has(column, format) {
            true => self.sheet.write_number(self.row, column, number)?,
            false => self.sheet.write_number_with_format(self.row, column, number, format)?,
        };
        Ok(())
    }

    /// A formula, and what it comes to.
    pub(super) fn formula(
        &mut self,
        column: u16,
        formula: &str,
        result: f64,
        format: &'static Format,
    ) -> Result<(), WriteError> {
        let formula = Formula::new(formula).set_result(result.to_string());
        match self.has(column, format) {
            true => self.sheet.write_formula(self.row, column, formula)?,
            false => self.sheet.write_formula_with_format(self.row, column, formula, format)?,
        };
        Ok(())
    }

    /// A formula that comes to an amount.
    pub(super) fn computed(&mut self, column: u16, formula: &str, amount: Amount) -> Result<(), WriteError> {
        self.formula(column, formula, units(amount), &FORMATS.money)
    }

    /// The sum of the rows of a column from `first` on to the one above, in the format of totals; of no rows it is nothing.
    pub(super) fn sum(&mut self, column: u16, first: u32, amount: Amount) -> Result<(), WriteError> {
        // Sums of cents in binary may be off in the last digit; rounded they are not.
        self.sum_as(column, first, ("ROUND(", ",2)"), units(amount), &FORMATS.total)
    }

    /// The same of hours: whole minutes again.
    pub(super) fn sum_hours(&mut self, column: u16, first: u32, hours: Minutes) -> Result<(), WriteError> {
        self.sum_as(column, first, ("ROUND(", "*1440,0)/1440"), hours_of(hours), &FORMATS.total_hours)
    }

    /// The same of counts.
    pub(super) fn sum_count(&mut self, column: u16, first: u32, count: u32) -> Result<(), WriteError> {
        self.sum_as(column, first, ("", ""), f64::from(count), &FORMATS.total_count)
    }

    fn sum_as(
        &mut self,
        column: u16,
        first: u32,
        (before, after): (&str, &str),
        result: f64,
        format: &'static Format,
    ) -> Result<(), WriteError> {
        let end = self.row;
        if end <= first {
            return self.number(column, result, format);
        }
        let letter = letter(column);
        let formula = format!("={before}SUM({letter}{}:{letter}{end}){after}", first + 1);
        self.formula(column, &formula, result, format)
    }

    /// A link to a tab of the same workbook.
    pub(super) fn link(&mut self, column: u16, tab: &str, words: &str) -> Result<(), WriteError> {
        let url = rust_xlsxwriter::Url::new(format!("internal:'{tab}'!A1")).set_text(text(words));
        self.sheet.write_url_with_format(self.row, column, url, &FORMATS.link)?;
        Ok(())
    }
}

/// The letter of a column; tabs here have fewer than there are letters.
pub(super) fn letter(column: u16) -> char {
    char::from(b'A' + (column % 26) as u8)
}

/// An amount in units of the currency.
pub(super) fn units(amount: Amount) -> f64 {
    // Amounts are far below the 2^53 up to which all whole numbers are exact, so this is the nearest number there is.
    amount.cents() as f64 / 100.0
}

/// Hours as spreadsheets count time, in days.
fn hours_of(hours: Minutes) -> f64 {
    f64::from(hours.0) / f64::from(MINUTES_A_DAY)
}

/// Text as a cell can hold it.
pub(super) fn text(words: &str) -> Cow<'_, str> {
    // XML has no place for these two (XML 1.0, 2.2); other control characters are written as spreadsheets do.
    const NONE: [char; 2] = ['\u{FFFE}', '\u{FFFF}'];
    // No text has more units than bytes, so most need no count.
    if words.len() <= limits::CELL_UNITS && !words.contains(NONE) {
        return Cow::Borrowed(words);
    }
    let words = words.replace(NONE, "\u{FFFD}");
    let mut units = 0;
    let fits = words.chars().take_while(|c| {
        units += c.len_utf16();
        units <= limits::CELL_UNITS
    });
    Cow::Owned(fits.collect())
}

/// A date, as far as spreadsheets have them.
fn date_of(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (u16::try_from(date.year()).ok()?, date.month(), date.day());
    ExcelDateTime::from_ymd(year, month.unsigned_abs(), day.unsigned_abs()).ok()
}

/// `accepted Mon 1 Jun 2026, 09:12 PDT, event 4`: in one line. By which link it was, the audit says under that number.
pub(super) fn accepted(acceptance: &Acceptance, heading: &Heading<'_>) -> String {
    let Acceptance { seq, at, how, .. } = acceptance;
    format!("{} {}, event {seq}", accepted_words(*how), times::full(*at, heading.zone))
}

/// Whose word put somebody aboard.
pub(crate) fn accepted_words(how: How) -> &'static str {
    match how {
        How::Accepted => "accepted",
        How::Assigned => "put aboard",
        How::TurnedUp => "turned up, recorded",
    }
}
