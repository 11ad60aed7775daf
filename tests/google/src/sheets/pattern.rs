//! Number formats (<https://developers.google.com/workspace/sheets/api/guides/formats>): how a number looks by a
//! pattern.
//!
//! Dates and times are numbers of days since the end of 1899. Known is what people have in schedules: dates, times,
//! plain and grouped numbers, percent and currency. A pattern's sections for negative numbers and its colours are
//! not.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::{Span, Unit};
use serde_json::Value;

/// The day that is zero.
const EPOCH: Date = date(1899, 12, 30);
const MINUTES_PER_DAY: f64 = 24.0 * 60.0;
/// So many digits are shown of a number without a format.
const DIGITS: usize = 10;

/// The number that stands for a day.
pub(super) fn serial_of_date(day: Date) -> f64 {
    let days = EPOCH.until((Unit::Day, day)).map(|span| span.get_days());
    f64::from(days.expect("days between two dates"))
}

/// The part of a day that has gone by.
pub(super) fn serial_of_time(time: Time) -> f64 {
    let minutes = f64::from(time.hour()) * 60.0 + f64::from(time.minute());
    (minutes + f64::from(time.second()) / 60.0) / MINUTES_PER_DAY
}

/// A number as it looks in a cell of this `NumberFormat`.
pub(super) fn format(number: f64, number_format: Option<&Value>) -> String {
    let Some(number_format) = number_format else { return general(number) };
    let kind = number_format["type"].as_str().unwrap_or_default();
    let pattern = match number_format["pattern"].as_str().unwrap_or_default() {
        "" => usual(kind),
        pattern => pattern,
    };
    match kind {
        "DATE" | "TIME" | "DATE_TIME" => moment(number, pattern).unwrap_or_else(|| general(number)),
        "NUMBER" | "PERCENT" | "CURRENCY" => decimal(number, pattern),
        _ => general(number),
    }
}

/// Whether a number in this format is a date or a time.
pub(super) fn is_moment(number_format: Option<&Value>) -> bool {
    let kind = number_format.and_then(|format| format["type"].as_str());
    matches!(kind, Some("DATE" | "TIME" | "DATE_TIME"))
}

/// The patterns of the locale `en_US`.
fn usual(kind: &str) -> &'static str {
    match kind {
        "DATE" => "M/d/yyyy",
        "TIME" => "h:mm:ss am/pm",
        "DATE_TIME" => "M/d/yyyy H:mm:ss",
        "PERCENT" => "0.00%",
        "CURRENCY" => "$#,##0.00",
        _ => "#,##0.00",
    }
}

/// A number without a format.
fn general(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let exact = format!("{number:.*e}", DIGITS - 1);
    let rounded: f64 = exact.parse().unwrap_or(number);
    if (1e-5..1e15).contains(&rounded.abs()) {
        return rounded.to_string();
    }
    let (digits, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}E{sign}{exponent:0>2}")
}

fn decimal(number: f64, pattern: &str) -> String {
    let is_digit = |letter: char| matches!(letter, '0' | '#' | ',' | '.');
    let Some(start) = pattern.find(is_digit) else { return general(number) };
    let length = pattern[start..].find(|letter| !is_digit(letter)).unwrap_or(pattern.len() - start);
    let (before, rest) = pattern.split_at(start);
    let (digits, after) = rest.split_at(length);
    let number = if pattern.contains('%') { number * 100.0 } else { number };
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let rounded = format!("{:.places$}", number.abs());
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let mut shown = if digits.contains(',') { grouped(whole) } else { whole.to_owned() };
    if !fraction.is_empty() {
        shown = format!("{shown}.{fraction}");
    }
    let sign = if number < 0.0 && rounded.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') {
        "-"
    } else {
        ""
    };
    format!("{sign}{}{shown}{}", literal(before), literal(after))
}

fn grouped(whole: &str) -> String {
    let mut shown = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn literal(text: &str) -> String {
    text.replace(['"', '\\'], "")
}

fn moment(number: f64, pattern: &str) -> Option<String> {
    let at = moment_of(number)?;
    let tokens = tokens(pattern);
    let twelve = tokens.iter().any(|token| token.kind == 'a');
    let mut shown = String::new();
    for (index, token) in tokens.iter().enumerate() {
        // An `m` is a minute behind an hour or before a second.
        let beside = |mut others: Box<dyn Iterator<Item = &Token> + '_>| {
            others.find(|token| token.kind != '"').map(|token| token.kind)
        };
        let kind = match token.kind {
            'm' if beside(Box::new(tokens[..index].iter().rev())) == Some('h') => 'M',
            'm' if beside(Box::new(tokens[index + 1..].iter())) == Some('s') => 'M',
            kind => kind,
        };
        shown += &part(&at, kind, &token.text, twelve);
    }
    Some(shown)
}

