//! The operator's settings that the rules read.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Charter;

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
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            response_window: SignedDuration::from_hours(2),
            grace: SignedDuration::from_mins(2),
            undo_window: SignedDuration::from_mins(10),
            turnaround: SignedDuration::from_mins(30),
            restart_grace: SignedDuration::from_mins(15),
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

impl Policy {
    /// The window of an offer whose mail is handed over at `from`: never beyond departure.
    pub fn window(&self, charter: &Charter, from: Timestamp) -> Window {
        let reply_by = (from + self.response_window).min(charter.departs_at);
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
