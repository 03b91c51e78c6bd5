//! The local provider with real sandboxes: as root and as an ordinary user where the tests run as root.
//!
//! A small script stands in for the runner: outside it is the jail's own processes, inside it does what a test
//! needs.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use futures::StreamExt;
use ports::sandbox::{
    ArchiveSource, ProbeSpec, ProbeWorkspace, RestoreSpec, SandboxError, SandboxProvider, SandboxSpec,
    SandboxState, SessionFiles,
};
use protocol::{
    SandboxId, SessionId,
    keeper::{EndCause, IsolationLevel, KeeperNotice, Limits, RelayChannel},
    probe::ProbeRequest,
    runner::RunnerStart,
};
use sandboxes::{LocalProvider, LocalSettings, RelayServer, relay};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ORDINARY: u32 = 65_532;
const AGAIN: &str = "SANDBOXES_TEST_BASE";

/// Runs the test, and as root once more as an ordinary user, in a process of its own.
fn everyone(name: &str, test: impl AsyncFnOnce(Bench)) {
    let own = tempfile::tempdir().unwrap();
    let again = std::env::var(AGAIN).ok();
    let base = again.as_ref().map_or(own.path(), Path::new);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test(Bench::new(base)));
    if again.is_none() && nix::unistd::geteuid().is_root() {
        again_as_ordinary(name);
    }
}

fn again_as_ordinary(name: &str) {
    let base = tempfile::tempdir().unwrap();
    let binary = base.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    fs::copy(jail(), base.path().join("jail")).unwrap();
    std::os::unix::fs::chown(base.path(), Some(ORDINARY), Some(ORDINARY)).unwrap();
    let output = Command::new(&binary)
        .args(["--exact", name, "--nocapture"])
        .env(AGAIN, base.path())
        .uid(ORDINARY)
        .gid(ORDINARY)
        .output()
        .unwrap();
    let text =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "as an ordinary user: {text}");
    assert!(text.contains("1 passed"), "{text}");
}

/// The jail's processes, built on demand: they are another room's.
fn jail() -> PathBuf {
    let me = std::env::current_exe().unwrap();
    let profile = me.parent().and_then(Path::parent).unwrap();
    let built = profile.join("examples/jail");
    if !built.exists() {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "-p", "jail", "--example", "jail"])
            .status()
            .unwrap();
        assert!(built.success());
    }
    built
}

struct Bench {
    base: PathBuf,
    /// How every stand-in begins.
    head: String,
    settings: LocalSettings,
}

impl Bench {
    fn new(base: &Path) -> Self {
        let own = base.join("jail");
        let jail = if own.exists() { own } else { jail() };
        let head = format!(
            "#!/bin/bash\ncase \"$1\" in run|probe) ;; *) exec {} \"$@\" ;; esac\nread -r -d '' input\n",
            jail.display()
        );
        let env = BTreeMap::from([
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("SECRET".into(), "leak".into()),
        ]);
        let mut settings = LocalSettings::new(base.join("data"), base.join("runner"), env);
        settings.limits = Limits {
            memory_bytes: 256 << 20,
            pids: 64,
            cpu_milli: 2000,
            disk_bytes: 64 << 20,
            tmp_bytes: 16 << 20,
        };
        fs::create_dir_all(&settings.data_dir).unwrap();
        fs::set_permissions(&settings.data_dir, fs::Permissions::from_mode(0o700)).unwrap();
        Self {
            base: base.to_path_buf(),
            head,
            settings,
        }
    }

    /// A provider whose sandboxes run `script`.
    fn provider(&self, script: &str) -> LocalProvider {
        let script = format!("{}{script}\n", self.head);
        let runner = self
            .base
            .join(format!("runner-{}", fs::read_dir(&self.base).unwrap().count()));
        fs::write(&runner, script).unwrap();
        fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).unwrap();
        LocalProvider::new(LocalSettings {
            runner,
            ..self.settings.clone()
        })
        .unwrap()
    }

    fn session(&self, id: SessionId) -> PathBuf {
        self.settings.data_dir.join("sandboxes").join(id.to_string())
    }
}

