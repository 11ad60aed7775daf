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
/// What is said first where people can answer, and nobody is asked: the pages are well, mail is not.
pub(crate) const READY_WITHOUT_MAIL: &str = "ready, but no mail leaves";

/// The process answers.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// The store answers, the dispatcher ticked lately, and mail leaves.
pub(super) async fn ready(State(web): State<Web>) -> (StatusCode, String) {
    let vital = match tokio::try_join!(web.app.last_beat(), web.app.mail_way()) {
        Ok(vital) => vital,
        Err(error) => {
            tracing::error!(%error, "not ready");
            return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n".into());
        }
    };
    let unwell = |why: String| (StatusCode::SERVICE_UNAVAILABLE, why);
    match vital {
        (None, _) => unwell("the dispatcher has not ticked yet\n".into()),
        (Some(at), _) if web.app.clock.now().duration_since(at).abs() >= LATE => {
            unwell(format!("the dispatcher last ticked at {at}\n"))
        }
        (Some(_), way) => match way.stopped() {
            // Why is for the office: anyone may ask here.
            Some((_, since)) => unwell(format!("{READY_WITHOUT_MAIL} since {since}; the board says why\n")),
            None => (StatusCode::OK, READY.into()),
        },
    }
}
