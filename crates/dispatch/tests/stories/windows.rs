//! How long people have, and who is asked at once when time runs out.

use crewcall_dispatch::cascade::CallStatus;
use crewcall_dispatch::limits;
use jiff::SignedDuration;

use crate::changes::{change, other_dock};
use crate::stage::Stage;
use crate::started;

#[test]
fn windows_shrink_so_that_the_whole_list_is_asked_before_the_call_time() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain"]);
    stage.book("a", 0);
    let call_time = stage.state("a").charter.call_time;
    stage.now = call_time - SignedDuration::from_hours(4);
    stage.start("a");
    for who in ["ann", "ben", "cat", "dan"] {
        assert_eq!(stage.asked("a"), [who]);
        let offer = stage.state("a").open_offers().next().unwrap();
        let window = offer.reply_by.unwrap().duration_since(offer.handed_over_at.unwrap());
        assert!((50..=60).contains(&window.as_mins()), "{who} has {window:?}");
        stage.advance(window.as_mins() + 2);
    }
    assert_eq!(stage.state("a").status(), CallStatus::Exhausted);
    assert!(stage.now <= call_time + SignedDuration::from_mins(2));
    assert_eq!(stage.sent("a", "urgent"), 0);
}

#[test]
fn when_not_everyone_can_be_asked_in_time_the_office_is_alerted_once() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain"]);
    stage.book("a", 0);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(40);
    stage.start("a");
    assert_eq!(stage.sent("a", "urgent"), 1);
    stage.decline("a", "ann").unwrap();
    stage.advance(17);
    assert_eq!((stage.asked("a"), stage.sent("a", "urgent")), (vec!["cat"], 1));
}

#[test]
fn when_time_runs_out_several_are_asked_at_once_and_the_first_yes_has_the_seat() {
    let mut stage = Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain", "eve captain"]);
    stage.policy.ask_at_once = 3;
    stage.book("a", 0);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(40);
    let planned: Vec<_> =
        stage.plan("a").asks.into_iter().map(|ask| (ask.crew_id, ask.at, ask.reply_by)).collect();
    stage.start("a");
    assert_eq!((stage.asked("a"), stage.sent("a", "urgent")), (vec!["ann", "ben", "cat"], 1));
    let now = stage.now;
    assert!(planned[..3].iter().all(|(_, at, _)| *at == now), "{planned:?}");
    let offers = stage.state("a").open_offers();
    let windows: Vec<i64> =
        offers.map(|offer| offer.reply_by.unwrap().duration_since(now).as_mins()).collect();
    assert_eq!(windows, [20, 20, 20], "there are two turns instead of five");
    stage.decline("a", "ben").unwrap();
    assert_eq!(stage.asked("a"), ["ann", "cat", "dan"], "a no brings the next one in");
    stage.accept("a", "cat").unwrap();
    assert_eq!((stage.aboard("a"), stage.asked("a").len()), (vec!["cat"], 0));
    assert_eq!(stage.sent("a", "rescinded"), 2, "the others are told at once");
    assert!(stage.is_too_late("a", "ann"));
}

#[test]
fn with_two_seats_open_both_are_asked_for_before_a_second_person_is() {
    let mut stage = Stage::new(&["ann captain", "uli deckhand", "vic deckhand", "wim deckhand"]);
    stage.policy.ask_at_once = 2;
    stage.book("a", 2);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(20);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    let seat = |stage: &Stage, who: &str| stage.state("a").offer(stage.offer("a", who)).unwrap().seat.number;
    assert_eq!([seat(&stage, "uli"), seat(&stage, "vic"), seat(&stage, "wim")], [1, 2, 1]);
    stage.accept("a", "wim").unwrap();
    assert_eq!((stage.aboard("a"), stage.asked("a")), (vec!["ann", "wim"], vec!["vic", "uli"]));
    assert_eq!(
        (stage.sent("a", "rescinded"), stage.sent("a", "offer")),
        (0, 5),
        "uli gets a new mail instead"
    );
}

