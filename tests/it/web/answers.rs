//! The page behind a crew link, in each of its states.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::store::{MemoryStore, SqliteStore, Store};
use crewcall_dispatch::cascade::{CallStatus, Command, Fact, OfferState};
use crewcall_dispatch::model::CharterId;

use crate::store::conformance::{TestStore, one_of_every_kind};
use crate::support::invariants;
use crate::support::office::{Office, START, caller, heading, operator, people, token_of};

async fn started(store: Arc<dyn Store>) -> (Office, CharterId) {
    let office = Office::new(store).await;
    let id = start(&office).await;
    (office, id)
}

async fn start(office: &Office) -> CharterId {
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 2)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    id
}

async fn in_memory() -> (Office, CharterId) {
    started(Arc::new(MemoryStore::new())).await
}

#[tokio::test]
async fn the_page_shows_the_sail_and_two_buttons_without_a_script() {
    let (office, _) = in_memory().await;
    let (status, page) = office.get(&office.newest_link("dana").unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    for shown in [
        "Dana, can you sail?",
        "Captain on America",
        "Sat 27 Jun 2026, 16:00 PDT",
        "Sat 27 Jun 2026, 15:15 PDT",
        "Shelter Island, pier 3",
        "nobody yet",
        "Sat 20 Jun 2026, 11:00 PDT",
        ">Accept</button>",
        ">Can't do it</button>",
    ] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    assert!(!page.contains("<script"));
    assert!(page.len() < 20_000);
}

#[tokio::test]
async fn an_old_link_shows_how_the_person_stands_now() {
    let (office, id) = in_memory().await;
    let old = office.newest_link("dana").unwrap();
    // Nobody answers, the list runs dry, and the office asks again from the top.
    while office.app.charter(&id).await.unwrap().status() == CallStatus::Running {
        office.advance("2h3min").await;
    }
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let new = office.newest_link("dana").unwrap();
    assert_ne!(old, new);
    let (_, page) = office.get(&old).await;
    assert_eq!(heading(&page), "You were asked again");
    assert!(!page.contains("name=\"answer\""), "{page}");
    office.press_link(&new, "accept").await;
    let (_, page) = office.get(&old).await;
    assert_eq!(heading(&page), "You're on");
    assert!(!page.contains("name=\"answer\""), "only the newest link takes the yes back: {page}");
}

#[tokio::test]
async fn each_ended_state_has_its_page() {
    let (office, id) = in_memory().await;
    let dana = office.newest_link("dana").unwrap();
    office.advance("2h3min").await;
    let page = |page: (StatusCode, String)| (page.0, heading(&page.1).to_owned());
    let ok = |words: &str| (StatusCode::OK, words.to_owned());
    let conflict = |words: &str| (StatusCode::CONFLICT, words.to_owned());

    assert_eq!(page(office.get(&dana).await), ok("The time to answer is over"));
    assert_eq!(page(office.press_link(&dana, "accept").await), ok("Thank you, you stand by"));
    assert_eq!(page(office.get(&dana).await), ok("Thank you, you stand by"));
    assert_eq!(page(office.press_link(&dana, "decline").await), ok("The time to answer is over"));

    assert_eq!(page(office.press("gene", "accept").await), ok("You're on"));
    assert_eq!(page(office.press("gene", "accept").await), ok("You're on"));
    assert_eq!(page(office.press("gene", "decline").await), conflict("You're on"));
    assert_eq!(page(office.get(&dana).await), ok("The seat is taken"));

    office.tick().await;
    assert_eq!(page(office.press("sam", "decline").await), ok("You said you can't do it"));
    assert_eq!(page(office.press("sam", "accept").await), conflict("You said you can't do it"));

    assert_eq!(page(office.press("gene", "undo").await), ok("Gene, can you sail?"));
    let lee = office.newest_link("lee").unwrap();
    assert_eq!(page(office.press_link(&lee, "accept").await), conflict("You are not needed at present"));

    office.run(&id, Command::Cancel).await.unwrap();
    for link in [dana, lee, office.newest_link("gene").unwrap()] {
        assert_eq!(page(office.get(&link).await), ok("This sail is cancelled"));
        assert_eq!(page(office.press_link(&link, "accept").await), conflict("This sail is cancelled"));
    }
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn who_is_aboard_a_sail_that_changes_confirms_by_the_same_link_or_says_no_at_no_cost() {
    let (office, id) = in_memory().await;
    office.press("dana", "accept").await;
    office.tick().await;
    office.press("sam", "accept").await;
    office.tick().await;
    let change = async || {
        let from = Box::new(office.app.charter(&id).await.unwrap().charter);
        let mut to = from.clone();
        to.dock = if from.dock == "pier 9" { "pier 8" } else { "pier 9" }.into();
        office.run(&id, Command::Change { from, to }).await.unwrap();
        office.tick().await;
    };
    change().await;
    let dana = office.newest_link("dana").unwrap();
    let (_, page) = office.get(&dana).await;
    assert_eq!(heading(&page), "Dana, can you still sail?");
    for shown in [
        "Dock: <strong>pier 9</strong>, not <s>Shelter Island, pier 3</s>",
        "I still sail</button>",
        "Reply by",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    // The page of the first yes, sent again, confirms nothing; nor does one of another revision.
    for stale in ["accept", "confirm&revision=1"] {
        let (status, page) = office.press_link(&dana, stale).await;
        assert_eq!((status, heading(&page)), (StatusCode::CONFLICT, "Dana, can you still sail?"));
        assert!(page.contains("The sail has changed since"), "{page}");
    }
    let (status, page) = office.press_link(&dana, "confirm&revision=2").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "You're on"));
    let (status, page) = office.press("sam", "drop_out").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "You said you can't do it"));
    invariants::hold(&office.app).await;
    change().await;
    office.advance("7h").await;
    // Nobody is dropped: the office rings.
    let (_, page) = office.get(&dana).await;
    assert_eq!(heading(&page), "Dana, can you still sail?");
    let office_mails = office.mailbox.list();
    let told =
        office_mails.iter().filter(|arrived| arrived.mail.text.contains("Dana Example has not confirmed"));
    assert_eq!(told.count(), 1);
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn whoever_sails_no_more_is_told_that_by_an_old_link() {
    let (office, _) = in_memory().await;
    let dana = office.newest_link("dana").unwrap();
    office.press_link(&dana, "decline").await;
    office.app.mark_left(&"dana".parse().unwrap(), true, &caller()).await.unwrap();
    let (status, page) = office.press_link(&dana, "stand_by").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("You are not on the roster any more; if you can sail, ring the office."), "{page}");
}

