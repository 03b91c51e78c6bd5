//! Totals, read from what the test runners print.

use crate::counts::Counts;

/// The closing line of cargo-nextest:
/// `Summary [ 1.2s] 9 tests run: 6 passed (1 slow), 1 failed, 1 timed out, 1 exec failed, 3 skipped`.
pub(super) fn nextest(line: &str) -> Option<Counts> {
    let line = plain(line);
    let (_, after) = line.trim_start().strip_prefix("Summary [")?.split_once(']')?;
    let (_, parts) = after.split_once(" run: ")?;
    let mut counts = Counts::default();
    for part in outside_brackets(parts).split(',') {
        let mut words = part.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
            continue;
        };
        match words.next() {
            Some("passed") => counts.passed += number,
            Some("skipped") => counts.skipped += number,
            // failed, timed out, exec failed, aborted: none of them is a success.
            _ => counts.failed += number,
        }
    }
    Some(counts)
}

/// The closing line of the standard test harness:
/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s`.
pub(super) fn harness(line: &str) -> Option<Counts> {
    let line = plain(line);
    let (_, parts) = line
        .trim_start()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let number = |what: &str| {
        parts
            .split(';')
            .find_map(|part| part.trim().strip_suffix(what)?.trim().parse::<u64>().ok())
            .unwrap_or(0)
    };
    Some(Counts {
        passed: number("passed"),
        failed: number("failed"),
        skipped: number("ignored"),
    })
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// The line without terminal colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            for inside in characters.by_ref() {
                if inside.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        let line = "     Summary [   1.285s] 9/11 tests run: 6 passed (1 slow, 1 leaky), 1 failed, 1 timed out, 1 exec failed, 3 skipped";
        assert_eq!(
            nextest(line),
            Some(Counts {
                passed: 6,
                failed: 3,
                skipped: 3
            })
        );
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(
            nextest(coloured),
            Some(Counts {
                passed: 1,
                failed: 0,
                skipped: 0
            })
        );
        let result = "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s";
        assert_eq!(
            harness(result),
            Some(Counts {
                passed: 3,
                failed: 2,
                skipped: 1
            })
        );
        assert_eq!(nextest("PASS [ 0.1s] a"), None);
        assert_eq!(harness("running 3 tests"), None);
    }
}
