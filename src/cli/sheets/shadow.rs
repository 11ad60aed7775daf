//! `crewcall sheets shadow`: what would have been done while the sheet was only looked at.

use std::fmt::Write;

use crate::cli::Failure;
use crate::cli::output::{Format, plain};
use crate::sheet::{Sync, shadow_days};

pub(super) async fn run(sync: &Sync, format: Format) -> Result<(), Failure> {
    let days = shadow_days(&*sync.app.store).await?;
    format.print(&days, |days| {
        if days.is_empty() {
            return "There is no report yet; with sync = \"shadow\" in [sheets], `serve` and the ticks on Lambda make one.".into();
        }
        let mut text = String::new();
        for day in days {
            let _ = writeln!(text, "Shadow: {}.", day.summary());
            let lines = [("store ", &day.taken), ("sheet ", &day.written), ("ask   ", &day.asks), ("stop  ", &day.stops)];
            for (what, line) in lines.iter().flat_map(|(what, lines)| lines.iter().map(move |line| (what, line))) {
                let _ = writeln!(text, "{what}  {}", plain(line));
            }
        }
        text
    })
}
