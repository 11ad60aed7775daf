//! The conversation of a charter, on the pages and by mail, on every store.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use crewcall::app::Pages;
use crewcall::store::MemoryStore;
use crewcall::tick::tick;
use crewcall_dispatch::cascade::{Command, Fact};
use crewcall_dispatch::model::CharterId;
use jiff::ToSpan;

use super::form::{hidden, send};
use super::sign_in::sign_in;
use crate::store::conformance::one_of_every_kind;
use crate::support::office::{Office, heading, token_of};
use crate::support::{invariants, office};

/// Dana and lee are aboard, and the mailbox is empty.
async fn crewed(office: &Office) -> CharterId {
    let id = office.book("america", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    for who in ["dana", "lee"] {
        office.press(who, "accept").await;
        office.tick().await;
    }
    id
}

/// Who has a mail with these words.
fn readers(office: &Office, words: &str) -> Vec<String> {
    let mails = office.mailbox.list();
    let with = mails.iter().filter(|arrived| arrived.mail.text.contains(words));
    let mut readers: Vec<String> = with.map(|arrived| arrived.mail.to.email.to_string()).collect();
    readers.sort();
    readers
}

#[tokio::test]
async fn a_captain_writes_to_everyone_and_everyone_reads_it_once() {
    for (name, store) in one_of_every_kind().await {
        let office = Office::new(store.store.clone()).await;
        crewed(&office).await;
        let link = office.newest_link("dana").unwrap();
        let (_, page) = office.get(&link).await;
        let (token, key) = (token_of(&link).to_owned(), hidden(&page, "key"));
        let fields = [("token", token.as_str()), ("text", "Fog.\r\nBring <lights>!"), ("key", &key)];
        // Pressed twice.
        for _ in 0..2 {
            let (status, page) = send(&office, "", "/crew/message", &fields).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{name}: {page}");
        }
        // The page that is shown then can be loaded again.
        let (_, page) = office.get(&format!("/crew/accept?token={token}&sent=1")).await;
        assert!(page.contains("Your message goes to everyone aboard"), "{page}");
        assert_eq!(page.matches("Fog.\nBring &lt;lights&gt;!").count(), 1, "{page}");
        office.tick().await;
        assert_eq!(readers(&office, "> Fog.\n> Bring <lights>!"), ["lee@example.com", "office@example.com"]);
        // Lee reads it on the page, too, and answers.
        let link = office.newest_link("lee").unwrap();
        let (_, page) = office.get(&link).await;
        assert!(page.contains("Fog.\nBring &lt;lights&gt;!") && page.contains("Dana Example, "), "{page}");
        let key = hidden(&page, "key");
        send(
            &office,
            "",
            "/crew/message",
            &[("token", token_of(&link)), ("text", "Will do."), ("key", &key)],
        )
        .await;
        office.tick().await;
        assert_eq!(readers(&office, "> Will do."), ["dana@example.com", "office@example.com"]);
        invariants::hold(&office.app).await;
    }
}

#[tokio::test]
async fn all_mails_of_a_charter_are_one_conversation() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = crewed(&office).await;
    office.run(&id, Command::Post { text: "Fog.".into() }).await.unwrap();
    office.tick().await;
    let mails = office.mailbox.list();
    let first = &mails[0].mail;
    assert!(mails.len() > 6 && first.thread_root.is_some());
    assert!(mails.iter().all(|arrived| arrived.mail.thread_root == first.thread_root));
    assert!(mails.iter().all(|arrived| arrived.mail.subject == first.subject));
}

