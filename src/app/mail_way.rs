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
        let told_lately = |stopped: &Stopped| told.iter().any(|(key, _)| *key == stopped.key);
        let news =
            stopped.clone().filter(|stopped| can_tell && !goes_on_told(stopped) && !told_lately(stopped));
        let alert = news.zip(stopped_since);
        let alert = alert.map(|(stopped, since)| Alert { since, stopped, of: AlertOf::Mail });
        // As long as mail leaves, it can say that the other way does not.
        let of_fallback = ready.fallback.clone().filter(|other| {
            let goes_on = self.fallback.as_ref().is_some_and(|before| before.key == other.key);
            stopped.is_none() && !goes_on && !told.iter().any(|(key, _)| *key == other.key)
        });
        let of_fallback = of_fallback.map(|stopped| Alert { since: now, stopped, of: AlertOf::Fallback });
        let told_of = |(stopped, _): &(&Stopped, Timestamp)| self.told_now.as_ref() == Some(&stopped.key);
        let again = self.stopped().filter(|_| stopped.is_none()).filter(told_of);
        let again =
            again.map(|(stopped, since)| Alert { since, stopped: stopped.clone(), of: AlertOf::Again });
        let alert = alert.or(again).or(of_fallback);
        let told_now = match &alert {
            Some(alert) if alert.of == AlertOf::Mail => Some(alert.stopped.key.clone()),
            // One trouble may turn into another that was told lately: the end of both is told then.
            _ => stopped.as_ref().map(|stopped| &stopped.key).cloned().filter(|key| {
                self.told_now
                    .as_ref()
                    .is_some_and(|before| before == key || told.iter().any(|(told, _)| told == key))
            }),
        };
        told.extend(
            alert
                .iter()
                .filter(|alert| alert.of != AlertOf::Again)
                .map(|alert| (alert.stopped.key.clone(), now)),
        );
        // One at a time: what is not told yet counts as not seen yet.
        let is_told = |other: &Stopped| told.iter().any(|(key, _)| *key == other.key);
        let goes_on = |other: &Stopped| self.fallback.as_ref().is_some_and(|before| before.key == other.key);
        let fallback = ready.fallback.filter(|other| goes_on(other) || is_told(other));
        let sign_in = ready.sign_in.or(ready.fallback_sign_in);
        (Self { stopped, stopped_since, failing, fallback, sign_in, told, told_now }, alert)
    }
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
mod tests {
    use super::*;
    use crate::google::Ended;

    fn stopped(key: &str) -> Readiness {
        let stopped = Stopped {
            key: key.into(),
            why: "Google has ended the sign-in".into(),
            causes: Vec::new(),
            remedy: "sign in again".into(),
            over: Over::Token { fingerprint: "0123456789ab".into() },
        };
        Readiness { stopped: Some(stopped), ..Readiness::default() }
    }

