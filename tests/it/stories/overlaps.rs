//! Two sails at one time, and one captain for both.

use crewcall_dispatch::cascade::Command;

use super::{id, on_every_store};

#[tokio::test]
async fn a_captain_is_asked_for_one_sail_at_a_time() {
    // America is full of captains who decline; Stars waits for Dana, who is asked for America.
    let timeline = on_every_store(async |office| {
        office.book("america", (16, 19), &[("captain", 1)]).await.unwrap();
        office.book("stars", (17, 20), &[("captain", 1)]).await.unwrap();
        office.run(&id("america"), Command::Start).await.unwrap();
        office.run(&id("stars"), Command::Start).await.unwrap();
        office.tick().await;
        // Gene and Maya cannot sail on Stars: only Dana is left, who still thinks about America.
        office.press("gene", "decline").await;
        office.tick().await;
        office.press("maya", "decline").await;
        office.tick().await;
        office.advance("30min").await;
        office.press("dana", "decline").await;
        office.tick().await;
        office.press("dana", "accept").await;
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}

#[tokio::test]
async fn sails_with_time_between_them_can_have_the_same_captain() {
    let timeline = on_every_store(async |office| {
        office.book("morning", (9, 11), &[("captain", 1)]).await.unwrap();
        office.book("evening", (13, 15), &[("captain", 1)]).await.unwrap();
        for sail in ["morning", "evening"] {
            office.run(&id(sail), Command::Start).await.unwrap();
            office.tick().await;
            office.press("dana", "accept").await;
        }
        office.tick().await;
        office
    })
    .await;
    insta::assert_snapshot!(timeline);
}
