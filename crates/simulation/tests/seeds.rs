//! Many seeds without a violation, with faults of every kind among them.

use simulation::many;

/// As many as there have to be in every test run.
const SEEDS: u64 = 2_000;
/// What must not be missing: a world in which nothing goes wrong proves nothing.
const WANTED: &[&str] = &[
    "crashes at a call",
    "crashes while it stops",
    "rival hosts",
    "clock steps",
    "commit unknown, lost",
    "commit unknown, written",
    "log full",
    "log slow",
    "catalogue's answer lost",
    "history's answer lost",
    "connections cut",
    "report lost",
    "report late",
    "report doubled",
    "ack lost",
    "reports sent again",
    "request given up",
    "requests replayed",
    "sandbox dies",
    "sandbox forgotten",
    "start's answer lost",
    "sandboxes ended by their provider",
];

#[test]
fn every_rule_holds() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let total = many(1, SEEDS, threads, None, false, |_, _| {});
    println!(
        "{} seeds, {} violations; {} steps, {} commits, {} checks, {} crashes",
        total.seeds,
        total.violations.len(),
        total.tally.of("steps"),
        total.tally.of("commits"),
        total.tally.of("checks"),
        total.tally.of("crashes at a call") + total.tally.of("crashes at a time"),
    );
    for violation in &total.violations {
        println!("seed {}: {}", violation.seed, violation.words);
    }
    assert_eq!(total.seeds, SEEDS);
    assert!(
        total.violations.is_empty(),
        "replay with `cargo run -p simulation -- --seed N --trace`"
    );
    for what in WANTED {
        assert!(total.tally.of(what) > 0, "no seed had: {what}");
    }
}
