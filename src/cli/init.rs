//! `crewcall init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::{Failure, Settings, output};
use crate::config::{FILE, template::TEMPLATE};

/// Writes the commented settings; a file that is there stays as it is.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    let path = settings.config.as_deref().unwrap_or(Path::new(FILE));
    let shown = path.display();
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(TEMPLATE.as_bytes()));
    match written {
        Ok(()) => output::print(&format!(
            "{shown} is written. Look through it; mail goes into a directory until [mail] transport is \"smtp\" or \"gmail\". Then \
             bring your roster in: crewcall roster import FILE"
        )),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(Failure::said(format!("{shown} is there already and was left as it is; move it away first")))
        }
        Err(error) => Err(Failure::said(format!(
            "{shown} cannot be written ({error}); check the directory and its rights"
        ))),
    }
}
