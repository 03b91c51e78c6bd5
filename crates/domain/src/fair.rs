//! A queue that is fair between those who fill it: whoever puts a thousand things in waits for their own thousand, and
//! somebody who puts in one waits for one of each of the others.
//!
//! Deficit round robin (Shreedhar and Varghese, 1996): each has a lane, lanes are served in turn, and each turn is worth the
//! same amount of work. Within a lane the order is that of arrival. Each step costs the same, however many wait.

use std::collections::{BTreeMap, VecDeque};

/// Work that one turn is worth.
const TURN: u64 = 1;
/// What one thing may cost at most, in turns: what is larger counts as this.
const MOST: u64 = 64;

/// What waits, in lanes.
#[derive(Debug)]
pub struct Fair<K, T> {
    lanes: BTreeMap<K, Lane<T>>,
    /// Lanes with something in them; the first is served next.
    ring: VecDeque<K>,
    len: usize,
}

#[derive(Debug)]
struct Lane<T> {
    waiting: VecDeque<(u64, T)>,
    /// Work that is left of its turn.
    credit: u64,
}

impl<K, T> Default for Fair<K, T> {
    fn default() -> Self {
        Self {
            lanes: BTreeMap::new(),
            ring: VecDeque::new(),
            len: 0,
        }
    }
}

