//! The page on which somebody signs in and allows, or does not. Whoever sits at the browser answers at once.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::code::Code;
use super::{OAuth, Scopes, scopes};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::state::State;

/// How long a code can be exchanged.
const CODE: SignedDuration = SignedDuration::from_mins(10);
/// Where a program on somebody's machine may listen (RFC 8252, 7.3).
const LOOPBACK: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// What whoever sits at the browser does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Signs in and allows.
    Allow {
        /// Whose account it is.
        account: String,
        /// What is ticked of what was asked for; all, if nothing is said.
        scopes: Option<Vec<String>>,
    },
    /// Allows nothing.
    Deny,
}

/// `GET /o/oauth2/v2/auth`.
pub(crate) fn consent(state: &mut State, asked: &Asked) -> Answer {
    let query: BTreeMap<&str, &str> =
        asked.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wanted = match Wanted::read(&state.oauth, &query) {
        Ok(wanted) => wanted,
        Err(page) => return page,
    };
    // As long as nothing is said, whoever has the first account allows everything.
    let first = || state.gmail.first_account().map(|account| Consent::Allow { account, scopes: None });
    let Some(consent) = state.oauth.at_the_browser.clone().or_else(first) else {
        return blocked(400, "invalid_request", "There is no account to sign in with.");
    };
    let mut back = match consent {
        Consent::Deny => vec![("error", "access_denied".to_owned())],
        Consent::Allow { account, scopes: ticked } => {
            let granted = wanted.granted(ticked);
            let list = scopes::list(&granted);
            let code = state.oauth.secret("4/0A", 54);
            let expires_at = state.now() + CODE;
            let offline = query.get("access_type") == Some(&"offline");
            let asks_again =
                query.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "consent"));
            let (client, redirect_uri) = (wanted.client.to_owned(), wanted.redirect_uri.to_owned());
            let challenge = query.get("code_challenge").map(|challenge| (*challenge).to_owned());
            let kept = Code {
                client,
                redirect_uri,
                challenge,
                account,
                scopes: granted,
                offline,
                asks_again,
                expires_at,
                used: None,
            };
            state.oauth.codes.insert(code.clone(), kept);
            vec![("code", code), ("scope", list)]
        }
    };
    back.extend(query.get("state").map(|state| ("state", (*state).to_owned())));
    let mut parameters = form_urlencoded::Serializer::new(String::new());
    let parameters = parameters.extend_pairs(back).finish();
    let mark = if wanted.redirect_uri.contains('?') { '&' } else { '?' };
    Answer::redirect(&format!("{}{mark}{parameters}", wanted.redirect_uri))
}

struct Wanted<'a> {
    client: &'a str,
    redirect_uri: &'a str,
    scopes: Scopes,
}

impl<'a> Wanted<'a> {
    /// What is wrong here is shown to whoever sits at the browser: nobody is sent to an address that may be a stranger's.
    fn read(oauth: &OAuth, query: &BTreeMap<&str, &'a str>) -> Result<Self, Answer> {
        let needed = |name: &str| {
            let value = query.get(name).copied().filter(|value| !value.is_empty());
            value.ok_or_else(|| {
                blocked(400, "invalid_request", &format!("Missing required parameter: {name}"))
            })
        };
        let client = needed("client_id")?;
        if !oauth.clients.contains_key(client) {
            return Err(blocked(401, "invalid_client", "The OAuth client was not found."));
        }
        let redirect_uri = needed("redirect_uri")?;
        if !is_loopback(redirect_uri) {
            let text = format!("The redirect URI {redirect_uri} is not one of this client's.");
            return Err(blocked(400, "redirect_uri_mismatch", &text));
        }
        if needed("response_type")? != "code" {
            return Err(blocked(
                400,
                "unsupported_response_type",
                "Only response_type=code is for this client.",
            ));
        }
        let asked_for = needed("scope")?;
        let Some(scopes) = scopes::parse(asked_for) else {
            let text = format!("Some requested scopes were invalid: {asked_for}");
            return Err(blocked(400, "invalid_scope", &text));
        };
        let method = query.get("code_challenge_method").copied();
        match query.get("code_challenge").copied() {
            // Stricter than Google, which takes `plain` as well: nobody here has a use for that.
            Some(challenge) if method != Some("S256") || challenge.len() != 43 => {
                Err(blocked(400, "invalid_request", "The code challenge has to be one of S256."))
            }
            None if method.is_some() => {
                Err(blocked(400, "invalid_request", "Missing required parameter: code_challenge"))
            }
            _ => Ok(Self { client, redirect_uri, scopes }),
        }
    }

    /// Somebody who ticks nothing has still signed in.
    fn granted(&self, ticked: Option<Vec<String>>) -> Scopes {
        let wanted = self.scopes.iter();
        let granted = wanted.filter(|scope| match &ticked {
            Some(ticked) => ticked.contains(scope) || scopes::is_about_the_person(scope),
            None => true,
        });
        granted.cloned().collect()
    }
}

fn is_loopback(uri: &str) -> bool {
    let Some(rest) = uri.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let port = LOOPBACK.iter().find_map(|host| authority.strip_prefix(host));
    let port_is_right = port.is_some_and(|port| match port.strip_prefix(':') {
        Some(port) => port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    });
    port_is_right && !uri.contains('#')
}

fn blocked(status: u16, error: &str, text: &str) -> Answer {
    Answer::page(status, "Access blocked: Authorization Error", &format!("{text} Error {status}: {error}"))
}
