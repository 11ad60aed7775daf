//! The tests of the program, in one binary: it links once.

mod faults;
mod mail;
mod store;
mod support;
mod web;
