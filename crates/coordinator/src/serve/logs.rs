//! Log lines, on standard error.

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Server};

/// Starts logging. Once in a process.
pub(super) fn start(server: &Server) -> Result<()> {
    let filter = EnvFilter::try_new(&server.log)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match server.log_format {
        LogFormat::Text => builder
            .with_target(false)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging cannot be started: {error}"))
}
