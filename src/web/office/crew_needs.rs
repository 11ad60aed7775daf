//! How many things about people wait for the office. The whole roster is read for that, with what everyone says of a year
//! of days, so it is counted now and then and not at each look.

use std::sync::{Mutex, PoisonError};

use crewcall_dispatch::cascade::CharterState;
use jiff::{SignedDuration, Timestamp};

use super::needs;
use crate::app::AppError;
use crate::web::Web;

/// For so long a count is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(60);

/// The last count, and of when it is.
#[derive(Default)]
pub(crate) struct CrewNeeds(Mutex<Option<(Timestamp, usize)>>);

impl CrewNeeds {
    /// The last one, or a new one where that is old. `sails` are those ahead.
    pub(super) async fn count(
        &self,
        web: &Web,
        sails: &[&CharterState],
        now: Timestamp,
    ) -> Result<usize, AppError> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, count)) = last
            && now.duration_since(at).abs() < GOOD_FOR
        {
            return Ok(count);
        }
        let roster = web.app.roster().await?;
        let refused = web.app.refused(&roster).await?;
        let count = needs::about_crew(&roster, &refused, sails, &web.app.operator);
        Ok(self.keep(count, now))
    }

    /// Somebody has counted.
    pub(super) fn keep(&self, count: usize, now: Timestamp) -> usize {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, count));
        count
    }
}
