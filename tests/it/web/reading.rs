//! Reading changes nothing: mail scanners open links, and browsers fetch ahead.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION};
use axum::http::{Method, Request, StatusCode};
use crewcall::statement;
use crewcall::store::{Key, Row, Store, Table};
use crewcall_dispatch::cascade::Command;
use jiff::SignedDuration;
use serde_json::Value;
use tower::ServiceExt;

use super::sign_in::{setup_token, sign_in};
use crate::store::conformance::one_of_every_kind;
use crate::support::office::{Office, caller, link_in, own_page_in};
use crate::support::watched::Watched;

/// As the route table names a page, and an address of it.
type Page = (&'static str, String);

/// The one GET that may change something, as its protocol has it: `elsewhere` has what it does, and to whom it does nothing.
const WAY_BACK: &str = "/signin/google/callback";

/// Every other route that answers to GET, as the route table names it.
fn routes() -> BTreeSet<&'static str> {
    let source = include_str!("../../../src/web/mod.rs");
    source
        .split(".route(")
        .skip(1)
        .filter(|route| route.contains(" get("))
        .map(|route| route.split(',').next().unwrap().trim().trim_matches('"'))
        .filter(|route| *route != WAY_BACK)
        .collect()
}

/// Every page there is, some by several addresses.
async fn pages(office: &Office) -> Vec<Page> {
    let (_, page) = office.get("/signin").await;
    let style = page.split_once("stylesheet\" href=\"").unwrap().1.split('"').next().unwrap();
    let setup = setup_token(office).await;
    office.app.mail_sign_in_link(&"pat@example.com".parse().unwrap(), None).await.unwrap();
    office.tick().await;
    let mails = office.mailbox.list();
    let link = mails.iter().rev().find_map(|arrived| arrived.mail.text.split_once("/signin/link?"));
    let link = format!("/signin/link?{}", link.unwrap().1.lines().next().unwrap());
    let mut pages: Vec<Page> = [
        ("/", "/"),
        ("/", "/?show=uncrewed&q=america"),
        ("/", "/?by=crew"),
        ("/live", "/live"),
        ("/needs-you", "/needs-you"),
        ("/new-charter", "/new-charter"),
        ("/charters/{id}", "/charters/america"),
        ("/charters/{id}", "/charters/stars"),
        ("/charters/{id}", "/charters/none"),
        ("/charters/{id}/change", "/charters/america/change?what=pause"),
        ("/charters/{id}/change", "/charters/america/change?what=assign&crew=tom&position=deckhand&reason=x"),
        ("/charters/{id}/reschedule", "/charters/america/reschedule?dock=pier+9&departs_at=2026-06-27T17:00"),
        ("/charters/{id}/reschedule", "/charters/stars/reschedule"),
        ("/roster", "/roster"),
        ("/roster", "/roster?q=dana"),
        ("/roster/new", "/roster/new"),
        ("/roster/import", "/roster/import?added=1&changed=2"),
        ("no such page", "/roster/import/take"),
        ("/roster/days", "/roster/days"),
        ("/roster/days", "/roster/days?month=2026-06&do=save&who.0=dana&was.0=%7B%7D&0.27=no"),
        ("/roster/people/{id}", "/roster/people/dana"),
        ("/roster/people/{id}", "/roster/people/nobody"),
        ("no such page", "/roster/people/dana/left"),
        ("/statements", "/statements"),
        ("/statements/{month}", "/statements/2026-06"),
        ("/statements/{month}", "/statements/2026-07"),
        ("/statements/{month}", "/statements/nonsense"),
        ("/statements/{month}/crew/{id}", "/statements/2026-06/crew/dana"),
        ("/statements/{month}/crew/{id}", "/statements/2026-06/crew/tom"),
        ("/statements/{month}/crew/{id}/statement.xlsx", "/statements/2026-06/crew/dana/statement.xlsx"),
        ("/statements/{month}/owner.xlsx", "/statements/2026-06/owner.xlsx"),
        ("/statements/{month}/payroll.csv", "/statements/2026-06/payroll.csv"),
        ("no such page", "/statements/2026-06/approve"),
        ("no such page", "/statements/2026-06/send"),
        ("/signin", "/signin"),
        ("/signin", "/signin?to=/roster"),
        ("/signin/link", &link),
        ("/signin/link", "/signin/link?token=a"),
        ("/users", "/users"),
        ("/account", "/account"),
        ("no such page", "/users/remove"),
        ("no such page", "/account/sessions/x/end"),
        ("/setup", &format!("/setup?token={setup}&name=Mallory")),
        ("/setup", "/setup?token=a"),
        ("/crew/accept", "/crew/accept?token=a&answer=accept"),
        ("/crew/me", "/crew/me?token=a&do=save&day-2026-06-27=no"),
        ("/crew/calendar", "/crew/calendar?token=a"),
        ("/crew/calendar.ics", "/crew/calendar.ics?token=a"),
        ("/health/live", "/health/live"),
        ("/health/ready", "/health/ready"),
        ("assets::ROUTE", style),
        ("/charters/{id}/start", "/charters/america/start"),
        ("/charters/{id}/start", "/charters/fresh/start"),
        ("/charters/{id}/start/mail", "/charters/fresh/start/mail"),
        ("/charters/{id}/reschedule/mail", "/charters/america/reschedule/mail?dock=pier+9"),
        ("/charters/{id}/change/mail", "/charters/fresh/change/mail?what=now&crew=maya"),
        ("/charters/{id}/change", "/charters/fresh/change?what=move&position=captain&crew=maya&before="),
        ("no such page", "/nowhere"),
    ]
    .map(|(route, address)| (route, address.to_owned()))
    .into();
    for link in office.mailbox.list().iter().filter_map(|arrived| link_in(&arrived.mail)) {
        for answer in ["", "&answer=accept", "&answer=decline", "&answer=undo", "&answer=drop_out"] {
            pages.push(("/crew/accept", format!("{link}{answer}")));
        }
        pages.push(("/crew/calendar", link.replace("/crew/accept", "/crew/calendar")));
    }
    // Somebody's own page, by the link that they have and by one that has ended.
    let own =
        office.mailbox.list().into_iter().flat_map(|arrived| own_page_in(&arrived.mail)).collect::<Vec<_>>();
    for link in &own {
        for button in ["", "&do=save&day-2026-06-27=no", "&do=weekends"] {
            pages.push(("/crew/me", format!("{link}{button}")));
        }
        let (_, page) = office.get(link).await;
        if let Some((_, feed)) = page.split_once("value=\"https://crew.example.com/crew/calendar.ics?") {
            let feed = feed.split('"').next().unwrap();
            pages.push(("/crew/calendar.ics", format!("/crew/calendar.ics?{feed}")));
        }
    }
    assert_eq!(own.len(), 2);
    pages
}

