//! The command line as people meet it: the real binary in a directory of its own.

mod api_token;
mod backup;
mod charters;
mod controls;
mod database;
mod figures;
pub(crate) mod home;
mod mail;
mod roster;
mod round_trip;
mod serve;
mod settings;
mod statement;
mod store;
mod thread;
mod user;
mod workbooks;

pub(crate) use home::{Home, Ran};
