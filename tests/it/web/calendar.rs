//! Sails in the crew's own calendars: the feed, the file behind a link, and the files of mails.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CharterId;
use crewcall_dispatch::policy::DropOuts;
use http_body_util::BodyExt;
use icalendar::{Calendar, CalendarComponent, Component};
use jiff::SignedDuration;
use tower::ServiceExt;

use crate::store::conformance::one_of_every_kind;
use crate::support::invariants;
use crate::support::office::{Office, START, caller, operator, own_page_in, people, token_of};

async fn office() -> Office {
    Office::new(Arc::new(MemoryStore::new())).await
}

/// What programs go by in an entry.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    uid: String,
    sequence: u64,
    begins: String,
    status: String,
}

fn parse(text: &str) -> (String, Vec<Event>) {
    let calendar: Calendar = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let method = calendar.property_value("METHOD").unwrap().to_owned();
    let events = calendar.components.iter().map(|component| {
        let CalendarComponent::Event(event) = component else { panic!("{component:?}") };
        let of = |name: &str| event.property_value(name).unwrap().to_owned();
        let (uid, begins, status) = (of("UID"), of("DTSTART"), of("STATUS"));
        Event { uid, sequence: of("SEQUENCE").parse().unwrap(), begins, status }
    });
    (method, events.collect())
}

async fn ask(office: &Office, path: &str, tag: Option<&str>) -> Response {
    let request = Request::get(path);
    let request = tag.into_iter().fold(request, |request, tag| request.header(IF_NONE_MATCH, tag));
    office.pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(answer: Response) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The path of somebody's feed, as their page has it.
async fn feed_of(office: &Office, who: &str) -> String {
    office.app.mail_own_page(&who.parse().unwrap(), false, &caller()).await.unwrap();
    office.tick().await;
    let to = format!("{who}@example.com");
    let mails = office.mailbox.list();
    let theirs = mails.iter().rev().filter(|arrived| arrived.mail.to.email.as_str() == to);
    let link = theirs.filter_map(|arrived| own_page_in(&arrived.mail)).next().unwrap();
    let (_, page) = office.get(&link).await;
    assert!(
        page.contains("href=\"webcal://crew.example.com/crew/calendar.ics?token=jada_calendar_"),
        "{page}"
    );
    let address = page.split_once("value=\"https://crew.example.com").unwrap().1;
    address.split('"').next().unwrap().to_owned()
}

async fn feed(office: &Office, path: &str) -> Vec<Event> {
    let (method, events) = parse(&text(ask(office, path, None).await).await);
    assert_eq!(method, "PUBLISH");
    events
}

/// Dana is captain, and the crew is complete.
async fn crewed(office: &Office) -> CharterId {
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.press("dana", "accept").await;
    office.tick().await;
    id
}

/// An hour later than it is.
async fn later(office: &Office, id: &CharterId) {
    let from = Box::new(office.app.charter(id).await.unwrap().charter);
    let mut to = from.clone();
    for time in [&mut to.call_time, &mut to.departs_at, &mut to.returns_at] {
        *time += SignedDuration::from_hours(1);
    }
    office.run(id, Command::Change { from, to }).await.unwrap();
    office.tick().await;
}

/// The files of the mails to somebody so far, with what each mail says first.
fn files(office: &Office, who: &str) -> Vec<(String, String, Event)> {
    let to = format!("{who}@example.com");
    let mails = office.mailbox.list();
    let theirs = mails.into_iter().filter(|arrived| arrived.mail.to.email.as_str() == to);
    let with_file = theirs.filter_map(|arrived| {
        let file = arrived.mail.attachments.first()?;
        let (method, mut events) = parse(std::str::from_utf8(&file.bytes).unwrap());
        assert_eq!((file.name.as_str(), events.len()), ("sail.ics", 1));
        assert_eq!(file.media_type, format!("text/calendar; charset=utf-8; method={method}"));
        let does = if method == "CANCEL" { "takes the sail out of" } else { "puts the sail into" };
        assert!(arrived.mail.text.contains(does), "{}", arrived.mail.text);
        Some((arrived.mail.text.lines().next().unwrap().to_owned(), method, events.remove(0)))
    });
    with_file.collect()
}

#[tokio::test]
async fn the_feed_is_the_same_until_something_changes_on_every_store() {
    for (name, store) in one_of_every_kind().await {
        let office = Office::new(store.store.clone()).await;
        let path = feed_of(&office, "dana").await;
        assert_eq!(feed(&office, &path).await, [], "{name}");
        let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        assert_eq!(feed(&office, &path).await, [], "who is only asked does not sail yet");
        office.press("dana", "accept").await;
        let first = ask(&office, &path, None).await;
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        assert_eq!(first.headers()[CONTENT_TYPE], "text/calendar; charset=utf-8");
        assert_eq!(first.headers()[CACHE_CONTROL], "private, no-cache");
        let (_, events) = parse(&text(first).await);
        let [event] = &events[..] else { panic!("{events:?}") };
        assert_eq!((event.begins.as_str(), event.status.as_str()), ("20260627T221500Z", "CONFIRMED"));
        // What does not matter to it, and time, change nothing.
        office.tick().await;
        office.run(&id, Command::Note { text: "fuel".into() }).await.unwrap();
        office.advance("5h").await;
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
            let answer = ask(&office, &path, Some(&known)).await;
            assert_eq!(
                (answer.status(), answer.headers()[ETAG].to_str().unwrap()),
                (StatusCode::NOT_MODIFIED, tag.as_str())
            );
            assert_eq!(text(answer).await, "");
        }
        assert_eq!(ask(&office, &path, Some("\"x\"")).await.status(), StatusCode::OK);
        later(&office, &id).await;
        let answer = ask(&office, &path, Some(&tag)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        let (_, changed) = parse(&text(answer).await);
        assert_eq!((&changed[0].uid, changed[0].begins.as_str()), (&event.uid, "20260627T231500Z"));
        assert_eq!(changed[0].status, "TENTATIVE", "until they say that they still sail");
        assert!(changed[0].sequence > event.sequence);
        office.press("dana", "confirm&revision=2").await;
        let confirmed = feed(&office, &path).await;
        assert!(confirmed[0].status == "CONFIRMED" && confirmed[0].sequence > changed[0].sequence);
        office.run(&id, Command::Cancel).await.unwrap();
        assert_eq!(feed(&office, &path).await, [], "{name}");
        invariants::hold(&office.app).await;
    }
}

#[tokio::test]
async fn a_sail_stays_in_the_feed_for_thirty_days_and_only_for_those_who_sailed() {
    let office = office().await;
    crewed(&office).await;
    let path = feed_of(&office, "dana").await;
    let genes = feed_of(&office, "gene").await;
    let before = feed(&office, &path).await;
    office.advance("200h").await;
    assert_eq!(feed(&office, &path).await, before);
    office.advance("650h").await;
    assert_eq!(feed(&office, &path).await, before, "29 days after");
    office.advance("50h").await;
    assert_eq!(feed(&office, &path).await, []);
    assert_eq!(feed(&office, &genes).await, []);
}

#[tokio::test]
async fn whoever_is_aboard_can_add_the_sail_and_others_see_how_they_stand() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let file = format!("/crew/calendar?token={}", token_of(&link));
    let not_aboard = async || {
        let answer = ask(&office, &file, None).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let page = answer.headers()[LOCATION].to_str().unwrap();
        assert_eq!(page, format!("/crew/accept?token={}", token_of(&link)));
    };
    not_aboard().await;
    let (_, page) = office.press_link(&link, "accept").await;
    assert!(page.contains(&format!("<a class=\"to\" href=\"{file}\">Add to calendar</a>")), "{page}");
    let answer = ask(&office, &file, None).await;
    assert_eq!(answer.headers()["content-disposition"], "inline; filename=\"sail.ics\"");
    let (method, events) = parse(&text(answer).await);
    let path = feed_of(&office, "dana").await;
    assert_eq!((method.as_str(), &events), ("PUBLISH", &feed(&office, &path).await));
    let (_, page) = office.press_link(&link, "undo").await;
    assert!(!page.contains("Add to calendar"), "{page}");
    not_aboard().await;
}

