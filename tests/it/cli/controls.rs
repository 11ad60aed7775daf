//! `crewcall call pause`, `skip`, `assign` and the others: the office steps in.

use super::Home;
use super::home::CHARTER;

/// Two captains, three deckhands.
const ROSTER: &str = r#"[
  { "crew_id": "ann", "name": "Ann Alder", "rank": "captain", "email": "ann@example.com",
    "availability": { "2099-06-27": "available" }, "cascade_order": 1 },
  { "crew_id": "ben", "name": "Ben Birch", "rank": "captain", "email": "ben@example.com",
    "availability": { "2099-06-27": "available" }, "cascade_order": 2 },
  { "crew_id": "xan", "name": "Xan Yew", "rank": "deckhand", "email": "xan@example.com",
    "availability": { "2099-06-27": "available" }, "cascade_order": 1 },
  { "crew_id": "yul", "name": "Yul Oak", "rank": "deckhand", "email": "yul@example.com",
    "availability": { "2099-06-27": "unavailable" }, "cascade_order": 2 } ]"#;

/// The call is started, and the first captain's mail is out.
fn asking() -> Home {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    home.feed(&["charter", "add"], CHARTER).done();
    call(&home, &["start"]);
    home.run(&["tick"]).done();
    home
}

fn call(home: &Home, args: &[&str]) -> String {
    let mut all = vec!["call", args[0], "charter_5678"];
    all.extend(&args[1..]);
    home.run(&all).done()
}

fn refused(home: &Home, args: &[&str]) -> String {
    let mut all = vec!["call", args[0], "charter_5678"];
    all.extend(&args[1..]);
    home.run(&all).failed(1)
}

fn status(home: &Home) -> serde_json::Value {
    home.run(&["charter", "show", "charter_5678", "--json"]).json()["status"].clone()
}

#[test]
fn a_call_is_paused_stopped_and_goes_on() {
    let home = asking();
    call(&home, &["pause"]);
    assert_eq!(status(&home), "paused");
    call(&home, &["resume"]);
    assert_eq!(status(&home), "running");
    let said = call(&home, &["stop"]);
    assert!(said.contains("taken back"), "{said}");
    call(&home, &["again"]);
    assert_eq!(status(&home), "running");
    let audit = home.run(&["audit", "charter_5678"]).done();
    for line in ["the call rests", "the call goes on", "the call was stopped", "the call began"] {
        assert!(audit.contains(line), "{line:?} is not in\n{audit}");
    }
}

#[test]
fn what_a_change_would_do_is_shown_before_and_changes_nothing() {
    let home = asking();
    let before = home.data();
    let said = call(&home, &["skip", "ann", "--reason", "rang in sick", "--dry-run", "--by", "Pat Lane"]);
    let (as_it_is, with) = said.split_once("With this change").expect("both");
    assert!(as_it_is.contains("Ann Alder") && as_it_is.contains("Ben Birch"), "{said}");
    let (asked, not_asked) = with.split_once("Not asked:").expect("Ann is passed over");
    let (at_once, asked) = asked.split_once("If nobody answers").expect("what comes");
    assert!(at_once.contains("the offer of captain 1 to Ann Alder was taken back"), "{said}");
    assert!(at_once.contains("mail to Ben Birch handed over; reply by"), "{said}");
    assert!(asked.contains("Ben Birch") && !asked.contains("Ann Alder"), "{said}");
    assert!(not_asked.contains("Ann Alder  skipped by the office"), "{said}");
    assert!(as_it_is.contains("Yul Oak  unavailable on 2099-06-27 (roster)"), "{said}");
    let args = ["call", "skip", "charter_5678", "ann", "--reason", "x", "--dry-run", "--json"];
    let json = home.run(&args).json();
    assert_eq!(json["before"]["asks"][0]["crew_id"], "ann");
    assert_eq!(json["after"]["asks"][0]["crew_id"], "ben");
    assert_eq!(home.data(), before);
}

#[test]
fn a_call_is_prepared_before_the_first_mail_leaves() {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    home.feed(&["charter", "add"], CHARTER).done();
    call(&home, &["skip", "ann", "--reason", "rang in sick"]);
    assert_eq!(status(&home), "paused");
    let plan = call(&home, &["plan"]);
    let (asked, not_asked) = plan.split_once("Not asked:").expect("both lists");
    assert!(asked.contains("went on now") && asked.contains("Ben Birch"), "{plan}");
    assert!(!asked.contains("Ann Alder") && not_asked.contains("Ann Alder"), "{plan}");
    let said = call(&home, &["resume"]);
    assert!(said.contains("Ben Birch is asked") && !said.contains("Ann"), "{said}");
}

