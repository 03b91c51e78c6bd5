//! Runs a program in a process group of its own, with a time limit, and streams what it writes.
//!
//! The group is killed when the limit is passed or when the caller goes away; what a program that ended well has
//! left in the background lives on.

use std::{
    collections::HashMap,
    io,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use bytes::Bytes;
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
    sync::mpsc,
    time::timeout,
};

use crate::tail::Tail;

/// After the program has ended its pipes are read for this long: a process left behind may hold them open.
const DRAIN: Duration = Duration::from_millis(300);

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Exited(ExitStatus),
    TimedOut,
}

impl End {
    #[must_use]
    pub fn success(self) -> bool {
        matches!(self, Self::Exited(status) if status.success())
    }
}

/// Which of the two pipes a chunk came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipe {
    Out,
    Err,
}

/// Runs `command` with an empty standard input and gives each chunk of output to `sink`.
///
/// # Errors
/// When the program cannot be started or waited for.
pub async fn stream(
    mut command: Command,
    limit: Duration,
    sink: &mut (dyn FnMut(Pipe, &[u8]) + Send),
) -> io::Result<End> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.process_group(0).kill_on_drop(true);
    let mut child = command.spawn()?;
    let mut group = Group(
        child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .map(Pid::from_raw),
    );
    let (chunks, mut incoming) = mpsc::channel(16);
    if let Some(out) = child.stdout.take() {
        tokio::spawn(pump(out, Pipe::Out, chunks.clone()));
    }
    if let Some(err) = child.stderr.take() {
        tokio::spawn(pump(err, Pipe::Err, chunks.clone()));
    }
    drop(chunks);

    let deadline = tokio::time::sleep(limit);
    tokio::pin!(deadline);
    let status = loop {
        tokio::select! {
            Some((pipe, chunk)) = incoming.recv() => sink(pipe, &chunk),
            status = child.wait() => break status?,
            () = &mut deadline => {
                group.kill();
                let _ = child.wait().await;
                return Ok(End::TimedOut);
            }
        }
    };
    group.release();
    let _ = timeout(DRAIN, async {
        while let Some((pipe, chunk)) = incoming.recv().await {
            sink(pipe, &chunk);
        }
    })
    .await;
    Ok(End::Exited(status))
}

/// What a finished program wrote.
#[derive(Debug)]
pub struct Captured {
    pub end: End,
    /// Standard output, at most as much as was asked for.
    pub out: Vec<u8>,
    /// True when there was more.
    pub cut: bool,
    /// The end of standard error, as text.
    pub err: String,
}

/// Runs `command` and keeps up to `most` bytes of its standard output.
///
/// # Errors
/// As [`stream`].
pub async fn capture(command: Command, limit: Duration, most: usize) -> io::Result<Captured> {
    let (mut out, mut cut, mut err) = (Vec::new(), false, Tail::new(4096));
    let end = stream(command, limit, &mut |pipe, chunk| match pipe {
        Pipe::Out => {
            let room = most.saturating_sub(out.len());
            cut |= chunk.len() > room;
            out.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        Pipe::Err => err.push(chunk),
    })
    .await?;
    Ok(Captured {
        end,
        out,
        cut,
        err: err.text(),
    })
}

/// Reads to the end even when nobody listens any more, so that a process left behind is not killed by its pipe.
async fn pump(mut pipe: impl AsyncRead + Unpin, which: Pipe, chunks: mpsc::Sender<(Pipe, Bytes)>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = pipe.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        let _ = chunks
            .send((which, Bytes::copy_from_slice(&buffer[..read])))
            .await;
    }
}

/// Kills the group (and descendants that left it) unless released.
struct Group(Option<Pid>);

impl Group {
    fn kill(&mut self) {
        if let Some(pid) = self.0.take() {
            for descendant in descendants(pid.as_raw()) {
                let _ = kill(Pid::from_raw(descendant), Signal::SIGKILL);
            }
            let _ = killpg(pid, Signal::SIGKILL);
        }
    }

    fn release(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Every process below `root` right now, from `/proc`.
fn descendants(root: i32) -> Vec<i32> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for pid in entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok()) {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else {
            continue;
        };
        // The second field is a name in parentheses that may itself hold spaces and parentheses.
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(pid);
        }
    }
    let (mut found, mut next) = (Vec::new(), vec![root]);
    while let Some(pid) = next.pop() {
        if let Some(below) = children.remove(&pid) {
            found.extend(&below);
            next.extend(below);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn output_and_status_come_back() {
        let captured = capture(
            shell("echo out; echo err >&2; exit 3"),
            Duration::from_secs(20),
            100,
        )
        .await
        .unwrap();
        assert_eq!(captured.out, b"out\n");
        assert_eq!(captured.err, "err");
        assert!(matches!(captured.end, End::Exited(status) if status.code() == Some(3)));
    }

    #[tokio::test]
    async fn more_output_than_asked_for_is_cut() {
        let captured = capture(shell("printf 0123456789"), Duration::from_secs(20), 4)
            .await
            .unwrap();
        assert_eq!(
            (captured.out.as_slice(), captured.cut),
            (b"0123".as_slice(), true)
        );
    }

    #[tokio::test]
    async fn a_hanging_program_is_killed_with_its_children() {
        let dir = tempfile::tempdir().unwrap();
        let note = dir.path().join("pid");
        let script = format!("setsid sleep 1000 & echo $! > {}; sleep 1000", note.display());
        let end = stream(shell(&script), Duration::from_millis(600), &mut |_, _| {})
            .await
            .unwrap();
        assert_eq!(end, End::TimedOut);
        let pid = Pid::from_raw(std::fs::read_to_string(note).unwrap().trim().parse().unwrap());
        // Killed, though possibly not reaped yet by whoever inherited it.
        let gone = || {
            std::fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| {
                stat.rsplit_once(')')
                    .is_some_and(|(_, rest)| rest.trim().starts_with('Z'))
            })
        };
        for _ in 0..200 {
            if gone() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("process {pid} outlived its group");
    }
}
