//! Links, secrets and local times.

use crewcall_dispatch::cascade::{Command, OfferNo, RescindReason};

use super::super::*;
use super::Scene;

fn one_of_each(offer: OfferNo) -> Vec<Notice> {
    let to: CrewId = "dana".parse().unwrap();
    let why = RescindReason::CharterCancelled;
    vec![
        Notice::Offer { offer },
        Notice::OfferCopy { offer },
        Notice::CrewList { to: to.clone() },
        Notice::CrewListOffice,
        Notice::Reopened { offer, to: to.clone() },
        Notice::ReopenedOffice { offer },
        Notice::NotTold { to: to.clone() },
        Notice::Exhausted,
        Notice::Rescinded { offer, why },
        Notice::Cancelled { to },
        Notice::CancelledOffice,
        Notice::Undeliverable { offer },
    ]
}

#[test]
fn the_link_in_the_offer_is_the_one_that_the_key_derives() {
    let scene = Scene::new(2).started().accepted(1);
    for offer in &scene.state.offers {
        let mail = scene.write(&Notice::Offer { offer: offer.no });
        let token = scene.operator.key.offer_token(&scene.state.charter.charter_id, offer);
        let link = format!(
            "https://crew.example.com/crew/accept?token={}&charter_id=charter_5678&expires=2026-06-20T18:00:00Z",
            token.reveal()
        );
        assert!(mail.text.lines().any(|line| line == link), "{}", mail.text);
        assert_eq!(mail.text.matches("https://").count(), 1);
        assert!(mail.html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{}", mail.html);
        assert_eq!(mail.html.matches("https://").count(), 1);
    }
}

#[test]
fn only_the_offer_itself_has_a_secret_in_it() {
    let mut scene = Scene::new(2).started().accepted(1);
    scene.run(Command::Decline(OfferNo(2)));
    let charter_id = &scene.state.charter.charter_id;
    let secrets: Vec<(OfferNo, String)> = scene
        .state
        .offers
        .iter()
        .map(|offer| (offer.no, scene.operator.key.offer_token(charter_id, offer).reveal()))
        .map(|(no, token)| (no, token.split_once('.').unwrap().1.to_owned()))
        .collect();
    assert_eq!(secrets.len(), 3);
    for notice in scene.state.offers.iter().flat_map(|offer| one_of_each(offer.no)) {
        let mail = scene.write(&notice);
        let own = match &notice {
            Notice::Offer { offer } => Some(*offer),
            _ => None,
        };
        for (no, secret) in &secrets {
            for part in [&mail.text, &mail.html, &mail.subject, &mail.to.name] {
                let allowed = own == Some(*no);
                assert!(allowed || !part.contains(secret.as_str()), "{no:?} is told in {notice:?}: {part}");
            }
        }
    }
}

#[test]
fn a_message_has_its_readers_own_link_and_no_other() {
    let mut scene = Scene::new(1).started().accepted(1).accepted(2);
    scene.run(Command::Post { text: "Hello".into() });
    let charter_id = &scene.state.charter.charter_id;
    let messages = scene.postings.iter().filter(|posting| posting.notice.slug() == "message");
    for posting in messages.clone() {
        let mail = scene.write(&posting.notice);
        for offer in &scene.state.offers {
            let token = scene.operator.key.offer_token(charter_id, offer).reveal();
            let own = posting.notice.recipient(&scene.state) == Some(&offer.crew_id);
            assert_eq!((mail.text.contains(&token), mail.html.contains(&token)), (own, own), "{}", mail.text);
        }
    }
    assert_eq!(messages.count(), 2);
}

#[test]
fn times_are_local_on_a_day_of_a_change_of_clocks() {
    let autumn = Scene::at(["2026-11-01T00:30", "2026-11-01T01:30:00-07:00", "2026-11-01T01:45:00-08:00"], 0);
    let text = autumn.started().newest("offer").text;
    for line in [
        "Departs:      Sun 1 Nov 2026, 01:30 PDT",
        "Returns:      Sun 1 Nov 2026, 01:45 PST",
        "Be aboard by: Sun 1 Nov 2026, 00:30 PDT",
        "Reply by:     Sat 20 Jun 2026, 11:00 PDT",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}: {text}");
    }
    let spring = Scene::at(["2027-03-14T01:15", "2027-03-14T01:45", "2027-03-14T06:00"], 0);
    let text = spring.started().newest("offer").text;
    for line in ["Departs:      Sun 14 Mar 2027, 01:45 PST", "Returns:      Sun 14 Mar 2027, 06:00 PDT"] {
        assert!(text.lines().any(|own| own == line), "{line}: {text}");
    }
}
