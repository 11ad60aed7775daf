//! What is known once the boat has left: who came, who did not, and what it came to.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, Notice, OfferState, Rejection};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Figures, Minutes};
use jiff::SignedDuration;

use crate::stage::Stage;

/// Ann and Xan are aboard, Bob and Yul are not, and the call time is an hour away.
fn crewed() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    stage.now = stage.state("ch").charter.call_time - SignedDuration::from_hours(1);
    stage
}

/// The same once the boat has left, and whatever was due then is done.
fn sailed() -> Stage {
    let mut stage = crewed();
    stage.advance(120);
    stage.mails.clear();
    stage
}

fn no_show(stage: &mut Stage, who: &str) -> Result<(), Rejection> {
    let answer =
        stage.give("ch", &Command::NoShow { crew_id: who.parse().unwrap(), reason: "overslept".into() });
    stage.post();
    answer
}

fn turned_up(stage: &mut Stage, charter: &str, who: &str, position: &str) -> Result<(), Rejection> {
    let (position, crew_id) = (position.parse().unwrap(), who.parse().unwrap());
    let answer = stage.give(charter, &Command::TurnedUp { position, crew_id, reason: "was seen".into() });
    stage.post();
    answer
}

fn record(stage: &mut Stage, figures: &Figures) -> Result<(), Rejection> {
    let answer = stage.give("ch", &Command::Record { figures: figures.clone(), from: None });
    stage.post();
    answer
}

fn hours_of(hours: &[(&str, u32)]) -> Figures {
    let hours_of = hours.iter().map(|(who, minutes)| (who.parse().unwrap(), Minutes(*minutes)));
    Figures { actual_hours: Some(Minutes(180)), hours_of: hours_of.collect(), ..Figures::default() }
}

/// Nothing more comes of the charter by itself, and its events give what it is.
fn is_over(stage: &mut Stage) {
    let facts = stage.state("ch").facts;
    stage.advance(60 * 24);
    assert_eq!((stage.state("ch").facts, stage.state("ch").next_deadline()), (facts, None));
    let history = stage.events.iter().filter(|event| event.charter_id.as_str() == "ch");
    assert_eq!(CharterState::replay(history).as_ref(), Some(stage.state("ch")));
}

#[test]
fn money_is_recorded_at_any_time_and_replaces_what_was_known() {
    let mut stage = crewed();
    let money = Figures { gratuity: Some("120.00".parse().unwrap()), ..Figures::default() };
    record(&mut stage, &money).unwrap();
    assert_eq!(stage.state("ch").gratuity(), money.gratuity);
    let facts = stage.state("ch").facts;
    record(&mut stage, &money).unwrap();
    assert_eq!(stage.state("ch").facts, facts, "the same twice is nothing");
    stage.advance(60 * 24 * 60);
    let refunded = Figures { gross_revenue: Some("900.00".parse().unwrap()), ..Figures::default() };
    record(&mut stage, &refunded).unwrap();
    assert_eq!(stage.state("ch").figures, refunded);
    assert_eq!(stage.state("ch").gratuity(), None, "the new figures are all that is known");
    is_over(&mut stage);
}

#[test]
fn figures_do_not_go_over_those_that_somebody_else_recorded_meanwhile() {
    let mut stage = sailed();
    let seen = stage.state("ch").figures.clone();
    record(&mut stage, &hours_of(&[("xan", 120)])).unwrap();
    let gratuity = Some("120.00".parse().unwrap());
    let mine = Command::Record { figures: Figures { gratuity, ..seen.clone() }, from: Some(seen) };
    assert_eq!(stage.give("ch", &mine), Err(Rejection::ChangedMeanwhile));
    let from = stage.state("ch").figures.clone();
    let mine = Command::Record { figures: Figures { gratuity, ..from.clone() }, from: Some(from) };
    stage.give("ch", &mine).unwrap();
    // Given twice, it says the same.
    stage.give("ch", &mine).unwrap();
    assert_eq!(stage.state("ch").figures.hours_of.len(), 1);
}

