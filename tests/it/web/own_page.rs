//! A person's own page: its link, who gets it and when it ends, and what the page shows and takes.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::operator::Operator;
use crewcall::store::{MemoryStore, Table};
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::CrewMember;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::form::{hidden, send};
use super::own_days::fill;
use super::sign_in::sign_in;
use crate::store::conformance::one_of_every_kind;
use crate::support::invariants;
use crate::support::office::{Office, caller, heading, operator, own_page_in, person, token_of};
use crate::support::watched::Watched;

pub(super) async fn office() -> Office {
    Office::new(Arc::new(MemoryStore::new())).await
}

/// The links of their own page that somebody was mailed.
fn page_links(office: &Office, to: &str) -> Vec<String> {
    let to = format!("{to}@example.com");
    let mails = office.mailbox.list();
    let theirs = mails.iter().filter(|arrived| arrived.mail.to.email.as_str() == to);
    theirs.filter_map(|arrived| own_page_in(&arrived.mail)).collect()
}

/// Has somebody's link mailed by the office.
pub(super) async fn own_link(office: &Office, who: &str) -> String {
    office.app.mail_own_page(&who.parse().unwrap(), false, &caller()).await.unwrap();
    office.tick().await;
    page_links(office, who).pop().unwrap()
}

/// The token of the calendar whose address stands on somebody's own page.
pub(super) fn feed_in(page: &str) -> String {
    let rest = page.split_once("value=\"https://crew.example.com/crew/calendar.ics?token=").unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

pub(super) async fn press(office: &Office, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    send(office, "", path, fields).await
}

pub(super) async fn says(office: &Office, who: &str) -> Value {
    let member = office.app.member(&who.parse().unwrap()).await.unwrap().unwrap();
    member.to_record()["availability"].clone()
}

#[tokio::test]
async fn the_link_is_mailed_to_its_person_and_shown_to_nobody_on_every_store() {
    for (name, store) in one_of_every_kind().await {
        let office = Office::new(store.store.clone()).await;
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        let offer = office.newest_link("dana").unwrap();
        let (status, page) = press(&office, "/crew/me/mail", &[("token", token_of(&offer))]).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana, can you sail?"), "{name}");
        assert!(page.contains("on its way to the address that the office has of you"), "{page}");
        office.tick().await;
        let link = page_links(&office, "dana").pop().unwrap();
        let secret = link.split_once('.').unwrap().1;
        assert!(
            !page.contains("/crew/me?token") && !page.contains(secret) && !page.contains("dana@example.com")
        );
        // Once more within ten minutes there is no second mail, and the page says from when on.
        let (_, page) = press(&office, "/crew/me/mail", &[("token", token_of(&offer))]).await;
        assert!(page.contains("From 09:10 PDT on you can have it once more."), "{page}");
        office.tick().await;
        assert_eq!(page_links(&office, "dana"), [link.as_str()], "{name}");
        office.advance("10min").await;
        press(&office, "/crew/me/mail", &[("token", token_of(&offer))]).await;
        office.tick().await;
        assert_eq!(page_links(&office, "dana"), [link.as_str(); 2], "it is the same link");
        // The list of the crew has it, for each their own; and no mail of anybody else has it.
        office.press("dana", "accept").await;
        office.tick().await;
        office.press("lee", "accept").await;
        office.tick().await;
        assert_eq!(page_links(&office, "dana"), [link.as_str(); 3]);
        let lees = page_links(&office, "lee");
        assert_eq!((lees.len(), lees[0] == link), (1, false));
        for arrived in office.mailbox.list() {
            let to = arrived.mail.to.email.as_str();
            let both = [&arrived.mail.text, &arrived.mail.html];
            assert!(to == "dana@example.com" || both.iter().all(|part| !part.contains(secret)), "{to}");
            assert!(to != "office@example.com" || both.iter().all(|part| !part.contains("token=")));
        }
        let (status, page) = office.get(&link).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana, your page"), "{name}");
        invariants::hold(&office.app).await;
    }
}

#[tokio::test]
async fn the_stores_row_has_no_secret_and_names_no_charter() {
    let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let link = own_link(&office, "dana").await;
    let (_, page) = office.get(&link).await;
    let feed = feed_in(&page);
    let rows = store.rows().await;
    for token in [token_of(&link), &feed] {
        let (id, secret) = token.split_once('.').unwrap();
        assert!(rows.values().all(|row| !row.body.contains(secret)));
        let row = rows.iter().find(|(key, _)| key.table == Table::Token && key.id == id).unwrap().1;
        let body: Value = serde_json::from_str(&row.body).unwrap();
        assert_eq!((&body["crew_id"], &body["charter_id"]), (&"dana".into(), &Value::Null));
    }
}

#[tokio::test]
async fn a_link_in_other_hands_is_ended_on_the_page_and_its_person_has_a_new_one() {
    let office = office().await;
    let old = own_link(&office, "dana").await;
    let (_, page) = office.get(&old).await;
    let feed =
        page.split_once("value=\"https://crew.example.com").unwrap().1.split('"').next().unwrap().to_owned();
    assert!(page.contains("Not Dana?") && page.contains("end it and mail me a new one"), "{page}");
    let (status, page) = press(&office, "/crew/me/end", &[("token", token_of(&old))]).await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "The link is ended"));
    assert!(!page.contains("token") && !page.contains("example.com/"), "{page}");
    office.tick().await;
    let new = page_links(&office, "dana").pop().unwrap();
    assert_ne!(old, new);
    assert_eq!(heading(&office.get(&new).await.1), "Dana, your page");
    let token = token_of(&old);
    let before = office.app.roster().await.unwrap();
    for (path, fields) in [
        (
            "/crew/me",
            vec![("token", token), ("do", "save"), ("day-2026-06-28", "no"), ("was-2026-06-28", "")],
        ),
        ("/crew/me/end", vec![("token", token)]),
    ] {
        let (status, page) = press(&office, path, &fields).await;
        assert_eq!((status, heading(&page)), (StatusCode::GONE, "This link has ended"), "{path}");
    }
    assert_eq!(office.get(&old).await.0, StatusCode::GONE);
    assert_eq!(office.get(&feed).await.0, StatusCode::GONE);
    assert_eq!(office.app.roster().await.unwrap(), before);
    office.tick().await;
    assert_eq!(page_links(&office, "dana").len(), 2, "an ended link has no mail sent");
}

