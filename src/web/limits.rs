//! How often links that open nothing may be tried from one place, how often sign-ins elsewhere may be finished there, and how
//! often one link may be opened.
//!
//! Nobody can keep anybody else out by it: whatever opens something is answered as ever, from wherever it comes, unless it is
//! this very link that is opened without end; and what is answered by it is taken even then. How many
//! sign-in links one user has is limited where they are made, and how many connections one address has in
//! [`server`](super::server).

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Query, Request, State};
use axum::http::header::{HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::api::{self, Problem};
use super::{layout, sign_in};
use crate::openid;

// Each `unwrap` here is of a constant: the compiler works it out, and a zero would not compile.

/// Links that open nothing and may be tried from one place at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// And then in a minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Sign-ins elsewhere that may be finished from one place at once, and then in a minute: for each of them the issuer is asked.
const FINISHED: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Times that one link may be opened at once, and then in a minute: people open theirs a few times, and scanners of mails
/// once or twice. One that was passed on, or got into a program that asks without end, costs others nothing then.
const OPENED: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// How long whoever is held off waits, in seconds.
const AFTER: [(HeaderName, &str); 1] = [(RETRY_AFTER, "60")];
/// After so many of them those places are forgotten that have been quiet.
const TIDY_EVERY: usize = 1_000;

/// The address at the other end of a connection, or as the gateway tells it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// A link: the digest of its token as a whole. Its public half is quoted, and shall not do to have it held off.
type Link = [u8; 32];

/// What was tried lately, by this process.
pub(super) struct Limits {
    by_place: DefaultKeyedRateLimiter<IpAddr>,
    finished: DefaultKeyedRateLimiter<IpAddr>,
    opened: DefaultKeyedRateLimiter<Link>,
    counted: AtomicUsize,
}

impl Limits {
    pub(super) fn new() -> Self {
        let by_place = RateLimiter::keyed(Quota::per_minute(PER_MINUTE).allow_burst(AT_ONCE));
        let finished = RateLimiter::keyed(Quota::per_minute(FINISHED));
        let opened = RateLimiter::keyed(Quota::per_minute(OPENED));
        Self { by_place, finished, opened, counted: AtomicUsize::default() }
    }

    /// Counts one more link that opens nothing, and says whether that is too often.
    fn is_too_often(&self, place: IpAddr) -> bool {
        self.tidy();
        self.by_place.check_key(&place).is_err()
    }

    /// The same of a sign-in elsewhere that is finished.
    fn finishes_too_often(&self, place: IpAddr) -> bool {
        self.tidy();
        self.finished.check_key(&place).is_err()
    }

    /// The same of a link that is opened.
    fn opens_too_often(&self, link: Link) -> bool {
        self.tidy();
        self.opened.check_key(&link).is_err()
    }

    fn tidy(&self) {
        if self.counted.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.by_place.retain_recent();
            self.finished.retain_recent();
            self.opened.retain_recent();
        }
    }
}

/// Answers what comes too often with no more than that.
pub(super) async fn hold_off(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let place = place(&request);
    let path = request.uri().path().to_owned();
    if path == openid::CALLBACK && place.is_some_and(|place| limits.finishes_too_often(place)) {
        return sign_in::elsewhere::too_often();
    }
    if link(&request).is_some_and(|link| limits.opens_too_often(link)) {
        let words = "This link is being opened without end, perhaps by a program. Wait a minute, and open it once more. What \
                     was answered by it stands, and your other links work.";
        return too_often(words);
    }
    let answer = next.run(request).await;
    let Some(place) = place.filter(|_| opens_nothing(&path, answer.status())) else { return answer };
    if !limits.is_too_often(place) {
        return answer;
    }
    if path.starts_with(api::PATH) {
        let detail = "Too many requests without a token that works came from there. Wait a minute.";
        return (AFTER, Problem::new(StatusCode::TOO_MANY_REQUESTS, detail)).into_response();
    }
    let words = "Too many links that open nothing were tried from where you are. Wait a minute, and open the link in your mail once more.";
    too_often(words)
}

fn too_often(words: &str) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, AFTER, layout::plain("Too often", words)).into_response()
}

/// What the address of a link carries.
#[derive(Deserialize)]
struct Token {
    token: String,
}

/// The link that is opened. What is posted by one is always taken: its token comes in the form.
fn link(request: &Request) -> Option<Link> {
    let path = request.uri().path();
    let is_link = path.starts_with("/crew/") || path == "/signin/link" || path == "/setup";
    if !is_link || !request.method().is_safe() {
        return None;
    }
    // As the pages read it.
    let Query(Token { token }) = Query::try_from_uri(request.uri()).ok()?;
    Some(Sha256::digest(token).into())
}

/// Whether an answer says that a link or a token is none.
fn opens_nothing(path: &str, status: StatusCode) -> bool {
    match status {
        StatusCode::NOT_FOUND => path.starts_with("/crew/"),
        StatusCode::GONE => path.starts_with("/signin/") || path.starts_with("/setup"),
        StatusCode::UNAUTHORIZED => path.starts_with(api::PATH),
        _ => false,
    }
}

/// From where a request comes; nothing, where that is not known.
fn place(request: &Request) -> Option<IpAddr> {
    let Peer(peer) = request.extensions().get()?;
    let place = if peer.is_loopback() { forwarded(request.headers()).unwrap_or(*peer) } else { *peer };
    Some(network(place))
}

/// What counts as one place: a provider gives whoever wants it a whole network of IPv6 (RFC 6177: /48 to /64).
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// What a proxy on this machine says; only its own word counts, which is the last.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(peer: &str, forwarded: &[&str]) -> Request {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        for value in forwarded {
            request.headers_mut().append("x-forwarded-for", value.parse().unwrap());
        }
        request
    }

    #[test]
    fn a_place_is_what_the_nearest_word_that_can_be_trusted_says() {
        for (peer, forwarded, from) in [
            ("203.0.113.7", &[][..], "203.0.113.7"),
            // Whoever is not this machine may say what they like.
            ("203.0.113.7", &["198.51.100.1"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::1", &["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::"),
            ("::ffff:203.0.113.7", &[], "203.0.113.7"),
        ] {
            assert_eq!(place(&request(peer, forwarded)), Some(from.parse().unwrap()), "{peer} {forwarded:?}");
        }
        assert_eq!(place(&Request::new(Body::empty())), None);
    }
}
