//! Pages below a path: whatever leads from one page to another stays there.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, Response, StatusCode};
use crewcall::operator::Operator;
use crewcall::store::MemoryStore;
use crewcall::web::new_setup_link;
use crewcall_dispatch::cascade::Command;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::office::{Office, START, caller, heading, operator, people, token_of};

const ORIGIN: &str = "https://example.com";
const BASE: &str = "/harbor/boats";

/// An office whose pages are at `https://example.com/harbor/boats`, with a call that runs.
async fn office() -> Office {
    let operator = Operator { public_url: format!("{ORIGIN}{BASE}"), ..operator() };
    let office = Office::run_by(operator, Arc::new(MemoryStore::new()), START.parse().unwrap());
    office.import(&people()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office
}

async fn send(office: &Office, request: Request<Body>) -> Response<Body> {
    office.pages.clone().oneshot(request).await.unwrap()
}

async fn read(office: &Office, path: &str, cookie: &str) -> (StatusCode, String) {
    let answer = send(office, Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap()).await;
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    // Workbooks are no text.
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

fn form(path: &str, cookie: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", ORIGIN)
        .header(COOKIE, cookie)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

/// Where a page leads: its links, forms and style sheet.
fn ways(page: &str) -> Vec<&str> {
    let attribute =
        |name: &'static str| page.split(name).skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let ways = [" href=\"", " action=\"", " src=\""].into_iter().flat_map(attribute);
    let elsewhere = ["tel:", "mailto:", "data:", "webcal:", "https://www.google.com/maps/search/?"];
    ways.filter(|way| !elsewhere.iter().any(|begin| way.starts_with(begin))).collect()
}

fn stays_there(page: &str, path: &str) {
    let ways = ways(page);
    assert!(!ways.is_empty(), "{path} leads nowhere: {page}");
    for way in ways {
        let below = way.strip_prefix(BASE).is_some_and(|rest| rest.starts_with('/'));
        assert!(below, "{path} leads to {way}");
    }
}

fn location(answer: &Response<Body>) -> &str {
    answer.headers()[LOCATION].to_str().unwrap()
}

async fn signed_in(office: &Office) -> String {
    let link = new_setup_link(&office.app).await.unwrap();
    let path = link.strip_prefix(ORIGIN).unwrap();
    let (_, page) = read(office, path, "").await;
    stays_there(&page, path);
    let token = path.split_once("token=").unwrap().1;
    let answer = send(
        office,
        form(&format!("{BASE}/setup"), "", &format!("token={token}&name=Pat+Lane&email=pat@example.com")),
    )
    .await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/harbor/boats/"));
    answer.headers()[SET_COOKIE].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_office_stays_below_its_path() {
    let office = office().await;
    let cookie = signed_in(&office).await;
    // Other programs of this host are not shown who is signed in here.
    for part in ["__Secure-crewcall=", "; Path=/harbor/boats", "Secure", "HttpOnly"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    let cookie = cookie.split(';').next().unwrap();
    let bonus = "key=k&crew=dana&what=bonus&amount=5&reason=x";
    let answer = send(&office, form(&format!("{BASE}/statements/2026-06/adjustments"), cookie, bonus)).await;
    assert_eq!(location(&answer), "/harbor/boats/statements/2026-06#adjustments");
    let answer = send(
        &office,
        Request::get(format!("{BASE}/statements")).header(COOKIE, cookie).body(Body::empty()).unwrap(),
    )
    .await;
    assert_eq!(location(&answer), "/harbor/boats/statements/2026-05");
    for page in [
        "",
        "/",
        "/roster",
        "/roster/people/dana",
        "/roster/new",
        "/roster/days?month=2026-06",
        "/roster/import",
        "/new-charter",
        "/charters/ch",
        "/charters/ch/change?what=cancel",
        "/charters/ch/reschedule?dock=Pier+4",
        "/statements/2026-06",
        "/statements/2026-06/crew/dana",
        "/signin",
    ] {
        let path = format!("{BASE}{page}");
        let (status, text) = read(&office, &path, cookie).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        stays_there(&text, &path);
    }
    for page in [
        "/charters/none",
        "/nowhere",
        "/charters/ch/change?what=nonsense",
        "/statements/june",
        "/statements/2026-06/crew/zoe",
    ] {
        let path = format!("{BASE}{page}");
        let (status, text) = read(&office, &path, cookie).await;
        assert!(status.is_client_error(), "{path}: {status}");
        stays_there(&text, &path);
    }
    for (page, body, to) in [
        ("/charters/ch/change", "what=pause", "/harbor/boats/charters/ch?done=pause"),
        ("/charters/ch/thread", "text=Hello&what=note&key=k1", "/harbor/boats/charters/ch?done=note#thread"),
        ("/roster/people/dana/contact", "mail=returns", "/harbor/boats/roster/people/dana"),
        ("/roster", "move=gene+dana", "/harbor/boats/roster#crew-gene"),
        ("/roster/people/dana/left", "left=yes", "/harbor/boats/roster/people/dana?saved=yes"),
        ("/signout", "", "/harbor/boats/signin"),
    ] {
        let answer = send(&office, form(&format!("{BASE}{page}"), cookie, body)).await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, to), "{page}");
    }
    let answer = send(&office, form(&format!("{BASE}/charters/ch/start"), cookie, "")).await;
    assert_eq!(location(&answer), "/harbor/boats/signin");
}

#[tokio::test]
async fn a_crew_link_works_below_a_path() {
    let office = office().await;
    let mail = office.mailbox.list();
    let text = &mail.iter().find(|arrived| arrived.mail.text.contains("/crew/accept?")).unwrap().mail.text;
    let link = text.lines().find(|line| line.contains("/crew/accept?")).unwrap();
    let path = link.strip_prefix(ORIGIN).unwrap();
    let (status, page) = read(&office, path, "").await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "Dana, can you sail?"));
    stays_there(&page, path);
    let token = token_of(path);
    let accept = format!("{BASE}/crew/accept");
    let answer = send(&office, form(&accept, "", &format!("token={token}&answer=accept"))).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let message = format!("token={token}&text=Hello&key=k1");
    let answer = send(&office, form(&format!("{BASE}/crew/message"), "", &message)).await;
    assert!(location(&answer).starts_with("/harbor/boats/crew/accept?token="));
    let (_, page) = read(&office, path, "").await;
    stays_there(&page, path);
    let (status, page) = read(&office, &format!("{BASE}/crew/accept?token=cut.off"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    stays_there(&page, "a link that was cut off");
    office.app.mail_own_page(&"dana".parse().unwrap(), false, &caller()).await.unwrap();
    office.tick().await;
    let mails = office.mailbox.list();
    let own = mails
        .iter()
        .rev()
        .find_map(|arrived| arrived.mail.text.lines().find(|line| line.contains("/crew/me?")));
    let own = own.unwrap().strip_prefix(ORIGIN).unwrap();
    let (_, page) = read(&office, own, "").await;
    assert_eq!(heading(&page), "Dana, your page");
    stays_there(&page, own);
    let feed = page.split_once(&format!("value=\"{ORIGIN}")).unwrap().1.split('"').next().unwrap();
    assert!(feed.starts_with(BASE), "{feed}");
    assert_eq!(read(&office, feed, "").await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_api_says_where_it_is() {
    let office = office().await;
    let (status, text) = read(&office, &format!("{BASE}/api/v1/openapi.json"), "").await;
    assert_eq!(status, StatusCode::OK);
    let described: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(described["servers"][0]["url"], "/harbor/boats/api/v1");
    let (status, text) = read(&office, &format!("{BASE}/api/v1/nothing"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(text.contains("The API has no such path"), "{text}");
}

#[tokio::test]
async fn beside_the_path_there_is_nothing() {
    let office = office().await;
    for path in ["/", "/roster", "/harbor", "/harbor/boatsroster", "/harbor/boat", "/boats/", "/HARBOR/boats"]
    {
        let (status, page) = read(&office, path, "").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        stays_there(&page, path);
    }
    let answer = send(&office, form("/crew/accept", "", "token=x.y&answer=accept")).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let (status, _) = read(&office, &format!("{BASE}/health/live"), "").await;
    assert_eq!(status, StatusCode::OK);
}

/// Every page that a link leads to, from the board and from a mail on.
#[tokio::test]
async fn no_page_leads_out_of_the_path() {
    let office = office().await;
    let cookie = signed_in(&office).await;
    let cookie = cookie.split(';').next().unwrap();
    let mails = office.mailbox.list();
    let links = mails
        .iter()
        .filter_map(|arrived| arrived.mail.text.lines().find(|line| line.contains("/crew/accept?")));
    let mut found = vec![format!("{BASE}/"), format!("{BASE}/statements/2026-06")];
    found.extend(links.map(|link| link.strip_prefix(ORIGIN).unwrap().to_owned()));
    let mut next = 0;
    // There is a month before and after each, for centuries.
    let far = |link: &str| {
        let months = ["/harbor/boats/statements/", "/harbor/boats/roster/days?month="];
        months.iter().any(|begin| link.strip_prefix(begin).is_some_and(|rest| !rest.starts_with("2026-0")))
    };
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        assert!(next < 200, "there is no end of pages: {path}");
        let (status, page) = read(&office, &path, cookie).await;
        assert!(status.is_success() || path.ends_with("/statements"), "{path}: {status}");
        if !page.starts_with("<!DOCTYPE html>") {
            continue;
        }
        stays_there(&page, &path);
        // Forms are sent and not opened; what they lead to is looked at above.
        let links = page.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| link.starts_with(BASE)) {
            let link = link.split('#').next().unwrap().replace("&amp;", "&");
            if !found.contains(&link) && !far(&link) {
                found.push(link);
            }
        }
    }
    assert!(found.len() >= 5, "{found:?}");
}
