//! The tests of the program, in one binary: it links once.

mod broken_inputs;
mod cli;
mod commit_sizes;
mod demo;
mod documents;
mod faults;
mod full_house;
mod google;
#[cfg(feature = "aws")]
mod lambda;
mod mail;
mod overtaken;
mod sheet;
mod statements;
mod store;
mod stories;
mod support;
mod transitions;
mod trouble;
mod web;
mod workbooks;
