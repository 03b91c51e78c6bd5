//! Which room may use which package from outside, and how many packages the default build has.

use anyhow::Result;
use cargo_metadata::DependencyKind;

use super::{House, Report};

/// Packages that only these rooms may name: each technology has one home.
const ONLY: &[(&str, &[&str])] = &[
    ("axum", &["http-door", "coordinator"]),
    ("axum-extra", &["http-door"]),
    ("utoipa-axum", &["http-door"]),
    ("rusqlite", &["store", "session_log", "bench", "e2e"]),
    ("sqlx", &["postgres"]),
    ("object_store", &["artifacts"]),
    ("reqwest", &["models", "identity", "coordinator", "e2e"]),
    ("openidconnect", &["identity"]),
    ("oauth2", &["identity"]),
    ("chrono", &["identity"]),
    ("aws-lc-rs", &["keys"]),
    ("lettre", &["identity"]),
    ("tokio-rustls", &["coordinator", "models"]),
    ("landlock", &["jail"]),
    ("seccompiler", &["jail"]),
    (
        "tokio-tungstenite",
        &["runner", "coordinator", "e2e", "testkit", "bench", "http-door"],
    ),
    ("clap", &["coordinator", "runner", "xtask", "bench", "simulation"]),
    ("cargo_metadata", &["xtask"]),
];

/// Rooms that stay pure, and what they must not name even in passing.
const NEVER: &[(&str, &[&str])] = &[
    (
        "protocol",
        &[
            "tokio",
            "async-trait",
            "futures",
            "axum",
            "hyper",
            "rusqlite",
            "reqwest",
            "getrandom",
            "nix",
            "libc",
        ],
    ),
    (
        "domain",
        &[
            "tokio",
            "async-trait",
            "futures",
            "axum",
            "hyper",
            "rusqlite",
            "reqwest",
            "getrandom",
            "nix",
            "libc",
        ],
    ),
    ("ports", &["axum", "hyper", "rusqlite", "reqwest", "nix"]),
    ("sessions", &["axum", "hyper", "rusqlite", "reqwest", "nix"]),
    ("app", &["axum", "hyper", "rusqlite", "reqwest", "nix"]),
    ("http-door", &["rusqlite", "reqwest", "nix"]),
];

/// Some 40 of them came with OpenID Connect (ADR 0024) and SMTP: elliptic curves and RSA of a generation of their own.
const MOST_PACKAGES: usize = 365;

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    for package in house.metadata.workspace_packages() {
        let room = package.name.as_str();
        for dependency in package
            .dependencies
            .iter()
            .filter(|one| one.kind != DependencyKind::Development)
        {
            let name = dependency.name.as_str();
            if let Some((_, homes)) = ONLY.iter().find(|(only, _)| *only == name)
                && !homes.contains(&room)
            {
                report.complain(format!(
                    "{room} uses {name}, which belongs to {}",
                    homes.join(", ")
                ));
            }
            if NEVER
                .iter()
                .any(|(pure, banned)| *pure == room && banned.contains(&name))
            {
                report.complain(format!("{room} uses {name}; this room has to do without it"));
            }
        }
    }
    let count = default_build(house)?;
    if count > MOST_PACKAGES {
        report.complain(format!(
            "the default build has {count} packages; {MOST_PACKAGES} is the most"
        ));
    }
    report.note = Some(format!("{count} of at most {MOST_PACKAGES} in the default build"));
    Ok(report)
}

/// Unique packages of the whole workspace's normal and build dependencies.
fn default_build(house: &House) -> Result<usize> {
    Ok(house.tree(&["--edges", "normal,build"])?.len())
}
