//! Directories and the start document of a runner under test.

use std::{collections::BTreeMap, path::PathBuf};

use protocol::{
    SandboxId, SessionId,
    agent::{Dialect, ModelBinding},
    runner::{AgentStart, RUNNER_PROTOCOL, RunnerStart, WorkspacePlan},
    session::{PermissionMode, Repository},
};
use runner::settings::Settings;
use tempfile::TempDir;

use super::Server;

pub(crate) struct Place {
    pub(crate) dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for name in ["workspace", "home", "run", "tmp"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
        }
        Self { dir }
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.dir.path().join("workspace")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub(crate) fn env(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            ("HOME".to_owned(), self.home().display().to_string()),
            (
                "TMPDIR".to_owned(),
                self.dir.path().join("tmp").display().to_string(),
            ),
        ])
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            workspace: self.workspace(),
            home: self.home(),
            agents_dir: None,
            runtime_dir: self.dir.path().join("run"),
            program: PathBuf::from(env!("CARGO_BIN_EXE_coordinator-runner")),
            env: self.env(),
        }
    }
}

pub(crate) fn plan(url: Option<&str>, reference: Option<&str>) -> WorkspacePlan {
    WorkspacePlan {
        repository: url.map(|url| Repository {
            url: url.to_owned(),
            reference: reference.map(str::to_owned),
        }),
        clone_timeout_s: 60,
        setup_timeout_s: 60,
        ..WorkspacePlan::default()
    }
}

pub(crate) fn start(server: &Server, generation: u64, plan: WorkspacePlan) -> RunnerStart {
    RunnerStart {
        protocol: RUNNER_PROTOCOL,
        session_id: SessionId::new(0, 1),
        sandbox_id: SandboxId::new(0, 2),
        generation,
        token: "one-time".to_owned(),
        uplink: server.url(),
        plan,
        agent: AgentStart {
            agent: "tiny".to_owned(),
            permissions: PermissionMode::Allow,
            agent_session_id: None,
            model: binding(),
        },
    }
}

pub(crate) fn binding() -> ModelBinding {
    ModelBinding {
        dialect: Dialect::OpenaiChat,
        context: 1000,
        max_output: 100,
    }
}
