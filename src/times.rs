//! Times and words as people read them, in pages, mails and on the command line.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The time zone of that IANA name.
pub fn find_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// `Sat 27 Jun 2026, 16:00 PDT`
pub fn full(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

/// `Sat 27 Jun 2026`
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %Y").to_string()
}

/// `16:00 PDT`
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M %Z").to_string()
}

/// `Sat 27 Jun, 16:00 PDT`, for tables of what is near.
pub fn near(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b, %H:%M %Z").to_string()
}

/// `2026-06-27 16:00:05`, for logs and tables; the zone stands in the heading.
pub fn log(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// When somebody has to be at the dock, as `Fri 26 Jun 2026, 15:15 PDT`; past that time, at once.
pub fn aboard_by(call_time: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let call = full(call_time, zone);
    if now < call_time { call } else { format!("as soon as you can; the call was for {call}") }
}

/// `48 min`, `2 h 5 min`, `3 days`; `less than a minute` down to nothing.
pub fn span(span: SignedDuration) -> String {
    let minutes = span.as_mins().max(0);
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (0, 0, 0) => "less than a minute".into(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("{hours} h"),
        (days, _, _) => format!("{days} days"),
    }
}

/// `12 s`, `5 min`, `2 h`, `3 days`: how long ago something was.
pub fn ago(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    match (seconds / 86_400, seconds / 3_600, seconds / 60) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) | (1, hours, _) => format!("{hours} h"),
        (days, _, _) => format!("{days} days"),
    }
}

/// The word with a capital at its beginning.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_and_name_their_zone() {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let at: Timestamp = "2026-06-27T23:00:00Z".parse().unwrap();
        assert_eq!(full(at, &zone), "Sat 27 Jun 2026, 16:00 PDT");
        assert_eq!(full("2026-12-01T23:00:00Z".parse().unwrap(), &zone), "Tue 1 Dec 2026, 15:00 PST");
    }

    #[test]
    fn what_is_past_is_told_in_its_largest_part() {
        let spans = [-5, 0, 59, 60, 3599, 3600, 100_000, 300_000].map(|s| ago(SignedDuration::from_secs(s)));
        assert_eq!(spans, ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "27 h", "3 days"]);
    }

    #[test]
    fn spans_read_like_speech() {
        let spans = [0, 59, 60, 3600, 7500, 100_000, 300_000].map(|s| span(SignedDuration::from_secs(s)));
        assert_eq!(
            spans,
            ["less than a minute", "less than a minute", "1 min", "1 h", "2 h 5 min", "27 h", "3 days"]
        );
    }
}