#[test]
fn hours_are_of_a_sail_that_has_left_and_of_who_is_aboard() {
    let mut stage = crewed();
    assert_eq!(record(&mut stage, &hours_of(&[])), Err(Rejection::HoursTooEarly));
    stage.advance(120);
    stage.mails.clear();
    assert_eq!(
        record(&mut stage, &hours_of(&[("yul", 60)])),
        Err(Rejection::HoursOfNobody("yul".parse().unwrap()))
    );
    record(&mut stage, &hours_of(&[("xan", 120)])).unwrap();
    let hours = |who: &str| stage.state("ch").actual_hours(&who.parse().unwrap());
    assert_eq!((hours("ann"), hours("xan")), (Some(Minutes(180)), Some(Minutes(120))));
    assert_eq!(stage.mails, [], "figures are told to nobody");
    is_over(&mut stage);
}

#[test]
fn a_fee_is_not_more_than_what_it_is_taken_from() {
    let mut stage = sailed();
    let figures = |revenue: Option<&str>, fee: &str| Figures {
        gross_revenue: revenue.map(|revenue| revenue.parse().unwrap()),
        channel_fee: Some(fee.parse().unwrap()),
        ..Figures::default()
    };
    let refused = record(&mut stage, &figures(Some("100.00"), "100.01")).unwrap_err();
    assert!(refused.to_string().contains("100.01"), "{refused}");
    record(&mut stage, &figures(Some("100.00"), "100.00")).unwrap();
    record(&mut stage, &figures(None, "300.00")).unwrap();
}

#[test]
fn nothing_is_recorded_of_a_cancelled_charter() {
    let mut stage = crewed();
    stage.give("ch", &Command::Cancel).unwrap();
    stage.advance(120);
    assert_eq!(record(&mut stage, &hours_of(&[])), Err(Rejection::Cancelled));
    assert_eq!(no_show(&mut stage, "xan"), Err(Rejection::Cancelled));
    assert_eq!(turned_up(&mut stage, "ch", "xan", "deckhand"), Err(Rejection::Cancelled));
}

#[test]
fn before_the_departure_a_no_show_is_a_release_and_the_seat_is_called_again() {
    let mut stage = crewed();
    assert_eq!(no_show(&mut stage, "xan"), Err(Rejection::BeforeCallTime));
    stage.sleep(60);
    no_show(&mut stage, "xan").unwrap();
    let state = stage.state("ch");
    assert_eq!((stage.stands("ch", "xan"), state.status()), (OfferState::Released, CallStatus::Running));
    assert_eq!((stage.asked("ch"), stage.sent("ch", "released")), (vec!["yul"], 1));
    assert_eq!((stage.sent("ch", "reopened"), stage.sent("ch", "reopened-office")), (1, 1));
    let facts = state.facts;
    no_show(&mut stage, "xan").unwrap();
    assert_eq!(stage.state("ch").facts, facts, "given twice it says the same");
}

#[test]
fn after_the_departure_a_no_show_asks_and_tells_nobody() {
    for who in ["ann", "xan"] {
        let mut stage = sailed();
        record(&mut stage, &hours_of(&[(who, 120)])).unwrap();
        no_show(&mut stage, who).unwrap();
        assert_eq!((stage.stands("ch", who), stage.mails.as_slice()), (OfferState::Released, &[][..]));
        let state = stage.state("ch");
        assert!(state.offer(stage.offer("ch", who)).unwrap().no_show);
        assert_eq!((state.status(), state.figures.hours_of.len()), (CallStatus::Filled, 0));
        assert_eq!((stage.aboard("ch").len(), stage.asked("ch").len()), (1, 0));
        assert!(stage.commitments_of(who).entries.is_empty());
        let facts = state.facts;
        no_show(&mut stage, who).unwrap();
        assert_eq!(stage.state("ch").facts, facts);
        is_over(&mut stage);
    }
}

#[test]
fn a_no_show_of_somebody_who_is_not_aboard_is_refused() {
    let mut stage = sailed();
    assert_eq!(no_show(&mut stage, "yul"), Err(Rejection::NotAboard("yul".parse().unwrap())));
    let nothing = Command::NoShow { crew_id: "xan".parse().unwrap(), reason: " ".into() };
    assert_eq!(stage.give("ch", &nothing), Err(Rejection::NoReason));
}

