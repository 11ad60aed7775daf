//! From a booked charter to a crewed boat.

use crewcall_dispatch::cascade::Command;

use super::{on_every_network, on_every_store};

const CAPTAIN_AND_TWO: &[(&str, u32)] = &[("captain", 1), ("deckhand", 2)];

#[tokio::test]
async fn the_captain_accepts_and_the_paired_crew_comes_along() {
    let timeline = on_every_network(async |office| {
        let id = office.book("ch", (16, 19), CAPTAIN_AND_TWO).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.advance("20min").await;
        office.press("dana", "accept").await;
        office.tick().await;
        office.advance("5min").await;
        office.press("lee", "accept").await;
        office.advance("10min").await;
        office.press("sam", "accept").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn a_captain_does_not_answer_and_another_declines() {
    let timeline = on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.advance("3h").await;
        office.press("gene", "decline").await;
        office.tick().await;
        office.advance("1h").await;
        office.press("maya", "accept").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn the_list_is_exhausted_and_asked_again_from_the_top() {
    let timeline = on_every_store(async |office| {
        let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        for captain in ["dana", "gene", "maya"] {
            office.press(captain, "decline").await;
            office.tick().await;
        }
        office.advance("6h").await;
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        office
    })
    .await;
    assert_eq!(timeline.matches("to office@example.com: Needs you").count(), 1, "{timeline}");
    insta::assert_snapshot!(timeline);
}
