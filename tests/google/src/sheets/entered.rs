//! What somebody types, and what Sheets makes of it (`USER_ENTERED`, locale `en_US`): a number, a date, a formula, or
//! text.
//!
//! A day without a year is in the year that it is by the book. What only looks like a date becomes one: `5/6` and
//! `8-12` do, `Sat 27` does not.

use jiff::civil::{Date, Time};
use serde_json::{Value, json};

use super::cell::Cell;
use super::pattern::{serial_of_date, serial_of_time};
use super::render::number;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes into a cell what was typed. `year` is the year that it is.
pub(super) fn enter(cell: &mut Cell, text: &str, year: i16) {
    if let Some(rest) = text.strip_prefix('\'') {
        return cell.set_value(Some(json!({ "stringValue": rest })).filter(|_| !rest.is_empty()));
    }
    if text.is_empty() {
        return cell.set_value(None);
    }
    let plain = json!({ "stringValue": text });
    if cell.is_text() {
        return cell.set_value(Some(plain));
    }
    if text.len() > 1 && text.starts_with('=') {
        return cell.set_value(Some(json!({ "formulaValue": text })));
    }
    let typed = text.trim();
    if let Some(truth) = truth(typed) {
        return cell.set_value(Some(json!({ "boolValue": truth })));
    }
    let Some(read) = numeric(typed).or_else(|| moment(typed, year)) else {
        return cell.set_value(Some(plain));
    };
    cell.set_value(Some(json!({ "numberValue": number(read.number) })));
    if let Some((kind, pattern)) = read.format {
        cell.suggest_number_format(kind, pattern);
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_uppercase().as_str() {
        "TRUE" => Some(true),
        "FALSE" => Some(false),
        _ => None,
    }
}

struct Read {
    number: f64,
    format: Option<(&'static str, &'static str)>,
}

/// `12`, `-1,234.50`, `1e3`, `25%`, `$12.50`.
fn numeric(text: &str) -> Option<Read> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (currency, rest) = match rest.strip_prefix('$') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (percent, rest) = match rest.strip_suffix('%') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let allowed =
        |letter: u8| letter.is_ascii_digit() || matches!(letter, b'.' | b',' | b'e' | b'E' | b'-' | b'+');
    if !rest.bytes().all(allowed) || !rest.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let groups = rest.contains(',');
    if groups && !well_grouped(rest) {
        return None;
    }
    let mut number: f64 = rest.replace(',', "").parse().ok()?;
    if percent {
        number /= 100.0;
    }
    let cents = rest.contains('.');
    let format = match (currency, percent, groups, cents) {
        (true, _, _, false) => Some(("CURRENCY", "\"$\"#,##0")),
        (true, _, _, true) => Some(("CURRENCY", "\"$\"#,##0.00")),
        (_, true, _, false) => Some(("PERCENT", "0%")),
        (_, true, _, true) => Some(("PERCENT", "0.00%")),
        (_, _, true, false) => Some(("NUMBER", "#,##0")),
        (_, _, true, true) => Some(("NUMBER", "#,##0.00")),
        _ => None,
    };
    Some(Read { number: if negative { -number } else { number }, format })
}

fn well_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

/// A day, a time, or both.
fn moment(text: &str, year: i16) -> Option<Read> {
    if let Some((day, format)) = day(text, year) {
        return Some(Read { number: serial_of_date(day), format: Some(("DATE", format)) });
    }
    if let Some((time, format)) = time(text) {
        return Some(Read { number: serial_of_time(time), format: Some(("TIME", format)) });
    }
    let (first, rest) = text.split_once(' ')?;
    let ((day, _), (time, _)) = (day(first, year)?, time(rest)?);
    let number = serial_of_date(day) + serial_of_time(time);
    Some(Read { number, format: Some(("DATE_TIME", "M/d/yyyy H:mm:ss")) })
}

