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
    /// Whether the time of an answer tells that an account exists; see docs/guides/security.md
    Timing {
        /// Samples of each kind at each door; 1000 unless given
        samples: Option<usize>,
    },
    /// The session engine: the real server process under load; see docs/guides/benchmarks.md
    Session {
        /// Of `bench-session`, for example `--quick`, `--only events`, `--json PATH`; `--help` names all
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Noisy neighbours: what one organisation feels while another asks for twenty times its quota
    Tenants {
        /// As for `session`, for example `--rounds 1`
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
        What::Timing { samples } => timing(&root, *samples),
        What::Tenants { arguments } => {
            let all = [&["--tenants".to_owned()], arguments.as_slice()].concat();
            session(&root, &all)
        }
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

/// Builds what is shipped, and asks its doors about accounts that exist and such that do not.
fn timing(root: &Path, samples: Option<usize>) -> Result<bool> {
    let mut build = repository::cargo(root);
    build.args([
        "build",
        "--release",
        "--locked",
        "--package",
        "coordinator",
        "--package",
        "runner",
    ]);
    process::run(&mut build)?;
    let mut ask = repository::cargo(root);
    ask.args(["run", "--locked", "--package", "e2e", "--example", "timing", "--"]);
    ask.args(samples.map(|samples| samples.to_string()));
    ask.env("COORDINATOR_BIN_DIR", repository::release(root));
    process::succeeds(&mut ask)
}

/// Small runs without verdicts, of what the last build left: show that every figure can still be measured.
pub(crate) fn smoke(root: &Path) -> Result<String> {
    small(root, &[], "smoke.json")?;
    small(root, &["--tenants"], "smoke-tenants.json")?;
    Ok("every row was measured; nothing was judged".to_owned())
}

fn small(root: &Path, more: &[&str], json: &str) -> Result<()> {
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
    cargo.args(more);
    cargo.arg("--programs").arg(repository::release(root));
    cargo.arg("--place").arg(root.join("target/bench"));
    cargo.arg("--json").arg(root.join("target/bench").join(json));
    process::capture(&mut cargo).map(drop)
}
