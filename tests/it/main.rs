//! The program's parts together, with peers written in the tests.

mod mail;
