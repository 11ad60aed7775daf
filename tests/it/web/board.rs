//! The board: what it shows, what of it is looked at, and what it tells those who look.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::header::RETRY_AFTER;
use axum::http::{Request, StatusCode};
use crewcall::app::{App, Role};
use crewcall::clock::MovableClock;
use crewcall::sheet::Mode;
use crewcall::store::{Expect, Key, MemoryStore, Store, Table, Write};
use crewcall::web::{Web, router};
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CharterId;
use futures_util::StreamExt;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::mailed_link::{email, signed_in};
use super::sign_in::{get, send, sign_in, sign_in_as};
use crate::support::office::{Office, caller, operator};

async fn page(office: &Office, path: &str, cookie: &str) -> String {
    let (status, page) = office.request(get(path, cookie)).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    page
}

/// One sail is crewed, one asks, one is not started, and nobody is left for the host of the fourth.
async fn season() -> (Office, String) {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let crewed = office.book("crewed", (8, 10), &[("captain", 1)]).await.unwrap();
    office.run(&crewed, Command::Start).await.unwrap();
    office.tick().await;
    office.press("dana", "accept").await;
    let asking = office.book("asking", (11, 13), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&asking, Command::Start).await.unwrap();
    office.tick().await;
    office.book("draft", (14, 16), &[("captain", 1)]).await.unwrap();
    let exhausted = office.book("exhausted", (18, 20), &[("captain", 1), ("host", 1)]).await.unwrap();
    office.run(&exhausted, Command::Start).await.unwrap();
    office.tick().await;
    (office, cookie)
}