#[tokio::test]
async fn who_said_no_can_stand_by_and_step_back_by_the_same_link() {
    let (office, id) = in_memory().await;
    let dana = office.newest_link("dana").unwrap();
    let (_, page) = office.press_link(&dana, "decline").await;
    assert!(page.contains("value=\"stand_by\"") && page.contains("I can sail</button>"), "{page}");
    let stands_by = async || office.app.charter(&id).await.unwrap().standing_by().count();
    let (status, page) = office.press_link(&dana, "stand_by").await;
    assert_eq!((status, heading(&page), stands_by().await), (StatusCode::OK, "Thank you, you stand by", 1));
    assert!(page.contains("You are not on yet"), "{page}");
    office.tick().await;
    office.press("gene", "accept").await;
    let (_, page) = office.get(&dana).await;
    assert!(page.contains("Somebody else has the seat"), "{page}");
    let (status, page) = office.press_link(&dana, "decline").await;
    assert_eq!((status, heading(&page), stands_by().await), (StatusCode::OK, "You said you can't do it", 0));
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn who_cannot_make_it_any_more_says_so_by_the_link_and_answers_for_the_seat() {
    let (office, id) = in_memory().await;
    office.press("dana", "accept").await;
    office.tick().await;
    let dana = office.newest_link("dana").unwrap();
    let (_, page) = office.get(&dana).await;
    assert!(page.contains(">Undo</button>") && !page.contains("drop_out"), "it costs nothing yet: {page}");
    office.advance("11min").await;
    let (_, page) = office.get(&dana).await;
    assert!(page.contains("I can't make it</button>") && !page.contains(">Undo<"), "{page}");
    let (_, page) = office.press_link(&dana, "undo").await;
    assert!(page.contains("say that you can't make it instead"), "{page}");

    let page = |page: (StatusCode, String)| (page.0, heading(&page.1).to_owned());
    let ok = |words: &str| (StatusCode::OK, words.to_owned());
    for _ in 0..2 {
        assert_eq!(page(office.press_link(&dana, "drop_out").await), ok("You said you can't make it"));
    }
    let (_, shown) = office.get(&dana).await;
    assert!(shown.contains("Others are asked to sail as captain."), "{shown}");
    for (command, says) in
        [(Command::Pause, "The office sees to it who sails instead."), (Command::Resume, "Others are asked")]
    {
        office.run(&id, command).await.unwrap();
        let (_, shown) = office.get(&dana).await;
        assert!(shown.contains(says), "{shown}");
    }
    // Sam and Lee had been asked by then; without a captain nobody is.
    let asked = |state: &crewcall_dispatch::cascade::CharterState| {
        state.open_offers().map(|offer| offer.crew_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked(&office.app.charter(&id).await.unwrap()), ["gene"]);
    let stale = office.press_link(&dana, "accept").await;
    assert_eq!(page(stale), (StatusCode::CONFLICT, "You said you can't make it".to_owned()));
    assert_eq!(page(office.press_link(&dana, "return").await), ok("You're on"));
    invariants::hold(&office.app).await;
    assert_eq!(page(office.press_link(&dana, "drop_out").await), ok("You said you can't make it"));
    office.tick().await;
    assert_eq!(page(office.press("gene", "accept").await), ok("You're on"));
    assert_eq!(page(office.get(&dana).await), ok("You are free"));
    let refused = office.press_link(&dana, "return").await;
    assert_eq!(page(refused), (StatusCode::CONFLICT, "You are free".to_owned()));
    invariants::hold(&office.app).await;
}

/// Dana did not answer, Gene said no, Maya sails, and Sam had not answered yet.
#[tokio::test]
async fn once_the_sail_has_left_every_link_says_so() {
    let (office, _) = in_memory().await;
    let dana = office.newest_link("dana").unwrap();
    office.advance("2h3min").await;
    let gene = office.newest_link("gene").unwrap();
    office.press("gene", "decline").await;
    office.tick().await;
    assert_eq!(office.press("maya", "accept").await.0, StatusCode::OK);
    office.tick().await;
    let (sam, maya) = (office.newest_link("sam").unwrap(), office.newest_link("maya").unwrap());
    office.advance("180h").await;
    for link in [dana, gene, sam] {
        let (status, page) = office.get(&link).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "This sail has left"));
        assert!(!page.contains("name=\"answer\""), "{page}");
        let (status, page) = office.press_link(&link, "accept").await;
        assert_eq!((status, heading(&page)), (StatusCode::CONFLICT, "This sail has left"));
    }
    let (_, page) = office.get(&maya).await;
    assert_eq!(heading(&page), "This sail has left");
    assert!(page.contains("You are on its crew list, as captain"), "{page}");
}

