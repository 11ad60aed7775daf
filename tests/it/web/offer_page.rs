//! The page that asks: what it shows, in how many bytes, and where its buttons are.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::operator::{Operator, Pay};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::statement::Split;
use serde_json::json;

use crate::support::office::{Office, START, booking, caller, heading, operator, people};
use crate::support::pay;

/// What a page may weigh on a phone at sea, style sheet included.
const BYTES: usize = 20_480;

fn paid() -> Operator {
    let rules = pay::rules("22.00", Split::Equal);
    Operator { pay: Pay { rules, currency: "USD".into(), owner: None }, ..operator() }
}

async fn asked(operator: Operator) -> (Office, String) {
    let office = Office::run_by(operator, Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let (_, page) = office.get(&office.newest_link("dana").unwrap()).await;
    (office, page)
}

/// The style sheets that a page loads, whole.
async fn styles(office: &Office, page: &str) -> Vec<String> {
    let mut styles = Vec::new();
    for part in page.split("rel=\"stylesheet\" href=\"").skip(1) {
        let (status, style) = office.get(part.split('"').next().unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        styles.push(style);
    }
    styles
}

#[tokio::test]
async fn what_is_asked_fits_into_20_kb_without_a_script_on_a_full_charter_with_long_names() {
    let office = Office::run_by(paid(), Arc::new(MemoryStore::new()), START.parse().unwrap());
    let long = |n: usize| -> String {
        let name = format!("{n:02} {}", "Maximiliana-Konstanze ".repeat(5));
        name.chars().take(limits::NAME_CHARS).collect()
    };
    let deckhands = (0..11).map(|n| {
        let record = json!({
            "crew_id": format!("hand-{n}"), "name": long(n).trim(), "rank": "deckhand",
            "cascade_order": n + 1, "email": format!("hand-{n}@example.com"), "availability": { "2026-06-27": "yes" },
        });
        CrewMember::parse(record.as_object().unwrap()).unwrap()
    });
    let crew: Vec<CrewMember> = people()
        .into_iter()
        .take(1)
        .map(|mut dana| {
            dana.paired_crew.clear();
            dana
        })
        .chain(deckhands)
        .collect();
    office.import(&crew).await;
    let mut booked = booking("ch", (16, 19), &[("captain", 1), ("deckhand", 10)]);
    booked.vessel = "Ü".repeat(limits::NAME_CHARS);
    booked.dock = "Über der Brücke, ".repeat(6).chars().take(limits::NAME_CHARS).collect();
    let charter = booked.check(&office.app.operator.zone).unwrap();
    let id = office.app.book(charter, &caller()).await.unwrap().charter.charter_id;
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.press("dana", "accept").await;
    office.tick().await;
    for n in 0..9 {
        office.press(&format!("hand-{n}"), "accept").await;
        office.tick().await;
    }
    let (_, page) = office.get(&office.newest_link("hand-9").unwrap()).await;
    assert!(heading(&page).ends_with("can you sail?"), "{page}");
    assert_eq!(page.matches(" (deckhand)").count(), 9, "{page}");
    let styles = styles(&office, &page).await;
    let bytes = page.len() + styles.iter().map(String::len).sum::<usize>();
    assert_eq!(styles.len(), 1);
    assert!(bytes < BYTES, "{bytes} bytes");
    // Nothing else is loaded: no script, no picture, no font.
    for loaded in ["<script", "<img", "javascript:", " src=", "<iframe", "style="] {
        assert!(!page.contains(loaded), "{loaded} in {page}");
    }
    assert!(!styles[0].contains("url(") && !styles[0].contains("@import"));
}

/// Accept comes first and the no after it, behind everything that speaks for or against.
#[tokio::test]
async fn the_buttons_come_last_and_are_in_reach() {
    let (office, page) = asked(operator()).await;
    let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part} is not in {page}"));
    let order = [
        "Reply by",
        "<button hidden name=\"answer\" value=\"return-key\"></button>",
        "name=\"off\"",
        "name=\"comment\"",
        "class=\"reach\"",
        ">Accept</button>",
        ">Can't do it</button>",
    ];
    assert!(order.map(at).is_sorted(), "{page}");
    assert_eq!(page.matches("action=\"/crew/accept\"").count(), 1);
    let style = &styles(&office, &page).await[0];
    assert!(style.contains("min-height: 56px") && style.contains("scroll-padding-bottom"), "{style}");
}

/// It presses the first button of a form, in a box to tick as well.
#[tokio::test]
async fn the_return_key_says_neither_yes_nor_no_and_loses_nothing() {
    let (office, _) = asked(operator()).await;
    let before = office.app.charter(&"ch".parse().unwrap()).await.unwrap();
    let (status, page) = office.press("dana", "return-key&off=2026-06-27/2026-06-27&comment=until+six").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana, can you sail?"));
    assert!(
        page.contains(">until six</textarea>") && page.contains("value=\"2026-06-27/2026-06-27\" checked"),
        "{page}"
    );
    assert_eq!(office.app.charter(&"ch".parse().unwrap()).await.unwrap(), before);
}

#[tokio::test]
async fn the_dock_has_a_map_and_the_map_does_not_hear_of_the_link() {
    let (_, page) = asked(operator()).await;
    let link = "<a class=\"map\" href=\"https://www.google.com/maps/search/?api=1&amp;query=Shelter%20Island%2C%20pier%203\" rel=\"noreferrer\">";
    assert!(page.contains(link), "{page}");
    assert_eq!(page.matches("https://").count(), 1, "{page}");
}

#[tokio::test]
async fn pay_is_what_the_rules_say_of_the_seat_and_nothing_else() {
    let (office, page) = asked(paid()).await;
    let pay = |page: &str| {
        page.split_once("<dt>Pay</dt><dd>").map(|(_, rest)| rest.split('<').next().unwrap().to_owned())
    };
    let captain = "100.00 USD a sail and 5% of the revenue after the channel fee, and a part of the gratuity";
    assert_eq!(pay(&page).as_deref(), Some(captain));
    office.press("dana", "accept").await;
    office.tick().await;
    let (_, page) = office.get(&office.newest_link("lee").unwrap()).await;
    let deckhand = "22.00 USD an hour, for at least 3:00 h, and a part of the gratuity";
    assert_eq!(pay(&page).as_deref(), Some(deckhand));
    // It was theirs alone to know.
    let (_, page) = office.press("lee", "decline").await;
    assert_eq!(pay(&page), None, "{page}");
    let mut none = paid();
    none.pay.rules.pay.clear();
    assert_eq!(pay(&asked(none).await.1), None, "nobody said what is paid");
}
