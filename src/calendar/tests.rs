//! What is written, read back by the parser of the same library; tests/peers has another one.

use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use serde_json::json;

use super::*;

fn operator(name: &str) -> Operator {
    Operator {
        name: name.into(),
        zone: TimeZone::get("America/Los_Angeles").unwrap(),
        ranks: Vec::new(),
        public_url: "https://crew.example.com".into(),
        from: "Harbor Sails <crew@example.com>".parse().unwrap(),
        office: "office@example.com".parse().unwrap(),
        phone: None,
        policy: Policy::default(),
        pay: Default::default(),
        key: LinkKey::new([7; 32], "jada"),
    }
}

/// A charter with one offer in that state.
fn state(vessel: &str, dock: &str, offer: &str) -> CharterState {
    serde_json::from_value(json!({
        "charter": { "charter_id": "charter_5678", "vessel": vessel, "dock": dock, "guests": 6,
            "call_time": "2026-06-27T22:15:00Z", "departs_at": "2026-06-27T23:00:00Z", "returns_at": "2026-06-28T02:00:00Z",
            "positions": [{ "position": "captain", "quantity": 1 }] },
        "revision": 1, "facts": 9,
        "offers": [{ "no": 1, "seat": { "position": "captain", "number": 1 }, "crew_id": "dana", "round": 1, "revision": 1,
            "token_id": "jada_crew_x", "state": offer, "made_at": "2026-06-20T16:00:00Z" }],
    }))
    .unwrap()
}

fn entry(state: &CharterState) -> Entry<'_> {
    let stamp = Stamp { sequence: 7, at: "2026-06-20T16:05:00.5Z".parse().unwrap() };
    Entry { state, offer: &state.offers[0], stamp }
}

/// The value of a property of the only event.
fn of(text: &str, name: &str) -> String {
    let calendar: Calendar = text.parse().unwrap();
    let mut events = calendar.events();
    let (event, None) = (events.next().unwrap(), events.next()) else { panic!("more than one event") };
    event.property_value(name).unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
}

#[test]
fn an_entry_has_all_that_programs_go_by_in_utc_and_nothing_of_the_clock() {
    let state = state("America", "Shelter Island, pier 3", "accepted");
    let text = file(&operator("Harbor Sails"), &entry(&state), Method::Publish);
    for (name, value) in [
        ("DTSTART", "20260627T221500Z"),
        ("DTEND", "20260628T020000Z"),
        ("DTSTAMP", "20260620T160500Z"),
        ("LAST-MODIFIED", "20260620T160500Z"),
        ("SEQUENCE", "7"),
        ("STATUS", "CONFIRMED"),
        ("SUMMARY", "America, captain"),
        ("LOCATION", "Shelter Island, pier 3"),
        ("ORGANIZER", "mailto:crew@example.com"),
    ] {
        assert_eq!(of(&text, name), value);
    }
    let words = of(&text, "DESCRIPTION");
    assert!(words.starts_with("Be aboard by Sat 27 Jun 2026, 15:15 PDT, as captain.\nDeparts"), "{words}");
    assert!(!text.contains("TZID") && !text.contains("VTIMEZONE") && !text.contains("VALARM"), "{text}");
    assert_eq!(
        text,
        file(&operator("Harbor Sails"), &entry(&state), Method::Publish),
        "it is the same tomorrow"
    );
}

#[test]
fn a_cancellation_is_of_the_same_entry() {
    let state = state("America", "pier 3", "released");
    let operator = operator("Harbor Sails");
    let (published, cancelled) =
        [Method::Publish, Method::Cancel].map(|method| file(&operator, &entry(&state), method)).into();
    assert_eq!(of(&published, "UID"), of(&cancelled, "UID"));
    assert_eq!(of(&cancelled, "STATUS"), "CANCELLED");
    assert!(cancelled.contains("\r\nMETHOD:CANCEL\r\n") && published.contains("\r\nMETHOD:PUBLISH\r\n"));
}

#[test]
fn who_has_yet_to_say_or_still_answers_for_it_may_sail() {
    for (offer, status) in
        [("accepted", "CONFIRMED"), ("reconfirming", "TENTATIVE"), ("dropped_out", "TENTATIVE")]
    {
        let state = state("America", "pier 3", offer);
        assert_eq!(of(&feed(&operator("Harbor Sails"), &[entry(&state)]), "STATUS"), status, "{offer}");
    }
}

#[test]
fn hostile_names_stay_in_their_place_and_lines_are_short() {
    let hostile = "A, B; C\\n D\r\nEND:VCALENDAR\u{2028}\" ☂🚤 é";
    let long = format!("{hostile} {}", "🚤ü".repeat(60));
    let state = state(&long, &long, "accepted");
    let operator = operator(&format!("\"{long}\""));
    for text in [feed(&operator, &[entry(&state)]), file(&operator, &entry(&state), Method::Cancel)] {
        let clean = clean_line(&long);
        assert_eq!(of(&text, "LOCATION"), clean);
        assert_eq!(of(&text, "SUMMARY"), format!("{clean}, captain"));
        assert_eq!(text.matches("END:VCALENDAR").count() - text.matches("D END:VCALENDAR").count(), 1);
        // RFC 5545, 3.1.
        for line in text.split("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{} octets: {line}", line.len());
        }
        let calendar: Calendar = text.parse().unwrap();
        assert_eq!(calendar.components.len(), 1);
    }
}
