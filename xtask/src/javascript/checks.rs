//! What can be said about the JavaScript without running it.

use std::path::Path;

use anyhow::Result;

use super::node;
use crate::process;

/// Lint and format, by biome.
pub(crate) fn lint(root: &Path) -> Result<String> {
    process::run(node::program(root, "", "biome").args([
        "check",
        "--error-on-warnings",
        "--colors=off",
        "web",
        "clients",
    ]))?;
    Ok("no complaints".to_owned())
}

/// Types of the SDK, of its tests and of the app; the SDK's package is built on the way.
pub(crate) fn types(root: &Path) -> Result<String> {
    for (directory, arguments) in [
        ("clients/typescript", ["--project", "tsconfig.json"].as_slice()),
        ("clients/typescript", &["--project", "tsconfig.test.json"]),
        ("web", &["--noEmit"]),
    ] {
        process::run(node::program(root, directory, "tsc").args(arguments))?;
    }
    Ok("sound".to_owned())
}

/// The SDK's types are the ones of the API's description.
pub(crate) fn drift(root: &Path) -> Result<String> {
    process::run(node::npm(root).args([
        "run",
        "--silent",
        "generate",
        "--workspace",
        "@agent-coordinator/generate",
        "--",
        "--check",
    ]))?;
    Ok("as docs/reference/openapi.json says".to_owned())
}

/// Files, exports and packages that nothing uses.
pub(crate) fn unused(root: &Path) -> Result<String> {
    process::run(node::program(root, "", "knip").args(["--no-progress", "--reporter", "compact"]))?;
    Ok("none".to_owned())
}
