//! How the office steps into a call.

use crewcall_dispatch::cascade::{Actor, CallStatus, Command, Fact, OfferState, Rejection};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::policy::Outage;
use jiff::SignedDuration;

use crate::stage::Stage;

pub(crate) fn id(text: &str) -> CrewId {
    text.parse().expect("an id")
}

pub(crate) fn rank(text: &str) -> Rank {
    text.parse().expect("a rank")
}

impl Stage {
    /// The office gives a command, and the mails that follow go out.
    pub(crate) fn office(&mut self, command: Command) -> Result<(), Rejection> {
        let answer = self.give("ch", &command);
        self.post();
        answer
    }
}

pub(crate) fn skip(who: &str) -> Command {
    Command::Skip { crew_id: id(who), reason: "sails for others today".into() }
}

pub(crate) fn assign(who: &str, position: &str) -> Command {
    Command::Assign { position: rank(position), crew_id: id(who), reason: "agreed by phone".into() }
}

pub(crate) fn ask_now(who: &str) -> Command {
    Command::AskNow { crew_id: id(who) }
}

/// Three captains, the first of whom is being asked.
pub(crate) fn asking() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain", "dee captain away"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage
}

#[test]
fn a_paused_call_asks_nobody_new_until_it_goes_on() {
    let mut stage = asking();
    stage.office(Command::Pause).unwrap();
    stage.office(Command::Pause).expect("pressed twice it is the same");
    assert_eq!(stage.state("ch").status(), CallStatus::Paused);
    stage.decline("ch", "ann").unwrap();
    stage.advance(600);
    assert!(stage.asked("ch").is_empty());
    assert_eq!(stage.sent("ch", "exhausted"), 0);
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
}

#[test]
fn whoever_is_asked_can_answer_while_the_call_is_paused() {
    let mut stage = asking();
    stage.office(Command::Pause).unwrap();
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    stage.undo("ch", "ann").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Paused, "nobody said that it goes on");
    stage.decline("ch", "ann").unwrap();
    assert!(stage.asked("ch").is_empty());
}

#[test]
fn a_pause_that_is_forgotten_alerts_the_office_at_departure() {
    let mut stage = asking();
    stage.office(Command::Pause).unwrap();
    assert!(stage.state("ch").next_deadline().is_some());
    stage.advance(7 * 24 * 60);
    assert_eq!(stage.sent("ch", "exhausted"), 1);
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
}

#[test]
fn a_stopped_call_takes_its_offers_back_and_keeps_who_is_aboard() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.office(Command::Stop).unwrap();
    stage.office(Command::Stop).expect("pressed twice it is the same");
    assert_eq!(stage.aboard("ch"), ["ann"]);
    assert!(stage.asked("ch").is_empty());
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    assert_eq!(stage.accept("ch", "xan"), Err(Rejection::Rescinded));
    stage.office(Command::Resume).unwrap();
    assert_eq!(stage.asked("ch"), ["xan"], "it goes on where it was: xan had not answered");
    stage.decline("ch", "xan").unwrap();
    stage.office(Command::Stop).unwrap();
    stage.office(Command::AskAgain).unwrap();
    assert_eq!(stage.asked("ch"), ["xan"], "it begins again from the top");
}

#[test]
fn a_start_that_comes_late_neither_ends_a_pause_nor_forgets_who_said_no() {
    let mut stage = asking();
    stage.decline("ch", "ann").unwrap();
    stage.office(Command::Pause).unwrap();
    assert_eq!(stage.office(Command::Start), Err(Rejection::Paused));
    stage.office(Command::Resume).unwrap();
    assert_eq!((stage.asked("ch"), stage.stands("ch", "ann")), (vec!["bob"], OfferState::Declined));
}