#[tokio::test]
async fn a_file_comes_only_with_the_mail_that_says_somebody_is_aboard_and_anew_when_the_time_is_another() {
    let office = office().await;
    let id = crewed(&office).await;
    let dana = files(&office, "dana");
    let [(title, method, first)] = &dana[..] else { panic!("{dana:?}") };
    assert!(title.contains("the crew is complete") && method == "PUBLISH", "{title}");
    later(&office, &id).await;
    assert_eq!(files(&office, "dana").len(), 1, "the question has none");
    office.press("dana", "confirm&revision=2").await;
    office.tick().await;
    let dana = files(&office, "dana");
    let [_, (_, method, second)] = &dana[..] else { panic!("{dana:?}") };
    assert_eq!(
        (method.as_str(), &second.uid, second.begins.as_str()),
        ("PUBLISH", &first.uid, "20260627T231500Z")
    );
    assert!(second.sequence > first.sequence);
    // The office has no calendar of its own, nor have those who are only asked.
    let others = office
        .mailbox
        .list()
        .into_iter()
        .filter(|arrived| arrived.mail.to.email.as_str() != "dana@example.com");
    assert!(others.into_iter().all(|arrived| arrived.mail.attachments.is_empty()));
}

#[tokio::test]
async fn who_is_replaced_is_told_with_a_file_that_takes_the_sail_out_again() {
    let office = office().await;
    crewed(&office).await;
    office.advance("11min").await;
    office.press("dana", "drop_out").await;
    office.tick().await;
    assert_eq!(files(&office, "dana").len(), 1, "they answer for it still");
    let path = feed_of(&office, "dana").await;
    assert_eq!(feed(&office, &path).await[0].status, "TENTATIVE");
    office.press("gene", "accept").await;
    office.tick().await;
    let dana = files(&office, "dana");
    let [(_, _, there), (title, method, gone)] = &dana[..] else { panic!("{dana:?}") };
    assert!(title.contains("you are free"), "{title}");
    assert_eq!((method.as_str(), gone.status.as_str(), &gone.uid), ("CANCEL", "CANCELLED", &there.uid));
    assert!(gone.sequence > there.sequence);
    assert_eq!(feed(&office, &path).await, []);
    let gene = files(&office, "gene");
    assert!(gene[0].1 == "PUBLISH" && gene[0].2.uid != there.uid, "{gene:?}");
}

