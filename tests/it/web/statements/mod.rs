//! A month of pay on the office's pages: from the draft to the mails, and what needs a look.

mod asked;

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION};
use axum::http::{HeaderMap, Request, StatusCode};
use crewcall::mail::SendError;
use crewcall::operator::{Operator, Pay};
use crewcall::statement;
use crewcall::store::{MemoryStore, Store};
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::{CrewMember, Month};
use crewcall_dispatch::statement::{GratuityRule, PayRule, PayRules, Split};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::form::{hidden, send};
use super::sign_in::sign_in;
use crate::support::office::{Office, START, booking, caller, heading, operator, people, person};
use crate::support::pay;

const JUNE: &str = "/statements/2026-06";
const AFTER: &str = "2026-07-02T09:00:00-07:00";

/// Captains have 150.00 a sail, deckhands 90.00, and all of them the same of the gratuity.
fn paying() -> Operator {
    let rule = |position: &str, per_sail: &str| PayRule {
        per_sail: Some(per_sail.parse().unwrap()),
        ..pay::rule(position)
    };
    let rules = PayRules {
        pay: vec![rule("captain", "150.00"), rule("deckhand", "90.00")],
        gratuity: vec![GratuityRule { scope: pay::scope("tips"), split: Split::Equal }],
    };
    let owner = Some("Olive Owner <owner@example.com>".parse().unwrap());
    Operator { pay: Pay { rules, currency: "USD".into(), owner }, ..operator() }
}

/// An office in July, which knows everything of June; and a browser that is signed in.
async fn july(store: &Arc<MemoryStore>) -> (Office, String) {
    let office = Office::run_by(paying(), store.clone() as Arc<dyn Store>, AFTER.parse().unwrap());
    let cookie = sign_in(&office).await;
    (office, cookie)
}

/// Dana and lee have sailed on one charter, whose figures are known.
async fn sailed(more: &[CrewMember]) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    let office = Office::run_by(paying(), store.clone() as Arc<dyn Store>, START.parse().unwrap());
    office.import(&people()).await;
    office.import(more).await;
    book(&office, "america", (16, 19), &[("captain", 1), ("deckhand", 1)], Some("100.01")).await;
    for who in ["dana", "lee"] {
        office.press(who, "accept").await;
        office.tick().await;
    }
    store
}

async fn book(office: &Office, id: &str, hours: (u32, u32), seats: &[(&str, u32)], gratuity: Option<&str>) {
    let mut booking = booking(id, hours, seats);
    booking.gross_revenue = Some("1450.00".into());
    booking.channel_fee = Some("145.00".into());
    booking.gratuity = gratuity.map(str::to_owned);
    let charter = booking.check(&office.app.operator.zone).unwrap();
    let id = office.app.book(charter, &caller()).await.unwrap().charter.charter_id;
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
}

