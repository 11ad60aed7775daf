//! A story told again and again: with each fault in each place, and with two faults in many.

use std::fmt::Debug;

use super::mails::{Mails, left_as_told, mails};
use super::told::{Story, tell};
use crate::store::conformance::TestStore;
use crate::support::faulty::{Fault, Places};

/// How many places after the first fault the second one strikes. Those near are in the same command or mail; those
/// further away, in what follows from it. Where the story is over by then, it begins to count anew.
const DISTANCES: [usize; 9] = [0, 1, 2, 3, 5, 8, 13, 34, 89];
/// A store with threads of its own takes a few operations more or less each time, and so does a story that goes on
/// after a fault.
const MORE_OR_LESS: usize = 4;

/// Says where a run failed, whatever it failed with.
struct At<T: Debug>(T);

impl<T: Debug> Drop for At<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{:?}", self.0);
        }
    }
}

/// The places and mails of the story when nothing fails.
async fn undisturbed(story: &Story, store: TestStore) -> (Places, Mails) {
    let told = tell(story, store, &[]).await;
    let mails = mails(&told.arrived);
    left_as_told(&told.arrived, &mails, &told.doubts);
    (told.places, mails)
}

/// Says whether all faults struck.
async fn survives(story: &Story, store: TestStore, mails: &Mails, faults: &[(usize, Fault)]) -> bool {
    let _at = At(faults);
    let told = tell(story, store, faults).await;
    left_as_told(&told.arrived, mails, &told.doubts);
    told.left == 0
}

pub(super) async fn every_place(story: &Story, empty: impl AsyncFn() -> TestStore, fault: Fault) {
    let (places, mails) = undisturbed(story, empty().await).await;
    let (mut runs, mut struck, mut missed) = (0, 0, 0);
    while missed < MORE_OR_LESS {
        match survives(story, empty().await, &mails, &[(runs, fault)]).await {
            true => (struck, missed) = (struck + 1, 0),
            false => missed += 1,
        }
        runs += 1;
    }
    println!("{runs} runs, {struck} with a fault, of {} places", places.of(fault));
    assert!(struck + MORE_OR_LESS >= places.of(fault), "the story became shorter");
}

/// The first fault strikes in every place. The second one is of another kind and at another distance each time, so
/// that each kind comes at each distance.
pub(super) async fn every_first_of_two(story: &Story, empty: impl AsyncFn() -> TestStore, fault: Fault) {
    let (places, mails) = undisturbed(story, empty().await).await;
    let (mut runs, mut struck) = (0, 0);
    for place in 0..places.of(fault) {
        let first = (place, fault);
        let second = Fault::ALL[place % Fault::ALL.len()];
        let left = places.after(first, second).saturating_sub(MORE_OR_LESS);
        if left == 0 {
            continue;
        }
        let distance = DISTANCES[place / Fault::ALL.len() % DISTANCES.len()] % left;
        let both = survives(story, empty().await, &mails, &[first, (distance, second)]).await;
        runs += 1;
        struck += usize::from(both);
    }
    println!("{runs} runs, {struck} with two faults, of {} places for the first", places.of(fault));
    assert_eq!(struck, runs);
}

/// The tests of the module's `STORY`, on one store.
macro_rules! story_survives {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            use super::STORY;
            use crate::faults::twice::{every_first_of_two, every_place};
            use crate::store::conformance::$empty;
            use crate::support::faulty::Fault;

            #[tokio::test]
            async fn any_operation_may_fail() {
                every_place(&STORY, $empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn any_commit_may_lose_its_answer() {
                every_place(&STORY, $empty, Fault::After).await;
            }

            #[tokio::test]
            async fn any_commit_may_be_overtaken() {
                every_place(&STORY, $empty, Fault::Overtaken).await;
            }

            #[tokio::test]
            async fn the_process_may_die_before_any_operation() {
                every_place(&STORY, $empty, Fault::DiesBefore).await;
            }

            #[tokio::test]
            async fn the_process_may_die_after_any_commit() {
                every_place(&STORY, $empty, Fault::DiesAfter).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_failure() {
                every_first_of_two(&STORY, $empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_lost_answer() {
                every_first_of_two(&STORY, $empty, Fault::After).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_race() {
                every_first_of_two(&STORY, $empty, Fault::Overtaken).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_death_before_an_operation() {
                every_first_of_two(&STORY, $empty, Fault::DiesBefore).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_death_after_a_commit() {
                every_first_of_two(&STORY, $empty, Fault::DiesAfter).await;
            }
        })*
    };
}

pub(super) use story_survives;
