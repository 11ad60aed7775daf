//! What an issuer says of itself (OpenID Connect Discovery 1.0) and of its keys (RFC 7517), kept for a while.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use oauth2::url::{Host, Url};
use serde::Deserialize;

use super::{Distrust, OpenId, OpenIdError};

/// How long it is kept. Google's own words for it are from one to seven hours.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// After a failure nobody waits for the same one so long.
const REST: SignedDuration = SignedDuration::from_secs(10);

/// The keys of an issuer.
pub(super) type Keys = JwkSet;

/// The parts that are needed of what an issuer says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    prompt_values_supported: Option<Vec<String>>,
}

impl Metadata {
    /// Whether a client may say who it is in a header: so it is where nothing is said (Discovery 1.0, 3).
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }

    pub(super) fn takes_prompt(&self, prompt: &str) -> bool {
        self.prompt_values_supported.iter().flatten().any(|known| known == prompt)
    }

    /// Whether it is what the settings mean, and nothing secret would go in the open.
    fn check(&self, issuer: &str) -> Result<(), OpenIdError> {
        if self.issuer != issuer {
            return Err(Distrust::OtherIssuer.into());
        }
        let addresses = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        let mut all = addresses.into_iter().chain(&self.userinfo_endpoint);
        let private = all.all(|address| is_private(address));
        match private {
            true => Ok(()),
            false => Err(Distrust::InTheOpen.into()),
        }
    }
}

/// Whether nobody on the way reads what goes there: it is encrypted, or on this machine.
fn is_private(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

/// Something that was fetched, or why it could not be.
type Fetched<T> = Result<Arc<T>, String>;

/// The same, and when that was.
pub(super) struct Kept<T>(Mutex<Option<(Timestamp, Fetched<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    /// What was fetched lately.
    fn get(&self, now: Timestamp) -> Option<Fetched<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, kept) = kept.as_ref()?;
        let age = now.duration_since(*since);
        let life = if kept.is_ok() { FRESH } else { REST };
        // By a clock that was set back nothing is fresh.
        (!age.is_negative() && age < life).then(|| kept.clone())
    }

    fn put(&self, now: Timestamp, fetched: Result<T, OpenIdError>) -> Result<Arc<T>, OpenIdError> {
        let fetched = fetched.map(Arc::new);
        let kept = fetched.as_ref().map(Arc::clone).map_err(ToString::to_string);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, kept));
        fetched
    }

    /// It is fetched anew next time.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl OpenId {
    /// Several may fetch it at once: none waits for another.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, OpenIdError> {
        let now = self.clock.now();
        if let Some(kept) = self.metadata.get(now) {
            return kept.map_err(OpenIdError::Unreached);
        }
        let issuer = &self.config.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let fetched = self.fetch::<Metadata>(&url, None).await;
        self.metadata.put(now, fetched.and_then(|metadata| metadata.check(issuer).map(|()| metadata)))
    }

    pub(super) async fn keys(&self, metadata: &Metadata) -> Result<Arc<Keys>, OpenIdError> {
        let now = self.clock.now();
        if let Some(kept) = self.keys.get(now) {
            return kept.map_err(OpenIdError::Unreached);
        }
        self.keys.put(now, self.fetch(&metadata.jwks_uri, None).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_nowhere_in_the_open() {
        for private in
            ["https://accounts.google.com/o", "http://127.0.0.1:1/a", "http://[::1]/", "http://localhost:3"]
        {
            assert!(is_private(private), "{private}");
        }
        for open in [
            "http://accounts.google.com",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1",
            "https:",
            "x",
            "",
        ] {
            assert!(!is_private(open), "{open}");
        }
    }

    #[test]
    fn what_was_fetched_is_kept_for_an_hour_and_a_failure_for_seconds() {
        let now: Timestamp = "2026-06-20T16:00:00Z".parse().unwrap();
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        let kept = Kept::default();
        assert!(kept.get(now).is_none());
        assert_eq!(*kept.put(now, Ok(7)).unwrap(), 7);
        for (seconds, there) in [(0, true), (3_599, true), (3_600, false), (-1, false)] {
            assert_eq!(kept.get(after(seconds)).is_some(), there, "{seconds}");
        }
        kept.forget();
        assert!(kept.get(now).is_none());
        assert!(kept.put(now, Err(OpenIdError::Unreached("gone".into()))).is_err());
        assert_eq!(kept.get(after(9)), Some(Err("gone".into())));
        assert!(kept.get(after(10)).is_none());
    }
}