#[tokio::test]
async fn the_office_mails_the_link_and_ends_it_and_whoever_left_has_no_page() {
    let office = office().await;
    let cookie = sign_in(&office).await;
    let contact =
        async |mail: &str| send(&office, &cookie, "/roster/people/dana/contact", &[("mail", mail)]).await;
    let (_, page) = send(&office, &cookie, "/roster/people/dana/contact", &[("mail", "page")]).await;
    assert!(page.contains("Dana Example's own page is on its way to dana@example.com"), "{page}");
    assert!(!page.contains("token="), "{page}");
    office.tick().await;
    let first = page_links(&office, "dana").pop().unwrap();
    // The office need not wait.
    contact("page").await;
    office.tick().await;
    assert_eq!(page_links(&office, "dana"), [first.as_str(); 2]);
    contact("new_page").await;
    office.tick().await;
    let second = page_links(&office, "dana").pop().unwrap();
    assert_eq!((office.get(&first).await.0, office.get(&second).await.0), (StatusCode::GONE, StatusCode::OK));
    // A mail that waits while its link ends is dropped.
    contact("page").await;
    contact("new_page").await;
    office.tick().await;
    assert_eq!(page_links(&office, "dana").len(), 4);
    office.app.mark_left(&"dana".parse().unwrap(), true, &caller()).await.unwrap();
    let third = page_links(&office, "dana").pop().unwrap();
    assert_eq!(heading(&office.get(&third).await.1), "This link has ended");
    let (_, page) = contact("page").await;
    assert!(page.contains("has left, and has no page"), "{page}");
}

#[tokio::test]
async fn a_link_opens_what_it_was_made_for_and_nothing_else() {
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let offer = office.newest_link("dana").unwrap();
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    let feed = feed_in(&page);
    let (offer, own) = (token_of(&offer), token_of(&own));
    for (path, right) in [("/crew/accept", offer), ("/crew/me", own)] {
        for token in [offer, own, &feed] {
            let (status, _) = office.get(&format!("{path}?token={token}")).await;
            assert_eq!(status == StatusCode::OK, token == right, "{path} by {token}");
        }
    }
    for token in [offer, own, &feed] {
        let (status, _) = office.get(&format!("/crew/calendar.ics?token={token}")).await;
        assert_eq!(status == StatusCode::OK, token == feed, "the feed by {token}");
        for (path, right) in [("/crew/me/end", own), ("/crew/me/mail", offer), ("/crew/message", offer)] {
            if token != right {
                let (status, _) =
                    press(&office, path, &[("token", token), ("text", "x"), ("key", "k")]).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{path} by {token}");
            }
        }
    }
}

/// A page whose address is a secret tells it to nobody, and still lets browsers say where a form came from.
#[tokio::test]
async fn pages_of_links_do_not_tell_their_address() {
    let office = office().await;
    let own = own_link(&office, "dana").await;
    for path in [own.as_str(), "/crew/accept?token=x.y", "/crew/me?token=x.y"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = office.pages.clone().oneshot(request).await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            (header("referrer-policy"), header("cache-control")),
            ("strict-origin".into(), "no-store".into())
        );
    }
    let posted = async |origin: &str| {
        let request = Request::post("/crew/me/end")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("host", "crew.example.com")
            .header("origin", origin);
        office.request(request.body(Body::from(format!("token={}", token_of(&own)))).unwrap()).await.0
    };
    // So it would be with `no-referrer`, of a browser that sends no Sec-Fetch-Site.
    assert_eq!(posted("null").await, StatusCode::FORBIDDEN);
    assert_eq!(posted("https://crew.example.com").await, StatusCode::OK);
}

