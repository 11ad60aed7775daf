//! A story told again and again: with each fault in each place, and with two faults in many.

use std::fmt::Debug;

use super::mails::{Doubts, Mails, left_as_told, mails};
use super::told::{Chapter, Story, tell, undisturbed};
use crate::store::conformance::TestStore;
use crate::support::faulty::Fault;

/// How many places after the first fault the second one strikes. Those near are in the same command or mail; those
/// further away, in what follows from it. Where the story is over by then, it begins to count anew.
const DISTANCES: [usize; 9] = [0, 1, 2, 3, 5, 8, 13, 34, 89];
/// A story that goes on after a fault may take a few operations more or less.
const MORE_OR_LESS: usize = 4;

/// Says where a run failed, whatever it failed with.
pub(super) struct At<T: Debug>(pub(super) T);

impl<T: Debug> Drop for At<T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{:?}", self.0);
        }
    }
}

/// A story and how it goes when nothing fails.
struct Known<'a> {
    story: &'a Story,
    chapters: Vec<Chapter>,
    mails: Mails,
}

impl<'a> Known<'a> {
    async fn of(story: &'a Story, store: TestStore) -> Self {
        let chapters = undisturbed(story, store).await;
        let arrived = &chapters.last().unwrap().arrived;
        let mails = mails(arrived);
        left_as_told(arrived, &mails, &Doubts::default());
        Known { story, chapters, mails }
    }

    /// Says whether all faults struck.
    async fn survives(&self, chapter: usize, store: TestStore, faults: &[(usize, Fault)]) -> bool {
        let _at = At((chapter, faults));
        let told = tell(self.story, &self.chapters, chapter, store, faults).await;
        left_as_told(&told.arrived, &self.mails, &told.doubts);
        told.left == 0
    }

    /// In how many places another fault can certainly strike after this one of a chapter.
    fn left(&self, chapter: usize, first: (usize, Fault), second: Fault) -> usize {
        let this = self.chapters[chapter].places.after(first, second);
        let rest = &self.chapters[chapter + 1..];
        let left = this + rest.iter().map(|chapter| chapter.places.of(second)).sum::<usize>();
        // A process that begins with a chapter reads once what another one knows already.
        left.saturating_sub(MORE_OR_LESS + rest.len())
    }

    /// In how many places the fault can strike.
    fn places(&self, fault: Fault) -> usize {
        self.chapters.iter().map(|chapter| chapter.places.of(fault)).sum()
    }
}

/// Of how many places one is tried. What is written is the same on every store: the fastest one fails everywhere, the
/// others here and there, those behind a network a few times.
fn one_of(store: &str, places: usize) -> usize {
    match store {
        "memory_store" => 1,
        "sqlite_store" => 4,
        "dynoxide_store" => (places / 2).max(1),
        _ => places.max(1),
    }
}

/// Several mails are under way at once: a store with threads of its own takes a few operations more or less each
/// time, and the last one of a chapter may be missed.
fn have_struck(struck: usize, runs: usize) {
    assert!(struck <= runs && runs - struck <= 1 + runs / 20, "only {struck} of {runs}");
}

pub(super) async fn every_place(
    store: &str,
    empty: impl AsyncFn() -> TestStore,
    story: &Story,
    fault: Fault,
) {
    let known = Known::of(story, empty().await).await;
    let one_of = one_of(store, known.places(fault));
    let (mut nth, mut runs, mut struck) = (0, 0, 0);
    for chapter in 0..known.chapters.len() {
        for place in 0..known.chapters[chapter].places.of(fault) {
            nth += 1;
            if nth % one_of == 0 {
                runs += 1;
                struck += usize::from(known.survives(chapter, empty().await, &[(place, fault)]).await);
            }
        }
    }
    println!("{runs} runs, {struck} with a fault, of {nth} places");
    assert_eq!(runs, known.places(fault) / one_of);
    have_struck(struck, runs);
}

/// The first fault strikes in every place. The second one is of another kind and at another distance each time, so
/// that each kind comes at each distance.
pub(super) async fn every_first_of_two(
    store: &str,
    empty: impl AsyncFn() -> TestStore,
    story: &Story,
    fault: Fault,
) {
    let known = Known::of(story, empty().await).await;
    let one_of = one_of(store, known.places(fault));
    let (mut nth, mut runs, mut struck, mut too_late) = (0, 0, 0, 0);
    for chapter in 0..known.chapters.len() {
        for place in 0..known.chapters[chapter].places.of(fault) {
            nth += 1;
            if nth % one_of != 0 {
                continue;
            }
            let second = Fault::ALL[nth % Fault::ALL.len()];
            let left = known.left(chapter, (place, fault), second);
            if left == 0 {
                too_late += 1;
                continue;
            }
            let distance = DISTANCES[nth / Fault::ALL.len() % DISTANCES.len()] % left;
            let faults = [(place, fault), (distance, second)];
            runs += 1;
            struck += usize::from(known.survives(chapter, empty().await, &faults).await);
        }
    }
    println!(
        "{runs} runs, {struck} with two faults, of {nth} places for the first, {too_late} too late for another"
    );
    assert_eq!(runs + too_late, known.places(fault) / one_of);
    // How many places a store with threads of its own has differs by a few.
    let by_chance = if one_of == 1 { 0 } else { 2 };
    assert!(too_late <= by_chance + runs / 5, "the story is short");
    have_struck(struck, runs);
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
                every_place(stringify!($store), $empty, &STORY, Fault::Before).await;
            }

            #[tokio::test]
            async fn any_commit_may_lose_its_answer() {
                every_place(stringify!($store), $empty, &STORY, Fault::After).await;
            }

            #[tokio::test]
            async fn any_commit_may_be_overtaken() {
                every_place(stringify!($store), $empty, &STORY, Fault::Overtaken).await;
            }

            #[tokio::test]
            async fn the_process_may_die_before_any_operation() {
                every_place(stringify!($store), $empty, &STORY, Fault::DiesBefore).await;
            }

            #[tokio::test]
            async fn the_process_may_die_after_any_commit() {
                every_place(stringify!($store), $empty, &STORY, Fault::DiesAfter).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_failure() {
                every_first_of_two(stringify!($store), $empty, &STORY, Fault::Before).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_lost_answer() {
                every_first_of_two(stringify!($store), $empty, &STORY, Fault::After).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_race() {
                every_first_of_two(stringify!($store), $empty, &STORY, Fault::Overtaken).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_death_before_an_operation() {
                every_first_of_two(stringify!($store), $empty, &STORY, Fault::DiesBefore).await;
            }

            #[tokio::test]
            async fn another_fault_may_follow_a_death_after_a_commit() {
                every_first_of_two(stringify!($store), $empty, &STORY, Fault::DiesAfter).await;
            }
        })*
    };
}

pub(super) use story_survives;
