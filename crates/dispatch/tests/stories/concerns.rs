//! What the office has to see to, and how it is settled.

use crewcall_dispatch::cascade::{Actor, CallStatus, Command, Concern, Notice, OfferState, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::policy::{DropOuts, LateYes, Undeliverable};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use crate::changes::{by_hours, change, changed, other_dock};
use crate::controls::assign;
use crate::leaving::drop_out;
use crate::stage::Stage;

impl Stage {
    fn concerns(&self) -> Vec<String> {
        let said = |concern| match concern {
            Concern::CannotBegin(reason) => format!("cannot begin: {reason}"),
            Concern::NobodyAsked(status) => format!("nobody asked: {status}"),
            Concern::NobodyLeft(position) => format!("nobody left: {position}"),
            Concern::Urgent(position) => format!("urgent: {position}"),
            Concern::DroppedOut(offer) => format!("dropped out: {}", offer.crew_id),
            Concern::Standby(offer) => format!("stands by: {}", offer.crew_id),
            Concern::Conflict(offer) => format!("conflict: {}", offer.crew_id),
            Concern::Unconfirmed(offer) => format!("unconfirmed: {}", offer.crew_id),
            Concern::NotTold(offer) => format!("not told: {}", offer.crew_id),
            Concern::Undeliverable(offer) => format!("undeliverable: {}", offer.crew_id),
        };
        self.concerns_of("ch").into_iter().map(said).collect()
    }

    pub(crate) fn by_office(&mut self, command: &Command) -> Result<(), Rejection> {
        self.by = Actor::Office("Pat".into());
        let answer = self.give("ch", command);
        self.by = Actor::Crewcall;
        self.post();
        answer
    }

    fn recheck(&mut self) {
        self.give("ch", &Command::Recheck).unwrap();
        self.post();
    }

    fn is_checked(&mut self, gates: &[(Gate, Severity)]) {
        let mut all: std::collections::BTreeMap<Gate, Severity> =
            Gate::ALL.map(|gate| (gate, Severity::Off)).into();
        all.extend(gates.iter().copied());
        self.policy.vessels = vec![Vessel {
            name: "America".into(),
            inspected: false,
            complement: Vec::new(),
            credentials: Vec::new(),
            gates: all,
        }];
    }
}

#[test]
fn a_sail_that_leaves_soon_and_for_which_nobody_is_asked_is_named() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("ch", 0);
    assert_eq!(stage.concerns(), [""; 0], "there is time");
    let departs_at = stage.state("ch").charter.departs_at;
    let soon = |hours: i64| departs_at - jiff::SignedDuration::from_hours(hours);
    stage.now = soon(limits::SOON_HOURS + 1);
    assert_eq!(stage.concerns(), [""; 0]);
    stage.now = soon(limits::SOON_HOURS);
    assert_eq!(stage.concerns(), ["nobody asked: draft"]);
    stage.by_office(&Command::Start).unwrap();
    assert_eq!(stage.concerns(), [""; 0], "somebody is asked");
    stage.by_office(&Command::Pause).unwrap();
    assert_eq!(stage.concerns(), ["nobody asked: paused"]);
    stage.by_office(&assign("ann", "captain")).unwrap();
    assert_eq!(stage.concerns(), [""; 0], "everyone is aboard");
    stage.by_office(&Command::Cancel).unwrap();
    assert_eq!(stage.concerns(), [""; 0], "it is off");
}

/// Seven guests, and the boat has no certificate of inspection.
#[test]
fn a_charter_that_cannot_be_called_is_named_until_it_can_or_has_left() {
    let mut stage = Stage::new(&["ann captain"]);
    stage.book("ch", 0);
    change(&mut stage, |charter| charter.guests = 7).unwrap();
    stage.is_checked(&[(Gate::Certificate, Severity::Block)]);
    assert_eq!(stage.concerns().len(), 1);
    assert!(stage.concerns()[0].starts_with("cannot begin: "));
    let (policy, now) = (stage.policy.clone(), stage.now);
    stage.is_checked(&[(Gate::Certificate, Severity::Warn)]);
    assert!(stage.concerns().is_empty());
    stage.policy = policy;
    stage.now = stage.state("ch").charter.departs_at;
    assert!(stage.concerns().is_empty(), "nothing can be done any more");
    stage.now = now;
    assert_eq!(stage.concerns().len(), 1);
}

