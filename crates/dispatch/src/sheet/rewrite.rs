//! Headings written for another day or month, as people wrote them for the one that they have.

use jiff::civil::Date;

use super::dates::month_name;

/// How dates and parts of them are written over columns.
const FORMATS: [&str; 38] = [
    "%-m/%-d",
    "%m/%d",
    "%-m/%-d/%y",
    "%-m/%-d/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%-d.%-m.",
    "%d.%m.",
    "%-d-%b",
    "%-d-%b-%y",
    "%-d %b",
    "%-d %B",
    "%b %-d",
    "%B %-d",
    "%B %-d, %Y",
    "%b %-d, %Y",
    "%a %-m/%-d",
    "%A %-m/%-d",
    "%a, %-m/%-d",
    "%a %m/%d",
    "%a %-d",
    "%A %-d",
    "%a, %-d",
    "%-d %a",
    "%a %b %-d",
    "%a, %b %-d",
    "%A, %B %-d",
    "%a %-d-%b",
    "%a %-d %b",
    "%-d",
    "%d",
    "%a",
    "%A",
    "%B %Y",
    "%b %Y",
    "%B",
    "%b",
    "%Y",
];

/// A text that is the one date in some way of writing, as the other one in the same way.
pub(super) fn rewritten(text: &str, was: Date, is: Date) -> Option<String> {
    // Lines in one cell, such as a weekday over a number.
    let lines: Vec<&str> = text.trim().split('\n').map(str::trim).collect();
    let line = |line: &&str| {
        let format =
            FORMATS.iter().find(|format| was.strftime(format).to_string().eq_ignore_ascii_case(line));
        let (written, old) = match format {
            Some(format) => (is.strftime(format).to_string(), was.strftime(format).to_string()),
            // `Sa`, `S`.
            None => {
                let short = |date: Date| {
                    date.strftime("%A").to_string().chars().take(line.chars().count()).collect::<String>()
                };
                let fits = (1..=2).contains(&line.chars().count()) && short(was).eq_ignore_ascii_case(line);
                fits.then(|| (short(is), short(was)))?
            }
        };
        Some(match *line {
            line if line == old => written,
            line if line == old.to_uppercase() => written.to_uppercase(),
            _ => written.to_lowercase(),
        })
    };
    Some(lines.iter().map(line).collect::<Option<Vec<_>>>()?.join("\n"))
}

/// A text with the name of the old month in it, with that of the new one.
pub(super) fn renamed(text: &str, from: Date, first: Date) -> Option<String> {
    let name = |first: Date| month_name(first.month());
    let short = |name: &str| name.chars().take(3).collect::<String>();
    let (old, new) = (name(from), name(first));
    let (old_year, new_year) = (from.year().to_string(), first.year().to_string());
    let mut changed = false;
    let mut word = |word: &str| {
        let other = match word {
            word if word == old => new.clone(),
            word if word == old.to_uppercase() => new.to_uppercase(),
            word if word == old.to_lowercase() => new.to_lowercase(),
            word if word == short(&old) => short(&new),
            word if word == short(&old).to_uppercase() => short(&new).to_uppercase(),
            word if word == old_year => new_year.clone(),
            word => return word.to_owned(),
        };
        changed |= other != word;
        other
    };
    let (mut renamed, mut rest) = (String::new(), text);
    while let Some(begin) = rest.find(char::is_alphanumeric) {
        let (before, from) = rest.split_at(begin);
        let (one, after) = from.split_at(from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len()));
        renamed.push_str(before);
        renamed.push_str(&word(one));
        rest = after;
    }
    renamed.push_str(rest);
    changed.then_some(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_written_for_another_day_as_they_were() {
        let (was, is) = (jiff::civil::date(2026, 6, 5), jiff::civil::date(2026, 7, 5));
        for (text, written) in [
            ("6/5", "7/5"),
            ("06/05", "07/05"),
            ("Fri 6/5", "Sun 7/5"),
            ("FRI 5", "SUN 5"),
            ("5-Jun", "5-Jul"),
            ("June 5", "July 5"),
            ("Fri\n5", "Sun\n5"),
            ("F", "S"),
            ("fr", "su"),
            ("JUNE 2026", "JULY 2026"),
            ("5", "5"),
        ] {
            assert_eq!(rewritten(text, was, is).as_deref(), Some(written), "{text:?}");
        }
        assert_eq!(rewritten("Regatta", was, is), None);
        assert_eq!(rewritten("6/6", was, is), None);
    }
}
