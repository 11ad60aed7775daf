//! Whether a crew link opens anything at this moment, for those who let people in by it.

use crewcall_dispatch::cascade::{Actor, CharterState, Command, OfferPage, Rejection};
use crewcall_dispatch::eligibility::{Reason, Sail, Verdict};
use crewcall_dispatch::link::{Purpose, Token, TokenRecord};
use jiff::Timestamp;

use super::{App, AppError, Caller};

/// Why a crew link lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// It is no link, or one of its halves is wrong.
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
    /// The roster says by now that its holder cannot sail.
    #[error("{0}")]
    Unavailable(Reason),
}

impl App {
    /// Lets in whoever has a link that is whole, is for an answer, has had none, and by which a yes would be taken at
    /// this moment: in time, on a charter that stands, by somebody whom the roster still has as free and fit for it.
    /// A moment later it may be otherwise. Changes nothing.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn admit(&self, token: &str) -> Result<Result<TokenRecord, LinkRefusal>, AppError> {
        let record = match token.parse::<Token>() {
            Ok(token) => self.link(&token).await?,
            Err(_) => None,
        };
        let Some(record) = record else { return Ok(Err(LinkRefusal::Unknown)) };
        // The only one that there is. Another will have rules of its own.
        let Purpose::Accept = record.purpose;
        if let Some(at) = record.used_at {
            return Ok(Err(LinkRefusal::Used(at)));
        }
        let state = self.charter(&record.charter_id).await?;
        let caller = Caller::new(Actor::Crew(record.crew_id.clone()), format!("link {}", record.token_id));
        match self.preview(&state, &Command::Accept(record.offer), &caller).await {
            Ok(_) => {}
            Err(AppError::Rejected(rejection)) => return Ok(Err(LinkRefusal::Rejected(rejection))),
            Err(error) => return Err(error),
        }
        let open = OfferPage::of(&state, record.offer, &self.context(&caller));
        if !matches!(open, Some(OfferPage::Open { .. })) {
            return Ok(Err(LinkRefusal::Ended));
        }
        let against = self.roster_says(&state, &record).await?.against;
        // That somebody is asked for another sail as well does not keep them from this one.
        match against.into_iter().find(|reason| !reason.passes()) {
            Some(reason) => Ok(Err(LinkRefusal::Unavailable(reason))),
            None => Ok(Ok(record)),
        }
    }

    async fn roster_says(&self, state: &CharterState, record: &TokenRecord) -> Result<Verdict, AppError> {
        let (Some(member), Some(offer)) = (self.member(&record.crew_id).await?, state.offer(record.offer))
        else {
            return Ok(Verdict::not_on_roster());
        };
        let sail = Sail {
            charter: &state.charter,
            zone: &self.operator.zone,
            policy: &self.operator.policy,
            overrides: &state.overrides,
        };
        Ok(sail.record(&member, &offer.seat.position))
    }
}
