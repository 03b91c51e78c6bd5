//! Starts real jails for tests: as root and as an ordinary user where the test runs as root, else as whoever runs it.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
#![expect(dead_code, reason = "each test binary uses its part")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use protocol::{
    SandboxId, SessionId,
    keeper::{
        EndCause, JailSpec, KeeperReply, KeeperReport, KeeperRequest, KeeperSpec, Limits, NetworkMode,
        OneshotReport, OneshotSpec,
    },
};
use tempfile::TempDir;

/// An ordinary user for tests that run as root.
const ORDINARY: u32 = 65_533;
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Who starts the jail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    Root,
    Ordinary,
    Myself,
}

/// Everyone this machine lets us be.
pub(crate) fn everyone() -> Vec<As> {
    if nix::unistd::geteuid().is_root() {
        vec![As::Root, As::Ordinary]
    } else {
        vec![As::Myself]
    }
}

/// Directories, ids and the program for one test.
pub(crate) struct Bench {
    pub(crate) base: TempDir,
    pub(crate) who: As,
    pub(crate) sandbox: SandboxId,
    pub(crate) session: SessionId,
    pub(crate) uid: u32,
    program: PathBuf,
}

impl Bench {
    pub(crate) fn new(who: As) -> Self {
        let base = tempfile::Builder::new().prefix("jail-test").tempdir().unwrap();
        let program = base.path().join("jail");
        fs::copy(example(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let unique = std::process::id().wrapping_mul(16) + NEXT.fetch_add(1, Ordering::Relaxed);
        let bench = Self {
            sandbox: SandboxId::new(i64::from(unique), u128::from(unique)),
            session: SessionId::new(1, u128::from(unique)),
            uid: 1_000_000 + unique % 1_000_000,
            base,
            who,
            program,
        };
        for name in ["workspace", "home", "state"] {
            fs::create_dir(bench.path(name)).unwrap();
            fs::set_permissions(bench.path(name), fs::Permissions::from_mode(0o700)).unwrap();
        }
        if who == As::Ordinary {
            for path in ["", "workspace", "home", "state"] {
                chown(bench.path(path), Some(ORDINARY), Some(ORDINARY)).unwrap();
            }
        }
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.base.path().join(name)
    }

    /// Host user of what runs inside.
    pub(crate) fn host_uid(&self) -> u32 {
        match self.who {
            As::Root => self.uid,
            As::Ordinary => ORDINARY,
            As::Myself => nix::unistd::geteuid().as_raw(),
        }
    }

    fn command(&self, word: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(word)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.who == As::Ordinary {
            command.uid(ORDINARY).gid(ORDINARY);
        }
        command
    }

    pub(crate) fn jail(&self, script: &str) -> JailSpec {
        JailSpec {
            argv: ["/bin/bash", "-c", script].map(str::to_owned).into(),
            env: BTreeMap::from([
                ("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned()),
                ("HOME".to_owned(), "/home/agent".to_owned()),
            ]),
            cwd: "/workspace".into(),
            host_uid: self.uid,
            workspace: self.path("workspace"),
            workspace_read_only: false,
            home: Some(self.path("home")),
            read_only: Vec::new(),
            limits: Limits {
                memory_bytes: 256 << 20,
                pids: 64,
                cpu_milli: 2000,
                disk_bytes: 64 << 20,
                tmp_bytes: 16 << 20,
            },
            network: NetworkMode::None,
        }
    }

    /// Runs a one-shot sandbox; answers what it printed and how it went.
    pub(crate) fn oneshot(
        &self,
        jail: JailSpec,
        change: impl FnOnce(&mut OneshotSpec),
    ) -> (String, OneshotReport) {
        let mut spec = OneshotSpec {
            sandbox_id: self.sandbox,
            session_id: self.session,
            generation: 1,
            server_socket: self.path("server.sock"),
            state_dir: self.path("state"),
            jail,
            stdin: "said on standard input".into(),
            timeout_ms: 60_000,
            max_output_bytes: 1 << 20,
        };
        change(&mut spec);
        let mut child = self.command("oneshot").spawn().unwrap();
        let mut lifeline = child.stdin.take().unwrap();
        lifeline.write_all(&serde_json::to_vec(&spec).unwrap()).unwrap();
        lifeline.write_all(b"\n").unwrap();
        let output = child.wait_with_output().unwrap();
        drop(lifeline);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = stderr.lines().last().unwrap_or_default();
        let report = serde_json::from_str(report).unwrap_or_else(|error| panic!("{error}: {stderr}"));
        (String::from_utf8_lossy(&output.stdout).into_owned(), report)
    }

    pub(crate) fn keeper_spec(&self, jail: JailSpec) -> KeeperSpec {
        KeeperSpec {
            sandbox_id: self.sandbox,
            session_id: self.session,
            generation: 7,
            state_dir: self.path("state"),
            control_socket: self.path("state").join("control.sock"),
            server_socket: self.path("server.sock"),
            jail,
            abandon_after_s: 600,
            stdin: "said on standard input".into(),
        }
    }

    /// Starts a keeper from a process of its own, which is then killed hard, as a server may be.
    pub(crate) fn keeper(&self, spec: &KeeperSpec) -> KeeperReport {
        let mut server = Command::new("/bin/sh");
        server
            .args(["-c", "\"$0\" keeper; exec sleep 1000"])
            .arg(&self.program)
            .process_group(0);
        server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if self.who == As::Ordinary {
            server.uid(ORDINARY).gid(ORDINARY);
        }
        let mut server = server.spawn().unwrap();
        server
            .stdin
            .take()
            .unwrap()
            .write_all(&serde_json::to_vec(spec).unwrap())
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let group = nix::unistd::Pid::from_raw(i32::try_from(server.id()).unwrap());
        nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL).unwrap();
        server.wait().unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    pub(crate) fn ask(&self, request: &KeeperRequest) -> KeeperReply {
        let mut stream = UnixStream::connect(self.path("state").join("control.sock")).unwrap();
        let mut line = serde_json::to_vec(request).unwrap();
        line.push(b'\n');
        stream.write_all(&line).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        serde_json::from_str(&reply).unwrap()
    }

    pub(crate) fn stop(&self) {
        assert!(matches!(
            self.ask(&KeeperRequest::Stop { grace_ms: 0 }),
            KeeperReply::Stopped
        ));
    }

    /// Removes what a killed keeper left; true when nothing is left.
    pub(crate) fn sweep(&self) -> bool {
        let mut command = self.command("sweep");
        command
            .arg(self.path("state"))
            .stdin(Stdio::null())
            .status()
            .unwrap()
            .success()
    }

    /// How it ended, once it has.
    pub(crate) fn end(&self) -> EndCause {
        let path = self.path("state").join("ended.json");
        eventually("the end is written down", || path.exists());
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    /// Nothing of the sandbox runs and nothing is left where groups are.
    pub(crate) fn assert_nothing_left(&self, token: &str) {
        let left = processes(token);
        assert!(left.is_empty(), "still running: {left:?}");
        let name = self.sandbox.to_string();
        for hierarchy in fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten() {
            for group in fs::read_dir(hierarchy.path().join("agent-coordinator"))
                .into_iter()
                .flatten()
                .flatten()
            {
                let left = group.file_name().into_string().unwrap_or_default();
                assert!(!left.starts_with(&name), "left behind: {left}");
            }
        }
        for name in ["control.sock", "keeper.json", "groups.json"] {
            // The end is written down before the rest is cleared away.
            eventually(&format!("{name} is cleared away"), || {
                !self.path("state").join(name).exists()
            });
        }
    }
}

/// Command lines of processes of this machine that contain `token`, but for jail helpers that run this test.
pub(crate) fn processes(token: &str) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        if name == own || !name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(token) {
            found.push(format!("{name} {line}"));
        }
    }
    found
}

/// Looks again and again, but not for ever.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let (_sender, pause) = mpsc::channel::<()>();
    for _ in 0..6_000 {
        if holds() {
            return;
        }
        let _ = pause.recv_timeout(Duration::from_millis(20));
    }
    panic!("did not come about: {what}");
}

/// The program under test, built with the tests.
fn example() -> PathBuf {
    let me = std::env::current_exe().unwrap();
    let profile = me.parent().and_then(Path::parent).unwrap();
    profile.join("examples/jail")
}