#[tokio::test]
async fn undo_is_offered_for_ten_minutes_and_once() {
    let (office, _) = in_memory().await;
    let (_, page) = office.press("dana", "accept").await;
    assert!(page.contains("Until 09:10 PDT you can take it back, once."), "{page}");
    let (_, page) = office.press("dana", "undo").await;
    assert!(
        page.contains("You took your yes back; a mail says so") && page.contains(">Accept</button>"),
        "{page}"
    );
    let (_, page) = office.press("dana", "accept").await;
    assert!(page.contains("I can't make it</button>") && !page.contains(">Undo</button>"), "{page}");

    let (office, _) = in_memory().await;
    office.press("dana", "accept").await;
    office.advance("10min").await;
    let (_, page) = office.get(&office.newest_link("dana").unwrap()).await;
    assert!(!page.contains(">Undo</button>"));
    let (status, page) = office.press("dana", "undo").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("say that you can't make it instead"), "{page}");
}

#[tokio::test]
async fn a_broken_link_says_so_and_gives_nothing_away() {
    let (office, id) = in_memory().await;
    let link = office.newest_link("dana").unwrap();
    let token = token_of(&link);
    let (public, secret) = token.split_once('.').unwrap();
    let other = if secret.starts_with('a') { 'b' } else { 'a' };
    let almost = format!("{public}.{other}{}", &secret[1..]);
    for broken in ["", public, secret, &almost, &format!("{public}."), "x.y", "%00", &"a".repeat(5_000)] {
        let (status, page) = office.get(&format!("/crew/accept?token={broken}")).await;
        assert_eq!((status, heading(&page)), (StatusCode::NOT_FOUND, "This link is not whole"), "{broken:?}");
        let (status, _) = office.press_link(&format!("/crew/accept?token={broken}"), "accept").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{broken:?}");
    }
    assert_eq!(office.app.charter(&id).await.unwrap().captain(), None);
}

