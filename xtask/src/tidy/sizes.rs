//! A file is one noun or one verb: small. Exceptions only shrink.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{House, Report, source};

/// Hard cap for a source file.
const MOST_BYTES: usize = 30 * 1024;
const EXCEPTIONS: &str = "xtask/size-exceptions.txt";

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    let mut exceptions = exceptions(house)?;
    let mut sizes = Vec::new();
    let mut largest = (0, String::new());
    for (path, text) in source::rust(house).chain(source::scripts(house)) {
        let path = path.display().to_string();
        let size = text.len();
        sizes.push(size);
        if size > largest.0 {
            largest = (size, path.clone());
        }
        match exceptions.remove(&path) {
            None if size > MOST_BYTES => {
                report.complain(format!("{path}: {size} bytes; {MOST_BYTES} is the most"));
            }
            Some(_) if size <= MOST_BYTES => {
                report.complain(format!("{path}: small enough now, take it off {EXCEPTIONS}"));
            }
            Some(most) if size > most => {
                report.complain(format!(
                    "{path}: grew from {most} to {size} bytes; an exception only shrinks"
                ));
            }
            _ => {}
        }
    }
    for path in exceptions.keys() {
        report.complain(format!("{path}: gone, take it off {EXCEPTIONS}"));
    }
    sizes.sort_unstable();
    report.note = Some(format!(
        "{} files, median {}, p90 {}, largest {} {}",
        sizes.len(),
        kilobytes(rank(&sizes, 50)),
        kilobytes(rank(&sizes, 90)),
        kilobytes(largest.0),
        largest.1
    ));
    Ok(report)
}

/// Lines of `path bytes`; `#` starts a comment.
fn exceptions(house: &House) -> Result<BTreeMap<String, usize>> {
    let text = std::fs::read_to_string(house.root.join(EXCEPTIONS)).context(EXCEPTIONS)?;
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (path, bytes) = line
                .split_once(' ')
                .with_context(|| format!("{EXCEPTIONS}: {line}"))?;
            Ok((
                path.to_owned(),
                bytes
                    .trim()
                    .parse()
                    .with_context(|| format!("{EXCEPTIONS}: {line}"))?,
            ))
        })
        .collect()
}

fn rank(sorted: &[usize], percent: usize) -> usize {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or(0)
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}
