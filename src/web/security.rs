//! What holds for every answer: who may frame it, load from it, post to it, and how long it takes.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::limits;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use super::api::Problem;
use super::base::origin;
use super::layout;
use super::places::{self, Places};

/// How long a request may take, in all. An API Gateway gives up after 30 seconds: by then its browser has our words.
const REQUEST_TIME: Duration = Duration::from_secs(25);
/// How long its body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(20);

/// No script, nothing from elsewhere, in nobody's frame.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the common layers around all routes.
pub(super) fn wrap(routes: Router, public_url: &str, is_tried_out: bool) -> Router {
    // Refuses POSTs from other origins by Sec-Fetch-Site and Origin; needs no token in the forms.
    // Behind a proxy that changes Host, our own pages are known by the address they are reached at.
    let csrf = CsrfLayer::new().add_trusted_origin(origin(public_url)).unwrap_or_default();
    let unless_set = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    routes
        .layer(axum::middleware::from_fn(await_body))
        .layer(DefaultBodyLimit::max(limits::REQUEST_BYTES))
        .layer(csrf)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIME))
        .layer(axum::middleware::from_fn_with_state(Places::with(limits::REQUESTS_OF_ONE), hold_place))
        .layer(axum::middleware::from_fn(explain_refusals))
        .layer(unless_set(CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(axum::middleware::from_fn_with_state(is_tried_out, tell_referrer))
        .layer(unless_set(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_set(CACHE_CONTROL, "no-store"))
}

/// Refuses what comes from a place that has too much under way: a body that arrives by a byte a second holds a place of
/// everyone's for as long as it may take.
async fn hold_place(State(places): State<Places>, request: Request, next: Next) -> Response {
    let Some(place) = places::of(&request) else { return next.run(request).await };
    let Some(_counted) = places.take(place) else {
        let words = "Too much at once came from where you are. Nothing was changed. Wait a moment, and open the page once more.";
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [(RETRY_AFTER, "5")],
            layout::plain("Too much at once", words),
        )
            .into_response();
    };
    next.run(request).await
}

/// Pages whose address is a secret.
const LINKS: [&str; 4] = ["/crew/", "/signin/link", "/signin/google", "/setup"];

/// How much of an address is told where a page leads or what it loads from. A page that is sent to no other site still tells
/// our own server where a form came from.
///
/// Of pages whose address is a secret the site is told, and never the address, so that it stands in the log of no proxy as
/// where a style sheet was asked from. Not where the office is tried out: the demo's clock leads back to the page that it
/// was moved on, and knows that page by the address.
///
/// `no-referrer` would say even less, and cost an answer: browsers then post `Origin: null` to our own server (Fetch, "append
/// a request Origin header"; Chromium does). That passes where `Sec-Fetch-Site` says the same, but phones from before
/// 2023 send none, and `null` cannot be told from another site's.
async fn tell_referrer(State(is_tried_out): State<bool>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_link =
        LINKS.iter().any(|link| path.starts_with(link)) && !(is_tried_out && path.starts_with("/crew/"));
    let policy = if is_link { "strict-origin" } else { "same-origin" };
    let mut answer = next.run(request).await;
    answer.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static(policy));
    answer
}

/// Where the office sends more than forms have. These bodies are read by [`Large`], once it is known who sends them.
const LARGE: [&str; 3] = ["/roster/days", "/roster/import", "/roster/import/take"];

/// Goes on when the body is there as a whole: they are small, and what does not arrive was not carried out.
async fn await_body(request: Request, next: Next) -> Response {
    if LARGE.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let whole = Bytes::from_request(Request::from_parts(parts.clone(), body), &());
    match tokio::time::timeout(BODY_TIME, whole).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, body.into())).await,
        Ok(Err(refused)) => refused.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// A body that may be large, read as `T`; the last of what a handler takes, behind whoever sends it.
pub(super) struct Large<T>(pub(super) T);

impl<S: Sync, T: FromRequest<()>> FromRequest<S> for Large<T> {
    type Rejection = Response;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Response> {
        DefaultBodyLimit::max(limits::LARGE_REQUEST_BYTES).apply(&mut request);
        let (parts, body) = request.into_parts();
        let whole = Bytes::from_request(Request::from_parts(parts.clone(), body), &());
        let body = match tokio::time::timeout(BODY_TIME, whole).await {
            Ok(body) => body.map_err(IntoResponse::into_response)?,
            Err(_) => return Err(StatusCode::REQUEST_TIMEOUT.into_response()),
        };
        let read = T::from_request(Request::from_parts(parts, body.into()), &()).await;
        read.map(Self).map_err(IntoResponse::into_response)
    }
}

/// Gives the bare refusals of the layers below a page with a sentence: they are text for programmers.
async fn explain_refusals(request: Request, next: Next) -> Response {
    let of_api = request.uri().path().starts_with(super::api::PATH);
    let answer = next.run(request).await;
    let kind = answer.headers().get(CONTENT_TYPE);
    let own =
        |kind: &HeaderValue| kind == "application/problem+json" || kind.as_bytes().starts_with(b"text/html");
    let explained = kind.is_some_and(own);
    // What took too long is answered with a bare 503, and what lost its session with a bare 500; the health
    // pages' own have words.
    let bare = answer.status().is_server_error() && kind.is_none();
    if explained || !(answer.status().is_client_error() || bare) {
        return answer;
    }
    if of_api {
        return refused_by_api(answer.status()).into_response();
    }
    let (title, words) = match answer.status() {
        StatusCode::FORBIDDEN => (
            "This came from another site",
            "Nothing was changed. Open the page here and press the button here.",
        ),
        StatusCode::REQUEST_TIMEOUT => {
            ("This took too long to arrive", "Nothing was changed. Go back, and press the button again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => (
            "This took too long",
            "It is not certain that it was saved. Open the page again in a minute: it shows what stands.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => (
            "This did not work just now",
            "It is not certain that it was saved. Open the page again in a minute: it shows what stands.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("That is too much", "Nothing was changed. Send less at once."),
        _ => ("That could not be read", "Nothing was changed. Open the page anew and use its buttons."),
    };
    (answer.status(), layout::plain(title, words)).into_response()
}

/// The same for programs.
fn refused_by_api(status: StatusCode) -> Problem {
    let detail = match status {
        StatusCode::FORBIDDEN => "A browser sent this for another site. Nothing was changed.",
        StatusCode::REQUEST_TIMEOUT => "The body did not arrive in time. Nothing was changed. Send it again.",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => {
            "This took too long, or broke off. It is not certain that it was saved: look at the charter."
        }
        StatusCode::PAYLOAD_TOO_LARGE => "That is too much. Nothing was changed. Send less at once.",
        _ => "The address, its parameters or the body cannot be read. Nothing was changed. See openapi.json.",
    };
    Problem::new(status, detail)
}
