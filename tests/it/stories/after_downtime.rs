//! What was due while nothing ran is done in its order.

use crewcall::tick::settle_due;
use crewcall_dispatch::cascade::Command;

use crate::store::conformance::one_of_every_kind;
use crate::support::office::Office;

/// Two sails ask different captains, and both would turn to maya next. Whose offer lapsed first has her.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_calls_that_want_the_same_captain_the_one_that_was_due_first_asks() {
    for (name, store) in one_of_every_kind().await {
        let office = Office::new(store.store.clone()).await;
        let mut ids = Vec::new();
        // By their names, the later one would come first.
        for id in ["z-first", "a-second"] {
            let id = office.book(id, (16, 19), &[("captain", 1)]).await.unwrap();
            office.run(&id, Command::Start).await.unwrap();
            office.tick().await;
            office.advance("5min").await;
            ids.push(id);
        }
        let asked = async |n: usize| {
            let state = office.app.charter(&ids[n]).await.unwrap();
            state.open_offers().map(|offer| offer.crew_id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!((asked(0).await, asked(1).await), (vec!["dana".into()], vec!["gene".into()]));
        // The clock moves on, and nobody looks meanwhile, though the pages are there.
        let office = Office::on(
            office.app.store.clone(),
            office.time.now() + "2h".parse::<jiff::SignedDuration>().unwrap(),
        );
        office.app.beat_through().await.unwrap();
        settle_due(&office.app, &mut Default::default()).await.unwrap();
        let state = office.app.charter(&ids[0]).await.unwrap();
        let next: Vec<_> = state.open_offers().map(|offer| offer.crew_id.to_string()).collect();
        assert_eq!(next, ["maya"], "{name}");
    }
}
