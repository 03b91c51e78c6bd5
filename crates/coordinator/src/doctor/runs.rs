//! The run history: where it is, whether it answers, and how far it is behind.

use std::time::Duration;

use keys::SystemClock;
use ports::Clock as _;
use postgres::PostgresRuns;

use super::{finding::Finding, place::Server};
use crate::{cli::figures, config::Config};

/// Records that wait longer than this do so for a reason.
const USUAL: Duration = Duration::from_secs(60);
const REMEDY: &str =
    "nothing is lost and turns go on; see \"The run history lags\" in docs/guides/operate.md";

pub(super) async fn examine(config: &Config, server: &Server) -> Vec<Finding> {
    let mut findings = vec![place(config).await];
    if server.is_running() {
        findings.extend(server.runs().map(|runs| {
            let oldest = Duration::from_secs(runs.oldest_s.max(runs.failing_s));
            lag(runs.waiting, oldest, "")
        }));
    } else {
        findings.extend(owed(config));
    }
    findings
}

async fn place(config: &Config) -> Finding {
    let Some(address) = &config.storage.runs_database else {
        return Finding::ok("run_history", "runs.db in the data directory");
    };
    match PostgresRuns::new(address) {
        Err(error) => Finding::fail(
            "run_history",
            error.to_string(),
            "correct COORDINATOR_RUNS_DATABASE_URL",
        ),
        Ok(runs) => match runs.reach().await {
            Ok(()) => Finding::ok("run_history", format!("PostgreSQL at {} answers", runs.place())),
            Err(error) => Finding::warn(
                "run_history",
                format!("PostgreSQL at {}: {error}", runs.place()),
                "turns go on without it and their records wait; start it, or correct COORDINATOR_RUNS_DATABASE_URL",
            ),
        },
    }
}

fn lag(waiting: u64, oldest: Duration, more: &str) -> Finding {
    if waiting == 0 {
        return Finding::ok("run_records", format!("none waits{more}"));
    }
    let detail = format!(
        "{} of finished turns wait, the oldest for {}{more}",
        figures::grouped(waiting),
        figures::rough(oldest)
    );
    if oldest > USUAL {
        Finding::warn("run_records", detail, REMEDY)
    } else {
        Finding::ok("run_records", detail)
    }
}

/// What the catalogue says while no server runs.
fn owed(config: &Config) -> Option<Finding> {
    let path = config.storage.data_dir.join("coordinator.db");
    match store::owed(&path) {
        Ok(owed) => {
            let owed = owed?;
            let oldest = owed
                .sleeping
                .oldest
                .map_or(Duration::ZERO, |at| SystemClock.now().since(at));
            let more = match owed.awake_sessions {
                0 => String::new(),
                awake => format!("; not counted: sessions that were awake when the server ended, {awake}"),
            };
            Some(lag(owed.sleeping.runs, oldest, &more))
        }
        Err(error) => Some(Finding::warn(
            "run_records",
            format!("{}: {error}", path.display()),
            "",
        )),
    }
}
