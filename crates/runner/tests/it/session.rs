//! The runner as a whole: prepares, drives, stops.

use crate::support::{
    PATIENCE, Server,
    driver::find,
    git::{GitServer, Origin},
    place::{Place, binding, plan, start},
};
use protocol::{
    EventBody, PromptId,
    runner::{RunnerCommand, RunnerReport, RunnerStart, ServerFrame, TurnOutcome, WorkspacePlan},
    session::TurnError,
};
use runner::run::{exit, run};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

pub(crate) struct Live {
    task: JoinHandle<u8>,
    stop: Option<oneshot::Sender<()>>,
}

pub(crate) fn launch(place: &Place, start: RunnerStart) -> Live {
    let (stop, stopped) = oneshot::channel::<()>();
    let settings = place.settings();
    let task = tokio::spawn(async move {
        run(start, settings, find, async {
            let _ = stopped.await;
        })
        .await
        .unwrap()
    });
    Live {
        task,
        stop: Some(stop),
    }
}

impl Live {
    pub(crate) async fn end(mut self) -> u8 {
        let _ = self.stop.take().unwrap().send(());
        timeout(PATIENCE, self.task).await.unwrap().unwrap()
    }
}

fn prompt(n: u128, text: &str) -> RunnerCommand {
    RunnerCommand::Prompt {
        prompt_id: PromptId::new(0, n),
        text: text.into(),
        attachments: vec![],
        model: binding(),
    }
}

pub(crate) async fn ready(server: &Server) -> bool {
    server
        .report("ready", |report| match report {
            RunnerReport::Ready {
                agent_session_id,
                resumed,
                ..
            } => {
                assert_eq!(agent_session_id, "conversation");
                Some(*resumed)
            }
            RunnerReport::Broken { error } => panic!("{error:?}"),
            _ => None,
        })
        .await
}

async fn broken(server: &Server) -> TurnError {
    server
        .report("broken", |report| match report {
            RunnerReport::Broken { error } => Some(error.clone()),
            RunnerReport::Ready { .. } => panic!("ready"),
            _ => None,
        })
        .await
}

async fn outcomes(server: &Server, count: usize) -> Vec<TurnOutcome> {
    server
        .wait("turns to end", |server| {
            let ended: Vec<_> = server
                .reports()
                .into_iter()
                .filter_map(|(_, report)| match report {
                    RunnerReport::TurnEnded { outcome } => Some(outcome),
                    _ => None,
                })
                .collect();
            (ended.len() >= count).then_some(ended)
        })
        .await
}

fn progress(server: &Server) -> Vec<(String, String, Option<String>)> {
    server
        .reports()
        .into_iter()
        .filter_map(|(_, report)| match report {
            RunnerReport::Event {
                event: EventBody::WorkspaceProgress(step),
            } => Some((step.phase, step.state, step.message)),
            _ => None,
        })
        .collect()
}

fn phases(server: &Server) -> Vec<String> {
    progress(server)
        .into_iter()
        .filter(|(_, state, _)| state != "running")
        .map(|(phase, state, _)| format!("{phase} {state}"))
        .collect()
}

#[tokio::test]
async fn a_turn_from_connect_to_shutdown() {
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, plan(None, None)));
    assert!(!ready(&server).await);
    assert_eq!(
        phases(&server),
        [
            "connect started",
            "connect completed",
            "checkout started",
            "checkout completed",
            "agent started",
            "agent completed"
        ]
    );
    let first = server.command(1, prompt(1, "hello"));
    server.done(first).await;
    assert_eq!(
        outcomes(&server, 1).await,
        [TurnOutcome::Completed { tokens: None }]
    );
    let said = server
        .report("text", |report| match report {
            RunnerReport::Event {
                event: EventBody::MessageText(message),
            } => Some(message.text.clone()),
            _ => None,
        })
        .await;
    assert_eq!(said, "you said hello");

    // The same command again, and the same prompt under another command, do nothing.
    server.command(1, prompt(1, "hello"));
    let again = server.command(2, prompt(1, "hello"));
    server.done(again).await;
    let second = server.command(3, prompt(2, "refuse"));
    server.done(second).await;
    let ended = outcomes(&server, 2).await;
    assert_eq!(ended.len(), 2);
    assert!(matches!(&ended[1], TurnOutcome::Failed { error } if error.code == "agent_refused"));

    let shutdown = server.command(4, RunnerCommand::Shutdown);
    assert_eq!(timeout(PATIENCE, live.task).await.unwrap().unwrap(), exit::DONE);
    server.done(shutdown).await;
}

