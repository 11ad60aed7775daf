//! Whether a crew link opens anything at this moment, for those who let people in by it.

use crewcall_dispatch::cascade::{AuditEvent, Command, Fact, OfferPage, Rejection};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::link::{Token, TokenRecord};
use crewcall_dispatch::model::CrewId;
use jiff::Timestamp;

use super::gather::Gathered;
use super::{App, AppError, Caller};

/// Why a crew link lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// It is no link of an offer, or one of its halves is wrong.
    #[error("there is no such link")]
    Unknown,
    /// It was answered.
    #[error("it was answered at {0}")]
    Used(Timestamp),
    /// Its offer is no longer open: it ended, another one took its place, the sail has left.
    #[error("its offer is no longer open")]
    Ended,
    /// The rules would not take a yes.
    #[error("{0}")]
    Rejected(Rejection),
    /// Its holder cannot sail, as has become known since they were asked.
    #[error("{0}")]
    Unavailable(Reason),
}

impl App {
    /// Lets in whoever has a link that is whole, is for an answer and has had none, whose offer the rules would keep open
    /// at this moment, and whose yes they would take: in time, on a charter that stands, for somebody of whom nothing
    /// has become known that would have the offer taken back. A moment later it may be otherwise. Changes nothing.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn admit(&self, token: &str) -> Result<Result<TokenRecord, LinkRefusal>, AppError> {
        let record = match token.parse::<Token>() {
            Ok(token) => self.link(&token).await?,
            Err(_) => None,
        };
        let Some(record) = record else { return Ok(Err(LinkRefusal::Unknown)) };
        if let Some(at) = record.used_at {
            return Ok(Err(LinkRefusal::Used(at)));
        }
        self.know_signs().await?;
        let state = self.charter(&record.charter_id).await?;
        let (caller, mut gathered) = (Caller::tick(), Gathered::default());
        let looked = match self.decide(&state, &Command::Recheck, &caller, &mut gathered).await {
            Ok(looked) => looked,
            Err(AppError::Rejected(rejection)) => return Ok(Err(LinkRefusal::Rejected(rejection))),
            Err(error) => return Err(error),
        };
        let page = OfferPage::of(&looked.state, record.offer, &self.context(&caller));
        if !matches!(page, Some(OfferPage::Open { .. })) {
            let reason = why_not(&looked.events, &record.crew_id).cloned();
            return Ok(Err(reason.map_or(LinkRefusal::Ended, LinkRefusal::Unavailable)));
        }
        let accept = Command::Accept(record.offer);
        match self.decide(&looked.state, &accept, &caller, &mut gathered).await {
            Ok(_) => Ok(Ok(record)),
            Err(AppError::Rejected(rejection)) => Ok(Err(LinkRefusal::Rejected(rejection))),
            Err(error) => Err(error),
        }
    }
}

/// What a look at everybody found against one of them.
fn why_not<'a>(events: &'a [AuditEvent], crew_id: &CrewId) -> Option<&'a Reason> {
    events.iter().find_map(|event| match &event.fact {
        Fact::PersonSkipped { skipped, .. } if skipped.crew_id == *crew_id => skipped.reasons.first(),
        _ => None,
    })
}
