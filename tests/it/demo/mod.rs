//! The office to try out: what is seen first, and every button of it, at any moment and as often as pressed.

mod stand;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::app::Given;
use crewcall_dispatch::cascade::{CallStatus, CharterState, OfferState};
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::store::dice::Dice;
use crate::support::invariants;
use crate::support::office::heading;
use stand::{START, Stand, between, get, post, unescaped};

/// The charter for which Dana is asked from the start.
const ASKING: &str = "charter_5678";

/// Moved on while a mail was being handed over, the clock made the mail look abandoned.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn moving_the_clock_sends_no_mail_twice() {
    let stand = Stand::open().await;
    let (stop, stopping) = watch::channel(false);
    let time = stand.office.time.clone();
    let dispatcher = tokio::spawn(async move { time.run(stopping).await });
    for _ in 0..12 {
        stand.press("/demo/clock", "move=1h").await;
    }
    stop.send(true).unwrap();
    dispatcher.await.unwrap();
    let charter = stand.page("/charters/charter_5678").await;
    assert!(charter.matches("did not answer in time").count() >= 5, "{charter}");
    assert!(!charter.contains("perhaps twice"), "{charter}");
}

#[tokio::test]
async fn the_first_look_shows_a_season_at_work() {
    // On every day of the week, at all hours, and where clocks change.
    let autumn: Timestamp = "2026-10-28T09:30:00-07:00".parse().unwrap();
    for n in 0..8 {
        the_season_is_at_work(&Stand::open_at(autumn + SignedDuration::from_hours(27 * n)).await).await;
    }
}

async fn the_season_is_at_work(stand: &Stand) {
    let board = stand.page("/").await;
    for shown in
        [">crewed<", ">asking<", ">needs you<", ">not started<", "changed after accept", "Dana Reyes, asked"]
    {
        assert!(board.contains(shown), "{shown}: {board}");
    }
    let statuses: Vec<_> =
        stand.app().charters(None).await.unwrap().iter().map(CharterState::status).collect();
    for status in [CallStatus::Draft, CallStatus::Running, CallStatus::Filled, CallStatus::Exhausted] {
        assert!(statuses.contains(&status), "{status}");
    }
    assert!(stand.page("/charters/charter_5662").await.contains("My sister is getting married"));
    assert_eq!(stand.told().await, "", "nobody has pressed a button");
    invariants::hold(stand.app()).await;
}

