//! The program against peers that others wrote, and as processes of its own. `scripts/peers` installs
//! the peers.

mod browser;
mod calendar;
#[cfg(feature = "aws")]
mod deploy;
#[cfg(feature = "aws")]
#[path = "../it/support/dynamodb.rs"]
#[allow(dead_code, reason = "shared with the tests of the store, which use all of it")]
mod dynamodb;
mod google;
#[path = "../it/cli/home.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use all of it")]
mod home;
#[path = "../it/support/invariants.rs"]
mod invariants;
#[cfg(feature = "aws")]
mod lambda;
#[path = "../it/support/pay.rs"]
mod pay;
#[cfg(feature = "aws")]
mod secrets;
mod serve;
mod smtp;
mod statements;
mod support;
mod workbook;