#[test]
fn however_many_seats_are_open_one_decision_asks_no_more_than_a_commit_can_hold() {
    let deckhands: Vec<String> = (10..99).map(|n| format!("d{n} deckhand")).collect();
    let mut people = vec!["ann captain"];
    people.extend(deckhands.iter().map(String::as_str));
    let mut stage = Stage::new(&people);
    stage.policy.ask_at_once = limits::ASKED_AT_ONCE as u32;
    stage.book("a", limits::SEATS - 1);
    stage.now = stage.state("a").charter.call_time - SignedDuration::from_mins(20);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    assert_eq!(stage.asked("a").len(), limits::SEATS as usize);
    assert_eq!(stage.state("a").vacant_seats(&"deckhand".parse().unwrap()), []);
}

#[test]
fn at_night_the_clock_stands_still() {
    let mut stage = started(0);
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.advance(9 * 60 + 30);
    let asked = stage.asked("a").join("");
    stage.decline("a", &asked).unwrap();
    assert_eq!(stage.now.to_string(), "2026-06-20T21:30:00Z");
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(offer.reply_by.unwrap().to_string(), "2026-06-21T08:30:00Z");
    stage.advance(10 * 60);
    assert_eq!(stage.asked("a").len(), 1, "and nobody lapses at night");
}

#[test]
fn night_is_where_the_person_lives() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.lives("ann", "EST5");
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.book("a", 0);
    // Seven in the morning there.
    stage.start("a");
    assert_eq!(stage.now.to_string(), "2026-06-20T12:00:00Z");
    stage.sleep(14 * 60);
    stage.decline("a", "ann").unwrap_err();
    stage.advance(0);
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(
        (offer.crew_id.as_str(), offer.reply_by.unwrap().to_string()),
        ("ben", "2026-06-21T09:00:00Z".into())
    );

    let mut stage = Stage::new(&["ann captain"]);
    stage.lives("ann", "EST5");
    stage.policy.quiet_hours = Some("22:00-07:00".parse().unwrap());
    stage.book("a", 0);
    stage.sleep(14 * 60);
    stage.start("a");
    let offer = stage.state("a").open_offers().next().unwrap();
    assert_eq!(
        offer.reply_by.unwrap().to_string(),
        "2026-06-21T13:00:00Z",
        "ann has one hour until ten at night"
    );
}

/// Half of the time before the captain is found is kept for the crew, as long as there is crew to find.
#[test]
fn the_captains_windows_leave_time_for_the_crew() {
    for (deckhands, minutes) in [(0, 120), (1, 60)] {
        let mut stage =
            Stage::new(&["ann captain", "ben captain", "cat captain", "dan captain", "xan deckhand"]);
        stage.book("a", deckhands);
        stage.now = stage.state("a").charter.call_time - SignedDuration::from_hours(8);
        stage.start("a");
        let offer = stage.state("a").open_offers().next().unwrap();
        let window = offer.reply_by.unwrap().duration_since(offer.handed_over_at.unwrap());
        assert_eq!(window, SignedDuration::from_mins(minutes), "{deckhands} deckhands");
    }
}

/// The crew is asked once the captain has confirmed: so the question may not take all of the time.
#[test]
fn a_captain_who_is_to_confirm_leaves_time_for_the_crew() {
    for deckhands in [0, 1] {
        let mut stage = Stage::new(&["ann captain", "xan deckhand"]);
        stage.book("ch", deckhands);
        stage.start("ch");
        stage.accept("ch", "ann").unwrap();
        let call_time = stage.state("ch").charter.call_time;
        stage.sleep(call_time.duration_since(stage.now).as_mins() - 60);
        change(&mut stage, other_dock).unwrap();
        let ann = stage.state("ch").reconfirming().next().expect("ann is to confirm");
        let given = ann.reply_by.unwrap().duration_since(stage.now).as_mins();
        assert!(if deckhands == 0 { given > 45 } else { given <= 30 }, "{deckhands}: {given} minutes");
    }
}
