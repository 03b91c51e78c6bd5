//! `schemathesis`: requests that another program generates from the API's description, against a server that runs. The
//! program is schemathesis, from the Python Package Index, pinned, in an environment of its own below `target`.
//!
//! Two passes over all operations: as the owner of an organisation that is thrown away, once with a key and once in a
//! browser. What is expected to be refused, and why, is in `xtask/schemathesis/hooks.py`.

mod figures;
mod server;
mod tool;

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::progress::{Steps, say};
use crate::{build, repository};
use figures::Figures;
use server::Server;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What is generated follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Most cases of one operation and phase
    #[arg(long, default_value_t = 50)]
    examples: u32,
    /// Uses the release binary as it lies there
    #[arg(long)]
    no_build: bool,
}

/// Who asks in a pass.
#[derive(Debug, Clone, Copy)]
enum Caller {
    Key,
    Browser,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let root = repository::root()?;
    let mut steps = Steps::new("schemathesis", 4);
    if arguments.no_build {
        steps.skip();
    } else {
        steps.step("Release binaries", || build::binaries(&root))?;
    }
    steps.step("schemathesis, pinned", || tool::install(&root))?;
    let mut all = Figures::default();
    for (caller, name) in [(Caller::Key, "With a key"), (Caller::Browser, "In a browser")] {
        steps.step(&format!("{name}, seed {}", arguments.seed), || {
            let figures = pass(&root, caller, arguments)?;
            let said = figures.line();
            all.add(figures);
            Ok(said)
        })?;
    }
    say(&format!("{}, in {}", all.line(), steps.elapsed()));
    Ok(all.is_clean())
}

/// One server, all operations, one caller. Each pass has a server of its own, so that neither sees what the other left.
fn pass(root: &Path, caller: Caller, arguments: &Arguments) -> Result<Figures> {
    let directory = repository::target(root).join("schemathesis").join(match caller {
        Caller::Key => "key",
        Caller::Browser => "browser",
    });
    let server = Server::start(root, &directory)?;
    let owner = server.owner(root)?;
    let report = tool::run(root, &directory, &server.url(), &owner, caller, arguments)?;
    Figures::read(&report, &server.log()?)
}
