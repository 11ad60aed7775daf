//! Dates as people write them over the columns of a month: `6/27`, `Sat 27`, `27-Jun`, `June 27`, a serial number. What a
//! text alone does not say, the month or the year, stays open; `header` finds it in what stands around.

use jiff::civil::{Date, Weekday};

use crate::limits;

/// What one text says of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) year: Option<i16>,
    /// The year of a date that is shown without one.
    pub(super) unseen_year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    /// The weekdays that it can mean: `T` is two of them.
    pub(super) weekdays: Option<Weekdays>,
    /// As in `6/7`: which of the two is the month, other cells of the row say.
    pub(super) slashed: Option<(i8, i8)>,
}

/// A set of weekdays, a bit each, Monday's the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weekdays(u8);

impl Weekdays {
    fn one(day: Weekday) -> Self {
        Self(1 << day.to_monday_zero_offset())
    }

    /// Whether a date is on one of them.
    pub(super) fn fit(self, date: Date) -> bool {
        self.0 & Self::one(date.weekday()).0 != 0
    }

    fn parse(word: &str) -> Option<Self> {
        const NAMES: [(&str, Weekday); 7] = [
            ("monday", Weekday::Monday),
            ("tuesday", Weekday::Tuesday),
            ("wednesday", Weekday::Wednesday),
            ("thursday", Weekday::Thursday),
            ("friday", Weekday::Friday),
            ("saturday", Weekday::Saturday),
            ("sunday", Weekday::Sunday),
        ];
        let longest = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
        let begins = NAMES.iter().filter(|(name, _)| name.starts_with(longest));
        let days = begins.fold(0, |days, (_, day)| days | Self::one(*day).0);
        (days != 0 && !longest.is_empty()).then_some(Self(days))
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by its name, at least three letters of it.
pub(super) fn month(word: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word));
    place.and_then(|place| i8::try_from(place + 1).ok()).or_else(|| (word == "sept").then_some(9))
}

/// What a month is called.
pub(super) fn month_name(month: i8) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|place| MONTHS.get(place)).copied().unwrap_or("");
    name.chars().enumerate().map(|(place, c)| if place == 0 { c.to_ascii_uppercase() } else { c }).collect()
}

/// The year of a word of four digits, or of two behind an apostrophe.
fn year(word: &str) -> Option<i16> {
    match word.strip_prefix(['\'', '’']) {
        Some(short) if short.len() == 2 => short.parse::<i16>().ok().map(|year| 2000 + year),
        Some(_) => None,
        None if word.len() == 4 => word.parse::<i16>().ok().filter(|year| limits::YEARS.contains(year)),
        None => None,
    }
}

/// Month and year that a longer text names, such as the name of a tab.
pub(super) fn named_in(text: &str) -> (Option<i8>, Option<i16>) {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !(c.is_alphanumeric() || "'’".contains(c)));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let short = |word: &&str| word.parse::<i16>().ok().filter(|_| word.len() == 2).map(|year| 2000 + year);
    let full_year = words.iter().find_map(|word| year(word));
    match words.iter().position(|word| month(word).is_some()) {
        Some(place) => {
            // `June 26` is a year, `June 15-28` is not.
            let numbers = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count();
            let behind = words.get(place + 1).filter(|_| numbers == 1).and_then(short);
            (month(words[place]), full_year.or(behind.filter(|year| *year >= 2024)))
        }
        // As in `2026-06` and `6/2026`.
        None => {
            let number =
                |word: &str| word.parse::<i8>().ok().filter(|n| word.len() <= 2 && (1..=12).contains(n));
            let beside = words.windows(2).find_map(|two| match (year(two[0]), year(two[1])) {
                (Some(_), None) => number(two[1]),
                (None, Some(_)) => number(two[0]),
                _ => None,
            });
            (beside, full_year)
        }
    }
}

/// The day from which spreadsheets count.
const ZERO: Date = Date::constant(1899, 12, 30);

/// The serial number of a day.
pub(super) fn serial_of(date: Date) -> i64 {
    i64::from(date.duration_since(ZERO).as_hours() as i32 / 24)
}

/// The day of a serial number, as spreadsheets count them.
pub fn serial(number: i64) -> Option<Date> {
    let date = ZERO.checked_add(jiff::Span::new().try_days(number).ok()?).ok()?;
    limits::YEARS.contains(&date.year()).then_some(date)
}

impl From<Date> for Part {
    fn from(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()), ..Self::default() }
    }
}

