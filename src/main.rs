//! The `crewcall` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    crewcall::cli::main()
}