#[tokio::test]
async fn the_stored_record_rules_over_the_links_other_parameters() {
    let (office, id) = in_memory().await;
    let link = office.newest_link("dana").unwrap();
    let token = token_of(&link);
    let (status, page) =
        office.get(&format!("/crew/accept?token={token}&charter_id=other&expires=1970-01-01")).await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana, can you sail?"));
    office.press_link(&format!("/crew/accept?token={token}&charter_id=other"), "accept").await;
    assert_eq!(office.app.charter(&id).await.unwrap().captain().unwrap().crew_id.as_str(), "dana");
}

/// Two servers on one store, 100 posts of one link at once: one effect, one answer.
async fn hundred_at_once(store: TestStore) {
    let (first, id) = started(store.store.clone()).await;
    let second = Office::on(store.opened_by_another(), first.time.now());
    let link = first.newest_link("dana").unwrap();
    let mut presses = tokio::task::JoinSet::new();
    for n in 0..100 {
        let pages = if n % 2 == 0 { first.pages.clone() } else { second.pages.clone() };
        let body = format!("token={}&answer=accept", token_of(&link));
        presses.spawn(async move {
            let request = Request::post("/crew/accept")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap();
            let answer = tower::ServiceExt::oneshot(pages, request).await.unwrap();
            let status = answer.status();
            let bytes = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
            (status, String::from_utf8(bytes.to_vec()).unwrap())
        });
    }
    let answers = presses.join_all().await;
    for (status, page) in &answers {
        assert_eq!((*status, heading(page)), (StatusCode::OK, "You're on"));
    }
    let audit = first.app.audit(&id).await.unwrap();
    let accepts = audit.iter().filter(|event| matches!(event.fact, Fact::OfferAccepted { .. })).count();
    assert_eq!(accepts, 1);
    invariants::hold(&first.app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundred_posts_of_one_link_have_one_effect() {
    for (_, store) in one_of_every_kind().await {
        hundred_at_once(store).await;
    }
}

/// The answer and the deadline at the same instant, from two servers on one file, again and again:
/// either the accept wins or the expiry does, and the page says which.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accept_against_expiry_at_the_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let mut won = [0, 0];
    for n in 0..100 {
        let open = || Arc::new(SqliteStore::open(folder.path().join(format!("{n}.db"))).unwrap());
        // A window so short that its end is no outage to servers that start then.
        let mut operator = operator();
        operator.policy.response_window = jiff::SignedDuration::from_secs(60);
        operator.policy.grace = jiff::SignedDuration::from_secs(30);
        let office = |now| Office::run_by(operator.clone(), open(), now);
        let first = office(START.parse().unwrap());
        first.import(&people()).await;
        let id = start(&first).await;
        let link = first.newest_link("dana").unwrap();
        let closes_at = first.app.charter(&id).await.unwrap().offers[0].closes_at.unwrap();
        // One server's clock is a moment behind the deadline, the other's has reached it.
        let behind = office(closes_at - jiff::SignedDuration::from_millis(1));
        let reached = office(closes_at);
        let app = reached.app.clone();
        let barrier = Arc::new(tokio::sync::Barrier::new(2));
        let at_once = barrier.clone();
        let press = tokio::spawn(async move {
            at_once.wait().await;
            // Sometimes the one, sometimes the other is a little earlier.
            spin(n % 10);
            behind.press_link(&link, "accept").await
        });
        let expire = tokio::spawn(async move {
            barrier.wait().await;
            spin(10 - n % 10);
            app.run(&id, &Command::Settle, &caller()).await.unwrap()
        });
        let ((status, page), _) = (press.await.unwrap(), expire.await.unwrap());
        let state = reached.app.charter(&"ch".parse().unwrap()).await.unwrap();
        match state.offers[0].state {
            OfferState::Accepted => {
                assert_eq!((status, heading(&page)), (StatusCode::OK, "You're on"));
                assert_eq!(state.status(), CallStatus::Running);
                won[0] += 1;
            }
            OfferState::Expired => {
                assert_eq!((status, heading(&page)), (StatusCode::OK, "Thank you, you stand by"));
                assert_eq!(state.offers[1].crew_id.as_str(), "gene");
                won[1] += 1;
            }
            other => panic!("the offer is {other:?}"),
        }
        invariants::hold(&reached.app).await;
    }
    assert!(won[0] > 0 && won[1] > 0, "one side won every race, so there was none: {won:?}");
    println!("the accept won {} times, the expiry {}", won[0], won[1]);
}

/// Some hundred microseconds, without giving the thread away.
fn spin(steps: u32) {
    let until = std::time::Instant::now() + std::time::Duration::from_micros(150) * steps;
    while std::time::Instant::now() < until {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn in_time_counts_up_to_the_last_moment_of_the_grace() {
    for (before, expected) in [(1, "You're on"), (0, "Thank you, you stand by")] {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (first, id) = started(store.clone()).await;
        // Someone was there all the time: what follows is no outage.
        first.advance("2h1min").await;
        let closes_at = first.app.charter(&id).await.unwrap().offers[0].closes_at.unwrap();
        let late = Office::on(store, closes_at - jiff::SignedDuration::from_millis(before));
        let (_, page) = late.press_link(&first.newest_link("dana").unwrap(), "accept").await;
        assert_eq!(heading(&page), expected, "{before} ms before the offer closes");
    }
}

#[tokio::test]
async fn a_no_can_be_explained_afterwards_and_who_sails_then_is_not_told_by_it() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let (_, page) = office.press_link(&link, "decline").await;
    assert!(page.contains("Tell the office") && !page.contains("What you wrote"), "{page}");
    let (_, page) = office.press_link(&link, "decline&comment=A+wedding&key=k").await;
    assert!(page.contains("What you wrote goes to the office."), "{page}");
    let audit = serde_json::to_string(&office.app.audit(&id).await.unwrap()).unwrap();
    assert_eq!(audit.matches("A wedding").count(), 1, "{audit}");
    office.tick().await;
    let (_, page) = office.press("gene", "accept").await;
    assert!(page.contains("Gene Example (captain)"), "whoever is aboard sees who is: {page}");
    let (_, page) = office.get(&link).await;
    assert!(
        page.contains("You said you can't do it") || page.contains("You said you can&#39;t do it"),
        "{page}"
    );
    assert!(!page.contains("Gene Example"), "{page}");
}
