//! `crewcall sheets history`: what was taken from cells and written into them.

use super::super::output::{Format, table};
use crate::cli::Failure;
use crate::sheet::{Sync, What, history};
use crate::times;

pub(super) async fn run(sync: &Sync, format: Format) -> Result<(), Failure> {
    let events = history(&*sync.app.store).await?;
    let zone = &sync.app.operator.zone;
    format.print(&events, |events| {
        if events.is_empty() {
            return "Nothing was taken from the sheet yet, and nothing written into it.".into();
        }
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        table(
            ["AT", "", "CELL", "WHOSE", "OF", "BEFORE", "AFTER"],
            events.iter().map(|event| {
                let what = match event.what {
                    What::Taken => "taken",
                    What::Written => "written",
                    What::Agreed => "on both sides",
                    What::Overwrote => "typed meanwhile",
                };
                [
                    times::full(event.at, zone),
                    what.into(),
                    event.cell.clone(),
                    or_dash(&event.crew_id),
                    or_dash(&event.item),
                    or_dash(&event.before),
                    or_dash(&event.after),
                ]
            }),
        )
    })
}