#[tokio::test]
async fn the_mailbox_has_three_panes_and_opens_where_somebody_is_asked() {
    let stand = Stand::open().await;
    let page = stand.page("/demo/mail").await;
    for pane in ["aria-labelledby=\"people\"", "aria-labelledby=\"whose\"", "aria-labelledby=\"what\""] {
        assert_eq!(page.matches(pane).count(), 1, "{pane}");
    }
    for shown in [
        "Mail to Dana Reyes",
        "? asked now",
        "Harbor Sails office",
        "captain, 0 mails",
        "Dana, can you sail?",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    every_mail_is_listed(&stand).await;
    assert!(stand.page("/demo/mail?who=office").await.contains("Mail to Harbor Sails office"));
    assert!(stand.page("/demo/mail/1").await.contains("Mail to Dana Reyes"));
    assert!(stand.page("/demo/mail/9999").await.contains("not kept, or never came"));
    assert!(stand.page("/demo/mail?who=nobody").await.contains("Mail to Dana Reyes"));
}

/// Once, in the list of whoever it went to.
async fn every_mail_is_listed(stand: &Stand) {
    let page = stand.page("/demo/mail").await;
    let mut listed = 0;
    for person in page.split("href=\"/demo/mail?who=").skip(1).map(|rest| rest.split('#').next().unwrap()) {
        let theirs = stand.page(&format!("/demo/mail?who={person}")).await;
        listed += theirs.matches("#message\"").count();
    }
    let count: usize = between(&page, "Mailbox (", ")").unwrap().parse().unwrap();
    assert_eq!(listed, count);
}

#[tokio::test]
async fn mail_to_an_address_of_before_is_still_found() {
    let stand = Stand::open().await;
    let mut dana = stand.app().member(&"dana-reyes".parse().unwrap()).await.unwrap().unwrap();
    dana.email = Some("dana.reyes@example.com".parse().unwrap());
    let changes = stand.app().compare_roster(vec![Given::from(&dana)]).await.unwrap().unwrap();
    stand.app().write_roster(&changes).await.unwrap();
    let page = stand.page("/demo/mail?who=dana@example.com").await;
    assert!(page.contains("formerly at dana@example.com") && page.contains("Dana, can you sail?"), "{page}");
    assert!(stand.page("/demo/mail?who=dana-reyes").await.contains("None so far"));
    every_mail_is_listed(&stand).await;
}

/// What is shown is what the project's own writer of messages makes of the mail, to the byte.
#[tokio::test]
async fn a_message_is_shown_as_it_would_leave() {
    let stand = Stand::open().await;
    let page = stand.page("/demo/mail").await;
    let frame = between(&page, "<iframe title=\"The message as HTML\" src=\"", "\"").unwrap();
    assert!(stand.page(frame).await.contains("Answer yes or no"));
    let file = stand.page(&frame.replace("/html", "/message.eml")).await;
    let headers = unescaped(between(&page, "<h3>Headers</h3><pre>", "</pre>").unwrap());
    let rest = unescaped(between(&page, "<h3>What follows</h3><pre>", "</pre>").unwrap());
    assert_eq!(format!("{headers}\r\n\r\n{rest}"), file);
    assert!(headers.contains("Auto-Submitted: auto-generated") && headers.contains("Message-ID: <"));
    let message = MessageParser::new().parse(&file).unwrap();
    let text = unescaped(between(&page, "As plain text</summary><pre>", "</pre>").unwrap());
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), text);
    assert!(message.subject().unwrap().contains(ASKING));
}

#[tokio::test]
async fn one_click_opens_what_the_person_would_open() {
    let stand = Stand::open().await;
    // Lee has newer mail than the question that waits, after a word to everyone aboard.
    let written = stand.post("/charters/charter_5683/thread", "what=post&text=Bring+coats&key=k").await;
    assert_eq!(written.0, StatusCode::SEE_OTHER);
    stand.office.time.work().await.unwrap();
    assert!(stand.page("/demo/mail?who=lee-park").await.contains("Bring coats"));
    for (who, expected) in [("dana-reyes", "Dana, can you sail?"), ("lee-park", "Lee, can you still sail?")] {
        let link = stand.link(who).await.unwrap();
        assert_eq!(heading(&stand.page(&link).await), expected);
    }
    // Nothing waits for Gene: the newest link is that of the sail he is aboard of.
    let link = stand.link("gene-holt").await.unwrap();
    assert!(stand.page(&link).await.contains("You're on") && link.contains("charter_5662"));
    // Whose crew list has come has a page of their own.
    let mails = stand.page("/demo/mail?who=gene-holt").await;
    let own = between(&mails, "<a href=\"/crew/me?", "\"").unwrap().replace("&amp;", "&");
    assert!(stand.page(&format!("/crew/me?{own}")).await.contains("Gene"));
    assert_eq!(stand.link("maya-chen").await, None);
    assert_eq!(stand.link("office").await.as_deref(), Some("/"));
}

#[tokio::test]
async fn every_page_says_that_nothing_leaves_this_machine() {
    let stand = Stand::open().await;
    let crew = stand.link("dana-reyes").await.unwrap();
    for path in ["/", "/charters/charter_5678", "/roster", "/statements/2026-06", "/demo/mail", &crew] {
        let page = stand.page(path).await;
        assert_eq!(page.matches("nothing leaves this machine").count(), 1, "{path}");
    }
    let (_, page) = stand.answer("dana-reyes", "accept").await;
    assert!(page.contains("You're on") && page.contains("nothing leaves this machine"));
    // Those that say what went wrong are no exception.
    for path in [
        "/nowhere",
        "/charters/none",
        "/crew/accept?token=nonsense",
        "/charters/charter_5678/change?what=nothing",
    ] {
        let (status, page) = get(&stand.office.pages, path).await;
        assert!(
            status.is_client_error() && page.contains("nothing leaves this machine"),
            "{path}: {status} {page}"
        );
    }
}

