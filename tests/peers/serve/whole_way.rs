//! The whole way for real, from an empty directory to a crewed boat.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::harbor::Harbor;
use super::mailroom::Letter;
use super::{PATIENCE, http, until};

fn offers_to(letters: &[Letter], name: &str) -> usize {
    letters.iter().filter(|letter| letter.to == name && letter.token().is_some()).count()
}

/// Opens the link, which changes nothing, and presses a button.
fn open_and_press(harbor: &Harbor, letter: &Letter, answer: &str) -> String {
    let shown = http::get(&harbor.address(), letter.link().unwrap()).unwrap();
    assert_eq!(shown.status, 200);
    assert!(shown.heading().ends_with("can you sail?"), "{}", shown.body);
    let pressed = http::press(&harbor.address(), letter.token().unwrap(), answer).unwrap();
    assert_eq!(pressed.status, 200, "{}", pressed.body);
    pressed.heading().to_owned()
}

#[test]
fn a_boat_is_crewed_from_an_empty_directory() {
    let harbor = Harbor::new("response_window = \"2h\"");
    harbor.import();
    harbor.book("charter_5678", 27, 16);
    let server = harbor.serve();
    assert_eq!(http::get(&server.address, "/health/live").unwrap().body, "live\n");
    assert_eq!(http::get(&server.address, "/health/ready").unwrap().body, "ready\n");

    // Another process starts the call; the server notices.
    let begun = Instant::now();
    harbor.start_call("charter_5678");
    let to_dana = harbor.mail.wait_for_offer("dana");
    assert!(begun.elapsed() < Duration::from_secs(5), "the mail took {:?}", begun.elapsed());
    assert_eq!(open_and_press(&harbor, &to_dana, "accept"), "You're on");

    // Dana's own crew is asked; Sam cannot, and Zoe is asked in Sam's stead.
    let (to_lee, to_sam) = (harbor.mail.wait_for_offer("lee"), harbor.mail.wait_for_offer("sam"));
    assert!(to_lee.text.contains("Captain: Dana Example"), "{}", to_lee.text);
    assert_eq!(offers_to(&harbor.mail.all(), "zoe"), 0, "Zoe was asked too early");
    assert_eq!(open_and_press(&harbor, &to_sam, "decline"), "You said you can't do it");
    let to_zoe = harbor.mail.wait_for_offer("zoe");
    assert_eq!(open_and_press(&harbor, &to_lee, "accept"), "You're on");
    assert_eq!(open_and_press(&harbor, &to_zoe, "accept"), "You're on");

    for name in ["dana", "lee", "zoe", "office"] {
        let list = harbor.mail.wait_for(name, |letter| letter.text.contains("crew is complete"));
        for person in ["Captain: Dana Example", "Deckhand: Lee Example", "Deckhand: Zoe Example"] {
            assert!(list.text.contains(person), "{person} is missing in {}", list.text);
        }
    }
    // Four offers with their four copies for the office, and four crew lists.
    let letters = until("all mails", PATIENCE, || Some(harbor.mail.all()).filter(|all| all.len() >= 12));
    assert_eq!(server.stop().0, 0);
    assert_eq!(harbor.mail.all().len(), 12, "more mails than were due");
    one_conversation(&letters);
    the_audit_tells_it(&harbor);
}

/// As mail programs see it: both parts, one subject, one thread, no id twice, no link for the office.
fn one_conversation(letters: &[Letter]) {
    let headers = |name| letters.iter().map(|letter| letter.header(name)).collect::<BTreeSet<_>>();
    assert_eq!(headers("Subject").len(), 1, "{:?}", headers("Subject"));
    assert!(headers("Subject").first().unwrap().contains("charter_5678"));
    assert_eq!(headers("Message-ID").len(), letters.len());
    assert_eq!((headers("In-Reply-To").len(), headers("References").len()), (1, 1));
    assert_eq!(headers("In-Reply-To"), headers("References"));
    for letter in letters {
        // The list of the crew brings the sail for its reader's calendar.
        let with_file = letter.to != "office" && letter.text.contains("crew is complete");
        let kind = if with_file { "multipart/mixed" } else { "multipart/alternative" };
        assert_eq!(letter.taken["type"], kind);
        assert_eq!(letter.taken["defects"], serde_json::json!([]));
        assert!(!letter.text.is_empty() && letter.html.contains("</html>"));
        let has_link = letter.text.contains("/crew/accept") || letter.html.contains("/crew/accept");
        assert_eq!(has_link, letter.token().is_some());
        assert!(
            letter.to != "office" || !has_link && !letter.text.contains("token="),
            "a link for the office: {}",
            letter.text
        );
        if let Some(token) = letter.token() {
            assert!(letter.html.contains(token), "the HTML part has another link");
        }
    }
}

fn the_audit_tells_it(harbor: &Harbor) {
    let audit = harbor.home.run(&["audit", "charter_5678", "--json"]).json();
    let facts: Vec<&str> =
        audit.as_array().unwrap().iter().map(|event| event["fact"].as_str().unwrap()).collect();
    let count = |fact: &str| facts.iter().filter(|known| **known == fact).count();
    assert_eq!(&facts[..2], ["charter_booked", "call_started"]);
    let counts = ["offer_made", "offer_sent", "offer_accepted", "offer_declined", "call_filled", "mail_sent"];
    assert_eq!(counts.map(count), [4, 4, 3, 1, 1, 8], "{facts:?}");
    let declined = audit.as_array().unwrap().iter().find(|event| event["fact"] == "offer_declined").unwrap();
    assert_eq!(declined["by"], serde_json::json!({ "crew": "sam" }));
    assert!(declined["via"].as_str().unwrap().starts_with("link jada_crew_"), "{declined}");
}
