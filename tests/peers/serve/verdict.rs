//! What must hold afterwards: of the store, of what left, and of what people were told.

use std::collections::BTreeMap;

use crewcall::app::App;
use crewcall_dispatch::cascade::OfferState;
use crewcall_dispatch::link::Token;

use super::crew::Seen;
use super::mailroom::Letter;
use crate::invariants;

/// Judges all of it. A mail may have left `copies` times, each copy with the same link.
pub(super) async fn judge(app: &App, letters: &[Letter], seen: &Seen, copies: usize) {
    invariants::hold(app).await;
    each_mail_left_once(letters, copies);
    the_office_holds_no_live_link(letters);
    nobody_was_asked_twice(app, letters).await;
    nobody_was_told_wrong(app, seen).await;
}

fn each_mail_left_once(letters: &[Letter], copies: usize) {
    let mut by_id = BTreeMap::<&str, Vec<&Letter>>::new();
    for letter in letters {
        by_id.entry(letter.header("Message-ID")).or_default().push(letter);
    }
    for (id, same) in by_id {
        let kinds: Vec<_> = same.iter().map(|letter| (&letter.to, letter.token())).collect();
        assert!(same.len() <= copies, "{id} left {} times: {kinds:?}", same.len());
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{id} is two mails: {kinds:?}");
    }
}

fn the_office_holds_no_live_link(letters: &[Letter]) {
    let secrets: Vec<&str> =
        letters.iter().filter_map(|letter| Some(letter.token()?.split_once('.')?.1)).collect();
    for letter in letters.iter().filter(|letter| letter.to == "office") {
        for secret in &secrets {
            assert!(!letter.taken.to_string().contains(secret), "the office got a live link");
        }
    }
}

/// Every link belongs to the offer of the one it went to, and there is one for each seat and round.
async fn nobody_was_asked_twice(app: &App, letters: &[Letter]) {
    let mut asked = BTreeMap::new();
    for letter in letters {
        let Some(text) = letter.token() else { continue };
        let token: Token = text.parse().unwrap();
        let record = app.link(&token).await.unwrap().expect("a link that was mailed opens");
        assert_eq!(record.crew_id.as_str(), letter.to);
        let state = app.charter(&record.charter_id).await.unwrap();
        let offer = state.offer(record.offer).unwrap();
        let ask = (record.charter_id, offer.seat.position.clone(), offer.round, offer.crew_id.clone());
        let first = asked.entry(ask.clone()).or_insert_with(|| text.to_owned());
        assert_eq!(first, text, "two offers to {ask:?}");
    }
}

/// "You're on" was shown only after it was on the disk for good, and so was a no.
async fn nobody_was_told_wrong(app: &App, seen: &Seen) {
    for (text, heading) in seen {
        let expected = match heading.as_str() {
            "You're on" | "You&#39;re on" => OfferState::Accepted,
            "You said you can't do it" | "You said you can&#39;t do it" => OfferState::Declined,
            _ => continue,
        };
        let token: Token = text.parse().unwrap();
        let record = app.link(&token).await.unwrap().expect("a link that was answered opens");
        let state = app.charter(&record.charter_id).await.unwrap();
        let offer = state.offer(record.offer).unwrap();
        assert_eq!(offer.state, expected, "{} was told {heading}", offer.crew_id);
    }
}
