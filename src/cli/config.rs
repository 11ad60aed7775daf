//! `crewcall config`

use super::output::{Format, table};
use super::{Failure, Settings};
use crate::config::Source;

/// Shows the effective settings, after checking that mail could leave by them.
pub(super) fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    config.check_transport()?;
    format.print(&config.settings(), |settings| {
        table(
            ["KEY", "VALUE", "FROM"],
            settings.iter().map(|setting| {
                let from = match &setting.source {
                    Source::File => "file".to_owned(),
                    Source::Environment(variable) => variable.clone(),
                    Source::Default => "default".to_owned(),
                };
                [setting.key.clone(), setting.value.clone(), from]
            }),
        )
    })
}
