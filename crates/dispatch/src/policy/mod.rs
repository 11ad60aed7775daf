//! The operator's settings that the rules read.

mod order;
mod quiet;
mod window;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Rank;
use crate::vessel::Vessel;

pub use order::{Basis, Order, Place};
pub use quiet::QuietHours;
pub use window::{Queue, Window};

/// How the cascade behaves. One per operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long an offer waits, counted from the moment its mail was handed over, if there is time enough.
    pub response_window: SignedDuration,
    /// What a person needs at least to see a mail and answer it.
    pub shortest_window: SignedDuration,
    /// How many people are asked for one seat at the same time once there is not enough time left to ask
    /// everyone in turn, at most [`crate::limits::ASKED_AT_ONCE`]; the first to say yes has it. With 1 the
    /// office is alerted, and the asking goes on in turn.
    pub ask_at_once: u32,
    /// How long before the call time the crew has to be complete.
    pub complete_before: SignedDuration,
    /// When nobody has to answer, by the clocks where the person lives.
    pub quiet_hours: Option<QuietHours>,
    /// How long after the reply-by time an answer still counts: for slow phones and clocks.
    pub grace: SignedDuration,
    /// How long an accept can be taken back at no cost.
    pub undo_window: SignedDuration,
    /// What becomes of people who cannot sail after all, once a yes cannot be taken back any more.
    pub drop_outs: DropOuts,
    /// How long before departure the office has to hear of each drop-out.
    pub drop_out_cutoff: SignedDuration,
    /// What comes of a yes that is too late while the seat is open, or when it is again.
    pub late_yes: LateYes,
    /// What follows when mail to somebody who is asked cannot be delivered.
    pub undeliverable: Undeliverable,
    /// Time between one sail's return and the next one's call time, for one person.
    pub turnaround: SignedDuration,
    /// How long an offer stays open at least after the program was down.
    pub restart_grace: SignedDuration,
    /// Whether people are asked who said nothing clear of a date.
    pub unknown_availability: UnknownAvailability,
    /// How the people of a rank take turns; where nothing is said, in the cascade order.
    pub orders: BTreeMap<Rank, Order>,
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

/// What comes of a yes that is too late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LateYes {
    /// The office is told, and can put the person aboard.
    #[default]
    Office,
    /// The person has the seat as soon as nobody is being asked for it.
    Take,
}

/// What follows when mail to somebody who is asked cannot be delivered. The office is told in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Undeliverable {
    /// The next person is asked at once.
    #[default]
    Next,
    /// The call rests, so that the office can look first.
    Pause,
}

/// What becomes of people who said yes and cannot sail after all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DropOuts {
    /// They answer for the seat until somebody else has it, or the office says otherwise.
    #[default]
    Responsible,
    /// They are free at once.
    Free,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            response_window: SignedDuration::from_hours(2),
            shortest_window: SignedDuration::from_mins(15),
            ask_at_once: 1,
            complete_before: SignedDuration::ZERO,
            quiet_hours: None,
            grace: SignedDuration::from_mins(2),
            undo_window: SignedDuration::from_mins(10),
            drop_outs: DropOuts::Responsible,
            drop_out_cutoff: SignedDuration::from_hours(48),
            late_yes: LateYes::Office,
            undeliverable: Undeliverable::Next,
            turnaround: SignedDuration::from_mins(30),
            restart_grace: SignedDuration::from_mins(15),
            unknown_availability: UnknownAvailability::Skip,
            orders: BTreeMap::new(),
            vessels: Vec::new(),
        }
    }
}

impl Policy {
    /// How the people of a rank take turns.
    pub fn order(&self, rank: &Rank) -> Order {
        self.orders.get(rank).copied().unwrap_or_default()
    }

    /// The boat of that name, if the settings describe it. Capitals make no difference.
    pub fn vessel(&self, name: &str) -> Option<&Vessel> {
        self.vessels.iter().find(|vessel| vessel.name.eq_ignore_ascii_case(name))
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
