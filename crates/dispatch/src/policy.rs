//! The operator's settings that the rules read.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Charter;
use crate::vessel::Vessel;

/// How the cascade behaves. One per operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long an offer waits, counted from the moment its mail was handed over.
    pub response_window: SignedDuration,
    /// How long after the reply-by time an answer still counts: for slow phones and clocks.
    pub grace: SignedDuration,
    /// How long an accept can be taken back at no cost.
    pub undo_window: SignedDuration,
    /// Time between one sail's return and the next one's call time, for one person.
    pub turnaround: SignedDuration,
    /// How long an offer stays open at least after the program was down.
    pub restart_grace: SignedDuration,
    /// Whether people are asked who said nothing clear of a date.
    pub unknown_availability: UnknownAvailability,
    /// The boats whose papers are known; others are not checked.
    pub vessels: Vec<Vessel>,
}

/// What to do about people who said nothing clear of a date that the sail touches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnknownAvailability {
    /// Only a yes is a yes.
    #[default]
    Skip,
    /// Whoever has not said no is asked.
    Ask,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            response_window: SignedDuration::from_hours(2),
            grace: SignedDuration::from_mins(2),
            undo_window: SignedDuration::from_mins(10),
            turnaround: SignedDuration::from_mins(30),
            restart_grace: SignedDuration::from_mins(15),
            unknown_availability: UnknownAvailability::Skip,
            vessels: Vec::new(),
        }
    }
}

/// When an offer has to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Until when the person is asked to answer.
    pub reply_by: Timestamp,
    /// From when on an answer no longer counts.
    pub closes_at: Timestamp,
}

/// What a person needs at least to see a mail and answer it.
const SHORTEST: SignedDuration = SignedDuration::from_mins(15);

impl Policy {
    /// The boat of that name, if the settings describe it. Capitals make no difference.
    pub fn vessel(&self, name: &str) -> Option<&Vessel> {
        self.vessels.iter().find(|vessel| vessel.name.eq_ignore_ascii_case(name))
    }

    /// The window of an offer whose mail is handed over at `from`. It ends when people have to be at the
    /// dock at the latest: whoever has not answered by then does not sail, and the next one still can.
    /// With less than [`SHORTEST`] left until then, or none, it is that long, and ends with departure.
    pub fn window(&self, charter: &Charter, from: Timestamp) -> Window {
        let latest = charter.call_time.max(from + SHORTEST).min(charter.departs_at);
        let reply_by = (from + self.response_window).min(latest);
        Window { reply_by, closes_at: (reply_by + self.grace).min(charter.departs_at) }
    }
}

/// A span of time in which the program did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outage {
    /// The last sign of life before it.
    pub from: Timestamp,
    /// The first one after it.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::model::Booking;

    #[test]
    fn a_window_ends_when_people_have_to_be_at_the_dock_and_never_after_departure() {
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": "ch", "vessel": "America", "dock": "Pier 3", "guests": 6,
            "call_time": "2026-06-27T15:15:00Z", "departs_at": "2026-06-27T16:00:00Z",
            "returns_at": "2026-06-27T19:00:00Z", "positions": [{ "position": "captain", "quantity": 1 }],
        }))
        .expect("a booking");
        let charter = booking.check(&TimeZone::UTC).expect("a charter");
        for (from, reply_by, closes_at) in [
            ("09:00", "11:00", "11:02"),
            ("13:14", "15:14", "15:16"),
            ("14:00", "15:15", "15:17"),
            ("15:00", "15:15", "15:17"),
            ("15:01", "15:16", "15:18"),
            ("15:15", "15:30", "15:32"),
            ("15:44", "15:59", "16:00"),
            ("15:59", "16:00", "16:00"),
        ] {
            let at = |time: &str| format!("2026-06-27T{time}:00Z").parse().expect("a time");
            let window = Policy::default().window(&charter, at(from));
            assert_eq!(window, Window { reply_by: at(reply_by), closes_at: at(closes_at) }, "from {from}");
        }
    }
}
