//! What left of a story's mails, through all the processes that told it.

use std::collections::{BTreeMap, BTreeSet};

use crewcall::app::OutboxRow;
use crewcall::mail::mailbox::Arrived;
use crewcall::store::{Store, Table};
use jiff::Timestamp;

use crate::support::faulty::Fault;
use crate::support::office::{link_in, token_of};

/// The mails that left: which charter's, what they say and who reads them, and how many there are.
pub(super) type Mails = BTreeMap<String, usize>;

/// The mails of which nobody can say whether they left: they may leave once more.
#[derive(Default)]
pub(super) struct Doubts {
    /// How many operations failed or lost their answer while a process went on: each may have been the one that says that a mail left.
    failed: usize,
    /// The mails that a process had in hand when it died, and how many processes did.
    in_hand: BTreeMap<String, usize>,
}

impl Doubts {
    /// One more fault struck. If the process died of it, `stored` is what it left.
    pub(super) async fn add(&mut self, fault: Fault, stored: &dyn Store) {
        // A lost answer may have been a refusal: of the one that a mail left, where another mail of the charter was
        // faster. Whoever is overtaken sees it, and no mail leaves twice for that.
        self.failed += usize::from(matches!(fault, Fault::Before | Fault::After));
        if fault.dies() {
            for row in stored.due(Table::Outbox, Timestamp::MAX, 1_000).await.unwrap() {
                let row = row.parse::<OutboxRow>().unwrap().value;
                if row.in_flight {
                    *self.in_hand.entry(row.key).or_default() += 1;
                }
            }
        }
    }
}

/// Every mail of the story left, and no other did. None left three times; a second copy has the link and the id of
/// the first, and there is one only where that is in doubt.
pub(super) fn left_as_told(arrived: &[Arrived], expected: &Mails, doubts: &Doubts) {
    let mut copies = BTreeMap::<&str, Vec<&Arrived>>::new();
    for mail in arrived {
        copies.entry(&mail.mail.key).or_default().push(mail);
    }
    let mut of_failed = 0;
    for (key, copies) in &copies {
        assert!(copies.len() <= 2, "{key} left {} times", copies.len());
        for copy in &copies[1..] {
            assert_eq!(copy.mail.message_id, copies[0].mail.message_id, "{key}");
            assert_eq!(token(copy), token(copies[0]), "{key}");
            of_failed += usize::from(!doubts.in_hand.contains_key(*key));
        }
    }
    assert!(of_failed <= doubts.failed, "{of_failed} mails left twice for {} failures", doubts.failed);
    let mut mails = mails(arrived);
    // Two processes died with it in hand, each before it left: what may have been lost twice counts as sent.
    let given_up =
        doubts.in_hand.iter().filter(|(key, times)| **times >= 2 && !copies.contains_key(key.as_str()));
    for (key, _) in given_up {
        let what = what(key);
        let missing = expected.iter().find(|(mail, times)| {
            mail.starts_with(&format!("{what} to ")) && mails.get(*mail).unwrap_or(&0) < *times
        });
        *mails.entry(missing.expect("a mail of the story").0.clone()).or_default() += 1;
    }
    assert_eq!(mails, *expected);
}

/// The mails that arrived, each counted once.
pub(super) fn mails(arrived: &[Arrived]) -> Mails {
    let (mut seen, mut mails) = (BTreeSet::new(), Mails::new());
    for Arrived { mail, .. } in arrived {
        if seen.insert(&mail.key) {
            *mails.entry(format!("{} to {}", what(&mail.key), mail.to.email)).or_default() += 1;
        }
    }
    mails
}

/// A mail's key without the number of the event that it follows from.
fn what(key: &str) -> String {
    let (charter, rest) = key.split_once('/').unwrap();
    format!("{charter}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}

fn token(mail: &Arrived) -> Option<String> {
    link_in(&mail.mail).map(|link| token_of(&link).to_owned())
}
