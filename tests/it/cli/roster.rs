//! `crewcall roster`

use serde_json::{Value, json};

use super::Home;
use super::home::ROSTER;

#[test]
fn what_was_imported_comes_out_again() {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    let said = home.run(&["roster", "import", "roster.json"]).done();
    assert!(
        said.contains("4 added, 0 changed, 0 unchanged") && said.contains("does not read: shirt"),
        "{said}"
    );
    let exported = home.run(&["roster", "export"]).json();
    assert_eq!(exported, serde_json::from_str::<Value>(ROSTER).unwrap());
    let again = home.feed(&["roster", "import", "-"], exported.to_string()).done();
    assert!(again.contains("0 added, 0 changed, 4 unchanged"), "{again}");
    let listed = home.run(&["roster", "list"]).done();
    let ids: Vec<&str> = listed.lines().skip(1).map(|line| line.split_whitespace().nth(2).unwrap()).collect();
    assert_eq!(ids, ["dana-reyes", "kim-ono", "lee-park", "sam-ortiz"]);
    assert_eq!(home.run(&["roster", "list", "--json"]).json(), exported);
}

#[test]
fn one_record_is_a_roster_too() {
    let home = Home::new();
    home.feed(&["roster", "import", "-"], r#"{"crew_id":"x","name":"X","rank":"host"}"#).done();
    assert_eq!(home.run(&["roster", "export"]).json()[0]["crew_id"], "x");
    home.feed(&["roster", "import", "-"], "[]").done();
}

#[test]
fn a_dry_run_shows_every_difference_and_writes_nothing() {
    let home = Home::with_charter();
    let before = home.data();
    let mut roster: Value = serde_json::from_str(ROSTER).unwrap();
    roster[0]["email"] = "dana@example.org".into();
    roster[0]["availability"]["2099-06-28"] = "available".into();
    roster[1].as_object_mut().unwrap().remove("cascade_order");
    roster.as_array_mut().unwrap().push(json!({ "crew_id": "new", "name": "New", "rank": "host" }));
    let import = ["roster", "import", "-", "--dry-run"];
    let said = home.feed(&import, roster.to_string()).done();
    for line in [
        "added      new (New, host)",
        "changed    dana-reyes (Dana Reyes)",
        "           availability.2099-06-28: unavailable -> available",
        "           email: dana@example.com -> dana@example.org",
        "           cascade_order: 2 -> (nothing)",
        "Nothing was written. It would be: 1 added, 2 changed, 2 unchanged.",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} is not in\n{said}");
    }
    assert_eq!(home.data(), before);

    let report = home.feed(&["roster", "import", "-", "--dry-run", "--json"], roster.to_string()).json();
    assert_eq!((&report["dry_run"], &report["unchanged"]), (&json!(true), &json!(2)));
    assert_eq!(
        report["changed"][1]["changes"][0],
        json!({ "field": "cascade_order", "before": 2, "after": null })
    );
    assert_eq!(home.data(), before);

    home.feed(&["roster", "import", "-"], roster.to_string()).done();
    assert_eq!(home.run(&["roster", "export"]).json().as_array().unwrap().len(), 5);
}

#[test]
fn additions_and_changes_in_any_order_meet_what_they_expect() {
    let home = Home::new();
    let record = |n: usize, name: &str| json!({ "crew_id": format!("p{n}"), "name": name, "rank": "host" });
    let odd: Vec<Value> = (1..400).step_by(2).map(|n| record(n, "Before")).collect();
    home.feed(&["roster", "import", "-"], json!(odd).to_string()).done();
    // Changed and added ones take turns, over several commits.
    let all: Vec<Value> = (0..400).map(|n| record(n, "After")).collect();
    let said = home.feed(&["roster", "import", "-"], json!(all).to_string()).done();
    assert!(said.contains("200 added, 200 changed, 0 unchanged"), "{said}");
    let exported = home.run(&["roster", "export"]).json();
    assert!(exported.as_array().unwrap().iter().all(|member| member["name"] == "After"));
}

