//! A PostgreSQL for tests: a cluster of its own from the programs that are installed, on a free port of the loopback,
//! in a directory of its own, with `fsync` on; gone afterwards, also when the test process is killed. Or the one that
//! `COORDINATOR_TEST_DATABASE_URL` names, where a test does not need to stop it.

use std::{
    net::SocketAddr,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use tokio::{
    io::AsyncWriteExt as _,
    net::TcpSocket,
    process::{Child, Command},
};

/// Names a server to use instead of starting one.
pub const VARIABLE: &str = "COORDINATOR_TEST_DATABASE_URL";
const USER: &str = "coordinator";
/// In the URL, so that tests see where it turns up.
pub const PASSWORD: &str = "pg-pass-4711";

/// Ends the server when its input ends: the test has said so, or is no more.
const KEEPER: &str = r#"
    "$@" </dev/null >>log 2>&1 &
    pid=$!
    read -r signal
    kill -"${signal:-QUIT}" $pid
    wait $pid
    [ -n "$signal" ] || rm -rf "$PWD"
"#;

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Connections are cut, what was committed is written.
    Fast,
    /// As after a crash.
    Immediate,
}

/// A server, and the way to empty databases on it.
#[derive(Debug)]
pub struct Postgres {
    own: Option<Cluster>,
    /// Address of a database that is there already.
    base: String,
    made: AtomicU32,
}

#[derive(Debug)]
struct Cluster {
    place: PathBuf,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    /// Holds the port while the server is down.
    port: TcpSocket,
    address: SocketAddr,
    keeper: Option<Child>,
}

impl Postgres {
    /// Starts a server that a test may stop.
    ///
    /// # Panics
    /// When the programs are missing or do not work.
    pub async fn start() -> Self {
        let mut cluster = Cluster::make().await;
        cluster.run().await;
        Self {
            base: format!("postgres://{USER}:{PASSWORD}@{}/postgres", cluster.address),
            own: Some(cluster),
            made: AtomicU32::new(0),
        }
    }

