//! What is asked of this program.

use std::path::PathBuf;

use clap::{Args, Parser};

/// Measures the session engine, each figure beside a bare baseline of the same run.
#[derive(Debug, Clone, Parser)]
#[command(name = "bench-session", version)]
pub(crate) struct Options {
    /// Measures what one organisation feels of another's flood, instead of the rows of the session engine
    #[arg(long)]
    pub(crate) tenants: bool,
    /// A setting of the server for `--tenants`, for example `COORDINATOR_EVENTS_PER_S=5000`; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) setting: Vec<String>,
    /// Small counts and no verdicts: shows that the bench itself works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only rows whose number or name this is; may be given more than once
    #[arg(long, value_name = "ROW")]
    pub(crate) only: Vec<String>,
    /// Where the figures go as JSON
    #[arg(long, value_name = "PATH")]
    pub(crate) json: Option<PathBuf>,
    /// Directory with the `coordinator` to measure; by default the one of this program
    #[arg(long, value_name = "DIR")]
    pub(crate) programs: Option<PathBuf>,
    /// Where both data directories are made; by default `bench` beside the directory of this program
    #[arg(long, value_name = "DIR")]
    pub(crate) place: Option<PathBuf>,
    /// Times that each side has its turn
    #[arg(long, default_value_t = 3)]
    pub(crate) rounds: usize,
    /// Threads that commit in the baseline: as many as the product's session log uses
    #[arg(long, default_value_t = 16)]
    pub(crate) threads: usize,
    /// Keeps the data directories and the server's log
    #[arg(long)]
    pub(crate) keep: bool,
}

impl Options {
    /// Whether a row is to be measured.
    pub(crate) fn wants(&self, number: &str, name: &str) -> bool {
        self.only.is_empty()
            || self
                .only
                .iter()
                .any(|word| word == number || name.contains(word.as_str()))
    }

    /// One of two counts.
    pub(crate) fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }
}

/// The baseline's own arguments.
#[derive(Debug, Clone, Args)]
pub(crate) struct Bare {
    /// Where its files and its socket are
    #[arg(long)]
    pub(crate) place: PathBuf,
    #[arg(long)]
    pub(crate) threads: usize,
    /// Bytes that a socket reads at a time
    #[arg(long)]
    pub(crate) buffer: usize,
}

#[derive(Debug, Parser)]
struct BareLine {
    #[command(flatten)]
    bare: Bare,
}

/// Which part to play.
pub(crate) enum Role {
    /// Called by the server under test in place of the runner.
    StandIn(Vec<String>),
    Bare(Bare),
    /// The generator of a flood.
    Flood,
    /// The listener that refuses everything.
    Refuse,
    Measure(Options),
}

pub(crate) fn role() -> Role {
    let mut arguments = std::env::args();
    let name = arguments.next().unwrap_or_default();
    if name.ends_with("coordinator-runner") {
        return Role::StandIn(arguments.collect());
    }
    match std::env::args().nth(1).as_deref() {
        Some("bare") => Role::Bare(BareLine::parse_from(arguments).bare),
        Some("flood") => Role::Flood,
        Some("refuse") => Role::Refuse,
        _ => Role::Measure(Options::parse()),
    }
}
