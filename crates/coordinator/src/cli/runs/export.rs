//! Runs as a table, into a file or a pipe.

use std::{io::Write, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::Which;
use crate::{
    cli::{figures, sessions_work, terminal},
    client::{Api, ApiError, ClientArgs, Endpoint},
};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArgs {
    #[command(flatten)]
    which: Which,
    /// File to write; `-` is standard output
    #[arg(long, short, default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    client: ClientArgs,
}

pub(super) async fn export(arguments: ExportArgs) -> Result<u8> {
    let api = Api::new(Endpoint::find(&arguments.client)?)?;
    let path = arguments.which.address("/v1/runs", "format=csv");
    if arguments.output.as_os_str() == "-" {
        copy(&api, &path, &mut sessions_work::output()).await?;
        return Ok(0);
    }
    let shown = arguments.output.display();
    let mut file = std::fs::File::create(&arguments.output).with_context(|| format!("{shown}"))?;
    copy(&api, &path, &mut file).await?;
    file.sync_all()?;
    let size = file.metadata()?.len();
    terminal::note(format!("{shown}: {}", figures::bytes(size)));
    Ok(0)
}

pub(in crate::cli) async fn copy(api: &Api, path: &str, to: &mut dyn Write) -> Result<()> {
    let mut answer = api.open(path).await?;
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| ApiError::Odd(format!("the table broke off: {error}")))?
    {
        to.write_all(&chunk)?;
    }
    Ok(to.flush()?)
}
