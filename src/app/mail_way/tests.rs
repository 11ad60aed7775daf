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
    let shut = Stopped { over: Over::Mail { fingerprint: "a".into() }, ..stopped("gmail").stopped.unwrap() };
    let found = Readiness { stopped: Some(shut), sign_in: standing("a"), ..Readiness::default() };
    let (way, _) = MailWay::default().then(found, true, at(1));
    let look = |ready: Readiness, fingerprint: &str| {
        way.then(Readiness { sign_in: standing(fingerprint), ..ready }, true, at(5)).0.stopped.is_some()
    };
    assert!(
        look(Readiness::default(), "a") && look(ago(Last::Left, 10), "a") && look(Readiness::default(), "")
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
