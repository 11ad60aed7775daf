//! The conversation of a charter: comments, messages and notes.

use crewcall_dispatch::cascade::{Actor, Command, Fact, Notice, Rejection};
use crewcall_dispatch::limits;

use crate::stage::Stage;
use crate::started;

/// Ann, yul and xan are aboard.
fn crewed() -> Stage {
    let mut stage = started(2);
    for who in ["ann", "yul", "xan"] {
        stage.accept("a", who).unwrap();
    }
    assert_eq!(stage.aboard("a"), ["ann", "yul", "xan"]);
    stage.mails.clear();
    stage
}

fn office() -> Actor {
    Actor::Office("Pat".into())
}

fn crew(id: &str) -> Actor {
    Actor::Crew(id.parse().unwrap())
}

fn post(stage: &mut Stage, by: Actor, text: &str) -> Result<(), Rejection> {
    stage.by = by;
    let answer = stage.give("a", &Command::Post { text: text.into() });
    stage.post();
    stage.by = Actor::Crewcall;
    answer
}

/// Who got a message, in order.
fn read_by(stage: &Stage) -> Vec<String> {
    let reader = |notice: &Notice| match notice {
        Notice::Message { to, .. } => Some(to.to_string()),
        Notice::MessageOffice { .. } => Some("the office".into()),
        _ => None,
    };
    stage.mails.iter().filter_map(|(_, notice)| reader(notice)).collect()
}

#[test]
fn what_the_office_writes_goes_to_everyone_aboard() {
    let mut stage = crewed();
    post(&mut stage, office(), "Bring oilskins.").unwrap();
    assert_eq!(read_by(&stage), ["ann", "yul", "xan"]);
    let said = stage.events.iter().find(|event| matches!(event.fact, Fact::MessagePosted { .. })).unwrap();
    assert_eq!((&said.by, &said.fact), (&office(), &Fact::MessagePosted { text: "Bring oilskins.".into() }));
    let quoted = stage.mails.iter().filter_map(|(_, notice)| notice.quotes());
    assert_eq!(quoted.collect::<Vec<_>>(), [said.seq; 3]);
}

#[test]
fn what_somebody_aboard_writes_goes_to_the_others_and_to_the_office() {
    let mut stage = crewed();
    post(&mut stage, crew("yul"), "I am at the gate.").unwrap();
    assert_eq!(read_by(&stage), ["ann", "xan", "the office"]);
}

#[test]
fn who_is_not_aboard_cannot_write_to_the_others() {
    let mut stage = started(1);
    assert_eq!(post(&mut stage, crew("ann"), "Hello"), Err(Rejection::NotInThread));
    stage.accept("a", "ann").unwrap();
    assert_eq!(post(&mut stage, crew("ben"), "Hello"), Err(Rejection::NotInThread));
    assert_eq!(post(&mut stage, crew("ann"), "Hello"), Ok(()));
    stage.sleep(11);
    let offer = stage.offer("a", "ann");
    stage.give("a", &Command::DropOut(offer)).unwrap();
    assert_eq!(post(&mut stage, crew("ann"), "Hello"), Err(Rejection::NotInThread));
}

#[test]
fn a_message_that_nobody_would_read_is_refused() {
    let mut stage = started(1);
    assert_eq!(post(&mut stage, office(), "Hello"), Err(Rejection::NobodyAboard));
}

#[test]
fn with_a_cancelled_charter_the_thread_is_closed_but_for_notes() {
    let mut stage = crewed();
    stage.give("a", &Command::Cancel).unwrap();
    stage.post();
    for by in [office(), crew("ann")] {
        assert_eq!(post(&mut stage, by, "Hello"), Err(Rejection::ThreadClosed));
    }
    stage.by = office();
    assert_eq!(stage.give("a", &Command::Note { text: "Engine trouble.".into() }), Ok(()));
}

#[test]
fn a_message_does_not_reach_who_left_before_it_went_out() {
    let mut stage = crewed();
    stage.sleep(11);
    stage.by = office();
    stage.give("a", &Command::Post { text: "Bring oilskins.".into() }).unwrap();
    let offer = stage.offer("a", "xan");
    stage.give("a", &Command::DropOut(offer)).unwrap();
    stage.post();
    assert_eq!(read_by(&stage), ["ann", "yul"]);
}

