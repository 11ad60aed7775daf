//! Two servers on one store.

use std::sync::Arc;
use std::time::Duration;

use crewcall::app::App;

use super::crew::{Crew, seed};
#[cfg(feature = "aws")]
use super::harbor::app_on_dynamodb;
use super::harbor::{Harbor, free_port, is_over};
#[cfg(feature = "aws")]
use super::mailroom::Mailroom;
use super::server::Server;
use super::verdict::judge;
use super::{PATIENCE, http, until};
use crate::invariants;

/// Ten calls, most of them at the same time as another.
const CHARTERS: [(&str, u32, u32); 10] = [
    ("a", 27, 10),
    ("b", 27, 10),
    ("c", 27, 11),
    ("d", 27, 16),
    ("e", 27, 17),
    ("f", 28, 10),
    ("g", 28, 10),
    ("h", 28, 15),
    ("i", 29, 10),
    ("j", 29, 12),
];

const POLICY: &str = "response_window = \"3s\"\ngrace = \"1s\"";

#[test]
fn two_servers_on_one_file_do_everything_once() {
    // Both find no file and make it, and the link key beside it.
    two_servers_do_everything_once(&Harbor::new(POLICY), Harbor::app);
}

#[cfg(feature = "aws")]
#[test]
fn two_servers_on_one_set_of_tables_do_everything_once() {
    let peer = crate::dynamodb::dynoxide();
    // A commit takes longer there, and whoever presses while the time runs out may be told that it is over by the one
    // and be in time at the other.
    let policy = "response_window = \"10s\"\ngrace = \"2s\"";
    let harbor = Harbor::on_dynamodb(policy, Mailroom::start(&[]), &peer.endpoint);
    two_servers_do_everything_once(&harbor, |harbor| app_on_dynamodb(harbor, &peer.endpoint));
}

fn two_servers_do_everything_once(harbor: &Harbor, app: impl FnOnce(&Harbor) -> Arc<App>) {
    let seed = seed();
    let mut servers = [harbor.spawn(), Server::spawn(harbor.home.path(), free_port())];
    for server in &mut servers {
        server.wait_until_ready();
    }
    harbor.import();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = app(harbor);
    let addresses = servers.iter().map(|server| vec![server.address.clone()]).collect();
    let crew = Crew::begin(harbor.mail.clone(), addresses, seed);
    for (id, day, hour) in CHARTERS {
        harbor.book(id, day, hour);
        harbor.start_call(id);
    }
    until("the end of all calls", PATIENCE * 3, || {
        let over = runtime.block_on(async {
            let charters = app.charters(None).await.unwrap();
            charters.len() == CHARTERS.len()
                && charters.iter().all(is_over)
                && invariants::outbox(&app).await.is_empty()
        });
        over.then_some(())
    });
    let seen = crew.end();
    for server in &mut servers {
        assert!(server.lives());
        assert_eq!(http::get(&server.address, "/health/ready").unwrap().status, 200);
    }
    for server in servers {
        let (code, took) = server.stop();
        assert_eq!(code, 0);
        assert!(took < Duration::from_secs(5), "stopping took {took:?}");
    }
    let letters = harbor.mail.all();
    println!("{} mails, {} answers", letters.len(), seen.len());
    runtime.block_on(judge(&app, &letters, &seen, 1));
    let audits = CHARTERS.map(|(id, ..)| harbor.home.run(&["audit", id, "--json"]).done());
    assert!(audits.iter().all(|audit| !audit.contains("ambiguous")), "a mail counts as lost");
    // Every mail that the record has was seen by the peer, and no other.
    let sent =
        |audit: &String| audit.matches("\"offer_sent\"").count() + audit.matches("\"mail_sent\"").count();
    assert_eq!(audits.iter().map(sent).sum::<usize>(), letters.len());
}
