//! Keepers of sandboxes that should not be there, or are not there although their records are.

use std::path::Path;

use protocol::keeper::KeeperRecord;

use super::finding::Finding;

pub(super) fn examine(data_dir: &Path, server_runs: bool) -> Finding {
    let records = records(data_dir);
    let (alive, dead): (Vec<_>, Vec<_>) = records.iter().partition(|record| is_alive(record));
    if server_runs {
        return if dead.is_empty() {
            Finding::ok("keepers", format!("sandboxes running: {}", alive.len()))
        } else {
            Finding::warn(
                "keepers",
                format!(
                    "sandboxes running: {}; lost their keeper: {}",
                    alive.len(),
                    dead.len()
                ),
                "the server finds out by itself within minutes; a restart does it at once",
            )
        };
    }
    match (alive.len(), dead.len()) {
        (0, 0) => Finding::ok("keepers", "no sandbox is left over"),
        (0, dead) => Finding::warn(
            "keepers",
            format!("sandboxes that ended without a server: {dead}"),
            "the next start of the server clears them away",
        ),
        (alive, _) => {
            let pids: Vec<String> = records
                .iter()
                .filter(|record| is_alive(record))
                .map(|record| record.keeper_pid.to_string())
                .collect();
            Finding::warn(
                "keepers",
                format!(
                    "sandboxes running without a server: {alive} (keeper pids {})",
                    pids.join(", ")
                ),
                "start the server, which takes them over; otherwise they end by themselves 10 minutes after the last server",
            )
        }
    }
}

fn records(data_dir: &Path) -> Vec<KeeperRecord> {
    let Ok(entries) = std::fs::read_dir(data_dir.join("keepers")) else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            serde_json::from_slice(&std::fs::read(entry.path().join("keeper.json")).ok()?).ok()
        })
        .collect()
}

/// Whether the process of the record lives: same id and same start.
fn is_alive(record: &KeeperRecord) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", record.keeper_pid)).unwrap_or_default();
    // The name in parentheses may hold anything, so fields are counted after it.
    let ticks = stat
        .rsplit_once(')')
        .and_then(|(_, rest)| rest.split_whitespace().nth(19)?.parse::<u64>().ok());
    ticks == Some(record.keeper_start_ticks)
}
