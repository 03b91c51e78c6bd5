//! The tasks of this repository: build it, start it, test it, regenerate and check what is committed.

mod agents;
mod bench;
mod build;
mod clock;
mod counts;
mod generate;
mod javascript;
mod npm;
mod postgres;
mod process;
mod progress;
mod repository;
mod schemathesis;
mod test;
mod tidy;
mod tools;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "Builds, starts and checks agent-coordinator",
    version
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// From a fresh clone to a serving URL: builds, installs the agents, starts the server
    Up(up::Arguments),
    /// Builds the release binaries and installs the pinned agents
    Build,
    /// Runs every check and every test, and closes with `N passed, N failed`
    Test(test::Arguments),
    /// Measures the budgets, each beside a bare baseline of the same run; prints a table and JSON
    Bench(bench::Arguments),
    /// Writes the generated references under docs/, or checks that they are current
    Gen(generate::Arguments),
    /// Sends requests that schemathesis generates from the API's description to a server that runs; prints figures
    Schemathesis(schemathesis::Arguments),
    /// Checks the architecture: arrows, sizes, lints, licences, links
    Tidy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.task {
        Task::Up(arguments) => up::run(&arguments),
        Task::Build => build::run(),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Gen(arguments) => generate::run(&arguments),
        Task::Schemathesis(arguments) => schemathesis::run(&arguments),
        Task::Tidy => tidy::run(),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            progress::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