/// Of a call that had not found everyone the office hears once, at the departure, and not again by who did not come.
#[test]
fn the_alert_at_departure_is_not_given_anew() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand away"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.now = stage.state("ch").charter.departs_at;
    let alerts = stage.sent("ch", "exhausted");
    no_show(&mut stage, "ann").unwrap();
    turned_up(&mut stage, "ch", "ann", "captain").unwrap();
    turned_up(&mut stage, "ch", "xan", "deckhand").unwrap();
    assert_eq!((stage.sent("ch", "exhausted"), stage.aboard("ch")), (alerts, vec!["ann", "xan"]));
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted, "the call came to that");
    is_over(&mut stage);
}

#[test]
fn whoever_turned_up_has_an_empty_seat_or_one_more() {
    let mut stage = sailed();
    no_show(&mut stage, "xan").unwrap();
    turned_up(&mut stage, "ch", "yul", "deckhand").unwrap();
    assert_eq!(stage.state("ch").holder(&seat("deckhand", 1)).unwrap().crew_id.as_str(), "yul");
    // Xan was there all the same.
    turned_up(&mut stage, "ch", "xan", "deckhand").unwrap();
    turned_up(&mut stage, "ch", "bob", "mate").unwrap();
    assert_eq!(stage.aboard("ch"), ["ann", "yul", "xan", "bob"]);
    let needs = &stage.state("ch").charter.positions;
    let needs: Vec<String> =
        needs.iter().map(|need| format!("{} {}", need.quantity, need.position)).collect();
    assert_eq!(needs, ["1 captain", "2 deckhand", "1 mate"]);
    assert_eq!(stage.mails, [], "they know");
    let facts = stage.state("ch").facts;
    turned_up(&mut stage, "ch", "bob", "mate").unwrap();
    assert_eq!(stage.state("ch").facts, facts, "given twice it says the same");
    record(&mut stage, &hours_of(&[("bob", 60)])).unwrap();
    is_over(&mut stage);
}

fn seat(position: &str, number: u32) -> crewcall_dispatch::model::Seat {
    crewcall_dispatch::model::Seat { position: position.parse().unwrap(), number }
}

#[test]
fn nobody_has_a_link_who_turned_up() {
    let mut stage = sailed();
    let (position, crew_id) = ("deckhand".parse().unwrap(), "yul".parse().unwrap());
    let command = Command::TurnedUp { position, crew_id, reason: "was seen".into() };
    let decision = stage.decision("ch", &command).unwrap();
    assert_eq!((decision.mails.len(), decision.new_links.len()), (0, 1));
    assert_eq!(decision.new_links[0].expires_at, Some(stage.now), "it is over before anybody could have it");
    stage.give("ch", &command).unwrap();
}

#[test]
fn turning_up_is_refused_with_the_way_out() {
    let mut stage = crewed();
    let refused = turned_up(&mut stage, "ch", "yul", "deckhand").unwrap_err();
    assert!(refused.to_string().contains("call assign"), "{refused}");
    stage.advance(120);
    assert_eq!(turned_up(&mut stage, "ch", "xan", "mate"), Err(Rejection::Aboard("xan".parse().unwrap())));
    assert_eq!(
        turned_up(&mut stage, "ch", "bob", "captain"),
        Err(Rejection::CaptainAboard("ann".parse().unwrap()))
    );
    assert_eq!(
        turned_up(&mut stage, "ch", "tom", "deckhand"),
        Err(Rejection::CannotSail("tom".parse().unwrap(), Reason::NotOnRoster))
    );
}

#[test]
fn a_charter_has_only_so_many_seats() {
    let names: Vec<String> = (0..limits::SEATS).map(|n| format!("deck{n} deckhand")).collect();
    let people: Vec<&str> = ["ann captain"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut stage = Stage::new(&people);
    stage.book("ch", 1);
    stage.now = stage.state("ch").charter.departs_at;
    for n in 0..limits::SEATS - 1 {
        turned_up(&mut stage, "ch", &format!("deck{n}"), "deckhand").unwrap();
    }
    let one_more = format!("deck{}", limits::SEATS - 1);
    assert_eq!(turned_up(&mut stage, "ch", &one_more, "deckhand"), Err(Rejection::TooManySeats));
    // The captain's seat was booked, and is still empty.
    turned_up(&mut stage, "ch", "ann", "captain").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Draft, "nobody was ever asked");
    is_over(&mut stage);
}

