//! What the program pins to cells. What people pinned there stays in front of it.

use super::memory::Conflict;

/// With this a note of the program begins.
const OURS: &str = "crewcall:";

/// A note that tells of two things that were said at the same time.
pub(super) fn with(pinned: &str, conflict: &Conflict) -> String {
    let said = |words: &Option<String>| match words {
        Some(words) => format!("{words:?}"),
        None => "nothing".to_owned(),
    };
    let ours = format!(
        "{OURS} {} was written here while {} was said elsewhere. {} counts until somebody settles it: write into the cell what \
         is right, or delete this note if it is right as it is.",
        said(&conflict.sheet),
        said(&conflict.store),
        said(&conflict.counts),
    );
    match without(pinned) {
        theirs if theirs.is_empty() => ours,
        theirs => format!("{theirs}\n\n{ours}"),
    }
}

/// Whether the program has pinned something there.
pub(super) fn is_in(pinned: &str) -> bool {
    pinned.contains(OURS)
}

/// What people pinned there.
pub(super) fn without(pinned: &str) -> String {
    pinned.split(OURS).next().unwrap_or_default().trim_end().to_owned()
}
