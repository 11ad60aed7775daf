//! The program around the rules of `crewcall-dispatch`: stores, mail, pages and commands.

pub mod store;
