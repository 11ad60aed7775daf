//! Quiet hours: the part of the night in which nobody has to answer.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// From when to when it is quiet, by the clocks where the person lives; over midnight, as a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    until: Time,
}

/// Of a day, so much at least is not quiet.
const AWAKE: SignedDuration = SignedDuration::from_hours(8);

impl QuietHours {
    /// How long from `from` to `until` it is not quiet.
    pub fn awake_between(&self, from: Timestamp, until: Timestamp, zone: &TimeZone) -> SignedDuration {
        let span = until.duration_since(from).max(SignedDuration::ZERO);
        let nights = self.nights(from, zone).take_while(|(begin, _)| *begin < until);
        let asleep: SignedDuration = nights
            .map(|(begin, end)| end.min(until).duration_since(begin.max(from)).max(SignedDuration::ZERO))
            .sum();
        span - asleep
    }

    /// The moment at which it has not been quiet for `span` since `from`.
    pub fn after_awake(&self, from: Timestamp, span: SignedDuration, zone: &TimeZone) -> Timestamp {
        let (mut at, mut left) = (from, span);
        for (begin, end) in self.nights(from, zone) {
            let until_night = begin.duration_since(at).max(SignedDuration::ZERO);
            if left <= until_night {
                break;
            }
            left -= until_night;
            at = at.max(end);
        }
        at + left
    }

    /// Whether so long a time has more than `span` of which it is not quiet, whenever it begins. Much cheaper
    /// than to count.
    pub fn is_plenty(time: SignedDuration, span: SignedDuration) -> bool {
        let days = time.as_secs() / SignedDuration::from_hours(24).as_secs() - 1;
        AWAKE.as_secs().saturating_mul(days) >= span.as_secs()
    }

    /// Every night from the one that `from` lies in or comes after, in order.
    fn nights(&self, from: Timestamp, zone: &TimeZone) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let Self { from: begins, until: ends } = *self;
        let first = zone.to_datetime(from).date().saturating_sub(Span::new().days(1));
        let zone = zone.clone();
        first.series(Span::new().days(1)).map_while(move |date| {
            let morning = if ends <= begins { date.tomorrow().ok()? } else { date };
            // A time that the clocks skip or repeat is read as jiff's "compatible" way has it (RFC 5545).
            let instant = |at| zone.to_ambiguous_timestamp(at).compatible().ok();
            Some((instant(date.to_datetime(begins))?, instant(morning.to_datetime(ends))?))
        })
    }
}

impl FromStr for QuietHours {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("is {text:?}; write from when to when, 22:00-07:00");
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let time = |text: &str| {
            let text = text.trim();
            let plain = text.len() == 5 && text.as_bytes()[2] == b':';
            text.parse::<Time>().ok().filter(|_| plain).ok_or_else(wrong)
        };
        let hours = Self { from: time(from)?, until: time(until)? };
        let quiet = hours.until.duration_since(hours.from);
        let quiet = if quiet.is_positive() { quiet } else { quiet + SignedDuration::from_hours(24) };
        if quiet > SignedDuration::from_hours(24) - AWAKE {
            return Err(format!(
                "is {text:?}; leave {} hours of a day at least in which people can answer",
                AWAKE.as_hours()
            ));
        }
        Ok(hours)
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.until.strftime("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night() -> QuietHours {
        "22:00-07:00".parse().unwrap()
    }

    fn zone() -> TimeZone {
        TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").unwrap()
    }

    fn at(local: &str) -> Timestamp {
        zone().to_ambiguous_timestamp(local.parse().unwrap()).compatible().unwrap()
    }

    #[test]
    fn the_clock_stands_still_at_night() {
        for (from, hours, until) in [
            ("2026-06-20T09:00", 2, "2026-06-20T11:00"),
            ("2026-06-20T20:00", 2, "2026-06-20T22:00"),
            ("2026-06-20T21:00", 2, "2026-06-21T08:00"),
            ("2026-06-20T22:00", 2, "2026-06-21T09:00"),
            ("2026-06-21T03:00", 2, "2026-06-21T09:00"),
            ("2026-06-21T07:00", 2, "2026-06-21T09:00"),
            ("2026-06-20T09:00", 30, "2026-06-22T09:00"),
            // The clocks go forward on 8 March at two in the morning, and back on 1 November.
            ("2026-03-07T21:00", 2, "2026-03-08T08:00"),
            ("2026-10-31T21:00", 2, "2026-11-01T08:00"),
        ] {
            let span = SignedDuration::from_hours(hours);
            assert_eq!(night().after_awake(at(from), span, &zone()), at(until), "{hours} h from {from}");
            assert_eq!(night().awake_between(at(from), at(until), &zone()), span, "from {from} to {until}");
        }
    }

    #[test]
    fn a_quiet_noon_is_quiet_too() {
        let noon: QuietHours = "12:00-14:00".parse().unwrap();
        let two = SignedDuration::from_hours(2);
        assert_eq!(noon.after_awake(at("2026-06-20T11:00"), two, &zone()), at("2026-06-20T15:00"));
    }

    #[test]
    fn what_is_plenty_is_enough_wherever_it_begins() {
        for hours in 0..200 {
            for begin in 0..24 {
                let from = at("2026-06-20T00:00") + SignedDuration::from_hours(begin);
                let time = SignedDuration::from_hours(hours);
                let awake = night().awake_between(from, from + time, &zone());
                let most =
                    (0..200).map(SignedDuration::from_hours).rfind(|span| QuietHours::is_plenty(time, *span));
                assert!(most.is_none_or(|most| most <= awake), "{hours} h from {begin}:00");
            }
        }
    }

    #[test]
    fn quiet_hours_leave_hours_to_answer() {
        assert_eq!(night().to_string(), "22:00-07:00");
        for wrong in ["", "22:00", "22-7", "22:00-22:00", "06:00-23:00", "22:00-24:00", "10pm-7am"] {
            assert!(wrong.parse::<QuietHours>().is_err(), "{wrong:?} was taken");
        }
    }
}
