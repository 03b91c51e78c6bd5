//! Places that all share, given out fairly between organisations.
//!
//! Who comes when places are free gets one. When they are not, lanes wait side by side and are served in turn (see
//! [`domain::fair`]), and while more than one lane is at work, none of them holds more than its share, so that who comes next finds
//! a place soon. A lane that is alone has all of them: nothing is kept idle for nobody.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::fair::Fair;
use tokio::{sync::oneshot, time::Instant};

use crate::lane::Lane;

/// A lane counts as at work until it has asked for nothing for this long.
const RECENT: Duration = Duration::from_secs(2);

/// The places. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    places: usize,
    /// Of them for one lane while others are at work.
    share: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    lanes: BTreeMap<Lane, Used>,
    waiting: Fair<Lane, oneshot::Sender<Place>>,
}

#[derive(Debug)]
struct Used {
    held: usize,
    asked: Instant,
}

/// Given back when dropped.
#[derive(Debug)]
pub struct Place {
    /// `None` when it was never given out.
    gate: Option<Arc<Inner>>,
    lane: Lane,
}

impl Gate {
    /// So many places, of which one lane may hold `share` while others are at work. Neither is less than one.
    #[must_use]
    pub fn new(places: usize, share: usize) -> Self {
        let places = places.max(1);
        Self(Arc::new(Inner {
            places,
            share: share.clamp(1, places),
            state: Mutex::default(),
        }))
    }

    /// Waits for a place. Who stops waiting leaves nothing behind.
    pub async fn enter(&self, lane: Lane) -> Place {
        let receiver = {
            let mut state = self.0.lock();
            let now = Instant::now();
            let most = self.0.most(&mut state, lane, now);
            if state.taken < self.0.places && state.held(lane) < most {
                state.take(lane);
                return Place {
                    gate: Some(Arc::clone(&self.0)),
                    lane,
                };
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push(lane, 1, sender);
            receiver
        };
        match receiver.await {
            Ok(place) => place,
            // The queue lives as long as the gate, which is borrowed here.
            Err(_) => Place { gate: None, lane },
        }
    }

    /// How many places are taken, and how many wait for one.
    #[must_use]
    pub fn busy(&self) -> (usize, usize) {
        let state = self.0.lock();
        (state.taken, state.waiting.len())
    }
}

impl State {
    fn held(&self, lane: Lane) -> usize {
        self.lanes.get(&lane).map_or(0, |used| used.held)
    }

    fn take(&mut self, lane: Lane) {
        self.taken += 1;
        if let Some(used) = self.lanes.get_mut(&lane) {
            used.held += 1;
        }
    }

    fn give_back(&mut self, lane: Lane) {
        self.taken = self.taken.saturating_sub(1);
        if let Some(used) = self.lanes.get_mut(&lane) {
            used.held = used.held.saturating_sub(1);
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a lane asks, forgets those that are at rest, and answers how many places each may hold now.
    fn most(&self, state: &mut State, lane: Lane, now: Instant) -> usize {
        let used = state.lanes.entry(lane).or_insert(Used { held: 0, asked: now });
        used.asked = now;
        self.share_of(state, now)
    }

    fn share_of(&self, state: &mut State, now: Instant) -> usize {
        if state.lanes.len() > 1 {
            state
                .lanes
                .retain(|_, used| used.held > 0 || now.duration_since(used.asked) < RECENT);
        }
        if state.lanes.len() > 1 {
            self.share
        } else {
            self.places
        }
    }

    /// Lets in who may come in, after a place became free.
    fn let_in(self: &Arc<Self>, state: &mut State) {
        let now = Instant::now();
        while state.taken < self.places {
            let most = self.share_of(state, now);
            let State { lanes, waiting, .. } = state;
            let next = waiting.pop_of(|lane| lanes.get(&lane).map_or(0, |used| used.held) < most);
            let Some((lane, sender)) = next else { return };
            state.lanes.entry(lane).or_insert(Used { held: 0, asked: now });
            state.take(lane);
            let place = Place {
                gate: Some(Arc::clone(self)),
                lane,
            };
            if let Err(mut unwanted) = sender.send(place) {
                // Nobody waits for it any more. The lock is held, so it is given back here.
                unwanted.gate = None;
                state.give_back(lane);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(gate) = self.gate.take() else { return };
        let mut state = gate.lock();
        state.give_back(self.lane);
        gate.let_in(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use protocol::OrgId;

    use super::*;

    fn org(n: u128) -> Lane {
        Some(OrgId::from_bits(n))
    }

    /// Comes in as a task of its own; answers in which order it got its place by pushing its name.
    fn come(gate: &Gate, lane: Lane, name: u32, order: &Arc<Mutex<Vec<u32>>>) -> tokio::task::JoinHandle<()> {
        let (gate, order) = (gate.clone(), Arc::clone(order));
        tokio::spawn(async move {
            let _place = gate.enter(lane).await;
            order.lock().unwrap().push(name);
            tokio::time::sleep(Duration::from_millis(10)).await;
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_of_one_lane_does_not_stand_in_front_of_another() {
        let gate = Gate::new(1, 1);
        let order = Arc::default();
        let mut tasks = Vec::new();
        for n in 0..50 {
            tasks.push(come(&gate, org(1), n, &order));
            tokio::task::yield_now().await;
        }
        for n in [100, 101] {
            tasks.push(come(&gate, org(2), n, &order));
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.busy(), (1, 51));
        for task in tasks {
            task.await.unwrap();
        }
        let order = order.lock().unwrap();
        let at = |name| order.iter().position(|n| *n == name).unwrap();
        assert!(at(100) <= 2 && at(101) <= 4, "{order:?}");
        let own: Vec<u32> = order.iter().copied().filter(|n| *n < 100).collect();
        assert!(own.is_sorted(), "in the order of arrival");
        assert_eq!(gate.busy(), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn alone_it_has_all_and_beside_others_its_share() {
        let gate = Gate::new(4, 3);
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(gate.enter(org(1)).await);
        }
        let (one, two) = (gate.clone(), gate.clone());
        let mut first = tokio::spawn(async move { one.enter(org(1)).await });
        tokio::task::yield_now().await;
        let second = tokio::spawn(async move { two.enter(org(2)).await });
        tokio::task::yield_now().await;
        // The other one is served, although the first waits for longer: it has its share.
        held.pop();
        let second = second.await.unwrap();
        assert!(!first.is_finished());
        held.pop();
        let first_place = (&mut first).await.unwrap();
        assert_eq!(gate.busy(), (4, 0));
        drop((first_place, second, held));
        assert_eq!(gate.busy(), (0, 0));
        // The other has not asked for a while: all places again.
        tokio::time::advance(RECENT).await;
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(gate.enter(org(1)).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_leaves_nothing_behind() {
        let gate = Gate::new(1, 1);
        let held = gate.enter(org(1)).await;
        for _ in 0..3 {
            let gave_up = tokio::time::timeout(Duration::from_millis(1), gate.enter(org(2))).await;
            assert!(gave_up.is_err());
        }
        drop(held);
        assert_eq!(gate.busy(), (0, 0));
        drop(gate.enter(org(3)).await);
        assert_eq!(gate.busy(), (0, 0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn never_more_than_there_are_places() {
        let gate = Gate::new(3, 2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..200_u128)
            .map(|n| {
                let (gate, now, most) = (gate.clone(), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    for _ in 0..20 {
                        let _place = gate.enter(org(n % 5)).await;
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                        now.fetch_sub(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
        assert_eq!(gate.busy(), (0, 0));
    }
}