#[tokio::test]
async fn the_page_has_what_is_asked_and_what_is_agreed_with_the_way_out_of_it() {
    let office = office().await;
    let early = office.book("early", (8, 11), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&early, Command::Start).await.unwrap();
    office.tick().await;
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    assert!(page.contains("You are asked") && page.contains(">Answer</a>"), "{page}");
    assert!(page.contains("None ahead."), "{page}");
    office.press("dana", "accept").await;
    office.tick().await;
    let (_, page) = office.get(&own).await;
    assert!(!page.contains("You are asked"), "{page}");
    for shown in [
        "Sat 27 Jun, 08:00 PDT",
        "America, as captain",
        "Sat 27 Jun 2026, 07:15 PDT",
        "Shelter Island, pier 3",
        "Dana Example (captain)",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    // Its page is a tap away, and has the way out.
    let sail = page.split_once("<a class=\"to\" href=\"").unwrap().1.split('"').next().unwrap();
    office.advance("11min").await;
    let (_, sail) = office.get(sail).await;
    assert!(heading(&sail) == "You're on" && sail.contains("I can't make it</button>"), "{sail}");
    // The day is locked, and leads there.
    assert!(
        page.contains("You sail: <a href=\"/crew/accept?token=") && !page.contains("name=\"day-2026-06-27\""),
        "{page}"
    );
    let token = hidden(&page, "token");
    let by_hand = [
        ("token", token.as_str()),
        ("do", "save"),
        ("day-2026-06-27", "no"),
        ("was-2026-06-27", "available"),
    ];
    let (_, page) = press(&office, "/crew/me", &by_hand).await;
    assert!(page.contains("You are aboard a sail on Sat 27 Jun, so that stays as it is"), "{page}");
    assert_eq!(says(&office, "dana").await, json!({ "2026-06-27": "available" }));
    // Nobody is bound to what is over, or off.
    office.run(&early, Command::Cancel).await.unwrap();
    let (_, page) = office.get(&own).await;
    assert!(page.contains("None ahead.") && page.contains("name=\"day-2026-06-27\""), "{page}");
}

/// Names and words of the roster are text, whatever they look like.
#[tokio::test]
async fn hostile_words_stay_words() {
    let office = office().await;
    let mut record = person("captain", "dana", 1, &[]).to_record();
    record["name"] = "<script>alert(1)</script> \"Dana\"".into();
    record["availability"] = json!({ "2026-06-28": "\"><script>x</script>", "2026-06-29": "two\nlines" });
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    let own = own_link(&office, "dana").await;
    let (_, page) = office.get(&own).await;
    assert!(!page.contains("<script"), "{page}");
    let token = hidden(&page, "token");
    // As a browser sends it: each line end as two characters.
    let fields = [
        ("token", token.as_str()),
        ("do", "save"),
        ("day-2026-06-29", "words"),
        ("was-2026-06-29", "two\r\nlines"),
        ("day-2026-06-30", "\"><b>"),
        ("was-2026-06-30", ""),
        ("day-9999-99-99", "no"),
        ("day-1999-01-01", "no"),
    ];
    let (status, page) = press(&office, "/crew/me", &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("Nothing had to be changed.") && !page.contains("While you had the page open"),
        "{page}"
    );
    assert_eq!(says(&office, "dana").await, record["availability"]);
}

/// What is logged names the public half of a link, never the other.
#[tokio::test]
async fn no_line_of_the_log_has_a_secret() {
    #[derive(Clone, Default)]
    struct Log(Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let lines = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || lines.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let office = office().await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let offer = office.newest_link("dana").unwrap();
    press(&office, "/crew/me/mail", &[("token", token_of(&offer))]).await;
    office.tick().await;
    let own = page_links(&office, "dana").pop().unwrap();
    let (_, page) = office.get(&own).await;
    let feed = page.split_once("calendar.ics?token=").unwrap().1.split('"').next().unwrap().to_owned();
    office.get(&format!("/crew/calendar.ics?token={feed}")).await;
    fill(&office, &page, &[("day-2026-06-28", "no")], "save").await;
    press(&office, "/crew/me/end", &[("token", token_of(&own))]).await;
    office.get(&own).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("days as the person says") && log.contains("via=\"link jada_page_"), "{log}");
    for token in [token_of(&offer), token_of(&own), &feed] {
        assert!(!log.contains(token.split_once('.').unwrap().1), "{log}");
    }
}

/// The key was lost, and there is another one: what it does not make any more is not mailed.
#[tokio::test]
async fn another_link_key_makes_other_links() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::new(store.clone()).await;
    let old = own_link(&office, "dana").await;
    let other = Operator { key: LinkKey::new([8; 32], "harbor"), ..operator() };
    let office = Office::run_by(other, store, office.time.now());
    let new = own_link(&office, "dana").await;
    assert!(new.contains("token=harbor_page_"), "{new}");
    assert_eq!((office.get(&old).await.0, office.get(&new).await.0), (StatusCode::GONE, StatusCode::OK));
    // Another prefix alone is no reason: the link keeps the one that it was made with.
    let renamed = Operator { key: LinkKey::new([8; 32], "boats"), ..operator() };
    let office = Office::run_by(renamed, office.app.store.clone(), office.time.now());
    assert_eq!(own_link(&office, "dana").await, new);
}
