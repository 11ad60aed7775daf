//! Calendars as Python's icalendar reads them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crewcall::calendar::{Entry, Stamp, feed};
use crewcall::operator::Operator;
use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::home::{CHARTER, Home};
use crate::support::python;

/// A name as nobody has it: all that means something in a calendar, over several lines when folded.
const HOSTILE: &str =
    "A, B; C\\n \"D\" END:VEVENT ☂🚤 é and so long that it takes more than one line of a calendar";

fn read(files: &[PathBuf]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/read_calendar.py");
    let output = Command::new(python()).arg(script).args(files).output().expect("scripts/peers installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    for calendar in &found {
        assert_eq!((&calendar["errors"], &calendar["bare"]), (&json!([]), &json!(0)));
        assert!(calendar["longest"].as_u64().unwrap() <= 75, "{calendar}");
        for entry in calendar["entries"].as_array().unwrap() {
            assert_eq!(entry["errors"], json!([]));
        }
    }
    found
}

#[test]
fn python_reads_what_comes_with_mails_and_takes_the_same_entry_out_again() {
    let home = Home::new();
    home.write("roster.json", crate::home::ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    let mut charter: Value = serde_json::from_str(CHARTER).unwrap();
    (charter["vessel"], charter["dock"]) = (HOSTILE.into(), HOSTILE.into());
    home.feed(&["charter", "add"], charter.to_string()).done();
    home.run(&["call", "assign", "charter_5678", "dana-reyes", "--reason", "rang"]).done();
    home.run(&["tick"]).done();
    home.run(&["charter", "cancel", "charter_5678"]).done();
    home.run(&["tick"]).done();
    let mails = std::fs::read_dir(home.path().join("mail")).unwrap();
    let mut mails: Vec<PathBuf> = mails.map(|mail| mail.unwrap().path()).collect();
    mails.sort();
    let found = read(&mails);
    let [put, taken] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&put["method"], &taken["method"]), (&"PUBLISH".into(), &"CANCEL".into()));
    let (put, taken) = (&put["entries"][0], &taken["entries"][0]);
    assert_eq!(put["uid"], taken["uid"]);
    assert!(put["sequence"].as_u64() < taken["sequence"].as_u64(), "{put} {taken}");
    assert_eq!((&put["status"], &taken["status"]), (&"CONFIRMED".into(), &"CANCELLED".into()));
    for entry in [put, taken] {
        assert_eq!(entry["begins"], "2099-06-27T22:15:00+00:00");
        assert_eq!(entry["ends"], "2099-06-28T02:00:00+00:00");
        assert_eq!(
            (&entry["summary"], &entry["location"]),
            (&format!("{HOSTILE}, captain").into(), &HOSTILE.into())
        );
        assert_eq!(entry["organizer"], json!(["mailto:crew@example.com", "Harbor Sails"]));
        let words = entry["description"].as_str().unwrap();
        assert!(words.contains("15:15 PDT, as captain.\nDeparts Sat 27 Jun 2099, 16:00 PDT"), "{words}");
    }
}

#[test]
fn python_reads_a_feed_of_hostile_names() {
    let operator = Operator {
        name: format!("Sails, \"{HOSTILE}\""),
        zone: TimeZone::get("America/Los_Angeles").unwrap(),
        ranks: Vec::new(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: None,
        policy: Policy::default(),
        pay: Default::default(),
        key: LinkKey::new([7; 32], "jada"),
    };
    let state = |id: &str| -> CharterState {
        serde_json::from_value(json!({
            "charter": { "charter_id": id, "vessel": HOSTILE, "dock": "Pier 3;\\,", "guests": 6,
                "call_time": "2026-06-27T22:15:00Z", "departs_at": "2026-06-27T23:00:00Z", "returns_at": "2026-06-28T02:00:00Z",
                "positions": [{ "position": "captain", "quantity": 1 }] },
            "revision": 1, "facts": 9,
            "offers": [{ "no": 1, "seat": { "position": "captain", "number": 1 }, "crew_id": "dana", "round": 1, "revision": 1,
                "token_id": "jada_crew_x", "state": "accepted", "made_at": "2026-06-20T16:00:00Z" }],
        }))
        .unwrap()
    };
    let states = ["one", "two"].map(state);
    let stamp = Stamp { sequence: 7, at: "2026-06-20T16:05:00Z".parse().unwrap() };
    let entries = states.each_ref().map(|state| Entry { state, offer: &state.offers[0], stamp });
    let home = Home::empty();
    let found = read(&[home.write("feed.ics", feed(&operator, &entries))]);
    let entries = found[0]["entries"].as_array().unwrap();
    assert_eq!(found[0]["name"], format!("Sails, Sails, \"{HOSTILE}\""));
    assert_eq!((entries.len(), &entries[0]["location"]), (2, &"Pier 3;\\,".into()));
    assert_ne!(entries[0]["uid"], entries[1]["uid"]);
    assert_eq!(
        (&entries[0]["sequence"], &entries[0]["stamped"]),
        (&7.into(), &"2026-06-20T16:05:00+00:00".into())
    );
    let name = operator.name.replace('"', "'");
    assert_eq!(entries[0]["organizer"][1], name);
}
