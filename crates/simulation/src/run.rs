//! Runs: one seed, or many of them on as many threads as there are cores.

use std::{
    cell::RefCell,
    panic,
    sync::{
        Mutex, Once,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use crate::{
    life,
    mutant::Mutant,
    people::People,
    tally::Tally,
    world::{World, lock},
};

/// A rule that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub seed: u64,
    /// Begins with the rule's name.
    pub words: String,
}

/// What one run came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub violation: Option<Violation>,
    pub tally: Tally,
    /// What happened, if that was asked for.
    pub trace: Vec<String>,
}

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static WITHIN: RefCell<bool> = const { RefCell::new(false) };
}

/// A panic of a task ends only that task: it must not go unnoticed.
fn notice_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WITHIN.with_borrow(|within| *within) {
                PANIC.with_borrow_mut(|panic| {
                    panic.get_or_insert_with(|| info.to_string());
                });
            } else {
                usual(info);
            }
        }));
    });
}

/// Runs one seed.
#[must_use]
pub fn simulate(seed: u64, mutant: Option<Mutant>, traced: bool) -> Outcome {
    notice_panics();
    domain::planted::plant(mutant.and_then(Mutant::hook));
    WITHIN.with_borrow_mut(|within| *within = true);
    PANIC.with_borrow_mut(Option::take);
    let world = World::new(seed, mutant, traced);
    let people = People::new(&world);
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        for life in world.plan.lives.clone() {
            if world.broken().is_some() {
                break;
            }
            life::live(&world, &people, life)?;
        }
        if world.broken().is_none() {
            life::rest(&world, &people)?;
        }
        if world.broken().is_none() {
            life::audit(&world);
        }
        std::io::Result::Ok(())
    }));
    WITHIN.with_borrow_mut(|within| *within = false);
    domain::planted::plant(None);
    let panicked = PANIC
        .with_borrow_mut(Option::take)
        .map(|words| format!("panic: {words}"));
    let failed = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("no runtime: {error}")),
        Err(_) => Some("panic".into()),
    };
    let words = panicked.or(failed).or_else(|| world.broken());
    Outcome {
        violation: words.map(|words| Violation { seed, words }),
        tally: world.tally(),
        trace: world.take_trace(),
    }
}

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Many {
    pub seeds: u64,
    pub violations: Vec<Violation>,
    pub tally: Tally,
}

/// Runs `count` seeds from `from` on, on `threads` threads; with `first`, until one breaks a rule. `tick` hears of each
/// finished seed.
pub fn many(
    from: u64,
    count: u64,
    threads: usize,
    mutant: Option<Mutant>,
    first: bool,
    tick: impl Fn(u64, usize) + Sync,
) -> Many {
    let next = AtomicU64::new(0);
    let enough = AtomicBool::new(false);
    let total = Mutex::new(Many::default());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while !enough.load(Ordering::SeqCst) {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    if n >= count {
                        return;
                    }
                    let outcome = simulate(from + n, mutant, false);
                    let mut total = lock(&total);
                    total.seeds += 1;
                    total.tally.merge(&outcome.tally);
                    if let Some(violation) = outcome.violation {
                        total.violations.push(violation);
                        enough.fetch_or(first, Ordering::SeqCst);
                    }
                    tick(total.seeds, total.violations.len());
                }
            });
        }
    });
    let mut total = total
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    total.violations.sort_by_key(|violation| violation.seed);
    total
}
