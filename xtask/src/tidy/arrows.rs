//! Which room may see which, checked against what each manifest declares.

use anyhow::Result;
use cargo_metadata::DependencyKind;

use super::{House, Report};

/// Room and the rooms it may depend on. A room that is missing here fails the check: the table is the architecture.
const ALLOWED: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("domain", &["protocol"]),
    ("bundle", &["protocol", "domain"]),
    ("ports", &["protocol", "domain"]),
    ("sessions", &["protocol", "domain", "ports"]),
    ("app", &["protocol", "domain", "bundle", "ports", "sessions"]),
    ("gateway", &["protocol", "domain", "ports"]),
    ("egress", &["protocol", "domain", "ports"]),
    (
        "http-door",
        &["protocol", "domain", "ports", "sessions", "app", "gateway"],
    ),
    // What runs in or around a sandbox knows the shared words and nothing of the server.
    ("agents", &["protocol"]),
    ("jail", &["protocol"]),
    ("runner", &["protocol", "agents", "jail"]),
    // Adapters know the ports, never each other.
    ("store", &["protocol", "domain", "ports"]),
    ("session_log", &["protocol", "domain", "ports"]),
    ("postgres", &["protocol", "ports"]),
    ("sandboxes", &["protocol", "domain", "ports"]),
    ("models", &["protocol", "domain", "ports"]),
    ("keys", &["protocol", "domain", "ports"]),
    ("identity", &["protocol", "domain", "ports"]),
    ("artifacts", &["protocol", "ports"]),
    ("testkit", &["protocol", "domain", "ports", "agents"]),
    (
        "coordinator",
        &[
            "protocol",
            "domain",
            "bundle",
            "ports",
            "sessions",
            "app",
            "gateway",
            "egress",
            "http-door",
            "store",
            "session_log",
            "postgres",
            "sandboxes",
            "models",
            "keys",
            "identity",
            "artifacts",
            "web-app",
        ],
    ),
    // The built app as bytes; only the one who puts the server together sees it.
    ("web-app", &[]),
    // Runs the session engine in a simulated world. Nothing depends on it: the faults it plants are in no product.
    (
        "simulation",
        &["protocol", "domain", "ports", "sessions", "testkit"],
    ),
    // End-to-end tests see what a stranger sees: processes and the public words.
    ("e2e", &["protocol", "testkit"]),
    // Measures from outside, as e2e tests; what it makes in bulk it makes through the adapters.
    ("bench", &["protocol"]),
    ("xtask", &[]),
];

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    let rooms: Vec<&str> = house
        .metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut edges = 0;
    for package in house.metadata.workspace_packages() {
        let room = package.name.as_str();
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == room) else {
            report.complain(format!("{room}: a room that the table of arrows doesn't know"));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if !rooms.contains(&name) {
                continue;
            }
            edges += 1;
            // Tests of any room may use the fakes; that is what the testkit is for.
            let in_tests = dependency.kind == DependencyKind::Development && name == "testkit";
            if !allowed.contains(&name) && !in_tests {
                report.complain(format!(
                    "{room} -> {name}: no such arrow ({room} may see {})",
                    listed(allowed)
                ));
            }
        }
    }
    for (room, _) in ALLOWED.iter().filter(|(room, _)| !rooms.contains(room)) {
        report.complain(format!("{room}: in the table of arrows, but no such room"));
    }
    report.note = Some(format!("{} rooms, {edges} arrows", rooms.len()));
    Ok(report)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        "no other room".to_owned()
    } else {
        names.join(", ")
    }
}
