//! What a command prints: text for people, or JSON for programs.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::Path;

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

/// Names and what they stand for, a line each.
pub(super) fn facts(facts: impl IntoIterator<Item = (String, String)>) -> String {
    let facts: Vec<(String, String)> = facts.into_iter().collect();
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(10);
    facts.iter().map(|(name, value)| format!("{name:<width$} {value}\n")).collect()
}

/// Writes what is no text to standard output.
pub(super) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        return Err(Failure::usage("this is no text for a terminal; name a file, or send it on with > or |"));
    }
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::said(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a file so that it is there whole, or as it was before.
pub(super) fn to_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_whole(path, bytes).map_err(|error| {
        let place = path.display();
        Failure::said(format!(
            "{place} cannot be written ({}); check that its directory is there and may be written in",
            error.kind()
        ))
    })
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a link leads to is written, and the link stays.
    let real = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found?,
    };
    let directory = real.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".tmp");
    let known = fs::metadata(&real).ok();
    if known.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // As a file has it that is made anew: it is no secret from whoever sees this directory.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(bytes)?;
    if let Some(known) = known {
        file.as_file().set_permissions(known.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&real)?;
    // The rename itself is durable only once the directory is.
    File::open(directory)?.sync_all()
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
