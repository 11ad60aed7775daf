//! What a commit consists of, and the checks that every store makes before it looks at a row.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{BODY_BYTES, COMMIT_BYTES, COMMIT_ITEMS, GET_KEYS, Key, Listing, NAME_BYTES, StoreError};

/// What a write expects to find. If it is not so, the whole commit is a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// No such row.
    Absent,
    /// The row in this version. Version 0 is never found.
    Version(u64),
    /// Whatever is there. Only for a [`Write::Put`], of a row that is written in no other commits than those
    /// that name the version of one certain other row, which guards it: reading it as well would add nothing.
    Any,
}

impl Expect {
    /// Whether a row in this version, or the lack of one, is what was expected.
    pub fn holds(self, found: Option<u64>) -> bool {
        match self {
            Expect::Absent => found.is_none(),
            Expect::Version(version) => found == Some(version),
            Expect::Any => true,
        }
    }
}

/// One item of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Writes a row whole: version 1 when it was absent, else one more than it had.
    Put {
        /// The row.
        key: Key,
        /// What is there now.
        expect: Expect,
        /// A JSON object, at most [`BODY_BYTES`].
        body: String,
        /// Where it is listed from now on; `None` takes it off its list.
        listing: Option<Listing>,
        /// When it is due from now on; `None` takes it off the timers.
        due_at: Option<Timestamp>,
    },
    /// Removes a row.
    Delete {
        /// The row.
        key: Key,
        /// The version to remove. Anything else is a mistake of the caller and refused as
        /// [`StoreError::Malformed`]: to make sure that there is no row, use [`Write::Check`].
        expect: Expect,
    },
    /// Changes nothing, and lets the commit happen only if the row is as expected.
    Check {
        /// The row.
        key: Key,
        /// What must be there. [`Expect::Any`] is refused as [`StoreError::Malformed`].
        expect: Expect,
    },
}

impl Write {
    /// The row it is about.
    pub fn key(&self) -> &Key {
        match self {
            Write::Put { key, .. } | Write::Delete { key, .. } | Write::Check { key, .. } => key,
        }
    }

    /// What it expects to find there.
    pub fn expected(&self) -> Expect {
        match self {
            Write::Put { expect, .. } | Write::Delete { expect, .. } | Write::Check { expect, .. } => *expect,
        }
    }
}

/// Refuses what no store may accept, whatever its rows are. Called first by every `commit`.
pub(crate) fn check_commit(writes: &[Write]) -> Result<(), StoreError> {
    within("items in one commit", writes.len(), COMMIT_ITEMS)?;
    let mut seen = HashSet::with_capacity(writes.len());
    let mut bytes = 0;
    for write in writes {
        let key = write.key();
        check_name(key, &key.id, "an empty id")?;
        if key.table.lists_by_id() && key.list_and_order().is_none() {
            return Err(StoreError::Malformed { what: "an id that names no list", key: key.clone() });
        }
        if !seen.insert(key) {
            return Err(StoreError::TwoWrites(key.clone()));
        }
        match write {
            Write::Put { body, listing, .. } => {
                if body.len() > BODY_BYTES {
                    within(&format!("bytes in the body of {key}"), body.len(), BODY_BYTES)?;
                }
                if let Some(Listing { under, order }) = listing {
                    if key.table.lists_by_id() {
                        let what = "a listing beside the one that the id is";
                        return Err(StoreError::Malformed { what, key: key.clone() });
                    }
                    check_name(key, under, "an empty listing")?;
                    check_name(key, order, "an empty order in the listing")?;
                }
                bytes += body.len();
            }
            Write::Delete { expect: Expect::Absent | Expect::Any, .. } => {
                return Err(StoreError::Malformed {
                    what: "a delete that names no version",
                    key: key.clone(),
                });
            }
            Write::Check { expect: Expect::Any, .. } => {
                return Err(StoreError::Malformed { what: "a check of nothing", key: key.clone() });
            }
            Write::Delete { .. } | Write::Check { .. } => {}
        }
    }
    within("bytes in one commit", bytes, COMMIT_BYTES)
}

/// Refuses a `get` of too many keys. Called first by every `get`.
pub(crate) fn check_get(keys: &[Key]) -> Result<(), StoreError> {
    within("keys in one read", keys.len(), GET_KEYS)
}

/// Names are keys of an index in DynamoDB, which takes no empty ones and none beyond its limit.
fn check_name(key: &Key, name: &str, empty: &'static str) -> Result<(), StoreError> {
    if name.is_empty() {
        return Err(StoreError::Malformed { what: empty, key: key.clone() });
    }
    within("bytes in an id or listing", name.len(), NAME_BYTES)
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size > limit {
        return Err(StoreError::TooLarge { what: what.to_owned(), size, limit });
    }
    Ok(())
}