#[tokio::test]
async fn interrupts_end_the_turn_in_flight_and_the_queued_one() {
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, plan(None, None)));
    ready(&server).await;
    let begun = server.command(1, prompt(1, "wait"));
    server.done(begun).await;
    server.command(2, prompt(2, "hello"));
    let queued = server.command(
        3,
        RunnerCommand::Interrupt {
            prompt_id: PromptId::new(0, 2),
        },
    );
    server.done(queued).await;
    assert_eq!(outcomes(&server, 1).await, [TurnOutcome::Cancelled]);
    let running = server.command(
        4,
        RunnerCommand::Interrupt {
            prompt_id: PromptId::new(0, 1),
        },
    );
    server.done(running).await;
    assert_eq!(
        outcomes(&server, 2).await,
        [TurnOutcome::Cancelled, TurnOutcome::Cancelled]
    );
    let late = server.command(
        5,
        RunnerCommand::Interrupt {
            prompt_id: PromptId::new(0, 1),
        },
    );
    server.done(late).await;
    assert_eq!(live.end().await, exit::DONE);
    assert_eq!(outcomes(&server, 2).await.len(), 2);
}

#[tokio::test]
async fn a_dead_agent_is_started_again_once() {
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, plan(None, None)));
    ready(&server).await;
    server.command(1, prompt(1, "die"));
    server
        .report("a resumed agent", |report| {
            matches!(report, RunnerReport::Ready { resumed: true, .. }).then_some(())
        })
        .await;
    server.command(2, prompt(2, "die"));
    let error = server
        .report("broken", |report| match report {
            RunnerReport::Broken { error } => Some(error.clone()),
            _ => None,
        })
        .await;
    assert_eq!(error.code, "agent_crashed");
    server.command(3, prompt(3, "hello"));
    let ended = outcomes(&server, 3).await;
    assert!(
        ended
            .iter()
            .all(|outcome| matches!(outcome, TurnOutcome::Failed { .. })),
        "{ended:?}"
    );
    live.end().await;
}

#[tokio::test]
async fn fenced_ends_everything() {
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, plan(None, None)));
    ready(&server).await;
    server.send(ServerFrame::Fenced {
        reason: "replaced".into(),
    });
    assert_eq!(timeout(PATIENCE, live.task).await.unwrap().unwrap(), exit::FENCED);
}

#[tokio::test]
async fn clones_every_kind_of_ref_and_lists_for_detection() {
    let origin = Origin::make();
    let git = GitServer::start(origin.dir.path(), None).await;
    let url = git.url("demo.git");
    for (reference, commit, file) in [
        (None, &origin.main, "main.txt"),
        (Some("feature/x"), &origin.feature, "feature.txt"),
        (Some("v1.0"), &origin.first, "package.json"),
        (Some(origin.feature.as_str()), &origin.feature, "feature.txt"),
        (Some(&origin.first[..10]), &origin.first, "package.json"),
        (Some(origin.hidden.as_str()), &origin.hidden, "hidden.txt"),
        (Some("refs/pull/1/head"), &origin.hidden, "hidden.txt"),
    ] {
        let (server, place) = (Server::start().await, Place::new());
        let plan = WorkspacePlan {
            detect_wanted: vec!["package.json".into()],
            setup: vec!["echo ready > setup.txt".into()],
            ..plan(Some(&url), reference)
        };
        let live = launch(&place, start(&server, 1, plan));
        ready(&server).await;
        assert!(place.workspace().join(file).exists(), "{reference:?}");
        assert!(place.workspace().join("setup.txt").exists());
        let base = crate::support::git::git(&place.workspace(), &["rev-parse", protocol::probe::BASE_REF]);
        assert_eq!(&base, commit, "{reference:?}");
        let listing = server
            .report("a listing", |report| match report {
                RunnerReport::Listing { listing } => Some(listing.clone()),
                _ => None,
            })
            .await;
        assert_eq!(listing.commit.as_ref(), Some(commit));
        let counted = server.reports().into_iter().any(|(_, report)| {
            matches!(report, RunnerReport::Event { event: EventBody::WorkspaceProgress(step) }
                if step.phase == "clone" && step.percent.is_some())
        });
        assert!(counted, "the clone shows how far it is");
        assert!(listing.files.contains(&file.to_owned()) && !listing.files.contains(&"setup.txt".to_owned()));
        assert_eq!(listing.contents["package.json"], "{\"name\":\"demo\"}\n");
        live.end().await;
    }
}

