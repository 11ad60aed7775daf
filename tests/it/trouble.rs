//! What a mail server in trouble does to a call.

use std::sync::Arc;

use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{CharterState, Command, Fact, OfferState};
use crewcall_dispatch::model::CharterId;
use jiff::SignedDuration;
use mail_parser::MessageParser;

use crate::mail::peer::Act::{HangUp, Say};
use crate::mail::peer::{Act, Peer};
use crate::mail::smtp;
use crate::support::invariants;
use crate::support::office::{Office, START, heading, operator, people};

const TO_DANA: &str = "RCPT TO:<dana@example.com>";
const TO_OFFICE: &str = "RCPT TO:<office@example.com>";
const NOT_NOW: (&str, Act) = (TO_DANA, Say("451 4.7.1 greylisted, try again later"));

/// An office with a call that has just been started, and its mail server.
struct Trouble {
    office: Office,
    peer: Peer,
    id: CharterId,
}

/// A mail as the server got it.
struct Taken {
    to: String,
    message_id: String,
    text: String,
}

impl Taken {
    fn link(&self) -> Option<&str> {
        let line = self.text.lines().find(|line| line.contains("/crew/accept?token="))?;
        Some(line.trim())
    }
}

impl Trouble {
    /// The server is in trouble from the start.
    async fn with(on: &[(&'static str, Act)]) -> Self {
        let peer = Peer::good().await;
        peer.follow(on);
        let transport = Arc::new(smtp(&peer));
        let store = Arc::new(MemoryStore::new());
        let office = Office::mailing_through(transport, operator(), store, START.parse().unwrap());
        office.import(&people()).await;
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        Self { office, peer, id }
    }

    async fn state(&self) -> CharterState {
        invariants::hold(&self.office.app).await;
        self.office.app.charter(&self.id).await.unwrap()
    }

    /// Who was asked so far, and how that stands.
    async fn asked(&self) -> Vec<(String, OfferState)> {
        let offers = self.state().await.offers;
        offers.iter().map(|offer| (offer.crew_id.to_string(), offer.state)).collect()
    }

    /// The bodies that reached the server, whatever it answered.
    fn taken(&self) -> Vec<Taken> {
        let bodies = self.peer.heard(|heard| heard.bodies.clone());
        let read = |body: String| {
            let mail = MessageParser::default().parse(body.as_bytes()).unwrap();
            let to = mail.to().and_then(|to| to.first()?.address()).unwrap().to_owned();
            let message_id = mail.message_id().unwrap().to_owned();
            Taken { to, message_id, text: mail.body_text(0).unwrap().into_owned() }
        };
        bodies.into_iter().map(read).collect()
    }

    fn taken_for(&self, name: &str) -> Vec<Taken> {
        let to = format!("{name}@example.com");
        self.taken().into_iter().filter(|taken| taken.to == to).collect()
    }
}

fn asked(expected: &[(&str, OfferState)]) -> Vec<(String, OfferState)> {
    expected.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect()
}

#[tokio::test]
async fn while_the_server_is_down_mails_wait_and_nobody_is_passed_over() {
    let trouble = Trouble::with(&[("connect", HangUp)]).await;
    trouble.office.advance("6h").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
    assert!(trouble.taken().is_empty());

    trouble.peer.follow(&[]);
    trouble.office.advance("10min").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Sent)]));
    assert_eq!((trouble.taken_for("dana").len(), trouble.taken_for("office").len()), (1, 1));
    let offer = trouble.state().await.offers.remove(0);
    let window = offer.reply_by.unwrap().duration_since(offer.handed_over_at.unwrap());
    assert_eq!(window, SignedDuration::from_hours(2), "Dana has the whole window, from the hand-over on");
}

#[tokio::test]
async fn one_who_is_put_off_for_a_whole_window_is_passed_over() {
    let trouble = Trouble::with(&[NOT_NOW]).await;
    trouble.office.advance("1h 55min").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
    assert!(trouble.peer.count(TO_DANA) >= 10, "tried {} times", trouble.peer.count(TO_DANA));

    trouble.office.advance("15min").await;
    assert_eq!(
        trouble.asked().await,
        asked(&[("dana", OfferState::Undeliverable), ("gene", OfferState::Sent)])
    );
    let told = trouble.taken_for("office");
    assert!(told.iter().any(|mail| mail.text.contains("the offer to Dana Example could not be delivered")));
    assert!(trouble.taken_for("dana").is_empty());
}

