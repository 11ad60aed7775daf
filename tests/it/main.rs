//! The tests of the program, in one binary: it links once.

mod broken_inputs;
mod cli;
mod faults;
mod mail;
mod store;
mod support;
mod trouble;
mod web;
