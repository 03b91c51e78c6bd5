//! Which isolation and limits a sandbox really gets here: found out by making one.

use protocol::keeper::{Enforcement, Isolation, IsolationLevel};

use super::finding::Finding;
use crate::{
    cli::figures,
    config::{Config, Environment, MinimumIsolation},
    serve,
};

pub(super) async fn examine(config: &Config, environment: &Environment) -> Vec<Finding> {
    match serve::try_isolation(config, environment).await {
        Ok(isolation) => vec![level(&isolation, config), limits(&isolation)],
        Err(error) => vec![Finding::fail(
            "isolation",
            format!("no sandbox can be made: {error:#}"),
            "run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0)",
        )],
    }
}

fn level(isolation: &Isolation, config: &Config) -> Finding {
    let mut detail = format!(
        "{} (namespaces: {}",
        word(isolation.level),
        isolation.namespaces.join(", ")
    );
    match isolation.landlock_abi {
        Some(abi) => detail.push_str(&format!("; landlock {abi}")),
        None => detail.push_str("; no landlock"),
    }
    detail.push_str(if isolation.seccomp {
        "; seccomp)"
    } else {
        "; no seccomp)"
    });
    for note in &isolation.notes {
        detail.push_str(&format!("; {note}"));
    }
    match (isolation.level, config.sandbox.minimum_isolation) {
        (IsolationLevel::Full, _) => Finding::ok("isolation", detail),
        (IsolationLevel::Reduced, MinimumIsolation::Reduced) => Finding::warn(
            "isolation",
            detail,
            "see the notes for what is missing; COORDINATOR_MINIMUM_ISOLATION=full refuses such sandboxes",
        ),
        _ => Finding::fail(
            "isolation",
            detail,
            "less than COORDINATOR_MINIMUM_ISOLATION: provide what is missing, or lower it knowingly",
        ),
    }
}

fn limits(isolation: &Isolation) -> Finding {
    let set = isolation.limits;
    let detail = format!(
        "{}: memory {} ({}), {} processes ({}), {} cores ({}), disk {} ({})",
        isolation.limits_backend,
        figures::bytes(set.memory_bytes),
        held(isolation.memory),
        set.pids,
        held(isolation.pids),
        set.cpu_milli as f64 / 1000.0,
        held(isolation.cpu),
        figures::bytes(set.disk_bytes),
        held(isolation.disk),
    );
    let all = [isolation.memory, isolation.pids, isolation.disk];
    if all.contains(&Enforcement::None) {
        Finding::warn(
            "limits",
            detail,
            "a sandbox can use more than it should: run as root, or delegate cgroups to this user",
        )
    } else {
        Finding::ok("limits", detail)
    }
}

fn word(level: IsolationLevel) -> &'static str {
    match level {
        IsolationLevel::Full => "full",
        IsolationLevel::Reduced => "reduced",
        IsolationLevel::None => "none",
    }
}

fn held(enforcement: Enforcement) -> &'static str {
    match enforcement {
        Enforcement::Hard => "hard",
        Enforcement::Watched => "watched",
        Enforcement::None => "not held",
    }
}