#[test]
fn large_records_are_split_over_commits_by_their_size() {
    let home = Home::new();
    let notes = "x".repeat(62_000);
    let record =
        |n: usize| json!({ "crew_id": format!("p{n}"), "name": "P", "rank": "host", "notes": notes });
    let all: Vec<Value> = (0..60).map(record).collect();
    home.feed(&["roster", "import", "-"], json!(all).to_string()).done();
    assert_eq!(home.run(&["roster", "export"]).json().as_array().unwrap().len(), 60);
}

#[test]
fn a_spreadsheet_is_a_roster() {
    let home = Home::new();
    home.write(
        "roster.csv",
        "\u{feff}crew_id,name,rank,email,cascade_order,paired_crew,2099-06-27,shirt\r\n\
         dana-reyes,\"Reyes, Dana\",Captain,dana@example.com,1,lee-park; sam-ortiz,Available,M\r\n\
         lee-park,Lee Park,deckhand,,,,,\r\n,,,,,,,\r\nsam-ortiz,Sam Ortiz,deckhand,,2,,unavailable,\r\n",
    );
    home.run(&["roster", "import", "roster.csv"]).done();
    assert_eq!(
        home.run(&["roster", "export"]).json(),
        json!([
            { "crew_id": "dana-reyes", "name": "Reyes, Dana", "rank": "captain", "email": "dana@example.com",
              "cascade_order": 1, "paired_crew": ["lee-park", "sam-ortiz"], "shirt": "M",
              "availability": { "2099-06-27": "available" } },
            { "crew_id": "sam-ortiz", "name": "Sam Ortiz", "rank": "deckhand", "cascade_order": 2,
              "availability": { "2099-06-27": "unavailable" } },
            { "crew_id": "lee-park", "name": "Lee Park", "rank": "deckhand" }
        ])
    );
    let csv = "crew_id,name,rank\nx,X,host\n";
    home.feed(&["roster", "import", "-", "--format", "csv"], csv).done();
    let said = home.feed(&["roster", "import", "-", "--format", "json"], csv).failed(1);
    assert!(said.contains("line 1, column 1"), "{said}");
}