#[test]
fn nobody_sailed_on_two_boats() {
    let mut stage = crewed();
    stage.book("other", 0);
    stage.now = stage.state("ch").charter.departs_at;
    let elsewhere = Rejection::SailedElsewhere("ann".parse().unwrap(), "ch".parse().unwrap());
    assert_eq!(turned_up(&mut stage, "other", "ann", "captain"), Err(elsewhere));
    no_show(&mut stage, "ann").unwrap();
    turned_up(&mut stage, "other", "ann", "captain").unwrap();
    assert_eq!(stage.aboard("other"), ["ann"]);
}

/// What was said of somebody before they came after all is settled by that.
#[test]
fn whoever_dropped_out_and_came_all_the_same_was_there() {
    let mut stage = crewed();
    stage.give("ch", &Command::DropOut(stage.offer("ch", "xan"))).unwrap();
    stage.post();
    stage.now = stage.state("ch").charter.departs_at;
    stage.advance(0);
    stage.mails.clear();
    turned_up(&mut stage, "ch", "xan", "deckhand").unwrap();
    assert_eq!((stage.aboard("ch"), stage.mails.as_slice()), (vec!["ann", "xan"], &[][..]));
    is_over(&mut stage);
}

#[test]
fn whoever_has_the_seat_of_somebody_who_dropped_out_frees_them_without_a_mail() {
    let mut stage = crewed();
    stage.give("ch", &Command::DropOut(stage.offer("ch", "xan"))).unwrap();
    stage.post();
    stage.decline("ch", "yul").unwrap();
    stage.now = stage.state("ch").charter.departs_at;
    stage.advance(0);
    stage.mails.clear();
    turned_up(&mut stage, "ch", "yul", "deckhand").unwrap();
    assert_eq!((stage.stands("ch", "xan"), stage.mails.as_slice()), (OfferState::Released, &[][..]));
    assert_eq!(stage.aboard("ch"), ["ann", "yul"]);
}

/// A sail that is remembered by its number alone is taken off that number.
#[test]
fn a_no_show_long_afterwards_is_no_sail_any_more() {
    let mut stage = sailed();
    let month = |stage: &Stage| stage.commitments_of("xan").past.months.get("2026-06").copied();
    stage.book_at("later", "2026-07-07T12:00:00Z".parse().unwrap(), &[("deckhand", 1)]);
    let assign = Command::Assign {
        position: "deckhand".parse().unwrap(),
        crew_id: "xan".parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.sleep(60 * 24 * 5);
    stage.give("later", &assign).unwrap();
    stage.post();
    assert_eq!(month(&stage), Some(1));
    no_show(&mut stage, "xan").unwrap();
    assert_eq!(month(&stage), Some(0));
    turned_up(&mut stage, "ch", "xan", "deckhand").unwrap();
    let june = stage.commitments_of("xan").entries.len();
    assert_eq!((month(&stage), june), (Some(0), 2), "it is an entry again, until it is forgotten");
}

/// The boat had not left after all, and leaves later: whoever sails is asked, and the seats are called again.
#[test]
fn a_sail_that_leaves_later_has_no_hours_yet() {
    let mut stage = sailed();
    record(&mut stage, &hours_of(&[])).unwrap();
    no_show(&mut stage, "xan").unwrap();
    turned_up(&mut stage, "ch", "yul", "deckhand").unwrap();
    let from = stage.state("ch").charter.clone();
    let mut to = from.clone();
    for time in [&mut to.call_time, &mut to.departs_at, &mut to.returns_at] {
        *time += SignedDuration::from_hours(6);
    }
    stage.give("ch", &Command::Change { from: Box::new(from), to: Box::new(to) }).unwrap();
    stage.post();
    assert!(stage.state("ch").figures.is_empty());
    let asked = |who: &str| {
        let offer = stage.offer("ch", who);
        stage.mails.iter().any(|(_, mail)| matches!(mail, Notice::Changed { offer: no, .. } if *no == offer))
    };
    assert_eq!((asked("ann"), asked("yul"), asked("xan")), (true, true, false));
    stage.yes("ch", "ann").unwrap();
    stage.yes("ch", "yul").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
}
