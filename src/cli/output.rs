//! What a command prints: text for people, or JSON for programs.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::Failure;

/// How a command prints its data.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Format {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Format {
    /// Prints `data` as JSON, or what `text` makes of it.
    pub(crate) fn print<T: Serialize>(
        self,
        data: &T,
        text: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        if self.json { json(data) } else { print(&text(data)) }
    }
}

/// Prints JSON that people can read too.
pub(crate) fn json(data: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(data);
    print(
        &text
            .map_err(|error| Failure::said(format!("the result is no JSON ({error}); please report this")))?,
    )
}

/// Prints text and a line end. A reader who has seen enough (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::said(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// A table whose columns are set apart by space alone; nothing if there are no rows.
pub(crate) fn table<const N: usize>(
    heading: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled).set_header(heading);
    for row in rows {
        table.add_row(row.map(|cell| plain(&cell)));
    }
    let lines = table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// What people wrote, fit for a terminal: it stays text, and one line.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