/// Offers that are open, accepted, declined, expired and taken back, and a charter that is off.
async fn busy_office(store: Arc<dyn Store>) -> Office {
    let office = Office::new(store).await;
    let america = office.book("america", (16, 19), &[("captain", 1), ("deckhand", 2)]).await.unwrap();
    let stars = office.book("stars", (16, 19), &[("captain", 1)]).await.unwrap();
    office.book("fresh", (8, 11), &[("captain", 1)]).await.unwrap();
    office.run(&america, Command::Start).await.unwrap();
    office.tick().await;
    office.advance("2h3min").await;
    office.run(&stars, Command::Start).await.unwrap();
    office.tick().await;
    office.run(&stars, Command::Cancel).await.unwrap();
    office.press("gene", "accept").await;
    office.tick().await;
    office.press("sam", "decline").await;
    office.tick().await;
    let (june, dana) = ("2026-06".parse().unwrap(), "dana".parse().unwrap());
    for anew in [false, true] {
        office.app.mail_own_page(&dana, anew, &caller()).await.unwrap();
        office.tick().await;
    }
    let amount = "5.00".parse().unwrap();
    statement::enter(&office.app, june, &dana, amount, "x".into(), &caller(), None).await.unwrap();
    office
}

/// Every address of the API that answers to GET.
async fn api(office: &Office) -> Vec<String> {
    let (_, openapi) = office.get("/api/v1/openapi.json").await;
    let openapi: Value = serde_json::from_str(&openapi).unwrap();
    let paths = openapi["paths"].as_object().unwrap().iter();
    let read = paths.filter(|(_, methods)| methods.get("get").is_some());
    let address =
        |charter: &str| read.clone().map(|(path, _)| path.replace("{charter_id}", charter)).collect();
    let addresses: [Vec<String>; 2] = [address("america"), address("stars")];
    addresses.concat().into_iter().map(|path| format!("/api/v1{path}")).collect()
}