    fn last(last: Last) -> Readiness {
        Readiness { last: Some((last, Duration::ZERO)), ..Readiness::default() }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[test]
    fn each_trouble_is_told_once_and_again_when_it_comes_back_much_later() {
        let mut way = MailWay::default();
        let mut look = |ready: Readiness, minute| {
            let (next, alert) = way.then(ready, true, at(minute));
            way = next;
            (alert.filter(|alert| alert.of == AlertOf::Mail).map(|alert| alert.since), way.stopped_since)
        };
        assert_eq!(look(stopped("a"), 1), (Some(at(1)), Some(at(1))));
        assert_eq!(look(stopped("a"), 2), (None, Some(at(1))));
        assert_eq!(
            look(stopped("a"), 500),
            (None, Some(at(1))),
            "it goes on, and nobody wants to hear it every hour"
        );
        assert_eq!(look(Readiness::default(), 501), (None, None));
        assert_eq!(look(stopped("b"), 502), (Some(at(502)), Some(at(502))));
        assert_eq!(look(Readiness::default(), 503), (None, None));
        assert_eq!(look(stopped("b"), 504), (None, Some(at(504))), "it flaps");
        assert_eq!(look(Readiness::default(), 505), (None, None));
        assert_eq!(look(stopped("b"), 600), (Some(at(600)), Some(at(600))));
        assert!(way.told.len() <= 2, "{:?}", way.told);
    }

    #[test]
    fn the_end_is_told_of_a_trouble_that_turned_into_another_one() {
        let mut way = MailWay::default();
        let mut look = |ready: Readiness, minute| {
            let (next, alert) = way.then(ready, true, at(minute));
            way = next;
            alert.map(|alert| (alert.of, alert.stopped.key))
        };
        let told = |of, key: &str| Some((of, key.to_owned()));
        assert_eq!(look(stopped("a"), 1), told(AlertOf::Mail, "a"));
        assert_eq!(look(stopped("b"), 2), told(AlertOf::Mail, "b"));
        assert_eq!(look(stopped("a"), 3), None, "it was told lately");
        assert_eq!(look(last(Last::Left), 4), told(AlertOf::Again, "a"));
        assert_eq!(look(last(Last::Left), 5), None);
    }

    #[test]
    fn mails_that_do_not_leave_count_from_the_first_one_whoever_tries() {
        let failed = || last(Last::Failed("no connection".into()));
        let mut way = MailWay::default();
        let mut look = |ready: Readiness, minute| {
            let (next, alert) = way.then(ready, true, at(minute));
            way = next;
            (alert.is_some(), way.stopped_since)
        };
        assert_eq!(look(failed(), 1), (false, None));
        // As by a process that has just begun, and one that has tried another mail.
        assert_eq!(look(Readiness::default(), 5), (false, None));
        assert_eq!(look(failed(), 10), (false, None));
        assert_eq!(look(failed(), 11), (true, Some(at(11))));
        assert_eq!(look(Readiness::default(), 12), (false, Some(at(11))));
        assert_eq!(look(last(Last::Left), 13), (true, None), "that it is over is told, too");
        assert_eq!(look(last(Last::Left), 13), (false, None));
        assert_eq!(look(failed(), 14), (false, None));
    }

    fn ago(last: Last, minutes: u64) -> Readiness {
        Readiness { last: Some((last, Duration::from_secs(60 * minutes))), ..Readiness::default() }
    }

    /// A server that has sent its last mail before says nothing of what another one finds.
    #[test]
    fn a_mail_that_left_before_is_no_sign_that_the_way_is_open_again() {
        let (way, _) = MailWay::default().then(last(Last::Failed("it answered 429".into())), true, at(100));
        let (way, _) = way.then(ago(Last::Left, 50), true, at(105));
        let (way, alert) = way.then(ago(Last::Left, 55), true, at(110));
        assert!(alert.is_some_and(|alert| alert.of == AlertOf::Mail));
        let (way, alert) = way.then(ago(Last::Left, 60), true, at(115));
        assert_eq!((way.stopped_since, alert), (Some(at(110)), None));
        let (_, alert) = way.then(ago(Last::Left, 1), true, at(120));
        assert!(alert.is_some_and(|alert| alert.of == AlertOf::Again));
    }

    /// What is found without a mail is over when it is no longer found.
    #[test]
    fn what_a_look_finds_a_look_undoes() {
        let closed = || Readiness { failing: Some("no password".into()), ..Readiness::default() };
        let (way, _) = MailWay::default().then(closed(), true, at(1));
        let (way, alert) = way.then(closed(), true, at(11));
        assert!(way.stopped.is_some() && alert.is_some());
        let (way, alert) = way.then(Readiness::default(), true, at(12));
        assert!(way.stopped.is_none() && alert.is_some_and(|alert| alert.of == AlertOf::Again));
    }

    /// A process that begins anew does not know what a call of Google's found before.
    #[test]
    fn what_a_call_found_is_over_when_a_mail_leaves_or_somebody_else_signs_in() {
        let standing =
            |fingerprint: &str| Some(Standing { fingerprint: fingerprint.into(), ..Standing::default() });
        let shut =
            Stopped { over: Over::Mail { fingerprint: "a".into() }, ..stopped("gmail").stopped.unwrap() };
        let found = Readiness { stopped: Some(shut), sign_in: standing("a"), ..Readiness::default() };
        let (way, _) = MailWay::default().then(found, true, at(1));
        let look = |ready: Readiness, fingerprint: &str| {
            way.then(Readiness { sign_in: standing(fingerprint), ..ready }, true, at(5)).0.stopped.is_some()
        };
        assert!(
            look(Readiness::default(), "a")
                && look(ago(Last::Left, 10), "a")
                && look(Readiness::default(), "")
        );
        assert!(!look(ago(Last::Left, 2), "a") && !look(Readiness::default(), "b"));
        // The way of mail is another one by now.
        let other = Readiness { fallback_sign_in: standing("a"), ..Readiness::default() };
        assert!(way.then(other, true, at(5)).0.stopped.is_none());
    }

    #[test]
    fn what_cannot_be_found_out_changes_nothing() {
        let (way, _) = MailWay::default().then(stopped("a"), true, at(1));
        let unknown = || Readiness { unknown: true, ..last(Last::Failed("it answered 500".into())) };
        let (way, alert) = way.then(unknown(), true, at(2));
        assert_eq!((way.stopped_since, alert), (Some(at(1)), None));
        assert!(way.stopped.as_ref().is_some_and(|stopped| stopped.key == "a"));
        // Nor does it begin anything but to count.
        let (way, alert) = MailWay::default().then(unknown(), true, at(2));
        assert_eq!((way.stopped(), alert), (None, None));
        let (way, alert) = way.then(unknown(), true, at(12));
        assert!(way.stopped.is_some() && alert.is_some());
    }

    #[test]
    fn that_the_other_way_is_shut_is_told_once_by_the_first() {
        let other = || Readiness { fallback: stopped("b").stopped, ..Readiness::default() };
        let (way, alert) = MailWay::default().then(other(), true, at(1));
        assert!(alert.is_some_and(|alert| alert.of == AlertOf::Fallback) && way.stopped().is_none());
        assert_eq!(way.then(other(), true, at(2)).1, None);
    }

    #[test]
    fn of_two_things_to_tell_at_once_the_second_follows() {
        let (way, _) = MailWay::default().then(stopped("a"), true, at(1));
        let both = || Readiness { fallback: stopped("b").stopped, ..last(Last::Left) };
        let (way, alert) = way.then(both(), true, at(2));
        assert_eq!(alert.map(|alert| alert.of), Some(AlertOf::Again));
        let (way, alert) = way.then(both(), true, at(3));
        assert_eq!(alert.map(|alert| alert.of), Some(AlertOf::Fallback));
        assert_eq!(way.then(both(), true, at(4)).1, None);
    }

    #[test]
    fn without_a_way_to_tell_it_nothing_counts_as_told() {
        let (way, alert) = MailWay::default().then(stopped("a"), false, at(1));
        assert_eq!((alert, way.told.len(), way.stopped_since), (None, 0, Some(at(1))));
        let (way, alert) = way.then(stopped("a"), true, at(2));
        assert_eq!(alert.map(|alert| alert.since), Some(at(1)), "now there is one");
        assert_eq!(way.then(stopped("a"), true, at(200)).1, None);
    }

    /// Of two processes one finds that the sign-in has ended; the other has an access token yet, from before.
    #[test]
    fn a_token_from_before_the_end_does_not_undo_it() {
        let standing = |refreshed: i64, ended: Option<Ended>| Standing {
            fingerprint: "0123456789ab".into(),
            refreshed_at: Some(at(refreshed)),
            ended,
            ..Standing::default()
        };
        let grant = Ended::Grant { said: "invalid_grant".into(), lived: None };
        let end = || Readiness { sign_in: Some(standing(1, Some(grant.clone()))), ..stopped("google-grant") };
        let other = |sign_in: Standing| Readiness { sign_in: Some(sign_in), ..last(Last::Left) };
        let (way, alert) = MailWay::default().then(end(), true, at(10));
        assert!(alert.is_some());
        for minute in 11..15 {
            let (next, alert) = way.then(other(standing(9, None)), true, at(minute));
            assert_eq!((&next.stopped, next.stopped_since, alert), (&way.stopped, Some(at(10)), None));
        }
        // A new token is, and so is somebody who has signed in again.
        let (next, alert) = way.then(other(standing(11, None)), true, at(15));
        assert!(next.stopped.is_none() && alert.is_some_and(|alert| alert.of == AlertOf::Again));
        let again = Standing { fingerprint: "ba9876543210".into(), ..standing(9, None) };
        assert!(way.then(other(again), true, at(15)).0.stopped.is_none());
    }
}
