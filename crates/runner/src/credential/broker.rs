//! The runner's end of the credential socket: answers for the session's own git host and for nothing else.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use protocol::runner::GitCredential;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    task::JoinHandle,
    time::timeout,
};

use super::format::{Ask, LONGEST, is_one_line};
use crate::{repository::Remote, uplink::Uplink};

const ANSWER_LIMIT: Duration = Duration::from_secs(15);
const READ_LIMIT: Duration = Duration::from_secs(5);
/// Requests at once; any process inside may open the socket.
const AT_ONCE: usize = 8;

/// Whose credentials may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// As git inside sees the repository.
    pub inside: Remote,
    /// As the server knows it; differs when the host is mapped.
    pub outside: Remote,
}

impl Scope {
    /// The protocol and host to ask the server for, if git's request is within the scope.
    fn translate(&self, ask: &Ask) -> Option<(&str, &str)> {
        let host = ask.host.to_ascii_lowercase();
        let known = [&self.inside, &self.outside]
            .into_iter()
            .any(|remote| remote.host() == host);
        // Plain HTTP only where the session's own repository is reached that way.
        let protocol = match ask.protocol.as_str() {
            "https" => true,
            "http" => [&self.inside, &self.outside]
                .into_iter()
                .any(|remote| remote.host() == host && remote.scheme() == "http"),
            _ => false,
        };
        (known && protocol).then(|| (self.outside.scheme(), self.outside.host()))
    }
}

/// The listening socket; removed when dropped.
#[derive(Debug)]
pub struct Broker {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Broker {
    /// Listens in `dir`, which only this user may enter.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn start(dir: &Path, uplink: Uplink, scope: Option<Scope>) -> io::Result<Self> {
        if !dir.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        }
        let path = dir.join("git-credential.sock");
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let task = tokio::spawn(serve(listener, uplink, scope.map(Arc::new)));
        Ok(Self { path, task })
    }

    /// Git settings that make git ask here, and only here.
    #[must_use]
    pub fn git_config(&self, program: &Path) -> Vec<(String, String)> {
        let helper = format!(
            "!{} git-credential --socket {}",
            quoted(&program.to_string_lossy()),
            quoted(&self.path.to_string_lossy())
        );
        // The empty value forgets every helper that was configured before.
        vec![
            ("credential.helper".into(), String::new()),
            ("credential.helper".into(), helper),
        ]
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.task.abort();
        let _ = fs::remove_file(&self.path);
    }
}

/// A word for the shell that git runs helpers in.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

async fn serve(listener: UnixListener, uplink: Uplink, scope: Option<Arc<Scope>>) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (uplink, scope) = (uplink.clone(), scope.clone());
        tokio::spawn(async move {
            let _slot = slot;
            if let Err(error) = answer(stream, &uplink, scope.as_deref()).await {
                tracing::debug!(%error, "a credential request broke off");
            }
        });
    }
}

async fn answer(mut stream: UnixStream, uplink: &Uplink, scope: Option<&Scope>) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    timeout(
        READ_LIMIT,
        BufReader::new(reader.take(LONGEST)).read_line(&mut line),
    )
    .await??;
    let ask: Ask = serde_json::from_str(&line)?;
    let credential: Option<GitCredential> = match scope.and_then(|scope| scope.translate(&ask)) {
        Some((protocol, host)) => uplink.credential(protocol, host, ANSWER_LIMIT).await,
        None => None,
    };
    let credential = credential.filter(|found| is_one_line(&found.username) && is_one_line(&found.password));
    let mut reply = serde_json::to_vec(&credential)?;
    reply.push(b'\n');
    writer.write_all(&reply).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(inside: &str, outside: &str) -> Scope {
        Scope {
            inside: Remote::parse(inside).unwrap(),
            outside: Remote::parse(outside).unwrap(),
        }
    }

    fn ask(protocol: &str, host: &str) -> Ask {
        Ask {
            protocol: protocol.into(),
            host: host.into(),
        }
    }

    #[test]
    fn only_the_exact_host_is_answered_for() {
        let scope = scope("https://git.example/a", "https://git.example/a");
        assert_eq!(
            scope.translate(&ask("https", "GIT.example")),
            Some(("https", "git.example"))
        );
        for (protocol, host) in [
            ("http", "git.example"),
            ("https", "git.example:444"),
            ("https", "sub.git.example"),
            ("https", "git.example.evil"),
            ("ssh", "git.example"),
            ("https", ""),
        ] {
            assert_eq!(scope.translate(&ask(protocol, host)), None, "{protocol} {host}");
        }
    }

    #[test]
    fn a_mapped_host_is_translated() {
        let scope = scope("http://mapped.internal:8080/a", "http://127.0.0.1:8080/a");
        assert_eq!(
            scope.translate(&ask("http", "mapped.internal:8080")),
            Some(("http", "127.0.0.1:8080"))
        );
    }

    #[test]
    fn shell_words_are_quoted() {
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }
}
