//! Pages below a path, as `https://example.com/boats` has them: what they lead to stays below it.

use std::fmt::Display;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use tower::ServiceExt;

tokio::task_local! {
    /// The path below which the pages are that answer at present. Every link has it in front, those of error
    /// pages among them, to which nothing else of the program is at hand.
    static BASE: Arc<str>;
}

/// Where a path of the route table is, seen from outside: what stands in a link, a form or a redirect.
pub(crate) fn at(path: impl Display) -> String {
    BASE.try_with(|base| format!("{base}{path}")).unwrap_or_else(|_| path.to_string())
}

/// The path of an address of pages: empty, or with a slash in front and none at the end.
pub(crate) fn path_of(public_url: &str) -> &str {
    public_url.get(origin(public_url).len()..).unwrap_or_default()
}

/// Scheme and authority of an address.
pub(super) fn origin(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at + 3);
    url[authority..].find('/').map_or(url, |path| &url[..authority + path])
}

/// Puts pages below a path; beside it `nowhere` answers.
pub(super) fn below(base: &str, pages: Router, nowhere: Router) -> Router {
    if base.is_empty() {
        return pages;
    }
    let base: Arc<str> = base.into();
    Router::new().fallback(async move |mut request: Request| {
        let answers = match inside(&base, request.uri()) {
            Some(uri) => {
                *request.uri_mut() = uri;
                pages
            }
            None => nowhere,
        };
        BASE.scope(base, answers.oneshot(request)).await
    })
}

/// The address without the path in front, if it is below it.
fn inside(base: &str, uri: &Uri) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(base)?;
    let inside: PathAndQuery = match rest.chars().next() {
        Some('/') => rest.parse().ok()?,
        None | Some('?') => format!("/{rest}").parse().ok()?,
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(inside);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_an_origin_and_a_path() {
        for (url, parts) in [
            ("https://example.com", ("https://example.com", "")),
            ("https://example.com:8443/boats", ("https://example.com:8443", "/boats")),
            ("http://[::1]:80/a/b", ("http://[::1]:80", "/a/b")),
        ] {
            assert_eq!((origin(url), path_of(url)), parts);
        }
    }

    #[test]
    fn what_is_below_a_path_is_known_without_it() {
        for (asked, found) in [
            ("/boats", Some("/")),
            ("/boats/", Some("/")),
            ("/boats?x=1", Some("/?x=1")),
            ("/boats/crew/accept?token=a.b", Some("/crew/accept?token=a.b")),
            ("https://example.com/boats/roster", Some("https://example.com/roster")),
            ("/boatsroster", None),
            ("/roster", None),
            ("/?/boats", None),
        ] {
            let uri = inside("/boats", &asked.parse().unwrap());
            assert_eq!(uri.map(|uri| uri.to_string()).as_deref(), found, "{asked}");
        }
    }

    #[tokio::test]
    async fn pages_know_where_they_are() {
        let pages = || Router::new().fallback(async || at("/roster"));
        for (base, asked, told) in [
            ("", "/x", "/roster"),
            ("/boats", "/boats/x", "/boats/roster"),
            ("/boats", "/x", "/boats/roster"),
        ] {
            let request = Request::get(asked).body(axum::body::Body::empty()).unwrap();
            let answer = below(base, pages(), pages()).oneshot(request).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
            assert_eq!(body, told, "{base} {asked}");
        }
    }
}
