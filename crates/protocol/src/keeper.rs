//! What the server and the keeper of a local sandbox say to each other.
//!
//! The server starts `coordinator-runner keeper` with a [`KeeperSpec`] as one JSON document on standard input.
//! The keeper answers one [`KeeperReport`] line on standard output, then detaches and lives on without the
//! server. Later the server reaches it at [`KeeperSpec::control_socket`] with one [`KeeperRequest`] line per
//! connection, answered by one [`KeeperReply`] line.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{SandboxId, SessionId, Timestamp};

/// Everything a keeper needs to start one sandbox. Contains the runner's one-time token: never logged.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeeperSpec {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
    /// Directory of this sandbox's own run-time files (record, sockets, log); mode 0700.
    pub state_dir: PathBuf,
    /// Unix socket the keeper listens on for the server; inside `state_dir`.
    pub control_socket: PathBuf,
    /// Unix socket of the server that takes relayed connections (see [`RelayPreamble`]).
    pub server_socket: PathBuf,
    pub jail: JailSpec,
    /// With no server connected for this long the keeper tears the sandbox down. Default 600.
    pub abandon_after_s: u64,
    /// Bytes handed to the program inside on its standard input, then end of file.
    pub stdin: String,
}

impl std::fmt::Debug for KeeperSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeeperSpec")
            .field("sandbox_id", &self.sandbox_id)
            .field("generation", &self.generation)
            .field("state_dir", &self.state_dir)
            .finish_non_exhaustive()
    }
}

/// The jail itself: what is visible, who runs, what is limited. Shared by long-lived sandboxes and one-shot probes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JailSpec {
    /// Program and arguments, as paths inside.
    pub argv: Vec<String>,
    /// The complete environment inside; nothing is inherited.
    pub env: BTreeMap<String, String>,
    /// Working directory inside.
    pub cwd: String,
    /// Host user and group id the sandbox runs as when started by root; ignored otherwise. Never 0.
    pub host_uid: u32,
    /// Host directory mounted at `/workspace`.
    pub workspace: PathBuf,
    pub workspace_read_only: bool,
    /// Host directory mounted at `/home/agent`; absent = an empty in-memory one.
    pub home: Option<PathBuf>,
    /// More host files or directories shown read-only inside: agents, the runner binary, toolchains, CA files.
    pub read_only: Vec<Bind>,
    pub limits: Limits,
    /// Offer the proxy (127.0.0.1:3128) and uplink (127.0.0.1:3129) listeners inside.
    pub network: NetworkMode,
}

/// One host path shown inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    pub host: PathBuf,
    pub inside: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkMode {
    /// Loopback only, nothing relayed.
    None,
    /// Loopback plus the proxy and uplink listeners.
    Relayed,
}

/// Port of the egress proxy on the sandbox's loopback.
pub const PROXY_PORT: u16 = 3128;
/// Port of the uplink (runner dial-back and model gateway) on the sandbox's loopback.
pub const UPLINK_PORT: u16 = 3129;

/// What a sandbox may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Total memory of all processes, bytes.
    pub memory_bytes: u64,
    /// Processes and threads.
    pub pids: u64,
    /// CPU, in thousandths of a core.
    pub cpu_milli: u64,
    /// Workspace and home together, bytes.
    pub disk_bytes: u64,
    /// In-memory `/tmp`, bytes.
    pub tmp_bytes: u64,
}

/// How a limit is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Enforcement {
    /// By the kernel: it cannot be passed.
    Hard,
    /// By a watchdog that measures and kills: it can be passed for a moment.
    Watched,
    /// Not held.
    None,
}

/// Which isolation and limits a sandbox got; shown by the session and by `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Isolation {
    /// `full` when every layer below is there, else `reduced`, or `none`.
    pub level: IsolationLevel,
    /// Namespaces entered, for example `user`, `pid`, `mount`, `ipc`, `uts`, `net`, `cgroup`.
    pub namespaces: Vec<String>,
    /// Landlock ABI in force, if any.
    pub landlock_abi: Option<u32>,
    pub seccomp: bool,
    /// Host user id of the processes inside.
    pub host_uid: u32,
    /// `cgroup2`, `cgroup1` or `rlimit`.
    pub limits_backend: String,
    pub limits: Limits,
    pub memory: Enforcement,
    pub pids: Enforcement,
    pub cpu: Enforcement,
    pub disk: Enforcement,
    /// What is missing and why, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum IsolationLevel {
    Full,
    Reduced,
    None,
}

