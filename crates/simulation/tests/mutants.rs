//! Each broken variant of the product is found out, and by the rule that it breaks.

use simulation::{Mutant, many, simulate};

/// Seeds that are tried at most.
const ENOUGH: u64 = 400;

#[expect(clippy::print_stdout, reason = "which seed finds it is for people to read")]
fn is_caught(mutant: Mutant, rules: &[&str]) {
    let total = many(1, ENOUGH, 1, Some(mutant), true, |_, _| {});
    let violation = total
        .violations
        .first()
        .unwrap_or_else(|| panic!("{} goes unnoticed", mutant.name()));
    println!("{}: seed {}: {}", mutant.name(), violation.seed, violation.words);
    assert!(
        rules.iter().any(|rule| violation.words.starts_with(rule)),
        "{}: {}",
        mutant.name(),
        violation.words
    );
    // It is the fault, not the seed.
    assert_eq!(simulate(violation.seed, None, false).violation, None);
}

macro_rules! mutants {
    ($($name:ident: $mutant:ident by $($rule:literal)|+;)+) => {
        $(#[test]
        fn $name() {
            is_caught(Mutant::$mutant, &[$($rule),+]);
        })+

        #[test]
        fn none_is_left_out() {
            let tried = [$(Mutant::$mutant),+];
            assert!(Mutant::ALL.iter().all(|mutant| tried.contains(mutant)));
        }
    };
}

mutants! {
    ack_before_commit: AckBeforeCommit by "I1" | "I6";
    unfenced_log: UnfencedLog by "I3" | "I4";
    key_not_kept: KeyNotKept by "I5";
    alarm_not_stored: AlarmNotStored by "I8";
    alarm_not_kept: AlarmNotKept by "I8";
    not_marked_awake: NotMarkedAwake by "I8";
    record_forgotten: RecordForgotten by "I8";
    no_generation_check: NoGenerationCheck by "I5";
    no_dedupe: NoDedupe by "I5";
    history_then_subscribe: HistoryThenSubscribe by "I7";
    output_before_commit: OutputBeforeCommit by "I6";
    effects_before_commit: EffectsBeforeCommit by "I6";
    nothing_recovered: NothingRecovered by "I8";
}
