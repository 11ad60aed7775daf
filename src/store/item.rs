//! Rows, and how they are named and found.

use std::fmt;

use jiff::Timestamp;

use super::StoreError;

/// The kinds of rows. Each is a table of its own wherever that makes sense; ids are unique within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// One charter with its call, offers and assignments.
    Charter,
    /// The audit events of a charter; the id begins with the charter's, then a slash, and lists them.
    Event,
    /// The roster, one row for each person.
    Crew,
    /// What one person has accepted and been asked, so that no two servers book them twice.
    Commitments,
    /// Magic links, by the public half.
    Token,
    /// What has been decided and not yet carried out.
    Outbox,
    /// Signed-in sessions of the office.
    Session,
    /// What the program remembers about itself: its sign of life, the setup link.
    Service,
}

impl Table {
    /// All of them, in the order of declaration.
    pub const ALL: [Table; 8] = [
        Table::Charter,
        Table::Event,
        Table::Crew,
        Table::Commitments,
        Table::Token,
        Table::Outbox,
        Table::Session,
        Table::Service,
    ];

    /// The name in lower case, as stores and messages use it.
    pub fn name(self) -> &'static str {
        match self {
            Table::Charter => "charter",
            Table::Event => "event",
            Table::Crew => "crew",
            Table::Commitments => "commitments",
            Table::Token => "token",
            Table::Outbox => "outbox",
            Table::Session => "session",
            Table::Service => "service",
        }
    }

    /// Whether the id of a row is also its place in a list: `<name of the list>/<order>`, neither empty, the name
    /// without a slash. Such lists need no index, and what is written by the thousand costs one less.
    pub fn lists_by_id(self) -> bool {
        self == Table::Event
    }

    /// The place in [`Table::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// What names one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The kind of row.
    pub table: Table,
    /// Unique within the table; not empty, at most [`NAME_BYTES`](super::NAME_BYTES).
    pub id: String,
}

impl Key {
    /// The key of `id` in `table`.
    pub fn new(table: Table, id: impl Into<String>) -> Self {
        Key { table, id: id.into() }
    }

    /// The list that an id names, and the place there, if its table [lists by id](Table::lists_by_id).
    pub(crate) fn list_and_order(&self) -> Option<(&str, &str)> {
        let parts = self.id.split_once('/').filter(|(list, order)| !list.is_empty() && !order.is_empty());
        parts.filter(|_| self.table.lists_by_id())
    }
}

/// As "crew dana-reyes".
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.table.name(), self.id)
    }
}

/// Where a row is listed: under a name and, there, in an order. A captain may be listed under `captain` as
/// `0001/dana-reyes`.
///
/// The order must be unique under its name, so that a list can be read on from where a page ended. No store can
/// check this cheaply; two rows in the same place are both listed, by id, but a page that ends between them
/// loses the second.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listing {
    /// The name of the list, of its own for each table.
    pub under: String,
    /// The place in the list, compared by bytes.
    pub order: String,
}

impl Listing {
    /// The place `order` in the list `under`.
    pub fn new(under: impl Into<String>, order: impl Into<String>) -> Self {
        Listing { under: under.into(), order: order.into() }
    }
}

/// One stored row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What names it.
    pub key: Key,
    /// How often it was written, from 1.
    pub version: u64,
    /// A JSON object. It comes back as the same JSON, not necessarily in the same bytes.
    pub body: String,
    /// Where it is listed, if it is; `None` where the table [lists by id](Table::lists_by_id).
    pub listing: Option<Listing>,
    /// When something is due about it, if ever. Kept in whole microseconds, rounded up, so that nothing is due
    /// early; an exact instant belongs in the body.
    pub due_at: Option<Timestamp>,
}

/// Which part of which list to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The table whose list it is.
    pub table: Table,
    /// The name of the list.
    pub under: String,
    /// The first order wanted, itself included. `None`: from the start.
    pub from: Option<String>,
    /// Where to stop, itself excluded. `None`: to the end.
    pub to: Option<String>,
    /// Rows to answer at most.
    pub limit: usize,
    /// Whether the rows come from the end of the part on, the last of it first.
    pub backwards: bool,
}

impl Query {
    /// The first `limit` rows of a list.
    pub fn new(table: Table, under: impl Into<String>, limit: usize) -> Self {
        Query { table, under: under.into(), from: None, to: None, limit, backwards: false }
    }

    /// The same, from this order on, itself included.
    #[must_use]
    pub fn from(mut self, order: impl Into<String>) -> Self {
        self.from = Some(order.into());
        self
    }

    /// The same, up to this order, itself excluded.
    #[must_use]
    pub fn to(mut self, order: impl Into<String>) -> Self {
        self.to = Some(order.into());
        self
    }

    /// The same, from its end on: the last `limit` rows, the last first.
    #[must_use]
    pub fn backwards(mut self) -> Self {
        self.backwards = true;
        self
    }

    /// The page after the one that ended with this row.
    #[must_use]
    pub fn after(self, last: &Row) -> Self {
        let listed = last.listing.as_ref().map(|listing| listing.order.as_str());
        let order = listed.or_else(|| last.key.list_and_order().map(|(_, order)| order));
        if self.backwards {
            return Query { to: order.map(str::to_owned).or(self.to), ..self };
        }
        // The least string above another is that string and a zero byte.
        Query { from: order.map(|order| format!("{order}\0")).or(self.from), ..self }
    }
}

/// An instant in microseconds, rounded up: how every store keeps `due_at`.
pub(crate) fn micros_up(at: Timestamp) -> i64 {
    let down = micros_down(at);
    let exact = i128::from(down) * 1_000 == at.as_nanosecond();
    // The last microsecond of the last representable second has no successor.
    if exact || down >= Timestamp::MAX.as_microsecond() { down } else { down + 1 }
}

/// An instant in microseconds, rounded down: what a whole `due_at` is compared with.
pub(crate) fn micros_down(at: Timestamp) -> i64 {
    // jiff ends at the year 9999: in microseconds far inside an i64.
    at.as_nanosecond().div_euclid(1_000) as i64
}

/// The instant of a stored `due_at`.
pub(crate) fn from_micros(key: &Key, micros: i64) -> Result<Timestamp, StoreError> {
    // Not `from_microsecond`, whose range ends a second before `Timestamp::MAX`. A remainder is below a million.
    let (second, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) as i32);
    Timestamp::new(second, rest * 1_000).map_err(|error| StoreError::corrupt(key.to_string(), error))
}