#[tokio::test]
async fn a_woken_sandbox_keeps_the_work() {
    let origin = Origin::make();
    let git = GitServer::start(origin.dir.path(), None).await;
    let place = Place::new();
    let with_setup = || WorkspacePlan {
        setup: vec!["echo x >> count".into()],
        ..plan(Some(&git.url("demo.git")), None)
    };
    let server = Server::start().await;
    let live = launch(&place, start(&server, 1, with_setup()));
    ready(&server).await;
    live.end().await;
    std::fs::write(place.workspace().join("work.txt"), "mine").unwrap();

    let server = Server::start().await;
    let live = launch(&place, start(&server, 2, with_setup()));
    ready(&server).await;
    assert!(progress(&server).contains(&(
        "clone".into(),
        "completed".into(),
        Some("kept from before".into())
    )));
    live.end().await;

    // Not even without the marker, or without git's own directory, is anything removed or set up again.
    std::fs::remove_dir_all(place.home().join(".coordinator")).unwrap();
    std::fs::remove_dir_all(place.workspace().join(".git")).unwrap();
    let server = Server::start().await;
    let live = launch(&place, start(&server, 3, with_setup()));
    ready(&server).await;
    live.end().await;
    assert_eq!(
        std::fs::read_to_string(place.workspace().join("work.txt")).unwrap(),
        "mine"
    );
    assert_eq!(
        std::fs::read_to_string(place.workspace().join("count")).unwrap(),
        "x\n"
    );
}

#[tokio::test]
async fn a_clone_that_was_cut_short_is_made_again() {
    let origin = Origin::make();
    let git = GitServer::start(origin.dir.path(), None).await;
    let (server, place) = (Server::start().await, Place::new());
    std::fs::create_dir_all(place.home().join(".coordinator")).unwrap();
    std::fs::write(
        place.home().join(".coordinator/workspace.json"),
        r#"{"stage":"cloning"}"#,
    )
    .unwrap();
    std::fs::create_dir_all(place.workspace().join(".git/objects")).unwrap();
    let live = launch(&place, start(&server, 1, plan(Some(&git.url("demo.git")), None)));
    ready(&server).await;
    assert!(place.workspace().join("main.txt").exists());
    live.end().await;
}

#[tokio::test]
async fn an_empty_repository_is_no_error() {
    let origin = Origin::make();
    let git = GitServer::start(origin.dir.path(), None).await;
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, plan(Some(&git.url("empty.git")), None)));
    ready(&server).await;
    live.end().await;
}

