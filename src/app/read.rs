//! Reading, for pages and commands.

use crewcall_dispatch::cascade::{AuditEvent, CharterState};
use crewcall_dispatch::link::{Token, TokenRecord};
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::records::{CHARTERS, EventBatch, LinkRecord, OutboxRow, PAGE, ROSTER, by_time};
use super::{App, AppError};
use crate::store::{GET_KEYS, Key, Query, Record, StoreError, Table, list_all, read, read_many};
use crate::words::Names;

/// Commits that are read at one go where the last of them is likely the one.
const LATEST: usize = 10;

/// Rows of the outbox among which mails in trouble are looked for.
pub const STUCK_LOOKED_AT: usize = 200;

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
        let all = Query::new(Table::Charter, CHARTERS, PAGE);
        list_all(&*self.store, from.map_or(all.clone(), |from| all.from(by_time(from)))).await
    }

    /// Charters that depart from `from` on and before `to`, the earliest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn charters_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<CharterState>, StoreError> {
        let query = Query::new(Table::Charter, CHARTERS, PAGE);
        list_all(&*self.store, query.from(by_time(from)).to(by_time(to))).await
    }

    /// At most `limit` charters that depart from `from` on, the earliest first; and where there are more, what to
    /// give as `after` for those that follow.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn charters_page(
        &self,
        from: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<CharterState>, Option<String>), StoreError> {
        self.page(Query::new(Table::Charter, CHARTERS, limit).from(by_time(from)), after).await
    }

    /// What a query finds, from behind the place `after` on if that is given; and where there is more, the last place.
    async fn page<T: Record>(
        &self,
        query: Query,
        after: Option<&str>,
    ) -> Result<(Vec<T>, Option<String>), StoreError> {
        let limit = query.limit;
        // One more, to know whether there are more.
        let mut query = Query { limit: limit + 1, ..query };
        if let Some(after) = after {
            // The least string above another is that string and a zero byte.
            query = query.from(format!("{after}\0"));
        }
        let mut rows = self.store.list(&query).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next = last.and_then(|last| Some(last.listing.as_ref()?.order.clone()));
        let found = rows.iter().map(|row| row.parse::<T>().map(|read| read.value));
        Ok((found.collect::<Result<_, _>>()?, next))
    }

    /// Everything that happened to a charter, in order.
    ///
    /// # Errors
    /// [`AppError::NoSuchCharter`], or a failing store.
    pub async fn audit(&self, id: &CharterId) -> Result<Vec<AuditEvent>, AppError> {
        let batches =
            list_all::<EventBatch>(&*self.store, Query::new(Table::Event, id.as_str(), PAGE)).await?;
        if batches.is_empty() {
            return Err(AppError::NoSuchCharter(id.clone()));
        }
        Ok(batches.into_iter().flat_map(|batch| batch.events).collect())
    }

    /// At most `limit` of the events that come after the number `after`, and whether there are more.
    ///
    /// # Errors
    /// As [`App::audit`].
    pub async fn audit_page(
        &self,
        id: &CharterId,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, bool), AppError> {
        // Events are kept by the commit, under the number of its first one: what is wanted begins in the last
        // commit that begins no later.
        let history = |rows| Query::new(Table::Event, id.as_str(), rows);
        let end = EventBatch::order(after.saturating_add(2));
        let begin = self.store.list(&history(1).to(end).backwards()).await?;
        let Some(begin) = begin.first() else { return Err(AppError::NoSuchCharter(id.clone())) };
        let begin = begin.parse::<EventBatch>()?.value;
        let mut events = begin.events;
        let last = events.last().map_or(0, |event| event.seq);
        if events.iter().filter(|event| event.seq > after).count() <= limit {
            let rows = self.store.list(&history(limit + 1).from(EventBatch::order(last + 1))).await?;
            for row in rows {
                events.extend(row.parse::<EventBatch>()?.value.events);
            }
        }
        events.retain(|event| event.seq > after);
        let more = events.len() > limit;
        events.truncate(limit);
        Ok((events, more))
    }

    /// One event of a charter, by its number.
    ///
    /// # Errors
    /// As [`App::audit`].
    pub async fn event(&self, id: &CharterId, seq: u64) -> Result<Option<AuditEvent>, AppError> {
        let (mut events, _) = self.audit_page(id, seq.saturating_sub(1), 1).await?;
        Ok(events.pop().filter(|event| event.seq == seq))
    }

    /// The last event of a charter of which this holds.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn last_event(
        &self,
        id: &CharterId,
        is_it: impl Fn(&AuditEvent) -> bool,
    ) -> Result<Option<AuditEvent>, StoreError> {
        let mut query = Query::new(Table::Event, id.as_str(), LATEST).backwards();
        loop {
            let rows = self.store.list(&query).await?;
            for row in &rows {
                let mut events = row.parse::<EventBatch>()?.value.events.into_iter();
                if let Some(event) = events.rfind(&is_it) {
                    return Ok(Some(event));
                }
            }
            match rows.last() {
                Some(last) if rows.len() == query.limit => query = query.after(last),
                _ => return Ok(None),
            }
        }
    }

    /// At most `limit` people after the place `after`, rank by rank in the order of asking; and where there are more,
    /// what to give as `after` for those that follow. The ranks come in the order of their names.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn roster_page(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<CrewMember>, Option<String>), StoreError> {
        self.page(Query::new(Table::Crew, ROSTER, limit), after).await
    }

    /// The whole roster: rank by rank as the operator lists them, in cascade order.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn roster(&self) -> Result<Vec<CrewMember>, StoreError> {
        let mut roster: Vec<CrewMember> =
            list_all(&*self.store, Query::new(Table::Crew, ROSTER, PAGE)).await?;
        let place = |member: &CrewMember| self.operator.ranks.iter().position(|rank| *rank == member.rank);
        roster.sort_by_key(|member| place(member).unwrap_or(usize::MAX));
        Ok(roster)
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

    /// Somebody on the roster.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn member(&self, id: &CrewId) -> Result<Option<CrewMember>, StoreError> {
        Ok(self.crew_members(std::slice::from_ref(id)).await?.pop())
    }

    /// What several people are called; who is not on the roster is left out.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn crew_names(&self, ids: &[CrewId]) -> Result<Names, StoreError> {
        /// Of a record no more than this is read: availability is by far the most of it.
        #[derive(Deserialize)]
        struct Named {
            crew_id: CrewId,
            name: String,
        }
        let mut names = Vec::with_capacity(ids.len());
        for some in ids.chunks(GET_KEYS) {
            let keys: Vec<Key> = some.iter().map(|id| Key::new(Table::Crew, id.as_str())).collect();
            for row in self.store.get(&keys).await?.into_iter().flatten() {
                let named: Named = serde_json::from_str(&row.body)
                    .map_err(|error| StoreError::corrupt(row.key.to_string(), error))?;
                names.push((named.crew_id, named.name));
            }
        }
        Ok(names.into_iter().collect())
    }

    /// Mails that were tried and could not be handed over, those that are tried next first, among the
    /// first [`STUCK_LOOKED_AT`] rows.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn stuck_mails(&self) -> Result<Vec<OutboxRow>, StoreError> {
        // No pause between two tries is longer than an hour.
        let soon = self.clock.now() + SignedDuration::from_hours(1);
        let rows = self.store.due(Table::Outbox, soon, STUCK_LOOKED_AT).await?;
        let rows = rows.iter().map(|row| row.parse::<OutboxRow>().map(|read| read.value));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().filter(|row| !row.in_flight && row.last_error.is_some()).collect())
    }

    /// When a charter or the outbox has to be looked at next. `None` when nothing is awaited.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let charter = self.store.next_due(Table::Charter).await?;
        Ok(charter.into_iter().chain(self.store.next_due(Table::Outbox).await?).min())
    }

    /// The record of the link of an offer, if both of its halves are right.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn link(&self, token: &Token) -> Result<Option<TokenRecord>, StoreError> {
        Ok(match read::<LinkRecord>(&*self.store, token.id.as_str()).await?.map(|read| read.value) {
            Some(LinkRecord::Offer(record)) => Some(record).filter(|record| record.matches(token)),
            Some(LinkRecord::Own(_)) | None => None,
        })
    }
}
