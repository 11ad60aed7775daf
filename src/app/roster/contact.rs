//! To whom mail does not get through.

use std::collections::BTreeMap;

use crewcall_dispatch::commitments::{Commitments, Refused};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember};

use crate::app::{App, AppError};
use crate::store::{CommitError, Write, read, read_many};

impl App {
    /// Of these people those whose mail was refused at the address that the roster has.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn refused(&self, people: &[CrewMember]) -> Result<BTreeMap<CrewId, Refused>, AppError> {
        let ids: Vec<&str> = people.iter().map(|member| member.crew_id.as_str()).collect();
        let read = read_many::<Commitments>(&*self.store, &ids).await?;
        let marked = people.iter().zip(read).filter_map(|(member, read)| {
            let refused =
                read?.value.refused.filter(|refused| member.email.as_ref() == Some(&refused.email))?;
            Some((member.crew_id.clone(), refused))
        });
        Ok(marked.collect())
    }

    /// Mail gets through to the person again: from now on they are asked as before. Says whether that is news.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn reachable(&self, crew_id: &CrewId) -> Result<bool, AppError> {
        let mut attempts = 0;
        loop {
            let Some(read) = read::<Commitments>(&*self.store, crew_id.as_str()).await? else {
                return Ok(false);
            };
            let expected = read.expected();
            let mut commitments = read.value;
            if commitments.refused.take().is_none() {
                return Ok(false);
            }
            attempts += 1;
            match self.store.commit(vec![Write::put(&commitments, expected)?]).await {
                Ok(()) => return Ok(true),
                Err(CommitError::Conflict(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