#[tokio::test]
async fn the_next_event_says_what_it_was_until_nothing_waits() {
    let stand = Stand::open().await;
    let told = stand.press("/demo/clock", "move=next").await;
    assert!(told.contains("Lee Park did not confirm the change in time"), "{told}");
    let told = stand.press("/demo/clock", "move=next").await;
    assert!(
        told.contains("Dana Reyes did not answer in time") && told.contains("Gene Holt was asked"),
        "{told}"
    );
    assert!(stand.press("/demo/clock", "move=15min").await.contains("Nothing was due"));
    let told = stand.press("/demo/clock", "move=1day").await;
    assert!(told.contains("moved on by 1 day") && told.contains("Maya Chen"), "{told}");
    let mut told = String::new();
    for _ in 0..30 {
        told = stand.press("/demo/clock", "move=next").await;
        if told.contains("No event is next") {
            break;
        }
    }
    assert!(told.contains("No event is next: nobody is being asked"), "{told}");
    assert_eq!(stand.press("/demo/noted", "").await, "");
    invariants::hold(stand.app()).await;
}

/// An answer leads to a page at an address without its link; the clock's buttons lead back to one that exists.
#[tokio::test]
async fn a_button_leads_back_to_a_page() {
    let stand = Stand::open().await;
    for (from, to) in [
        ("http://127.0.0.1:8321/roster", "/roster"),
        ("http://127.0.0.1:8321/crew/accept?token=x", "/crew/accept?token=x"),
        ("http://127.0.0.1:8321/crew/accept", "/demo/mail"),
        // Where a form of theirs leads to no page of its own.
        ("http://127.0.0.1:8321/crew/me", "/demo/mail"),
        ("http://127.0.0.1:8321/crew/me/mail", "/demo/mail"),
        ("http://127.0.0.1:8321/charters/charter_5662/change", "/charters/charter_5662"),
        ("http://127.0.0.1:8321/charters/charter_5662/figures", "/charters/charter_5662"),
        ("http://127.0.0.1:8321/roster/people/dana-reyes/contact", "/roster/people/dana-reyes"),
        ("http://127.0.0.1:8321/roster/import/take", "/roster/import"),
        ("http://127.0.0.1:8321/charters/none", "/demo/mail"),
        ("http://127.0.0.1:8321//elsewhere.example/", "/demo/mail"),
        ("", "/demo/mail"),
    ] {
        let request = Request::post("/demo/noted").header("host", "127.0.0.1:8321").header("referer", from);
        let answer = stand.office.pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.headers()["location"], to, "{from}");
    }
}

#[tokio::test]
async fn mail_that_was_handed_over_comes_back() {
    let stand = Stand::open().await;
    // Nobody is chosen: it is Lee who is to confirm, but Dana who is asked.
    let told = stand.trouble("bounce", "").await;
    assert!(
        told.contains("550 5.1.1 &lt;dana@example.com&gt;") && told.contains("Gene Holt was asked"),
        "{told}"
    );
    assert_eq!(stand.standing(ASKING, "dana-reyes").await, Some(OfferState::Undeliverable));
    let office = stand.page("/demo/mail?who=office").await;
    assert!(office.contains("The mail to Dana Reyes"), "{office}");
    // Again, and it is whoever is asked by now.
    stand.trouble("bounce", "office").await;
    assert_eq!(stand.standing(ASKING, "gene-holt").await, Some(OfferState::Undeliverable));
    assert_eq!(stand.standing(ASKING, "maya-chen").await, Some(OfferState::Sent));
    assert!(stand.page("/roster").await.contains("mail is refused"));
    invariants::hold(stand.app()).await;
}

