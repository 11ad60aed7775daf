//! How much of something each of many has at once. A count goes down when its holder is dropped, so that no way out forgets it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of each how much they have; nothing is kept of whoever has none.
pub(super) struct Shares<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One that counts, until it is dropped.
pub(super) struct Share<K: Eq + Hash> {
    of: Shares<K>,
    whose: K,
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Eq + Hash> Shares<K> {
    /// Counts one more of somebody's; `None` if they have `most` already.
    pub(super) fn take(&self, whose: K, most: usize) -> Option<Share<K>>
    where
        K: Clone,
    {
        let mut counts = self.counts();
        let count = counts.get(&whose).copied().unwrap_or(0);
        if count >= most {
            return None;
        }
        counts.insert(whose.clone(), count + 1);
        Some(Share { of: self.clone(), whose })
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.counts().is_empty()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut counts = self.of.counts();
        let Some(count) = counts.get_mut(&self.whose) else { return };
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.whose);
        }
    }
}
