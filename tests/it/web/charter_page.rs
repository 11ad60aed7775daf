//! The page of one charter: of each position what was, what is and what comes; who comes when; the first mail.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, COOKIE};
use axum::http::{Method, Request, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use tower::ServiceExt;

use super::desk::Desk;
use crate::support::office::{Office, START, heading, link_in, token_of};

/// What stands on a page without its tags, with one space between words.
fn words(page: &str) -> String {
    let text = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text = text.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

/// What stands of one position.
fn section(page: &str, position: &str) -> String {
    let section =
        page.split_once(&format!("<h3 id=\"position-{position}\">")).expect("the position has a section");
    words(section.1.split("</section>").next().unwrap())
}

#[tokio::test]
async fn each_position_says_what_was_what_is_and_what_comes_and_why() {
    let desk = Desk::new().await;
    desk.office.advance("12min").await;
    desk.office.get(&desk.office.newest_link("dana").unwrap()).await;
    desk.office.advance("10min").await;
    let token = token_of(&desk.office.newest_link("dana").unwrap()).to_owned();
    let no = Request::post("/crew/accept").header("content-type", "application/x-www-form-urlencoded");
    desk.office
        .request(no.body(format!("token={token}&answer=decline&comment=A+wedding").into()).unwrap())
        .await;
    desk.office.tick().await;
    let page = desk.get("").await.1;
    let captain = section(&page, "captain");
    for step in [
        "✗ Dana Example · said no",
        "Sat 20 Jun, 09:00 PDT asked",
        "Sat 20 Jun, 09:00 PDT mail handed over",
        "Sat 20 Jun, 09:12 PDT link first opened (mail filters open links, too)",
        "Sat 20 Jun, 09:22 PDT said no, by their link “A wedding”",
        "link jada_crew_",
        "Now … Gene Example, asked 09:22 PDT, 2 h left",
        "Nobody is left to ask for captain from",
    ] {
        assert!(captain.contains(step), "{step}: {captain}");
    }
    let was = captain.find("Dana Example").unwrap();
    assert!(was < captain.find("Now").unwrap(), "{captain}");
    let crew = section(&page, "deckhand");
    assert!(crew.contains("Now ○ after the captain If Gene Example says yes at once:"), "{crew}");
    let sam =
        "Sam Example · the captain's usual crew asked Sat 20 Jun, 09:22 PDT, reply by Sat 20 Jun, 11:22 PDT";
    let lee = "Lee Example · no. 1 of the list, by cascade order asked Sat 20 Jun, 11:24 PDT, reply by";
    let place = |words: &str| crew.find(words).unwrap_or_else(|| panic!("{words}: {crew}"));
    assert!(place(sam) < place(lee), "{crew}");
    assert!(crew.contains("Kai Example: unavailable on 2026-06-27"), "{crew}");
}

#[tokio::test]
async fn that_a_link_was_opened_is_kept_once_and_only_when_somebody_looked() {
    let desk = Desk::new().await;
    let link = desk.office.newest_link("dana").unwrap();
    let ask = async |method: Method, purpose: Option<&str>| {
        let mut request = Request::builder().method(method).uri(&link);
        if let Some(purpose) = purpose {
            request = request.header("sec-purpose", purpose);
        }
        let answer = desk.office.pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        section(&desk.get("").await.1, "captain").matches("link first opened").count()
    };
    assert_eq!(ask(Method::HEAD, None).await, 0);
    assert_eq!(ask(Method::GET, Some("prefetch")).await, 0);
    assert_eq!(ask(Method::GET, None).await, 1);
    desk.office.advance("5min").await;
    assert_eq!(ask(Method::GET, None).await, 1);
    assert!(section(&desk.get("").await.1, "captain").contains("Sat 20 Jun, 09:00 PDT link first opened"));
}

#[tokio::test]
async fn whoever_is_moved_is_shown_in_the_new_order_before_it_is_saved() {
    let desk = Desk::of(Office::new(Arc::new(MemoryStore::new())).await).await;
    let (_, page) = desk.get("").await;
    let up = "/charters/ch/change?what=move&amp;position=captain&amp;crew=gene&amp;before=dana";
    assert!(page.contains(up) && page.contains("aria-label=\"Move Gene Example up\""), "{page}");
    let (status, page) = desk.get("/change?what=move&position=captain&crew=gene&before=dana").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Ask Gene Example before Dana Example?"));
    let (_, after) = page.split_once("With the change").unwrap();
    assert!(after.find("<td>Gene Example").unwrap() < after.find("<td>Dana Example").unwrap(), "{after}");
    assert!(page.contains("name=\"order\" value=\"gene\""), "{page}");
    desk.make("what=move&position=captain&crew=gene&before=dana&order=gene").await;
    assert!(desk.asked().await.is_empty(), "a call that has not begun is prepared by it");
    desk.make("what=resume").await;
    assert_eq!(desk.asked().await, ["gene"]);
    // Last, with nobody behind them.
    let (_, page) = desk.get("/change?what=move&position=captain&crew=dana&before=").await;
    assert_eq!(heading(&page), "Ask Dana Example last?");
    for gone in
        ["crew=gene&before=dana", "crew=dana&before=dana", "crew=nobody&before=", "crew=dana&before=x+y"]
    {
        let (status, page) = desk.get(&format!("/change?what=move&position=captain&{gone}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{gone}: {page}");
    }
    let (status, page) = desk.send("change", "what=move&position=captain&crew=gene&before=dana&order=").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("The order is another one by now. Open the charter's page anew"), "{page}");
}

#[tokio::test]
async fn the_very_mail_is_shown_before_the_call_starts_and_its_link_is_not() {
    let desk = Desk::of(Office::new(Arc::new(MemoryStore::new())).await).await;
    let (status, page) = desk.get("/start").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Start the call?"));
    assert!(
        page.contains("Start calling") && page.contains("Dana Example &lt;dana@example.com&gt;"),
        "{page}"
    );
    let request =
        Request::get("/charters/ch/start/mail").header(COOKIE, &desk.cookie).body(Body::empty()).unwrap();
    let answer = desk.office.pages.clone().oneshot(request).await.unwrap();
    let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("sandbox") && policy.contains("frame-ancestors 'self'"), "{policy}");
    let shown =
        String::from_utf8(axum::body::to_bytes(answer.into_body(), 100_000).await.unwrap().into()).unwrap();
    assert!(desk.asked().await.is_empty() && desk.office.mailbox.list().is_empty(), "to look asks nobody");
    desk.post("start", "").await;
    desk.office.tick().await;
    let sent =
        desk.office.mailbox.list().into_iter().find(|arrived| link_in(&arrived.mail).is_some()).unwrap().mail;
    let link = link_in(&sent).unwrap();
    let secret = link.split_once("token=").unwrap().1.split(['.', '&']).nth(1).unwrap();
    assert!(secret.len() > 40 && !shown.contains(secret) && !page.contains(secret));
    // But for that it is the same, word for word.
    assert_eq!(words(&shown), words(&sent.html));
    assert_eq!(shown.replace("<base target=\"_top\">", ""), sent.html.replace(secret, "…"));
}

#[tokio::test]
async fn the_very_mail_is_shown_before_a_prepared_call_goes_on() {
    let desk = Desk::of(Office::new(Arc::new(MemoryStore::new())).await).await;
    desk.make("what=prepare").await;
    let (_, page) = desk.get("/change?what=first&position=captain&crew=gene").await;
    assert!(!page.contains("<iframe"), "a call that rests asks nobody: {page}");
    desk.make("what=first&position=captain&crew=gene").await;
    let (_, page) = desk.get("/change?what=resume").await;
    assert!(page.contains("src=\"/charters/ch/change/mail?what=resume\""), "{page}");
    assert!(page.contains("Gene Example &lt;gene@example.com&gt;"), "{page}");
    let (status, shown) = desk.get("/change/mail?what=resume").await;
    assert_eq!(status, StatusCode::OK, "{shown}");
    assert!(desk.office.mailbox.list().is_empty(), "to look asks nobody");
    desk.make("what=resume").await;
    desk.office.tick().await;
    let sent =
        desk.office.mailbox.list().into_iter().find(|arrived| link_in(&arrived.mail).is_some()).unwrap().mail;
    assert_eq!(words(&shown), words(&sent.html));
    let secret =
        link_in(&sent).unwrap().split_once("token=").unwrap().1.split(['.', '&']).nth(1).unwrap().to_owned();
    assert!(secret.len() > 40 && !shown.contains(&secret) && !page.contains(&secret));
    let (status, page) = desk.get("/change/mail?what=pause").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("nobody would be asked at once"), "{page}");
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_start_says_so() {
    let office = Office::on(Arc::new(MemoryStore::new()), START.parse().unwrap());
    let desk = Desk::of(office).await;
    let (_, page) = desk.get("/start").await;
    assert!(page.contains("<p>Nobody is asked at once.</p>"), "{page}");
    let (status, page) = desk.get("/start/mail").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("nobody would be asked at once"), "{page}");
    desk.office.run(&desk.id, Command::Cancel).await.unwrap();
    assert_eq!(desk.get("/start").await.0, StatusCode::CONFLICT);
}