fn day(text: &str, this_year: i16) -> Option<(Date, &'static str)> {
    let parts: Vec<&str> = text.split([' ', ',', '/', '-']).filter(|part| !part.is_empty()).collect();
    let mark = text.chars().find(|letter| matches!(letter, '/' | '-' | ' '))?;
    let on = |year: i16, month: i8, day: &str| Date::new(year, month, day.parse().ok()?).ok();
    let numbers = parts.iter().all(|part| part.bytes().all(|digit| digit.is_ascii_digit()));
    match (parts.as_slice(), mark) {
        ([year, month, day], '/' | '-') if numbers && year.len() == 4 => {
            let format = if mark == '-' { "yyyy-mm-dd" } else { "yyyy/mm/dd" };
            Some((on(year.parse().ok()?, month.parse().ok()?, day)?, format))
        }
        ([month, day, year], '/' | '-') if numbers => {
            Some((on(century(year)?, month.parse().ok()?, day)?, "M/d/yyyy"))
        }
        ([month, day], '/' | '-') if numbers => {
            let format = if mark == '-' { "m-d" } else { "M/d" };
            Some((on(this_year, month.parse().ok()?, day)?, format))
        }
        ([day, name], '-' | ' ') if begins_with_digit(day) => {
            Some((on(this_year, month(name)?.0, day)?, "d-mmm"))
        }
        ([day, name, year], '-' | ' ') if begins_with_digit(day) => {
            Some((on(century(year)?, month(name)?.0, day)?, "d-mmm-yyyy"))
        }
        ([name, day], '-' | ' ') => {
            let (month, long) = month(name)?;
            Some((on(this_year, month, day)?, if long { "mmmm d" } else { "mmm d" }))
        }
        ([name, day, year], ' ') => {
            let (month, long) = month(name)?;
            Some((on(century(year)?, month, day)?, if long { "mmmm d, yyyy" } else { "mmm d, yyyy" }))
        }
        _ => None,
    }
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// A year with four digits, or with the last two.
fn century(year: &str) -> Option<i16> {
    let number: i16 = year.parse().ok()?;
    match year.len() {
        2 => Some(if number < 30 { 2000 + number } else { 1900 + number }),
        4 => Some(number),
        _ => None,
    }
}

/// A month by its name, and whether that is the long one.
fn month(name: &str) -> Option<(i8, bool)> {
    let name = name.trim_end_matches('.');
    let is = |month: &str| name.eq_ignore_ascii_case(month) || name.eq_ignore_ascii_case(&month[..3]);
    let index = MONTHS.iter().position(|month| is(month))?;
    Some((index as i8 + 1, name.len() > 3))
}

/// `14:30`, `2:30 PM`, `9 am`, `9:00:30`.
fn time(text: &str) -> Option<(Time, &'static str)> {
    let upper = text.to_ascii_uppercase();
    let half =
        upper.strip_suffix("AM").map(|clock| (clock, 0)).or_else(|| Some((upper.strip_suffix("PM")?, 12)));
    let (clock, afternoon) =
        half.map_or((upper.as_str(), None), |(clock, hours)| (clock.trim_end(), Some(hours)));
    let parts: Vec<i8> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute, second) = match parts.as_slice() {
        [hour] if afternoon.is_some() => (*hour, 0, 0),
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = match afternoon {
        Some(hours) if (1..=12).contains(&hour) => hour % 12 + hours,
        Some(_) => return None,
        None => hour,
    };
    let format = match (afternoon.is_some(), parts.len()) {
        (true, 3) => "h:mm:ss am/pm",
        (true, _) => "h:mm am/pm",
        (false, 3) => "H:mm:ss",
        (false, _) => "H:mm",
    };
    Some((Time::new(hour, minute, second, 0).ok()?, format))
}

/// Writes what a program gives as it is: no text becomes anything else.
pub(super) fn put_raw(cell: &mut Cell, value: &Value) {
    cell.set_value(match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(_) => Some(json!({ "stringValue": value })),
        Value::Bool(_) => Some(json!({ "boolValue": value })),
        _ => value.as_f64().map(|value| json!({ "numberValue": number(value) })),
    });
}

#[cfg(test)]
mod tests {
    use super::super::render;
    use super::*;

    #[track_caller]
    fn becomes(text: &str, value: Value, looks: &str) {
        let mut cell = Cell::default();
        enter(&mut cell, text, 2026);
        assert_eq!(cell.value(), Some(&value), "{text}");
        assert_eq!(render::formatted(&cell).as_deref(), Some(looks), "{text}");
    }

    #[test]
    fn numbers_and_truth_are_read() {
        becomes("12", json!({ "numberValue": 12 }), "12");
        becomes("-1,234.50", json!({ "numberValue": -1234.5 }), "-1,234.50");
        becomes(" 0.5 ", json!({ "numberValue": 0.5 }), "0.5");
        becomes("25%", json!({ "numberValue": 0.25 }), "25%");
        becomes("$12.50", json!({ "numberValue": 12.5 }), "$12.50");
        becomes("true", json!({ "boolValue": true }), "TRUE");
        becomes("007", json!({ "numberValue": 7 }), "7");
    }

    #[test]
    fn dates_and_times_are_read() {
        let day = json!({ "numberValue": 46200 });
        becomes("6/27/2026", day.clone(), "6/27/2026");
        becomes("6/27", day.clone(), "6/27");
        becomes("2026-06-27", day.clone(), "2026-06-27");
        becomes("27-Jun", day.clone(), "27-Jun");
        becomes("June 27", day.clone(), "June 27");
        becomes("Jun 27, 2026", day, "Jun 27, 2026");
        becomes("8-12", json!({ "numberValue": 46246 }), "8-12");
        becomes("2:30 pm", json!({ "numberValue": 0.6041666666666666 }), "2:30 PM");
        becomes("6/27/2026 6:00", json!({ "numberValue": 46200.25 }), "6/27/2026 6:00:00");
    }

    #[test]
    fn everything_else_stays_text() {
        for text in [
            "Sat 27", "yes", "1,23", "6/31", "555-0123", "AM", "after 2", "-", "✓", "=", "1.2.3", "13/13",
            "$",
        ] {
            becomes(text, json!({ "stringValue": text }), text);
        }
        becomes("'6/27", json!({ "stringValue": "6/27" }), "6/27");
    }

    #[test]
    fn a_cell_for_text_keeps_text() {
        let mut cell = Cell::default();
        cell.suggest_number_format("TEXT", "@");
        enter(&mut cell, "6/27", 2026);
        assert_eq!(cell.value(), Some(&json!({ "stringValue": "6/27" })));
    }

    #[test]
    fn a_format_that_is_there_stays() {
        let mut cell = Cell::default();
        cell.suggest_number_format("DATE", "ddd d");
        enter(&mut cell, "6/27/2026", 2026);
        assert_eq!(render::formatted(&cell).as_deref(), Some("Sat 27"));
    }
}
