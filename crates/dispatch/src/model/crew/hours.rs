//! Hours of a day in which a person can sail: `AM only`, `after 14:00`, `until 5`, `9-17`.
//!
//! What can be read in two ways is not read at all: it stays unclear, and somebody is asked. So
//! `until 9` is no hour (in the morning? in the evening?), while `9-5` can only mean one day's work.
//!
//! | written | read as |
//! | --- | --- |
//! | `14:00`, `09:30`, `2 pm`, `noon`, `midnight` | as it stands |
//! | `1` to `6` without more | the afternoon: boats that leave before dawn write `5 am` or `05:00` |
//! | `7` to `11` at the beginning (`after 8`, `9-5`) | the morning |
//! | `7` to `11` at the end | the morning where it follows the beginning (`8-11`), else unclear |

use std::fmt;

use jiff::civil::Time;

/// One stretch of a day, in the operator's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    /// From when on; midnight where only the end was given.
    pub from: Time,
    /// Until when; `None` for the end of the day.
    pub until: Option<Time>,
}

impl Hours {
    const NOON: Time = Time::constant(12, 0, 0, 0);

    /// Reads somebody's words; `None` if they are no hours, or could be two different ones.
    pub fn parse(words: &str) -> Option<Self> {
        let words = words.trim().to_lowercase().replace(['–', '—'], "-");
        let words = words.strip_suffix("only").unwrap_or(&words).trim();
        match words {
            "am" | "a.m." | "morning" | "mornings" | "forenoon" => return Self::new(None, Some(Self::NOON)),
            "pm" | "p.m." | "afternoon" | "afternoons" => return Self::new(Some(Self::NOON), None),
            _ => {}
        }
        let after =
            |begin: &[&str]| begin.iter().find_map(|word| words.strip_prefix(word)?.strip_prefix(' '));
        if let Some(rest) = after(&["between"]) {
            return Self::range(rest.split_once(" and ")?);
        }
        if let Some(rest) = after(&["until", "till", "til", "before"]) {
            return Self::new(None, Some(Clock::parse(rest)?.end(Time::midnight())?));
        }
        let rest = after(&["after", "from", "since"]);
        if let Some(range) = split_range(rest.unwrap_or(words)) {
            return Self::range(range);
        }
        Self::new(Some(Clock::parse(rest?)?.beginning()?), None)
    }

    fn range((from, until): (&str, &str)) -> Option<Self> {
        let from = Clock::parse(from)?.beginning()?;
        Self::new(Some(from), Some(Clock::parse(until)?.end(from)?))
    }

    /// Midnight as the end is the end of the day.
    fn new(from: Option<Time>, until: Option<Time>) -> Option<Self> {
        let from = from.unwrap_or(Time::midnight());
        let until = until.filter(|until| *until != Time::midnight());
        until.is_none_or(|until| from < until).then_some(Self { from, until })
    }

    /// Whether a stretch of the same day lies within; `until` is `None` for the end of the day.
    pub fn cover(&self, from: Time, until: Option<Time>) -> bool {
        self.from <= from
            && match (until, self.until) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(until), Some(own)) => until <= own,
            }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |time: Time| time.strftime("%H:%M");
        match (self.from, self.until) {
            (from, Some(until)) if from == Time::midnight() => write!(f, "until {}", clock(until)),
            (from, None) => write!(f, "from {}", clock(from)),
            (from, Some(until)) => write!(f, "{} to {}", clock(from), clock(until)),
        }
    }
}

fn split_range(words: &str) -> Option<(&str, &str)> {
    words.split_once('-').or_else(|| words.split_once(" to ")).or_else(|| words.split_once(" until "))
}

/// A time as people write it.
#[derive(Debug, Clone, Copy)]
enum Clock {
    /// There is one way to read it.
    Exact(Time),
    /// An hour from 1 to 11 without a half of the day.
    Bare(Time),
}

