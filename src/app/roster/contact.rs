//! To whom mail does not get through.

use std::collections::BTreeMap;

use crewcall_dispatch::commitments::{Commitments, Refused};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember};

use crate::app::{App, AppError, Caller};
use crate::store::{CommitError, Expect, Versioned, Write, read, read_many};

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

    /// Mail gets through to the person again: in calls that start from now on they are asked as before. Says whether
    /// that is news.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn reachable(&self, crew_id: &CrewId, caller: &Caller) -> Result<bool, AppError> {
        tracing::info!(%crew_id, by = ?caller.by, "mail arrives again");
        self.mark(crew_id, None).await
    }

    /// The office found that mail to the person comes back. Says whether that is news.
    ///
    /// # Errors
    /// As [`App::reachable`].
    pub async fn unreachable(
        &self,
        member: &CrewMember,
        error: &str,
        caller: &Caller,
    ) -> Result<bool, AppError> {
        let Some(email) = member.email.clone() else { return Ok(false) };
        tracing::info!(crew_id = %member.crew_id, by = ?caller.by, error, "mail does not arrive");
        let refused = Refused { email, at: self.clock.now(), error: error.to_owned() };
        self.mark(&member.crew_id, Some(refused)).await
    }

    async fn mark(&self, crew_id: &CrewId, refused: Option<Refused>) -> Result<bool, AppError> {
        let email = |refused: &Option<Refused>| refused.as_ref().map(|refused| refused.email.clone());
        let mut attempts = 0;
        loop {
            let read = read::<Commitments>(&*self.store, crew_id.as_str()).await?;
            let expected = read.as_ref().map_or(Expect::Absent, Versioned::expected);
            let mut commitments = read.map_or_else(|| Commitments::none(crew_id.clone()), |read| read.value);
            if email(&commitments.refused) == email(&refused) {
                return Ok(false);
            }
            commitments.refused.clone_from(&refused);
            attempts += 1;
            match self.store.commit(vec![Write::put(&commitments, expected)?]).await {
                Ok(()) => return Ok(true),
                Err(CommitError::Conflict(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
