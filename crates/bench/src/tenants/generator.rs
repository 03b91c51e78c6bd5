//! The flood's process, as the one who measures sees it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context as _, Result};
use protocol::runner::RunnerStart;
use serde::{Deserialize, Serialize};

use super::Report;

/// How much it gives way to others.
const NICE: &str = "10";

/// What a flood is directed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Target {
    /// A listener that refuses everything.
    Bare,
    Server,
}

/// What the generator has to know.
#[derive(Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) bare: String,
    pub(super) server: String,
    /// Of the loud organisation.
    pub(super) key: String,
    /// Its sessions: those that are given prompts and listed.
    pub(super) sessions: Vec<String>,
    /// Where its runners dial, and as whom; their sessions are followed by its sockets.
    pub(super) relay: PathBuf,
    pub(super) starts: Vec<RunnerStart>,
    pub(super) per_s: u32,
    pub(super) sockets: usize,
}

/// One running generator, killed when dropped.
pub(super) struct Generator {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Generator {
    pub(super) fn start() -> Result<Self> {
        let this = std::env::current_exe()?;
        let spawn = |command: &mut Command| {
            command
                .arg("flood")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
        };
        let nice = spawn(Command::new("nice").args(["-n", NICE]).arg(&this));
        let mut child = match nice {
            Ok(child) => child,
            // Without that program it competes as an equal, which is worse for the quiet one.
            Err(_) => spawn(&mut Command::new(&this)).context("starting the generator")?,
        };
        let input = child.stdin.take().context("no input")?;
        let output = BufReader::new(child.stdout.take().context("no output")?);
        Ok(Self { child, input, output })
    }

    /// `nice` becomes the program that it runs, so this is the generator's own.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it what there is, and waits until its runners are connected.
    pub(super) async fn plan(&mut self, plan: &Plan) -> Result<()> {
        self.say(&serde_json::to_string(plan)?)?;
        self.answer().await.map(drop)
    }

    pub(super) fn go(&mut self, target: Target) -> Result<()> {
        self.say(&serde_json::to_string(&target)?)
    }

    /// Ends the flood and takes its report.
    pub(super) async fn stop(&mut self) -> Result<Report> {
        self.say("stop")?;
        Ok(serde_json::from_str(&self.answer().await?)?)
    }

    fn say(&mut self, line: &str) -> Result<()> {
        writeln!(self.input, "{line}").context("the generator is gone")?;
        self.input.flush()?;
        Ok(())
    }

    /// A line of its; read on this thread's time, which nothing else needs meanwhile.
    async fn answer(&mut self) -> Result<String> {
        tokio::task::block_in_place(|| {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                anyhow::bail!("the generator ended; it says above why");
            }
            Ok(line)
        })
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
