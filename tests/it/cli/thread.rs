//! `crewcall thread`

use serde_json::json;

use super::Home;

#[test]
fn notes_are_kept_line_by_line_and_read_again() {
    let home = Home::with_charter();
    let said = home.run(&["thread", "note", "charter_5678", "Engine checked.", "--by", "Pat"]).done();
    assert!(said.contains("office (Pat): a note of the office\n  | Engine checked.\n"), "{said}");
    home.feed(&["thread", "note", "charter_5678", "-", "--by", "Pat"], "Two\r\nlines\n").done();
    let shown = home.run(&["thread", "show", "charter_5678"]).done();
    assert!(shown.contains("booked: America") && shown.contains("  | Two\n  | lines\n"), "{shown}");
    let events = home.run(&["thread", "show", "charter_5678", "--json"]).json();
    assert_eq!((&events[2]["fact"], &events[2]["text"]), (&json!("note_written"), &json!("Two\nlines")));
}

#[test]
fn what_cannot_be_written_is_refused_in_a_sentence() {
    let home = Home::with_charter();
    let before = home.data();
    let said = home.run(&["thread", "post", "charter_5678", "Hello", "--by", "Pat"]).failed(1);
    assert!(said.contains("nobody is aboard yet who could read it"), "{said}");
    let said = home.run(&["thread", "note", "charter_5678", "", "--by", "Pat"]).failed(1);
    assert!(said.contains("the text is empty; write something"), "{said}");
    let said = home.run(&["thread", "note", "charter_5678", &"ab ".repeat(700), "--by", "Pat"]).failed(1);
    assert!(said.contains("has 2099 characters; at most 2000 are taken"), "{said}");
    assert_eq!(home.data(), before);
}

#[test]
fn what_somebody_said_on_the_phone_stands_beside_the_answer() {
    let home = Home::with_charter();
    home.run(&["call", "start", "charter_5678"]).done();
    let answer =
        ["call", "answer", "charter_5678", "dana-reyes", "no", "--comment", "In Oslo", "--by", "Pat"];
    home.run(&answer).done();
    let shown = home.run(&["thread", "show", "charter_5678"]).done();
    assert!(shown.contains("declined captain 1\n  | In Oslo\n"), "{shown}");
    assert!(home.run(&["audit", "charter_5678"]).done().contains("“In Oslo”"));
}
