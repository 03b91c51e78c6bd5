//! The program itself with the scripted agent: standard input, signals, exit codes, and what others may see.

use std::process::Stdio;

use crate::support::{
    PATIENCE, Server,
    place::{Place, binding, plan, start},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use protocol::{
    EventBody, PromptId,
    runner::{RunnerCommand, RunnerReport, ServerFrame, TurnOutcome},
};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    time::timeout,
};

async fn spawn(server: &Server, place: &Place) -> Child {
    let mut start = start(server, 1, plan(None, None));
    start.agent.agent = "scripted".to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_coordinator-runner"))
        .arg("run")
        .current_dir(place.workspace())
        .env_clear()
        .envs(place.env())
        .env("XDG_RUNTIME_DIR", place.dir.path().join("run"))
        .env("COORDINATOR_AGENTS_DIR", "/nowhere")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let document = serde_json::to_vec(&start).unwrap();
    child.stdin.take().unwrap().write_all(&document).await.unwrap();
    server
        .report("ready", |report| match report {
            RunnerReport::Ready { agent, .. } => (agent == "scripted").then_some(()),
            RunnerReport::Broken { error } => panic!("{error:?}"),
            _ => None,
        })
        .await;
    child
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().unwrap().try_into().unwrap())
}

fn prompt(server: &Server, n: u128, text: &str) {
    let command = RunnerCommand::Prompt {
        prompt_id: PromptId::new(0, n),
        text: text.to_owned(),
        attachments: vec![],
        model: binding(),
    };
    server.command(n, command);
}

#[tokio::test]
async fn a_tool_call_runs_and_a_signal_ends_the_program_in_order() {
    let (server, place) = (Server::start().await, Place::new());
    let child = spawn(&server, &place).await;
    prompt(&server, 1, "run: env; echo done > made.txt");
    let output = server
        .report("the tool's output", |report| match report {
            RunnerReport::Event {
                event: EventBody::ToolCallCompleted(call),
            } => Some(call.output.clone()),
            _ => None,
        })
        .await;
    server
        .report("the end of the turn", |report| match report {
            RunnerReport::TurnEnded {
                outcome: TurnOutcome::Completed { .. },
            } => Some(()),
            RunnerReport::TurnEnded { outcome } => panic!("{outcome:?}"),
            _ => None,
        })
        .await;
    assert!(place.workspace().join("made.txt").exists());
    assert!(
        output.contains("PATH=") && !output.contains("COORDINATOR_AGENTS_DIR"),
        "{output}"
    );
    assert!(!output.contains("one-time"), "{output}");
    let arguments = std::fs::read(format!("/proc/{}/cmdline", pid(&child))).unwrap();
    assert!(!String::from_utf8_lossy(&arguments).contains("one-time"));

    // In the middle of a turn: the agent is stopped and the turn's end still reaches the server.
    prompt(&server, 2, "hang");
    server.done(protocol::CommandId::new(0, 2)).await;
    kill(pid(&child), Signal::SIGTERM).unwrap();
    let output = timeout(PATIENCE, child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!String::from_utf8_lossy(&output.stderr).contains("one-time"));
    server
        .report("the end of the second turn", |report| {
            matches!(
                report,
                RunnerReport::TurnEnded {
                    outcome: TurnOutcome::Cancelled
                }
            )
            .then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_fenced_program_ends_with_its_own_code() {
    let (server, place) = (Server::start().await, Place::new());
    let mut child = spawn(&server, &place).await;
    server.send(ServerFrame::Fenced {
        reason: "replaced".to_owned(),
    });
    assert_eq!(
        timeout(PATIENCE, child.wait()).await.unwrap().unwrap().code(),
        Some(3)
    );
}

#[tokio::test]
async fn nonsense_on_standard_input_is_refused_without_quoting_it() {
    let place = Place::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_coordinator-runner"))
        .arg("run")
        .current_dir(place.workspace())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(br#"{"token":"very-secret","protocol":"x"}"#)
        .await
        .unwrap();
    let output = timeout(PATIENCE, child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("not understood") && !stderr.contains("very-secret"),
        "{stderr}"
    );
}
