//! The crew after the captain.

use crewcall_dispatch::cascade::Command;

use super::{on_every_network, on_every_store};

#[tokio::test]
async fn a_paired_member_who_cannot_is_replaced_from_the_ranked_list() {
    // Gene sails with Kai, who said no to that day, and Sam, who declines.
    let timeline = on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 2), ("mate", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.press("dana", "decline").await;
        office.tick().await;
        office.press("gene", "accept").await;
        office.tick().await;
        office.press("sam", "decline").await;
        office.tick().await;
        for crew in ["lee", "zoe", "ruth"] {
            office.press(crew, "accept").await;
        }
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn a_captain_takes_the_accept_back_and_the_crew_stands_down() {
    let timeline = on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 2)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        office.press("lee", "accept").await;
        office.advance("9min").await;
        office.press("dana", "undo").await;
        office.tick().await;
        office.press("dana", "decline").await;
        office.tick().await;
        office.press("gene", "accept").await;
        office.tick().await;
        office.press("sam", "accept").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn a_yes_taken_back_from_a_complete_crew_is_told_to_everyone() {
    let timeline = on_every_network(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        // Pressed twice: one call.
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        office.press("lee", "accept").await;
        office.tick().await;
        office.press("lee", "undo").await;
        office.press("lee", "undo").await;
        office.tick().await;
        office.press("lee", "decline").await;
        office.tick().await;
        office.press("sam", "accept").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn whoever_changes_rank_while_aboard_is_not_asked_for_a_second_seat() {
    on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("mate", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        office.press("lee", "accept").await;
        for mate in ["ruth", "tom"] {
            office.press(mate, "decline").await;
            office.tick().await;
        }
        office.import(&[crate::support::office::person("mate", "lee", 1, &[])]).await;
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        let state = office.app.charter(&id).await.unwrap();
        assert_eq!(state.offers.iter().filter(|offer| offer.crew_id.as_str() == "lee").count(), 1);
        office
    })
    .await;
}

#[tokio::test]
async fn a_yes_can_be_taken_back_once() {
    on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        for _ in 0..3 {
            office.press("dana", "accept").await;
            office.tick().await;
            office.press("dana", "undo").await;
            office.tick().await;
        }
        let state = office.app.charter(&id).await.unwrap();
        assert_eq!(state.captain().unwrap().crew_id.as_str(), "dana");
        assert_eq!(state.offers.len(), 3, "the deckhand was asked once for each yes: {:?}", state.offers);
        office
    })
    .await;
}
