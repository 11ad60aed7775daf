//! The `crewcall` command.

fn main() {}