/// Asks for every page in every way that is not meant to change anything, and gives the routes that
/// answered with a page.
async fn read(pages: &[Page], router: &Router, cookie: &str) -> BTreeSet<&'static str> {
    let mut answered = BTreeSet::new();
    for (route, address) in pages {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let request = Request::builder().method(&method).uri(address).header(COOKIE, cookie);
            let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            // One leads on to the month that is over.
            let leads_on =
                answer.headers().get(LOCATION).is_some_and(|to| !to.to_str().unwrap().starts_with("/signin"));
            if method == Method::GET && (answer.status() == StatusCode::OK || leads_on) {
                answered.insert(*route);
            }
        }
    }
    answered
}

/// What is not as it was.
fn changed(before: &BTreeMap<Key, Row>, after: &BTreeMap<Key, Row>) -> Vec<Key> {
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}

#[tokio::test]
async fn reading_changes_nothing_whatever_is_read_by_whomever() {
    for (name, store) in one_of_every_kind().await {
        let store = Arc::new(Watched::new(store.store.clone()));
        let office = busy_office(store.clone()).await;
        let signed_in = sign_in(&office).await;
        let pages = pages(&office).await;
        let mut answered = BTreeSet::new();
        let mut opened = BTreeSet::new();
        // Now; and once more when much is overdue that nobody has looked at yet.
        for late in [SignedDuration::ZERO, SignedDuration::from_hours(3)] {
            let office = Office::on(store.clone(), office.time.now() + late);
            let readers = [
                ("a stranger", ""),
                ("someone with a forged cookie", "__Host-crewcall=AAAAAAAAAAAAAAAAAAAAAA"),
                ("the office", signed_in.as_str()),
            ];
            for (who, cookie) in readers {
                let before = store.rows().await;
                answered.extend(read(&pages, &office.pages, cookie).await);
                let after = store.rows().await;
                let mut changed = changed(&before, &after);
                if name == "ministack_store" {
                    // It takes out by itself what is over by the machine's clock, as DynamoDB does; this office lives
                    // months before.
                    let is_over = |key: &mut Key| key.id.starts_with("sign-in-") && !after.contains_key(key);
                    changed.extract_if(.., is_over).for_each(drop);
                }
                // When a link was first opened is noted as in a log, once for each; no rule reads it.
                for key in changed.extract_if(.., |key| key.id.starts_with("opened-")) {
                    assert!(opened.insert(key.clone()), "{key} was noted twice");
                }
                if who == "the office" {
                    // Its session lives on for as long as it is used: that is all that may change.
                    let session = changed.extract_if(.., |key| key.table == Table::Session);
                    assert!(session.count() <= 1);
                }
                assert_eq!(changed, [], "{who} changed something on {name} by reading, {late:#} later");
            }
        }
        let token = office.app.new_api_token("reader").await.unwrap().unwrap();
        let office = Office::on(store.clone(), office.time.now() + SignedDuration::from_hours(3));
        let before = store.rows().await;
        let addresses = api(&office).await;
        assert!(addresses.len() >= 10, "{addresses:?}");
        for address in addresses {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let request = Request::builder().method(&method).uri(&address);
                let request = request.header("authorization", format!("Bearer {token}"));
                let answer =
                    office.pages.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                let expected = if method == Method::OPTIONS { 405 } else { 200 };
                assert_eq!(answer.status(), expected, "{method} {address}");
            }
        }
        assert_eq!(
            changed(&before, &store.rows().await),
            [],
            "the API changed something on {name} by reading"
        );
        assert_eq!(answered, routes(), "some route was not read, or never answered with its page");
    }
}
