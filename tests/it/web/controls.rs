//! The office steps into a call from the charter's page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};

use super::desk::Desk;
use crate::support::office::{Office, START, heading, operator, people};

#[tokio::test]
async fn a_change_is_shown_beside_what_is_before_it_is_made() {
    let desk = Desk::new().await;
    let (status, page) = desk.get("/change?what=skip&crew=dana&reason=rang+in+sick").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Skip Dana Example?"));
    assert!(page.contains("<li>The offer of captain 1 to Dana Example was taken back"), "{page}");
    let (before, after) = page.split_once("With the change").unwrap();
    assert!(before.contains("<td>Dana Example"), "{before}");
    assert!(!after.contains("<td>Dana Example") && after.contains("<td>Gene Example"), "{after}");
    assert_eq!(desk.asked().await, ["dana"], "to look changes nothing");
    let page = desk.make("what=skip&crew=dana&reason=rang+in+sick").await;
    assert_eq!(desk.asked().await, ["gene"]);
    assert!(
        page.contains("Dana Example was skipped for captain: skipped by the office: rang in sick"),
        "{page}"
    );
}

#[tokio::test]
async fn a_call_is_prepared_on_its_page_before_anybody_is_asked() {
    let desk = Desk::of(Office::new(Arc::new(MemoryStore::new())).await).await;
    let (_, page) = desk.get("").await;
    assert!(page.contains("Prepare the call") && page.contains("Start the call"), "{page}");
    let (_, page) = desk.get("/change?what=prepare").await;
    assert_eq!(heading(&page), "Prepare the call?");
    desk.make("what=prepare").await;
    let page = desk.make("what=first&position=captain&crew=gene").await;
    assert!(desk.asked().await.is_empty() && page.contains("Go on"), "{page}");
    desk.make("what=resume").await;
    assert_eq!(desk.asked().await, ["gene"]);
}

#[tokio::test]
async fn the_board_says_which_charter_needs_the_office_and_why() {
    let desk = Desk::new().await;
    desk.make("what=yes&crew=dana").await;
    let board = desk.board().await;
    assert!(!board.contains("needs you"), "{board}");
    let dana = people().into_iter().find(|member| member.crew_id.as_str() == "dana").unwrap();
    let mut record = dana.to_record();
    record.insert("availability".into(), serde_json::json!({ "2026-06-27": "unavailable" }));
    desk.office.import(&[CrewMember::parse(&record).unwrap()]).await;
    desk.office.tick().await;
    let why = "! Dana Example, aboard as captain 1: unavailable on 2026-06-27 (roster)";
    let board = desk.board().await;
    assert!(board.contains("1 needs you") && board.contains(why), "{board}");
    let (_, page) = desk.get("").await;
    assert!(page.contains(why), "{page}");
}

#[tokio::test]
async fn of_a_change_that_makes_no_difference_to_what_comes_the_page_says_so() {
    let desk = Desk::new().await;
    let same = "the same either way";
    let (_, page) = desk.get("/change?what=override&gate=rest&reason=short+trip").await;
    assert!(page.contains(same), "{page}");
    let (_, page) = desk.get("/change?what=skip&crew=dana&reason=rang+in+sick").await;
    assert!(!page.contains(same), "{page}");
}

