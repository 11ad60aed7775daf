//! How mail leaves, as whoever sends it last found: in the store, since pages and commands are other processes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::App;
use super::records::{Alert, AlertOf, Job, OutboxRow};
use crate::google::Standing;
use crate::mail::{Last, Over, Readiness, Stopped};
use crate::store::{CommitError, Expect, Record, StoreError, Table, Versioned, Write, read};

/// The id of the only such row.
const MAIL_WAY: &str = "mail-way";
/// After so long without a mail that left the office is told. Servers are restarted in less.
pub const DOWN_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How long the same trouble is not told again that has come and gone.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How mail leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWay {
    /// Why nothing leaves, if nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_since: Option<Timestamp>,
    /// That no mail leaves at present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failing: Option<Failing>,
    /// Why alerts could not take the other way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Stopped>,
    /// The sign-in at Google, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<Standing>,
    /// The keys of troubles that the office was told of, and when.
    #[serde(default)]
    told: Vec<(String, Timestamp)>,
    /// The key of the one that stands and was told: its end is told, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told_now: Option<String>,
}

/// That no mail leaves at present, which may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Failing {
    since: Timestamp,
    why: String,
    /// A mail has found it, which only a mail undoes. Else it is over once nobody finds it.
    by_mail: bool,
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
        self.stopped.as_ref().zip(self.stopped_since)
    }

    /// Whether what was found still holds, though whoever looks now does not find it.
    fn still_holds(&self, ready: &Readiness, now: Timestamp) -> bool {
        let Some((stopped, since)) = self.stopped() else { return false };
        let Some(sign_in) = ready.sign_in.as_ref().filter(|_| now >= since) else { return false };
        // Without a fingerprint nobody had read the sign-in yet.
        let is_another = |before: &str| {
            !before.is_empty() && !sign_in.fingerprint.is_empty() && sign_in.fingerprint != before
        };
        match &stopped.over {
            Over::NotFound => false,
            Over::Token { fingerprint } => {
                !is_another(fingerprint) && sign_in.refreshed_at.is_none_or(|at| at <= since)
            }
            Over::Mail { fingerprint } => !is_another(fingerprint) && !left_since(since, ready, now),
        }
    }

    /// Since when no mail leaves, though some are tried or could not be, and why.
    fn failing(&self, ready: &Readiness, now: Timestamp) -> Option<Failing> {
        let before = self.failing.as_ref();
        let since = before.map_or(now, |before| before.since);
        // The first reason stands: another one each time would be another row each time.
        let failing = |why: &str, by_mail: bool| Failing {
            since,
            why: before.map_or(why, |before| &before.why).to_owned(),
            by_mail: by_mail || before.is_some_and(|before| before.by_mail),
        };
        match (&ready.stopped, &ready.failing, &ready.last) {
            (Some(_), ..) => None,
            (None, Some(why), _) => Some(failing(why, false)),
            (None, None, Some((Last::Failed(why), _))) => Some(failing(why, true)),
            (None, None, Some((Last::Left, _))) if left_since(since, ready, now) => None,
            // This process has tried none since: what others found with a mail still counts.
            (None, None, _) => self.failing.clone().filter(|failing| failing.by_mail),
        }
    }

    /// What it becomes, and what the office has to be told, if it can be.
    fn then(&self, ready: Readiness, can_tell: bool, now: Timestamp) -> (Self, Option<Alert>) {
        let failing = self.failing(&ready, now);
        let down = failing.as_ref().filter(|failing| now.duration_since(failing.since) >= DOWN_FOR);
        let still_holds = self.still_holds(&ready, now);
        let kept = self.stopped.clone().filter(|_| ready.unknown || still_holds);
        let stopped = ready.stopped.or(kept).or_else(|| down.map(is_down));
        let goes_on = |before: &Stopped| stopped.as_ref().is_some_and(|now| now.key == before.key);
        let since = self.stopped_since.filter(|_| self.stopped.as_ref().is_some_and(goes_on));
        let stopped_since = stopped.as_ref().map(|_| since.unwrap_or(now));
        let mut told = self.told.clone();
        told.retain(|(_, at)| now.duration_since(*at).abs() < TOLD_FOR);
        // What goes on and was told is no news, however long ago that was; what nobody could be told yet is.
        let goes_on_told =
            |stopped: &Stopped| since.is_some() && self.told_now.as_ref() == Some(&stopped.key);
        let news = stopped
            .clone()
            .filter(|stopped| can_tell && !goes_on_told(stopped) && !is_among(&told, &stopped.key));
        let alert = news.zip(stopped_since);
        let alert = alert.map(|(stopped, since)| Alert { since, stopped, of: AlertOf::Mail });
        // As long as mail leaves, it can say that the other way does not.
        let fallback_goes_on =
            |other: &Stopped| self.fallback.as_ref().is_some_and(|before| before.key == other.key);
        let of_fallback = ready
            .fallback
            .clone()
            .filter(|other| stopped.is_none() && !fallback_goes_on(other) && !is_among(&told, &other.key));
        let of_fallback = of_fallback.map(|stopped| Alert { since: now, stopped, of: AlertOf::Fallback });
        let told_of = |(stopped, _): &(&Stopped, Timestamp)| self.told_now.as_ref() == Some(&stopped.key);
        let again = self.stopped().filter(|_| stopped.is_none()).filter(told_of);
        let again =
            again.map(|(stopped, since)| Alert { since, stopped: stopped.clone(), of: AlertOf::Again });
        let alert = alert.or(again).or(of_fallback);
        let told_now = match &alert {
            Some(alert) if alert.of == AlertOf::Mail => Some(alert.stopped.key.clone()),
            // One trouble may turn into another that was told lately: the end of both is told then.
            _ => stopped.as_ref().map(|stopped| stopped.key.clone()).filter(|key| {
                self.told_now.as_ref().is_some_and(|before| before == key || is_among(&told, key))
            }),
        };
        told.extend(
            alert
                .iter()
                .filter(|alert| alert.of != AlertOf::Again)
                .map(|alert| (alert.stopped.key.clone(), now)),
        );
        // One at a time: what is not told yet counts as not seen yet.
        let fallback = ready.fallback.filter(|other| fallback_goes_on(other) || is_among(&told, &other.key));
        let sign_in = ready.sign_in.or(ready.fallback_sign_in);
        (Self { stopped, stopped_since, failing, fallback, sign_in, told, told_now }, alert)
    }
}