fn spec(sandbox: u128, session: u128) -> SandboxSpec {
    let (sandbox_id, session_id) = (unique(sandbox), SessionId::new(1, session));
    let start = serde_json::json!({
        "protocol": 1, "session_id": session_id, "sandbox_id": sandbox_id, "generation": 3,
        "token": "one-time", "uplink": "http://127.0.0.1:3129",
        "plan": {"clone_timeout_s": 1, "setup_timeout_s": 1},
        "agent": {"agent": "scripted", "permissions": "allow",
                  "model": {"dialect": "openai-chat", "context": 1, "max_output": 1}},
    });
    let start: RunnerStart = serde_json::from_value(start).unwrap();
    SandboxSpec {
        sandbox_id,
        session_id,
        generation: 3,
        start,
        limits: None,
    }
}

/// Groups on the host are named by sandbox: tests that run at the same time must not share any.
fn unique(number: u128) -> SandboxId {
    SandboxId::new(1, u128::from(std::process::id()) << 8 | number)
}

fn question(number: u128, workspace: ProbeWorkspace) -> ProbeSpec {
    ProbeSpec {
        workspace,
        sandbox_id: unique(number),
        request: ProbeRequest::Diff,
        hide: Vec::new(),
        network: false,
        timeout_ms: 20_000,
        max_output_bytes: 1 << 20,
    }
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("did not come about: {what}");
}

async fn read(provider: &LocalProvider, spec: ProbeSpec) -> (String, Option<SandboxError>) {
    let mut output = provider.probe(spec).await.unwrap();
    let (mut text, mut error) = (String::new(), None);
    while let Some(item) = output.next().await {
        match item {
            Ok(bytes) => text.push_str(std::str::from_utf8(&bytes).unwrap()),
            Err(failure) => error = Some(failure),
        }
    }
    (text, error)
}

#[test]
fn from_start_to_destruction() {
    everyone("from_start_to_destruction", async |bench| {
        let script = "env > env; echo \"$input\" > start; echo $1 > ~/word
            mkdir -p shut/in; touch shut/in/x; chmod 000 shut/in shut; ln -s /etc link; touch ready; exec sleep 1000";
        let provider = bench.provider(script);
        assert_eq!(provider.isolation().await.unwrap().level, IsolationLevel::Full);
        let spec = spec(1, 1);
        let id = spec.sandbox_id;
        assert_eq!(provider.state(id).await.unwrap(), SandboxState::Unknown);
        let isolation = provider.start(spec.clone()).await.unwrap();
        assert_ne!(isolation.host_uid, 0);
        assert_eq!(provider.start(spec.clone()).await.unwrap(), isolation);
        let top = bench.session(spec.session_id);
        eventually("the program ran", || top.join("workspace/ready").exists()).await;
        assert_eq!(fs::read_to_string(top.join("home/word")).unwrap(), "run\n");
        assert!(
            fs::read_to_string(top.join("workspace/start"))
                .unwrap()
                .contains("one-time")
        );
        let env = fs::read_to_string(top.join("workspace/env")).unwrap();
        assert!(env.contains("HTTPS_PROXY=http://127.0.0.1:3128") && !env.contains("SECRET"));
        assert_eq!(fs::metadata(&top).unwrap().uid(), isolation.host_uid);

        // Another server finds it.
        let later = bench.provider("");
        assert_eq!(
            later.state(id).await.unwrap(),
            SandboxState::Running { isolation }
        );
        let running = later.list().await.unwrap();
        assert_eq!(
            (running.len(), running[0].sandbox_id, running[0].generation),
            (1, id, 3)
        );
        later.stop(id, 0).await.unwrap();
        later.stop(id, 0).await.unwrap();
        assert_eq!(later.state(id).await.unwrap(), SandboxState::Unknown);
        assert!(later.list().await.unwrap().is_empty());
        assert!(top.join("workspace/ready").exists());
        later.destroy(spec.session_id).await.unwrap();
        assert!(!top.exists());
        later.destroy(spec.session_id).await.unwrap();
        assert_eq!(
            fs::read_dir(bench.settings.data_dir.join("keepers"))
                .unwrap()
                .count(),
            0
        );
    });
}

