//! A server of its own for each pass, with a directory that is made anew, and rates that generated requests do not reach.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{process, repository};

/// Of the one who asks, as `coordinator bootstrap` prints it.
#[derive(Debug, Deserialize)]
pub(super) struct Owner {
    pub(super) api_key: String,
    pub(super) sign_in_link: String,
}

pub(super) struct Server {
    child: Child,
    address: String,
    data: PathBuf,
    log: PathBuf,
}

impl Server {
    /// Starts it, and comes back when it takes connections.
    pub(super) fn start(root: &Path, directory: &Path) -> Result<Self> {
        let program = repository::release(root).join("coordinator");
        if !program.is_file() {
            bail!("{} is not there: cargo xtask build", program.display());
        }
        // Only what was made here is thrown away.
        if directory.exists() {
            fs::remove_dir_all(directory)?;
        }
        fs::create_dir_all(directory)?;
        let (data, log) = (directory.join("data"), directory.join("server.log"));
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let out = File::create(&log)?;
        let child = Command::new(&program)
            .args(["serve", "--listen", &address, "--data-dir"])
            .arg(&data)
            .envs([
                ("COORDINATOR_RATE_PER_S", "100000"),
                ("COORDINATOR_RATE_BURST", "1000000"),
                ("COORDINATOR_QUOTA_SANDBOXES", "2"),
            ])
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("can't start {}", program.display()))?;
        let mut server = Self {
            child,
            address,
            data,
            log,
        };
        for _ in 0..600 {
            if TcpStream::connect(&server.address).is_ok() {
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                break;
            }
            a_moment();
        }
        bail!("the server does not come up: {}", server.log()?)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The owner of an organisation that is there for this pass alone.
    pub(super) fn owner(&self, root: &Path) -> Result<Owner> {
        let bootstrap = || {
            process::capture(
                Command::new(repository::release(root).join("coordinator"))
                    .args(["bootstrap", "--sign-in-link", "--email", "owner@example.org"])
                    .args(["--org", "thrown-away", "--data-dir"])
                    .arg(&self.data),
            )
        };
        // It takes connections a little before it takes orders.
        let mut printed = bootstrap();
        for _ in 0..100 {
            if printed.is_ok() {
                break;
            }
            a_moment();
            printed = bootstrap();
        }
        serde_json::from_str(printed?.trim()).context("what bootstrap printed")
    }

    /// What it said so far.
    pub(super) fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(&self.log)?)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process comes up, and tells nobody when"
)]
fn a_moment() {
    thread::sleep(Duration::from_millis(50));
}

impl Drop for Server {
    fn drop(&mut self) {
        // What it kept is thrown away with the next pass; there is nothing to end in order.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