fn moment_of(number: f64) -> Option<DateTime> {
    let seconds = (number * MINUTES_PER_DAY * 60.0).round() as i64;
    EPOCH.at(0, 0, 0, 0).checked_add(Span::new().try_seconds(seconds).ok()?).ok()
}

struct Token {
    /// The letter of a date's part, `a` for morning or afternoon, a quotation mark for what stands as it is.
    kind: char,
    text: String,
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let lower = first.to_ascii_lowercase();
        let length = match lower {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            'a' if rest.to_ascii_lowercase().starts_with("am/pm") => 5,
            'y' | 'm' | 'd' | 'h' | 's' => {
                rest.find(|letter: char| letter.to_ascii_lowercase() != lower).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (text, left) = rest.split_at(length);
        let kind = match lower {
            'a' if length == 5 => 'a',
            'y' | 'm' | 'd' | 'h' | 's' => lower,
            _ => '"',
        };
        tokens.push(Token { kind, text: text.to_owned() });
        rest = left;
    }
    tokens
}

fn part(at: &DateTime, kind: char, text: &str, twelve: bool) -> String {
    let number = |number: i16| match text.len() {
        1 => number.to_string(),
        _ => format!("{number:02}"),
    };
    match (kind, text.len()) {
        ('y', 1 | 2) => format!("{:02}", at.year() % 100),
        ('y', _) => format!("{:04}", at.year()),
        ('m', 3) => at.strftime("%b").to_string(),
        ('m', 4) => at.strftime("%B").to_string(),
        ('m', 5) => at.strftime("%B").to_string().chars().take(1).collect(),
        ('m', _) => number(at.month().into()),
        ('d', 3) => at.strftime("%a").to_string(),
        ('d', 4..) => at.strftime("%A").to_string(),
        ('d', _) => number(at.day().into()),
        ('h', _) if twelve => number((i16::from(at.hour()) + 11) % 12 + 1),
        ('h', _) => number(at.hour().into()),
        ('M', _) => number(at.minute().into()),
        ('s', _) => number(at.second().into()),
        ('a', _) => if at.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        _ => literal(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn looks(number: f64, kind: &str, pattern: &str, expect: &str) {
        let format_of_cell = json!({ "type": kind, "pattern": pattern });
        assert_eq!(format(number, Some(&format_of_cell)), expect, "{pattern}");
    }

    #[test]
    fn dates_look_as_their_pattern_says() {
        let day = serial_of_date(date(2026, 6, 7));
        assert_eq!(day, 46180.0);
        looks(day, "DATE", "", "6/7/2026");
        looks(day, "DATE", "yyyy-mm-dd", "2026-06-07");
        looks(day, "DATE", "ddd d", "Sun 7");
        looks(day, "DATE", "dddd, mmmm d", "Sunday, June 7");
        looks(day, "DATE", "d-mmm", "7-Jun");
        looks(day, "DATE", "m/d/yy", "6/7/26");
        looks(day + 0.604_166_666_7, "DATE_TIME", "", "6/7/2026 14:30:00");
        looks(0.604_166_666_7, "TIME", "h:mm am/pm", "2:30 PM");
        looks(0.0, "TIME", "hh:mm \"o'clock\"", "00:00 o'clock");
    }

    #[test]
    fn numbers_look_as_their_pattern_says() {
        looks(1234.5, "NUMBER", "#,##0.00", "1,234.50");
        looks(0.256, "PERCENT", "0%", "26%");
        looks(-1234567.0, "CURRENCY", "\"$\"#,##0", "-$1,234,567");
        looks(7.0, "NUMBER", "0.0", "7.0");
        looks(7.5, "TEXT", "@", "7.5");
    }

    #[test]
    fn a_number_without_a_format_is_short() {
        for (number, expect) in [
            (42.0, "42"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.3333333333"),
            (-2.5, "-2.5"),
            (1e15, "1E+15"),
            (1.5e-7, "1.5E-07"),
            (5_550_123.0, "5550123"),
        ] {
            assert_eq!(general(number), expect);
        }
    }
}