#[test]
fn a_skipped_person_is_told_and_the_next_is_asked() {
    let mut stage = asking();
    stage.office(skip("ann")).unwrap();
    stage.office(skip("ann")).expect("pressed twice it is the same");
    assert_eq!(stage.stands("ch", "ann"), OfferState::Rescinded);
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    assert_eq!(stage.asked("ch"), ["bob"]);
    stage.office(skip("cid")).unwrap();
    stage.decline("ch", "bob").unwrap();
    assert!(stage.asked("ch").is_empty());
    assert_eq!(stage.sent("ch", "exhausted"), 1);
    assert!(stage.skipped().contains(&"cid: skipped by the office: sails for others today".to_owned()));
    assert_eq!(stage.office(skip("dee")), Err(Rejection::NotToCome(id("dee"))));
}

#[test]
fn whoever_is_waited_for_and_skipped_is_waited_for_no_longer() {
    let mut stage = Stage::new(&["ann captain", "ben captain"]);
    stage.book("ch", 0);
    stage.book("other", 0);
    stage.start("ch");
    stage.start("other");
    stage.decline("ch", "ann").unwrap();
    assert_eq!((stage.asked("other"), stage.asked("ch").len()), (vec!["ben"], 0), "ch waits for ben");
    stage.office(skip("ben")).unwrap();
    assert_eq!((stage.state("ch").status(), stage.sent("ch", "exhausted")), (CallStatus::Exhausted, 1));
    let call = stage.state("ch").call.as_ref().unwrap();
    assert_eq!(call.cascades[0].waiting_for, []);
}

