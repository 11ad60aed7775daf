//! `crewcall charter`, `call`, `tick` and `audit`: a charter from its booking on.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::Home;
use super::home::{CHARTER, ROSTER, SETTINGS};

const BY_FLAGS: [&str; 22] = [
    "charter",
    "add",
    "--id",
    "charter_5678",
    "--vessel",
    "America",
    "--departs",
    "2099-06-27T16:00",
    "--returns",
    "2099-06-27T19:00",
    "--call-time",
    "2099-06-27T15:15",
    "--dock",
    "Shelter Island, pier 3",
    "--guests",
    "6",
    "--revenue",
    "1450.00",
    "--seat",
    "deckhand=2",
    "--seat",
    "captain=1",
];

#[test]
fn flags_and_json_book_the_same_charter() {
    let by_flags = Home::new();
    let said = by_flags.run(&BY_FLAGS).done();
    assert!(said.contains("Sat 27 Jun 2099, 16:00 PDT") && said.contains("deckhand 2"), "{said}");
    let by_json = Home::new();
    by_json.feed(&["charter", "add"], CHARTER).done();
    let charter = |home: &Home| home.run(&["charter", "show", "charter_5678", "--json"]).json();
    assert_eq!(charter(&by_flags), charter(&by_json));
    assert_eq!(charter(&by_json)["status"], "draft");

    // The same booking again changes nothing; another one under the same id is refused.
    let before = by_json.data();
    by_json.feed(&["charter", "add", "--json"], CHARTER).json();
    let said = by_json.feed(&["charter", "add"], CHARTER.replace("America", "Bounty")).failed(1);
    assert!(said.contains("charter_5678 exists already and differs"), "{said}");
    assert_eq!(by_json.data(), before);
}

#[test]
fn charters_are_listed_by_departure() {
    let home = Home::with_charter();
    home.feed(
        &["charter", "add"],
        CHARTER.replace("charter_5678", "earlier").replace("2099-06-27", "2098-06-27"),
    )
    .done();
    let listed = home.run(&["charter", "list"]).done();
    let ids: Vec<&str> = listed.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(ids, ["earlier", "charter_5678"]);
    let listed = home.run(&["charter", "list", "--all", "--json"]).json();
    assert_eq!(
        (&listed[0]["charter"]["charter_id"], &listed[1]["status"]),
        (&json!("earlier"), &json!("draft"))
    );
    let empty = Home::new();
    assert!(empty.run(&["charter", "list"]).done().contains("No charters ahead"));
    assert_eq!(empty.run(&["charter", "list", "--json"]).json(), json!([]));
}

#[test]
fn a_call_asks_the_captain_and_a_cancellation_takes_it_back() {
    let home = Home::with_charter();
    let said = home.run(&["call", "start", "charter_5678"]).done();
    assert!(said.contains("Dana Reyes is asked as soon as the mail is handed over"), "{said}");
    assert!(
        said.contains("or tick of a function: one of them has to run") && !said.contains("Nobody"),
        "{said}"
    );
    let mut pass = home.run(&["tick", "--json"]).json();
    let next: Timestamp = pass["next_due_at"].take().as_str().unwrap().parse().unwrap();
    assert!(next > Timestamp::now() + 1.hour() && next < Timestamp::now() + 3.hours(), "{next}");
    assert_eq!(
        pass,
        json!({ "settled": 0, "done": 2, "dropped": 0, "put_off": 0, "failed": 0,
            "waiting_for_another_try": 0, "next_due_at": null })
    );
    let said = home.run(&["tick"]).done();
    assert!(said.contains("mails that wait for another try: 0; due next: "), "{said}");

    let mails = home.mails();
    let offers: Vec<&String> = mails.iter().filter(|mail| mail.contains("/crew/accept?token=")).collect();
    let [offer] = offers.as_slice() else { panic!("not one offer in {mails:?}") };
    assert!(
        offer.contains("To: \"Dana Reyes\" <dana@example.com>") || offer.contains("dana@example.com"),
        "{offer}"
    );
    let said = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(said.contains("Dana Reyes is asked until"), "{said}");
    let link = said.split_whitespace().find(|word| word.starts_with("jada_crew_")).unwrap();
    assert!(offer.contains(&format!("token={link}.")), "{link} is not in {offer}");

    // Given twice: one call, one answer.
    let said = home.run(&["call", "start", "charter_5678"]).done();
    assert!(said.contains("Dana Reyes is asked until"), "{said}");

    home.run(&["charter", "cancel", "charter_5678"]).done();
    let again = home.run(&["charter", "cancel", "charter_5678", "--json"]).json();
    assert_eq!(again["status"], "cancelled");
    assert_eq!(home.run(&["tick", "--json"]).json()["done"], 2);

    let told = home.run(&["audit", "charter_5678"]).done();
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("WHEN (America/Los_Angeles)"), "{told}");
    for (line, words) in [
        (1, "office (kim)"),
        (1, "command line"),
        (1, "booked: America, Sat 27 Jun 2099, 16:00 PDT"),
        (2, "captain: Dana Reyes"),
        (3, "not asked as captain: Kim Ono (unavailable on 2099-06-27 (roster))"),
        (4, &format!("Dana Reyes was asked for captain 1 (link {link})")),
        (5, "mail to Dana Reyes handed over; reply by"),
        (7, "the offer of captain 1 to Dana Reyes was taken back: the charter was cancelled"),
        (8, "the charter was cancelled"),
    ] {
        assert!(lines[line].contains(words), "{words} is not in line {line} of\n{told}");
    }
    let events = home.run(&["audit", "charter_5678", "--json"]).json();
    assert_eq!(events[0]["by"], json!({ "office": "kim" }));
    assert_eq!(events.as_array().unwrap().len(), lines.len() - 1);
}

