//! The form of the coming days: what a row says, what it came with, and what differs.
//!
//! Each row sends along the words that it was shown with. What the form did not change is not sent to the roster, so
//! that it stays what others may have made of it meanwhile; and a form that could not be taken comes back as it was filled
//! in.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::model::{Availability, CrewMember};
use jiff::civil::{Date, Time, Weekday};

use crate::app::DaySaid;
use crate::web::said::{AS_IT_IS, CHOICES, shown, words_of};

/// Days that the page has, from today on.
pub(super) const DAYS: usize = 28;

/// One day of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) date: Date,
    /// The words that the roster had when the row was first shown.
    pub(super) was: Option<String>,
    /// One of [`CHOICES`], or [`AS_IT_IS`].
    pub(super) choice: String,
    /// The hour that goes with `from` and `until`: `14:00`, or nothing.
    pub(super) time: String,
    /// Why it cannot be taken.
    pub(super) problem: Option<String>,
}

impl Row {
    /// The row of a day of which the roster has these words.
    fn of(date: Date, words: Option<&str>) -> Self {
        let (choice, time) = shown(words);
        Self { date, was: words.map(str::to_owned), choice: choice.into(), time, problem: None }
    }

    /// Whether the form says something else than it was shown with.
    pub(super) fn is_changed(&self) -> bool {
        let (choice, time) = shown(self.was.as_deref());
        self.choice != choice || (self.has_hour() && self.time != time)
    }

    fn has_hour(&self) -> bool {
        matches!(self.choice.as_str(), "from" | "until")
    }

    /// The words for the roster.
    fn words(&self) -> Result<Option<String>, String> {
        let day = day(self.date);
        let hour = |word: &str| match self.time.parse::<Time>() {
            Ok(time) if time == Time::midnight() => Err(format!(
                "{day}: {word} midnight is the whole day, or none of it. Choose yes or no, or another hour."
            )),
            Ok(time) => Ok(time.strftime("%H:%M").to_string()),
            Err(_) => Err(format!("{day}: {word} which hour? Give it as 14:00, or choose something else.")),
        };
        Ok(match self.choice.as_str() {
            "" => None,
            word @ ("from" | "until") => words_of(word, &hour(word)?),
            AS_IT_IS => self.was.clone(),
            choice => words_of(choice, ""),
        })
    }
}

