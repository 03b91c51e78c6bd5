//! The command line: what can be asked, and who answers.

mod artifacts;
mod audit;
mod bundles;
mod environments;
pub mod figures;
mod invitations;
mod keys;
mod limits;
mod list;
mod mail;
mod members;
mod models;
mod orgs;
mod providers;
mod reference;
mod replay;
mod runs;
mod secrets;
mod service_accounts;
mod sessions;
mod sessions_work;
pub mod table;
pub mod terminal;

use std::future::Future;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

use crate::{config::SettingFlags, doctor, journey, run, serve};

/// A command that was used wrongly; ends with exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Hosted coding agents on your own machine: sandboxed, streamed, with a durable history.
#[derive(Debug, Parser)]
#[command(
    name = "coordinator",
    version,
    propagate_version = true,
    max_term_width = 110,
    after_long_help = "Examples:\n  \
        coordinator up --data-dir ./data\n  \
        coordinator run \"run: ls\" --model demo/scripted --repo https://github.com/expressjs/express.git\n  \
        coordinator run \"Fix the failing test\" --model openai/MODEL --repo https://github.com/owner/name.git\n  \
        coordinator sessions list\n  \
        coordinator doctor\n\n\
        Exit codes: 0 done, 1 failed, 2 used wrongly or cancelled, 3 somebody has to answer."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve, make sure that there is an owner with a key, and write the profile that the other commands use
    #[command(
        after_long_help = "Example:\n  coordinator up --data-dir ./data\n\nThen, in another terminal:\n  coordinator run \"run: uname -a\" --model demo/scripted"
    )]
    Up(Box<serve::UpArgs>),
    /// Serve until stopped
    #[command(
        after_long_help = "Example:\n  coordinator serve --listen 127.0.0.1:8080 --data-dir /var/lib/coordinator\n\nSIGTERM and Ctrl-C stop cleanly, sandboxes included; a second one stops at once. SIGUSR2 hands over: sandboxes stay for the next server. SIGHUP reads the certificate again."
    )]
    Serve(Box<SettingFlags>),
    /// Make an organisation's owner and print a new API key as one JSON line; works with and without a running server
    #[command(
        after_long_help = "Example:\n  coordinator bootstrap --data-dir /var/lib/coordinator --email ana@example.org --org acme\n\nSafe to repeat: the user and the organisation stay, each time there is a new key."
    )]
    Bootstrap(serve::BootstrapArgs),
    /// Look for what would break a run; changes nothing
    #[command(
        after_long_help = "Exit code 1 when something would break a run. Each finding comes with its remedy."
    )]
    Doctor(Box<doctor::DoctorArgs>),
    /// Give an agent a prompt and stream its work
    #[command(
        after_long_help = "Examples:\n  coordinator run \"Fix the failing test\" --model openai/MODEL --repo https://github.com/owner/name.git\n  coordinator run \"And now the docs\" --session ses_…\n\nCtrl-C interrupts the agent; a second one leaves the session to itself.\nExit codes: 0 completed, 1 failed, 2 cancelled or used wrongly, 3 somebody has to answer."
    )]
    Run(Box<run::RunArgs>),
    /// Sessions: list, look into, drive, take the work out
    #[command(subcommand)]
    Sessions(sessions::Command),
    /// The organisation: show, rename, delete, restore
    #[command(subcommand)]
    Orgs(orgs::Command),
    /// Who belongs to the organisation, with which role
    #[command(subcommand)]
    Members(members::Command),
    /// Invitations into the organisation
    #[command(subcommand)]
    Invitations(invitations::Command),
    /// API keys of the organisation
    #[command(subcommand)]
    Keys(keys::Command),
    /// Service accounts: users that are programs, with keys that outlive whoever made them
    #[command(subcommand)]
    ServiceAccounts(service_accounts::Command),
    /// What the organisation may ask for, and how much of it is used
    Limits(list::Common),
    /// Model providers: your own accounts; keys are sealed and never enter a sandbox
    #[command(subcommand)]
    Providers(providers::Command),
    /// Models that can be used now
    Models(models::ModelsArgs),
    /// Environments: set-up commands of a repository
    #[command(subcommand)]
    Environments(environments::Command),
    /// Secrets of sandboxes: variables for set-up or for the agent; values go in and never come out
    #[command(subcommand)]
    Secrets(secrets::Command),
    /// The master key that secrets are sealed under: status, change
    #[command(subcommand)]
    MasterKey(serve::MasterKeyCommand),
    /// Messages to people: try whether they arrive
    #[command(subcommand)]
    Mail(mail::Command),
    /// Finished turns, with tokens and cost
    #[command(subcommand)]
    Runs(runs::Command),
    /// What was used: runs, tokens, cost and time, in groups
    #[command(
        after_long_help = "Example:\n  coordinator usage --by day --by model --from 2026-01-01T00:00:00Z"
    )]
    Usage(Box<runs::UsageArgs>),
    /// The audit log: list, export, and check that nothing of it was changed
    #[command(subcommand)]
    Audit(audit::Command),
    /// Check a deployed server from end to end with a real agent
    #[command(
        after_long_help = "Example:\n  coordinator journey --model demo/scripted --repo https://github.com/expressjs/express.git\n\nThe repository must be one of JavaScript. Prints each check and ends with 6/6, or exit code 1."
    )]
    Journey(journey::JourneyArgs),
    /// Print the OpenAPI document
    Openapi,
    #[command(hide = true)]
    HelpMarkdown,
    #[command(hide = true)]
    SettingsMarkdown,
    #[command(hide = true)]
    EventsMarkdown,
    #[command(hide = true)]
    MachineMarkdown,
    #[command(hide = true)]
    PolicyMarkdown,
    #[command(hide = true)]
    ProblemCodes,
}

