//! What the compiler cannot see: which contract ran on which adapter, and which fault was injected at least
//! once. One JSON line each, below `<target directory>/ledger/`, for `xtask tidy` to read.

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

use serde_json::json;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The port's contract ran to its end.
    Contract,
    /// This fault of the port's catalogue was injected.
    Fault(&'static str),
    /// This fault is in the catalogue, so it has to be injected somewhere.
    Expected(&'static str),
}

/// Notes that something ran. A note that cannot be written is lost: the check afterwards will say so.
pub fn note(port: &str, adapter: &str, kind: Kind) {
    let line = match kind {
        Kind::Contract => json!({"port": port, "adapter": adapter, "kind": "contract"}),
        Kind::Fault(name) => json!({"port": port, "adapter": adapter, "kind": "fault", "fault": name}),
        Kind::Expected(name) => {
            json!({"port": port, "adapter": adapter, "kind": "fault", "fault": name, "expected": true})
        }
    };
    let Some(directory) = target_dir().map(|target| target.join("ledger")) else {
        return;
    };
    if fs::create_dir_all(&directory).is_err() {
        return;
    }
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(directory.join(format!("{port}.jsonl")));
    if let Ok(mut file) = file {
        // One write: lines of tests that run at once do not mix.
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

/// `CARGO_TARGET_DIR`, or the directory above the test binary that cargo marked as its own.
fn target_dir() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CARGO_TARGET_DIR") {
        return Some(PathBuf::from(named));
    }
    let program = env::current_exe().ok()?;
    program
        .ancestors()
        .find(|directory| directory.join("CACHEDIR.TAG").is_file())
        .map(PathBuf::from)
}