#[test]
fn a_skipped_deckhand_stays_skipped_under_another_captain() {
    let mut stage = Stage::new(&["ann captain xan", "bob captain xan", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.office(skip("xan")).unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
    stage.undo("ch", "ann").unwrap();
    stage.decline("ch", "ann").unwrap();
    stage.accept("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
}

#[test]
fn asked_now_the_first_to_say_yes_has_the_seat_and_the_others_are_told() {
    let mut stage = asking();
    stage.office(ask_now("cid")).unwrap();
    stage.office(ask_now("cid")).expect("pressed twice it is the same");
    assert_eq!(stage.asked("ch"), ["ann", "cid"]);
    stage.accept("ch", "cid").unwrap();
    assert_eq!(stage.aboard("ch"), ["cid"]);
    assert_eq!(stage.stands("ch", "ann"), OfferState::Rescinded);
    assert_eq!(stage.sent("ch", "rescinded"), 1);
    assert!(stage.is_too_late("ch", "ann"));
}

#[test]
fn the_office_may_ask_whom_the_list_would_not() {
    let mut stage = asking();
    stage.decline("ch", "ann").unwrap();
    stage.office(ask_now("ann")).expect("a no can be asked about");
    stage.office(ask_now("dee")).expect("a day off, too");
    assert_eq!(stage.asked("ch"), ["bob", "ann", "dee"]);
    let dee = stage.state("ch").offer(stage.offer("ch", "dee")).unwrap();
    assert!(matches!(dee.warnings[..], [Reason::Unavailable { .. }]), "{:?}", dee.warnings);
    let stranger = stage.office(ask_now("zoe"));
    assert_eq!(stranger, Err(Rejection::CannotSail(id("zoe"), Reason::NotOnRoster)));
}

#[test]
fn asked_now_after_the_list_came_to_its_end_the_office_hears_of_the_end_anew() {
    let mut stage = asking();
    for who in ["ann", "bob", "cid"] {
        stage.decline("ch", who).unwrap();
    }
    assert_eq!(stage.sent("ch", "exhausted"), 1);
    stage.office(ask_now("dee")).unwrap();
    stage.decline("ch", "dee").unwrap();
    assert_eq!(stage.sent("ch", "position-exhausted"), 1);
}

#[test]
fn whoever_did_not_answer_in_time_can_be_asked_now_before_anybody_looked() {
    let mut stage = asking();
    stage.sleep(130);
    stage.give("ch", &ask_now("ann")).unwrap();
    assert_eq!((stage.asked("ch"), stage.state("ch").offers.len()), (vec!["ann"], 2), "asked anew");
}

#[test]
fn nobody_of_the_crew_is_asked_now_without_a_captain() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    assert_eq!(stage.office(ask_now("xan")), Err(Rejection::NoCaptain));
}

#[test]
fn more_time_is_more_time_and_ends_with_departure() {
    let mut stage = asking();
    let offer = |stage: &Stage| stage.state("ch").offer(stage.offer("ch", "ann")).unwrap().clone();
    let reply_by = offer(&stage).reply_by.unwrap();
    let extend =
        |by: i64| Command::Extend { crew_id: id("ann"), until: reply_by + SignedDuration::from_mins(by) };
    stage.office(extend(60)).unwrap();
    stage.office(extend(60)).expect("given twice it is the same");
    assert_eq!(offer(&stage).closes_at.unwrap(), reply_by + SignedDuration::from_mins(62));
    assert_eq!(stage.office(extend(30)), Err(Rejection::NotLonger));
    assert_eq!(stage.office(extend(7 * 24 * 60)), Err(Rejection::AfterDeparture));
    stage.advance(121);
    assert_eq!(stage.asked("ch"), ["ann"]);
    stage.accept("ch", "ann").expect("an hour late, and in time");
    let nobody = Command::Extend { crew_id: id("bob"), until: reply_by };
    assert_eq!(stage.office(nobody), Err(Rejection::NotAsked(id("bob"))));
}

#[test]
fn the_rest_of_the_list_goes_in_the_order_that_the_office_gives() {
    let mut stage = asking();
    let first = |who: &[&str]| Command::Reorder {
        position: rank("captain"),
        first: who.iter().map(|who| id(who)).collect(),
    };
    assert_eq!(stage.office(first(&["ann"])), Err(Rejection::NotToCome(id("ann"))));
    stage.office(first(&["cid"])).unwrap();
    let facts = stage.state("ch").facts;
    stage.office(first(&["cid", "bob"])).unwrap();
    assert_eq!(stage.state("ch").facts, facts, "it is in that order already");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["cid"]);
    stage.decline("ch", "cid").unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
}

#[test]
fn asked_again_from_the_top_though_the_call_still_runs() {
    let mut stage = asking();
    stage.advance(130);
    assert_eq!(stage.asked("ch"), ["bob"], "ann did not answer");
    stage.office(Command::AskAgain).unwrap();
    let facts = stage.state("ch").facts;
    stage.office(Command::AskAgain).unwrap();
    assert_eq!(stage.state("ch").facts, facts, "pressed twice it is the same");
    assert_eq!(stage.asked("ch"), ["bob"], "who is being asked has their time");
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["ann"]);
}

#[test]
fn whoever_is_being_asked_when_it_begins_anew_is_not_asked_twice() {
    let mut stage = asking();
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
    stage.office(Command::AskAgain).unwrap();
    stage.advance(130);
    assert_eq!(stage.asked("ch"), ["ann"], "bob did not answer");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["cid"]);
    stage.decline("ch", "cid").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
}