#[test]
fn a_spreadsheet_changes_only_what_it_says() {
    let home = Home::with_charter();
    let mut roster = home.run(&["roster", "export"]).json();
    let week =
        "crew_id,2099-06-28,2099-06-29\ndana-reyes,available,available\nkim-ono,,\nsam-ortiz,unavailable,\n";
    home.write("week.csv", week);
    let said = home.run(&["roster", "import", "week.csv", "--dry-run"]).done();
    assert_eq!(
        said,
        "changed    dana-reyes (Dana Reyes)\n\
         \x20          availability.2099-06-28: unavailable -> available\n\
         \x20          availability.2099-06-29: (nothing) -> available\n\
         changed    sam-ortiz (Sam Ortiz)\n\
         \x20          availability.2099-06-28: (nothing) -> unavailable\n\
         Nothing was written. It would be: 0 added, 2 changed, 1 unchanged.\n"
    );
    home.run(&["roster", "import", "week.csv"]).done();
    roster[0]["availability"]["2099-06-28"] = "available".into();
    roster[0]["availability"]["2099-06-29"] = "available".into();
    roster[3]["availability"]["2099-06-28"] = "unavailable".into();
    assert_eq!(home.run(&["roster", "export"]).json(), roster);

    // An attribute of another tool stays beside a new address.
    home.feed(&["roster", "import", "-"], "crew_id,email,phone\nsam-ortiz,sam@example.org,\n").done();
    roster[3]["email"] = "sam@example.org".into();
    assert_eq!(home.run(&["roster", "export"]).json(), roster);

    // JSON is the whole record.
    home.feed(&["roster", "import", "-"], r#"{"crew_id":"sam-ortiz","name":"Sam","rank":"deckhand"}"#).done();
    let sam = json!({ "crew_id": "sam-ortiz", "name": "Sam", "rank": "deckhand" });
    assert!(home.run(&["roster", "export"]).json().as_array().unwrap().contains(&sam));
    let help = home.run(&["roster", "import", "--help"]).done();
    assert!(help.contains("A CSV changes only what it says"), "{help}");
}

#[test]
fn what_keeps_people_from_being_asked_is_noted() {
    let home = Home::with_charter();
    let csv = "crew_id,name,rank,email,2020-01-01,2099-06-27\n\
               dana-reyes,,,,maybe,Perhaps\nnew,New,host,,,AVAILABLE\nkim-ono,,,,,unavailable\n";
    let yes = "dana-reyes says \"Perhaps\" of 2099-06-27, which crewcall understands neither as yes or no";
    let no_email = "new (New) has no e-mail address: cannot be asked";
    for args in [&["roster", "import", "-", "--dry-run"][..], &["roster", "import", "-"]] {
        let said = home.feed(args, csv).done();
        let notes: Vec<&str> = said.lines().filter(|line| line.starts_with("note ")).collect();
        assert!(notes.len() == 2 && notes[0].contains(yes) && notes[1].contains(no_email), "{said}");
    }
    let many: String = (0..60).map(|n| format!("p{n},P,host\n")).collect();
    let many = format!("crew_id,name,rank\n{many}");
    let said = home.feed(&["roster", "import", "-", "--dry-run"], &many).done();
    assert!(said.contains("note       … and 10 more like these"), "{said}");
    let report = home.feed(&["roster", "import", "-", "--json"], many).json();
    assert_eq!(report["notes"][0], json!({ "note": "no_email", "crew_id": "p0", "name": "P" }));
    assert_eq!((report["notes"].as_array().unwrap().len(), &report["more_notes"]), (50, &json!(10)));
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let home = Home::with_charter();
    let before = home.data();
    let roster = json!([
        { "crew_id": "x", "name": "X", "rank": "skipper", "paired_crew": ["lee-park"] },
        { "crew_id": "y", "name": "Y", "rank": "deckhand", "email": "y" },
        { "crew_id": "z", "name": "Z", "rank": "captain", "paired_crew": ["y", "nobody"] },
        { "crew_id": "y", "name": "Y", "rank": "host" },
    ]);
    let said = home.feed(&["roster", "import", "-"], roster.to_string()).failed(1);
    let lines: Vec<&str> = said.lines().collect();
    for (line, words) in [
        (0, "4 faults"),
        (1, "row 1 (x), rank: is \"skipper\"; write one of captain, mate"),
        (2, "row 2 (y), email: is \"y\""),
        (3, "row 3 (z), paired_crew: names nobody"),
        (4, "row 4 (y), crew_id: y stands in this file twice"),
    ] {
        assert!(lines[line].contains(words), "{words} is not in line {line} of\n{said}");
    }
    assert_eq!((lines.len(), home.data()), (5, before));
}

#[test]
fn many_faults_are_counted_and_none_is_written() {
    let home = Home::with_charter();
    let before = home.data();
    let mut csv = "crew_id,name,rank,email\n".to_owned();
    for n in 0..70 {
        csv.push_str(&format!("p{n},Person,deckhand,p{n}\n"));
    }
    let said = home.feed(&["roster", "import", "-"], csv).failed(1);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 52, "{said}");
    assert_eq!(lines[0], "error: nothing was imported from standard input: 70 faults");
    assert_eq!(lines[1], "row 2 (p0), email: is \"p0\"; write one address such as dana@example.com");
    assert_eq!(lines[51], "… and 20 more; correct these first");
    assert_eq!(home.data(), before);
}

#[test]
fn output_that_nobody_reads_to_its_end_is_no_failure() {
    let home = Home::with_charter();
    let command = format!("'{}' roster export | head -c 1", env!("CARGO_BIN_EXE_crewcall"));
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", &command]).current_dir(home.path()).output().unwrap();
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"["[..], &b""[..]));
}

/// What the README shows can be copied out of it.
#[test]
fn the_readmes_sample_comes_in_as_it_stands() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("```csv\n").unwrap();
    let (sample, _) = rest.split_once("```").unwrap();
    let home = Home::new();
    home.write("people.csv", sample);
    let said = home.run(&["roster", "import", "people.csv"]).done();
    assert!(said.contains("2 added, 0 changed, 0 unchanged."), "{said}");
}