#[tokio::test]
async fn mail_is_refused_at_the_hand_over() {
    let stand = Stand::open().await;
    let told = stand.trouble("bounce", "maya-chen").await;
    assert!(told.contains("refused at the hand-over: 550 5.1.1 &lt;maya@example.com&gt;"), "{told}");
    assert_eq!(stand.standing(ASKING, "maya-chen").await, Some(OfferState::Undeliverable));
    assert_eq!(stand.standing(ASKING, "dana-reyes").await, Some(OfferState::Sent));
    // Whom nobody can ask now has it before them.
    for _ in 0..2 {
        let told = stand.trouble("bounce", "ruth-adler").await;
        assert!(told.contains("The next mail to Ruth Adler will be refused"), "{told}");
    }
    assert!(stand.page("/demo/mail?who=ruth-adler").await.contains("The next mail comes back"));
    assert!(stand.page("/demo/mail?who=ruth-adler").await.contains("None so far"));
    invariants::hold(stand.app()).await;
}

#[tokio::test]
async fn a_scanner_opens_every_link_and_nothing_comes_of_it() {
    let stand = Stand::open().await;
    stand.answer("dana-reyes", "accept").await;
    stand.office.time.work().await.unwrap();
    let before = stand.app().charters(None).await.unwrap();
    let events: u64 = before.iter().map(|state| state.facts).sum();
    for _ in 0..2 {
        let told = stand.trouble("scanner", "").await;
        let links: usize = between(&told, "opened ", " links").unwrap().parse().unwrap();
        assert!(links > 10, "{told}");
        let counts = format!("Audit events before: {events}, after: {events}.");
        assert!(told.contains("Nothing changed") && told.contains(&counts), "{told}");
        assert!(!told.contains("showed no page"), "{told}");
    }
    assert_eq!(stand.app().charters(None).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_accept_at_once_one_has_the_seat() {
    let stand = Stand::open().await;
    for n in 0..12 {
        let before = stand.app().charters(None).await.unwrap();
        let told = stand.trouble("race", "dana-reyes").await;
        assert!(told.contains("said yes at the same moment"), "press {n}: {told}");
        assert_eq!(told.matches("“You're on”").count(), 1, "press {n}: {told}");
        assert_eq!(told.matches("“Thank you, you stand by”").count(), 1, "press {n}: {told}");
        let aboard =
            |charters: &[CharterState]| -> usize { charters.iter().map(|state| state.aboard().len()).sum() };
        assert_eq!(aboard(&stand.app().charters(None).await.unwrap()), aboard(&before) + 1);
        invariants::hold(stand.app()).await;
    }
}

#[tokio::test]
async fn a_captain_drops_out_while_the_crew_is_asked() {
    let stand = Stand::open().await;
    stand.answer("dana-reyes", "accept").await;
    let told = stand.trouble("drop_out", "dana-reyes").await;
    assert!(told.contains("Dana Reyes, captain of America, dropped out"), "{told}");
    assert!(told.contains("taken back: 2. Gene Holt is asked to captain now"), "{told}");
    assert_eq!(stand.standing(ASKING, "dana-reyes").await, Some(OfferState::DroppedOut));
    assert_eq!(stand.standing(ASKING, "lee-park").await, Some(OfferState::Rescinded));
    // As often as pressed: others leave, until somebody has to say yes first.
    let mut first = false;
    for n in 0..12 {
        let told = stand.trouble("drop_out", "").await;
        assert!(told.contains("dropped out"), "press {n}: {told}");
        first |= told.contains("said yes first");
        invariants::hold(stand.app()).await;
    }
    assert!(first, "there was a captain aboard all the time");
}

#[tokio::test]
async fn a_button_for_which_there_is_nothing_says_what_to_press_first() {
    let stand = Stand::open().await;
    for _ in 0..8 {
        stand.press("/demo/clock", "move=1day").await;
    }
    let told = stand.trouble("bounce", "").await;
    assert!(told.contains("Nobody is being asked") && told.contains("Start a call on the board"), "{told}");
    // The season is over: one more charter is booked for these.
    assert!(stand.trouble("race", "").await.contains("said yes at the same moment"));
    assert!(stand.trouble("drop_out", "").await.contains("dropped out"));
    let (status, page) = stand.post("/demo/trouble", "what=storm").await;
    assert_eq!((status, heading(&page)), (StatusCode::BAD_REQUEST, "That could not be read"));
    let (status, _) = stand.post("/demo/clock", "move=back").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// Every button at any moment, among people who answer and an office that steps in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_pressed_in_whatever_order_everything_holds() {
    let start: Timestamp = START.parse().unwrap();
    for seed in 0..6 {
        let now = start + SignedDuration::from_hours(29 * seed as i64);
        let (stand, mut dice) = (Stand::open_at(now).await, Dice(seed));
        for _ in 0..25 {
            // Shown if something does not hold.
            println!("{seed}: {}", at_random(&stand, &mut dice).await);
        }
        invariants::hold(stand.app()).await;
    }
}

/// Several windows, and the dispatcher beside them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn buttons_that_are_pressed_together_all_work() {
    let stand = Stand::open().await;
    let (stop, stopping) = watch::channel(false);
    let time = stand.office.time.clone();
    let dispatcher = tokio::spawn(async move { time.run(stopping).await });
    let trouble = |what: &str| {
        let (pages, form) = (stand.office.pages.clone(), format!("what={what}&who=dana-reyes"));
        tokio::spawn(async move { post(&pages, "/demo/trouble", &form).await.0 })
    };
    let pressed = ["race", "drop_out", "bounce", "scanner", "race", "drop_out", "scanner"].map(trouble);
    for pressed in pressed {
        assert_eq!(pressed.await.unwrap(), StatusCode::SEE_OTHER);
    }
    assert!(!stand.told().await.contains("Something changed"));
    stop.send(true).unwrap();
    dispatcher.await.unwrap();
    invariants::hold(stand.app()).await;
}

async fn at_random(stand: &Stand, dice: &mut Dice) -> String {
    let whos = ["", "office", "dana-reyes", "gene-holt", "ruth-adler", "lee-park", "nobody", "%00"];
    let who = whos[dice.roll(whos.len())];
    let charters = stand.app().charters(None).await.unwrap();
    let state = &charters[dice.roll(charters.len())];
    let id = &state.charter.charter_id;
    let (path, form) = match dice.roll(12) {
        0 => ("/demo/clock".to_owned(), "move=15min".to_owned()),
        1 => ("/demo/clock".to_owned(), "move=1h".to_owned()),
        2 => ("/demo/clock".to_owned(), "move=1day".to_owned()),
        3 => ("/demo/clock".to_owned(), "move=next".to_owned()),
        4 => ("/demo/trouble".to_owned(), format!("what=bounce&who={who}")),
        5 => ("/demo/trouble".to_owned(), format!("what=scanner&who={who}")),
        6 => ("/demo/trouble".to_owned(), format!("what=race&who={who}")),
        7 => ("/demo/trouble".to_owned(), format!("what=drop_out&who={who}")),
        8 => (format!("/charters/{id}/start"), String::new()),
        9 => {
            let what = ["cancel", "restore", "pause", "resume", "stop", "again"][dice.roll(6)];
            (format!("/charters/{id}/change"), format!("what={what}"))
        }
        _ => {
            let Some(offer) = state.offers.get(dice.roll(state.offers.len().max(1))) else {
                return "nobody to answer".into();
            };
            let token = stand.app().operator.key.offer_token(id, offer).reveal();
            let answer = ["accept", "decline", "undo", "drop_out", "stand_by"][dice.roll(5)];
            ("/crew/accept".to_owned(), format!("token={token}&answer={answer}"))
        }
    };
    let (status, page) = stand.post(&path, &form).await;
    let expected = if path.starts_with("/demo/") {
        status == StatusCode::SEE_OTHER
    } else {
        [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::CONFLICT].contains(&status)
    };
    assert!(expected, "{path} {form}: {status} {page}");
    if path.starts_with("/demo/") {
        let told = stand.told().await;
        assert!(told.contains("<p>"), "{path} {form} says nothing");
        assert!(!told.contains("Something changed"), "{path} {form}: {told}");
    }
    format!("{path} {form}")
}
