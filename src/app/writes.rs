//! A decision as the writes of one commit.

use crewcall_dispatch::cascade::{AuditEvent, Decision};

use super::gather::Gathered;
use super::records::{EventBatch, Job, OutboxRow};
use crate::store::{BODY_BYTES, Expect, StoreError, Write};

/// Everything that a decision changes, each item under the version that was read.
pub(super) fn of(
    decision: &Decision,
    charter: Expect,
    gathered: &Gathered,
) -> Result<Vec<Write>, StoreError> {
    let state = &decision.state;
    let mut writes = vec![Write::put(state, charter)?];
    put_events(&decision.events, &mut writes)?;
    for commitments in &decision.commitments {
        writes.push(Write::put(commitments, gathered.expected(&commitments.crew_id))?);
    }
    for link in &decision.new_links {
        writes.push(Write::put(link, Expect::Absent)?);
    }
    for link in &decision.changed_links {
        // A link changes with its charter only, and the charter's version is named above.
        writes.push(Write::put(link, Expect::Any)?);
    }
    let decided_at = decision.events.last().map_or(state.charter.departs_at, |event| event.at);
    let row = |key: String, charter_id, job| OutboxRow::new(key, charter_id, job, decided_at);
    for mail in &decision.mails {
        let job = Job::Mail(mail.notice.clone());
        writes
            .push(Write::put(&row(mail.key.clone(), state.charter.charter_id.clone(), job), Expect::Absent)?);
    }
    if !decision.nudges.is_empty() {
        let key = format!("{}/{:05}-nudge", state.charter.charter_id, state.facts);
        let job = Job::Nudge(decision.nudges.clone());
        writes.push(Write::put(&row(key, state.charter.charter_id.clone(), job), Expect::Absent)?);
    }
    Ok(writes)
}

/// Adds the events in one row, or, where they do not fit into one, each half of them by itself: rows are
/// items of the commit, and there must not be too many of those.
fn put_events(events: &[AuditEvent], writes: &mut Vec<Write>) -> Result<(), StoreError> {
    let write = Write::put(&EventBatch { events: events.to_vec() }, Expect::Absent)?;
    match &write {
        Write::Put { body, .. } if body.len() > BODY_BYTES && events.len() > 1 => {
            let (first, rest) = events.split_at(events.len() / 2);
            put_events(first, writes)?;
            put_events(rest, writes)
        }
        _ => {
            writes.push(write);
            Ok(())
        }
    }
}
