//! The clock of this machine steps by an hour, in both directions.

use crewcall::mail::{Purpose, Transport, Turn};
use crewcall_google_peer::Call;

use jiff::SignedDuration;

use super::harbor::{Harbor, mail};

#[tokio::test]
async fn a_step_costs_one_refresh_at_the_most_and_no_mail() {
    for steps in [[3_600, -3_600], [-3_600, 3_600], [7_200, -7_200], [-86_400, 86_400]] {
        let harbor = Harbor::new().await;
        let gmail = harbor.gmail();
        let mut number = 0;
        let mut send = async |harbor: &Harbor| {
            for _ in 0..3 {
                number += 1;
                assert!(matches!(gmail.turn(Purpose::Charter).await, Turn::Now | Turn::Waited));
                gmail.send(&mail(number)).await.unwrap();
            }
            harbor.peer.count(Call::Token)
        };
        let mut refreshes = send(&harbor).await;
        for step in steps {
            harbor.clock.step(step);
            let by_now = send(&harbor).await;
            assert!(by_now <= refreshes + 1, "{steps:?}: {by_now} refreshes after {refreshes}");
            refreshes = by_now;
        }
        assert_eq!(harbor.peer.sent("crew@example.com").len(), 9, "{steps:?}");
    }
}

/// The machine slept, or Google ended the token early: by our clocks it still holds.
#[tokio::test]
async fn a_token_that_google_no_longer_takes_is_replaced_once() {
    let harbor = Harbor::new().await;
    let gmail = harbor.gmail();
    gmail.send(&mail(1)).await.unwrap();
    for hours in [1, -1] {
        harbor.peer.set_clock_offset(SignedDuration::from_hours(hours));
        harbor.peer.end_access_tokens();
        let before = harbor.peer.count(Call::Token);
        let sending: Vec<_> = (0..20)
            .map(|n| {
                let gmail = gmail.clone();
                tokio::spawn(async move { gmail.send(&mail(100 + n)).await })
            })
            .collect();
        for sending in sending {
            sending.await.unwrap().unwrap();
        }
        assert_eq!(harbor.peer.count(Call::Token), before + 1);
    }
    assert_eq!(harbor.peer.sent("crew@example.com").len(), 41);
}
