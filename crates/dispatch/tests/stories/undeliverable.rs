//! Mail that is refused or comes back is no answer, and is remembered.

use crewcall_dispatch::cascade::{Actor, CallStatus, Command, Notice, OfferState, Rejection};
use crewcall_dispatch::policy::Undeliverable;

use crate::stage::Stage;

fn booked() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cat captain"]);
    for id in ["one", "two"] {
        stage.book(id, 0);
    }
    stage
}

/// The mail of an offer is refused at an address.
fn refuse(stage: &mut Stage, charter: &str, who: &str) {
    let notice = Notice::Offer { offer: stage.offer(charter, who) };
    let email = Some(format!("{who}@example.com").parse().unwrap());
    let error = "550 no such user".into();
    stage.give(charter, &Command::MailRefused { notice, error, email }).unwrap();
    stage.post();
}

fn bounced(stage: &mut Stage, charter: &str, who: &str) -> Result<(), Rejection> {
    stage.by = Actor::Office("Pat".into());
    let answer =
        stage.give(charter, &Command::Bounced { crew_id: who.parse().unwrap(), error: "550".into() });
    stage.by = Actor::Crewcall;
    stage.post();
    answer
}

#[test]
fn who_cannot_be_reached_is_not_asked_for_further_sails() {
    let mut stage = booked();
    stage.give("one", &Command::Start).unwrap();
    refuse(&mut stage, "one", "ann");
    assert_eq!((stage.stands("one", "ann"), stage.asked("one")), (OfferState::Undeliverable, vec!["bob"]));
    assert_eq!(stage.sent("one", "undeliverable"), 1);
    stage.decline("one", "bob").unwrap();
    stage.start("two");
    assert_eq!(stage.asked("two"), ["bob"]);
    assert_eq!(stage.skipped().last().unwrap(), "ann: mail to ann@example.com is refused");
    // Nor when the same call is begun again.
    stage.decline("one", "cat").unwrap();
    stage.start("one");
    assert!(!stage.asked("one").contains(&"ann"));
}

#[test]
fn an_address_that_refuses_is_remembered_though_the_offer_is_over() {
    let mut stage = booked();
    stage.give("one", &Command::Start).unwrap();
    // Another has the seat while the mail to ann is on its way.
    let notice = Notice::Offer { offer: stage.offer("one", "ann") };
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "bob".parse().unwrap(),
        reason: "phoned".into(),
    };
    stage.give("one", &assign).unwrap();
    let email = Some("ann@example.com".parse().unwrap());
    stage.give("one", &Command::MailRefused { notice, error: "550 no such user".into(), email }).unwrap();
    stage.post();
    stage.start("two");
    assert_eq!(stage.asked("two"), ["cat"], "bob sails, and ann is not reached");
}

#[test]
fn another_address_can_be_written_to() {
    let mut stage = booked();
    stage.give("one", &Command::Start).unwrap();
    refuse(&mut stage, "one", "ann");
    stage.writes_from("ann", "ann@sea.example.com");
    stage.start("two");
    assert_eq!(stage.asked("two"), ["ann"]);
}

#[test]
fn the_office_asks_all_the_same_and_begins_a_new_leaf() {
    let mut stage = booked();
    stage.give("one", &Command::Start).unwrap();
    refuse(&mut stage, "one", "ann");
    stage.start("two");
    stage.give("two", &Command::AskNow { crew_id: "ann".parse().unwrap() }).unwrap();
    stage.post();
    assert_eq!(stage.stands("two", "ann"), OfferState::Sent);
    stage.decline("two", "ann").unwrap();
    stage.book("three", 0);
    stage.start("three");
    assert_eq!(stage.asked("three"), ["ann"], "that mail arrived");
}

#[test]
fn by_the_settings_the_office_looks_first() {
    let mut stage = booked();
    stage.policy.undeliverable = Undeliverable::Pause;
    stage.give("one", &Command::Start).unwrap();
    refuse(&mut stage, "one", "ann");
    assert_eq!((stage.state("one").status(), stage.asked("one")), (CallStatus::Paused, vec![]));
    assert_eq!(stage.sent("one", "undeliverable"), 1);
    stage.give("one", &Command::Resume).unwrap();
    stage.post();
    assert_eq!(stage.asked("one"), ["bob"]);
}