    /// The server of [`VARIABLE`] where that is set, else one that is started.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn given_or_started() -> Self {
        match std::env::var(VARIABLE) {
            Ok(base) if !base.is_empty() => Self {
                own: None,
                base,
                made: AtomicU32::new(0),
            },
            _ => Self::start().await,
        }
    }

    /// Makes an empty database and answers its address.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn database(&self) -> String {
        let name = self.database_name(self.made.fetch_add(1, Ordering::SeqCst));
        self.sql(&self.base, &format!("CREATE DATABASE {name}")).await;
        with_database(&self.base, &name)
    }

    fn database_name(&self, n: u32) -> String {
        format!("coordinator_test_{}_{n}", std::process::id())
    }

    /// Runs a statement; answers its rows, columns parted by `|`.
    ///
    /// # Panics
    /// When it fails.
    pub async fn sql(&self, address: &str, sql: &str) -> String {
        let programs = self
            .own
            .as_ref()
            .map_or_else(programs, |own| own.programs.clone());
        let output = Command::new(programs.join("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, address])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await;
        let output = output.unwrap_or_else(|error| panic!("psql: {error}"));
        assert!(
            output.status.success(),
            "{sql}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Stops it; databases stay for [`Self::run`].
    ///
    /// # Panics
    /// When it was not started here, or does not stop.
    pub async fn stop(&mut self, how: Stop) {
        let Some(own) = &mut self.own else {
            panic!("a server that others may use is not stopped")
        };
        own.stop(how).await;
    }

    /// Starts it again, at the same address.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn run(&mut self) {
        let Some(own) = &mut self.own else { return };
        own.run().await;
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.own.is_some() {
            // Its keeper sees the end of its input and clears up.
            return;
        }
        for n in 0..self.made.load(Ordering::SeqCst) {
            let name = self.database_name(n);
            let _ = std::process::Command::new(programs().join("psql"))
                .args(["-XAtq", "-c"])
                .arg(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .arg(&self.base)
                .stdin(Stdio::null())
                .status();
        }
    }
}

impl Cluster {
    async fn make() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let programs = programs();
        let name = format!(
            "coordinator-pg-{}-{}",
            std::process::id(),
            MADE.fetch_add(1, Ordering::SeqCst)
        );
        let place = std::env::temp_dir().join(name);
        let user = other_user();
        let made = std::fs::create_dir(&place)
            .and_then(|()| std::fs::set_permissions(&place, PermissionsExt::from_mode(0o700)))
            .and_then(|()| std::fs::write(place.join("password"), PASSWORD))
            .and_then(|()| match user {
                Some((uid, gid)) => chown(place.join("password"), Some(uid), Some(gid))
                    .and_then(|()| chown(&place, Some(uid), Some(gid))),
                None => Ok(()),
            });
        made.unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        let port = TcpSocket::new_v4().and_then(|socket| {
            socket.set_reuseaddr(true)?;
            socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            Ok(socket)
        });
        let port = port.unwrap_or_else(|error| panic!("no port: {error}"));
        let address = port
            .local_addr()
            .unwrap_or_else(|error| panic!("no port: {error}"));
        let cluster = Self {
            place,
            programs,
            user,
            port,
            address,
            keeper: None,
        };
        let output = cluster
            .command("initdb")
            .args([
                "-D",
                "data",
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
            ])
            .args(["--pwfile", "password"])
            .output()
            .await;
        let output = output.unwrap_or_else(|error| panic!("initdb: {error}"));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        cluster
    }

    fn command(&self, program: &str) -> Command {
        let path = if program == "sh" {
            PathBuf::from("/bin/sh")
        } else {
            self.programs.join(program)
        };
        let mut command = Command::new(path);
        // Nothing of the test's environment is for it, addresses of other servers least of all.
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C");
        command.current_dir(&self.place).stdin(Stdio::null());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    async fn run(&mut self) {
        assert!(self.keeper.is_none(), "it runs already");
        let port = self.address.port().to_string();
        let mut command = self.command("sh");
        command
            .args(["-c", KEEPER, "sh"])
            .arg(self.programs.join("postgres"));
        command.args(["-D", "data", "-k", ".", "-h", "127.0.0.1", "-p", &port]);
        command.args([
            "-c",
            "fsync=on",
            "-c",
            "max_connections=40",
            "-c",
            "shared_buffers=16MB",
        ]);
        // Of its own group: who ends a test ends its whole group, and nobody would be left to clear up.
        command.process_group(0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let keeper = command
            .spawn()
            .unwrap_or_else(|error| panic!("PostgreSQL: {error}"));
        self.keeper = Some(keeper);
        // A minute, for a machine that has much else to do.
        for _ in 0..600 {
            let ready = self
                .command("pg_isready")
                .args(["-q", "-h", "127.0.0.1", "-p", &port])
                .status()
                .await;
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(self.place.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not answer:\n{log}");
    }

    async fn stop(&mut self, how: Stop) {
        let Some(mut keeper) = self.keeper.take() else {
            return;
        };
        let signal: &[u8] = match how {
            Stop::Fast => b"INT\n",
            Stop::Immediate => b"QUIT\n",
        };
        if let Some(mut input) = keeper.stdin.take() {
            let _ = input.write_all(signal).await;
            // Open until it has read that: at the end of its input it clears up.
            let _ = keeper.wait().await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _held_until_now = &self.port;
        if self.keeper.is_none() {
            let _ = std::fs::remove_dir_all(&self.place);
        }
    }
}

/// PostgreSQL refuses to run as root.
fn other_user() -> Option<(u32, u32)> {
    let uid = std::fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me));
    if uid.ok() != Some(0) {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}

/// Where the programs are: the newest of Debian's, else what PATH has.
///
/// # Panics
/// When there are none: a test that is skipped proves nothing.
fn programs() -> PathBuf {
    let has = |directory: &Path| directory.join("initdb").exists() && directory.join("psql").exists();
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, directory)| has(directory))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest = found.pop().map(|(_, directory)| directory);
    newest
        .or_else(|| std::env::split_paths(&path).find(|directory| has(directory)))
        .unwrap_or_else(|| {
            panic!(
                "there is no PostgreSQL: apt-get install -y --no-install-recommends postgresql, or name a server in {VARIABLE}"
            )
        })
}

/// The same address with another database.
fn with_database(address: &str, name: &str) -> String {
    let (start, options) = address
        .split_once('?')
        .map_or((address, None), |(start, options)| (start, Some(options)));
    let host = start.find("://").map_or(0, |at| at + 3);
    let end = start[host..].find('/').map_or(start.len(), |at| host + at);
    let options = options.map_or(String::new(), |options| format!("?{options}"));
    format!("{}/{name}{options}", &start[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_at_the_same_address() {
        for (address, expected) in [
            ("postgres://u:p@h:1/a", "postgres://u:p@h:1/x"),
            ("postgres://h", "postgres://h/x"),
            ("postgres://h/a?sslmode=require", "postgres://h/x?sslmode=require"),
        ] {
            assert_eq!(with_database(address, "x"), expected);
        }
    }
}