impl Clock {
    fn parse(words: &str) -> Option<Self> {
        let words = words.trim().trim_end_matches("o'clock").trim_end();
        match words {
            "noon" | "midday" => return Some(Self::Exact(Hours::NOON)),
            "midnight" => return Some(Self::Exact(Time::midnight())),
            _ => {}
        }
        let plain = words.replace("a.m.", "am").replace("p.m.", "pm");
        let (digits, half) = match (plain.strip_suffix("am"), plain.strip_suffix("pm")) {
            (Some(digits), _) => (digits.trim_end(), Some(0)),
            (_, Some(digits)) => (digits.trim_end(), Some(12)),
            _ => (plain.trim_end_matches('h').trim_end(), None),
        };
        let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "00"));
        let number =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i8>().ok())?;
        if !(1..=2).contains(&hour.len()) || minute.len() != 2 {
            return None;
        }
        let (hour_of_day, minute) = (number(hour)?, number(minute)?);
        let time = |hour: i8| Time::new(hour, minute, 0, 0).ok();
        match half {
            Some(half) if (1..=12).contains(&hour_of_day) => {
                Some(Self::Exact(time(hour_of_day % 12 + half)?))
            }
            Some(_) => None,
            None if hour_of_day == 24 => (minute == 0).then_some(Self::Exact(Time::midnight())),
            None if hour.starts_with('0') || hour_of_day >= 12 => Some(Self::Exact(time(hour_of_day)?)),
            None => Some(Self::Bare(time(hour_of_day)?)),
        }
    }

    fn beginning(self) -> Option<Time> {
        match self {
            Self::Exact(time) => Some(time),
            Self::Bare(time) if time.hour() >= 7 => Some(time),
            Self::Bare(time) => afternoon(time),
        }
    }

    fn end(self, from: Time) -> Option<Time> {
        match self {
            Self::Exact(time) => Some(time),
            Self::Bare(time) if time.hour() < 7 => afternoon(time),
            // In the evening it would be a long day, but people have those.
            Self::Bare(time) if from > Time::midnight() && from < Hours::NOON && from < time => Some(time),
            Self::Bare(time) if from >= Hours::NOON => afternoon(time),
            Self::Bare(_) => None,
        }
    }
}

fn afternoon(time: Time) -> Option<Time> {
    Time::new(time.hour() + 12, time.minute(), 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (words, read) in [
            ("AM only", "until 12:00"),
            ("pm", "from 12:00"),
            ("Mornings", "until 12:00"),
            ("after 14:00", "from 14:00"),
            ("after 2", "from 14:00"),
            ("After 2 PM", "from 14:00"),
            ("after 2:30", "from 14:30"),
            ("from 9", "from 09:00"),
            ("after noon", "from 12:00"),
            ("until 5", "until 17:00"),
            ("till 17h", "until 17:00"),
            ("before 11 am", "until 11:00"),
            ("until 09:00", "until 09:00"),
            ("9-5", "09:00 to 17:00"),
            ("8 – 11", "08:00 to 11:00"),
            ("1 to 8", "13:00 to 20:00"),
            ("from 9 to 12", "09:00 to 12:00"),
            ("between 10 am and 4 pm", "10:00 to 16:00"),
            ("12:00-24:00", "from 12:00"),
            ("5 a.m. - noon", "05:00 to 12:00"),
        ] {
            let hours = Hours::parse(words).map(|hours| hours.to_string());
            assert_eq!(hours.as_deref(), Some(read), "{words}");
        }
    }

    #[test]
    fn what_can_mean_two_things_is_not_guessed() {
        for words in [
            "",
            "maybe",
            "until 9",
            "till 11",
            "after",
            "14:00",
            "2",
            "5-2",
            "after 25:00",
            "until 5:7",
            "9-9",
            "13 pm",
            "0 am",
            "after lunch",
            "27-6-2026",
            "2026-06-27",
            "until midnight until",
            "-",
            "after ٣",
        ] {
            assert_eq!(Hours::parse(words), None, "{words:?}");
        }
    }

    #[test]
    fn a_sail_has_to_lie_within() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let morning = Hours::parse("am").unwrap();
        assert!(morning.cover(at("08:00"), Some(at("12:00"))));
        assert!(!morning.cover(at("08:00"), Some(at("12:01"))));
        assert!(!morning.cover(at("00:00"), None));
        let late = Hours::parse("after 14:00").unwrap();
        assert!(late.cover(at("14:00"), None));
        assert!(!late.cover(at("13:59"), Some(at("15:00"))));
    }
}