#[tokio::test]
async fn an_outage_of_ours_does_not_count_as_the_reader_s() {
    let trouble = Trouble::with(&[("connect", HangUp)]).await;
    trouble.office.advance("6h").await;
    // The server is back, and greylists as it always does. Dana is not unreachable by that.
    trouble.peer.follow(&[NOT_NOW]);
    trouble.office.advance("30min").await;
    assert!(trouble.peer.count(TO_DANA) >= 2);
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
    trouble.peer.follow(&[]);
    trouble.office.advance("10min").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Sent)]));
}

#[tokio::test]
async fn a_limit_on_us_makes_nobody_unreachable() {
    let trouble = Trouble::with(&[("MAIL", Say("450 4.7.1 rate limit exceeded"))]).await;
    trouble.office.advance("6h").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
}

#[tokio::test]
async fn one_whose_address_is_refused_is_passed_over_at_once() {
    let trouble = Trouble::with(&[(TO_DANA, Say("550 5.1.1 no such user"))]).await;
    assert_eq!(
        trouble.asked().await,
        asked(&[("dana", OfferState::Undeliverable), ("gene", OfferState::Sent)])
    );
    let told = trouble.taken_for("office");
    assert!(told.iter().any(|mail| mail.text.contains("the offer to Dana Example could not be delivered")));
    assert_eq!(trouble.peer.count(TO_DANA), 1);
}

#[tokio::test]
async fn a_lost_answer_is_repeated_once_with_the_same_link() {
    let trouble = Trouble::with(&[(".", HangUp)]).await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
    assert_eq!(trouble.taken_for("dana").len(), 1);
    trouble.office.advance("2min").await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Sent)]));
    trouble.office.advance("30min").await;
    let copies = trouble.taken_for("dana");
    assert_eq!(copies.len(), 2);
    assert_eq!(copies[0].message_id, copies[1].message_id);
    let token = |copy: &Taken| crate::support::office::token_of(copy.link().unwrap()).to_owned();
    assert_eq!(token(&copies[0]), token(&copies[1]));
    let audit = trouble.office.app.audit(&trouble.id).await.unwrap();
    assert!(audit.iter().any(|event| matches!(event.fact, Fact::OfferSent { ambiguous: true, .. })));
}

#[tokio::test]
async fn an_answer_to_a_mail_of_which_nobody_heard_ends_the_asking() {
    let trouble = Trouble::with(&[(".", HangUp)]).await;
    let first = trouble.taken_for("dana").remove(0);
    let (_, page) = trouble.office.press_link(first.link().unwrap(), "accept").await;
    assert_eq!(heading(&page), "You're on");
    trouble.peer.follow(&[]);
    trouble.office.advance("30min").await;
    assert_eq!(trouble.taken_for("dana").len(), 1, "asked again after having said yes");
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Accepted), ("lee", OfferState::Sent)]));
}

#[tokio::test]
async fn what_the_office_has_to_know_is_not_given_up_after_a_response_window() {
    let trouble = Trouble::with(&[
        (TO_OFFICE, Say("452 4.2.2 mailbox full")),
        (TO_DANA, Say("550 5.1.1 no such user")),
    ])
    .await;
    // The call goes on meanwhile, to its end: nobody answers.
    trouble.office.advance("12h").await;
    assert!(trouble.taken_for("office").is_empty());
    trouble.peer.follow(&[]);
    trouble.office.advance("10min").await;
    let told = trouble.taken_for("office");
    for words in ["the offer to Dana Example could not be delivered", "nobody is left to ask"] {
        assert_eq!(told.iter().filter(|mail| mail.text.contains(words)).count(), 1, "{words}");
    }
    trouble.state().await;
}

/// Dana may have the mail: the answer to it was lost. So Dana has to hear that the sail is off.
#[tokio::test]
async fn who_may_have_the_offer_is_told_of_a_cancellation() {
    let trouble = Trouble::with(&[(TO_DANA, Say("250 OK")), (".", HangUp)]).await;
    assert_eq!(trouble.asked().await, asked(&[("dana", OfferState::Queued)]));
    trouble.peer.follow(&[]);
    trouble.office.run(&trouble.id, Command::Cancel).await.unwrap();
    trouble.office.advance("5min").await;
    let dana: Vec<String> = trouble.taken_for("dana").into_iter().map(|mail| mail.text).collect();
    assert_eq!(dana.len(), 2, "{dana:?}");
    assert!(dana[0].contains("/crew/accept?token=") && dana[1].contains("is cancelled"), "{dana:?}");
    let office = trouble.taken_for("office");
    assert!(office.iter().any(|mail| mail.text.contains("Dana Example")), "the office hears who was asked");
    assert!(office.iter().all(|mail| !mail.text.contains("nobody has to be told")));
}
