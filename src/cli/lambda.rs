//! What AWS Lambda starts: the same program, without a command.

use std::process::ExitCode;

use tracing_subscriber::filter::LevelFilter;

use super::Failure;
use crate::config::Config;
use crate::lambda::Function;
pub(super) use crate::lambda::started_this;

/// Answers events until the process is ended from outside.
pub(super) fn main() -> ExitCode {
    super::log(LevelFilter::INFO);
    // One event at a time has one thread's work.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(answer()),
        Err(error) => Err(Failure::said(format!("the program cannot start its threads: {error}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn answer() -> Result<(), Failure> {
    let function = Function::begin(Config::find(None)?).await?;
    function.run().await.map_err(|error| Failure::said(format!("AWS Lambda hands out no events: {error}")))
}
