//! Where the server lives: data directory, its key, its port, and whether one runs there now.

use std::{net::TcpListener, os::unix::fs::MetadataExt as _, path::Path};

use super::finding::Finding;
use crate::{
    config::Config,
    serve::{self, AdminReply, AdminRequest, AdminStatus, RunsStatus},
};

/// Whether a server runs on the data directory.
pub(super) struct Server {
    pub(super) finding: Finding,
    status: Option<AdminStatus>,
    held: bool,
}

impl Server {
    pub(super) fn is_running(&self) -> bool {
        self.held
    }

    /// How far behind its run history is, as it says itself.
    pub(super) fn runs(&self) -> Option<&RunsStatus> {
        self.status.as_ref()?.runs.as_ref()
    }
}

pub(super) async fn server(config: &Config) -> Server {
    let held = serve::held_by(&config.storage.data_dir);
    let Some(pid) = held else {
        return Server {
            finding: Finding::ok("server", "no server runs on this data directory"),
            status: None,
            held: false,
        };
    };
    match serve::ask(&config.storage.data_dir, &AdminRequest::Status).await {
        Ok(Some(AdminReply::Status(status))) => {
            let detail = format!(
                "version {} runs at {} (pid {}), {} sessions in memory",
                status.version, status.url, status.pid, status.sessions_in_memory
            );
            let finding = if status.version == env!("CARGO_PKG_VERSION") {
                Finding::ok("server", detail)
            } else {
                Finding::warn(
                    "server",
                    format!("{detail}; this program is {}", env!("CARGO_PKG_VERSION")),
                    "restart the server to bring both to one version",
                )
            };
            Server {
                finding,
                status: Some(status),
                held: true,
            }
        }
        _ => Server {
            finding: Finding::fail(
                "server",
                format!(
                    "a server (pid {pid}) holds the data directory, but does not answer on its admin socket"
                ),
                "wait until it has started, or look at its log; stop it if it hangs",
            ),
            status: None,
            held: true,
        },
    }
}

pub(super) fn data_directory(config: &Config) -> Vec<Finding> {
    let path = &config.storage.data_dir;
    let shown = path.display();
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return vec![missing(path)],
        Err(error) => {
            return vec![Finding::fail(
                "data_directory",
                format!("{shown}: {error}"),
                "run as the user of the server, or give another --data-dir",
            )];
        }
    };
    if !metadata.is_dir() {
        return vec![Finding::fail(
            "data_directory",
            format!("{shown} is not a directory"),
            "give another --data-dir",
        )];
    }
    let own = nix::unistd::geteuid();
    if metadata.uid() != own.as_raw() {
        return vec![Finding::fail(
            "data_directory",
            format!("{shown} belongs to user {}, this is user {own}", metadata.uid()),
            "run as its owner, or chown it",
        )];
    }
    if metadata.mode() & 0o077 != 0 {
        return vec![Finding::warn(
            "data_directory",
            format!(
                "{shown} can be entered by others (mode {:o})",
                metadata.mode() & 0o777
            ),
            "chmod 700; the server does so at its next start",
        )];
    }
    vec![Finding::ok("data_directory", format!("{shown}, private"))]
}

fn missing(path: &Path) -> Finding {
    let Some(existing) = path.ancestors().find(|ancestor| ancestor.exists()) else {
        return Finding::fail(
            "data_directory",
            format!("{} does not exist", path.display()),
            "give another --data-dir",
        );
    };
    let writable = nix::unistd::access(
        existing,
        nix::unistd::AccessFlags::W_OK | nix::unistd::AccessFlags::X_OK,
    )
    .is_ok();
    if writable {
        Finding::ok(
            "data_directory",
            format!("{} is not there yet; the server makes it", path.display()),
        )
    } else {
        Finding::fail(
            "data_directory",
            format!(
                "{} does not exist and cannot be made in {}",
                path.display(),
                existing.display()
            ),
            "make it and give it to this user, or give another --data-dir",
        )
    }
}

pub(super) fn master_key(config: &Config) -> Finding {
    match serve::check_master_key(config) {
        Ok(detail) => Finding::ok("master_key", detail),
        Err(error) => Finding::fail(
            "master_key",
            format!("{error:#}"),
            "put the right key back: without it the sealed secrets of this data directory stay closed",
        ),
    }
}

pub(super) fn port(config: &Config, server: &Server) -> Finding {
    let listen = config.server.listen;
    if let Some(status) = &server.status
        && status.url.ends_with(&format!(":{}", listen.port()))
    {
        return Finding::ok("port", format!("{listen} is held by this server"));
    }
    match TcpListener::bind(listen) {
        Ok(_) => Finding::ok("port", format!("{listen} is free")),
        Err(error) if server.held => Finding::warn(
            "port",
            format!("{listen}: {error}; the running server may hold it"),
            "",
        ),
        Err(error) => Finding::fail(
            "port",
            format!("{listen}: {error}"),
            "stop what listens there, or give another --listen",
        ),
    }
}
