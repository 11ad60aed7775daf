//! The demo answers on this machine only.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::web::layout;

/// Answers only under a name of this machine. The demo knows no sign-in, and a page elsewhere could
/// otherwise have its own name lead here and read along.
pub(super) async fn from_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    match host {
        Some(host) if is_this_machine(host.host()) => next.run(request).await,
        _ => {
            let words = "The demo answers on this machine only. Open the address that it printed.";
            (StatusCode::MISDIRECTED_REQUEST, layout::plain("Not here", words)).into_response()
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
