//! A file that a browser sends, and what it says of people.
//!
//! Between the preview and the button that takes it over nothing is kept: the file goes along in the page, and comes back
//! with the digest of what was shown.

use std::io;

use axum::extract::Multipart;
use crewcall_dispatch::limits;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::app::{App, Changes};
use crate::aside::aside;
use crate::import::input::{self, InputError};
use crate::import::roster::{self, Format, Records, RosterError, RowFault};
use crate::import::workbook::{self, Wanted};
use crate::store::StoreError;

/// How a workbook begins, whatever its name is.
const ZIP: &[u8] = b"PK\x03\x04";
/// What the form calls it when of a workbook the days are wanted.
pub(super) const DAYS: &str = "days";

/// A file, and what is wanted of it.
#[derive(Debug, Default, Clone)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Of a workbook what people say of days, not the people.
    pub(super) days: bool,
}

/// The same, as the page of the preview sends it back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Previewed {
    name: String,
    file: String,
    what: String,
    /// Of what the preview showed.
    pub(super) digest: String,
}

impl Previewed {
    /// The file; `None` if that is not what a preview sends.
    pub(super) fn upload(self) -> Option<Upload> {
        let bytes = BASE64URL_NOPAD.decode(self.file.as_bytes()).ok()?;
        Some(Upload { name: called(&self.name), bytes, days: self.what == DAYS })
    }
}

/// What of a file is not read: the first of it, and how much there is beside.
type Asks = (Vec<String>, usize);

/// Why a file is not taken, as sentences, each with its place.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) what: String,
    /// The first of them.
    pub(super) lines: Vec<String>,
    /// How many there are beside these.
    pub(super) more: usize,
}

impl Refused {
    fn whole(what: impl ToString) -> Self {
        Self { what: what.to_string(), lines: Vec::new(), more: 0 }
    }
}

/// What would change, and what of the file is not read.
#[derive(Debug)]
pub(super) struct Preview {
    pub(super) changes: Changes,
    /// The first of it.
    pub(super) asks: Vec<String>,
    /// How much there is beside.
    pub(super) more_asks: usize,
    /// Attributes that are kept for other tools; a misspelt one would be among them.
    pub(super) unknown: Vec<String>,
}

impl Preview {
    /// The digest of all that would be written.
    pub(super) fn digest(&self) -> String {
        let changed = self.changes.changed.iter().map(|(member, changes)| (&member.crew_id, changes));
        let all = (&self.changes.added, changed.collect::<Vec<_>>());
        let mut digest = Digesting(Sha256::new());
        // It is written nowhere that could fail.
        let _ = serde_json::to_writer(&mut digest, &all);
        HEXLOWER.encode(&digest.0.finalize())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.added.is_empty() && self.changes.changed.is_empty()
    }
}

/// Takes what is written into a digest, so that it need not be put together before.
struct Digesting(Sha256);

impl io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Upload {
    /// What a form sends.
    pub(super) async fn of(mut form: Multipart) -> Result<Self, Refused> {
        let broken = |_| Refused::whole("The file did not arrive whole. Choose it again.");
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            match field.name() {
                Some("file") => {
                    upload.name = called(field.file_name().unwrap_or_default());
                    upload.bytes = field.bytes().await.map_err(broken)?.to_vec();
                }
                Some("what") => upload.days = field.text().await.map_err(broken)? == DAYS,
                _ => {}
            }
        }
        if upload.bytes.len() > limits::UPLOAD_BYTES {
            return Err(too_large());
        }
        if upload.bytes.is_empty() {
            return Err(Refused::whole(
                "No file was chosen, or it is empty. Choose one, then press the button again.",
            ));
        }
        Ok(upload)
    }

    /// The bytes, as a field of a form.
    pub(super) fn coded(&self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes)
    }

    /// Reads the file, and compares all of it with the roster. Changes nothing.
    pub(super) async fn preview(&self, app: &App) -> Result<Result<Preview, Refused>, StoreError> {
        let (mut records, (asks, more_asks)) = match self.records(app).await? {
            Ok(read) => read,
            Err(refused) => return Ok(Err(refused)),
        };
        let unknown = records.unknown_attributes().into_iter().map(str::to_owned).collect();
        Ok(match app.compare_roster(std::mem::take(&mut records.people)).await? {
            Ok(changes) => Ok(Preview { changes, asks, more_asks, unknown }),
            Err(faults) => {
                let more = faults.count - faults.first.len();
                let of_row = faults.first.into_iter().filter_map(|(row, fault)| {
                    Some(RowFault { row: records.rows.get(row)?.clone(), fault }.to_string())
                });
                let lines: Vec<String> = of_row.collect();
                let what = format!(
                    "Nothing of {} was taken: correct what is wrong in it, then choose it again.",
                    self.name
                );
                Err(Refused { what, lines, more })
            }
        })
    }

    async fn records(&self, app: &App) -> Result<Result<(Records, Asks), Refused>, StoreError> {
        if self.bytes.starts_with(ZIP) || self.name.to_lowercase().ends_with(".xlsx") {
            return self.workbook(app).await;
        }
        let read = aside(|| {
            let input = input::text(self.bytes.clone(), self.name.clone());
            let input = input.map_err(|error: InputError| error.to_string())?;
            roster::read(&input, Format::of(&input)).map_err(|error: RosterError| error.to_string())
        });
        Ok(read
            .map(|records| (records, Asks::default()))
            .map_err(|error| Refused::whole(crate::web::error::sentence(&error))))
    }

    async fn workbook(&self, app: &App) -> Result<Result<(Records, Asks), Refused>, StoreError> {
        let refused = |problem: &dyn ToString| {
            let problem = problem.to_string();
            Refused::whole(crate::web::error::sentence(&format!("{} {problem}", self.name)))
        };
        let book = match aside(|| crate::workbook::read(&self.bytes)) {
            Ok(book) => book,
            Err(error) => return Ok(Err(refused(&error))),
        };
        let wanted = if self.days { Wanted::Availability } else { Wanted::Roster };
        let answers = crate::sheet::answers(&*app.store).await?;
        Ok(match workbook::read(&book, wanted, app, &answers).await? {
            Ok(found) => {
                let asks = found.asks.iter().take(limits::FAULTS_SHOWN);
                let asks: Vec<String> = asks.map(|ask| format!("{}: {}", ask.at, ask.why)).collect();
                let more = found.asks.len() - asks.len();
                Ok((found.records, (asks, more)))
            }
            Err(problem) => Err(refused(&problem)),
        })
    }
}

/// More than is taken.
pub(super) fn too_large() -> Refused {
    let most = limits::UPLOAD_BYTES / (1024 * 1024);
    Refused::whole(format!(
        "The file has more than {most} MB, which is all that is taken here. Split it, or bring it in with `crewcall roster import FILE`."
    ))
}

/// A file's name as a sentence can bear it.
fn called(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_control()).take(limits::NAME_CHARS).collect();
    if plain.trim().is_empty() { "the file".into() } else { plain }
}
