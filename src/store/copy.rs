//! From one store into another: every row, compared afterwards, and gone on with where it was broken off.
//!
//! While it lasts the copy has a mark, by which it is known for one: it is not opened to work with, and it may be
//! written over. A store without the mark that is not empty is somebody's, and is left alone. Versions begin anew:
//! they are told to nobody outside of a commit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scan::Pages;
use super::{CommitError, Expect, GET_KEYS, Key, Record, Row, Scan, Store, StoreError, Table, Write, read};

/// Rows in one commit.
const AT_ONCE: usize = 50;
/// Bytes of bodies in one commit, but for a single row that has more.
const BYTES_AT_ONCE: usize = 1_000_000;

/// The mark of a copy that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyMark {
    /// Which store is copied, as it was named.
    pub from: String,
    /// When it was begun.
    pub began_at: Timestamp,
}

const MARK: &str = "copy";

impl Record for CopyMark {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        MARK.into()
    }
}

/// What a copy came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// How many rows of each kind both stores have now, each compared.
    pub rows: BTreeMap<&'static str, usize>,
    /// How many of them were written this time. The others were there from a copy that was broken off.
    pub written: usize,
    /// Rows of a copy that was broken off which the store that is copied does not have any more.
    pub removed: usize,
}

/// Why a store was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the two does not answer, or refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is there is somebody's.
    #[error("the store to copy to is not empty, and nothing was written; name an empty one")]
    NotEmpty,
    /// A copy of another store was begun there.
    #[error("the store to copy to is the unfinished copy of {0}; finish that one, or name an empty store")]
    OfAnother(String),
    /// Half of a store is no store.
    #[error("the store to copy from is itself the unfinished copy of {0}; finish that one first")]
    FromUnfinished(String),
    /// Somebody works on one of the two.
    #[error(
        "{0} was changed while it was copied; stop every crewcall that works on one of the two stores, then give the \
         same command again: it goes on from here"
    )]
    Changed(Key),
}

impl From<CommitError> for CopyError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(key) => Self::Changed(key),
            CommitError::Store(error) => Self::Store(error),
        }
    }
}

/// The copy that a store is, if it is not finished.
///
/// # Errors
/// If the store fails.
pub async fn unfinished_copy(store: &dyn Store) -> Result<Option<CopyMark>, StoreError> {
    Ok(read::<CopyMark>(store, MARK).await?.map(|read| read.value))
}

/// Copies every row of a store into another that is empty, or that an earlier copy of the same store has begun.
/// `named` is how the first is named; `progress` is told how many rows have been looked at.
///
/// # Errors
/// See [`CopyError`]. What was copied by then stays, and the same again goes on from there.
pub async fn copy(
    from: &dyn Scan,
    to: &dyn Scan,
    named: &str,
    now: Timestamp,
    progress: impl Fn(usize),
) -> Result<Copied, CopyError> {
    begin(from, to, named, now).await?;
    let mut copied = Copied::default();
    let (mut pages, mut looked_at) = (Pages::of(from), 0);
    while let Some(page) = pages.next().await? {
        copied.written += bring(to, &page.rows).await?;
        looked_at += page.rows.len();
        progress(looked_at);
    }
    copied.removed = remove_others(from, to).await?;
    copied.rows = compare(from, to).await?;
    if let Some(mark) = read::<CopyMark>(to, MARK).await? {
        to.commit(vec![Write::delete::<CopyMark>(MARK, mark.version)]).await?;
    }
    Ok(copied)
}

/// Puts the mark on the store to copy to, unless it is there.
async fn begin(from: &dyn Scan, to: &dyn Scan, named: &str, now: Timestamp) -> Result<(), CopyError> {
    if let Some(mark) = unfinished_copy(from).await? {
        return Err(CopyError::FromUnfinished(mark.from));
    }
    match unfinished_copy(to).await? {
        Some(mark) if mark.from == named => return Ok(()),
        Some(mark) => return Err(CopyError::OfAnother(mark.from)),
        None => {}
    }
    let mut pages = Pages::of(to);
    while let Some(page) = pages.next().await? {
        if !page.rows.is_empty() || page.others > 0 {
            return Err(CopyError::NotEmpty);
        }
    }
    let mark = CopyMark { from: named.to_owned(), began_at: now };
    to.commit(vec![Write::put(&mark, Expect::Absent)?]).await?;
    Ok(())
}

