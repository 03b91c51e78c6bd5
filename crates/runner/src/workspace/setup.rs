//! Runs the set-up commands of the environment, one after the other, in the workspace.

use std::{collections::BTreeMap, path::Path, time::Duration};

use tokio::process::Command;

use super::{Reporter, WorkspaceError};
use crate::{
    process::{End, Pipe, stream},
    redact::Stream,
    tail::Tail,
    uplink::Uplink,
};

/// Output shown while a command runs, and kept when it fails.
const SHOWN: usize = 512;
const KEPT: usize = 8 * 1024;

pub(super) async fn set_up(
    uplink: &Uplink,
    workspace: &Path,
    env: &BTreeMap<String, String>,
    commands: &[String],
    limit: Duration,
) -> Result<(), WorkspaceError> {
    for command in commands {
        let mut phase = Reporter::start(uplink, "setup", Some(command)).await;
        let (mut shown, mut kept) = (Tail::new(SHOWN), Tail::new(KEPT));
        // Before it is cut: the tail of a secret is nothing that anybody would know later.
        let redactor = uplink.redactor();
        let mut streams = [Stream::default(), Stream::default()];
        let mut sink = |pipe, chunk: &[u8]| {
            let chunk = streams[usize::from(pipe == Pipe::Err)].push(&redactor, chunk);
            shown.push(&chunk);
            kept.push(&chunk);
            phase.running(Some(&shown.text()), None);
        };
        let end = stream(shell(command, workspace, env), limit, &mut sink).await?;
        for stream in &mut streams {
            kept.push(&stream.end(&redactor));
        }
        let failure = match end {
            End::Exited(status) if status.success() => {
                phase.completed(Some(command)).await;
                continue;
            }
            End::Exited(status) => WorkspaceError::SetupFailed {
                command: command.clone(),
                status: status.to_string(),
                tail: kept.text(),
            },
            End::TimedOut => WorkspaceError::SetupTimeout {
                command: command.clone(),
                limit_s: limit.as_secs(),
                tail: kept.text(),
            },
        };
        phase.failed(&failure.to_string()).await;
        return Err(failure);
    }
    Ok(())
}

/// As a person would type it: in bash where there is one.
fn shell(script: &str, workspace: &Path, env: &BTreeMap<String, String>) -> Command {
    let bash = ["/bin/bash", "/usr/bin/bash"]
        .into_iter()
        .find(|path| Path::new(path).exists());
    let mut command = Command::new(bash.unwrap_or("/bin/sh"));
    command
        .args(["-c", script])
        .current_dir(workspace)
        .env_clear()
        .envs(env);
    // Tools that would ask a question or draw a progress bar should do neither.
    command.env("CI", "1").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