impl Part {
    /// What a text says, if all of it speaks of a date.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return None;
        }
        if let Ok(date) = text.parse::<Date>()
            && text.len() == 10
        {
            return Some(date.into());
        }
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || ",.-–/()|".contains(c)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let mut part = Self::default();
        let mut numbers: Vec<i64> = Vec::new();
        for word in &words {
            if let Some(month) = month(word) {
                if part.month.replace(month).is_some() {
                    return None;
                }
            } else if let Some(year) = year(word) {
                if part.year.replace(year).is_some() {
                    return None;
                }
            } else if let Some(days) = Weekdays::parse(word) {
                if part.weekdays.replace(days).is_some() {
                    return None;
                }
            } else {
                numbers.push(number(word)?);
            }
        }
        part.take(&numbers, text.contains('/'), words.len())
    }

    /// Which of the numbers is what.
    fn take(mut self, numbers: &[i64], slashes: bool, words: usize) -> Option<Self> {
        let day = |number: i64| i8::try_from(number).ok().filter(|day| (1..=31).contains(day));
        let short_year =
            |number: i64| i16::try_from(number).ok().filter(|n| (0..100).contains(n)).map(|n| 2000 + n);
        match *numbers {
            [] => {}
            [one] if self.month.is_none() && words == 1 && one > 31 => return serial(one).map(Self::from),
            [one] => self.day = Some(day(one)?),
            [one, two] if self.month.is_some() && self.year.is_none() => {
                self.day = Some(day(one)?);
                self.year = Some(short_year(two)?);
            }
            [one, two] if slashes && self.month.is_none() => self.slashed = Some((day(one)?, day(two)?)),
            [one, two, three] if slashes && self.month.is_none() && self.year.is_none() => {
                self.slashed = Some((day(one)?, day(two)?));
                self.year = Some(short_year(three)?);
            }
            _ => return None,
        }
        Some(self)
    }

    /// The same with its slashes read: the month first, unless `day_first`.
    pub(super) fn read(self, day_first: bool) -> Self {
        let Some((one, two)) = self.slashed else { return self };
        let (month, day) = if day_first { (two, one) } else { (one, two) };
        Self { month: Some(month), day: Some(day), slashed: None, ..self }
    }

    /// Whether it names no single day.
    pub(super) fn is_heading(&self) -> bool {
        self.day.is_none() && self.slashed.is_none()
    }
}

/// A number, perhaps with the ending of an ordinal.
fn number(word: &str) -> Option<i64> {
    let ending =
        |word: &str| ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end).map(str::len));
    let digits = ending(word).map_or(word, |length| word.get(..length).unwrap_or(word));
    let plain = !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<i16>, Option<i8>, Option<i8>)> {
        let part = Part::parse(text)?.read(false);
        Some((part.year, part.month, part.day))
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, year, month, day) in [
            ("6/27", None, Some(6), Some(27)),
            ("06/27/2026", Some(2026), Some(6), Some(27)),
            ("6/27/26", Some(2026), Some(6), Some(27)),
            ("Sat 27", None, None, Some(27)),
            ("Sat\n6/27", None, Some(6), Some(27)),
            ("27-Jun", None, Some(6), Some(27)),
            ("27-Jun-26", Some(2026), Some(6), Some(27)),
            ("June 27", None, Some(6), Some(27)),
            ("June 27th, 2026", Some(2026), Some(6), Some(27)),
            ("27 June", None, Some(6), Some(27)),
            ("27", None, None, Some(27)),
            ("1st", None, None, Some(1)),
            ("46200", Some(2026), Some(6), Some(27)),
            ("2026-06-27", Some(2026), Some(6), Some(27)),
            ("June 2026", Some(2026), Some(6), None),
            ("JUNE", None, Some(6), None),
            ("Sa", None, None, None),
            ("Sept 3", None, Some(9), Some(3)),
        ] {
            assert_eq!(read(text), Some((year, month, day)), "{text:?}");
        }
        for text in ["", "Y", "Total", "6/27 AM", "32", "Jun Jul", "2026-02-30", "9-5", "Dana"] {
            let part = Part::parse(text);
            assert!(part.is_none_or(|part| part.day.is_none()), "{text:?}: {part:?}");
        }
    }

    #[test]
    fn a_letter_can_be_two_weekdays() {
        let (saturday, sunday, monday) =
            (jiff::civil::date(2026, 6, 27), jiff::civil::date(2026, 6, 28), jiff::civil::date(2026, 6, 29));
        let of = |text: &str| Part::parse(text).unwrap().weekdays.unwrap();
        assert!(of("S").fit(saturday) && of("S").fit(sunday) && !of("S").fit(monday));
        assert!(of("Sat").fit(saturday) && !of("Sat").fit(sunday));
        assert!(of("Mondays").fit(monday));
    }

    #[test]
    fn a_tab_names_its_month() {
        for (title, named) in [
            ("June Availability", (Some(6), None)),
            ("Jun '26", (Some(6), Some(2026))),
            ("June 26", (Some(6), Some(2026))),
            ("June 15-28", (Some(6), None)),
            ("2026-06 crew", (Some(6), Some(2026))),
            ("Availability JUNE 2026 (old)", (Some(6), Some(2026))),
            ("Maybe", (None, None)),
            ("Roster", (None, None)),
        ] {
            assert_eq!(named_in(title), named, "{title:?}");
        }
    }
}