#[tokio::test]
async fn failures_name_their_cause_and_the_runner_stays() {
    let origin = Origin::make();
    let open = GitServer::start(origin.dir.path(), None).await;
    let closed = GitServer::start(origin.dir.path(), Some("Basic nobody")).await;
    let hang = WorkspacePlan {
        setup: vec!["echo waiting; sleep 1000".into()],
        setup_timeout_s: 1,
        ..plan(Some(&open.url("demo.git")), None)
    };
    let fail = WorkspacePlan {
        setup: vec!["echo to stderr >&2; exit 7".into()],
        ..plan(Some(&open.url("demo.git")), None)
    };
    for (plan, code, detail) in [
        (
            plan(Some(&open.url("none.git")), None),
            "clone_failed",
            "not found",
        ),
        (
            plan(Some("http://127.0.0.1:1/x.git"), None),
            "clone_failed",
            "connect",
        ),
        (plan(Some("ext::sh -c id"), None), "clone_failed", ""),
        (
            plan(Some(&open.url("demo.git")), Some("nothing")),
            "ref_not_found",
            "",
        ),
        (
            plan(Some(&open.url("demo.git")), Some("--upload-pack=id")),
            "ref_not_found",
            "",
        ),
        (
            plan(Some(&closed.url("demo.git")), None),
            "authentication_required",
            "",
        ),
        (fail, "setup_failed", "to stderr"),
        (hang, "setup_timeout", "waiting"),
    ] {
        let (server, place) = (Server::start().await, Place::new());
        let live = launch(&place, start(&server, 1, plan));
        let error = broken(&server).await;
        assert_eq!(error.code, code, "{error:?}");
        assert!(
            error.detail.unwrap_or_default().contains(detail),
            "{code} {detail}"
        );
        assert!(!error.next_step.is_empty());
        server.command(1, prompt(1, "hello"));
        assert!(
            matches!(&outcomes(&server, 1).await[0], TurnOutcome::Failed { error } if error.code == code)
        );
        assert_eq!(live.end().await, exit::DONE);
    }
}

#[tokio::test]
async fn a_private_repository_is_cloned_with_a_brokered_credential() {
    let origin = Origin::make();
    // base64 of `me:pw`
    let git = GitServer::start(origin.dir.path(), Some("Basic bWU6cHc=")).await;
    let (server, place) = (Server::start().await, Place::new());
    server.credential("me", "pw");
    let plan = WorkspacePlan {
        has_credential: true,
        ..plan(Some(&git.url("demo.git")), None)
    };
    let live = launch(&place, start(&server, 1, plan));
    ready(&server).await;
    assert!(place.workspace().join("main.txt").exists());

    // The agent's own git gets it too, and nothing of it is in its environment or on disk.
    server.command(1, prompt(1, "env"));
    let env = server
        .report("the environment", |report| match report {
            RunnerReport::Event {
                event: EventBody::MessageText(message),
            } => Some(message.text.clone()),
            _ => None,
        })
        .await;
    assert!(env.contains("git-credential"), "{env}");
    // Where to leave files for people is the one thing of ours that it finds.
    assert!(env.contains("COORDINATOR_ARTIFACTS=/"), "{env}");
    let env = env.replace("COORDINATOR_ARTIFACTS", "");
    for secret in ["one-time", "COORDINATOR_", "pw\n"] {
        assert!(!env.contains(secret), "{secret} in {env}");
    }
    let mut fetch = std::process::Command::new("git");
    fetch
        .args(["ls-remote", "origin"])
        .current_dir(place.workspace())
        .env_clear();
    for (name, value) in env.lines().filter_map(|line| line.split_once('=')) {
        fetch.env(name, value);
    }
    let fetched = tokio::task::spawn_blocking(move || fetch.output().unwrap())
        .await
        .unwrap();
    assert!(
        fetched.status.success(),
        "{}",
        String::from_utf8_lossy(&fetched.stderr)
    );
    let config = std::fs::read_to_string(place.workspace().join(".git/config")).unwrap();
    assert!(!config.contains("pw"), "{config}");
    live.end().await;
}

#[tokio::test]
async fn set_up_is_ended_when_the_runner_stops() {
    let (server, place) = (Server::start().await, Place::new());
    let plan = WorkspacePlan {
        setup: vec!["echo $$ > pid; exec sleep 1000".into()],
        ..plan(None, None)
    };
    let live = launch(&place, start(&server, 1, plan));
    let note = place.workspace().join("pid");
    let pid = server
        .wait("the set-up command", |_| {
            std::fs::read_to_string(&note).ok()?.trim().parse::<i32>().ok()
        })
        .await;
    assert_eq!(live.end().await, exit::DONE);
    server
        .wait("the end of the set-up command", |_| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            (stat.is_empty() || stat.contains(") Z ")).then_some(())
        })
        .await;
}
