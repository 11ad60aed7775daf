//! How often links that open nothing may be tried from one place, how often a sign-in may be begun there, and how often
//! one link may be opened.
//!
//! Nobody can keep anybody else out by it: whatever opens something is answered as ever, from wherever it comes, unless it is
//! this very link that is opened without end; and what is answered by it is taken even then. How many
//! sign-in links one user has is limited where they are made, and what one place has under way at once by
//! [`places`].

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Query, Request, State};
use axum::http::header::{HeaderName, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::link::Token;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::api::{self, Problem};
use super::{layout, places, sign_in};
use crate::openid;

// Each `unwrap` here is of a constant: the compiler works it out, and a zero would not compile.

/// Links that open nothing and may be tried from one place at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// And then in a minute.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Sign-ins that may be begun from one place at once, and then in a minute: each may be a mail.
const ASKED: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Times that one link may be opened at once, and then in a minute: people open theirs a few times, and scanners of mails
/// once or twice. One that was passed on, or got into a program that asks without end, costs others nothing then.
const OPENED: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// How long whoever is held off waits, in seconds.
const AFTER: [(HeaderName, &str); 1] = [(RETRY_AFTER, "60")];
/// After so many of them those places are forgotten that have been quiet.
const TIDY_EVERY: usize = 1_000;

/// A link: the digest of its token as a whole. Its public half is quoted, and shall not do to have it held off.
type Link = [u8; 32];

/// What was tried lately, by this process.
pub(super) struct Limits {
    by_place: DefaultKeyedRateLimiter<IpAddr>,
    asked: DefaultKeyedRateLimiter<IpAddr>,
    opened: DefaultKeyedRateLimiter<Link>,
    counted: AtomicUsize,
}

impl Limits {
    pub(super) fn new() -> Self {
        let by_place = RateLimiter::keyed(Quota::per_minute(PER_MINUTE).allow_burst(AT_ONCE));
        let asked = RateLimiter::keyed(Quota::per_minute(ASKED));
        let opened = RateLimiter::keyed(Quota::per_minute(OPENED));
        Self { by_place, asked, opened, counted: AtomicUsize::default() }
    }

    /// Counts one more link that opens nothing, and says whether that is too often.
    fn is_too_often(&self, place: IpAddr) -> bool {
        self.tidy();
        self.by_place.check_key(&place).is_err()
    }

    /// The same of a sign-in link that is asked for.
    fn asks_too_often(&self, place: IpAddr) -> bool {
        self.tidy();
        self.asked.check_key(&place).is_err()
    }

    /// The same of a link that is opened.
    fn opens_too_often(&self, link: Link) -> bool {
        self.tidy();
        self.opened.check_key(&link).is_err()
    }

    fn tidy(&self) {
        if self.counted.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.by_place.retain_recent();
            self.asked.retain_recent();
            self.opened.retain_recent();
        }
    }
}

/// Answers what comes too often with no more than that.
pub(super) async fn hold_off(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let place = places::of(&request);
    let path = request.uri().path().to_owned();
    let asks = request.method() == Method::POST && (path == "/signin" || path == "/signin/google");
    if asks && place.is_some_and(|place| limits.asks_too_often(place)) {
        return too_often(
            "Too many sign-ins were begun from where you are. Wait a minute, and begin once more.",
        );
    }
    if link(&request).is_some_and(|link| limits.opens_too_often(link)) {
        if path == openid::CALLBACK {
            return sign_in::elsewhere::too_often();
        }
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

/// What the address of a link carries, or that of a way back of a sign-in elsewhere.
#[derive(Default, Deserialize)]
#[serde(default)]
struct InAddress {
    token: String,
    state: String,
}

/// The link that is opened. What is posted by one is always taken: its token comes in the form. Of a sign-in elsewhere it is the
/// state, which nobody else knows: for each way back the issuer is asked.
fn link(request: &Request) -> Option<Link> {
    let path = request.uri().path();
    let is_back = path == openid::CALLBACK;
    let is_link = path.starts_with("/crew/") || path == "/signin/link" || path == "/setup" || is_back;
    if !is_link || !request.method().is_safe() {
        return None;
    }
    // As the pages read it: what stands around a token makes it no other one.
    let Query(InAddress { token, state }) = Query::try_from_uri(request.uri()).ok()?;
    let token = token.parse::<Token>().map_or(token, |token| token.reveal());
    let opened = if is_back { state } else { token };
    (!opened.is_empty()).then(|| Sha256::digest(opened).into())
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
