//! Damaged session files, as the server has noted them.

use std::path::Path;

use super::finding::Finding;

/// Shown by name; the rest is counted.
const NAMED: usize = 5;

pub(super) fn examine(data_dir: &Path) -> Vec<Finding> {
    let damaged = match session_log::damaged(data_dir) {
        Ok(damaged) => damaged,
        Err(error) => {
            return vec![Finding::warn(
                "session_files",
                format!("the notes about damaged files cannot be read: {error}"),
                "run as the user of the server",
            )];
        }
    };
    if damaged.is_empty() {
        return vec![Finding::ok("session_files", "no damaged ones are known")];
    }
    let mut findings: Vec<Finding> = damaged
        .iter()
        .take(NAMED)
        .map(|damaged| {
            Finding::warn(
                "session_files",
                format!("{} is damaged: {}", data_dir.join(&damaged.file).display(), damaged.reason),
                &format!(
                    "stop the server, put the file back from a backup, remove {}, start; or delete session {}",
                    data_dir.join("quarantine").join(format!("{}.json", damaged.session)).display(),
                    damaged.session
                ),
            )
        })
        .collect();
    if damaged.len() > NAMED {
        findings.push(Finding::warn(
            "session_files",
            format!("{} more are damaged", damaged.len() - NAMED),
            "the notes in the directory `quarantine` name them all",
        ));
    }
    findings
}
