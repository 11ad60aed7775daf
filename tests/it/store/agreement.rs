//! The same random script on a store and on the one in memory gives the same answers throughout.

use std::fmt::Debug;

use crewcall::store::{CommitError, Expect, Key, Listing, MemoryStore, Query, Store, Table, Write};

use super::conformance::TestStore;
use super::dice::Dice;
use super::rows::{at, with};

const STEPS: usize = 1_500;

pub(crate) async fn agrees_with_memory_on_random_scripts(store: TestStore) {
    let memory = MemoryStore::new();
    let mut dice = Dice(0x5eed);
    let mut commits = 0;
    for step in 0..STEPS {
        match dice.roll(8) {
            0 => {
                let keys: Vec<Key> = (0..dice.roll(6)).map(|_| dice.key()).collect();
                same(step, store.get(&keys).await, memory.get(&keys).await);
            }
            1 => {
                let query = dice.query();
                same(step, store.list(&query).await, memory.list(&query).await);
            }
            2 => {
                let (table, until, limit) = (dice.table(), at(dice.roll(20) as i64), dice.roll(9));
                same(step, store.due(table, until, limit).await, memory.due(table, until, limit).await);
                same(step, store.next_due(table).await, memory.next_due(table).await);
            }
            _ => {
                let mut writes = Vec::new();
                for _ in 0..=dice.roll(4) {
                    let write = dice.write(&memory).await;
                    writes.push(write);
                }
                let (ours, theirs) = (store.commit(writes.clone()).await, memory.commit(writes).await);
                commits += usize::from(ours.is_ok());
                match (ours, theirs) {
                    (Ok(()), Ok(())) => {}
                    (Err(CommitError::Conflict(ours)), Err(CommitError::Conflict(theirs))) => {
                        assert_eq!(ours, theirs)
                    }
                    (ours, theirs) => {
                        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "at step {step}")
                    }
                }
            }
        }
    }
    assert!(commits > STEPS / 10, "only {commits} commits happened: the script tests too little");
}

#[track_caller]
fn same<T: Debug, E: Debug>(step: usize, ours: Result<T, E>, theirs: Result<T, E>) {
    assert_eq!(format!("{:?}", ours.unwrap()), format!("{:?}", theirs.unwrap()), "at step {step}");
}

impl Dice {
    fn table(&mut self) -> Table {
        [Table::Crew, Table::Outbox, Table::Event][self.roll(3)]
    }

    fn key(&mut self) -> Key {
        let id = format!("id-{}", self.roll(12));
        match self.table() {
            Table::Event => Key::new(Table::Event, format!("{}/{id}", ["x", "y"][self.roll(2)])),
            table => Key::new(table, id),
        }
    }

    fn query(&mut self) -> Query {
        let mut query = Query::new(self.table(), ["x", "y"][self.roll(2)], self.roll(9));
        if self.roll(2) == 0 {
            let bound = self.bound(query.table);
            query = query.from(bound);
        }
        if self.roll(2) == 0 {
            let bound = self.bound(query.table);
            query = query.to(bound);
        }
        if self.roll(3) == 0 { query.backwards() } else { query }
    }

    fn bound(&mut self, table: Table) -> String {
        let bound = self.roll(9).to_string();
        if table.lists_by_id() { format!("id-{bound}") } else { bound }
    }

    /// Mostly with an expectation that holds: two wrong ones in ten.
    async fn write(&mut self, memory: &MemoryStore) -> Write {
        let key = self.key();
        let found = memory.get(std::slice::from_ref(&key)).await.unwrap().remove(0);
        let expect = match (self.roll(10), found) {
            (0, _) => Expect::Absent,
            (1, _) => Expect::Version(self.roll(4) as u64),
            (_, None) => Expect::Absent,
            (_, Some(row)) => Expect::Version(row.version),
        };
        match self.roll(5) {
            0 => Write::Check { key, expect },
            1 => Write::Delete { key, expect },
            _ => {
                let order = format!("{}/{}", self.roll(9), key.id);
                let listed = !key.table.lists_by_id() && self.roll(3) > 0;
                let listing = listed.then(|| Listing::new(["x", "y"][self.roll(2)], order));
                let due_at = (self.roll(2) > 0).then(|| at(self.roll(20) as i64));
                let expect = if self.roll(10) == 0 { Expect::Any } else { expect };
                with(key, expect, &format!(r#"{{"n":{}}}"#, self.roll(1000)), listing, due_at)
            }
        }
    }
}