/// The charters that a page of the board has, in order.
fn shown(page: &str) -> Vec<&str> {
    page.split("<tr id=\"charter-").skip(1).map(|row| row.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn of_the_board_one_sees_what_one_looks_for() {
    let (office, cookie) = season().await;
    let all = page(&office, "/", &cookie).await;
    assert_eq!(shown(&all), ["crewed", "asking", "draft", "exhausted"]);
    for part in
        ["✓ Dana Example", "○ not started", "○ after the captain", "1 crewed", "2 asking", "left</span>"]
    {
        assert!(all.contains(part), "{part} is missing in {all}");
    }
    for (asked, found) in [
        ("show=uncrewed", &["asking", "draft", "exhausted"][..]),
        ("show=soon", &[]),
        ("q=DANA", &["crewed", "exhausted"]),
        ("q=kai", &[]),
        ("q=america+27+jun", &["crewed", "asking", "draft", "exhausted"]),
        ("q=draft&show=uncrewed", &["draft"]),
        ("q=nowhere", &[]),
        ("show=nonsense", &["crewed", "asking", "draft", "exhausted"]),
    ] {
        assert_eq!(shown(&page(&office, &format!("/?{asked}"), &cookie).await), found, "{asked}");
    }
    // Days later all of them leave within 72 hours.
    office.advance("108h").await;
    let cookie = signed_in(&office, "pat@example.com").await;
    assert_eq!(shown(&page(&office, "/?show=soon", &cookie).await).len(), 4);
    let needs = page(&office, "/?show=needs-you", &cookie).await;
    assert!(shown(&needs).contains(&"exhausted") && !shown(&needs).contains(&"crewed"), "{needs}");
    assert_eq!(shown(&page(&office, "/?show=past", &cookie).await), [""; 0]);
    // A day after they left they are found there, and by a search.
    office.advance("96h").await;
    let cookie = signed_in(&office, "pat@example.com").await;
    assert_eq!(shown(&page(&office, "/", &cookie).await), [""; 0]);
    assert_eq!(shown(&page(&office, "/?show=past", &cookie).await).len(), 4);
    assert_eq!(shown(&page(&office, "/?show=past&q=draft", &cookie).await), ["draft"]);
}

#[tokio::test]
async fn the_crew_is_seen_by_days() {
    let (office, cookie) = season().await;
    let crew = page(&office, "/?by=crew", &cookie).await;
    assert!(crew.contains("<span class=\"unseen\">, sails</span>"), "{crew}");
    assert!(crew.contains("✓ America 08:00") && crew.contains("is asked"), "{crew}");
    assert!(crew.contains("<tr id=\"crew-dana\"") && !crew.contains("<tr id=\"charter"), "no charters there");
}

#[tokio::test]
async fn what_is_late_stands_on_top_and_what_is_well_at_the_foot() {
    let (office, cookie) = season().await;
    let board = page(&office, "/", &cookie).await;
    assert!(board.contains("Dispatcher ticked <time") && board.contains("mail ok"), "{board}");
    assert!(board.contains("sheet not read yet") && !board.contains("is late"), "{board}");
    let row = Write::Put {
        key: Key::new(Table::Service, "sheet-round"),
        expect: Expect::Absent,
        body: format!("{{\"at\":\"{}\"}}", office.time.now()),
        listing: None,
        due_at: None,
    };
    office.app.store.commit(vec![row]).await.unwrap();
    let board = page(&office, "/", &cookie).await;
    assert!(board.contains("sheet in step <time") && !board.contains("The sheet is late"), "{board}");
    let later = Office::on(office.app.store.clone(), office.time.now() + jiff::SignedDuration::from_mins(30));
    let board = page(&later, "/", &cookie).await;
    assert!(board.contains("! The dispatcher is late: it last ticked on Sat 20 Jun 2026"), "{board}");
    assert!(board.contains("! The sheet is late: it was last in step on Sat 20 Jun 2026"), "{board}");
    let fresh = Office::on(Arc::new(MemoryStore::new()), office.time.now());
    let cookie = sign_in(&fresh).await;
    let board = page(&fresh, "/", &cookie).await;
    assert!(board.contains("! The dispatcher has not ticked yet"), "{board}");
}

/// A browser that listens.
struct Listener(BodyDataStream);

impl Listener {
    async fn of(office: &Office, cookie: &str, headers: &[(&str, &str)], seen: &str) -> Self {
        let mut request = Request::get(format!("/live?seen={seen}")).header("cookie", cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = send(office, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body().into_data_stream())
    }

    /// The next event: its number, name and data. Comments, which keep the stream alive, are passed over.
    async fn next(&mut self) -> Option<(String, String, Value)> {
        loop {
            let frame = String::from_utf8(self.0.next().await?.unwrap().to_vec()).unwrap();
            let field =
                |name: &str| frame.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(event) = field("event: ") {
                let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                return Some((field("id: ").unwrap_or_default(), event, data));
            }
        }
    }

    /// The next event about this part of the page.
    async fn about(&mut self, id: &str) -> Option<String> {
        loop {
            let (_, event, data) = self.next().await?;
            if event == "piece" && data["id"] == id {
                return Some(data["html"].as_str().unwrap().to_owned());
            }
        }
    }
}

fn seen(page: &str) -> &str {
    page.split_once("data-seen=\"").unwrap().1.split('"').next().unwrap()
}

// Time passes here only while everyone waits for it.
#[tokio::test(start_paused = true)]
async fn whoever_looks_is_told_what_changes() {
    let (office, cookie) = season().await;
    let before = page(&office, "/", &cookie).await;
    let mut first = Listener::of(&office, &cookie, &[], seen(&before)).await;
    assert_eq!(first.next().await.unwrap().1, "hello");
    // Nobody watched for what happened between the page and the stream.
    assert_eq!(first.next().await.unwrap().1, "reload");
    let fetched = page(&office, "/", &cookie).await;
    let mut second = Listener::of(&office, &cookie, &[], seen(&fetched)).await;
    let hello = second.next().await.unwrap();
    assert_eq!(hello.1, "hello");

    office.run(&"draft".parse().unwrap(), Command::Start).await.unwrap();
    for listener in [&mut first, &mut second] {
        let row = listener.about("charter-draft").await.unwrap();
        assert!(row.contains("mail on its way") && !row.contains("not started"), "{row}");
        let top = listener.about("top").await.unwrap();
        assert!(top.contains("3 asking"), "{top}");
    }
    // What does not show on the board is told to whoever looks at the charter's own page.
    office.run(&"draft".parse().unwrap(), Command::Note { text: "fuel".into() }).await.unwrap();
    loop {
        let (_, event, data) = second.next().await.unwrap();
        if event == "touched" && data["id"] == "charter-draft" {
            break;
        }
    }
    // What was told is what the page says.
    office.book("new", (21, 23), &[("captain", 1)]).await.unwrap();
    let row = second.about("charter-new").await.unwrap();
    assert!(page(&office, "/", &cookie).await.contains(&row), "{row}");
    // A browser that lost its stream says how far it came.
    let mut again = Listener::of(&office, &cookie, &[("last-event-id", &hello.0)], seen(&fetched)).await;
    assert_eq!(again.next().await.unwrap().1, "reload");

    // Another process on the store, of which this one hears nothing.
    let store: Arc<dyn Store> = office.app.store.clone();
    let other = App::new(store, Arc::new(MovableClock::frozen(office.time.now())), operator());
    let crewed: CharterId = "crewed".parse().unwrap();
    other.run(&crewed, &Command::Cancel, &caller()).await.unwrap();
    let row = second.about("charter-crewed").await.unwrap();
    assert!(row.contains("cancelled"), "{row}");

    office.app.stop();
    while first.next().await.is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_after_a_while_so_that_whoever_is_signed_out_hears_no_more() {
    let (office, cookie) = season().await;
    office.app.put_user(&email("lou@example.com"), "Lou", Role::Office, "test").await.unwrap();
    let mut listener = Listener::of(&office, &cookie, &[], "").await;
    let begun = tokio::time::Instant::now();
    while listener.next().await.is_some() {}
    let minutes = begun.elapsed().as_secs() / 60;
    assert!((8..=12).contains(&minutes), "{minutes} min of a clock that passes while everyone waits");
    // Whoever signs out or is removed hears no more within a minute, and not only then.
    let zoe = "zoe@example.com";
    office.app.put_user(&email(zoe), "Zoe", Role::ReadOnly, "test").await.unwrap();
    let other = signed_in(&office, zoe).await;
    for ended in [&cookie, &other] {
        let mut listener = Listener::of(&office, ended, &[], "").await;
        let begun = tokio::time::Instant::now();
        if ended == &cookie {
            send(&office, super::sign_in::form("/signout", &cookie, String::new())).await;
        } else {
            office.app.remove_user(&email(zoe), "test").await.unwrap();
        }
        while listener.next().await.is_some() {}
        assert!(begun.elapsed().as_secs() <= 60, "{} s", begun.elapsed().as_secs());
        let answer = send(&office, get("/live", ended)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_when_there_are_too_many_streams_is_told_to_come_later_until_one_ends() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let refused = async |cookie: &str, why: &str| {
        let answer = send(&office, get("/live", cookie)).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()[RETRY_AFTER], "60");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(why), "{body:?}");
    };
    let mut listeners = Vec::new();
    for user in 0..limits::LIVE_STREAMS / limits::LIVE_STREAMS_OF_ONE {
        let cookie = sign_in_as(&office, &format!("Pat {user}"), &format!("pat-{user}@example.com")).await;
        for _ in 0..limits::LIVE_STREAMS_OF_ONE {
            listeners.push(Listener::of(&office, &cookie, &[], "").await);
        }
        if user == 0 {
            refused(&cookie, "too many of your windows").await;
            // In another browser as well.
            let cookie = sign_in_as(&office, "Pat 0", "pat-0@example.com").await;
            refused(&cookie, "too many of your windows").await;
            drop(listeners.pop());
            listeners.push(Listener::of(&office, &cookie, &[], "").await);
        }
    }
    let cookie = sign_in(&office).await;
    refused(&cookie, "Too many browsers").await;
    drop(listeners.pop());
    assert_eq!(Listener::of(&office, &cookie, &[], "").await.next().await.unwrap().1, "reload");
}

#[tokio::test]
async fn where_mail_goes_to_nobody_the_board_and_the_start_of_a_call_say_so() {
    let (office, cookie) = season().await;
    let pages = router(Web::new(office.app.clone(), Mode::Off).keeping_mail(true), Router::new());
    for (path, words) in [
        ("/", "goes into a directory, and to nobody"),
        ("/charters/draft/start", "is written into the directory for mails; nobody gets it"),
    ] {
        let answer = pages.clone().oneshot(get(path, &cookie)).await.unwrap();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let shown = String::from_utf8(body.to_vec()).unwrap();
        assert!(shown.contains(words), "{path}: {shown}");
        assert!(!page(&office, path, &cookie).await.contains(words), "{path}");
    }
}