#[test]
fn the_list_says_which_charter_needs_the_office_and_the_charter_why() {
    let home = asking();
    // Nobody could sail as the second deckhand.
    home.run(&["charter", "reschedule", "charter_5678", "--seat", "deckhand=1"]).done();
    call(&home, &["answer", "ann", "yes"]);
    let list = home.run(&["charter", "list"]).done();
    assert!(!list.contains("needs you"), "{list}");
    home.write("roster.json", ROSTER.replacen("\"available\"", "\"unavailable\"", 1));
    home.run(&["roster", "import", "roster.json"]).done();
    home.run(&["tick"]).done();
    let list = home.run(&["charter", "list"]).done();
    assert!(list.contains("asking, needs you"), "{list}");
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    let needs = "Needs you  Ann Alder, aboard as captain 1: unavailable on 2099-06-27 (roster)";
    assert!(shown.contains(needs), "{shown}");
    // Whoever stands in is looked at before they are put aboard.
    home.run(&["charter", "reschedule", "charter_5678", "--seat", "deckhand=2"]).done();
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(shown.contains("Needs you  nobody is left to ask for deckhand"), "{shown}");
    let args = ["assign", "yul", "--reason", "x", "--dry-run"];
    let said = call(&home, &args);
    assert!(said.contains("Yul Oak was put aboard as deckhand 2: x; to look at: unavailable"), "{said}");
}

#[test]
fn people_are_skipped_asked_now_given_time_and_put_in_order() {
    let home = asking();
    let said = call(&home, &["extend", "ann", "90min"]);
    assert!(said.contains("Ann Alder is asked until"), "{said}");
    call(&home, &["now", "ben", "--by", "Pat Lane"]);
    let said = refused(&home, &["reorder", "captain", "ben"]);
    assert!(said.contains("ben is not among those who are still to be asked"), "{said}");
    call(&home, &["skip", "ann", "--reason", "rang in sick"]);
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(audit.contains("skipped by the office: rang in sick"), "{audit}");
    assert!(audit.contains("office (Pat Lane)") && audit.contains("to answer"), "{audit}");
    call(&home, &["answer", "ben", "yes"]);
    call(&home, &["assign", "yul", "--reason", "can come after all"]);
    let said = call(&home, &["answer", "xan", "yes"]);
    assert!(said.contains("crewed"), "{said}");
    home.run(&["tick"]).done();
    let list = home.run(&["charter", "show", "charter_5678", "--json"]).json();
    assert_eq!(list["status"], "filled");
}

#[test]
fn who_is_aboard_drops_out_comes_back_and_is_released() {
    let home = asking();
    call(&home, &["assign", "ann", "--reason", "agreed by phone"]);
    let said = call(&home, &["answer", "ann", "no"]);
    assert!(
        said.contains("; Ann Alder dropped out") && said.contains("responsible until somebody else"),
        "{said}"
    );
    let said = refused(&home, &["now", "ann"]);
    assert!(said.contains("ann dropped out and is responsible"), "{said}");
    let said = call(&home, &["answer", "ann", "yes"]);
    assert!(!said.contains("dropped out"), "{said}");
    call(&home, &["release", "ann", "--reason", "has another job"]);
    let said = refused(&home, &["release", "ben", "--reason", "x"]);
    assert!(said.contains("ben is not aboard"), "{said}");
    let audit = home.run(&["audit", "charter_5678"]).done();
    for line in
        ["Ann Alder dropped out as captain 1", "after all", "was released as captain 1: has another job"]
    {
        assert!(audit.contains(line), "{line:?} is not in\n{audit}");
    }
}

#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let home = asking();
    for (args, says) in [
        (&["extend", "ann", "9999999h"][..], "the sail has left by then"),
        (&["extend", "ben", "1h"], "ben is not being asked at present"),
        (&["now", "xan"], "before the captain is aboard"),
        (&["now", "zoe"], "zoe cannot sail: no longer on the roster"),
        (&["assign", "zoe", "--reason", "x"], "zoe is not on the roster"),
        (&["assign", "ann", "--position", "host", "--reason", "x"], "ann is being asked as captain"),
        (&["answer", "zoe", "yes"], "whoever sails can be assigned"),
        (&["skip", "yul", "--reason", "x"], "still to be asked; `crewcall call plan` shows who is"),
    ] {
        let before = home.data();
        let said = refused(&home, args);
        assert!(said.contains(says), "{args:?}: {said}");
        assert_eq!(home.data(), before);
    }
    for args in [
        &["call", "skip", "charter_5678", "ann"][..],
        &["call", "skip", "charter_5678", "ann", "--reason", " "],
        &["call", "extend", "charter_5678", "ann", "soon"],
        &["call", "answer", "charter_5678", "ann", "maybe"],
    ] {
        home.run(args).failed(2);
    }
}

#[test]
fn a_start_and_a_cancellation_can_be_looked_at_before_and_have_a_name() {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    home.feed(&["charter", "add"], CHARTER).done();
    let before = home.data();
    let nobody = [("USER", "")];
    let start = ["call", "start", "charter_5678", "--dry-run"];
    let said = home.run_with(&start, &nobody, b"").done();
    assert!(said.contains("Ann Alder was asked for captain 1"), "{said}");
    assert_eq!(home.data(), before);
    call(&home, &["start", "--by", "Pat Lane"]);
    let cancel = ["charter", "cancel", "charter_5678", "--by", "Pat Lane"];
    let said = home.run(&[&cancel[..], &["--dry-run"]].concat()).done();
    assert!(said.contains("the offer of captain 1 to Ann Alder was taken back"), "{said}");
    assert_eq!(status(&home), "running");
    home.run(&cancel).done();
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert_eq!(audit.matches("office (Pat Lane)").count(), 2, "{audit}");
}
