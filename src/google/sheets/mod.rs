//! The spreadsheet, by the Sheets API (<https://developers.google.com/workspace/sheets/api/reference/rest>).
//!
//! | file | call |
//! | --- | --- |
//! | `read` | `spreadsheets.get`: all tabs with their cells, in one call |
//! | `month` | `spreadsheets.batchUpdate`: a tab made of another one |
//! | `write` | `spreadsheets.batchUpdate`: one batch, whole or not at all; the copies of a large one are taken away |

mod month;
mod read;
mod write;

use reqwest::Method;
use serde::Deserialize;

pub use read::{Copies, Opened};
pub use write::WriteError;

use super::{CallError, Google, Kind, Scope, SignInError};

/// Without it an answer is set out in lines for people, and most of its bytes are spaces
/// (developers.google.com/workspace/sheets/api/reference/rest, `prettyPrint`).
const COMPACT: &str = "prettyPrint=false";

/// The Sheets API.
pub struct Sheets<'a>(pub &'a Google);

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum SheetsError {
    /// There is no access token.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The sheet is not there, or not shared with the account.
    #[error("the spreadsheet is not there, or not shared with the account: {0}")]
    Closed(String),
    /// Too much was asked in this minute: nothing was done, and it may be asked again after so long.
    #[error("Google's limit of calls is reached: {said}")]
    Quota {
        /// What Google said.
        said: String,
        /// How long it wants to be left alone, if it says so.
        wait: Option<std::time::Duration>,
    },
    /// The call had no answer, or another time may have another one.
    #[error("the Sheets API of Google did not do what was asked: {0}")]
    Failed(String),
}

impl From<CallError> for SheetsError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::SignIn(error) => Self::SignIn(error),
            CallError::Refused(refusal) => match refusal.kind {
                Kind::NotFound | Kind::Forbidden => Self::Closed(refusal.said),
                Kind::Quota | Kind::Busy => Self::Quota { said: refusal.said, wait: refusal.wait },
                _ => Self::Failed(refusal.said),
            },
            CallError::NoAnswer(none) => Self::Failed(none.to_string()),
        }
    }
}

impl Sheets<'_> {
    /// What the spreadsheet is called (`spreadsheets.get`).
    ///
    /// # Errors
    /// See [`SheetsError`].
    pub async fn title(&self, spreadsheet_id: &str) -> Result<String, SheetsError> {
        #[derive(Deserialize)]
        struct Spreadsheet {
            properties: Properties,
        }
        #[derive(Deserialize)]
        struct Properties {
            title: String,
        }
        let url = self.url(spreadsheet_id, "?fields=properties.title");
        let answer = self.0.call(Scope::Spreadsheets, Method::GET, &url, None).await?;
        Ok(parse::<Spreadsheet>(&answer.body)?.properties.title)
    }

    fn url(&self, spreadsheet_id: &str, rest: &str) -> String {
        format!("{}/v4/spreadsheets/{spreadsheet_id}{rest}", self.0.endpoints.sheets)
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, SheetsError> {
    serde_json::from_slice(body)
        .map_err(|_| SheetsError::Failed("its answer is none of the Sheets API".into()))
}
