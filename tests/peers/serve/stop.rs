//! Stopping: what is under way is finished, nothing new is begun, and nobody can hold it up.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use super::harbor::Harbor;
use super::mailroom::Mailroom;
use super::{PATIENCE, until};
use crate::invariants;

fn offers_sent(harbor: &Harbor, id: &str) -> usize {
    harbor.home.run(&["audit", id, "--json"]).done().matches("\"offer_sent\"").count()
}

#[test]
fn a_mail_that_is_being_handed_over_is_finished() {
    let harbor = Harbor::with_mail("", Mailroom::start(&["--delay", "2"]));
    harbor.import();
    harbor.book("a", 27, 10);
    let server = harbor.serve();
    harbor.start_call("a");
    until("the mail to begin", PATIENCE, || (harbor.mail.begun() == 1).then_some(()));
    let (code, took) = server.stop();
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(6), "stopping took {took:?}");
    assert_eq!(harbor.mail.all().len(), 1, "the mail was cut off");
    assert_eq!(offers_sent(&harbor, "a"), 1);

    // Nothing is sent once more after the next start; only the office's copy was still to come.
    let server = harbor.serve();
    harbor.mail.wait_for("office", |letter| letter.text.contains("was asked to sail"));
    assert_eq!(server.stop().0, 0);
    assert_eq!(harbor.mail.all().len(), 2);
}

#[test]
fn mails_that_wait_go_out_after_the_next_start() {
    let harbor = Harbor::with_mail("", Mailroom::start(&["--delay", "1"]));
    harbor.home.write("many.json", {
        let person = |n: u32| {
            serde_json::json!({ "crew_id": format!("captain-{n}"), "name": format!("Captain {n}"), "rank": "captain",
                "cascade_order": n, "email": format!("captain-{n}@example.com"),
                "availability": { "2099-06-27": "available" } })
        };
        serde_json::Value::from_iter((0..24).map(person)).to_string()
    });
    harbor.home.run(&["roster", "import", "many.json"]).done();
    for n in 0..24 {
        harbor.book(&format!("c{n}"), 27, 10);
        harbor.start_call(&format!("c{n}"));
    }
    let server = harbor.serve();
    until("the first mail to begin", PATIENCE, || (harbor.mail.begun() > 0).then_some(()));
    let (code, took) = server.stop();
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(6), "stopping took {took:?}, for mails that were not begun");
    assert!(harbor.mail.all().len() < 24);

    let server = harbor.serve();
    until("all mails", PATIENCE * 2, || (harbor.mail.all().len() == 48).then_some(()));
    assert_eq!(server.stop().0, 0);
    let ids: std::collections::BTreeSet<_> =
        harbor.mail.all().iter().map(|letter| letter.header("Message-ID").to_owned()).collect();
    assert_eq!(ids.len(), 48, "a mail left twice");
    tokio::runtime::Runtime::new().unwrap().block_on(invariants::hold(&harbor.app()));
}

#[test]
fn a_slow_reader_holds_nobody_else_up() {
    let mail = Mailroom::start(&["--delay", "12", "--slow-for", "dana@example.com"]);
    let harbor = Harbor::with_mail("", mail);
    harbor.import();
    harbor.book("a", 27, 10);
    harbor.book("b", 27, 10);
    let mut server = harbor.serve();
    harbor.start_call("a");
    until("the slow mail to begin", PATIENCE, || (harbor.mail.begun() == 1).then_some(()));
    // Gene's mail is decided while Dana's is under way.
    harbor.start_call("b");
    harbor.mail.wait_for_offer("gene");
    assert!(harbor.mail.all().iter().all(|letter| letter.to != "dana"), "this came too late to tell");
    server.kill();
}

#[test]
fn a_browser_that_says_nothing_holds_nothing_up() {
    let harbor = Harbor::new("");
    let server = harbor.serve();
    let connect = || TcpStream::connect(&server.address).unwrap();
    let idle = connect();
    let mut halfway = connect();
    halfway.write_all(b"POST /crew/accept HTTP/1.1\r\nHost: example.com\r\nContent-Le").unwrap();
    let mut without_body = connect();
    without_body
        .write_all(b"POST /crew/accept HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\ntok")
        .unwrap();
    // Their connections have been taken once a later one was answered.
    assert_eq!(super::http::get(&server.address, "/health/live").unwrap().status, 200);
    let (code, took) = server.stop();
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(10), "stopping took {took:?}");
    drop((idle, halfway, without_body));
}
