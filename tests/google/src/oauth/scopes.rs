//! What can be asked for.

use super::Scopes;
use crate::discovery;

const OPENID: &str = "openid";
const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";

/// The scopes of a list that is separated by spaces, as Google writes them; none if one of them is not known.
pub(super) fn parse(list: &str) -> Option<Scopes> {
    let mut scopes = Scopes::new();
    for scope in list.split_whitespace() {
        let scope = match scope {
            "email" => EMAIL,
            "profile" => PROFILE,
            scope => scope,
        };
        if !is_about_the_person(scope) && !discovery::has_scope(scope) {
            return None;
        }
        if [EMAIL, PROFILE].contains(&scope) {
            scopes.insert(OPENID.to_owned());
        }
        scopes.insert(scope.to_owned());
    }
    Some(scopes)
}

/// As a list that is separated by spaces.
pub(super) fn list(scopes: &Scopes) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Those that tell who somebody is, and open nothing.
pub(super) fn is_about_the_person(scope: &str) -> bool {
    [OPENID, EMAIL, PROFILE].contains(&scope)
}

/// Whether an `id_token` goes along.
pub(super) fn has_openid(scopes: &Scopes) -> bool {
    scopes.contains(OPENID)
}

/// Whether it says the address.
pub(super) fn has_email(scopes: &Scopes) -> bool {
    scopes.contains(EMAIL)
}