/// Whether the trouble of this key is among those that were told.
fn is_among(told: &[(String, Timestamp)], key: &str) -> bool {
    told.iter().any(|(told, _)| told == key)
}

/// Whether this process has handed a mail over since then. Of what other processes found, clocks tell no seconds.
fn left_since(since: Timestamp, ready: &Readiness, now: Timestamp) -> bool {
    const ABOUT: SignedDuration = SignedDuration::from_mins(1);
    let Some((Last::Left, ago)) = &ready.last else { return false };
    SignedDuration::try_from(*ago).is_ok_and(|ago| ago <= now.duration_since(since).max(ABOUT))
}

/// That no mail has left for a while.
fn is_down(failing: &Failing) -> Stopped {
    Stopped {
        key: format!("down-{}", failing.since.as_second()),
        why: format!("mails that are tried do not leave: {}", failing.why),
        causes: Vec::new(),
        remedy: "see to the mail server, or to what it says; `crewcall mail test --to ADDRESS` tries it"
            .into(),
        over: Over::NotFound,
    }
}

/// What this process last wrote or found, so that it need not look again. Shared by an app and what it becomes anew.
#[derive(Debug, Clone, Default)]
pub(super) struct LastWay(Arc<Mutex<Option<(MailWay, Instant)>>>);

/// How long that is taken for what is in the store: other processes write there, too.
const TAKEN_FOR: Duration = Duration::from_secs(30);

impl LastWay {
    fn get(&self) -> Option<MailWay> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(_, at)| at.elapsed() < TAKEN_FOR).map(|(way, _)| way.clone())
    }

    fn set(&self, way: MailWay) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((way, Instant::now()));
    }
}

impl App {
    /// Keeps how mail leaves, if that is another way than before. Of each trouble the office is told once, however many
    /// processes find it; `can_tell` if there is a way to tell it. Says whether mail is stopped.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn note_mail_way(&self, ready: Readiness, can_tell: bool) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if let Some(last) = self.way.get()
            && last.then(ready.clone(), can_tell, now).0 == last
        {
            return Ok(last.stopped.is_some());
        }
        let kept = read::<MailWay>(&*self.store, MAIL_WAY).await?;
        let before = kept.as_ref().map(|kept| kept.value.clone()).unwrap_or_default();
        let (way, alert) = before.then(ready, can_tell, now);
        let stopped = way.stopped.is_some();
        if way == before {
            self.way.set(way);
            return Ok(stopped);
        }
        let mut writes = vec![Write::put(&way, kept.as_ref().map_or(Expect::Absent, Versioned::expected))?];
        if let Some((stopped, since)) = way.stopped().filter(|_| before.stopped != way.stopped) {
            tracing::error!(%since, why = %stopped.why, "no mail leaves; {}", stopped.remedy);
        }
        if let Some(alert) = alert {
            // The same trouble may come again, hours later.
            let key = format!("office/{}-{}", alert.stopped.key, now.as_second());
            let row = OutboxRow::of_the_office(key, Job::Alert(alert), now);
            writes.push(Write::put(&row, Expect::Absent)?);
        }
        match self.store.commit(writes).await {
            Ok(()) => {
                self.way.set(way);
                self.wake.notify_one();
                Ok(stopped)
            }
            // Another process was faster: the next look finds what it wrote.
            Err(CommitError::Conflict(_)) => Ok(stopped),
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
mod tests;
