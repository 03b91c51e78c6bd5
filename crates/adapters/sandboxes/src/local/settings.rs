//! What the operator decides about local sandboxes.

use std::{collections::BTreeMap, ops::Range, path::PathBuf};

use protocol::keeper::{IsolationLevel, Limits};

/// Settings of the local provider.
#[derive(Debug, Clone)]
pub struct LocalSettings {
    /// The server's data directory; absolute.
    pub data_dir: PathBuf,
    /// The runner binary on this host; absolute.
    pub runner: PathBuf,
    /// Holds `<agent>/<version>/<agent>` and `bin/rg`.
    pub agents_dir: Option<PathBuf>,
    /// More directories shown read-only, under the same path, with their `bin` on `PATH`.
    pub toolchains: Vec<PathBuf>,
    /// Find `node`, `npm`, `cargo`, `python3` and `go` on the host's `PATH` and show where they live.
    pub find_toolchains: bool,
    pub limits: Limits,
    /// A sandbox that would get less is not started.
    pub minimum_isolation: IsolationLevel,
    /// With no server for this long, keepers tear their sandboxes down. Seconds.
    pub abandon_after_s: u64,
    /// The server's own environment: certificate variables, `PATH`, `HOME`. Nothing else of it is used.
    pub host_env: BTreeMap<String, String>,
    /// Set inside every sandbox on top, for example package mirrors.
    pub extra_env: BTreeMap<String, String>,
    /// Host user ids for sandboxes when the server runs as root; one for each session.
    pub uids: Range<u32>,
}

impl LocalSettings {
    /// Settings with the usual limits. `host_env` is the environment of the server.
    #[must_use]
    pub fn new(data_dir: PathBuf, runner: PathBuf, host_env: BTreeMap<String, String>) -> Self {
        Self {
            data_dir,
            runner,
            agents_dir: None,
            toolchains: Vec::new(),
            find_toolchains: true,
            limits: Limits {
                memory_bytes: 4 << 30,
                pids: 1024,
                cpu_milli: 2000,
                disk_bytes: 10 << 30,
                tmp_bytes: 1 << 30,
            },
            minimum_isolation: IsolationLevel::Reduced,
            abandon_after_s: 600,
            host_env,
            extra_env: BTreeMap::new(),
            uids: 700_000..900_000,
        }
    }
}