/// Runs the command line; answers the exit code.
#[must_use]
pub fn main() -> u8 {
    let outcome = match Cli::try_parse() {
        Ok(cli) => dispatch(cli.command),
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            let paint = terminal::Paint::detect();
            terminal::note(format!("{} {error:#}", paint.bad("error:")));
            let next = error
                .downcast_ref::<crate::client::ApiError>()
                .and_then(crate::client::ApiError::next_step);
            if let Some(next) = next {
                terminal::note(format!("       {next}"));
            }
            if error.is::<Usage>() || error.is::<crate::config::ConfigErrors>() {
                2
            } else {
                1
            }
        }
    }
}

fn dispatch(command: Command) -> Result<u8> {
    match command {
        Command::Up(arguments) => serve::up(*arguments),
        Command::Serve(flags) => serve::serve(*flags),
        Command::Bootstrap(arguments) => client(serve::bootstrap(arguments)),
        Command::Doctor(arguments) => client(doctor::run(*arguments)),
        Command::Run(arguments) => client(run::run(*arguments)),
        Command::Sessions(command) => client(sessions::run(command)),
        Command::Orgs(command) => client(orgs::run(command)),
        Command::Members(command) => client(members::run(command)),
        Command::Invitations(command) => client(invitations::run(command)),
        Command::Keys(command) => client(keys::run(command)),
        Command::ServiceAccounts(command) => client(service_accounts::run(command)),
        Command::Limits(common) => client(limits::run(common)),
        Command::Providers(command) => client(providers::run(command)),
        Command::Models(arguments) => client(models::run(arguments)),
        Command::Environments(command) => client(environments::run(command)),
        Command::Secrets(command) => client(secrets::run(command)),
        Command::MasterKey(command) => client(serve::master_key(command)),
        Command::Mail(command) => client(mail::run(command)),
        Command::Runs(command) => client(runs::run(command)),
        Command::Usage(arguments) => client(runs::usage(*arguments)),
        Command::Audit(command) => client(audit::run(command)),
        Command::Journey(arguments) => client(journey::run(arguments)),
        Command::Openapi => reference::openapi(),
        Command::HelpMarkdown => reference::help(),
        Command::SettingsMarkdown => reference::settings(),
        Command::EventsMarkdown => reference::events(),
        Command::MachineMarkdown => reference::machine(),
        Command::PolicyMarkdown => reference::policy(),
        Command::ProblemCodes => reference::problems(),
    }
}

/// Client commands need one thread.
fn client(work: impl Future<Output = Result<u8>>) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting")?;
    let outcome = runtime.block_on(work);
    // A read of the terminal that nobody needs any more must not hold the exit up.
    runtime.shutdown_background();
    outcome
}