#[test]
fn ends_are_told_apart() {
    everyone("ends_are_told_apart", async |bench| {
        let provider = bench.provider("echo last words >&2; exit 4");
        let spec = spec(2, 2);
        provider.start(spec.clone()).await.unwrap();
        let path = bench
            .settings
            .data_dir
            .join("keepers")
            .join(spec.sandbox_id.to_string());
        eventually("it ended", || path.join("ended.json").exists()).await;
        let cause = EndCause::Exited {
            code: Some(4),
            signal: None,
            stderr_tail: "last words\n".into(),
        };
        assert_eq!(
            provider.state(spec.sandbox_id).await.unwrap(),
            SandboxState::Ended { cause }
        );

        // Its keeper is killed: the sandbox is gone with it, and a later start of the same sandbox works.
        let provider = bench.provider("exec sleep 1000");
        provider.start(spec.clone()).await.unwrap();
        let record: serde_json::Value =
            serde_json::from_slice(&fs::read(path.join("keeper.json")).unwrap()).unwrap();
        let keeper = i32::try_from(record["keeper_pid"].as_i64().unwrap()).unwrap();
        nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(keeper),
            nix::sys::signal::Signal::SIGKILL,
        )
        .unwrap();
        let mut seen = provider.state(spec.sandbox_id).await.unwrap();
        for _ in 0..6_000 {
            if matches!(seen, SandboxState::Ended { .. }) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            seen = provider.state(spec.sandbox_id).await.unwrap();
        }
        assert!(
            matches!(
                seen,
                SandboxState::Ended {
                    cause: EndCause::Exited { code: None, .. }
                }
            ),
            "{seen:?}"
        );
        assert!(provider.list().await.unwrap().is_empty());
        assert!(matches!(
            provider.state(spec.sandbox_id).await.unwrap(),
            SandboxState::Ended { .. }
        ));
        provider.start(spec.clone()).await.unwrap();
        provider.destroy(spec.session_id).await.unwrap();
        assert!(!path.exists());
    });
}

#[test]
fn sessions_are_strangers_to_each_other() {
    everyone("sessions_are_strangers_to_each_other", async |bench| {
        let provider = bench.provider(
            "touch mine; ls -d /proc/[0-9]* | wc -l > processes; ls -R /workspace /home > seen; touch ready; exec sleep 1000",
        );
        let (one, two) = (spec(3, 3), spec(4, 4));
        let first = provider.start(one.clone()).await.unwrap();
        let second = provider.start(two.clone()).await.unwrap();
        if nix::unistd::geteuid().is_root() {
            assert_ne!(first.host_uid, second.host_uid);
        }
        for spec in [&one, &two] {
            let workspace = bench.session(spec.session_id).join("workspace");
            eventually("it looked around", || workspace.join("ready").exists()).await;
            let seen = fs::read_to_string(workspace.join("seen")).unwrap();
            assert_eq!(seen.matches("mine").count(), 1, "{seen}");
            let processes: u32 = fs::read_to_string(workspace.join("processes"))
                .unwrap()
                .trim()
                .parse()
                .unwrap();
            assert!(processes <= 6, "{processes}");
        }
        for spec in [one, two] {
            provider.stop(spec.sandbox_id, 0).await.unwrap();
            provider.destroy(spec.session_id).await.unwrap();
        }
    });
}

