//! Whoever tries links that open nothing is held off, and so is whoever opens one without end; nobody else is.

use std::sync::Arc;
use std::time::Duration;

use crewcall::store::MemoryStore;
use crewcall::web::serve;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::limits;
use reqwest::{Client, StatusCode};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::support::office::{Office, caller, link_in, own_page_in, token_of};

struct Visitor {
    client: Client,
    origin: String,
    /// What the proxy on this machine says of where they are.
    from: &'static str,
}

impl Visitor {
    async fn get(&self, path: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.origin));
        request.header("x-forwarded-for", self.from).send().await.unwrap()
    }
}

#[tokio::test]
async fn too_many_links_that_open_nothing_are_held_off_and_those_that_open_something_are_not() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.mailbox.list().iter().find_map(|arrived| link_in(&arrived.mail)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, office.pages.clone(), std::future::pending()));
    let visitor = |from| Visitor { client: Client::new(), origin: origin.clone(), from };
    let (guesser, other) = (visitor("203.0.113.7"), visitor("203.0.113.8"));

    let ways = ["/crew/accept?token=a.b", "/signin/link?token=a.b", "/setup?token=a", "/api/v1/charters"];
    let mut answered = 0;
    for way in ways.iter().cycle().take(1_000) {
        if guesser.get(way).await.status() == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        answered += 1;
    }
    assert!((60..1_000).contains(&answered), "{answered}");
    let held_off = guesser.get(ways[0]).await;
    assert_eq!(held_off.headers()["retry-after"], "60");
    assert!(held_off.text().await.unwrap().contains("Wait a minute"));
    let problem = guesser.get(ways[3]).await;
    assert_eq!(problem.headers()["content-type"], "application/problem+json");

    // What opens something is answered, also there, and so is whatever needs no link.
    assert_eq!(guesser.get(&link).await.status(), StatusCode::OK);
    assert_eq!(guesser.get("/signin").await.status(), StatusCode::OK);
    assert_eq!(guesser.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(other.get(ways[0]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_that_is_opened_without_end_is_held_off_and_no_other_is() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.app.mail_own_page(&"dana".parse().unwrap(), false, &caller()).await.unwrap();
    office.tick().await;
    let mails = office.mailbox.list();
    let link = office.newest_link("dana").unwrap();
    let own_page = mails.iter().find_map(|arrived| own_page_in(&arrived.mail)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, office.pages.clone(), std::future::pending()));
    let visitor = |from| Visitor { client: Client::new(), origin: origin.clone(), from };
    let (dana, stranger) = (visitor("203.0.113.7"), visitor("203.0.113.8"));

    // Whoever knows the half of it that is quoted holds nobody off.
    let (public, secret) = token_of(&link).split_once('.').unwrap();
    let guess = link.replace(secret, "guess");
    for _ in 0..200 {
        assert_ne!(stranger.get(&guess).await.status(), StatusCode::OK, "{public}");
    }
    let mut answered = 0;
    let held_off = loop {
        // From wherever, and however it is written.
        let way = match answered % 3 {
            0 => link.clone(),
            1 => link.replace("jada", "%6aada") + "%20",
            _ => link.replace("token=", "tok%65n="),
        };
        let who = if answered % 2 == 0 { &stranger } else { &dana };
        let answer = who.get(&way).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            break answer;
        }
        assert_eq!(answer.status(), StatusCode::OK);
        answered += 1;
        assert!(answered < 1_000, "it is never held off");
    };
    assert!(answered >= 60, "{answered}");
    assert_eq!(held_off.headers()["retry-after"], "60");
    // Its style sheet is asked for without the secret in the address.
    assert_eq!(held_off.headers()["referrer-policy"], "strict-origin");
    let words = held_off.text().await.unwrap();
    assert!(words.contains("<h1>Too often</h1>") && words.contains("Wait a minute"), "{words}");

    // Another link of the same person's, and the answer by this one.
    assert_eq!(dana.get(&own_page).await.status(), StatusCode::OK);
    let form = format!("token={}&answer=accept", token_of(&link));
    let post = dana.client.post(format!("{origin}/crew/accept")).body(form);
    let answer = post.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("You're on"));
}

/// Bodies that arrive by a byte a second hold a place of everyone's: those of one place are few, also behind a proxy.
#[tokio::test]
async fn whoever_sends_slowly_from_one_place_takes_nothing_from_others() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, office.pages.clone(), std::future::pending()));
    let mut slow = Vec::new();
    for _ in 0..limits::REQUESTS_OF_ONE {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = "POST /crew/accept HTTP/1.1\r\nHost: crew.example.com\r\nX-Forwarded-For: 203.0.113.7\r\n\
                    Origin: https://crew.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\ntoken=";
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    let visitor = |from| Visitor { client: Client::new(), origin: format!("http://{address}"), from };
    let (same, other) = (visitor("203.0.113.7"), visitor("203.0.113.8"));
    // The heads are read when they are.
    let mut tries = 0;
    let refused = loop {
        let answer = same.get("/signin").await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            break answer;
        }
        tries += 1;
        assert!(tries < 500, "it is never held off");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!(refused.headers()["retry-after"], "5");
    assert!(refused.headers().contains_key("content-security-policy"));
    assert!(refused.text().await.unwrap().contains("Too much at once"));
    assert_eq!(other.get("/signin").await.status(), StatusCode::OK);
    drop(slow);
    while same.get("/signin").await.status() != StatusCode::OK {
        tries += 1;
        assert!(tries < 1_000, "what has ended counts still");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Each may be a mail of the day's, and what a call needs is not for whoever asks for links.
#[tokio::test]
async fn sign_ins_that_are_begun_without_end_are_held_off_and_no_other_place_is() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, office.pages.clone(), std::future::pending()));
    let visitor = |from| Visitor { client: Client::new(), origin: origin.clone(), from };
    let (asker, other) = (visitor("203.0.113.7"), visitor("203.0.113.8"));
    let ask = async |visitor: &Visitor| {
        let post = visitor.client.post(format!("{origin}/signin")).header("x-forwarded-for", visitor.from);
        let post = post.header("content-type", "application/x-www-form-urlencoded");
        post.body("email=pat%40example.com").send().await.unwrap().status()
    };
    let mut answered = 0;
    while ask(&asker).await != StatusCode::TOO_MANY_REQUESTS {
        answered += 1;
        assert!(answered < 100, "it is never held off");
    }
    assert!(answered >= 20, "{answered}");
    assert_eq!(ask(&other).await, StatusCode::OK);
    assert_eq!(asker.get("/signin").await.status(), StatusCode::OK);
}