/// There is one deckhand for two seats: that is plain before he answers.
#[test]
fn a_seat_for_which_there_is_nobody_is_named_while_others_are_asked() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand away"]);
    stage.book("ch", 2);
    stage.start("ch");
    assert!(stage.concerns().is_empty(), "without a captain nobody of the crew is asked");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(
        (stage.asked("ch"), stage.concerns()),
        (vec!["xan"], vec!["nobody left: deckhand".to_owned()])
    );
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    for charter in ["other", "ch"] {
        stage.book(charter, 1);
        stage.start(charter);
    }
    stage.yes("other", "ann").unwrap();
    stage.yes("ch", "bob").unwrap();
    stage.decline("ch", "yul").unwrap();
    assert!(stage.concerns().is_empty(), "xan is asked elsewhere, and may be free soon");
}

/// Of the mates there is none, and the office knows: that hides nothing of the deckhands.
#[test]
fn one_position_that_ran_dry_hides_nothing_of_another() {
    let mut stage = Stage::new(&["ann captain", "xan deckhand", "yul deckhand"]);
    stage.sleep(60 * 24 * 7 - 65);
    stage.book_crew("ch", &[("mate", 1), ("deckhand", 1)]);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    assert_eq!(stage.concerns(), ["nobody left: mate", "urgent: deckhand"]);
    stage.decline("ch", "xan").unwrap();
    stage.decline("ch", "yul").unwrap();
    assert_eq!(stage.concerns(), ["nobody left: mate", "nobody left: deckhand"]);
}

/// A new captain has those asked again who did not answer, and nobody who said no.
#[test]
fn that_nobody_is_left_stays_so_while_the_captain_is_looked_for_where_everyone_said_no() {
    for said_no in [true, false] {
        let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand"]);
        stage.book("ch", 1);
        stage.start("ch");
        stage.yes("ch", "ann").unwrap();
        if said_no {
            stage.decline("ch", "xan").unwrap()
        } else {
            stage.advance(130)
        }
        assert_eq!(stage.concerns(), ["nobody left: deckhand"]);
        stage.sleep(11);
        drop_out(&mut stage, "ann").unwrap();
        let stands: &[&str] = if said_no { &["nobody left: deckhand"] } else { &[] };
        assert_eq!(stage.concerns(), stands);
    }
}

/// By whatever word, and whether or not they are held responsible.
#[test]
fn whoever_leaves_late_is_named_until_somebody_has_the_seat() {
    for way in ["no to a change", "within the undo window", "free", "responsible"] {
        let mut stage = ann_aboard();
        stage.policy.drop_out_cutoff = jiff::SignedDuration::from_hours(24 * 14);
        match way {
            "no to a change" => change(&mut stage, other_dock).unwrap(),
            "within the undo window" => {}
            _ => stage.sleep(11),
        }
        stage.policy.drop_outs = if way == "free" { DropOuts::Free } else { DropOuts::Responsible };
        drop_out(&mut stage, "ann").unwrap();
        assert!(stage.concerns().contains(&"dropped out: ann".to_owned()), "{way}: {:?}", stage.concerns());
        stage.yes("ch", "bob").unwrap();
        assert!(!stage.concerns().contains(&"dropped out: ann".to_owned()), "{way}");
    }
}

#[test]
fn time_that_runs_out_a_late_drop_out_and_a_late_yes_need_the_office() {
    let mut stage = Stage::new(&["ann captain", "bob captain", "cid captain"]);
    stage.sleep(60 * 24 * 7 - 55);
    stage.book("ch", 0);
    stage.start("ch");
    assert_eq!(stage.concerns(), ["urgent: captain"]);
    stage.yes("ch", "ann").unwrap();
    assert!(stage.concerns().is_empty());
    stage.sleep(11);
    drop_out(&mut stage, "ann").unwrap();
    assert_eq!(stage.concerns(), ["urgent: captain", "dropped out: ann"]);
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.book("ch", 0);
    stage.start("ch");
    stage.advance(130);
    stage.accept("ch", "ann").unwrap();
    assert_eq!(stage.concerns(), ["stands by: ann"]);
    stage.policy.late_yes = LateYes::Take;
    assert!(stage.concerns().is_empty(), "by the settings it is taken when bob has had his time");
    stage.policy.late_yes = LateYes::Office;
    stage.yes("ch", "bob").unwrap();
    assert!(stage.concerns().is_empty());
}

/// Ann is aboard, and the deckhand is being asked.
fn ann_aboard() -> Stage {
    let mut stage = Stage::new(&["ann captain", "bob captain", "xan deckhand", "yul deckhand"]);
    stage.book("ch", 1);
    stage.start("ch");
    stage.yes("ch", "ann").unwrap();
    stage
}

fn set_aside(gate: Gate) -> Command {
    Command::Override { gate, crew_id: Some("ann".parse().unwrap()), reason: "papers seen".into() }
}