#[test]
fn probes_answer_and_leave_nothing() {
    everyone("probes_answer_and_leave_nothing", async |bench| {
        let session = SessionId::new(1, 9);
        let left = |bench: &Bench| {
            let count = |name: &str| fs::read_dir(bench.settings.data_dir.join(name)).unwrap().count();
            (count("keepers"), count("sandboxes"))
        };
        let provider = bench.provider("echo \"$1: $input\"; touch x 2>/dev/null && echo wrote; ls -A");
        let refused = provider
            .probe(question(6, ProbeWorkspace::Session(session)))
            .await
            .err();
        assert!(matches!(refused, Some(SandboxError::Probe(failure)) if failure.code == "no_workspace"));
        assert_eq!(
            left(&bench),
            (0, 0),
            "nothing is made for a session that has nothing"
        );
        let top = bench
            .settings
            .data_dir
            .join("sandboxes")
            .join(session.to_string());
        fs::create_dir(&top).unwrap();
        let (text, error) = read(&provider, question(1, ProbeWorkspace::Session(session))).await;
        assert_eq!(
            (text.trim(), error.is_none()),
            (r#"probe: {"type":"diff"}"#, true),
            "{error:?}"
        );
        let (text, _) = read(&provider, question(2, ProbeWorkspace::Scratch)).await;
        assert!(text.ends_with("wrote\nx\n"), "{text}");
        eventually("it is cleaned up", || left(&bench) == (0, 1)).await;

        let provider =
            bench.provider("echo '{\"code\":\"not_found\",\"message\":\"no such file\"}' >&2; exit 1");
        let (_, error) = read(&provider, question(3, ProbeWorkspace::Scratch)).await;
        assert!(matches!(error, Some(SandboxError::Probe(failure)) if failure.code == "not_found"));

        let provider = bench.provider("yes");
        let (text, error) = read(&provider, question(4, ProbeWorkspace::Scratch)).await;
        assert_eq!(text.len(), 1 << 20);
        assert!(matches!(error, Some(SandboxError::Probe(failure)) if failure.code == "too_large"));

        // Nobody reads on: the sandbox ends by itself.
        let mut output = provider
            .probe(question(5, ProbeWorkspace::Scratch))
            .await
            .unwrap();
        assert!(output.next().await.unwrap().is_ok());
        drop(output);
        eventually("it is cleaned up", || left(&bench) == (0, 1)).await;

        // Looking around does not disturb it.
        let provider = bench.provider("echo one; read -r _ < <(sleep 0.5); echo two");
        let mut output = provider
            .probe(question(7, ProbeWorkspace::Scratch))
            .await
            .unwrap();
        assert_eq!(output.next().await.unwrap().unwrap(), "one\n");
        assert!(provider.list().await.unwrap().is_empty());
        assert_eq!(output.next().await.unwrap().unwrap(), "two\n");
        assert!(output.next().await.is_none());

        let provider = bench.provider("sleep 1000");
        let slow = ProbeSpec {
            timeout_ms: 300,
            ..question(6, ProbeWorkspace::Scratch)
        };
        assert!(matches!(
            read(&provider, slow).await.1,
            Some(SandboxError::Transient(_))
        ));
        provider.destroy(session).await.unwrap();
        eventually("it is cleaned up", || left(&bench) == (0, 0)).await;
    });
}

#[test]
fn connections_come_out_of_the_relay() {
    everyone("connections_come_out_of_the_relay", async |bench| {
        let provider = bench.provider(
            "exec 3<>/dev/tcp/127.0.0.1/3129; echo hello >&3; read -r answer <&3; echo \"$answer\" > answer; exit 5",
        );
        let mut connections = RelayServer::bind(provider.registry()).unwrap().start();
        let spec = spec(5, 5);
        provider.start(spec.clone()).await.unwrap();
        let (mut presence, mut uplink) = (None, None);
        while presence.is_none() || uplink.is_none() {
            let connection = connections.recv().await.unwrap();
            assert_eq!(
                (connection.preamble.sandbox_id, connection.preamble.generation),
                (spec.sandbox_id, 3)
            );
            match connection.preamble.channel {
                RelayChannel::Presence => presence = Some(connection.stream),
                RelayChannel::Uplink => uplink = Some(connection.stream),
                RelayChannel::Proxy => panic!("nobody asked for the proxy"),
            }
        }
        let mut uplink = uplink.unwrap();
        let mut hello = [0; 6];
        uplink.read_exact(&mut hello).await.unwrap();
        uplink.write_all(b"world\n").await.unwrap();
        let notice = relay::next_notice(&mut presence.unwrap()).await.unwrap();
        assert!(
            matches!(
                notice,
                KeeperNotice::Ended {
                    cause: EndCause::Exited { code: Some(5), .. }
                }
            ),
            "{notice:?}"
        );
        let answer = bench.session(spec.session_id).join("workspace/answer");
        assert_eq!(fs::read_to_string(answer).unwrap(), "world\n");
        provider.destroy(spec.session_id).await.unwrap();
    });
}

#[test]
fn the_contract_holds() {
    everyone("the_contract_holds", async |bench| {
        let script = "if [ $1 = probe ]; then echo '[]'; else exec sleep 1000; fi";
        let count = std::cell::Cell::new(0);
        let make = || {
            count.set(count.get() + 1);
            let data_dir = bench.base.join(format!("data-{}", count.get()));
            fs::create_dir(&data_dir).unwrap();
            let settings = LocalSettings {
                data_dir,
                ..bench.settings.clone()
            };
            let bench = Bench {
                settings,
                base: bench.base.clone(),
                head: bench.head.clone(),
            };
            testkit::contract::sandboxes::Harness {
                provider: std::sync::Arc::new(bench.provider(script)),
                probe: Some(testkit::contract::sandboxes::listing()),
            }
        };
        testkit::contract::sandboxes::run("local", make).await;
    });
}

fn restoring(sandbox: u128, session: SessionId, files: SessionFiles) -> RestoreSpec {
    RestoreSpec {
        session_id: session,
        files,
        sandbox_id: unique(sandbox),
        timeout_ms: 20_000,
        max_bytes: 1 << 20,
    }
}

fn archive(parts: Vec<std::io::Result<&'static [u8]>>) -> ArchiveSource {
    let parts = parts.into_iter().map(|part| part.map(bytes::Bytes::from_static));
    Box::pin(futures::stream::iter(parts.collect::<Vec<_>>()))
}

#[test]
fn archives_are_unpacked_in_a_sandbox_that_sees_nothing_else() {
    everyone(
        "archives_are_unpacked_in_a_sandbox_that_sees_nothing_else",
        async |bench| {
            let session = SessionId::new(1, 77);
            let keepers = || {
                fs::read_dir(bench.settings.data_dir.join("keepers"))
                    .unwrap()
                    .count()
            };
            let provider = bench.provider(
                "cp /run/archive.tar got; echo \"$input\" > asked; echo x 2>/dev/null > /run/archive.tar && touch wrote; ls -A /home/agent > home",
            );
            for (sandbox, files, place) in [
                (1, SessionFiles::Home, "home"),
                (2, SessionFiles::Workspace, "workspace"),
            ] {
                provider
                    .restore(
                        restoring(sandbox, session, files),
                        archive(vec![Ok(b"one "), Ok(b"two")]),
                    )
                    .await
                    .unwrap();
                let at = bench.session(session).join(place);
                assert_eq!(fs::read_to_string(at.join("got")).unwrap(), "one two");
                assert!(
                    fs::read_to_string(at.join("asked"))
                        .unwrap()
                        .contains("\"type\":\"unpack\"")
                );
                assert!(!at.join("wrote").exists(), "the archive is read-only");
                assert_eq!(
                    fs::read_to_string(at.join("home")).unwrap(),
                    "",
                    "another home than the session's"
                );
                let owner = fs::metadata(bench.session(session)).unwrap().uid();
                assert_eq!(
                    fs::metadata(at.join("got")).unwrap().uid(),
                    owner,
                    "its own user's"
                );
                eventually("nothing is left of it", || keepers() == 0).await;
            }

            let provider =
                bench.provider("echo '{\"code\":\"invalid_archive\",\"message\":\"a device\"}' >&2; exit 1");
            let refused = provider
                .restore(restoring(3, session, SessionFiles::Home), archive(vec![Ok(b"x")]))
                .await;
            assert!(
                matches!(refused, Err(SandboxError::Probe(failure)) if failure.code == "invalid_archive")
            );
            let small = RestoreSpec {
                max_bytes: 3,
                ..restoring(4, session, SessionFiles::Home)
            };
            let refused = provider.restore(small, archive(vec![Ok(b"four")])).await;
            assert!(matches!(refused, Err(SandboxError::Probe(failure)) if failure.code == "too_large"));
            let broken = archive(vec![Ok(b"x"), Err(std::io::Error::other("gone"))]);
            let refused = provider
                .restore(restoring(5, session, SessionFiles::Home), broken)
                .await;
            assert!(matches!(refused, Err(SandboxError::Transient(_))));
            assert_eq!(keepers(), 0);
            provider.destroy(session).await.unwrap();
            assert!(!bench.session(session).exists());
        },
    );
}

#[test]
fn a_home_can_be_looked_at_like_a_workspace() {
    everyone("a_home_can_be_looked_at_like_a_workspace", async |bench| {
        let session = SessionId::new(1, 78);
        let provider = bench.provider("cat own; touch x 2>/dev/null && echo wrote");
        provider
            .restore(restoring(1, session, SessionFiles::Home), archive(vec![Ok(b"x")]))
            .await
            .ok();
        fs::write(bench.session(session).join("home/own"), "of the home").unwrap();
        let (text, error) = read(&provider, question(6, ProbeWorkspace::Home(session))).await;
        assert_eq!(
            (text.as_str(), error.is_some()),
            ("of the home", true),
            "{error:?}"
        );
        provider.destroy(session).await.unwrap();
    });
}