impl<K: Ord + Copy, T> Fair<K, T> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts something at the end of its lane. `cost` is the work that it is, in turns; nothing is free.
    pub fn push(&mut self, key: K, cost: u64, item: T) {
        let lane = self.lanes.entry(key).or_insert_with(|| {
            self.ring.push_back(key);
            Lane {
                waiting: VecDeque::new(),
                credit: TURN,
            }
        });
        lane.waiting.push_back((cost.clamp(1, MOST), item));
        self.len += 1;
    }

    /// What comes next.
    pub fn pop(&mut self) -> Option<(K, T)> {
        self.pop_of(|_| true)
    }

    /// What comes next of the lanes that may be served now.
    pub fn pop_of(&mut self, may: impl Fn(K) -> bool) -> Option<(K, T)> {
        let mut passed = 0;
        while passed < self.ring.len() {
            let key = *self.ring.front()?;
            if !may(key) {
                self.ring.rotate_left(1);
                passed += 1;
                continue;
            }
            let lane = self.lanes.get_mut(&key)?;
            let cost = lane.waiting.front()?.0;
            if lane.credit < cost {
                lane.credit += TURN;
                self.ring.rotate_left(1);
                passed = 0;
                continue;
            }
            lane.credit -= cost;
            let (_, item) = lane.waiting.pop_front()?;
            self.len -= 1;
            if lane.waiting.is_empty() {
                // What is left of its turn is forgotten: nobody saves up.
                self.lanes.remove(&key);
                self.ring.pop_front();
            }
            return Some((key, item));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn served(queue: &mut Fair<u8, u32>, count: usize) -> Vec<(u8, u32)> {
        std::iter::from_fn(|| queue.pop()).take(count).collect()
    }

    #[test]
    fn one_of_each_in_turn_and_each_lane_in_its_order() {
        let mut queue = Fair::default();
        for n in 0..4 {
            queue.push(1, 1, n);
        }
        queue.push(2, 1, 0);
        queue.push(3, 1, 0);
        queue.push(2, 1, 1);
        assert_eq!(queue.len(), 7);
        assert_eq!(
            served(&mut queue, 7),
            [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2), (1, 3)]
        );
        assert!(queue.is_empty() && queue.pop().is_none());
    }

    #[test]
    fn who_comes_to_a_long_queue_is_served_within_one_round() {
        let mut queue = Fair::default();
        for n in 0..1_000 {
            queue.push(1, 1, n);
        }
        served(&mut queue, 500);
        queue.push(2, 1, 7);
        let next = served(&mut queue, 2);
        assert!(next.contains(&(2, 7)), "{next:?}");
    }

    #[test]
    fn large_things_cost_as_many_turns() {
        let mut queue = Fair::default();
        for n in 0..3 {
            queue.push(1, 4, n);
        }
        for n in 0..12 {
            queue.push(2, 1, n);
        }
        let first: Vec<u8> = served(&mut queue, 10).into_iter().map(|(key, _)| key).collect();
        let ones = first.iter().filter(|key| **key == 1).count();
        assert!((1..=3).contains(&ones), "{first:?}");
    }

    #[test]
    fn lanes_that_may_not_be_served_keep_what_they_have() {
        let mut queue = Fair::default();
        queue.push(1, 1, 0);
        queue.push(2, 1, 0);
        assert_eq!(queue.pop_of(|key| key != 1), Some((2, 0)));
        assert_eq!(queue.pop_of(|key| key != 1), None);
        assert_eq!(queue.pop(), Some((1, 0)));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Push(u8, u64),
        Pop,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0_u8..5, 1_u64..9).prop_map(|(key, cost)| Step::Push(key, cost)),
            2 => Just(Step::Pop),
        ];
        prop::collection::vec(step, 1..300)
    }

    proptest! {
        /// Whatever comes in whatever order: nothing is lost, nothing comes twice, each lane keeps its order, and the queue
        /// gives as long as there is something.
        #[test]
        fn nothing_is_lost_and_lanes_keep_their_order(steps in steps()) {
            let mut queue = Fair::default();
            let (mut pushed, mut popped) = (0_u32, Vec::new());
            for step in steps {
                match step {
                    Step::Push(key, cost) => {
                        queue.push(key, cost, pushed);
                        pushed += 1;
                    }
                    Step::Pop => {
                        let had = !queue.is_empty();
                        let next = queue.pop();
                        prop_assert_eq!(had, next.is_some());
                        popped.extend(next);
                    }
                }
            }
            popped.extend(std::iter::from_fn(|| queue.pop()));
            prop_assert_eq!(queue.len(), 0);
            let mut all: Vec<u32> = popped.iter().map(|(_, n)| *n).collect();
            for key in 0..5 {
                let of: Vec<u32> = popped.iter().filter(|(k, _)| *k == key).map(|(_, n)| *n).collect();
                prop_assert!(of.is_sorted(), "lane {} out of order", key);
            }
            all.sort_unstable();
            prop_assert_eq!(all, (0..pushed).collect::<Vec<_>>());
        }

        /// While two lanes both have something waiting, neither gets more work done than the other by more than a turn and
        /// one thing of the largest size.
        #[test]
        fn lanes_that_wait_get_the_same_work_done(
            costs in prop::collection::vec(1_u64..9, 200),
            lanes in 2_u8..5,
            count in 1_usize..100,
        ) {
            let mut queue = Fair::default();
            for key in 0..lanes {
                for (n, cost) in costs.iter().enumerate() {
                    // The lanes differ in what they hold; the first has the largest things.
                    let cost = if key == 0 { 8 } else { *cost };
                    queue.push(key, cost, (n, cost));
                }
            }
            let mut done = vec![0_u64; usize::from(lanes)];
            for (key, (_, cost)) in std::iter::from_fn(|| queue.pop()).take(count) {
                done[usize::from(key)] += cost;
            }
            let (least, most) = (done.iter().min().unwrap(), done.iter().max().unwrap());
            prop_assert!(most - least <= 8 + 1, "{:?}", done);
        }

        /// However much the others have waiting, what comes to an empty lane is served before any of them is served twice.
        #[test]
        fn a_newcomer_waits_for_one_of_each_at_most(
            waiting in prop::collection::vec(1_usize..50, 1..8),
            before in 0_usize..40,
        ) {
            let mut queue = Fair::default();
            for (key, count) in (1_u8..).zip(&waiting) {
                for n in 0..*count {
                    queue.push(key, 1, n);
                }
            }
            for _ in 0..before {
                queue.pop();
            }
            queue.push(0, 1, 0);
            let mut seen = std::collections::BTreeSet::new();
            loop {
                let (key, _) = queue.pop().unwrap();
                if key == 0 {
                    break;
                }
                prop_assert!(seen.insert(key), "{} was served twice before the newcomer", key);
            }
        }
    }
}
