//! `[sign_in.google]`: where the office can sign in beside the mailed link.

use std::sync::Arc;

use crewcall_dispatch::model::name;

use super::read::default;
use super::reader::Fallback::Required;
use super::reader::Reader;
use super::{Config, value};
use crate::app::App;
use crate::google::HttpError;
use crate::openid::{ClientSecret, GOOGLE, OpenId, OpenIdConfig};
use crate::secret::SecretPlace;

const SECTION: &str = "sign_in.google";
const SECRET: &str = "sign_in.google.client_secret";
/// The longest id of a client, in characters. Google's have about 75.
const CLIENT_ID_CHARS: usize = 300;

/// Nothing, where there is no such section; `None` where it is faulty.
pub(super) fn read(keys: &mut Reader) -> Option<Option<OpenIdConfig>> {
    if !keys.has_section(SECTION) {
        return Some(None);
    }
    let client_id = keys.read("sign_in.google.client_id", Required, client_id);
    let client_secret = client_secret(keys);
    let issuer = keys.read("sign_in.google.issuer", default(GOOGLE), value::issuer);
    let usual = match issuer.as_deref() {
        None | Some(GOOGLE) => "Google".to_owned(),
        Some(other) => value::host(other),
    };
    let name = keys.read("sign_in.google.name", default(&usual), name);
    Some(Some(OpenIdConfig {
        issuer: issuer?,
        name: name?,
        client_id: client_id?,
        client_secret: client_secret?,
    }))
}

fn client_id(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = (1..=CLIENT_ID_CHARS).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    match fits {
        true => Ok(text.to_owned()),
        false => Err("is no id of a client; write the one that the issuer shows beside the client".into()),
    }
}

fn client_secret(keys: &mut Reader) -> Option<ClientSecret> {
    let (file, secret) = (format!("{SECRET}_file"), format!("{SECRET}_secret"));
    let is_given = keys.is_given(&file) || keys.is_given(&secret);
    match keys.place(SECRET) {
        Some(SecretPlace::File(path)) => match value::password(&path) {
            Ok(secret) => Some(ClientSecret::Known(secret)),
            Err(problem) => {
                keys.object(&file, problem);
                None
            }
        },
        Some(SecretPlace::SecretsManager(name)) => Some(ClientSecret::SecretsManager(name)),
        None if is_given => None,
        None => {
            let problem =
                format!("is missing; write the client's secret into a file and name that under [{SECTION}]");
            keys.object(&file, problem);
            None
        }
    }
}

impl Config {
    /// Where the office can sign in beside the mailed link. Connects to nothing.
    ///
    /// # Errors
    /// If encryption cannot be set up.
    pub(crate) fn openid(&self, app: &App) -> Result<Option<Arc<OpenId>>, HttpError> {
        let openid = self.openid.clone().map(|openid| OpenId::new(openid, app));
        Ok(openid.transpose()?.map(Arc::new))
    }
}
