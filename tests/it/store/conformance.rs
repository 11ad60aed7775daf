//! The kinds of stores there are, and what every one of them must do.
//!
//! A new store is one more line in each `every_store…`: a name, and how to make an empty one. Everything that runs on
//! every store finds it there. A new test is an `async fn(TestStore)` in the file of its topic, and its name in
//! the list at the end of this file.

use std::sync::Arc;

use crewcall::store::{MemoryStore, Scan, SqliteStore};

/// An empty store of some kind, and how to open it again.
#[derive(Clone)]
pub(crate) struct TestStore {
    pub(crate) store: Arc<dyn Scan>,
    /// Owns what must live as long as the rows do.
    open: Arc<dyn Fn() -> Arc<dyn Scan> + Send + Sync>,
    /// How often `open` itself holds the store.
    kept: usize,
}

impl TestStore {
    fn new(open: impl Fn() -> Arc<dyn Scan> + Send + Sync + 'static) -> Self {
        let store = open();
        TestStore { kept: Arc::strong_count(&store) - 1, store, open: Arc::new(open) }
    }

    /// The same rows as another server has them open.
    pub(crate) fn opened_by_another(&self) -> Arc<dyn Scan> {
        (self.open)()
    }

    /// Closes the store and opens it anew.
    pub(crate) fn reopened(self) -> Self {
        let TestStore { store, open, kept } = self;
        assert_eq!(Arc::strong_count(&store), 1 + kept, "someone still has the store open");
        drop(store);
        TestStore { store: open(), open, kept }
    }
}

impl std::ops::Deref for TestStore {
    type Target = dyn Scan;

    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

/// Gives `$then` every kind of store: a name for its tests, and how to make an empty one.
#[cfg(not(feature = "aws"))]
macro_rules! every_store {
    ($then:ident) => {
        $then! {
            memory_store: memory,
            sqlite_store: sqlite,
        }
    };
}
#[cfg(feature = "aws")]
macro_rules! every_store {
    ($then:ident) => {
        $then! {
            memory_store: memory,
            sqlite_store: sqlite,
            dynoxide_store: dynoxide,
            ministack_store: ministack,
        }
    };
}
pub(crate) use every_store;

/// The same with one or none of the two that speak DynamoDB, for what takes long on each.
#[cfg(not(feature = "aws"))]
macro_rules! every_store_with {
    ($then:ident $(, $($dynamodb:tt)*)?) => {
        $crate::store::conformance::every_store!($then);
    };
}
#[cfg(feature = "aws")]
macro_rules! every_store_with {
    ($then:ident $(, $store:ident: $empty:ident)?) => {
        $then! {
            memory_store: memory,
            sqlite_store: sqlite,
            $($store: $empty,)?
        }
    };
}
pub(crate) use every_store_with;

pub(crate) async fn memory() -> TestStore {
    // However often it is opened, the rows are the same ones.
    let rows = Arc::new(MemoryStore::new());
    TestStore::new(move || rows.clone())
}

pub(crate) async fn sqlite() -> TestStore {
    // What a sync is good for is not tested here, and thousands of them on a disk take minutes.
    let directory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    TestStore::new(move || Arc::new(SqliteStore::open(directory.path().join("crewcall.db")).unwrap()))
}

/// DynamoDB as one project understands it.
#[cfg(feature = "aws")]
pub(crate) async fn dynoxide() -> TestStore {
    dynamodb(crate::support::dynamodb::dynoxide()).await
}

/// DynamoDB as another project understands it.
#[cfg(feature = "aws")]
pub(crate) async fn ministack() -> TestStore {
    dynamodb(crate::support::dynamodb::ministack()).await
}

#[cfg(feature = "aws")]
async fn dynamodb(peer: Arc<crate::support::dynamodb::Peer>) -> TestStore {
    use crate::support::dynamodb::{empty_store, fresh_names, settings};

    let names = fresh_names();
    empty_store(&peer.endpoint, &names).await;
    TestStore::new(move || {
        Arc::new(crewcall::store::DynamoStore::new(&settings(&peer.endpoint), names.clone()))
    })
}

/// One empty store of every kind, with its name.
pub(crate) async fn one_of_every_kind() -> Vec<(&'static str, TestStore)> {
    macro_rules! list {
        ($($name:ident: $empty:ident,)*) => { vec![$((stringify!($name), $empty().await)),*] };
    }
    every_store!(list)
}

/// DynamoDB behind a network on which one request of 23 meets trouble: of those that are sent again hardly one meets
/// it twice. Where one of 7 does, a read may fail for good, and what was to be done waits for the next tick.
#[cfg(feature = "aws")]
pub(crate) async fn troubled() -> (TestStore, crate::support::proxy::Proxy) {
    use crate::support::dynamodb::{dynoxide, empty_store, fresh_names, settings};
    use crate::support::proxy::Proxy;

    let (peer, names) = (dynoxide(), fresh_names());
    empty_store(&peer.endpoint, &names).await;
    let proxy = Proxy::before(&peer.endpoint).await;
    proxy.trouble_one_of(23);
    let endpoint = proxy.endpoint.clone();
    let open = move || Arc::new(crewcall::store::DynamoStore::new(&settings(&endpoint), names.clone())) as _;
    (TestStore::new(open), proxy)
}

macro_rules! tests {
    ($empty:ident: $($topic:ident { $($test:ident),* $(,)? })*) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::store::$topic::$test(super::$empty().await).await;
            }
        )*)*
    };
}

