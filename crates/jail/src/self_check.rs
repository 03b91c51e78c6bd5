//! Finds out what isolation this host offers, by starting a small jail and looking at what it got.

use std::{
    collections::BTreeMap,
    io::Write,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use protocol::keeper::{Enforcement, Isolation, IsolationLevel, JailSpec, Limits, NetworkMode};

use crate::{
    keeper::{self, teardown},
    launch,
};

/// User the trial jail runs as when started by root, unless the first argument names another.
const TRIAL_UID: u32 = 699_999;

/// Prints one JSON line with the isolation; fails when there is none.
#[must_use]
pub fn main() -> ExitCode {
    let uid = std::env::args()
        .nth(2)
        .and_then(|text| text.parse().ok())
        .unwrap_or(TRIAL_UID);
    let isolation = match keeper::close_the_door() {
        Ok(()) => check(uid),
        Err(error) => none(uid, format!("{error:#}")),
    };
    let usable = isolation.level != IsolationLevel::None;
    if let Ok(mut line) = serde_json::to_vec(&isolation) {
        line.push(b'\n');
        let _ = std::io::stdout().write_all(&line);
    }
    if usable {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn limits() -> Limits {
    Limits {
        memory_bytes: 64 << 20,
        pids: 16,
        cpu_milli: 500,
        disk_bytes: 1 << 20,
        tmp_bytes: 1 << 20,
    }
}

fn check(uid: u32) -> Isolation {
    let name = format!("self-check-{}", std::process::id());
    let directory = std::env::temp_dir().join(format!("coordinator-{name}"));
    let made = std::fs::DirBuilder::new().mode(0o700).create(&directory);
    let isolation = match made {
        Ok(()) => try_out(uid, &name, &directory),
        Err(error) => none(uid, format!("make {}: {error}", directory.display())),
    };
    let _ = std::fs::remove_dir_all(&directory);
    isolation
}

fn try_out(uid: u32, name: &str, workspace: &Path) -> Isolation {
    let jail = JailSpec {
        argv: vec!["/bin/true".into()],
        env: BTreeMap::new(),
        cwd: "/workspace".into(),
        host_uid: uid,
        workspace: PathBuf::from(workspace),
        workspace_read_only: true,
        home: None,
        read_only: Vec::new(),
        limits: limits(),
        network: NetworkMode::None,
    };
    match launch::launch(name, &jail, None) {
        Ok(launched) => {
            let isolation = launched.isolation.clone();
            teardown::now(launched);
            isolation
        }
        Err(error) => none(uid, error.cause),
    }
}

fn none(uid: u32, cause: String) -> Isolation {
    Isolation {
        level: IsolationLevel::None,
        namespaces: Vec::new(),
        landlock_abi: None,
        seccomp: false,
        host_uid: uid,
        limits_backend: "none".into(),
        limits: limits(),
        memory: Enforcement::None,
        pids: Enforcement::None,
        cpu: Enforcement::None,
        disk: Enforcement::None,
        notes: vec![cause],
    }
}
