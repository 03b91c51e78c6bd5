//! The baseline's process, seen from the load.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result};

/// The running baseline, killed when dropped.
pub(crate) struct Relay {
    child: Child,
    address: String,
    socket: PathBuf,
}

/// Where runner doubles dial, below the baseline's directory.
pub(super) const SOCKET: &str = "bare.sock";

impl Relay {
    /// `buffer`: bytes that each of its sockets reads at a time.
    pub(crate) fn start(place: &Path, threads: usize, buffer: usize) -> Result<Self> {
        std::fs::create_dir_all(place)?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bare", "--place"])
            .arg(place)
            .args(["--threads", &threads.to_string(), "--buffer", &buffer.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the baseline")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        Ok(Self {
            child,
            address: line.trim().to_owned(),
            socket: place.join(SOCKET),
        })
    }

    /// Where clients connect.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
