//! `coordinator-runner`: everything of the product that runs in or around a sandbox, one mode for each job.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use protocol::{
    probe::{ProbeFailure, ProbeInput},
    runner::RunnerStart,
};
use runner::{
    credential, log,
    probe::{self, Place},
    run::{self, exit},
    settings::Settings,
};
use tokio::signal::unix::{SignalKind, signal};

/// Start documents and probe requests are far smaller.
const MOST_INPUT: u64 = 4 << 20;
/// After a request to stop the process is gone within this time, whatever hangs.
const LAST_CALL: Duration = Duration::from_secs(10);

const USAGE: &str = "\
usage: coordinator-runner MODE

  run             prepare a workspace and drive an agent (start document on standard input)
  probe           answer one question about a workspace (request on standard input)
  git-credential  credential helper for git inside a sandbox
  keeper, sandbox-init, oneshot, sweep, self-check
                  parts of a local sandbox; started by the server
  --version       print the version
";

fn main() -> ExitCode {
    // The jail's modes build namespaces and must come before any thread.
    if let Some(code) = jail::dispatch() {
        return code;
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("run") => report(run_mode()),
        Some("probe") => probe_mode(),
        Some("git-credential") => report(
            credential::helper(&args[1..], &mut io::stdin().lock(), &mut io::stdout().lock())
                .map(|()| ExitCode::SUCCESS)
                .map_err(Into::into),
        ),
        Some("--version" | "-V") => {
            say(
                &mut io::stdout(),
                &format!("coordinator-runner {}", env!("CARGO_PKG_VERSION")),
            );
            ExitCode::SUCCESS
        }
        Some("--help" | "-h") => {
            say(&mut io::stdout(), USAGE.trim_end());
            ExitCode::SUCCESS
        }
        _ => {
            say(&mut io::stderr(), USAGE.trim_end());
            ExitCode::from(2)
        }
    }
}

fn say(to: &mut dyn Write, text: &str) {
    let _ = writeln!(to, "{text}");
}

fn report(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        let text = format!("coordinator-runner: {error:#}");
        say(&mut io::stderr(), &log::clean(&text));
        ExitCode::from(exit::FAILED)
    })
}

fn read_input<T: serde::de::DeserializeOwned>() -> anyhow::Result<T> {
    let mut input = Vec::new();
    io::stdin().lock().take(MOST_INPUT).read_to_end(&mut input)?;
    // The parser's message could quote a secret; its place in the input is enough.
    serde_json::from_slice(&input).map_err(|error| {
        anyhow::anyhow!(
            "the input is not understood (line {}, column {})",
            error.line(),
            error.column()
        )
    })
}

fn run_mode() -> anyhow::Result<ExitCode> {
    // Other processes of our user must not read the secrets in our memory.
    nix::sys::prctl::set_dumpable(false).context("cannot protect the runner's memory")?;
    let filter = std::env::var("COORDINATOR_LOG").unwrap_or_else(|_| "info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_default())
        .with_writer(log::stderr)
        .with_ansi(false)
        .init();
    // Half a runner is worse than none: a panic anywhere ends the process, and with it the sandbox.
    std::panic::set_hook(Box::new(|info| {
        say(&mut io::stderr(), &log::clean(&info.to_string()));
        std::process::exit(101);
    }));
    let start: RunnerStart = read_input()?;
    let settings = Settings::from_env()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let code = runtime.block_on(async {
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let (told, stop) = tokio::sync::oneshot::channel::<()>();
        // In a task of its own: the main loop may be held up by a full spool just then.
        tokio::spawn(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            let _ = told.send(());
            tokio::time::sleep(LAST_CALL).await;
            std::process::exit(i32::from(exit::FAILED));
        });
        let stop = async {
            let _ = stop.await;
        };
        run::run(start, settings, agents::driver, stop)
            .await
            .map_err(anyhow::Error::from)
    })?;
    runtime.shutdown_background();
    Ok(ExitCode::from(code))
}

fn probe_mode() -> ExitCode {
    let failure = match try_probe() {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => failure,
        Err(error) => ProbeFailure {
            code: "internal".into(),
            message: format!("{error:#}"),
        },
    };
    say(
        &mut io::stderr(),
        &serde_json::to_string(&failure).unwrap_or_default(),
    );
    ExitCode::from(exit::FAILED)
}

fn try_probe() -> anyhow::Result<Result<(), ProbeFailure>> {
    nix::sys::prctl::set_dumpable(false).context("cannot protect the probe's memory")?;
    let ProbeInput { request, hide } = read_input()?;
    let settings = Settings::from_env()?;
    let place = Place {
        workspace: settings.workspace,
        scratch: std::env::temp_dir(),
        env: settings.env,
        hide,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut output = io::BufWriter::with_capacity(64 * 1024, io::stdout());
    let answered = runtime.block_on(probe::answer(&place, &request, &mut output));
    Ok(answered.map_err(|error| place.failure(&error)))
}
