//! The contract on the scripted agent, and what only it can do.

use std::{collections::BTreeMap, sync::Arc};

use protocol::{
    agent::{Dialect, ModelBinding},
    runner::TurnOutcome,
    session::PermissionMode,
};
use tempfile::TempDir;

use super::Scripted;
use crate::{
    AgentDriver, DriverError, Launch, Signal, TurnRequest,
    contract::{self, Bench, Record, Stage},
};

struct Local {
    root: TempDir,
}

impl Local {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        std::fs::create_dir(root.path().join("workspace")).unwrap();
        std::fs::create_dir(root.path().join("home")).unwrap();
        Self { root }
    }
}

impl Bench for Local {
    fn driver(&self) -> Arc<dyn AgentDriver> {
        Arc::new(Scripted)
    }

    fn launch(&self, permissions: PermissionMode, resume: Option<String>) -> Launch {
        Launch {
            program: None,
            workspace: self.root.path().join("workspace"),
            home: self.root.path().join("home"),
            env: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
            model_endpoint: String::new(),
            model_key: String::new(),
            model: ModelBinding {
                dialect: Dialect::OpenaiChat,
                context: 1000,
                max_output: 100,
            },
            permissions,
            resume,
        }
    }
}

#[tokio::test]
async fn meets_the_contract() {
    contract::run(&Local::new()).await;
}

#[tokio::test]
async fn a_crash_ends_the_turn_then_the_agent() {
    let local = Local::new();
    let mut stage = Stage::start(&local, PermissionMode::Allow, None).await;
    let record = stage.turn("say: before\ncrash\nsay: never").await;
    let Some(TurnOutcome::Failed { error }) = &record.outcome else {
        panic!("{:?}", record.outcome)
    };
    assert_eq!(error.code, "agent_crashed");
    assert_eq!(record.text(), "before");
    assert!(matches!(stage.next().await, Signal::Died { .. }));
    let model = ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1,
        max_output: 1,
    };
    let turn = TurnRequest {
        prompt_id: protocol::PromptId::new(9, 9),
        text: "hello".into(),
        attachments: Vec::new(),
        model,
    };
    assert!(matches!(stage.agent.prompt(turn).await, Err(DriverError::Gone)));
}

#[tokio::test]
async fn failing_hanging_and_foreign_conversations() {
    let local = Local::new();
    let mut stage = Stage::start(&local, PermissionMode::Allow, Some("../../etc/passwd".into())).await;
    assert!(!stage.ready.resumed);
    let record = stage.turn("fail: on purpose").await;
    assert!(matches!(record.outcome, Some(TurnOutcome::Failed { error }) if error.message == "on purpose"));
    let record = stage.turn("edit: ../outside=x").await;
    assert!(record.text().contains("not within the workspace"));
    let prompt = stage.prompt("hang").await;
    stage.agent.interrupt().await.unwrap();
    let mut record = Record::default();
    stage.listen(prompt, &mut record, |_| false).await;
    assert_eq!(record.outcome, Some(TurnOutcome::Cancelled));
}
