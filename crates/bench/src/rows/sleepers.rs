//! Making data directories with sleeping sessions.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{
    load::Http,
    product::{Server, multiply},
    run::Context,
    say,
};

/// Starts a server, makes a session, stops it again, and copies the session. Answers the key and the ids.
pub(super) async fn make(
    context: &Context,
    data_dir: &Path,
    log: &Path,
    count: usize,
) -> Result<(String, Vec<String>)> {
    let server = Server::start(&context.program, data_dir, log)?;
    let key = server.bootstrap(&context.program)?;
    let session = create(&mut Http::open(server.address(), &key).await?).await?;
    server.all_asleep().await?;
    server.stop()?;
    say(&format!("{count} sleeping sessions"));
    let ids = multiply(data_dir, &session, count)?;
    Ok((key, ids))
}

/// A session without a prompt: nothing runs for it.
pub(super) async fn create(http: &mut Http) -> Result<String> {
    let body =
        serde_json::json!({"agent": "opencode", "model": "demo/scripted", "title": "Look at the parser"});
    let made = http.post("/v1/sessions", &body).await?.json()?;
    Ok(made
        .get("id")
        .and_then(|id| id.as_str())
        .context("no id")?
        .to_owned())
}
