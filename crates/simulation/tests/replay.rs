//! A seed is one run: the same each time, to the last line.

use simulation::simulate;

#[test]
fn a_seed_replays() {
    for seed in 1..=40 {
        let (first, again) = (simulate(seed, None, true), simulate(seed, None, true));
        assert!(first.trace.len() > 5, "seed {seed} does nothing");
        let differ = first
            .trace
            .iter()
            .zip(&again.trace)
            .find(|(one, other)| one != other);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(first.trace.len(), again.trace.len(), "seed {seed}");
        assert_eq!(first.tally.counts, again.tally.counts, "seed {seed}");
    }
}
