//! The spreadsheet: so far, whether the sign-in opens it.

use reqwest::{Method, StatusCode};
use serde::Deserialize;

use super::{Google, Kind, Refusal, Scope, SignInError};

/// The Sheets API.
pub struct Sheets<'a>(pub &'a Google);

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum SheetsError {
    /// There is no access token.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The call was refused, or had no answer.
    #[error("the Sheets API of Google did not do what was asked: {0}")]
    Failed(String),
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
        let path = format!("/v4/spreadsheets/{spreadsheet_id}?fields=properties.title");
        let spreadsheet: Spreadsheet = self.get(&path).await?;
        Ok(spreadsheet.properties.title)
    }

    /// Reads, with another access token should the first not be taken.
    async fn get<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, SheetsError> {
        let Self(google) = self;
        let mut first = true;
        loop {
            let token = google.sign_in.token().await?;
            let request = google.request(Method::GET, format!("{}{path}", google.endpoints.sheets), &token);
            let answer =
                google.send(request, &token).await.map_err(|error| SheetsError::Failed(error.to_string()))?;
            if answer.status == StatusCode::OK {
                return serde_json::from_slice(&answer.body)
                    .map_err(|_| SheetsError::Failed("its answer is none of the Sheets API".into()));
            }
            let refusal = Refusal::of(&answer, google.now());
            match refusal.kind {
                Kind::Token if first => google.sign_in.token_was_refused(&token).await,
                Kind::Scope => return Err(google.sign_in.does_not_allow(Scope::Spreadsheets).await.into()),
                _ => return Err(SheetsError::Failed(refusal.said)),
            }
            first = false;
        }
    }
}
