//! Faults planted on purpose: each has to be caught, or the check proves nothing.

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
    /// A nudge that came while an older one was carried out goes with it.
    DeletesNewerNudges,
    /// A server's clock is an hour ahead.
    ClockRunsAhead,
}
