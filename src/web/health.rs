//! For whoever watches the server.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;

use super::Web;

/// The dispatcher writes a sign of life every half minute. Later than this it is not well.
const LATE: SignedDuration = SignedDuration::from_mins(2);

/// The process answers.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The store answers, and the dispatcher ticked lately.
pub(super) async fn ready(State(web): State<Web>) -> (StatusCode, String) {
    match web.app.last_beat().await {
        Ok(Some(at)) if web.app.clock.now().duration_since(at).abs() < LATE => {
            (StatusCode::OK, "ready\n".into())
        }
        Ok(Some(at)) => (StatusCode::SERVICE_UNAVAILABLE, format!("the dispatcher last ticked at {at}\n")),
        Ok(None) => (StatusCode::SERVICE_UNAVAILABLE, "the dispatcher has not ticked yet\n".into()),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n".into())
        }
    }
}
