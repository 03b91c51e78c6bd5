//! Environment secrets: each phase gets its own, nothing of them is written down or reported.

use std::path::Path;

use protocol::{
    EventBody, PromptId,
    runner::{RunnerCommand, RunnerFrame, RunnerReport, WorkPhase, WorkspacePlan},
};

use crate::{
    session::{launch, ready},
    support::{
        Server,
        place::{Place, binding, plan, start},
    },
};

const SETUP: &str = "setup-hunter22-0123456789";
const AGENT: &str = "agent-hunter33-9876543210";
/// What `base64` makes of the first with a line end.
const ENCODED: &str = "c2V0dXAtaHVudGVyMjItMDEyMzQ1Njc4OQ";

fn setup(commands: &[&str]) -> WorkspacePlan {
    WorkspacePlan {
        setup: commands.iter().map(|command| (*command).to_owned()).collect(),
        ..plan(None, None)
    }
}

/// Everything that the runner said, as text.
fn said(server: &Server) -> String {
    let frames: Vec<String> = server
        .frames()
        .iter()
        .map(|frame| serde_json::to_string(frame).unwrap())
        .collect();
    frames.join("\n")
}

/// Whether a file below `dir` holds the text.
fn written(dir: &Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let meta = std::fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            written(&path, text)
        } else {
            meta.is_file() && String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text)
        }
    })
}

#[tokio::test]
async fn each_phase_sees_its_own_and_nothing_is_reported() {
    let (server, place) = (Server::start().await, Place::new());
    server.secrets(WorkPhase::Setup, Some(&[("NPM_TOKEN", SETUP)]));
    server.secrets(WorkPhase::Agent, Some(&[("API_TOKEN", AGENT)]));
    // Printed in pieces, too; the length goes to a file, to show that it was there.
    let commands = setup(&[
        "test -z \"$API_TOKEN\" && printf %s \"${#NPM_TOKEN}\" > length",
        "echo plain $NPM_TOKEN; printf %s \"${NPM_TOKEN:0:10}\"; sleep 0.05; printf '%s\\n' \"${NPM_TOKEN:10}\"; echo $NPM_TOKEN | base64; sleep 1.2; echo",
    ]);
    let live = launch(&place, start(&server, 1, commands));
    ready(&server).await;
    let length = std::fs::read_to_string(place.workspace().join("length")).unwrap();
    assert_eq!(length, SETUP.len().to_string());

    let prompt_id = PromptId::new(0, 1);
    let sent = server.command(
        1,
        RunnerCommand::Prompt {
            prompt_id,
            text: "env".into(),
            attachments: vec![],
            model: binding(),
        },
    );
    server.done(sent).await;
    let text = server
        .report("text", |report| match report {
            RunnerReport::Event {
                event: EventBody::MessageText(message),
            } => Some(message.text.clone()),
            _ => None,
        })
        .await;
    assert!(text.contains("API_TOKEN=[secret]"), "{text}");
    assert!(
        !text.contains("NPM_TOKEN"),
        "the agent gets nothing of the set-up: {text}"
    );

    let all = said(&server);
    assert!(all.contains("plain [secret]"), "{all}");
    for hidden in [SETUP, AGENT, ENCODED, "hunter22", "hunter33"] {
        assert!(!all.contains(hidden), "{hidden}");
        assert!(!written(place.dir.path(), hidden), "{hidden} is on disk");
    }
    live.end().await;
}

#[tokio::test]
async fn a_set_up_that_fails_shows_its_output_without_secrets() {
    let (server, place) = (Server::start().await, Place::new());
    server.secrets(WorkPhase::Setup, Some(&[("NPM_TOKEN", SETUP)]));
    let live = launch(
        &place,
        start(&server, 1, setup(&["echo no $NPM_TOKEN >&2; exit 1"])),
    );
    let error = server
        .report("broken", |report| match report {
            RunnerReport::Broken { error } => Some(error.clone()),
            _ => None,
        })
        .await;
    assert_eq!(error.code, "setup_failed");
    assert_eq!(error.detail.as_deref(), Some("no [secret]"));
    assert!(!said(&server).contains("hunter22"));
    live.end().await;
}

#[tokio::test]
async fn without_its_secrets_no_phase_begins() {
    for (phase, commands) in [
        (WorkPhase::Setup, &["touch ran"][..]),
        (WorkPhase::Agent, &[][..]),
    ] {
        let (server, place) = (Server::start().await, Place::new());
        server.secrets(phase, None);
        let live = launch(&place, start(&server, 1, setup(commands)));
        let error = server
            .report("broken", |report| match report {
                RunnerReport::Broken { error } => Some(error.clone()),
                RunnerReport::Ready { .. } => panic!("ready"),
                _ => None,
            })
            .await;
        assert_eq!(error.code, "secrets_unavailable");
        assert!(!place.workspace().join("ran").exists());
        live.end().await;
    }
}

#[tokio::test]
async fn a_phase_that_does_not_come_asks_for_nothing() {
    let (server, place) = (Server::start().await, Place::new());
    let live = launch(&place, start(&server, 1, setup(&[])));
    ready(&server).await;
    let asked: Vec<WorkPhase> = server
        .frames()
        .iter()
        .filter_map(|frame| match frame {
            RunnerFrame::SecretsWanted { phase, .. } => Some(*phase),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [WorkPhase::Agent]);
    live.end().await;
}
