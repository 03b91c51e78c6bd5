//! `journey`: six checks of a deployed server with a real agent, from the outside, over the public API.

mod checks;
mod report;
mod turn;

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::{
    client::{Api, ClientArgs, Endpoint},
    run::require_model,
};

#[derive(Debug, Args)]
pub struct JourneyArgs {
    /// Model as provider/model; `demo/scripted` needs no key
    #[arg(long, value_name = "PROVIDER/MODEL")]
    pub model: Option<String>,
    /// A JavaScript repository that the server can reach
    #[arg(long, value_name = "URL")]
    pub repo: String,
    /// Branch, tag or commit
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// Coding agent
    #[arg(long, default_value = "opencode")]
    pub agent: String,
    /// Longest one check may take, seconds
    #[arg(long, default_value_t = 600)]
    pub timeout: u64,
    /// Do not delete the session afterwards
    #[arg(long)]
    pub keep: bool,
    /// Print the checks as one JSON document
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub client: ClientArgs,
}

/// Runs the command; answers the exit code.
///
/// # Errors
/// When there is no server, key or model to begin with.
pub async fn run(arguments: JourneyArgs) -> Result<u8> {
    let api = Api::new(Endpoint::find(&arguments.client)?)?;
    let model = require_model(&api, arguments.model.as_deref()).await?;
    let mut report = report::Report::new(api.server(), &model, arguments.json);
    let patience = Duration::from_secs(arguments.timeout);
    let session = checks::run(&api, &arguments, &model, patience, &mut report).await;
    if let Some(session) = session {
        if arguments.keep {
            report.session(session);
        } else if let Err(error) = api
            .change(reqwest::Method::DELETE, &format!("/v1/sessions/{session}"), None)
            .await
        {
            crate::cli::terminal::note(format!("the session {session} could not be deleted: {error}"));
        }
    }
    Ok(report.finish())
}