#[test]
fn who_cannot_be_reached_is_marked_until_the_office_says_otherwise() {
    let home = Home::with_charter();
    home.run(&["call", "start", "charter_5678"]).done();
    home.run(&["tick"]).done();
    let bounced =
        ["call", "bounced", "charter_5678", "dana-reyes", "--reason", "550 no such user", "--by", "Pat"];
    let said = home.run(&bounced).done();
    assert!(said.contains("mail could not be delivered"), "{said}");
    let marked = |home: &Home| home.run(&["roster", "list"]).done().contains("dana@example.com (refused)");
    assert!(marked(&home));
    let listed = home.run(&["roster", "list", "--json"]).json();
    let dana = listed.as_array().unwrap().iter().find(|member| member["crew_id"] == "dana-reyes").unwrap();
    assert_eq!(dana["refused"]["error"], "550 no such user");
    let exported = home.run(&["roster", "export"]).json();
    assert!(exported.as_array().unwrap().iter().all(|member| member.get("refused").is_none()));
    assert!(
        home.run(&["roster", "reachable", "dana-reyes"])
            .done()
            .contains("is asked again in calls that start from now on")
    );
    assert!(!marked(&home));
    assert!(
        home.run(&["roster", "reachable", "dana-reyes"]).done().contains("No mail to dana-reyes was refused")
    );
    let said = home.run(&["roster", "reachable", "nobody"]).failed(1);
    assert!(said.contains("nobody is not on the roster"), "{said}");
}

#[test]
fn whoever_has_left_stays_on_the_roster_and_is_not_asked() {
    let home = Home::new();
    home.write("roster.json", ROSTER);
    home.run(&["roster", "import", "roster.json"]).done();
    let said = home.run(&["roster", "left", "dana-reyes"]).done();
    assert!(said.contains("dana-reyes has left"), "{said}");
    assert!(home.run(&["roster", "left", "dana-reyes"]).done().contains("had left already"));
    assert!(home.run(&["roster", "list"]).done().contains("Dana Reyes (left)"));
    assert_eq!(home.run(&["roster", "left", "dana-reyes", "--json"]).json()["changed"], false);
    assert!(home.run(&["roster", "back", "dana-reyes"]).done().contains("is back"));
    assert!(home.run(&["roster", "left", "nobody"]).failed(1).contains("nobody is not on the roster"));
}

#[test]
fn somebody_is_mailed_the_link_of_their_own_page_and_a_new_one_ends_it() {
    let home = Home::with_charter();
    let link = || {
        home.run(&["tick"]).done();
        let mail = home.mails().pop().unwrap();
        assert!(mail.starts_with("dana@example.com\n"), "{mail}");
        mail.lines().find(|line| line.contains("/crew/me?token=jada_page_")).unwrap().to_owned()
    };
    let said = home.run(&["roster", "page", "dana-reyes"]).done();
    assert!(said.contains("goes to dana@example.com") && !said.contains("token="), "{said}");
    let first = link();
    home.run(&["roster", "page", "dana-reyes"]).done();
    assert_eq!(link(), first);
    let said = home.run(&["roster", "page", "dana-reyes", "--new", "--json"]).json();
    assert_eq!(said, json!({ "crew_id": "dana-reyes", "to": "dana@example.com", "new": true }));
    assert_ne!(link(), first);
    assert!(home.run(&["roster", "page", "nobody"]).failed(1).contains("nobody is not on the roster"));
    home.run(&["roster", "left", "dana-reyes"]).done();
    assert!(home.run(&["roster", "page", "dana-reyes"]).failed(1).contains("roster back dana-reyes"));
    home.feed(&["roster", "import", "-"], r#"{"crew_id":"x","name":"X","rank":"host"}"#).done();
    assert!(home.run(&["roster", "page", "x"]).failed(1).contains("has no e-mail address"));
}
