//! The spreadsheet: so far, whether the sign-in opens it.

use reqwest::Method;
use serde::Deserialize;

use super::{CallError, Google, Kind, Scope, SignInError};

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
    /// The call had no answer, or another time may have another one.
    #[error("the Sheets API of Google did not do what was asked: {0}")]
    Failed(String),
}

impl From<CallError> for SheetsError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::SignIn(error) => Self::SignIn(error),
            CallError::Refused(refusal) if matches!(refusal.kind, Kind::NotFound | Kind::Forbidden) => {
                Self::Closed(refusal.said)
            }
            other => Self::Failed(other.to_string()),
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
        let Self(google) = self;
        let url =
            format!("{}/v4/spreadsheets/{spreadsheet_id}?fields=properties.title", google.endpoints.sheets);
        let answer = google.call(Scope::Spreadsheets, Method::GET, &url, None).await?;
        let spreadsheet: Spreadsheet = serde_json::from_slice(&answer.body)
            .map_err(|_| SheetsError::Failed("its answer is none of the Sheets API".into()))?;
        Ok(spreadsheet.properties.title)
    }
}
