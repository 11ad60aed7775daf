//! `crewcall charter figures`, `call no-show` and `call turned-up`: what is known once a sail has left.

use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Home;
use super::home::CHARTER;

fn figures(home: &Home, args: &[&str]) -> String {
    let mut all = vec!["charter", "figures", "charter_5678"];
    all.extend(args);
    home.run(&all).done()
}

fn known(home: &Home) -> Value {
    home.run(&["charter", "figures", "charter_5678", "--json"]).json()["figures"].clone()
}

/// A sail that has left: it was booked a moment before.
fn sailed(home: &Home) {
    let departs: Timestamp = Timestamp::now() + SignedDuration::from_secs(5);
    let returns = departs + SignedDuration::from_hours(3);
    let charter = CHARTER
        .replace("2099-06-27T16:00:00-07:00", &departs.to_string())
        .replace("2099-06-27T15:15:00-07:00", &departs.to_string())
        .replace("2099-06-27T19:00:00-07:00", &returns.to_string())
        .replace("charter_5678", "just_left");
    home.feed(&["charter", "add"], charter).done();
    while Timestamp::now() <= departs {
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_fee_and_a_gratuity_are_booked_and_shown() {
    let home = Home::with_charter();
    let args = [
        "charter",
        "add",
        "--id",
        "other",
        "--vessel",
        "America",
        "--departs",
        "2099-06-27T16:00",
        "--returns",
        "2099-06-27T19:00",
        "--call-time",
        "2099-06-27T15:15",
        "--dock",
        "pier 3",
        "--seat",
        "captain=1",
        "--revenue",
        "1450.00",
        "--channel-fee",
        "145",
        "--gratuity",
        "120.5",
    ];
    let said = home.run(&args).done();
    let lines = ["Revenue     1450.00", "Channel fee 145.00", "Gratuity    120.50"];
    assert!(lines.iter().all(|line| said.contains(line)), "{said}");
    let wrong: Vec<&str> = args.iter().map(|arg| if *arg == "145" { "ten" } else { arg }).collect();
    let said = home.run(&wrong).failed(1);
    assert!(said.contains("--channel-fee: is \"ten\""), "{said}");
}

#[test]
fn what_is_left_out_stays_and_none_is_unknown_again() {
    let home = Home::with_charter();
    assert!(figures(&home, &[]).contains("1450.00"), "what was booked is known");
    let said = figures(&home, &["--gratuity", "120", "--channel-fee", "90"]);
    assert!(said.contains("Gratuity    120.00"), "{said}");
    figures(&home, &["--revenue", "900.00"]);
    assert_eq!(
        known(&home),
        json!({ "gross_revenue": "900.00", "channel_fee": "90.00", "gratuity": "120.00" })
    );
    figures(&home, &["--revenue", "none", "--gratuity", "none"]);
    assert_eq!(known(&home), json!({ "channel_fee": "90.00" }));
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(shown.contains("Revenue     1450.00") && shown.contains("Channel fee 90.00"), "{shown}");
    let audit = home.run(&["audit", "charter_5678"]).done();
    assert!(audit.contains("revenue: unknown, not 900.00; gratuity: unknown, not 120.00"), "{audit}");
}

#[test]
fn what_cannot_be_is_refused_with_the_way_out() {
    let home = Home::with_charter();
    let refused = |args: &[&str], code: i32| {
        let mut all = vec!["charter", "figures", "charter_5678"];
        all.extend(args);
        home.run(&all).failed(code)
    };
    assert!(refused(&["--hours", "3:30"], 1).contains("leave them out until it is back"));
    assert!(refused(&["--channel-fee", "1450.01"], 1).contains("correct one of the two"));
    assert!(refused(&["--hours", "3:99"], 2).contains("write hours and minutes as 3:30"));
    assert!(refused(&["--hours-of", "lee-park"], 2).contains("lee-park=2:00"));
    assert!(refused(&["--file", "june.csv"], 2).contains("cannot be used with"));
    assert!(home.run(&["charter", "figures"]).failed(2).contains("--file"));
    let said =
        home.run(&["call", "no-show", "charter_5678", "dana-reyes", "--reason", "overslept"]).failed(1);
    assert!(said.contains("whoever cannot come can be released"), "{said}");
    let said = home.run(&["call", "turned-up", "charter_5678", "dana-reyes", "--reason", "seen"]).failed(1);
    assert!(said.contains("`call assign`"), "{said}");
}

#[test]
fn who_sailed_and_how_long_is_said_afterwards() {
    let home = Home::with_charter();
    sailed(&home);
    let call = |args: &[&str]| {
        let mut all = vec!["call", args[0], "just_left"];
        all.extend(&args[1..]);
        home.run(&all)
    };
    call(&["turned-up", "dana-reyes", "--reason", "was seen"]).done();
    let said = call(&["turned-up", "lee-park", "--reason", "was seen", "--dry-run"]).done();
    assert!(said.contains("Lee Park sailed as deckhand 1, which was not in the books: was seen"), "{said}");
    call(&["turned-up", "lee-park", "--reason", "was seen"]).done();
    call(&["turned-up", "kim-ono", "--position", "mate", "--reason", "was seen"]).done();
    let said = call(&["turned-up", "sam-ortiz", "--position", "cook", "--reason", "was seen"]).failed(1);
    assert!(said.contains("cook"), "{said}");
    let args = ["charter", "figures", "just_left", "--hours", "3.5", "--hours-of", "lee-park=2:00"];
    let said = home.run(&args).done();
    assert!(said.contains("Hours of Lee Park 2:00") && said.contains("3:30"), "{said}");
    let shown = call(&["no-show", "lee-park", "--reason", "was Sam"]).done();
    assert!(shown.contains("did not come") && !shown.contains("Hours of Lee Park"), "{shown}");
    assert!(shown.contains("mate 1") && shown.contains("Kim Ono"), "{shown}");
    let again = home.run(&["charter", "figures", "just_left", "--hours", "none", "--json"]).json();
    assert_eq!(again["figures"], json!({}));
    let said = home.run(&["charter", "figures", "just_left", "--hours-of", "lee-park=1"]).failed(1);
    assert!(said.contains("lee-park is not aboard"), "{said}");
}

#[test]
fn a_month_is_recorded_from_a_file() {
    let home = Home::with_charter();
    home.feed(&["charter", "add"], CHARTER.replace("charter_5678", "other")).done();
    let csv = "charter_id,gross_revenue,gratuity\ncharter_5678,,120.00\nother,900.00,\n";
    home.write("june.csv", csv);
    assert_eq!(home.run(&["charter", "figures", "--file", "june.csv"]).done().trim(), "2 changed.");
    assert_eq!(known(&home), json!({ "gratuity": "120.00" }));
    let again = home.feed(&["charter", "figures", "--file", "-", "--json"], csv).json();
    assert_eq!(again, json!({ "charters": 2, "changed": 0 }));

    let wrong = "charter_id,gratuity,actual_hours\ncharter_5678,ten,\nother,80.00,3:30\nnobody,1,\n";
    home.write("july.csv", wrong);
    let before = home.data();
    let said = home.run(&["charter", "figures", "--file", "july.csv"]).failed(1);
    for line in [
        "nothing was recorded from july.csv: 3 faults",
        "line 2 (charter_5678), gratuity: is \"ten\"",
        "line 3 (other): the sail has not departed yet",
        "line 4 (nobody): there is no such charter",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
    assert_eq!(home.data(), before);
    let said = home.run(&["charter", "figures", "--file", "august.csv"]).failed(1);
    assert!(said.contains("there is no file august.csv"), "{said}");
}