#[tokio::test]
async fn every_control_of_the_page_does_what_it_says() {
    let desk = Desk::new().await;
    let page = desk.make("what=pause").await;
    assert!(page.contains("Go on") && page.contains("paused"), "{page}");
    let page = desk.make("what=resume").await;
    assert!(page.contains("Pause the call"), "{page}");
    desk.make("what=now&crew=gene&position=captain").await;
    desk.office.tick().await;
    // Dana's mail was written before, and her page knows.
    let beside = "Others are asked for this seat at the same time";
    for (who, by_mail) in [("dana", false), ("gene", true)] {
        let link = desk.office.newest_link(who).unwrap();
        assert!(desk.office.get(&link).await.1.contains(beside), "{who}");
        let mails = desk.office.mailbox.list();
        let to = format!("{who}@example.com");
        let offer = mails.iter().rfind(|arrived| arrived.mail.to.email.as_str() == to).unwrap();
        assert_eq!(offer.mail.text.contains(beside), by_mail, "{who}");
    }
    assert_eq!(desk.asked().await, ["dana", "gene"]);
    let page = desk.make("what=no&crew=dana").await;
    assert!(page.contains("Dana Example declined captain 1"), "asked, it is a no: {page}");
    desk.make("what=yes&crew=gene").await;
    desk.make("what=first&position=deckhand&crew=zoe").await;
    desk.make("what=stop").await;
    assert!(desk.asked().await.is_empty());
    desk.make("what=again").await;
    assert_eq!(desk.asked().await, ["sam"], "Gene's usual crew comes first in every round");
    let page = desk.make("what=assign&crew=bo&position=deckhand&reason=is+at+the+dock").await;
    assert!(
        page.contains("✓ Bo Example") && page.contains("was put aboard as deckhand 1: is at the dock"),
        "{page}"
    );
    assert!(!page.contains("Pause the call"), "a crewed sail needs no controls");
}

#[tokio::test]
async fn somebody_aboard_who_phones_drops_out_or_is_released() {
    let desk = Desk::new().await;
    desk.make("what=yes&crew=dana").await;
    desk.office.advance("11min").await;
    let (_, page) = desk.get("").await;
    assert!(page.contains("Who is aboard…"), "{page}");
    let (status, page) = desk.get("/change?what=no&crew=dana").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana Example can't sail?"));
    let page = desk.make("what=no&crew=dana").await;
    assert!(page.contains("! Dana Example dropped out") && page.contains("Sails after all"), "{page}");
    assert!(page.contains("Dana Example dropped out as captain 1"), "{page}");
    let page = desk.make("what=yes&crew=dana").await;
    assert!(page.contains("✓ Dana Example") && page.contains("sails as captain 1 after all"), "{page}");
    let page = desk.make("what=release&crew=dana&reason=has+another+job").await;
    assert!(page.contains("was released as captain 1: has another job"), "{page}");
    assert_eq!(desk.asked().await, ["gene"]);
}

