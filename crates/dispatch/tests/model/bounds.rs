//! How large a world is.

use crate::planted::Fault;
use crate::world::Left;

/// What a charter that changes can become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    /// Anything.
    Any,
    /// Anything but earlier: of the largest worlds.
    NotEarlier,
    /// Later or earlier.
    Moves,
}

/// What a world contains, and where it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Its name, for the report.
    pub(crate) name: &'static str,
    /// Charters, each overlapping with the next.
    pub(crate) charters: usize,
    /// Captains who can be asked; one more is away.
    pub(crate) captains: usize,
    /// Deckhands' seats on each charter.
    pub(crate) seats: u32,
    /// Deckhands who can be asked; one more is away.
    pub(crate) deckhands: usize,
    /// The tick at which the first charter departs.
    pub(crate) departs: u8,
    /// The last tick.
    pub(crate) ticks: u8,
    /// Whether the clock stops within the grace of an offer, or only after it.
    pub(crate) grace: bool,
    /// Decisions that may be in hand at the same time. With 1, the other server commits at once.
    pub(crate) held: usize,
    /// How often people do what can be done for ever.
    pub(crate) left: Left,
    /// Whether whoever stands by has the seat as soon as nobody is being asked.
    pub(crate) takes_late_yes: bool,
    /// How many are asked for a seat at once when time runs out. With more than 1, it does so sooner.
    pub(crate) at_once: u32,
    /// Whether the vessel has papers: a captain needs `towing`, which `ann` has not, and a deckhand has to sail along.
    pub(crate) papers: bool,
    /// What a charter that changes can become.
    pub(crate) kinds: Changes,
    /// Whether mails may be handed over with the answer lost.
    pub(crate) ambiguous: bool,
    /// Whether mails beside the offers wait in the outbox, or are taken as sent.
    pub(crate) all_rows: bool,
    /// What is done wrong on purpose.
    pub(crate) fault: Option<Fault>,
}
