//! Many buckets, of which only as many are remembered as fit.
//!
//! Two generations: what was asked for lately is young; when the young ones are as many as may be, they become the old
//! ones, and the old ones that nobody asked for meanwhile are forgotten. So memory is bounded and each look costs the
//! same, however many strangers come by. A bucket that is forgotten is a full one.

use std::{collections::HashMap, hash::Hash, sync::Mutex, sync::PoisonError};

#[derive(Debug)]
pub(crate) struct Remembered<K, V> {
    most: usize,
    inner: Mutex<Generations<K, V>>,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq + Copy, V: Default> Remembered<K, V> {
    /// Remembers between `most` and twice as many.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            inner: Mutex::new(Generations {
                young: HashMap::new(),
                old: HashMap::new(),
            }),
        }
    }

    /// Works on what is kept under this key, which is made if there is nothing.
    pub(crate) fn with<T>(&self, key: K, work: impl FnOnce(&mut V) -> T) -> T {
        let mut all = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.young.get_mut(&key) {
            return work(known);
        }
        if all.young.len() >= self.most {
            all.old = std::mem::take(&mut all.young);
        }
        let known = all.old.remove(&key).unwrap_or_default();
        work(all.young.entry(key).or_insert(known))
    }

    /// What is kept under this key, without making it younger.
    pub(crate) fn look<T>(&self, key: &K, read: impl FnOnce(&V) -> T) -> Option<T> {
        let all = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        all.young.get(key).or_else(|| all.old.get(key)).map(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_kept_is_bounded() {
        let counts = Remembered::<u32, u32>::new(10);
        let count = |key| {
            counts.with(key, |n| {
                *n += 1;
                *n
            })
        };
        for stranger in 1..=1_000 {
            count(stranger);
            assert_eq!(count(0), stranger, "asked for all the time");
        }
        let inner = counts.inner.lock().unwrap();
        assert!(inner.young.len() + inner.old.len() <= 20);
        drop(inner);
        assert_eq!(count(1), 1, "forgotten long ago");
        assert_eq!(counts.look(&0, |n| *n), Some(1_000));
        assert_eq!(counts.look(&2, |n| *n), None);
    }
}
