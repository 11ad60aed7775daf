//! The stores: one suite that all of them pass, and what is special about SQLite.

mod agreement;
mod bodies;
pub(crate) mod conformance;
mod copying;
pub(crate) mod dice;
mod due;
#[cfg(feature = "aws")]
mod dynamodb_trouble;
mod expectations;
mod limits;
mod listings;
#[cfg(feature = "aws")]
mod long_thread;
mod races;
mod records;
mod rows;
mod sqlite_backup;
mod sqlite_file;
mod sqlite_kill;
mod sqlite_shared;
