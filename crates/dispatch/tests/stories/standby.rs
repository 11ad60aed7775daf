//! A yes that comes too late.

use crewcall_dispatch::cascade::{CallStatus, Command, OfferState, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::policy::LateYes;

use crate::stage::Stage;

/// Ann did not answer in time, and bob is asked.
fn late() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cat captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.advance(130);
    assert_eq!((stage.stands("ch", "ann"), stage.asked("ch")), (OfferState::Expired, vec!["bob"]));
    stage
}

fn standing_by(stage: &Stage) -> Vec<&str> {
    stage.state("ch").standing_by().map(|offer| offer.crew_id.as_str()).collect()
}

fn press(
    stage: &mut Stage,
    who: &str,
    command: fn(crewcall_dispatch::cascade::OfferNo) -> Command,
) -> Result<(), Rejection> {
    let offer = stage.offer("ch", who);
    let answer = stage.give("ch", &command(offer));
    stage.post();
    answer
}

#[test]
fn a_late_yes_stands_by_wins_nothing_and_is_told_to_the_office_once() {
    let mut stage = late();
    stage.accept("ch", "ann").unwrap();
    stage.accept("ch", "ann").unwrap();
    assert_eq!((standing_by(&stage), stage.stands("ch", "ann")), (vec!["ann"], OfferState::Expired));
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec![], vec!["bob"]));
    assert_eq!(stage.sent("ch", "standby"), 1);
    let assign = Command::Assign {
        position: "captain".parse().unwrap(),
        crew_id: "ann".parse().unwrap(),
        reason: "stood by".into(),
    };
    stage.give("ch", &assign).unwrap();
    stage.post();
    assert_eq!(
        (stage.aboard("ch"), standing_by(&stage), stage.stands("ch", "bob")),
        (vec!["ann"], vec![], OfferState::Rescinded)
    );
}

#[test]
fn a_yes_a_moment_late_is_late_though_nobody_has_looked_since() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.sleep(122);
    stage.accept("ch", "ann").unwrap();
    assert_eq!((standing_by(&stage), stage.asked("ch")), (vec!["ann"], vec!["bob"]));
}

/// Both links are of the same sail, and ann had not answered in either round.
#[test]
fn whoever_says_so_by_two_links_stands_by_once() {
    let mut stage = late();
    let first = stage.offer("ch", "ann");
    stage.office(Command::Stop).unwrap();
    stage.office(Command::AskAgain).unwrap();
    assert_eq!(stage.asked("ch"), ["ann"]);
    stage.advance(130);
    let second = stage.offer("ch", "ann");
    assert_ne!(first, second);
    for no in [first, second, first] {
        stage.give("ch", &Command::Accept(no)).unwrap();
        stage.post();
        assert_eq!((standing_by(&stage), stage.sent("ch", "standby")), (vec!["ann"], 1));
    }
    stage.office(Command::Cancel).unwrap();
    assert_eq!((stage.sent("ch", "cancelled"), stage.sent("ch", "cancelled-office")), (2, 1), "ann and bob");
}

/// More than one commit has room for, among mails for everyone aboard.
#[test]
fn of_very_many_who_stand_by_the_first_are_told_that_the_charter_is_off() {
    let many: Vec<String> = (0..limits::STANDBYS_TOLD + 3).map(|n| format!("cap{n:02} captain")).collect();
    let mut stage = Stage::new(&many.iter().map(String::as_str).collect::<Vec<_>>());
    stage.book_at("ch", "2026-07-07T12:00:00Z".parse().unwrap(), &[]);
    stage.start("ch");
    for _ in 0..limits::STANDBYS_TOLD + 2 {
        stage.advance(130);
    }
    for n in 0..limits::STANDBYS_TOLD + 2 {
        stage.accept("ch", &format!("cap{n:02}")).unwrap();
    }
    assert_eq!(standing_by(&stage).len(), limits::STANDBYS_TOLD + 2);
    stage.office(Command::Cancel).unwrap();
    assert_eq!(stage.sent("ch", "cancelled"), limits::STANDBYS_TOLD + 1, "and the one who was being asked");
}

#[test]
fn after_the_seat_is_filled_the_person_stays_recorded_as_willing() {
    let mut stage = late();
    stage.accept("ch", "bob").unwrap();
    stage.accept("ch", "ann").unwrap();
    assert_eq!((standing_by(&stage), stage.sent("ch", "standby")), (vec!["ann"], 0));
    assert_eq!((stage.aboard("ch"), stage.state("ch").status()), (vec!["bob"], CallStatus::Filled));
}

#[test]
fn by_policy_the_seat_goes_to_whoever_stands_by_before_anybody_else_is_asked() {
    let mut stage = late();
    stage.policy.late_yes = LateYes::Take;
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.asked("ch"), ["bob"], "bob has his time");
    stage.decline("ch", "bob").unwrap();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann"], vec![]));
    assert_eq!((stage.sent("ch", "assigned"), stage.sent("ch", "standby")), (1, 0));
    // And again when the seat is empty once more.
    let mut stage = late();
    stage.policy.late_yes = LateYes::Take;
    stage.accept("ch", "bob").unwrap();
    stage.accept("ch", "ann").unwrap();
    stage.sleep(11);
    press(&mut stage, "bob", Command::DropOut).unwrap();
    assert_eq!((stage.aboard("ch"), stage.stands("ch", "bob")), (vec!["ann"], OfferState::Released));
}