/// Writes those rows that are not there, or not as they are. Says how many.
async fn bring(to: &dyn Scan, rows: &[Row]) -> Result<usize, CopyError> {
    let mut writes = Vec::new();
    for rows in rows.chunks(GET_KEYS) {
        let there = there(to, rows).await?;
        for (row, there) in rows.iter().zip(there) {
            if !there.as_ref().is_some_and(|there| is_same(row, there)) {
                writes.push(Write::Put {
                    key: row.key.clone(),
                    expect: there.map_or(Expect::Absent, |there| Expect::Version(there.version)),
                    body: row.body.clone(),
                    listing: row.listing.clone(),
                    due_at: row.due_at,
                });
            }
        }
    }
    let written = writes.len();
    let (mut some, mut bytes) = (Vec::new(), 0);
    for write in writes {
        let more = if let Write::Put { body, .. } = &write { body.len() } else { 0 };
        if some.len() == AT_ONCE || bytes + more > BYTES_AT_ONCE {
            to.commit(std::mem::take(&mut some)).await?;
            bytes = 0;
        }
        bytes += more;
        some.push(write);
    }
    to.commit(some).await?;
    Ok(written)
}

async fn there(store: &dyn Scan, rows: &[Row]) -> Result<Vec<Option<Row>>, StoreError> {
    let keys: Vec<Key> = rows.iter().map(|row| row.key.clone()).collect();
    store.get(&keys).await
}

/// Whether two stores say the same of a row: the same JSON, whatever its bytes.
fn is_same(one: &Row, other: &Row) -> bool {
    let json = |row: &Row| serde_json::from_str::<Value>(&row.body).ok();
    one.key == other.key
        && one.listing == other.listing
        && one.due_at == other.due_at
        && (one.body == other.body || json(one).is_some_and(|body| json(other) == Some(body)))
}

/// Removes what an earlier copy brought and the store that is copied does not have any more.
async fn remove_others(from: &dyn Scan, to: &dyn Scan) -> Result<usize, CopyError> {
    let (mut pages, mut removed) = (Pages::of(to), 0);
    while let Some(page) = pages.next().await? {
        for rows in page.rows.chunks(GET_KEYS) {
            for (row, original) in rows.iter().zip(there(from, rows).await?) {
                if original.is_none() && !is_mark(&row.key) {
                    let expect = Expect::Version(row.version);
                    to.commit(vec![Write::Delete { key: row.key.clone(), expect }]).await?;
                    removed += 1;
                }
            }
        }
    }
    Ok(removed)
}

fn is_mark(key: &Key) -> bool {
    key.table == Table::Service && key.id == MARK
}

/// Reads both stores from one end to the other: each row of the one is in the other, and there are no more there.
async fn compare(from: &dyn Scan, to: &dyn Scan) -> Result<BTreeMap<&'static str, usize>, CopyError> {
    let mut rows = BTreeMap::new();
    for (one, other) in [(from, to), (to, from)] {
        rows.clear();
        let mut pages = Pages::of(one);
        while let Some(page) = pages.next().await? {
            let page_rows: Vec<Row> = page.rows.into_iter().filter(|row| !is_mark(&row.key)).collect();
            for some in page_rows.chunks(GET_KEYS) {
                for (row, same) in some.iter().zip(there(other, some).await?) {
                    if !same.is_some_and(|same| is_same(row, &same)) {
                        return Err(CopyError::Changed(row.key.clone()));
                    }
                    *rows.entry(row.key.table.name()).or_default() += 1;
                }
            }
        }
    }
    Ok(rows)
}
