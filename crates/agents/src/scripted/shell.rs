//! Runs a command as a tool: in a process group of its own, its output as it comes, and nothing of it left when
//! it is interrupted.

use std::{process::Stdio, time::Duration};

use nix::sys::signal::Signal;
use tokio::{io::AsyncReadExt, process::Command, sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::processes;

/// Most that is kept of a command's output.
const MOST_OUTPUT: usize = 1024 * 1024;
/// Output that is still in the pipe when the command has ended.
const REST: Duration = Duration::from_millis(200);

/// How a command ended.
pub(super) struct Ended {
    pub(super) output: String,
    pub(super) exit_code: Option<i32>,
    pub(super) duration_ms: u64,
    pub(super) interrupted: bool,
}

/// `piece` gets the output as it comes.
pub(super) async fn run(
    shared: &Shared,
    command: &str,
    cancel: &CancellationToken,
    piece: mpsc::Sender<String>,
) -> std::io::Result<Ended> {
    let began = Instant::now();
    let mut child = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(&shared.launch.workspace)
        .env_clear()
        .envs(&shared.launch.env)
        .env("HOME", &shared.launch.home)
        .env("PWD", &shared.launch.workspace)
        .env(processes::MARK, &shared.mark)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let pid = child
        .id()
        .and_then(|pid| i32::try_from(pid).ok())
        .unwrap_or_default();
    let stdout = child.stdout.take();
    let reader = tokio::spawn(async move {
        let mut whole = Vec::new();
        let Some(mut stdout) = stdout else { return whole };
        let mut buffer = [0u8; 4096];
        while let Ok(read @ 1..) = stdout.read(&mut buffer).await {
            let room = MOST_OUTPUT.saturating_sub(whole.len());
            whole.extend_from_slice(&buffer[..read.min(room)]);
            if room > 0
                && piece
                    .send(String::from_utf8_lossy(&buffer[..read.min(room)]).into_owned())
                    .await
                    .is_err()
            {
                break;
            }
        }
        whole
    });
    let mut reader = reader;
    let (status, interrupted) = tokio::select! {
        status = child.wait() => (status.ok(), false),
        () = cancel.cancelled() => {
            for _ in 0..20 {
                let mut left = processes::descendants(pid);
                left.extend(processes::find_alive(pid));
                if left.is_empty() {
                    break;
                }
                processes::kill_with_groups(&left, None);
                let _ = tokio::time::timeout(Duration::from_millis(20), child.wait()).await;
            }
            processes::signal_group(pid, Signal::SIGKILL);
            (None, true)
        }
    };
    // A process that was left running may hold the pipe open: it is not waited for.
    let whole = match tokio::time::timeout(REST, &mut reader).await {
        Ok(whole) => whole.unwrap_or_default(),
        Err(_) => {
            reader.abort();
            Vec::new()
        }
    };
    let exit_code = status.and_then(|status| status.code());
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Ended {
        output: String::from_utf8_lossy(&whole).into_owned(),
        exit_code,
        duration_ms,
        interrupted,
    })
}