#[test]
fn a_conflict_ends_when_its_rule_is_set_aside() {
    let mut stage = ann_aboard();
    stage.is_checked(&[(Gate::License, Severity::Block)]);
    stage.recheck();
    assert_eq!(stage.concerns(), ["conflict: ann"]);
    assert!(
        matches!(stage.by_office(&assign("ann", "captain")), Err(Rejection::CannotSail(..))),
        "not past a rule"
    );
    stage.by_office(&set_aside(Gate::License)).unwrap();
    assert!(stage.concerns().is_empty());
    assert_eq!(stage.state("ch").offers[0].warnings.len(), 1, "there is still something to look at");
}

#[test]
fn what_the_settings_only_warn_of_is_no_conflict_and_does_not_become_one() {
    let mut stage = ann_aboard();
    stage.is_checked(&[(Gate::DrugProgram, Severity::Warn)]);
    stage.recheck();
    assert!(stage.concerns().is_empty());
    stage.says("ann", "unavailable");
    stage.recheck();
    assert_eq!(stage.concerns(), ["conflict: ann"]);
    assert_eq!(stage.state("ch").offers[0].conflicts.len(), 1);
    stage.says("ann", "available");
    stage.recheck();
    assert!(stage.concerns().is_empty());
}

#[test]
fn the_office_says_that_somebody_stays_all_the_same() {
    for phoned in [false, true] {
        let mut stage = ann_aboard();
        stage.says("ann", "unavailable");
        stage.recheck();
        let stays = match phoned {
            false => assign("ann", "captain"),
            true => Command::answer(stage.state("ch"), &"ann".parse().unwrap(), true).unwrap(),
        };
        stage.by_office(&stays).unwrap();
        assert!(stage.concerns().is_empty());
        let facts = stage.state("ch").facts;
        stage.by_office(&assign("ann", "captain")).expect("given twice it is the same");
        stage.recheck();
        assert_eq!((stage.state("ch").facts, stage.sent("ch", "conflict")), (facts, 1), "it is known");
    }
}

#[test]
fn a_change_of_which_somebody_aboard_cannot_be_told_is_a_concern_until_they_are() {
    let mut stage = ann_aboard();
    stage.outdated_only();
    let change = changed(&stage, other_dock);
    stage.give("ch", &change).unwrap();
    assert!(stage.concerns().is_empty(), "the mail is on its way");
    let notice = Notice::Changed { offer: stage.offer("ch", "ann"), revision: stage.state("ch").revision };
    stage.give("ch", &Command::MailRefused { notice, error: "550".into(), email: None }).unwrap();
    assert_eq!(stage.concerns(), ["not told: ann"]);
    let change = changed(&stage, |charter| charter.dock = "pier 5".into());
    stage.give("ch", &change).unwrap();
    assert!(stage.concerns().is_empty(), "another mail is on its way");
    let (offer, revision) = (stage.offer("ch", "ann"), stage.state("ch").revision);
    stage.give("ch", &Command::Confirm { offer, revision }).unwrap();
    assert!(stage.concerns().is_empty());
}

#[test]
fn a_call_that_rests_because_mail_was_refused_is_a_concern() {
    let mut stage = Stage::new(&["ann captain", "bob captain"]);
    stage.policy.undeliverable = Undeliverable::Pause;
    stage.book("ch", 0);
    stage.give("ch", &Command::Start).unwrap();
    let notice = Notice::Offer { offer: stage.offer("ch", "ann") };
    stage.give("ch", &Command::MailRefused { notice, error: "550".into(), email: None }).unwrap();
    assert_eq!(stage.concerns(), ["undeliverable: ann"]);
    stage.sleep(1);
    stage.by_office(&Command::Resume).unwrap();
    assert!(stage.concerns().is_empty());
    stage.sleep(1);
    stage.by_office(&Command::Pause).unwrap();
    assert!(stage.concerns().is_empty(), "that was the office itself");
}

/// Whether the timer came at departure or not.
#[test]
fn a_call_that_rests_does_so_though_its_boat_leaves_later_than_planned() {
    for looked in [false, true] {
        let mut stage = Stage::new(&["ann captain", "bob captain"]);
        stage.book("ch", 0);
        stage.by_office(&Command::Pause).unwrap();
        let departs_at = stage.state("ch").charter.departs_at;
        let minutes = departs_at.duration_since(stage.now).as_mins() + 10;
        if looked {
            stage.advance(minutes)
        } else {
            stage.sleep(minutes)
        };
        assert_eq!(stage.sent("ch", "exhausted"), usize::from(looked));
        change(&mut stage, |charter| by_hours(charter, 6)).unwrap();
        assert_eq!((stage.state("ch").status(), stage.asked("ch").len()), (CallStatus::Paused, 0));
        stage.by_office(&Command::Resume).unwrap();
        assert_eq!((stage.asked("ch"), stage.stands("ch", "ann")), (vec!["ann"], OfferState::Sent));
    }
}