#[test]
fn a_call_without_anybody_to_ask_alerts_the_office() {
    let home = Home::new();
    home.feed(&["charter", "add"], CHARTER).done();
    let state = home.run(&["call", "start", "charter_5678", "--json"]).json();
    assert_eq!(state["status"], "exhausted");
    let said = home.run(&["call", "start", "charter_5678"]).done();
    assert!(said.contains("nobody on the roster is captain"), "{said}");
    // Again from the top, with a roster of people who cannot be asked.
    home.write("roster.json", ROSTER.replace(r#""2099-06-27": "available""#, r#""2099-06-27": "perhaps""#));
    home.run(&["roster", "import", "roster.json"]).done();
    let said = home.run(&["call", "start", "charter_5678"]).done();
    let (_, why) = said.split_once("Nobody is asked now:\n").unwrap();
    assert!(why.contains("Dana Reyes") && why.contains("said \"perhaps\" of 2099-06-27"), "{said}");
    assert!(!why.contains("nobody on the roster"), "Dana is on it: {said}");
    assert!(why.contains("`crewcall serve`") && why.contains("`crewcall tick`"), "{said}");
    assert_eq!(home.run(&["tick", "--json"]).json()["failed"], 0);
    assert!(home.mails()[0].contains("office@example.com"));
}

#[test]
fn a_cancelled_charter_is_not_booked_again_under_its_id() {
    let home = Home::with_charter();
    home.run(&["charter", "cancel", "charter_5678"]).done();
    for charter in [CHARTER.to_owned(), CHARTER.replace("America", "Bounty")] {
        let said = home.feed(&["charter", "add"], charter).failed(1);
        assert!(
            said.contains("charter_5678 was cancelled") && said.contains("`crewcall charter restore`"),
            "{said}"
        );
    }
}

#[test]
fn a_charter_is_moved_and_what_is_left_out_stays_or_moves_along() {
    let home = Home::with_charter();
    let before = home.data();
    let reschedule = |args: &[&str]| {
        let mut all = vec!["charter", "reschedule", "charter_5678"];
        all.extend(args);
        home.run(&all)
    };
    let said = reschedule(&["--departs", "2099-06-27T18:00", "--dry-run"]).done();
    assert!(said.contains("With this change"), "{said}");
    assert_eq!(home.data(), before);
    let changed =
        reschedule(&["--departs", "2099-06-27T18:00", "--dock", "pier 9", "--seat", "deckhand=2", "--json"])
            .json();
    assert_eq!(changed["charter"]["departs_at"], "2099-06-28T01:00:00Z");
    assert_eq!(changed["charter"]["returns_at"], "2099-06-28T04:00:00Z");
    assert_eq!(changed["charter"]["call_time"], "2099-06-28T00:15:00Z");
    assert_eq!((&changed["charter"]["dock"], &changed["revision"]), (&"pier 9".into(), &2.into()));
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(
        audit.contains(
            "the charter was changed; Departs: Sat 27 Jun 2099, 18:00 PDT, not Sat 27 Jun 2099, 16:00 PDT"
        ) && audit.contains("Dock: pier 9, not Shelter Island, pier 3"),
        "{audit}"
    );
    for (args, code, says) in [
        (&[][..], 2, "nothing is to be changed"),
        (&["--departs", "soon"], 1, "--departs"),
        (&["--returns", "2099-06-27T10:00"], 1, "--returns"),
        (&["--departs", "2001-06-27T10:00"], 1, "the new departure is past"),
        (&["--seat", "cook=1"], 1, "cook is no rank here"),
        (&["--seat", "captain=0"], 1, "--seat"),
    ] {
        let before = home.data();
        let said = reschedule(args).failed(code);
        assert!(said.contains(says), "{args:?}: {said}");
        assert_eq!(home.data(), before);
    }
}

#[test]
fn a_cancelled_charter_is_restored_and_its_call_begins_anew() {
    let home = Home::with_charter();
    home.run(&["call", "start", "charter_5678"]).done();
    home.run(&["tick"]).done();
    home.run(&["charter", "cancel", "charter_5678"]).done();
    // One that is off can be moved; nobody is written to before it is on again.
    home.run(&["charter", "reschedule", "charter_5678", "--departs", "2099-06-28T16:00"]).done();
    home.run(&["charter", "reschedule", "charter_5678", "--departs", "2099-06-27T16:00"]).done();
    let restored = home.run(&["charter", "restore", "charter_5678", "--json"]).json();
    assert_eq!((&restored["status"], &restored["revision"]), (&"running".into(), &4.into()));
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(audit.contains("the charter is on again"), "{audit}");
}

#[test]
fn what_is_not_there_is_said_with_the_way_on() {
    let home = Home::new();
    for args in [
        &["charter", "show", "c9"][..],
        &["charter", "cancel", "c9"],
        &["call", "start", "c9"],
        &["audit", "c9"],
    ] {
        let said = home.run(args).failed(1);
        assert!(said.contains("there is no charter c9") && said.contains("charter list"), "{said}");
    }
}

#[test]
fn wrong_calls_are_told_from_failures() {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    for args in [
        &["roster"][..],
        &["rooster"],
        &["roster", "import"],
        &["roster", "import", "roster.json", "--format", "xml"],
        &["charter", "show"],
        &["charter", "show", "no id"],
        &["charter", "add", "--seat", "captain"],
        &["charter", "add", "--seat", "captain=one"],
        &["charter", "add", "--guests", "-1"],
        &["mail", "test", "--to", "dana"],
    ] {
        let said = home.run(args).failed(2);
        assert!(!said.trim().is_empty(), "{args:?}");
    }
    let said = home.run(&["charter", "add", "--guests", "six"]).failed(2);
    assert!(said.contains("a whole number such as 6"), "{said}");
    let said = home.run(&["demo", "--listen", "foo"]).failed(2);
    assert!(said.contains("such as 127.0.0.1:8321"), "{said}");
    assert!(home.run(&["--version"]).done().starts_with("crewcall "));
    assert!(home.run(&["charter", "add", "--help"]).done().contains("--seat"));
}

/// Dana's licence runs out before the sail, and the boat is inspected.
#[test]
fn a_gate_is_shown_by_the_plan_and_set_aside_with_a_reason() {
    let home = Home::with_charter();
    let vessel = "[vessels.america]\nclass = \"inspected\"\n[vessels.america.gates]\nmedical = \"warn\"\ndrug_program = \"off\"\n";
    home.write("crewcall.toml", format!("{SETTINGS}{vessel}"));
    let plan = home.run(&["call", "plan", "charter_5678"]).done();
    assert!(plan.contains("Dana Reyes") && plan.contains("has no master on record"), "{plan}");
    assert!(plan.contains("nobody can be asked"), "{plan}");

    let said =
        home.run(&["call", "override", "charter_5678", "license", "--reason", " ", "--by", "Pat"]).failed(1);
    assert!(said.contains("--reason is empty"), "{said}");
    let said = home.run(&["call", "override", "charter_5678", "licence", "--reason", "x"]).failed(2);
    assert!(said.contains("write one of bareboat, certificate"), "{said}");
    let said = home
        .run(&[
            "call",
            "override",
            "charter_5678",
            "license",
            "--crew",
            "nobody",
            "--reason",
            "x",
            "--by",
            "Pat",
        ])
        .failed(1);
    assert!(said.contains("nobody is not on the roster"), "{said}");
    let said = home.run(&[
        "call",
        "override",
        "charter_5678",
        "certificate",
        "--crew",
        "dana-reyes",
        "--reason",
        "x",
    ]);
    assert!(said.failed(1).contains("is about the sail"));

    let by_nobody = ["call", "override", "charter_5678", "license", "--reason", "x"];
    let said = home.run_with(&by_nobody, &[("USER", "")], b"").failed(1);
    assert!(said.contains("give it with --by"), "{said}");

    let words = ["--crew", "dana-reyes", "--reason", "renewed, the card is in the post", "--by", "Pat Lane"];
    let said = home.run(&[&["call", "override", "charter_5678", "license"][..], &words].concat()).done();
    assert!(said.contains("license is set aside for dana-reyes on charter_5678."), "{said}");
    let before = home.data();
    let plan = home.run(&["call", "plan", "charter_5678"]).done();
    assert!(plan.contains("to look at") || plan.contains("TO LOOK AT"), "{plan}");
    assert!(plan.contains("has no master on record, has no medical on record"), "{plan}");
    assert!(plan.contains("If Dana Reyes says yes at once"), "{plan}");
    assert!(plan.contains("Nobody is left to ask for captain from"), "{plan}");
    let json = home.run(&["call", "plan", "charter_5678", "--json"]).json();
    assert_eq!(json["asks"][0]["crew_id"], "dana-reyes");
    assert_eq!(json["asks"].as_array().unwrap().len(), 3);
    assert_eq!(json["skipped"][0]["crew_id"], "kim-ono");
    assert_eq!(home.data(), before, "a plan changes nothing");

    home.run(&["call", "start", "charter_5678"]).done();
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(
        audit.contains("license is set aside for Dana Reyes: renewed, the card is in the post"),
        "{audit}"
    );
    assert!(audit.contains("; to look at: has no master on record"), "{audit}");
}

#[test]
fn a_sail_that_is_not_lawful_is_not_started_until_the_office_says_so() {
    let home = Home::with_charter();
    let vessel = "[vessels.small]\nname = \"AMERICA\"\nclass = \"uninspected\"\ncomplement = [\"deckhand=3\"]\n[vessels.small.gates]\nlicense = \"off\"\nmedical = \"off\"\ndrug_program = \"off\"\n";
    home.write("crewcall.toml", format!("{SETTINGS}{vessel}"));
    let said = home.run(&["call", "start", "charter_5678"]).failed(1);
    assert!(
        said.contains("the vessel's certificate requires 3 deckhand") && said.contains("complement"),
        "{said}"
    );
    home.run(&[
        "call",
        "override",
        "charter_5678",
        "complement",
        "--reason",
        "owner aboard as crew",
        "--by",
        "Pat",
    ])
    .done();
    home.run(&["call", "start", "charter_5678"]).done();
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(audit.contains("to look at: the vessel's certificate requires 3 deckhand"), "{audit}");
}

#[test]
fn of_a_boat_without_rules_among_others_that_have_some_it_says_so() {
    let home = Home::with_charter();
    let note = "America, for which the settings have no rules";
    assert!(!home.run(&["charter", "show", "charter_5678"]).done().contains(note));
    home.write("crewcall.toml", format!("{SETTINGS}[vessels.stars]\nclass = \"inspected\"\n"));
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(shown.contains(&format!("{note} (they have for stars)")), "{shown}");
    home.write("crewcall.toml", format!("{SETTINGS}[vessels.america]\nclass = \"inspected\"\n"));
    assert!(!home.run(&["charter", "show", "charter_5678"]).done().contains(note));
}
