//! How mail leaves, as whoever sends it last found: in the store, since pages and commands are other processes.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::records::{Alert, Job, OutboxRow};
use crate::mail::{Readiness, Stopped};
use crate::store::{CommitError, Expect, Record, StoreError, Table, Versioned, Write, read};

/// The id of the only such row.
const MAIL_WAY: &str = "mail-way";
/// Troubles that are remembered as told.
const TOLD: usize = 10;

/// How mail leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWay {
    /// Since when nothing leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_since: Option<Timestamp>,
    /// The rest of it.
    #[serde(flatten)]
    pub ready: Readiness,
    /// The keys of troubles that the office was told of, the last one last.
    #[serde(default)]
    told: Vec<String>,
}

impl Record for MailWay {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        MAIL_WAY.into()
    }
}

impl MailWay {
    /// Why nothing leaves, and since when.
    pub fn stopped(&self) -> Option<(&Stopped, Timestamp)> {
        self.ready.stopped.as_ref().zip(self.stopped_since)
    }

    /// What it becomes, and whether the office has to be told.
    fn then(&self, ready: Readiness, now: Timestamp) -> (Self, Option<Alert>) {
        let Some(stopped) = ready.stopped.clone() else {
            return (Self { stopped_since: None, ready, told: self.told.clone() }, None);
        };
        let goes_on = self.ready.stopped.as_ref().is_some_and(|before| before.key == stopped.key);
        let since = self.stopped_since.filter(|_| goes_on).unwrap_or(now);
        let mut told = self.told.clone();
        let news = !told.contains(&stopped.key);
        if news {
            told.push(stopped.key.clone());
            told.drain(..told.len().saturating_sub(TOLD));
        }
        let alert = news.then_some(Alert { since, stopped });
        (Self { stopped_since: Some(since), ready, told }, alert)
    }
}

/// What this process last wrote or found, so that it need not look again. Shared by an app and what it becomes anew.
#[derive(Debug, Clone, Default)]
pub(super) struct LastWay(Arc<Mutex<Option<MailWay>>>);

impl LastWay {
    fn is(&self, ready: &Readiness) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_some_and(|last| last.ready == *ready)
    }

    fn set(&self, way: MailWay) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(way);
    }
}

impl App {
    /// Keeps how mail leaves, if that is another way than before. Of each trouble the office is told once, however many
    /// processes find it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn note_mail_way(&self, ready: Readiness) -> Result<(), StoreError> {
        if self.way.is(&ready) {
            return Ok(());
        }
        let kept = read::<MailWay>(&*self.store, MAIL_WAY).await?;
        let now = self.clock.now();
        let before = kept.as_ref().map(|kept| kept.value.clone()).unwrap_or_default();
        let (way, alert) = before.then(ready, now);
        if way == before {
            self.way.set(way);
            return Ok(());
        }
        let mut writes = vec![Write::put(&way, kept.as_ref().map_or(Expect::Absent, Versioned::expected))?];
        if let Some(alert) = alert {
            tracing::error!(why = %alert.stopped.why, "no mail leaves; {}", alert.stopped.remedy);
            let key = format!("office/{}", alert.stopped.key);
            let row = OutboxRow::of_the_office(key, Job::Alert(alert), now);
            writes.push(Write::put(&row, Expect::Absent)?);
        }
        match self.store.commit(writes).await {
            Ok(()) => {
                self.way.set(way);
                self.wake.notify_one();
                Ok(())
            }
            // Another process was faster: the next look finds what it wrote.
            Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// How mail leaves, as whoever sends it last found.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn mail_way(&self) -> Result<MailWay, StoreError> {
        Ok(read::<MailWay>(&*self.store, MAIL_WAY).await?.map(|kept| kept.value).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(key: &str) -> Readiness {
        let stopped = Stopped {
            key: key.into(),
            why: "Google has ended the sign-in".into(),
            causes: Vec::new(),
            remedy: "sign in again".into(),
        };
        Readiness { stopped: Some(stopped), sign_in: None }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn each_trouble_is_told_once_also_when_it_comes_and_goes() {
        let (way, alert) = MailWay::default().then(stopped("a"), at(1));
        assert_eq!(alert.map(|alert| alert.since), Some(at(1)));
        let (way, alert) = way.then(stopped("a"), at(2));
        assert_eq!((way.stopped_since, alert), (Some(at(1)), None));
        let (way, alert) = way.then(Readiness::default(), at(3));
        assert_eq!((way.stopped(), alert), (None, None));
        let (way, alert) = way.then(stopped("a"), at(4));
        assert_eq!((way.stopped_since, alert), (Some(at(4)), None));
        let (way, alert) = way.then(stopped("b"), at(5));
        assert_eq!((way.stopped_since, alert.is_some()), (Some(at(5)), true));
        let (mut way, mut told) = (way, 0);
        for n in 0..50 {
            let (next, alert) = way.then(stopped(&format!("c{n}")), at(6));
            told += usize::from(alert.is_some());
            way = next;
        }
        assert_eq!((told, way.told.len()), (50, TOLD));
    }
}
