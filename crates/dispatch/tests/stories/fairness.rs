//! Who comes first, by the settings of the rank: the cascade order, the last sail, or the fewest sails.

use crewcall_dispatch::cascade::{Command, Fact};
use crewcall_dispatch::policy::{Basis, Order, Place};

use crate::stage::Stage;

const CAPTAINS: [&str; 3] = ["ann captain", "bob captain", "cat captain"];

fn by(order: Order) -> Stage {
    let mut stage = Stage::new(&CAPTAINS);
    stage.policy.orders = [("captain".parse().unwrap(), order)].into();
    stage
}

/// A sail at noon of that day, on which whoever is asked first says yes.
fn sail(stage: &mut Stage, id: &str, day: &str) -> String {
    stage.book_at(id, format!("{day}T12:00:00Z").parse().unwrap(), &[]);
    stage.start(id);
    let first = stage.asked(id)[0].to_owned();
    stage.accept(id, &first).unwrap();
    first
}

/// The order in which a call would ask, with the reasons.
fn order(stage: &mut Stage, id: &str, day: &str) -> Vec<(String, Place)> {
    stage.book_at(id, format!("{day}T12:00:00Z").parse().unwrap(), &[]);
    let asks = stage.plan(id).asks;
    asks.into_iter().map(|ask| (ask.crew_id.to_string(), ask.place.unwrap())).collect()
}

#[test]
fn a_fixed_order_asks_the_same_captain_first_every_time() {
    let mut stage = by(Order::Fixed);
    let who: Vec<_> =
        (0..2).map(|n| sail(&mut stage, &format!("s{n}"), ["2026-06-27", "2026-07-07"][n])).collect();
    assert_eq!(who, ["ann", "ann"]);
    let places: Vec<_> = order(&mut stage, "x", "2026-06-28").into_iter().map(|(_, place)| place).collect();
    assert_eq!(places, [1, 2, 3].map(|place| Place::CascadeOrder { place }));
}

#[test]
fn by_last_sail_captains_take_turns() {
    let mut stage = by(Order::LastSail);
    // Nobody has sailed: the cascade order decides. Then the one who will sail last comes last.
    assert_eq!(sail(&mut stage, "a", "2026-06-28"), "ann");
    assert_eq!(sail(&mut stage, "b", "2026-06-27"), "bob");
    assert_eq!(sail(&mut stage, "c", "2026-07-07"), "cat");
    let date = |text: &str| Some(text.parse().unwrap());
    assert_eq!(
        order(&mut stage, "d", "2026-07-01"),
        [] as [(String, Place); 0],
        "nobody said anything of that day"
    );
    assert_eq!(
        order(&mut stage, "e", "2026-07-07"),
        [
            ("bob".into(), Place::LastSail { last: date("2026-06-27") }),
            ("ann".into(), Place::LastSail { last: date("2026-06-28") }),
        ],
        "cat is aboard another sail that day"
    );
}

#[test]
fn by_fewest_sails_the_month_of_the_sail_counts() {
    let mut stage = by(Order::FewestSails);
    assert_eq!(sail(&mut stage, "a", "2026-06-27"), "ann");
    assert_eq!(sail(&mut stage, "b", "2026-06-28"), "bob");
    let of = |who: &str, sails| (who.to_owned(), Place::FewestSails { sails });
    // Of three captains two are aboard elsewhere in June, and in July nobody is.
    assert_eq!(order(&mut stage, "c", "2026-07-07"), [of("ann", 0), of("bob", 0), of("cat", 0)]);
    assert_eq!(order(&mut stage, "d", "2026-06-28"), [of("cat", 0), of("ann", 1)]);
}

#[test]
fn a_sail_that_is_over_counts_though_it_is_not_kept_any_more() {
    let mut stage = by(Order::FewestSails);
    assert_eq!(sail(&mut stage, "a", "2026-06-27"), "ann");
    stage.now = "2026-06-30T12:00:00Z".parse().unwrap();
    // Whatever is written next forgets the sail itself.
    stage.policy.orders.clear();
    assert_eq!(sail(&mut stage, "b", "2026-07-07"), "ann");
    let commitments = stage.commitments_of("ann");
    assert_eq!((commitments.entries.len(), commitments.past.months["2026-06"]), (1, 1));
    assert_eq!(commitments.last_sail(&"b".parse().unwrap()).unwrap().to_string(), "2026-06-27T11:15:00Z");
    let june = "2026-06-15T12:00:00Z".parse().unwrap();
    assert_eq!(commitments.sails_in_month(june, &jiff::tz::TimeZone::UTC, &"b".parse().unwrap()), 1);
}

