//! How long an offer waits.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Policy;
use super::quiet::QuietHours;
use crate::model::Charter;

/// When an offer has to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Until when the person is asked to answer.
    pub reply_by: Timestamp,
    /// From when on an answer no longer counts.
    pub closes_at: Timestamp,
    /// There is not enough time left to ask everyone in turn.
    pub urgent: bool,
}

/// What has to fit into the time that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue<'a> {
    /// How many people are asked one after the other for the same seat, this one included; at least 1.
    pub people: u32,
    /// How many others are being asked for the same seat at the same time.
    pub beside: u32,
    /// Others are asked only after somebody has accepted: the captain's crew.
    pub others_follow: bool,
    /// Where the person lives.
    pub zone: &'a TimeZone,
}

impl Policy {
    /// The window of an offer whose mail is handed over at `from`.
    ///
    /// 1. The crew has to be complete some time before the call time. While others are to be asked after
    ///    this position, half of the time until then is left to them.
    /// 2. What remains, without quiet hours, is shared among those who are in the queue. Nobody gets more
    ///    than the response window; the clock stands still in quiet hours.
    /// 3. If a share is shorter than the shortest window, the call is urgent: quiet hours do not count, several
    ///    are asked at once if the policy says so, and nobody gets less than the shortest window.
    /// 4. Whatever the shares, a window ends when people have to be at the dock: whoever has not answered by
    ///    then does not sail, and the next one still can. With less than the shortest window left until
    ///    then, or none, it is that long, and ends with departure.
    pub fn window(&self, charter: &Charter, from: Timestamp, queue: Queue<'_>) -> Window {
        let complete_by = charter.call_time - self.complete_before;
        let left = complete_by.duration_since(from).max(SignedDuration::ZERO);
        let left = if queue.others_follow { left / 2 } else { left };
        let people = i32::try_from(queue.people.max(1)).unwrap_or(i32::MAX);
        let (asked_until, urgent) = match self.share(from, left, people, queue.zone) {
            Some(share) => (self.after(from, share, queue.zone), false),
            None => (
                from + whole_minutes(left / self.steps(people, queue.beside))
                    .max(self.least())
                    .min(self.response_window),
                true,
            ),
        };
        let latest = charter.call_time.max(from + self.shortest_window).min(charter.departs_at);
        let reply_by = asked_until.min(latest);
        Window { reply_by, closes_at: (reply_by + self.grace).min(charter.departs_at), urgent }
    }

    /// What everyone in the queue gets of the time that is left; `None` if that is too short.
    fn share(
        &self,
        from: Timestamp,
        left: SignedDuration,
        people: i32,
        zone: &TimeZone,
    ) -> Option<SignedDuration> {
        let awake = match &self.quiet_hours {
            Some(_) if QuietHours::is_plenty(left, self.response_window * people) => left,
            Some(quiet) => quiet.awake_between(from, from + left, zone),
            None => left,
        };
        let share = match awake / people {
            share if share < self.response_window => whole_minutes(share),
            _ => self.response_window,
        };
        (share >= self.least()).then_some(share)
    }

    /// How many turns it takes when several are asked at once.
    fn steps(&self, people: i32, beside: u32) -> i32 {
        let at_once = i32::try_from(self.ask_at_once.max(1)).unwrap_or(i32::MAX);
        // With one at a time, whoever is asked beside was asked out of turn.
        let beside = if at_once > 1 { i32::try_from(beside).unwrap_or(i32::MAX) } else { 0 };
        (people.saturating_add(beside) - 1) / at_once + 1
    }

    /// An operator may want windows that are shorter than the shortest.
    fn least(&self) -> SignedDuration {
        self.shortest_window.min(self.response_window)
    }

    fn after(&self, from: Timestamp, share: SignedDuration, zone: &TimeZone) -> Timestamp {
        match &self.quiet_hours {
            Some(quiet) => quiet.after_awake(from, share, zone),
            None => from + share,
        }
    }
}