/// The value of a hidden field as a form sends it.
fn encoded(value: &str) -> String {
    let value = value.replace("&quot;", "\"").replace("&amp;", "&");
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[tokio::test]
async fn a_charter_is_changed_after_a_look_at_what_follows() {
    let desk = Desk::new().await;
    desk.make("what=yes&crew=dana").await;
    desk.office.tick().await;
    let (_, page) = desk.get("").await;
    assert!(page.contains("Change this charter…"), "{page}");
    let query = "/reschedule?departs_at=2026-06-27T18:00&returns_at=&call_time=&dock=pier+9&seats=";
    let (status, page) = desk.get(query).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for shown in [
        "<td>Dock</td><td>Shelter Island, pier 3</td><td>pier 9</td>",
        "<td>Sat 27 Jun 2026, 19:00 PDT</td><td>Sat 27 Jun 2026, 21:00 PDT</td>",
        "asked by mail to confirm: Dana Example.",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert_eq!(desk.office.app.charter(&desk.id).await.unwrap().revision, 1, "to look changes nothing");
    let field = |name: &str| {
        let (_, value) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        encoded(&value[..value.find('"').unwrap()])
    };
    let names = ["from", "departs_at", "returns_at", "call_time", "vessel", "dock", "guests", "seats"];
    let form: Vec<String> = names.iter().map(|name| format!("{name}={}", field(name))).collect();
    for _ in 0..2 {
        desk.post("reschedule", &form.join("&")).await;
        assert_eq!(
            desk.office.app.charter(&desk.id).await.unwrap().revision,
            2,
            "pressed twice, changed once"
        );
    }
    // Somebody else, who looks at a page of before, does not undo it unknowingly.
    let stale = form.join("&").replace("guests=6", "guests=5");
    let (status, refused) = desk.send("reschedule", &stale).await;
    assert!(
        status == StatusCode::CONFLICT && refused.contains("changed by somebody else meanwhile"),
        "{refused}"
    );
    let (_, page) = desk.get("").await;
    assert!(page.contains("! Dana Example, changed after accept"), "{page}");
    let page = desk.make("what=yes&crew=dana").await;
    assert!(page.contains("✓ Dana Example") && page.contains("confirmed the change"), "{page}");
    // Each position has a field of its own; the others stay.
    assert!(page.contains("name=\"seats.deckhand\" placeholder="), "{page}");
    let (_, page) = desk.get("/reschedule?seats.captain=&seats.deckhand=2").await;
    assert!(page.contains("name=\"seats\" value=\"captain=1, deckhand=2\""), "{page}");
    for (query, says) in [
        ("seats.deckhand=two", "Write the seats of deckhand as a whole number such as 2."),
        ("seats.deckhand=99999999999", "Write the seats of deckhand as a whole number"),
        ("guests=six", "whole number"),
        ("seats=cook", "change it anew"),
        ("returns_at=2026-06-27T10:00", "Returns: is not after the departure"),
    ] {
        let (status, page) = desk.get(&format!("/reschedule?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(page.contains(says), "{query}: {page}");
    }
}

#[tokio::test]
async fn a_cancelled_charter_is_restored_from_its_page() {
    let desk = Desk::new().await;
    let (_, page) = desk.get("/change?what=cancel").await;
    let told = "Mail to Dana Example (the charter is off)";
    assert!(page.contains(told) && page.contains("all links stop working"), "{page}");
    let page = desk.make("what=cancel").await;
    assert!(page.contains("Restore this charter…") && !page.contains("Change this charter…"), "{page}");
    assert_eq!(desk.asked().await, Vec::<String>::new());
    let (_, page) = desk.get("/change?what=restore").await;
    assert!(page.contains("Offer to Dana Example") || page.contains("was asked for captain 1"), "{page}");
    desk.make("what=restore").await;
    assert_eq!(desk.asked().await, ["dana"]);
}

#[tokio::test]
async fn whoever_stands_by_is_put_aboard_from_the_page() {
    let desk = Desk::new().await;
    desk.office.advance("2h3min").await;
    let page = desk.make("what=yes&crew=dana").await;
    assert!(
        page.contains("Dana Example stands by as captain") && page.contains("was too late, stands by"),
        "{page}"
    );
    assert_eq!(desk.asked().await, ["gene"], "who has the time to answer");
    let page = desk.make("what=assign&crew=dana&position=captain&reason=stood+by").await;
    assert!(page.contains("✓ Dana Example") && !page.contains("stands by as"), "{page}");
}

#[tokio::test]
async fn one_hour_more_pressed_twice_is_one_hour_more() {
    let desk = Desk::new().await;
    let reply_by = async || desk.office.app.charter(&desk.id).await.unwrap().offers[0].reply_by.unwrap();
    let before = reply_by().await;
    let (_, page) = desk.get("/change?what=extend&crew=dana&minutes=60").await;
    assert_eq!(heading(&page), "Give Dana Example 60 minutes more?");
    let (_, until) = page.split_once("name=\"until\" value=\"").unwrap();
    let form = format!("what=extend&crew=dana&minutes=60&until={}", &until[..until.find('"').unwrap()]);
    desk.make(&form).await;
    desk.make(&form).await;
    assert_eq!(reply_by().await, before + jiff::SignedDuration::from_hours(1));
}

#[tokio::test]
async fn an_answer_on_the_phone_is_to_the_sail_that_was_shown() {
    let desk = Desk::new().await;
    let (_, page) = desk.get("/change?what=yes&crew=dana").await;
    let (_, seen) = page.split_once("name=\"seen\" value=\"").unwrap();
    let form = format!("what=yes&crew=dana&seen={}", &seen[..seen.find('"').unwrap()]);
    // A colleague moves the sail meanwhile.
    let (status, page) = desk.send("reschedule", "dock=pier+9").await;
    assert!(status.is_redirection(), "{page}");
    let (status, page) = desk.send("change", &form).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("look at it again"), "{page}");
    assert_eq!(desk.asked().await, ["dana"]);
}

#[tokio::test]
async fn an_answer_on_the_phone_undoes_none_that_came_by_the_link_meanwhile() {
    let desk = Desk::new().await;
    desk.office.tick().await;
    let (_, page) = desk.get("/change?what=no&crew=dana").await;
    let form = format!("what=no&crew=dana&seen={}", encoded(&super::form::hidden(&page, "seen")));
    desk.office.press("dana", "accept").await;
    let (status, page) = desk.send("change", &form).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("look at it again"), "{page}");
    let state = desk.office.app.charter(&desk.id).await.unwrap();
    assert_eq!(state.aboard().len(), 1, "and Dana sails");
}

/// In words for whoever has pages: names for ids, and the form's own names.
#[tokio::test]
async fn who_stands_in_the_way_is_named() {
    let desk = Desk::new().await;
    desk.make("what=yes&crew=dana").await;
    let (status, page) = desk.get("/change?what=now&crew=dana").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Dana Example is aboard already"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    let desk = Desk::new().await;
    for (query, status, says) in [
        ("what=resume&crew=", 200, "Go on?"),
        ("what=now&crew=lee", 409, "before the captain is aboard"),
        ("what=skip&crew=dana", 400, "say why"),
        ("what=skip&crew=&reason=x", 400, "person"),
        ("what=extend&crew=dana&minutes=soon", 400, "how many minutes"),
        ("what=yes&crew=maya", 409, "never asked"),
        ("what=dance", 400, "press one of the buttons"),
        (
            "what=assign&crew=lee&position=host&reason=x",
            409,
            "Every seat for host is taken, or there is none",
        ),
    ] {
        let (answer, page) = desk.get(&format!("/change?{query}")).await;
        assert_eq!(answer.as_u16(), status, "{query}: {page}");
        assert!(page.contains(says), "{query}: {page}");
    }
    assert_eq!(desk.asked().await, ["dana"]);
    let request = Request::get("/charters/ch/change?what=pause").body(Body::empty()).unwrap();
    assert_eq!(desk.office.request(request).await.0, StatusCode::SEE_OTHER, "not signed in");
}

#[tokio::test]
async fn a_rule_that_stands_in_the_way_is_set_aside_with_a_reason() {
    let mut operator = operator();
    let gates = [Gate::Medical, Gate::DrugProgram].map(|gate| (gate, Severity::Off));
    operator.policy.vessels = vec![Vessel {
        name: "America".into(),
        inspected: false,
        complement: Vec::new(),
        credentials: Vec::new(),
        gates: gates.into(),
    }];
    let office = Office::run_by(operator, Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    let desk = Desk::of(office).await;
    let (_, page) = desk.get("").await;
    assert!(page.contains("has no oupv or master on record") && page.contains("Set a rule aside"), "{page}");
    let change = "what=override&gate=license&crew=dana&reason=papers+seen+at+the+dock";
    let (status, page) = desk.get(&format!("/change?{change}")).await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Set license aside for Dana Example?"));
    let (before, after) = page.split_once("With the change").unwrap();
    assert!(!before.contains("<td>Dana Example") && after.contains("<td>Dana Example"), "{page}");
    let page = desk.make(change).await;
    assert!(page.contains("license is set aside for Dana Example by "), "{page}");
    let (status, page) = desk.get("/change?what=override&gate=luck&reason=x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("write one of bareboat"), "{page}");
}

#[tokio::test]
async fn a_refusal_leaves_ids_as_they_are_and_recommends_no_command() {
    let desk = Desk::new().await;
    let (status, page) = desk.send("change", "what=skip&crew=uma&reason=x").await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("uma is not among those who are still to be asked."), "{page}");
    assert!(!page.contains("call plan"), "{page}");
}

/// Whoever has an old preview open, and presses it again, undoes nothing that has come since.
#[tokio::test]
async fn a_preview_of_before_acts_on_nothing_that_came_since() {
    let desk = Desk::new().await;
    let aboard = "what=assign&crew=dana&position=captain&reason=phoned";
    desk.post("change", aboard).await;
    let (_, preview) = desk.get("/change?what=release&crew=dana&reason=ill").await;
    let seen = super::form::hidden(&preview, "seen");
    let release = format!("what=release&crew=dana&reason=ill&seen={seen}");
    desk.post("change", &release).await;
    desk.post("change", aboard).await;
    let (status, page) = desk.send("change", &release).await;
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(desk.get("").await.1.contains("✓ Dana Example"), "dana is released once more");
}