#[test]
fn a_flood_of_messages_is_stopped_and_over_an_hour_later() {
    let mut stage = crewed();
    for n in 0..limits::MESSAGES_PER_HOUR {
        post(&mut stage, crew("ann"), &format!("{n}")).unwrap();
    }
    assert_eq!(post(&mut stage, crew("yul"), "Hello"), Err(Rejection::TooManyMessages));
    assert_eq!(
        post(&mut stage, office(), "A storm comes: stay ashore."),
        Ok(()),
        "the office is always heard"
    );
    stage.sleep(61);
    assert_eq!(post(&mut stage, crew("yul"), "Hello"), Ok(()));
    assert_eq!(stage.state("a").posted_at.len(), limits::MESSAGES_PER_HOUR);
}

#[test]
fn a_note_is_for_the_office_alone() {
    let mut stage = crewed();
    stage.by = office();
    stage.give("a", &Command::Note { text: "Yul is good with ropes.".into() }).unwrap();
    stage.post();
    assert_eq!(stage.mails, []);
    stage.by = crew("ann");
    let note = Command::Note { text: "Hello".into() };
    assert_eq!(stage.give("a", &note), Err(Rejection::OfficeOnly));
}

#[test]
fn a_comment_stands_with_the_answer_and_the_office_hears_of_it_once() {
    let mut stage = started(0);
    (stage.by, stage.comment) = (crew("ann"), Some("Only until six.".into()));
    stage.accept("a", "ann").unwrap();
    stage.accept("a", "ann").unwrap();
    let commented: Vec<_> = stage.events.iter().filter(|event| event.comment.is_some()).collect();
    assert_eq!(commented.len(), 1, "it stands with one event, and not with what followed by the rules");
    assert!(matches!(commented[0].fact, Fact::OfferAccepted { .. }));
    assert_eq!(commented[0].comment.as_deref(), Some("Only until six."));
    let mails = stage.mails.iter().filter(|(_, notice)| *notice == Notice::Comment { seq: commented[0].seq });
    assert_eq!(mails.count(), 1);
}

#[test]
fn words_that_come_with_an_answer_that_changes_nothing_are_kept() {
    let mut stage = started(0);
    stage.advance(130);
    assert_eq!(stage.asked("a"), ["ben"]);
    (stage.by, stage.comment) = (crew("ann"), Some("I could from five on.".into()));
    stage.decline("a", "ann").unwrap();
    let said = stage.events.iter().find(|event| event.comment.is_some()).unwrap();
    let offer = Some(stage.offer("a", "ann"));
    assert_eq!(said.fact, Fact::Commented { offer });
    assert_eq!(stage.sent("a", "comment"), 1);
    // As often as one link allows, and no more; whoever has something else to answer is heard all the same.
    let again = |stage: &mut Stage| {
        (stage.by, stage.comment) = (crew("ann"), Some("Really.".into()));
        stage.decline("a", "ann")
    };
    for _ in 1..limits::REMARKS {
        again(&mut stage).unwrap();
    }
    assert_eq!(again(&mut stage), Err(Rejection::TooManyRemarks));
    assert_eq!(stage.sent("a", "comment"), limits::REMARKS as usize);
    (stage.by, stage.comment) = (crew("ben"), Some("Gladly.".into()));
    stage.accept("a", "ben").unwrap();
    assert_eq!(stage.sent("a", "comment"), limits::REMARKS as usize + 1);
}

#[test]
fn a_day_after_the_return_the_conversation_is_over() {
    let mut stage = crewed();
    let returns_at = stage.state("a").charter.returns_at;
    stage.now = returns_at;
    assert_eq!(post(&mut stage, crew("ann"), "Who locks up?"), Ok(()));
    stage.now = returns_at + jiff::SignedDuration::from_hours(limits::THREAD_OPEN_HOURS);
    assert_eq!(post(&mut stage, crew("ann"), "Hello"), Err(Rejection::ThreadOver));
}

#[test]
fn what_the_office_says_along_with_an_answer_needs_no_mail_to_the_office() {
    let mut stage = started(0);
    (stage.by, stage.comment) = (office(), Some("Phoned from the boat.".into()));
    stage.yes("a", "ann").unwrap();
    assert!(stage.events.iter().any(|event| event.comment.is_some()));
    assert_eq!(stage.sent("a", "comment"), 0);
}
