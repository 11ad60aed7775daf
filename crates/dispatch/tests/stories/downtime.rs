//! The program was down: nobody loses the chance to answer, and no offer stays open for ever.

use crewcall_dispatch::cascade::{CallStatus, Command, Fact, OfferState, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::policy::Outage;
use jiff::SignedDuration;

use crate::stage::Stage;

/// Ann was asked just now, to answer within 2 hours and 2 minutes; the boat leaves in a week.
fn asked() -> Stage {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.book("a", 0);
    stage.start("a");
    stage
}

/// The program stops now and is back after so many minutes. Nothing is done about it yet.
fn down(stage: &mut Stage, minutes: i64) {
    let from = stage.now;
    stage.sleep(minutes);
    stage.outage = Some(Outage { from, until: stage.now });
}

fn extensions(stage: &Stage) -> usize {
    stage.events.iter().filter(|event| matches!(event.fact, Fact::OfferExtended { .. })).count()
}

#[test]
fn an_answer_right_after_the_outage_wins() {
    let mut stage = asked();
    stage.sleep(60);
    down(&mut stage, 300);
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.aboard("a"), ["ann"]);
}

#[test]
fn nobody_lapses_before_the_grace_after_the_outage_is_over() {
    let mut stage = asked();
    stage.sleep(60);
    down(&mut stage, 300);
    stage.advance(0);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Sent, 1));
    stage.advance(14);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Sent, 1), "extended once");
    stage.advance(4);
    assert_eq!(stage.stands("a", "ann"), OfferState::Expired);
    assert!(stage.is_too_late("a", "ann"));
    assert_eq!(stage.asked("a"), ["ben"]);
}

#[test]
fn an_outage_that_leaves_time_to_answer_changes_nothing() {
    let mut stage = asked();
    stage.sleep(10);
    down(&mut stage, 30);
    stage.advance(81);
    assert_eq!(stage.stands("a", "ann"), OfferState::Sent);
    stage.advance(1);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Expired, 0));
}

#[test]
fn an_outage_before_the_mail_went_out_changes_nothing() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.book("a", 0);
    down(&mut stage, 300);
    stage.start("a");
    stage.advance(122);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Expired, 0));
}

#[test]
fn an_outage_after_the_offer_had_closed_does_not_open_it_again() {
    let mut stage = asked();
    stage.sleep(122);
    down(&mut stage, 60);
    assert!(stage.is_too_late("a", "ann"));
    stage.advance(0);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Expired, 0));
}

#[test]
fn a_tick_that_runs_seldom_keeps_no_offer_open_for_ever() {
    let mut stage = asked();
    let mut ticks = 0;
    while stage.stands("a", "ann") == OfferState::Sent {
        down(&mut stage, 180);
        stage.advance(0);
        ticks += 1;
        assert!(ticks < 10, "still open after {ticks} ticks, each three hours late");
    }
    assert_eq!(extensions(&stage), limits::EXTENSIONS as usize);
    assert_eq!(stage.asked("a"), ["ben"]);
}

#[test]
fn no_offer_stays_open_past_departure() {
    let mut stage = asked();
    let departs_at = stage.state("a").charter.departs_at;
    stage.sleep(60);
    // Back five minutes before departure: the grace of fifteen is cut to that.
    let until_departure = (departs_at - SignedDuration::from_mins(5)).duration_since(stage.now);
    down(&mut stage, until_departure.as_mins());
    stage.advance(0);
    let offer = stage.state("a").offer(stage.offer("a", "ann")).unwrap();
    assert_eq!(offer.closes_at, Some(departs_at));
    stage.sleep(5);
    assert_eq!(stage.accept("a", "ann"), Err(Rejection::Departed));
    stage.advance(0);
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
}

#[test]
fn an_outage_over_the_departure_ends_the_call() {
    let mut stage = asked();
    down(&mut stage, 8 * 24 * 60);
    assert_eq!(stage.accept("a", "ann"), Err(Rejection::Departed));
    stage.advance(0);
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    assert_eq!(stage.sent("a", "exhausted"), 1);
    assert!(stage.asked("a").is_empty());
}

#[test]
fn while_the_pages_are_down_whoever_phones_is_in_time() {
    let mut stage = asked();
    stage.can_answer = false;
    stage.advance(300);
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.aboard("a"), ["ann"]);
}

#[test]
fn after_a_downtime_whoever_was_put_aboard_has_time_to_confirm() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("a", 0);
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "ann".parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.give("a", &assign).unwrap();
    stage.post();
    let from = Box::new(stage.state("a").charter.clone());
    let mut to = from.clone();
    to.dock = "pier 4".into();
    stage.give("a", &Command::Change { from, to }).unwrap();
    stage.post();
    let from = stage.now + SignedDuration::from_mins(10);
    stage.sleep(300);
    stage.outage = Some(Outage { from, until: stage.now });
    stage.advance(0);
    assert_eq!((stage.stands("a", "ann"), stage.sent("a", "unconfirmed")), (OfferState::Reconfirming, 0));
    stage.advance(60);
    assert_eq!(stage.sent("a", "unconfirmed"), 1);
}

#[test]
fn while_the_pages_are_down_no_offer_lapses_but_the_sail_leaves() {
    let mut stage = asked();
    stage.can_answer = false;
    stage.advance(300);
    assert_eq!((stage.stands("a", "ann"), extensions(&stage)), (OfferState::Sent, 0));
    stage.sleep(7 * 24 * 60);
    stage.advance(0);
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
}

#[test]
fn after_an_outage_offers_close_in_the_order_in_which_they_would_have() {
    let people = ["ann captain", "ben captain", "cat captain", "dan captain"];
    let mut stage = Stage::new(&people);
    // By their names they would come the other way round. The last closes just after the grace by itself.
    for (id, minutes) in [("d", 30), ("c", 30), ("b", 17), ("a", 0)] {
        stage.book(id, 0);
        stage.start(id);
        stage.sleep(minutes);
    }
    stage.sleep(17);
    down(&mut stage, 90);
    let back = stage.now;
    for _ in 0..60 * 40 {
        stage.now += SignedDuration::from_secs(1);
        stage.advance(0);
    }
    let lapsed: Vec<_> =
        stage.events.iter().filter(|event| matches!(event.fact, Fact::OfferExpired { .. })).collect();
    let order: Vec<_> = lapsed.iter().map(|event| event.charter_id.as_str()).collect();
    assert_eq!(order, ["d", "c", "b", "a"]);
    assert!(lapsed.is_sorted_by(|one, next| one.at < next.at), "one after the other: {lapsed:?}");
    let after: Vec<_> = lapsed.iter().map(|event| event.at.duration_since(back).as_mins()).collect();
    assert!(after.iter().all(|minutes| (15..=30).contains(minutes)), "{after:?}");
}

#[test]
fn however_long_the_outage_nobody_is_waited_for_more_than_twice_the_grace() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.policy.response_window = SignedDuration::from_hours(48);
    stage.book("a", 0);
    stage.start("a");
    stage.sleep(60);
    down(&mut stage, 60 * 60);
    stage.advance(0);
    let offer = stage.state("a").offer(stage.offer("a", "ann")).unwrap();
    let more = offer.closes_at.unwrap().duration_since(stage.now);
    assert!((15..=30).contains(&more.as_mins()), "{more:#}");
}