#[test]
fn who_only_said_no_or_dropped_out_has_not_sailed() {
    let mut stage = by(Order::FewestSails);
    stage.book("a", 0);
    stage.start("a");
    stage.decline("a", "ann").unwrap();
    stage.accept("a", "bob").unwrap();
    stage.sleep(11);
    let offer = stage.offer("a", "bob");
    stage.give("a", &Command::DropOut(offer)).unwrap();
    stage.post();
    stage.accept("a", "cat").unwrap();
    let of = |who: &str, sails| (who.to_owned(), Place::FewestSails { sails });
    assert_eq!(order(&mut stage, "b", "2026-06-28"), [of("ann", 0), of("bob", 0), of("cat", 1)]);
}

#[test]
fn the_order_is_fixed_and_its_reason_recorded_when_the_call_starts() {
    let mut stage = by(Order::FewestSails);
    stage.book("a", 0);
    stage.start("a");
    stage.decline("a", "ann").unwrap();
    // Bob, who is being asked, gets two other sails meanwhile; the order of this call stays.
    let position = || "captain".parse().unwrap();
    for (id, day) in [("b", "2026-06-28"), ("c", "2026-07-07")] {
        stage.book_at(id, format!("{day}T12:00:00Z").parse().unwrap(), &[]);
        let reason = "agreed".into();
        stage
            .give(id, &Command::Assign { position: position(), crew_id: "cat".parse().unwrap(), reason })
            .unwrap();
    }
    let asks: Vec<_> =
        stage.plan("a").asks.into_iter().map(|ask| (ask.crew_id.to_string(), ask.place)).collect();
    let none = Some(Place::FewestSails { sails: 0 });
    assert_eq!(asks, [("bob".into(), none), ("cat".into(), none)]);
    let recorded = stage.events.iter().find_map(|event| match &event.fact {
        Fact::CallStarted { orders, .. } => Some(orders[0].basis.clone()),
        _ => None,
    });
    assert_eq!(recorded, Some(Basis::FewestSails(vec![0, 0, 0])));
}

#[test]
fn the_captains_usual_crew_comes_before_any_order() {
    let mut stage = Stage::new(&["ann captain yul", "xan deckhand", "yul deckhand", "zed deckhand"]);
    stage.policy.orders = [("deckhand".parse().unwrap(), Order::FewestSails)].into();
    stage.book("a", 1);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    let asks: Vec<_> =
        stage.plan("a").asks.into_iter().map(|ask| (ask.crew_id.to_string(), ask.place)).collect();
    let fewest = Some(Place::FewestSails { sails: 0 });
    assert_eq!(
        asks,
        [("yul".into(), Some(Place::UsualCrew)), ("xan".into(), fewest), ("zed".into(), fewest)]
    );
}

#[test]
fn who_dropped_out_and_was_not_replaced_has_not_sailed_either() {
    let mut stage = by(Order::FewestSails);
    stage.book("a", 0);
    stage.start("a");
    stage.accept("a", "ann").unwrap();
    stage.sleep(11);
    let offer = stage.offer("a", "ann");
    stage.give("a", &Command::DropOut(offer)).unwrap();
    stage.post();
    for who in ["bob", "cat"] {
        stage.decline("a", who).unwrap();
    }
    let of = |who: &str, sails| (who.to_owned(), Place::FewestSails { sails });
    let nobody = [of("ann", 0), of("bob", 0), of("cat", 0)];
    assert_eq!(order(&mut stage, "b", "2026-06-28"), nobody);
    // The boat leaves without them; days later the sail is forgotten.
    stage.now = "2026-07-01T12:00:00Z".parse().unwrap();
    assert_eq!(sail(&mut stage, "c", "2026-07-07"), "ann");
    assert!(stage.commitments_of("ann").past.months.is_empty());
}

#[test]
fn who_is_asked_out_of_turn_has_no_place() {
    let mut stage = by(Order::Fixed);
    stage.book("a", 0);
    stage.start("a");
    stage.give("a", &Command::AskNow { crew_id: "cat".parse().unwrap() }).unwrap();
    stage.post();
    let places: Vec<_> =
        stage.plan("a").asks.into_iter().map(|ask| (ask.crew_id.to_string(), ask.place)).collect();
    let no = |place| Some(Place::CascadeOrder { place });
    assert_eq!(places, [("ann".into(), no(1)), ("cat".into(), None), ("bob".into(), no(2))]);
}