#[test]
fn asked_again_from_the_top_the_captains_usual_crew_still_comes_first() {
    let mut stage = Stage::new(&["ann captain yul,zoe", "xan deckhand", "yul deckhand", "zoe deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["yul"]);
    // Else it is at the top already.
    stage.office(skip("xan")).unwrap();
    let facts = stage.state("ch").facts;
    stage.office(Command::AskAgain).unwrap();
    assert!(stage.state("ch").facts > facts);
    assert_eq!(stage.asked("ch"), ["yul"], "who is being asked has their time");
    stage.decline("ch", "yul").unwrap();
    assert_eq!(stage.asked("ch"), ["zoe"]);
}

#[test]
fn somebody_is_put_aboard_by_hand_and_told() {
    let mut stage = asking();
    stage.office(assign("dee", "captain")).expect("though it is a day off");
    stage.office(assign("dee", "captain")).expect("given twice it is the same");
    assert_eq!(stage.aboard("ch"), ["dee"]);
    assert_eq!(stage.state("ch").status(), CallStatus::Filled);
    assert_eq!((stage.sent("ch", "assigned"), stage.sent("ch", "rescinded")), (1, 1));
    assert!(stage.is_too_late("ch", "ann"));
    assert_eq!(stage.undo("ch", "dee"), Err(Rejection::UndoTooLate), "there was no yes to take back");
    let silent = Command::Assign { position: rank("captain"), crew_id: id("bob"), reason: " ".into() };
    assert_eq!(stage.office(silent), Err(Rejection::NoReason));
    assert_eq!(stage.office(assign("bob", "captain")), Err(Rejection::AlreadyFilled));
}

#[test]
fn nobody_is_put_aboard_two_boats_at_once() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.book("other", 0);
    stage.start("other");
    stage.give("ch", &assign("ann", "captain")).expect("a mail that waits has nothing to win");
    let yes = stage.give("other", &Command::Accept(stage.offer("other", "ann")));
    assert!(matches!(yes, Err(Rejection::Overlap(_))), "faster than the offer is taken back: {yes:?}");
    stage.post();
    let twice = stage.give("other", &assign("ann", "captain"));
    assert!(matches!(twice, Err(Rejection::CannotSail(_, Reason::Assigned { .. }))), "{twice:?}");
}

#[test]
fn the_office_answers_for_someone_who_phoned() {
    let mut stage = asking();
    stage.by = Actor::Office("Pat Lane".into());
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Accepted);
    let yes = stage.events.iter().find(|event| matches!(event.fact, Fact::OfferAccepted { .. })).unwrap();
    assert_eq!(yes.by, Actor::Office("Pat Lane".into()), "the audit says whose word it is");
}

#[test]
fn whoever_is_put_aboard_while_being_asked_is_told_and_the_reason_is_kept() {
    for mail_is_out in [true, false] {
        let mut stage = Stage::new(&["ann captain", "bob captain"]);
        stage.book("ch", 0);
        stage.give("ch", &Command::Start).unwrap();
        if mail_is_out {
            stage.post();
        }
        stage.office(assign("ann", "captain")).unwrap();
        assert_eq!((stage.aboard("ch"), stage.sent("ch", "assigned")), (vec!["ann"], 1));
        assert_eq!(
            stage.sent("ch", "offer"),
            usize::from(mail_is_out),
            "no question to which the answer is known"
        );
        let reason = "agreed by phone";
        let kept = |fact: &Fact| matches!(fact, Fact::AskedAboard { reason: kept, .. } if kept == reason);
        assert!(stage.events.iter().any(|event| kept(&event.fact)));
        assert_eq!(stage.undo("ch", "ann"), Err(Rejection::UndoTooLate));
    }
}

#[test]
fn who_is_put_aboard_is_asked_for_no_other_sail_of_that_time() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand"]);
    stage.book("ch", 0);
    stage.book("other", 1);
    stage.start("other");
    stage.give("ch", &assign("ann", "captain")).unwrap();
    let plan = stage.plan("other");
    assert_eq!(plan.if_captain, None, "ann cannot say yes any more");
    stage.post();
    assert_eq!((stage.stands("other", "ann"), stage.asked("other")), (OfferState::Rescinded, vec!["bob"]));
    assert_eq!(stage.sent("other", "rescinded"), 1);
}

#[test]
fn whoever_lost_the_seat_to_a_faster_one_is_asked_for_the_next() {
    let mut stage = asking();
    stage.office(ask_now("bob")).unwrap();
    stage.accept("ch", "bob").unwrap();
    assert_eq!(stage.stands("ch", "ann"), OfferState::Rescinded);
    stage.undo("ch", "bob").unwrap();
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["ann"], "ann never had a say");
}

