//! `crewcall audit`

use crewcall_dispatch::model::CharterId;

use super::output::{Format, table};
use super::{Failure, Settings};
use crate::times;
use crate::words;

#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    /// The charter
    #[arg(value_name = "ID", value_parser = super::charter::id)]
    charter: CharterId,
    #[command(flatten)]
    format: Format,
}

impl Audit {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let app = settings.open_app().await?;
        let events = app.audit(&self.charter).await?;
        let state = app.charter(&self.charter).await?;
        let names = app.crew_names(&words::people(&state, &events)).await?;
        let zone = &app.operator.zone;
        self.format.print(&events, |events| {
            let when = format!("WHEN ({})", zone.iana_name().unwrap_or("local"));
            table(
                [when.as_str(), "WHO", "VIA", "WHAT"],
                events.iter().map(|event| {
                    [
                        times::log(event.at, zone),
                        words::actor(&event.by, &names),
                        event.via.clone(),
                        words::fact(event, &state, &names, zone),
                    ]
                }),
            )
        })
    }
}
