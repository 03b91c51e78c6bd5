//! `bench`: measures the budgets, each figure beside a bare baseline of the same run. A measurement, not a test: CI
//! doesn't call it, because a busy machine would decide its outcome.

use std::{path::Path, process::Command};

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::progress::say;
use crate::{javascript, process, repository};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The web app in a real Chromium: first load, time to interactive, typing, frames, memory
    Web {
        /// Only these: interactive, typing, frames, memory
        figures: Vec<String>,
    },
    /// The session engine: the real server process under load; see docs/guides/benchmarks.md
    Session {
        /// Of `bench-session`, for example `--quick`, `--only events`, `--json PATH`; `--help` names all
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let root = repository::root()?;
    match &arguments.what {
        What::Web { figures } => {
            say(&javascript::packages::install(&root)?);
            say(&javascript::app::build(&root)?);
            say(&javascript::chromium::ensure()?);
            let load = javascript::budget::check(&root);
            say(&match &load {
                Ok(words) => format!("first load, gzip: {words}"),
                Err(over) => format!("first load, gzip, OVER: {over:#}"),
            });
            Ok(javascript::tests::bench(&root, figures)? && load.is_ok())
        }
        What::Session { arguments } => session(&root, arguments),
    }
}

/// Builds what is shipped, and the bench, and measures.
fn session(root: &Path, arguments: &[String]) -> Result<bool> {
    let mut cargo = repository::cargo(root);
    cargo.args([
        "build",
        "--release",
        "--locked",
        "--package",
        "coordinator",
        "--package",
        "bench",
    ]);
    process::run(&mut cargo)?;
    process::succeeds(Command::new(repository::release(root).join("bench-session")).args(arguments))
}

/// A small run without verdicts, of what the last build left: shows that every figure can still be measured.
pub(crate) fn smoke(root: &Path) -> Result<String> {
    let mut cargo = repository::cargo(root);
    cargo.args([
        "run",
        "--locked",
        "--quiet",
        "--package",
        "bench",
        "--",
        "--quick",
        "--rounds",
        "1",
    ]);
    cargo.arg("--programs").arg(repository::release(root));
    cargo.arg("--place").arg(root.join("target/bench"));
    cargo.arg("--json").arg(root.join("target/bench/smoke.json"));
    process::capture(&mut cargo)?;
    Ok("every row was measured; nothing was judged".to_owned())
}
