//! A message is sent again until it is known to be on its way, and everyone reads it once.

use std::sync::Arc;

use crewcall::app::AppError;
use crewcall_dispatch::cascade::{Command, Fact, OfferNo};

use crate::store::conformance::{TestStore, every_store};
use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::{Office, START, caller};

/// Who sends it, each with a key of their own kind.
#[derive(Debug, Clone, Copy)]
enum Sender {
    Page,
    Program,
}

/// Says whether both faults struck while the message was written and mailed.
async fn survives(store: TestStore, (first, second): (usize, usize), fault: Fault, sender: Sender) -> bool {
    let office = Office::new(store.store.clone()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office.run(&id, Command::Accept(OfferNo(1))).await.unwrap();
    office.tick().await;
    let inner = Arc::new(Faulty::failing_at(store.store.clone(), second, fault));
    let outer = Arc::new(Faulty::failing_at(inner.clone(), first, fault));
    let office = Office::on(outer.clone(), START.parse().unwrap());
    let post = Command::Post { text: "Fog.".into() };
    for _ in 0..4 {
        // Pressed again, even where the first answer was good.
        let sent = match sender {
            Sender::Page => office.app.run_once(&id, &post, &caller(), "one").await,
            Sender::Program => {
                let once =
                    office.app.once("thread/ch", &caller(), "one", "{\"to\":\"crew\",\"text\":\"Fog.\"}");
                office.app.run_under(Some(&once), &id, &post, &caller()).await
            }
        };
        match sent {
            Ok(_) | Err(AppError::Store(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    for _ in 0..6 {
        let _ = office.time.advance("30s".parse().unwrap()).await;
    }
    let hardened = Office::on(store.store.clone(), office.time.now());
    invariants::hold(&hardened.app).await;
    let audit = hardened.app.audit(&id).await.unwrap();
    let posted = audit.iter().filter(|event| matches!(event.fact, Fact::MessagePosted { .. })).count();
    assert_eq!(posted, 1, "{fault:?} in places {first} and {second}");
    let mails = office.mailbox.list();
    let mut ids: Vec<_> = mails.iter().map(|arrived| arrived.mail.message_id.clone()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "one mail, at the most in two copies");
    assert_eq!(mails[0].mail.to.email.as_str(), "dana@example.com");
    outer.has_struck() && inner.has_struck()
}

async fn every_two_places(empty: impl AsyncFn() -> TestStore, fault: Fault) {
    for sender in [Sender::Page, Sender::Program] {
        let mut struck = 0;
        for first in 0..12 {
            for second in first..12 {
                struck += usize::from(survives(empty().await, (first, second), fault, sender).await);
            }
        }
        println!("{struck} runs with two faults");
        assert!(struck > 3, "the faults struck too late");
    }
}

macro_rules! a_message_fails_twice {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            use super::every_two_places;
            use crate::store::conformance::$empty;
            use crate::support::faulty::Fault;

            #[tokio::test]
            async fn two_operations_may_fail() {
                every_two_places($empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn two_commits_may_lose_their_answers() {
                every_two_places($empty, Fault::After).await;
            }
        })*
    };
}

every_store!(a_message_fails_twice);
