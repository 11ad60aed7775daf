//! For whoever watches the server.

use axum::extract::State;
use axum::http::StatusCode;
use crewcall_dispatch::signs::DOWN_AFTER_BY_SCHEDULE;
use jiff::SignedDuration;

use super::Web;

/// A dispatcher leaves a sign of life every half minute, or by a schedule every minute. Later than this it is not well.
const LATE: SignedDuration = DOWN_AFTER_BY_SCHEDULE;
/// What is said where all is well.
pub(crate) const READY: &str = "ready\n";

/// The process answers.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The store answers, and the dispatcher ticked lately.
pub(super) async fn ready(State(web): State<Web>) -> (StatusCode, String) {
    match web.app.last_beat().await {
        Ok(Some(at)) if web.app.clock.now().duration_since(at).abs() < LATE => (StatusCode::OK, READY.into()),
        Ok(Some(at)) => (StatusCode::SERVICE_UNAVAILABLE, format!("the dispatcher last ticked at {at}\n")),
        Ok(None) => (StatusCode::SERVICE_UNAVAILABLE, "the dispatcher has not ticked yet\n".into()),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n".into())
        }
    }
}