/// The keeper's first and only line on standard output.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeeperReport {
    /// The program inside has been started.
    Started { record: Box<KeeperRecord> },
    /// Nothing was started and nothing is left behind.
    Failed { cause: String, retryable: bool },
}

/// What the keeper writes to `state_dir/keeper.json` (0600) so that a later server finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeeperRecord {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
    pub keeper_pid: i32,
    /// Start time of the keeper process in clock ticks since boot (`/proc/PID/stat` field 22): guards against pid reuse.
    pub keeper_start_ticks: u64,
    pub control_socket: PathBuf,
    pub isolation: Isolation,
    pub started_at: Timestamp,
}

/// First line on each connection the keeper relays to the server: which sandbox, which listener. Raw bytes follow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RelayPreamble {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
    pub channel: RelayChannel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayChannel {
    Proxy,
    Uplink,
    /// Held open by the keeper while it lives; tells the server that the sandbox is there, and the keeper that a
    /// server is there. The server writes nothing; the keeper writes one [`KeeperNotice`] line per occurrence.
    Presence,
}

/// Unasked news from a keeper, on its presence connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeeperNotice {
    /// The program inside ended, or was ended.
    Ended { cause: EndCause },
}

/// Why a sandbox ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EndCause {
    Exited {
        code: Option<i32>,
        signal: Option<i32>,
        stderr_tail: String,
    },
    Limit {
        which: String,
        limit: u64,
        seen: u64,
    },
    Stopped,
    Abandoned,
}

/// A request to a keeper.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeeperRequest {
    Status,
    /// TERM to the program inside, KILL to everything after `grace_ms`; answered when nothing runs any more.
    Stop {
        grace_ms: u64,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeeperReply {
    Running { record: Box<KeeperRecord>, usage: Usage },
    Stopped,
    Error { cause: String },
}

/// What a sandbox uses now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub memory_bytes: u64,
    pub pids: u64,
    pub disk_bytes: u64,
}

/// One question to a throw-away sandbox: the first line on standard input of `coordinator-runner oneshot`. The
/// server then keeps that stream open; when it closes, the sandbox is ended. What the program inside prints
/// comes out raw on standard output; the last line on standard error is a [`OneshotReport`].
#[derive(Clone, Serialize, Deserialize)]
pub struct OneshotSpec {
    pub sandbox_id: SandboxId,
    pub session_id: SessionId,
    pub generation: u64,
    /// As in [`KeeperSpec::server_socket`]; needed for a relayed network.
    pub server_socket: PathBuf,
    /// Where to note what was made on the host, for sweeping; removed at the end.
    pub state_dir: PathBuf,
    pub jail: JailSpec,
    /// Bytes handed to the program inside on its standard input, then end of file. May hold a token.
    pub stdin: String,
    pub timeout_ms: u64,
    pub max_output_bytes: u64,
}

impl std::fmt::Debug for OneshotSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneshotSpec")
            .field("sandbox_id", &self.sandbox_id)
            .finish_non_exhaustive()
    }
}

/// How a one-shot sandbox went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneshotReport {
    pub outcome: OneshotOutcome,
    /// The end of what the program inside wrote to standard error.
    pub stderr_tail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OneshotOutcome {
    Exited {
        code: Option<i32>,
        signal: Option<i32>,
    },
    TimedOut,
    /// It printed more than was allowed; what came out is cut.
    OutputTooLarge,
    Limit {
        which: String,
        limit: u64,
        seen: u64,
    },
    /// The server closed the stream.
    Cancelled,
    NotStarted {
        cause: String,
        retryable: bool,
    },
}