#[test]
fn a_mail_that_comes_back_is_no_answer_either() {
    let mut stage = booked();
    stage.start("one");
    for _ in 0..2 {
        bounced(&mut stage, "one", "ann").unwrap();
    }
    assert_eq!((stage.stands("one", "ann"), stage.asked("one")), (OfferState::Undeliverable, vec!["bob"]));
    assert_eq!(stage.sent("one", "undeliverable"), 0, "it is the office that says so");
    assert_eq!(bounced(&mut stage, "one", "cat"), Err(Rejection::NotAsked("cat".parse().unwrap())));
}

#[test]
fn a_bounce_that_comes_after_the_window_is_remembered_too() {
    let mut stage = booked();
    stage.start("one");
    stage.advance(130);
    assert_eq!((stage.stands("one", "ann"), stage.asked("one")), (OfferState::Expired, vec!["bob"]));
    bounced(&mut stage, "one", "ann").unwrap();
    assert_eq!((stage.stands("one", "ann"), stage.asked("one")), (OfferState::Expired, vec!["bob"]));
    stage.decline("one", "bob").unwrap();
    stage.start("two");
    assert_eq!(stage.asked("two"), ["bob"]);
}

#[test]
fn who_is_put_aboard_by_phone_is_still_not_reached_by_mail() {
    let mut stage = booked();
    stage.give("one", &Command::Start).unwrap();
    refuse(&mut stage, "one", "ann");
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "ann".parse().unwrap(),
        reason: "rang".into(),
    };
    stage.give("one", &assign).unwrap();
    let warned = stage.state("one").offer(stage.offer("one", "ann")).unwrap().warnings.clone();
    assert_eq!(
        warned.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["mail to ann@example.com is refused"]
    );
    assert!(stage.commitments_of("ann").refused.is_some());
}

#[test]
fn an_answer_shows_that_mail_arrives() {
    let mut stage = booked();
    stage.start("one");
    bounced(&mut stage, "one", "ann").unwrap();
    stage.give("one", &Command::AskNow { crew_id: "ann".parse().unwrap() }).unwrap();
    stage.post();
    stage.by = Actor::Crew("ann".parse().unwrap());
    stage.accept("one", "ann").unwrap();
    assert_eq!(stage.commitments_of("ann").refused, None);
}

#[test]
fn whoever_is_aboard_stays_though_their_mail_comes_back() {
    let mut stage = booked();
    stage.start("one");
    stage.accept("one", "ann").unwrap();
    for _ in 0..2 {
        bounced(&mut stage, "one", "ann").unwrap();
    }
    assert_eq!(stage.aboard("one"), ["ann"]);
    let returned = |event: &&crewcall_dispatch::cascade::AuditEvent| {
        matches!(event.fact, crewcall_dispatch::cascade::Fact::MailReturned { .. })
    };
    assert_eq!(stage.events.iter().filter(returned).count(), 1);
    stage.give("one", &Command::Release { crew_id: "ann".parse().unwrap(), reason: "ill".into() }).unwrap();
    stage.start("two");
    assert!(!stage.asked("two").contains(&"ann"));
}

#[test]
fn a_crew_list_that_is_refused_is_remembered_too() {
    let mut stage = booked();
    stage.start("one");
    let ann = stage.offer("one", "ann");
    stage.give("one", &Command::Accept(ann)).unwrap();
    let notice = Notice::CrewList { to: "ann".parse().unwrap() };
    let email = Some("ann@example.com".parse().unwrap());
    stage.give("one", &Command::MailRefused { notice, error: "550".into(), email }).unwrap();
    stage.book_at("later", "2026-07-07T12:00:00Z".parse().unwrap(), &[]);
    stage.start("later");
    assert_eq!(stage.asked("later"), ["bob"]);
}
