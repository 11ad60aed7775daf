//! Mail that fails, a server that was down, a charter that is off.

use crewcall::mail::SendError;
use crewcall_dispatch::cascade::Command;

use super::on_every_store;
use crate::support::invariants;
use crate::support::office::Office;

async fn started(office: &Office) {
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
}

#[tokio::test]
async fn a_refused_mail_is_no_answer_and_the_next_is_asked() {
    let timeline = on_every_store(async |office| {
        office
            .postman
            .fail_next(SendError::Refused { reason: "550 5.1.1 no such mailbox".into(), bad_address: true });
        started(&office).await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn a_lost_answer_is_followed_by_one_more_copy_with_the_same_link() {
    let timeline = on_every_store(async |office| {
        office.postman.lose_next_answer();
        started(&office).await;
        office.tick().await;
        office.advance("5min").await;
        let mails = office.mailbox.list();
        assert_eq!(mails[0].mail.message_id, mails[1].mail.message_id);
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn while_no_mail_can_be_sent_nobodys_time_runs() {
    let timeline = on_every_store(async |office| {
        for _ in 0..8 {
            office.postman.fail_next(SendError::Unavailable { reason: "connection refused".into() });
        }
        started(&office).await;
        office.advance("4h").await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn after_an_outage_the_captain_has_time_to_answer() {
    let timeline = on_every_store(async |office| {
        started(&office).await;
        office.tick().await;
        // Nothing runs for five hours; the window would have ended after two.
        let back =
            Office::on(office.app.store.clone(), office.time.now() + jiff::SignedDuration::from_hours(5));
        back.tick().await;
        invariants::hold(&back.app).await;
        // More signs of life follow, and do not make anybody forget.
        back.advance("14min").await;
        let (_, page) = back.press_link(&office.newest_link("dana").unwrap(), "accept").await;
        assert!(page.contains("You're on"), "{page}");
        back.tick().await;
        back
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn a_cancelled_charter_tells_everyone_asked_or_aboard() {
    let timeline = on_every_store(async |office| {
        started(&office).await;
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        let id = "ch".parse().unwrap();
        office.run(&id, Command::Cancel).await.unwrap();
        office.run(&id, Command::Cancel).await.unwrap();
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn the_sail_leaves_before_anyone_answered() {
    let timeline = on_every_store(async |office| {
        // An hour before departure the captain is first asked.
        let late = Office::on(office.app.store.clone(), "2026-06-27T15:00:00-07:00".parse().unwrap());
        started(&late).await;
        late.tick().await;
        late.advance("2h").await;
        late
    })
    .await;
    insta::assert_snapshot!(timeline);
}
