//! `crewcall tick` by hand: as from cron, doubled, and beside a server.

use std::collections::BTreeSet;

use super::harbor::Harbor;
use super::mailroom::Mailroom;
use super::{PATIENCE, until};
use crate::invariants;

/// Several ticks at once, and how many mails they handed over together.
fn ticks_at_once(harbor: &Harbor, count: usize) -> u64 {
    std::thread::scope(|scope| {
        let ticks: Vec<_> =
            (0..count).map(|_| scope.spawn(|| harbor.home.run(&["tick", "--json"]).json())).collect();
        ticks.into_iter().map(|tick| tick.join().unwrap()["done"].as_u64().unwrap()).sum()
    })
}

fn assert_each_once(harbor: &Harbor, count: usize) {
    let letters = harbor.mail.all();
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.header("Message-ID")).collect();
    assert_eq!((letters.len(), ids.len()), (count, count));
    tokio::runtime::Runtime::new().unwrap().block_on(invariants::hold(&harbor.app()));
}

#[test]
fn ticks_without_a_server_send_each_mail_once() {
    let harbor = Harbor::new("response_window = \"1s\"\ngrace = \"0s\"");
    harbor.import();
    harbor.book("a", 27, 10);
    harbor.start_call("a");
    assert_eq!(harbor.home.run(&["tick", "--json"]).json()["done"], 2, "the offer and the office's copy");
    assert_eq!(harbor.mail.wait_for_offer("dana").to, "dana");

    // Dana does not answer. Ticks find out, whenever they come and however many.
    until("Gene's offer", PATIENCE, || {
        ticks_at_once(&harbor, 4);
        harbor.mail.all().iter().any(|letter| letter.to == "gene").then_some(())
    });
    // All captains, each with a copy for the office, and the alert.
    until("the end of the call", PATIENCE, || {
        ticks_at_once(&harbor, 4);
        harbor.mail.all().iter().any(|letter| letter.text.contains("nobody is left to ask")).then_some(())
    });
    assert_eq!(ticks_at_once(&harbor, 4), 0);
    assert_each_once(&harbor, 9);
}

#[test]
fn ticks_beside_a_server_send_each_mail_once() {
    let harbor = Harbor::new("");
    harbor.import();
    let charters: Vec<String> = (0..4).map(|n| format!("c{n}")).collect();
    for id in &charters {
        harbor.book(id, 27, 10);
    }
    let server = harbor.serve();
    for id in &charters {
        harbor.start_call(id);
        ticks_at_once(&harbor, 3);
    }
    // Each of the four captains is asked for one of the sails, which are at the same time.
    until("all mails", PATIENCE, || (harbor.mail.all().len() >= 8).then_some(()));
    ticks_at_once(&harbor, 3);
    assert_eq!(server.stop().0, 0);
    assert_each_once(&harbor, 8);
}

#[test]
fn a_long_hand_over_keeps_its_claim() {
    // Longer than a claim holds unless it is renewed.
    let mail = Mailroom::start(&["--delay", "26", "--slow-for", "dana@example.com"]);
    let harbor = Harbor::with_mail("", mail);
    harbor.import();
    harbor.book("a", 27, 10);
    let server = harbor.serve();
    harbor.start_call("a");
    until("Dana's mail", PATIENCE * 2, || {
        ticks_at_once(&harbor, 1);
        harbor.mail.all().iter().any(|letter| letter.to == "dana").then_some(())
    });
    assert_eq!(harbor.mail.begun(), 1, "someone else began to hand it over too");
    harbor.mail.wait_for("office", |letter| letter.text.contains("was asked to sail"));
    assert_eq!(server.stop().0, 0);
    assert_each_once(&harbor, 2);
}