async fn read(office: &Office, cookie: &str, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap();
    let answer = office.pages.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn page(office: &Office, cookie: &str, path: &str) -> String {
    let (status, _, body) = read(office, cookie, path).await;
    let page = String::from_utf8(body).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

async fn approve(office: &Office, cookie: &str) {
    let seen = hidden(&page(office, cookie, JUNE).await, "seen");
    let (status, text) = send(office, cookie, &format!("{JUNE}/approve"), &[("seen", &seen)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
}

/// Who got mail, each with the names of what is attached.
fn delivered(office: &Office) -> Vec<String> {
    let mails = office.mailbox.list();
    let mut told: Vec<String> = mails
        .iter()
        .map(|arrived| {
            let files = arrived.mail.attachments.iter().map(|file| file.name.as_str());
            format!("{}: {}", arrived.mail.to.email, files.collect::<Vec<_>>().join(", "))
        })
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn a_month_goes_from_its_draft_to_everyones_mail() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    let (status, headers, _) = read(&office, &cookie, "/statements").await;
    assert_eq!((status, headers[LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, JUNE));

    let draft = page(&office, &cookie, JUNE).await;
    for shown in
        ["Pay for June 2026", "draft", "Dana Example", "150.00", "50.01", "200.01", "Lee Example", "140.00"]
    {
        assert!(draft.contains(shown), "{shown} is missing in {draft}");
    }
    // 1450.00 less 145.00 less 240.00.
    for shown in
        ["240.00", "1065.00", "href=\"/charters/america\"", "href=\"/statements/2026-05\"", "2026-07"]
    {
        assert!(draft.contains(shown), "{shown} is missing in {draft}");
    }
    assert!(!draft.contains("need a look") && !draft.contains("needs a look"), "{draft}");
    assert!(!draft.contains("Send "), "nothing is sent of a draft: {draft}");

    // The bonus form, sent twice; and once more by somebody who went back and corrected it.
    let key = hidden(&draft, "key");
    let bonus = |amount| {
        [
            ("key", key.as_str()),
            ("crew", "lee"),
            ("what", "bonus"),
            ("amount", amount),
            ("reason", "Night watch"),
        ]
    };
    let entering = format!("{JUNE}/adjustments");
    for (amount, entries) in [("25.00", 1), ("25.00", 1), ("30", 2)] {
        let (status, text) = send(&office, &cookie, &entering, &bonus(amount)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        let shown = page(&office, &cookie, JUNE).await;
        assert_eq!(shown.matches("Night watch").count(), entries, "{shown}");
    }
    for _ in 0..2 {
        let (status, _) = send(&office, &cookie, &format!("{entering}/2/take-back"), &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    let shown = page(&office, &cookie, JUNE).await;
    assert!(shown.contains("165.00") && shown.contains("by Pat Lane"), "{shown}");
    assert_eq!(shown.matches("Night watch").count(), 1, "{shown}");

    // What was looked at before the bonus is not what would be approved now.
    let seen = hidden(&draft, "seen");
    let (status, text) = send(&office, &cookie, &format!("{JUNE}/approve"), &[("seen", &seen)]).await;
    assert_eq!((status, heading(&text)), (StatusCode::CONFLICT, "It has changed meanwhile"));
    assert!(text.contains("href=\"/statements/2026-06\""), "{text}");
    assert!(page(&office, &cookie, JUNE).await.contains("Approve this month"));

    approve(&office, &cookie).await;
    let approved = page(&office, &cookie, JUNE).await;
    for shown in ["✓ approved", "by Pat Lane", "Send 4 mails", "not sent yet", "Night watch"] {
        assert!(approved.contains(shown), "{shown} is missing in {approved}");
    }
    for gone in ["Take back", "Enter it", "Approve this month"] {
        assert!(!approved.contains(gone), "{gone} is in {approved}");
    }
    let (status, text) = send(&office, &cookie, &entering, &bonus("1.00")).await;
    assert_eq!((status, heading(&text)), (StatusCode::CONFLICT, "That cannot be done"));

    // Pressed twice, each mail leaves once.
    for _ in 0..2 {
        let (status, _) = send(&office, &cookie, &format!("{JUNE}/send"), &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        office.tick().await;
    }
    assert_eq!(
        delivered(&office),
        [
            "dana@example.com: statement-2026-06-dana.xlsx",
            "lee@example.com: statement-2026-06-lee.xlsx",
            "office@example.com: ",
            "owner@example.com: crew-pay-2026-06.xlsx",
        ]
    );
    let sent = page(&office, &cookie, JUNE).await;
    assert_eq!(sent.matches("✓ sent").count(), 4, "{sent}");
    assert!(
        sent.contains("lee@example.com") && !sent.contains("action=\"/statements/2026-06/send\""),
        "{sent}"
    );
}

#[tokio::test]
async fn a_persons_page_answers_a_question_on_the_phone() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    let month: Month = "2026-06".parse().unwrap();
    let amount = "-12.50".parse().unwrap();
    statement::enter(
        &office.app,
        month,
        &"dana".parse().unwrap(),
        amount,
        "Lost key".into(),
        &caller(),
        None,
    )
    .await
    .unwrap();
    let path = format!("{JUNE}/crew/dana");
    let shown = page(&office, &cookie, &path).await;
    for part in [
        "Dana Example, June 2026",
        "187.51 USD",
        "-12.50",
        "Lost key",
        "captain: 150.00 a sail (from 2026-01-01)",
        "tips: the gratuity is split equally",
        "link jada_crew_",
        "1, 2",
    ] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    // The yes is where the link leads.
    let event = shown.split_once("href=\"/charters/america#").unwrap().1.split('"').next().unwrap();
    let charter = page(&office, &cookie, "/charters/america").await;
    assert!(charter.contains(&format!("<li id=\"{event}\"")), "{event} is missing in {charter}");
    for (id, expected) in [
        ("zoe", StatusCode::NOT_FOUND),
        ("nobody", StatusCode::NOT_FOUND),
        ("a%20b", StatusCode::BAD_REQUEST),
    ] {
        for rest in ["", "/statement.xlsx"] {
            let (status, _, body) = read(&office, &cookie, &format!("{JUNE}/crew/{id}{rest}")).await;
            let text = String::from_utf8(body).unwrap();
            assert_eq!(status, expected, "{id}: {text}");
            assert!(!heading(&text).is_empty());
        }
    }
}

#[tokio::test]
async fn what_is_missing_is_said_on_top_and_leads_to_the_charter() {
    let store = sailed(&[]).await;
    let june = Office::run_by(paying(), store.clone() as Arc<dyn Store>, START.parse().unwrap());
    // Nobody has said what the guests gave.
    book(&june, "stars", (16, 19), &[("captain", 1)], None).await;
    june.press("gene", "accept").await;
    june.tick().await;
    let running = page(&june, &sign_in(&june).await, JUNE).await;
    assert!(running.contains("Not back yet, and not paid before: 2 charters."), "{running}");
    assert!(!running.contains("need a look") && !running.contains("Approve this month"), "{running}");
    assert!(running.contains("can be approved from 1 July 2026 on"), "{running}");
    let seen = [("seen", "x")];
    let (status, text) = send(&june, &sign_in(&june).await, &format!("{JUNE}/approve"), &seen).await;
    assert_eq!((status, heading(&text)), (StatusCode::CONFLICT, "That cannot be done"));
    assert!(text.contains("is not over before 1 July 2026"), "{text}");

    let (office, cookie) = july(&store).await;
    let shown = page(&office, &cookie, JUNE).await;
    assert!(shown.contains("! 1 needs a look"), "{shown}");
    assert!(shown.contains("<a href=\"/charters/stars\">America</a>"), "{shown}");
    assert!(shown.contains("the gratuity is missing (0.00 if there was none)"), "{shown}");
    assert!(shown.contains("! not paid yet"), "{shown}");

    // It waits for another month, and is not forgotten there.
    approve(&office, &cookie).await;
    let approved = page(&office, &cookie, JUNE).await;
    assert!(
        approved.contains("Not paid when it was approved (1)") && !approved.contains("needs a look"),
        "{approved}"
    );
    let next = page(&office, &cookie, "/statements/2026-07").await;
    assert!(next.contains("Open still from earlier months (1)"), "{next}");
    let before = page(&office, &cookie, "/statements/2026-05").await;
    assert!(
        before.contains("Paid elsewhere: what sailed before the first month")
            && !before.contains("Approve this month"),
        "{before}"
    );
}

#[tokio::test]
async fn mails_that_did_not_leave_or_perhaps_did_are_told_and_settled() {
    let mut silent = serde_json::to_value(person("deckhand", "una", 9, &[])).unwrap();
    silent.as_object_mut().unwrap().remove("email");
    let silent = CrewMember::parse(silent.as_object().unwrap()).unwrap();
    let (office, cookie) = july(&sailed(&[silent]).await).await;
    let month: Month = "2026-06".parse().unwrap();
    for (who, amount) in [("una", "10.00"), ("zoe", "-5.00")] {
        let (who, amount) = (who.parse().unwrap(), amount.parse().unwrap());
        statement::enter(&office.app, month, &who, amount, "Uniform".into(), &caller(), None).await.unwrap();
    }
    let draft = page(&office, &cookie, JUNE).await;
    for shown in [
        "! 2 need a look",
        "Totals below nothing (1)",
        "-5.00",
        "Without an e-mail address (1)",
        "Una Example",
    ] {
        assert!(draft.contains(shown), "{shown} is missing in {draft}");
    }
    approve(&office, &cookie).await;

    // One alone: its answer is lost.
    office.postman.lose_next_answer();
    let sending = format!("{JUNE}/send");
    assert_eq!(send(&office, &cookie, &sending, &[("crew", "dana")]).await.0, StatusCode::SEE_OTHER);
    office.tick().await;
    let shown = page(&office, &cookie, JUNE).await;
    assert!(shown.contains("Nobody knows whether the mail to Dana Example has arrived"), "{shown}");
    assert!(shown.contains("It has not: send it again") && shown.contains("Send 5 mails"), "{shown}");
    // Sending the rest is no answer to that; one of the others is refused.
    let reason = "550 no such mailbox".to_owned();
    office.postman.fail_next(SendError::Refused { reason, bad_address: false });
    send(&office, &cookie, &sending, &[("crew", "lee")]).await;
    office.tick().await;
    send(&office, &cookie, &sending, &[("crew", "una")]).await;
    office.tick().await;
    let shown = page(&office, &cookie, JUNE).await;
    for part in
        ["The mail to Lee Example was not sent", "550 no such mailbox", "Una Example has no e-mail address"]
    {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    assert_eq!(delivered(&office).iter().filter(|mail| mail.starts_with("dana@")).count(), 1);

    let settling = format!("{JUNE}/settle");
    for (fields, expected) in [
        ([("reader", "dana"), ("found", "perhaps")], StatusCode::BAD_REQUEST),
        ([("reader", "zoe"), ("found", "arrived")], StatusCode::CONFLICT),
        ([("reader", "dana"), ("found", "arrived")], StatusCode::SEE_OTHER),
        ([("reader", "dana"), ("found", "again")], StatusCode::CONFLICT),
    ] {
        let (status, text) = send(&office, &cookie, &settling, &fields).await;
        assert_eq!(status, expected, "{fields:?}: {text}");
    }
    send(&office, &cookie, &sending, &[("crew", "lee")]).await;
    office.tick().await;
    let shown = page(&office, &cookie, JUNE).await;
    assert!(shown.contains("✓ arrived") && shown.contains("✓ sent"), "{shown}");
    assert!(!shown.contains("Nobody knows") && !shown.contains("Lee Example was not sent"), "{shown}");

    // Of another it is found out that it has not arrived: it leaves once more.
    office.postman.lose_next_answer();
    send(&office, &cookie, &sending, &[("crew", "zoe")]).await;
    office.tick().await;
    for expected in [StatusCode::SEE_OTHER, StatusCode::CONFLICT] {
        let (status, text) =
            send(&office, &cookie, &settling, &[("reader", "zoe"), ("found", "again")]).await;
        assert_eq!(status, expected, "{text}");
        office.tick().await;
    }
    assert_eq!(delivered(&office).iter().filter(|mail| mail.starts_with("zoe@")).count(), 2);
    assert!(!page(&office, &cookie, JUNE).await.contains("Nobody knows"));
}

#[tokio::test]
async fn months_are_approved_in_their_turn_and_the_page_leads_to_whose_turn_it_is() {
    let (office, cookie) = july(&sailed(&[]).await).await;
    let at = |month: &str| format!("/statements/{month}");
    let seen = async |month: &str| hidden(&page(&office, &cookie, &at(month)).await, "seen");
    let approving = async |month: &str, seen: &str| {
        send(&office, &cookie, &format!("{}/approve", at(month)), &[("seen", seen)]).await
    };
    let april = seen("2026-04").await;
    assert_eq!(approving("2026-04", &april).await.0, StatusCode::SEE_OTHER);
    let bonus = [("key", "k"), ("crew", "dana"), ("what", "bonus"), ("amount", "5"), ("reason", "x")];
    send(&office, &cookie, &format!("{}/adjustments", at("2026-05")), &bonus).await;
    let june = seen("2026-06").await;
    let (status, text) = approving("2026-06", &june).await;
    assert_eq!((status, heading(&text)), (StatusCode::CONFLICT, "That cannot be done"));
    assert!(text.contains("<a href=\"/statements/2026-05\">To May 2026</a>"), "{text}");
    // What is approved is approved: pressed again it is done, and for another draft it is not.
    assert_eq!(approving("2026-04", &april).await.0, StatusCode::SEE_OTHER);
    assert_eq!(approving("2026-04", &june).await.0, StatusCode::CONFLICT);
}
