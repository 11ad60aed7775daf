//! Mail by Gmail: threads, attachments, what is refused.

use std::sync::Arc;

use crewcall::mail::{Attachment, Mail, Transport};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_google_peer::Call;
use mail_parser::{MessageParser, MimeHeaders};

use super::harbor::{ACCOUNT, Harbor, mail};
use crate::support::office::{Office, START, operator, people};

#[tokio::test]
async fn a_mail_arrives_whole_with_what_is_attached() {
    let harbor = Harbor::new().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let attachments = vec![Attachment {
        name: "Statement June – Zoë.xlsx".into(),
        media_type: "application/vnd.ms-excel",
        bytes,
    }];
    let receipt = harbor.gmail().send(&Mail { attachments, ..mail(1) }).await.unwrap();
    let sent = harbor.peer.sent(ACCOUNT);
    assert_eq!(receipt.thread_id.as_deref(), Some(sent[0].thread_id.as_str()));
    assert!(receipt.at_peer.contains(&sent[0].id), "{}", receipt.at_peer);
    let message = MessageParser::new().parse(&sent[0].raw).unwrap();
    assert_eq!(message.subject(), Some("Sail 1"));
    let attached = message.attachments().next().unwrap();
    assert_eq!(attached.attachment_name(), Some("Statement June – Zoë.xlsx"));
    assert_eq!(attached.contents().len(), 300_000);
    assert!(message.body_text(0).unwrap().contains("Can you take her out?"));
}

#[tokio::test]
async fn a_thread_that_is_gone_is_left_out() {
    let harbor = Harbor::new().await;
    let gmail = harbor.gmail();
    for (number, gone) in [(1, "1badc0de"), (2, "no id at all")] {
        let sent = gmail.send(&Mail { thread_id: Some(gone.into()), ..mail(number) }).await.unwrap();
        assert_ne!(sent.thread_id.as_deref(), Some(gone));
    }
    assert_eq!((harbor.peer.sent(ACCOUNT).len(), harbor.peer.count(Call::Send)), (2, 4));
}

/// All mails of a charter are one thread in the sender's mailbox, the office's copies among them; another charter
/// has its own.
#[tokio::test]
async fn a_charter_is_one_thread_and_the_offices_copy_has_no_live_link() {
    let harbor = Harbor::new().await;
    let office = Office::mailing_through(
        harbor.gmail(),
        operator(),
        Arc::new(MemoryStore::new()),
        START.parse().unwrap(),
    );
    office.import(&people()).await;
    for (id, hours) in [("ch-1", (8, 11)), ("ch-2", (16, 19))] {
        let id = office.book(id, hours, &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
    }
    office.advance("5h").await;
    let sent = harbor.peer.sent(ACCOUNT);
    let mut links = 0;
    for charter in ["ch-1", "ch-2"] {
        let mine: Vec<_> = sent
            .iter()
            .filter(|sent| {
                MessageParser::new().parse(&sent.raw).unwrap().subject().unwrap().contains(charter)
            })
            .collect();
        assert!(mine.len() >= 4, "{charter}: {}", mine.len());
        assert!(mine.iter().all(|sent| sent.thread_id == mine[0].thread_id), "{charter}");
        for sent in mine {
            let message = MessageParser::new().parse(&sent.raw).unwrap();
            let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
            let live = message.body_text(0).unwrap().contains("/crew/accept?token=");
            assert!(!(live && to == "office@example.com"), "the office's copy has a live link");
            links += usize::from(live);
        }
    }
    assert!(links >= 3, "{links}");
    assert_ne!(
        sent[0].thread_id,
        sent.iter().find(|sent| String::from_utf8_lossy(&sent.raw).contains("ch-2")).unwrap().thread_id
    );
}
