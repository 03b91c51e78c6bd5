//! `test`: everything that has to hold, in stages, closing with one line of totals.

mod runner;
mod stage;
mod summary;

use anyhow::Result;
use clap::Args;

use crate::counts::Counts;
use crate::generate;
use crate::progress::{Steps, say};
use crate::{agents, bench, build, javascript, postgres, process, repository, tidy, tools};
use stage::Stages;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Leaves out the end-to-end tests, the journeys in a browser, and the release build they need
    #[arg(long)]
    quick: bool,
    /// Runs only the stages with this in their names, for example `--only javascript`; nothing is prepared for them
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let root = repository::root()?;
    let steps = Steps::new("test", if arguments.quick { 17 } else { 24 });
    let mut stages = Stages::new(steps, arguments.only.as_deref());
    let whole = arguments.only.is_none();

    stages.check("Tools of the system", tools::ensure);
    stages.check("JavaScript packages, as locked", || {
        javascript::packages::install(&root)
    });
    if whole {
        tidy::ledger::begin(&root)?;
    }

    stages.check("Formatting", || {
        process::run(repository::cargo(&root).args(["fmt", "--all", "--check"]))?;
        Ok("as rustfmt writes it".to_owned())
    });
    stages.check("Lints", || {
        let mut cargo = repository::cargo(&root);
        cargo.args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ]);
        process::run(&mut cargo)?;
        Ok("no warnings".to_owned())
    });
    stages.check("JavaScript lint and format", || javascript::checks::lint(&root));
    stages.check("JavaScript types", || javascript::checks::types(&root));
    stages.check("Types of the SDK are the API's", || {
        javascript::checks::drift(&root)
    });
    stages.check("Unused JavaScript", || javascript::checks::unused(&root));
    stages.counted("Architecture", || {
        let (passed, failed) = tidy::all(&root)?;
        Ok(Counts {
            passed: passed as u64,
            failed: failed as u64,
            skipped: 0,
        })
    });
    stages.check("Coding agents and ripgrep, pinned", || agents::install(&root));
    stages.check("Web app", || javascript::app::build(&root));
    stages.check("First load of the web app", || javascript::budget::check(&root));
    if !arguments.quick {
        stages.check("Release binaries (the first time this takes minutes)", || {
            build::binaries(&root)
        });
        stages.check("Generated references", || {
            let wrong = generate::all(
                &root,
                generate::Arguments {
                    check: true,
                    strict: true,
                },
            )?;
            if wrong.is_empty() {
                Ok("current".to_owned())
            } else {
                anyhow::bail!("{}", wrong.join("\n"))
            }
        });
    }
    stages.check("PostgreSQL", postgres::ensure);
    stages.counted("Tests of every room", || runner::rooms(&root));
    stages.counted("Tests in documentation", || runner::documentation(&root));
    stages.counted("Tests of the SDK", || {
        javascript::tests::sdk(&root, !arguments.quick)
    });
    stages.counted("Tests of the web app", || javascript::tests::web(&root));
    if !arguments.quick {
        stages.counted("End-to-end tests with real processes", || {
            runner::end_to_end(&root)
        });
        stages.check("Bench of the session engine, small", || bench::smoke(&root));
        stages.check("Chromium", javascript::chromium::ensure);
        stages.counted("States of the web app", || javascript::tests::scenes(&root));
        stages.counted("Journeys in a real browser", || {
            javascript::tests::journeys(&root)
        });
    }
    if whole {
        tidy::ledger::end(&root)?;
    }
    stages.check("Contracts and faults", || {
        if tidy::ledger_only(&root)? {
            Ok("every one of them ran".to_owned())
        } else {
            anyhow::bail!("see above")
        }
    });

    if process::exists("cargo-deny", "--version") {
        stages.extra("Licences, bans and sources (cargo-deny)", || {
            process::run(repository::cargo(&root).args(["deny", "check", "bans", "licenses", "sources"]))?;
            Ok("as deny.toml says".to_owned())
        });
    }
    let (counts, time) = stages.close();
    say(&format!("in {time}, {} skipped", counts.skipped));
    say(&counts.line());
    Ok(counts.failed == 0)
}
