//! Faults planted on purpose: each has to be caught, or the check proves nothing.

use crate::bounds::Bounds;
use crate::explore;
use crate::world::Left;
use crate::worlds::{NOTHING, SMALL};

/// Something that a server or a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The store takes a decision about a charter that has changed since it was read.
    CommitIgnoresTheChartersVersion,
    /// The store takes a decision about a person whose commitments have changed since.
    CommitIgnoresCommitments,
    /// The charter is written, and the people's commitments are not.
    CommitForgetsCommitments,
    /// The charter is written, and its mails are not.
    LosesMails,
    /// A mail goes out though its offer is void.
    SendsOutdatedRows,
    /// Nobody tells a charter that waits that its person is free.
    DropsNudges,
    /// A server's clock is an hour ahead.
    ClockRunsAhead,
}

/// Plants a fault in a world, and has it caught by one of the rules with these numbers: which of them
/// is met first is up to the threads.
fn caught(fault: Fault, world: Bounds, by: &[&str]) {
    let name = format!("{fault:?}");
    let broken = explore(Bounds { fault: Some(fault), ..world });
    println!("  {name} breaks {:?}", broken.iter().map(|(rule, _)| rule).collect::<Vec<_>>());
    assert!(!broken.is_empty(), "{name} was not caught");
    for (rule, way) in broken {
        assert!(by.iter().any(|by| rule.starts_with(by)), "{name} breaks {rule} by\n{way}");
    }
}

#[test]
fn every_planted_fault_is_caught() {
    let one = Bounds { name: "planted, one charter", ..SMALL };
    let left = Left { starts: 2, ..NOTHING };
    let two = Bounds { name: "planted, two charters", charters: 2, ticks: 0, left, ..SMALL };
    caught(Fault::CommitIgnoresTheChartersVersion, one, &["1 ", "5", "10", "13", "19", "commitments"]);
    caught(Fault::CommitIgnoresCommitments, two, &["2", "10", "commitments", "nobody"]);
    caught(Fault::CommitForgetsCommitments, two, &["2", "commitments"]);
    caught(Fault::LosesMails, one, &["10"]);
    caught(Fault::SendsOutdatedRows, one, &["13"]);
    caught(Fault::DropsNudges, two, &["10"]);
    caught(Fault::ClockRunsAhead, one, &["17"]);
}
