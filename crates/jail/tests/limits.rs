//! Programs that take more than they may.

mod support;

use protocol::keeper::{Limits, OneshotOutcome};
use support::{Bench, everyone};

fn limit_of(outcome: &OneshotOutcome) -> Option<&str> {
    match outcome {
        OneshotOutcome::Limit { which, .. } => Some(which),
        _ => None,
    }
}

#[test]
fn a_fork_bomb_is_contained() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench.jail(
            "python3 - <<'PY'
import os, time
children = 0
try:
    while True:
        if os.fork() == 0: time.sleep(71230019)
        children += 1
        if children > 500: break
except OSError: pass
print(children)
PY",
        );
        jail.limits.pids = 30;
        let (output, report) = bench.oneshot(jail, |_| {});
        let children: u32 = output
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{who:?}: {output} {report:?}"));
        assert!((5..=30).contains(&children), "{who:?}: {children}");
        bench.assert_nothing_left("71230019");
    }
}

#[test]
fn a_greedy_command_is_killed_and_the_program_goes_on() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench
            .jail("python3 -c 'import time; x = bytearray(400 << 20); time.sleep(30)' 2>/dev/null; echo $?");
        jail.limits.memory_bytes = 100 << 20;
        let (output, report) = bench.oneshot(jail, |_| {});
        assert_eq!(output, "137\n", "{who:?}: {report:?}");
    }
}

#[test]
fn a_greedy_program_ends_at_its_limit() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench.jail("exec python3 -c 'import time; x = bytearray(400 << 20); time.sleep(30)'");
        jail.limits.memory_bytes = 100 << 20;
        let (_, report) = bench.oneshot(jail, |_| {});
        assert_eq!(limit_of(&report.outcome), Some("memory"), "{who:?}: {report:?}");
    }
}

#[test]
fn memory_in_files_without_a_name_counts() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench.jail(
            "exec python3 -c '
import os, time
held = []
for i in range(40):
    f = os.memfd_create(str(i)); os.write(f, b\"x\" * (10 << 20)); held.append(f)
time.sleep(30)'",
        );
        jail.limits.memory_bytes = 100 << 20;
        let (_, report) = bench.oneshot(jail, |_| {});
        assert_eq!(limit_of(&report.outcome), Some("memory"), "{who:?}: {report:?}");
    }
}

#[test]
fn the_disk_is_bounded() {
    let scripts = [
        // many files
        "i=0; while :; do head -c 4M /dev/zero > f$i; i=$((i+1)); sleep 0.05; done",
        // in the home
        "i=0; while :; do head -c 4M /dev/zero > ~/f$i; i=$((i+1)); sleep 0.05; done",
        // files without a name
        "exec python3 -c '
import os, time
held = []
while True:
    f = open(\"x\", \"wb\"); os.unlink(\"x\"); f.write(b\"x\" * (4 << 20)); f.flush(); held.append(f); time.sleep(0.05)'",
        // nothing but names
        "exec python3 -c '
import time
for i in range(1000000):
    open(str(i), \"w\").close()
    if i % 1000 == 0: time.sleep(0.01)'",
    ];
    for who in everyone() {
        for script in scripts {
            let bench = Bench::new(who);
            let mut jail = bench.jail(script);
            jail.limits.disk_bytes = 24 << 20;
            let (_, report) = bench.oneshot(jail, |_| {});
            assert_eq!(
                limit_of(&report.outcome),
                Some("disk"),
                "{who:?}: {script}: {report:?}"
            );
        }
    }
}

#[test]
fn one_huge_file_and_a_full_tmp_fail_like_a_full_disk() {
    for who in everyone() {
        let bench = Bench::new(who);
        let mut jail = bench.jail(
            "(ulimit -f; head -c 100M /dev/zero > big) 2>/dev/null; stat -c %s big
             head -c 100M /dev/zero > /tmp/big 2>/dev/null; stat -c %s /tmp/big",
        );
        jail.limits = Limits {
            disk_bytes: 24 << 20,
            tmp_bytes: 8 << 20,
            ..jail.limits
        };
        let (output, _) = bench.oneshot(jail, |_| {});
        assert_eq!(
            output,
            format!("{}\n{}\n{}\n", 24 << 10, 24 << 20, 8 << 20),
            "{who:?}"
        );
    }
}

#[test]
fn time_and_output_are_bounded() {
    for who in everyone() {
        let bench = Bench::new(who);
        let (_, report) = bench.oneshot(bench.jail("sleep 61230019 & sleep 61230019"), |spec| {
            spec.timeout_ms = 500
        });
        assert_eq!(report.outcome, OneshotOutcome::TimedOut, "{who:?}");
        bench.assert_nothing_left("61230019");
        let (output, report) = bench.oneshot(bench.jail("yes"), |spec| spec.max_output_bytes = 100_000);
        assert_eq!(
            (output.len(), report.outcome),
            (100_000, OneshotOutcome::OutputTooLarge),
            "{who:?}"
        );
    }
}
