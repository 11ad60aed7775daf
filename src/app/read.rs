//! Reading, for pages and commands.

use crewcall_dispatch::cascade::{AuditEvent, CharterState};
use crewcall_dispatch::link::{Token, TokenRecord};
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use jiff::Timestamp;

use super::gather::{list_all, list_between};
use super::records::{CHARTERS, EventBatch, ROSTER, by_time};
use super::{App, AppError};
use crate::store::{StoreError, read, read_many};

impl App {
    /// One charter.
    ///
    /// # Errors
    /// [`AppError::NoSuchCharter`], or a failing store.
    pub async fn charter(&self, id: &CharterId) -> Result<CharterState, AppError> {
        match read::<CharterState>(&*self.store, id.as_str()).await? {
            Some(charter) => Ok(charter.value),
            None => Err(AppError::NoSuchCharter(id.clone())),
        }
    }

    /// Charters that depart from `from` on, the earliest first; all of them without `from`.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn charters(&self, from: Option<Timestamp>) -> Result<Vec<CharterState>, StoreError> {
        list_between(&*self.store, CHARTERS.into(), from.map(by_time), None).await
    }

    /// Everything that happened to a charter, in order.
    ///
    /// # Errors
    /// [`AppError::NoSuchCharter`], or a failing store.
    pub async fn audit(&self, id: &CharterId) -> Result<Vec<AuditEvent>, AppError> {
        let batches = list_all::<EventBatch>(&*self.store, id.to_string()).await?;
        if batches.is_empty() {
            return Err(AppError::NoSuchCharter(id.clone()));
        }
        Ok(batches.into_iter().flat_map(|batch| batch.events).collect())
    }

    /// The whole roster: rank by rank as the operator lists them, in cascade order.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn roster(&self) -> Result<Vec<CrewMember>, StoreError> {
        let mut roster: Vec<CrewMember> = list_all(&*self.store, ROSTER.into()).await?;
        let place = |member: &CrewMember| self.operator.ranks.iter().position(|rank| *rank == member.rank);
        roster.sort_by_key(|member| place(member).unwrap_or(usize::MAX));
        Ok(roster)
    }

    /// One person, if on the roster.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn crew_member(&self, id: &CrewId) -> Result<Option<CrewMember>, StoreError> {
        Ok(read::<CrewMember>(&*self.store, id.as_str()).await?.map(|read| read.value))
    }

    /// Several people, in the order of the ids; who is not on the roster is left out.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn crew_members(&self, ids: &[CrewId]) -> Result<Vec<CrewMember>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(CrewId::as_str).collect();
        let members = read_many::<CrewMember>(&*self.store, &ids).await?;
        Ok(members.into_iter().flatten().map(|read| read.value).collect())
    }

    /// The record of a crew link, if both of its halves are right.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn link(&self, token: &Token) -> Result<Option<TokenRecord>, StoreError> {
        let record = read::<TokenRecord>(&*self.store, token.id.as_str()).await?;
        Ok(record.map(|read| read.value).filter(|record| record.matches(token)))
    }
}