/// Dana, who has the sail in her calendar, presses that: one mail that says so takes it out again.
async fn gone_after(office: &Office, answer: &str, says: &str) -> (Event, Event) {
    office.press("dana", answer).await;
    office.tick().await;
    let dana = files(office, "dana");
    let [(_, _, there), (title, method, gone)] = &dana[..] else { panic!("{dana:?}") };
    assert!(title.contains(says), "{title}");
    assert_eq!((method.as_str(), gone.status.as_str(), &gone.uid), ("CANCEL", "CANCELLED", &there.uid));
    assert!(gone.sequence > there.sequence);
    (there.clone(), gone.clone())
}

#[tokio::test]
async fn whoever_takes_a_yes_back_is_told_with_a_file_that_takes_the_sail_out_until_they_say_yes_again() {
    let office = office().await;
    crewed(&office).await;
    let (there, gone) = gone_after(&office, "undo", "we noted that your yes is taken back").await;
    let path = feed_of(&office, "dana").await;
    assert_eq!(feed(&office, &path).await, []);
    office.press("dana", "accept").await;
    office.tick().await;
    let again = files(&office, "dana").pop().unwrap();
    assert_eq!((again.1.as_str(), &again.2.uid), ("PUBLISH", &there.uid));
    assert!(again.2.sequence > gone.sequence);
}

#[tokio::test]
async fn whoever_cannot_sail_after_a_moment_hears_of_it_once() {
    let office = office().await;
    crewed(&office).await;
    gone_after(&office, "drop_out", "we noted that you can't sail").await;
}

#[tokio::test]
async fn whoever_is_free_at_once_is_told_with_a_file_that_takes_the_sail_out() {
    let mut operator = operator();
    operator.policy.drop_outs = DropOuts::Free;
    let office = Office::run_by(operator, Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    crewed(&office).await;
    office.advance("11min").await;
    gone_after(&office, "drop_out", "we noted that you can't sail").await;
}

#[tokio::test]
async fn a_no_to_what_has_become_of_the_sail_takes_it_out() {
    let office = office().await;
    let id = crewed(&office).await;
    later(&office, &id).await;
    gone_after(&office, "drop_out&revision=2", "we noted that you can't sail").await;
}

#[tokio::test]
async fn who_is_put_aboard_and_taken_off_by_the_office_has_both_files() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    let (dana, reason) = ("dana".parse().unwrap(), "rang".to_owned());
    let position = "captain".parse().unwrap();
    office.run(&id, Command::Assign { position, crew_id: dana, reason: reason.clone() }).await.unwrap();
    office.tick().await;
    office.run(&id, Command::Release { crew_id: "dana".parse().unwrap(), reason }).await.unwrap();
    office.tick().await;
    let both = files(&office, "dana");
    let [(_, first, there), (_, second, gone)] = &both[..] else { panic!("{both:?}") };
    assert_eq!((first.as_str(), second.as_str(), &gone.uid), ("PUBLISH", "CANCEL", &there.uid));
    assert!(gone.sequence > there.sequence);
}

#[tokio::test]
async fn a_cancellation_takes_it_out_for_those_aboard_and_says_nothing_of_it_to_those_who_were_asked() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.press("dana", "accept").await;
    office.tick().await;
    office.run(&id, Command::Cancel).await.unwrap();
    office.tick().await;
    let dana = files(&office, "dana");
    let [(title, method, _)] = &dana[..] else { panic!("{dana:?}") };
    assert!(title.contains("this sail is cancelled") && method == "CANCEL", "{title}");
    assert_eq!(files(&office, "lee"), []);
    let told = office
        .mailbox
        .list()
        .into_iter()
        .filter(|arrived| arrived.mail.to.email.as_str() == "lee@example.com");
    assert!(told.into_iter().any(|arrived| arrived.mail.text.contains("cancelled")));
}