#[test]
fn whoever_is_bound_elsewhere_cannot_stand_by_nor_be_taken() {
    let mut stage = late();
    stage.policy.late_yes = LateYes::Take;
    stage.book("other", 0);
    stage.accept("ch", "ann").unwrap();
    stage.start("other");
    stage.accept("other", "ann").unwrap();
    stage.decline("ch", "bob").unwrap();
    assert_eq!(stage.asked("ch"), ["cat"]);
    let mut stage = late();
    stage.book("other", 0);
    stage.start("other");
    stage.accept("other", "ann").unwrap();
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::Overlap("other".parse().unwrap())));
}

#[test]
fn who_said_no_may_think_better_of_it_by_the_button_for_that_alone() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::AlreadyDeclined), "an old page sent again");
    press(&mut stage, "ann", Command::StandBy).unwrap();
    assert_eq!(standing_by(&stage), ["ann"]);
    stage.decline("ch", "ann").unwrap();
    assert!(standing_by(&stage).is_empty());
    press(&mut stage, "ann", Command::StandBy).unwrap();
    press(&mut stage, "ann", Command::DropOut).unwrap();
    assert!(standing_by(&stage).is_empty());
}

#[test]
fn a_yes_to_a_sail_that_has_changed_or_is_off_is_none() {
    let mut stage = late();
    stage.accept("ch", "ann").unwrap();
    let from = Box::new(stage.state("ch").charter.clone());
    let mut to = from.clone();
    to.dock = "pier 4".into();
    stage.give("ch", &Command::Change { from, to }).unwrap();
    assert!(standing_by(&stage).is_empty());
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::Expired));
    let mut stage = late();
    stage.give("ch", &Command::Cancel).unwrap();
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::Cancelled));
    let mut stage = late();
    stage.accept("ch", "ann").unwrap();
    stage.give("ch", &Command::Cancel).unwrap();
    for _ in 0..2 {
        assert_eq!(press(&mut stage, "ann", Command::Decline), Err(Rejection::Cancelled));
    }
    assert_eq!((stage.sent("ch", "cancelled"), stage.sent("ch", "cancelled-office")), (2, 1));
    let mut stage = late();
    stage.give("ch", &Command::Stop).unwrap();
    stage.sleep(60 * 24 * 7);
    assert_eq!(stage.accept("ch", "ann"), Err(Rejection::Departed));
}

#[test]
fn whoever_changes_their_mind_again_and_again_is_heard_so_many_times() {
    let mut stage = late();
    for _ in 0..limits::REMARKS {
        press(&mut stage, "ann", Command::StandBy).unwrap();
        press(&mut stage, "ann", Command::Decline).unwrap();
    }
    assert_eq!(press(&mut stage, "ann", Command::StandBy), Err(Rejection::TooManyRemarks));
    assert_eq!(stage.sent("ch", "standby"), limits::REMARKS as usize);
}

#[test]
fn whoever_sails_no_more_does_not_stand_by_though_they_have_old_links() {
    let mut stage = late();
    stage.leaves("ann");
    assert_eq!(press(&mut stage, "ann", Command::StandBy), Err(Rejection::NotOnRoster));
    assert_eq!((standing_by(&stage), stage.sent("ch", "standby")), (vec![], 0));
}

#[test]
fn whom_the_office_skipped_it_does_not_want_to_stand_by() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.decline("ch", "ann").unwrap();
    let skip = |who: &str| Command::Skip { crew_id: who.parse().unwrap(), reason: "ill".into() };
    stage.give("ch", &skip("bob")).unwrap();
    assert_eq!(press(&mut stage, "bob", Command::StandBy), Err(Rejection::Rescinded));
}

#[test]
fn nor_is_it_given_the_seat_though_it_stood_by_before() {
    let mut stage = late();
    stage.policy.late_yes = LateYes::Take;
    stage.accept("ch", "ann").unwrap();
    stage.give("ch", &Command::AskAgain).unwrap();
    stage.post();
    let skip = Command::Skip { crew_id: "ann".parse().unwrap(), reason: "ill".into() };
    stage.give("ch", &skip).unwrap();
    stage.post();
    stage.decline("ch", "bob").unwrap();
    assert!(stage.aboard("ch").is_empty(), "{:?}", stage.aboard("ch"));
}

#[test]
fn who_is_asked_anew_answers_that() {
    let mut stage = late();
    stage.accept("ch", "ann").unwrap();
    stage.give("ch", &Command::AskNow { crew_id: "ann".parse().unwrap() }).unwrap();
    stage.post();
    assert!(standing_by(&stage).is_empty());
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.aboard("ch"), ["ann"]);
}

#[test]
fn a_seat_that_somebody_had_by_standing_by_is_offered_to_nobody_else() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cat captain", "dan captain"]);
    (stage.policy.late_yes, stage.policy.ask_at_once) = (LateYes::Take, 3);
    // So near that there is no time to ask everyone in turn.
    stage.book_at("ch", "2026-06-27T12:00:00Z".parse().unwrap(), &[]);
    stage.now = "2026-06-27T10:20:00Z".parse().unwrap();
    stage.start("ch");
    let asked: Vec<String> = stage.asked("ch").into_iter().map(str::to_owned).collect();
    assert!(asked.len() > 1, "{asked:?}");
    stage.decline("ch", "ann").unwrap();
    press(&mut stage, "ann", Command::StandBy).unwrap();
    stage.accept("ch", "bob").unwrap();
    let offer = stage.offer("ch", "bob");
    stage.sleep(11);
    stage.give("ch", &Command::DropOut(offer)).unwrap();
    stage.post();
    assert_eq!((stage.aboard("ch"), stage.asked("ch")), (vec!["ann"], vec![]));
}
