//! A request as it came, and what can be read off it before anybody looks at what it means.

use std::collections::BTreeMap;

use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;

use crate::discovery::{self, Found};

/// A request, with all of its body.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// As it came, without the query.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The method of an API that its path leads to.
    pub(crate) found: Option<Found>,
}

impl Asked {
    /// Reads all of a request.
    ///
    /// # Errors
    ///
    /// If the connection ends before that.
    pub(crate) async fn read(request: Request<Incoming>) -> Result<Self, hyper::Error> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let (method, path) = (head.method.to_string(), head.uri.path().to_owned());
        let query = pairs(head.uri.query().unwrap_or_default().as_bytes());
        let found = discovery::find(&method, &path);
        Ok(Self { method, path, query, headers: head.headers, body, found })
    }

    /// One header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the answer may come compressed (RFC 9110, 12.5.3). Google's guide wants the word in the user agent, too; here
    /// the one header is enough, so that nobody else's client is held back.
    pub(crate) fn accepts_gzip(&self) -> bool {
        self.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"))
    }

    /// The type of the body, without its parameters, in small letters.
    pub(crate) fn content_type(&self) -> Option<String> {
        let kind = self.header("content-type")?.split(';').next().unwrap_or_default();
        Some(kind.trim().to_ascii_lowercase())
    }

    /// The fields of a form in the body (RFC 6749, appendix B); of anything else: none.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        match self.content_type().as_deref() {
            Some("application/x-www-form-urlencoded") => pairs(&self.body).into_iter().collect(),
            _ => BTreeMap::new(),
        }
    }

    /// The access token that it brings (RFC 6750).
    pub(crate) fn access_token(&self) -> Option<&str> {
        let of_query = || self.query.iter().find(|(name, _)| name == "access_token" || name == "oauth_token");
        match self.header("authorization").and_then(|value| value.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim()),
            _ => of_query().map(|(_, token)| token.as_str()),
        }
    }

    /// The token that it brings: at the token endpoint a refresh token or a code, else an access token.
    pub(crate) fn token(&self) -> Option<String> {
        let mut form = self.form();
        let of_form = form.remove("refresh_token").or_else(|| form.remove("code"));
        of_form.or_else(|| self.access_token().map(str::to_owned))
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}
