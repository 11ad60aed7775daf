//! The tests of the program, in one binary: it links once.

mod mail;
mod store;
mod support;