/// `Sat 27 Jun`
pub(super) fn day(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

/// The rows of the coming days, as the roster has them.
pub(super) fn rows(member: &CrewMember, today: Date) -> Vec<Row> {
    let days = today.series(jiff::Span::new().days(1)).take(DAYS);
    days.map(|date| Row::of(date, member.availability.get(&date).map(Availability::words))).collect()
}

/// The rows that a form sends; of days that are over by now nothing is taken.
pub(super) fn sent(fields: &BTreeMap<String, String>, today: Date) -> Vec<Row> {
    let of = |name: &str, date: &Date| fields.get(&format!("{name}-{date}")).cloned();
    let dates = fields.keys().filter_map(|name| name.strip_prefix("day-")?.parse::<Date>().ok());
    let ahead = dates.filter(|date| *date >= today).take(DAYS);
    let row = |date: Date| {
        // Browsers send each line end as two characters.
        let was = of("was", &date).map(|was| was.replace("\r\n", "\n")).filter(|was| !was.is_empty());
        let choice = of("day", &date).unwrap_or_default();
        let known = CHOICES.iter().any(|(known, _)| *known == choice);
        // A choice that there is not is none.
        let choice = if known { choice } else { AS_IT_IS.to_owned() };
        Row { date, was, choice, time: of("time", &date).unwrap_or_default().trim().into(), problem: None }
    };
    let mut rows: Vec<Row> = ahead.map(row).collect();
    rows.sort_by_key(|row| row.date);
    rows
}

/// Puts what was filled in where the roster's words stand.
pub(super) fn fill_in(rows: &mut [Row], filled: Vec<Row>) {
    for filled in filled {
        if let Some(row) = rows.iter_mut().find(|row| row.date == filled.date) {
            *row = filled;
        }
    }
}

/// What the rows say that is news; or nothing of it, and each row that cannot be read says why.
pub(super) fn news(rows: &mut [Row]) -> Result<BTreeMap<Date, DaySaid>, Vec<(Date, String)>> {
    let (mut news, mut problems) = (BTreeMap::new(), Vec::new());
    for row in rows {
        let (_, time) = shown(row.was.as_deref());
        row.problem = None;
        if !row.has_hour() && !row.time.is_empty() && row.time != time && !row.is_changed() {
            row.problem = Some(format!(
                "{}: {} with what? Choose from or until, or clear the hour.",
                day(row.date),
                row.time
            ));
        } else if row.is_changed() {
            match row.words() {
                Ok(is) => {
                    news.insert(row.date, DaySaid { was: row.was.clone(), is });
                }
                Err(problem) => row.problem = Some(problem),
            }
        }
        problems.extend(row.problem.clone().map(|problem| (row.date, problem)));
    }
    if problems.is_empty() { Ok(news) } else { Err(problems) }
}

/// Fills each day of which nothing is said with what is said of the same day a week before, or longer ago where they were
/// aboard a sail; says how many these are.
pub(super) fn same_as_last_week(rows: &mut [Row], member: &CrewMember, booked: &BTreeSet<Date>) -> usize {
    let mut filled = 0;
    for at in 0..rows.len() {
        let weeks_ago = |weeks| rows[at].date.saturating_sub(jiff::Span::new().weeks(weeks));
        let Some(before) = (1..=4).map(weeks_ago).find(|before| !booked.contains(before)) else { continue };
        let from_form = rows[..at].iter().find(|row| row.date == before);
        let last = from_form
            .cloned()
            .unwrap_or_else(|| Row::of(before, member.availability.get(&before).map(Availability::words)));
        // Words of one's own for one day may not hold for another.
        let says = !last.choice.is_empty() && last.choice != AS_IT_IS;
        let row = &mut rows[at];
        if says && row.choice.is_empty() && !booked.contains(&row.date) {
            (row.choice, row.time) = (last.choice, last.time);
            filled += 1;
        }
    }
    filled
}

/// Says no to each Saturday and Sunday; says to how many that is news.
pub(super) fn weekends_off(rows: &mut [Row], booked: &BTreeSet<Date>) -> usize {
    let free = rows.iter_mut().filter(|row| {
        matches!(row.date.weekday(), Weekday::Saturday | Weekday::Sunday) && !booked.contains(&row.date)
    });
    let mut filled = 0;
    for row in free.filter(|row| row.choice != "no") {
        row.choice = "no".into();
        filled += 1;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crewcall_dispatch::model::Meaning;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn member(days: &[(&str, &str)]) -> CrewMember {
        let days: serde_json::Map<_, _> =
            days.iter().map(|(date, words)| ((*date).to_owned(), (*words).into())).collect();
        let record =
            serde_json::json!({ "crew_id": "dana", "name": "Dana", "rank": "captain", "availability": days });
        CrewMember::parse(record.as_object().unwrap()).unwrap()
    }

    /// Whatever is chosen is read by the rules as just that, and comes back as it was chosen.
    #[test]
    fn what_is_chosen_means_to_the_rules_what_it_says() {
        for (choice, time, meaning) in [
            ("yes", "", "Available"),
            ("no", "", "Unavailable"),
            ("maybe", "", "Unclear"),
            ("am", "", "until 12:00"),
            ("pm", "", "from 12:00"),
            ("from", "05:00", "from 05:00"),
            ("from", "14:30", "from 14:30"),
            ("until", "09:00", "until 09:00"),
            ("until", "17:00", "until 17:00"),
        ] {
            let mut row = Row::of(date("2026-06-27"), None);
            (row.choice, row.time) = (choice.into(), time.into());
            let words = row.words().unwrap().unwrap();
            let meant = match Availability::parse(&words).meaning() {
                Meaning::Within(hours) => hours.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(meant, meaning, "{words}");
            let again = Row::of(row.date, Some(&words));
            assert_eq!(
                (again.choice.as_str(), again.time.as_str(), again.is_changed()),
                (choice, time, false)
            );
        }
    }

    #[test]
    fn words_of_ones_own_stay_to_the_letter_until_something_else_is_chosen() {
        for words in ["Y", "✓", "off", "after 2", "9-5", "ask Pat", "maybe late", " no "] {
            let mut row = Row::of(date("2026-06-27"), Some(words));
            assert!(!row.is_changed(), "{words}");
            assert_eq!(news(std::slice::from_mut(&mut row)).unwrap(), BTreeMap::new(), "{words}");
            row.choice = "am".into();
            let said = news(std::slice::from_mut(&mut row)).unwrap();
            let expected = DaySaid { was: Some(words.into()), is: Some("AM only".into()) };
            assert_eq!(said[&row.date], expected, "{words}");
        }
    }

    #[test]
    fn an_hour_that_is_missing_or_left_over_is_asked_for_and_nothing_is_taken() {
        for (choice, time, asks) in [
            ("from", "", "Sat 27 Jun: from which hour?"),
            ("until", "later", "Sat 27 Jun: until which hour?"),
            ("until", "00:00", "Sat 27 Jun: until midnight is the whole day"),
            ("yes", "14:00", "Sat 27 Jun: 14:00 with what?"),
        ] {
            let mut rows = rows(&member(&[("2026-06-27", "yes")]), date("2026-06-27"));
            (rows[0].choice, rows[0].time) = (choice.into(), time.into());
            rows[1].choice = "no".into();
            let problems = news(&mut rows).unwrap_err();
            assert!(matches!(&problems[..], [(_, one)] if one.starts_with(asks)), "{problems:?}");
        }
        // The hour of what was said before is in nobody's way.
        let mut rows = rows(&member(&[("2026-06-27", "from 14:00")]), date("2026-06-27"));
        rows[0].choice = "no".into();
        assert_eq!(news(&mut rows).unwrap().len(), 1);
    }

    #[test]
    fn last_week_fills_what_is_blank_and_nothing_else() {
        let member = member(&[("2026-06-22", "from 14:00"), ("2026-06-23", "ask Pat"), ("2026-06-30", "no")]);
        let booked = BTreeSet::from([date("2026-07-06")]);
        let mut rows = rows(&member, date("2026-06-29"));
        rows[2].choice = "maybe".into();
        // Monday was said last week; Tuesday is said, and Wednesday typed, which the weeks after take on.
        assert_eq!(same_as_last_week(&mut rows, &member, &booked), 9);
        let of = |text: &str| {
            let row = rows.iter().find(|row| row.date == date(text)).unwrap();
            (row.choice.as_str(), row.time.as_str())
        };
        assert_eq!(of("2026-06-29"), ("from", "14:00"));
        assert_eq!(of("2026-06-30"), ("no", ""));
        assert_eq!(of("2026-07-01"), ("maybe", ""));
        assert_eq!(of("2026-07-02"), ("", ""));
        assert_eq!(of("2026-07-06"), ("", ""), "they are aboard a sail that day");
        assert_eq!(of("2026-07-13"), ("from", "14:00"));
        assert_eq!(of("2026-07-07"), ("no", ""));
    }

    #[test]
    fn weekends_are_off_but_for_days_that_are_booked() {
        let mut rows = rows(&member(&[("2026-06-27", "off")]), date("2026-06-27"));
        let booked = BTreeSet::from([date("2026-06-28")]);
        assert_eq!(weekends_off(&mut rows, &booked), 6);
        assert_eq!((rows[0].is_changed(), rows[1].choice.as_str(), rows[2].choice.as_str()), (false, "", ""));
        assert_eq!(news(&mut rows).unwrap().len(), 6);
    }
}
