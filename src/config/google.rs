//! `[google]` and `[sheets]`: what somebody signs in with, and where Google is.

use std::path::PathBuf;
use std::sync::Arc;

use super::read::default;
use super::reader::Fallback::Absent;
use super::reader::Reader;
use super::{Config, ConfigError, Source, Way, value};
use crate::app::App;
use crate::clock::SystemClock;
use crate::google::{Endpoints, Google, Patience, Scope, standard};
use crate::secret::SecretPlace;
use crate::sheet::{Mode, Sync};

/// What is used of Google, and how it is reached.
#[derive(Debug, Clone)]
pub struct GoogleConfig {
    /// Where the sign-in stands: `crewcall google login` writes it.
    pub credentials: SecretPlace,
    /// The OAuth client for which somebody signs in, as Google's console gives it.
    pub client_file: Option<PathBuf>,
    /// Where Google is.
    pub endpoints: Endpoints,
    /// The office's spreadsheet.
    pub spreadsheet_id: Option<String>,
    /// What is done with it.
    pub sync: Mode,
}

pub(super) fn read(keys: &mut Reader) -> Option<GoogleConfig> {
    let credentials = credentials(keys);
    let client_file = keys.file("google.client_file", Absent);
    let mut address = |key, standard| keys.read(key, default(standard), value::peer_url);
    let auth_uri = address("google.auth_uri", standard::AUTH_URI);
    let token_uri = address("google.token_uri", standard::TOKEN_URI);
    let gmail = address("google.gmail_base_url", standard::GMAIL);
    let sheets = address("google.sheets_base_url", standard::SHEETS);
    let spreadsheet_id = keys.read("sheets.spreadsheet_id", Absent, value::spreadsheet_id);
    let sync = keys.read("sheets.sync", default("off"), value::sheet_mode);
    if sync.is_some_and(|mode| mode != Mode::Off)
        && spreadsheet_id.is_none()
        && !keys.names_in("sheets").contains("spreadsheet_id")
    {
        keys.object("sheets.sync", "is not off, and no sheet is named; give sheets.spreadsheet_id");
    }
    Some(GoogleConfig {
        credentials,
        client_file,
        endpoints: Endpoints { auth_uri: auth_uri?, token_uri: token_uri?, gmail: gmail?, sheets: sheets? },
        spreadsheet_id,
        sync: sync?,
    })
}

/// In a file, unless it is said otherwise.
fn credentials(keys: &mut Reader) -> SecretPlace {
    keys.place("google.credentials").unwrap_or_else(|| {
        SecretPlace::File(keys.assume_file("google.credentials_file", "secrets/google_refresh.json"))
    })
}

impl Config {
    /// What a sign-in has to allow: no more than what is switched on.
    pub fn google_scopes(&self) -> Vec<Scope> {
        let mail = self.mail.has_gmail().then_some(Scope::SendMail);
        let sheets = self.google.spreadsheet_id.as_ref().map(|_| Scope::Spreadsheets);
        mail.into_iter().chain(sheets).collect()
    }

    /// The office's sheet with the store, where one is named.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub(crate) fn sheet(&self, app: Arc<App>, patience: Patience) -> Result<Option<Sync>, ConfigError> {
        let Some(spreadsheet_id) = self.google.spreadsheet_id.clone() else { return Ok(None) };
        Ok(Some(Sync { app, google: self.google(patience)?, spreadsheet_id }))
    }

    /// The command that signs in, as whoever has these settings gives it. It names a secret that only a variable names: one
    /// who gives it elsewhere would sign in to another place.
    pub(crate) fn google_login(&self) -> String {
        let login = self.command("google login");
        let secret = self.settings.iter().find(|setting| setting.key == "google.credentials_secret");
        match secret.map(|setting| (&setting.source, &setting.value)) {
            Some((Source::Environment(variable), secret)) => format!("{variable}={secret} {login}"),
            _ => login,
        }
    }

    /// What to look at where mail would come from another sender than the settings say. A clause.
    pub fn other_sender(&self, account: &str) -> Option<String> {
        let from = self.from.email.as_str();
        let differs = matches!(self.mail.way, Way::Gmail) && !account.eq_ignore_ascii_case(from);
        differs.then(|| {
            format!(
                "mail.from is {from}, and the sign-in is {account}'s: unless {from} is an alias of that account, Gmail \
                 writes {account} as the sender"
            )
        })
    }

    /// Google, with the sign-in of the settings. Connects to nothing.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub(crate) fn google(&self, patience: Patience) -> Result<Google, ConfigError> {
        let (place, endpoints) = (self.google.credentials.clone(), self.google.endpoints.clone());
        Ok(Google::new(place, endpoints, self.google_scopes(), patience, Arc::new(SystemClock))?)
    }
}