#[test]
fn a_captain_from_the_office_sets_an_exhausted_call_going() {
    let mut stage = Stage::new(&["ann captain", "dee captain away", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.state("ch").status(), CallStatus::Exhausted);
    stage.office(assign("dee", "captain")).unwrap();
    assert_eq!((stage.state("ch").status(), stage.asked("ch")), (CallStatus::Running, vec!["xan"]));
    stage.advance(7 * 24 * 60);
    assert_eq!(
        stage.sent("ch", "exhausted"),
        2,
        "the sail left a deckhand short, and the office hears of it"
    );
}

#[test]
fn more_time_counts_from_now_if_the_time_was_over_already() {
    let mut stage = asking();
    let hour = SignedDuration::from_hours(1);
    stage.sleep(130);
    // Nobody could answer: the offer is kept open.
    stage.outage = Some(Outage { from: stage.now - hour, until: stage.now });
    stage.advance(1);
    let offer = stage.state("ch").offer(stage.offer("ch", "ann")).unwrap().clone();
    assert!(offer.closes_at.unwrap() > stage.now && offer.reply_by.unwrap() < stage.now, "{offer:?}");
    let longer = |stage: &Stage| stage.state("ch").longer(&id("ann"), hour, &stage.policy, stage.now);
    let until = longer(&stage);
    assert!(until >= stage.now + hour);
    let past =
        Command::Extend { crew_id: id("ann"), until: offer.reply_by.unwrap() + SignedDuration::from_mins(5) };
    assert_eq!(stage.office(past), Err(Rejection::NotLonger));
    stage.office(Command::Extend { crew_id: id("ann"), until }).unwrap();
    stage.advance(60);
    stage.accept("ch", "ann").expect("within the hour");
}

#[test]
fn a_call_that_is_not_going_on_is_not_stepped_into() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("ch", 0);
    for command in [Command::Resume, Command::Stop, Command::AskAgain] {
        assert_eq!(stage.office(command), Err(Rejection::NotStarted));
    }
    stage.office(Command::Cancel).unwrap();
    for command in [Command::Pause, Command::Resume, Command::Stop, assign("ann", "captain"), ask_now("ann")]
    {
        assert_eq!(stage.office(command), Err(Rejection::Cancelled));
    }
}

#[test]
fn a_plan_says_who_had_their_turn_and_what_came_of_it() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain", "dee captain", "eve captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    stage.advance(130);
    stage.office(skip("dee")).unwrap();
    let plan = stage.plan("ch");
    let said: Vec<String> = plan
        .skipped
        .iter()
        .map(|skip| format!("{}: {}", skip.skipped.crew_id, skip.skipped.reasons[0]))
        .collect();
    assert_eq!(
        said,
        [
            "ann: said no in this round",
            "bob: did not answer in this round",
            "dee: skipped by the office; what happened says why",
        ]
    );
    let asks: Vec<&str> = plan.asks.iter().map(|ask| ask.crew_id.as_str()).collect();
    assert_eq!(asks, ["cid", "eve"]);
}

#[test]
fn somebody_aboard_is_not_asked_for_a_second_seat() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 2);
    stage.start("ch");
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "xan").unwrap();
    assert_eq!(stage.office(ask_now("xan")), Err(Rejection::Aboard(id("xan"))));
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann", "xan"], vec!["yul"]));
}

#[test]
fn asked_again_twice_it_is_once_whatever_became_of_the_captains() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    stage.accept("ch", "bob").unwrap();
    stage.decline("ch", "xan").unwrap();
    stage.give("ch", &Command::AskAgain).unwrap();
    let facts = stage.state("ch").facts;
    stage.give("ch", &Command::AskAgain).unwrap();
    assert_eq!(stage.state("ch").facts, facts);
}

#[test]
fn whoever_was_asked_after_a_skip_can_be_skipped_again() {
    let mut stage = asking();
    stage.office(skip("ann")).unwrap();
    stage.office(ask_now("ann")).unwrap();
    assert_eq!(stage.asked("ch"), ["bob", "ann"]);
    stage.office(skip("ann")).unwrap();
    assert_eq!(stage.asked("ch"), ["bob"]);
}