/// So that nobody has to answer by a quarter past and 17 seconds.
fn whole_minutes(span: SignedDuration) -> SignedDuration {
    SignedDuration::from_mins(span.as_mins())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Booking;

    /// A sail on Saturday at 16:00 UTC, aboard by 15:15.
    fn charter() -> Charter {
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": "ch", "vessel": "America", "dock": "Pier 3", "guests": 6,
            "call_time": "2026-06-27T15:15:00Z", "departs_at": "2026-06-27T16:00:00Z",
            "returns_at": "2026-06-27T19:00:00Z", "positions": [{ "position": "captain", "quantity": 1 }],
        }))
        .expect("a booking");
        booking.check(&TimeZone::UTC).expect("a charter")
    }

    fn at(time: &str) -> Timestamp {
        format!("2026-06-{time}:00Z").parse().expect("a time")
    }

    fn check(policy: &Policy, from: &str, people: u32, others_follow: bool, expected: (&str, &str)) {
        let window = policy.window(
            &charter(),
            at(from),
            Queue { people, beside: 0, others_follow, zone: &TimeZone::UTC },
        );
        let said = (window.reply_by, if window.urgent { "urgent" } else { "" });
        assert_eq!(said, (at(expected.0), expected.1), "{people} people from {from}");
        assert_eq!(window.closes_at, (window.reply_by + policy.grace).min(charter().departs_at));
    }

    #[test]
    fn a_window_ends_when_people_have_to_be_at_the_dock_and_never_after_departure() {
        let policy = Policy::default();
        for (from, reply_by, urgent) in [
            ("27T09:00", "27T11:00", ""),
            ("27T13:14", "27T15:14", ""),
            ("27T14:00", "27T15:15", ""),
            ("27T15:00", "27T15:15", ""),
            ("27T15:01", "27T15:16", "urgent"),
            ("27T15:15", "27T15:30", "urgent"),
            ("27T15:44", "27T15:59", "urgent"),
            ("27T15:59", "27T16:00", "urgent"),
        ] {
            check(&policy, from, 1, false, (reply_by, urgent));
        }
    }

    #[test]
    fn windows_shrink_so_that_everyone_can_be_asked_in_time() {
        let policy = Policy::default();
        check(&policy, "20T15:15", 50, true, ("20T16:55", ""));
        check(&policy, "27T07:15", 4, false, ("27T09:15", ""));
        check(&policy, "27T07:15", 8, false, ("27T08:15", ""));
        check(&policy, "27T07:15", 8, true, ("27T07:45", ""));
        check(&policy, "27T07:15", 32, false, ("27T07:30", ""));
        check(&policy, "27T07:15", 33, false, ("27T07:30", "urgent"));
        let early = Policy { complete_before: SignedDuration::from_hours(4), ..Policy::default() };
        check(&early, "27T07:15", 8, false, ("27T07:45", ""));
        check(&early, "27T12:00", 1, false, ("27T12:15", "urgent"));
    }

    #[test]
    fn quiet_hours_stop_the_clock_unless_the_call_is_urgent() {
        let policy = Policy { quiet_hours: Some("22:00-07:00".parse().unwrap()), ..Policy::default() };
        check(&policy, "20T21:00", 1, false, ("21T08:00", ""));
        check(&policy, "21T03:00", 5, true, ("21T09:00", ""));
        // From 21:00 to 15:15 there are nine hours and a quarter in which people are awake.
        check(&policy, "26T21:00", 5, false, ("27T07:51", ""));
        check(&policy, "26T21:00", 37, false, ("26T21:15", ""));
        check(&policy, "26T21:00", 38, false, ("26T21:28", "urgent"));
        check(&policy, "26T21:00", 73, false, ("26T21:15", "urgent"));
    }

    #[test]
    fn a_response_window_below_the_shortest_is_what_the_operator_wants() {
        let policy = Policy { response_window: SignedDuration::from_mins(5), ..Policy::default() };
        check(&policy, "27T07:15", 3, false, ("27T07:20", ""));
    }
}
