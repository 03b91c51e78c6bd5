//! `doctor`: looks for what would break a run. Reads only: nothing is made, changed or stopped.

mod artifacts;
mod audit;
mod finding;
mod isolation;
mod keepers;
mod keys;
mod machine;
mod mail;
mod place;
mod quarantine;
mod runs;
mod storage;
mod tools;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::{
    cli::terminal::{self, Paint},
    config::{SettingFlags, Sources},
};
use finding::{Finding, Status};

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Print the findings as one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Runs the command; exit code 1 when something would break a run.
///
/// # Errors
/// When the findings cannot be printed.
pub async fn run(arguments: DoctorArgs) -> Result<u8> {
    let findings = examine(arguments.settings).await;
    let failed = findings.iter().any(|finding| finding.status == Status::Fail);
    if arguments.json {
        terminal::say(serde_json::to_string_pretty(
            &json!({ "ok": !failed, "findings": findings }),
        )?);
    } else {
        show(&findings);
    }
    Ok(u8::from(failed))
}

async fn examine(flags: SettingFlags) -> Vec<Finding> {
    let sources = Sources::gather(flags);
    let environment = sources.environment.clone();
    let config = match sources.read() {
        Ok(config) => config,
        Err(errors) => {
            return errors
                .0
                .into_iter()
                .map(|error| Finding::fail("configuration", error, "correct the setting; `coordinator serve --help` and docs/reference/settings.md list them all"))
                .collect();
        }
    };
    let mut findings = Vec::new();
    if config.warnings.is_empty() {
        findings.push(Finding::ok("configuration", "read without errors"));
    }
    findings.extend(
        config
            .warnings
            .iter()
            .map(|warning| Finding::warn("configuration", warning.clone(), "")),
    );
    let server = place::server(&config).await;
    findings.push(server.finding.clone());
    findings.extend(place::data_directory(&config));
    findings.push(place::master_key(&config));
    findings.extend(keys::examine(&config));
    findings.extend(runs::examine(&config, &server).await);
    findings.push(place::port(&config, &server));
    findings.push(machine::disk(&config));
    findings.push(artifacts::examine(&config).await);
    findings.push(mail::examine(&config).await);
    findings.extend(storage::examine(&config));
    findings.extend(audit::examine(&config.storage.data_dir));
    findings.extend(quarantine::examine(&config.storage.data_dir));
    findings.extend(isolation::examine(&config, &environment).await);
    findings.extend(tools::agents(&config));
    findings.extend(tools::programs(&config).await);
    findings.extend(machine::certificates(&environment));
    findings.push(keepers::examine(&config.storage.data_dir, server.is_running()));
    findings
}

fn show(findings: &[Finding]) {
    let paint = Paint::detect();
    let width = findings
        .iter()
        .map(|finding| finding.check.len())
        .max()
        .unwrap_or(0);
    for finding in findings {
        let mark = match finding.status {
            Status::Ok => paint.good("ok  "),
            Status::Warn => paint.warn("warn"),
            Status::Fail => paint.bad("FAIL"),
        };
        let indent = 5 + width + 2;
        let mut lines = terminal::wrapped(&terminal::harmless(&finding.detail), indent).into_iter();
        terminal::say(format!(
            "{mark} {:width$}  {}",
            finding.check,
            lines.next().unwrap_or_default()
        ));
        for line in lines {
            terminal::say(format!("{:indent$}{line}", ""));
        }
        if let Some(remedy) = &finding.remedy {
            for (index, line) in terminal::wrapped(remedy, indent + 2).iter().enumerate() {
                let arrow = if index == 0 { "→" } else { " " };
                terminal::say(format!("{:indent$}{arrow} {}", "", paint.dim(line)));
            }
        }
    }
    let count = |status| findings.iter().filter(|finding| finding.status == status).count();
    terminal::say(match (count(Status::Fail), count(Status::Warn)) {
        (0, 0) => paint.good("everything is fine"),
        (0, warnings) => paint.warn(&format!("{warnings} to look at; nothing that breaks a run")),
        (failures, _) => paint.bad(&format!("{failures} would break a run")),
    });
}