#[tokio::test]
async fn who_is_only_asked_reads_and_writes_nothing() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("america", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.press("dana", "accept").await;
    office.run(&id, Command::Post { text: "The code of the gate is 4711.".into() }).await.unwrap();
    office.tick().await;
    let link = office.newest_link("lee").unwrap();
    let (_, page) = office.get(&link).await;
    assert!(!page.contains("4711") && !page.contains("/crew/message"), "{page}");
    let fields = [("token", token_of(&link)), ("text", "Hello"), ("key", "k")];
    let (status, page) = send(&office, "", "/crew/message", &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("Only who is aboard can write to the others") && !page.contains("4711"), "{page}");
    let (status, _) =
        send(&office, "", "/crew/message", &[("token", "jada_crew_x.y"), ("text", "Hello")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_word_along_with_an_answer_reaches_the_office() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let id = office.book("america", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let long = "ab ".repeat(101);
    let fields = [("token", token_of(&link)), ("answer", "decline"), ("comment", long.as_str())];
    let (status, page) = send(&office, "", "/crew/accept", &fields).await;
    assert_eq!((status, page.contains("What you wrote has 302 characters")), (StatusCode::BAD_REQUEST, true));
    assert!(page.contains("Your answer is not in yet"), "{page}");
    let fields = [("token", token_of(&link)), ("answer", "decline"), ("comment", "In Oslo until July")];
    let (_, page) = send(&office, "", "/crew/accept", &fields).await;
    assert_eq!(heading(&page), "You said you can&#39;t do it".replace("&#39;", "'"));
    office.tick().await;
    assert_eq!(readers(&office, "> In Oslo until July"), ["office@example.com"]);
    let request = Request::get("/charters/america").header(COOKIE, &cookie).body(Body::empty()).unwrap();
    let (_, page) = office.request(request).await;
    assert!(
        page.contains("Dana Example declined captain 1") && page.contains("In Oslo until July"),
        "{page}"
    );
}

#[tokio::test]
async fn the_office_writes_to_the_crew_or_for_itself() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    crewed(&office).await;
    let read = async || {
        let request = Request::get("/charters/america").header(COOKIE, &cookie).body(Body::empty()).unwrap();
        office.request(request).await.1
    };
    let key = hidden(&read().await, "key");
    for (what, text) in [("note", "Lee is good with ropes."), ("note", "Lee is good with ropes.")] {
        let fields = [("what", what), ("text", text), ("key", key.as_str())];
        let (status, page) = send(&office, &cookie, "/charters/america/thread", &fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    let key = hidden(&read().await, "key");
    let fields = [("what", "post"), ("text", "Pier 4 today."), ("key", key.as_str())];
    send(&office, &cookie, "/charters/america/thread", &fields).await;
    office.tick().await;
    assert_eq!(readers(&office, "Pier 4 today."), ["dana@example.com", "lee@example.com"]);
    assert_eq!(readers(&office, "ropes"), [""; 0]);
    let page = read().await;
    // In the conversation, and in the log below.
    let (talk, log) = page.split_once("<details class=\"log\">").unwrap();
    for part in [talk, log] {
        assert_eq!((part.matches("good with ropes").count(), part.matches("Pier 4 today.").count()), (1, 1));
    }
    assert!(!talk.contains("id=\"event-") && log.contains("id=\"event-1\""), "{page}");
    for (fields, why) in [
        ([("what", "note"), ("text", "  "), ("key", "a")], "is empty; write something"),
        ([("what", "shout"), ("text", "x"), ("key", "b")], "press one of the buttons"),
    ] {
        let (status, page) = send(&office, &cookie, "/charters/america/thread", &fields).await;
        assert_eq!((status, page.contains(why)), (StatusCode::BAD_REQUEST, true), "{page}");
    }
    let (status, _) = send(&office, "", "/charters/america/thread", &[("what", "note"), ("text", "x")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "a stranger is sent to sign in");
    assert_eq!(
        read().await.split_once("<details class=\"log\">").unwrap().1.matches("a note of the office").count(),
        1
    );
}

#[tokio::test]
async fn the_key_of_a_form_is_forgotten_after_a_day() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = crewed(&office).await;
    let note = Command::Note { text: "x".into() };
    let notes = async || {
        office.app.run_once(&id, &note, &office::caller(), "k").await.unwrap();
        let audit = office.app.audit(&id).await.unwrap();
        audit.iter().filter(|event| matches!(event.fact, Fact::NoteWritten { .. })).count()
    };
    assert_eq!((notes().await, notes().await), (1, 1));
    let later = Office::on(office.app.store.clone(), office.time.now() + 25.hours());
    tick(later.time.outbox(), Pages::NotAsked).await.unwrap();
    assert_eq!(notes().await, 2);
}

#[tokio::test]
async fn another_text_under_the_same_key_is_another_message() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = crewed(&office).await;
    let link = office.newest_link("dana").unwrap();
    for (text, key) in [("Fog.", "k"), ("Fog, and wind.", "k"), ("Fog.", "k")] {
        let fields = [("token", token_of(&link)), ("text", text), ("key", key)];
        assert_eq!(send(&office, "", "/crew/message", &fields).await.0, StatusCode::SEE_OTHER);
    }
    let audit = office.app.audit(&id).await.unwrap();
    let posted = audit.iter().filter(|event| matches!(event.fact, Fact::MessagePosted { .. }));
    assert_eq!(posted.count(), 2);
    let (status, _) = send(&office, "", "/crew/message", &[("token", token_of(&link)), ("text", "x")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "a form without its key");
}

#[tokio::test]
async fn what_a_phone_hides_around_a_number_does_not_cost_the_answer() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("america", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let words = "Ring \u{202D}+1-619-555-0142\u{202C}";
    let fields = [("token", token_of(&link)), ("answer", "accept"), ("comment", words), ("key", "k")];
    for _ in 0..2 {
        let (status, page) = send(&office, "", "/crew/accept", &fields).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "You're on"));
    }
    office.tick().await;
    assert_eq!(readers(&office, "> Ring +1-619-555-0142"), ["office@example.com"], "once");
}

#[tokio::test]
async fn a_link_that_somebody_pastes_is_not_passed_on() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    crewed(&office).await;
    let link = office.newest_link("dana").unwrap();
    let text = format!("See https://crew.example.com{link}");
    let fields = [("token", token_of(&link)), ("text", text.as_str()), ("key", "k")];
    send(&office, "", "/crew/message", &fields).await;
    office.tick().await;
    let secret = token_of(&link).split_once('.').unwrap().1;
    assert_eq!(
        readers(&office, "> See https://crew.example.com/crew/accept?token="),
        ["lee@example.com", "office@example.com"]
    );
    assert_eq!(readers(&office, secret), ["dana@example.com"], "in the mail that had it all along");
}

#[tokio::test]
async fn what_could_not_be_sent_stands_in_its_field_again() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = crewed(&office).await;
    let link = office.newest_link("dana").unwrap();
    for n in 0..crewcall_dispatch::limits::MESSAGES_PER_HOUR {
        office.run(&id, Command::Post { text: format!("{n}") }).await.unwrap();
    }
    let fields = [("token", token_of(&link)), ("text", "Wait for me!"), ("key", "k")];
    let (status, page) = send(&office, "", "/crew/message", &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("There were 20 messages within an hour") && page.contains(">Wait for me!</textarea>"),
        "{page}"
    );
}