macro_rules! conformance {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            tests! { $empty:
                expectations {
                    absent_is_expected_once,
                    versions_count_the_writes,
                    an_old_version_is_a_conflict,
                    whatever_is_there_is_replaced_and_counted,
                    all_or_nothing,
                    the_first_conflict_in_the_order_of_writes_is_named,
                    a_check_changes_nothing_and_can_refuse,
                    a_delete_removes_this_version_only,
                    tables_are_apart,
                    the_empty_commit_succeeds,
                }
                listings {
                    lists_are_in_byte_order,
                    a_range_includes_its_start_and_excludes_its_end,
                    pages_cover_a_list_without_gaps,
                    lists_are_apart,
                    moving_and_unlisting,
                    a_deleted_row_is_not_listed,
                    limits_of_lists,
                    backwards_the_last_come_first,
                    ids_are_lists_where_the_table_says_so,
                }
                due {
                    due_rows_come_earliest_first,
                    due_is_sparse,
                    deadlines_move_and_vanish,
                    the_next_deadline,
                    nothing_is_due_early,
                    instants_far_away,
                }
                races {
                    one_of_many_creators_wins,
                    no_increment_is_lost,
                    one_of_many_takers_wins_across_rows,
                }
                limits {
                    a_hundred_items_and_no_more,
                    two_writes_for_one_row_are_refused,
                    bodies_up_to_the_limit,
                    a_commit_in_bytes,
                    a_list_by_id_takes_no_other_listing,
                    names_are_neither_empty_nor_endless,
                    deletes_and_checks_must_say_what_they_expect,
                    a_hundred_keys_and_no_more,
                }
                bodies {
                    bodies_come_back_as_the_same_json,
                    ids_and_listings_of_any_characters,
                    answers_follow_the_keys,
                    no_keys_no_rows,
                }
                records {
                    records_carry_their_listing_and_deadline,
                    many_records_in_order,
                    a_body_of_another_shape_is_corrupt,
                }
                agreement {
                    agrees_with_memory_on_random_scripts,
                }
                copying {
                    a_store_is_read_from_one_end_to_the_other,
                    a_copy_says_the_same_in_both_directions,
                    a_copy_that_was_broken_off_goes_on,
                    what_is_somebodys_is_not_written_over,
                }
            }
        })*
    };
}

every_store!(conformance);
