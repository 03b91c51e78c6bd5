//! What a runner is given when its sandbox starts.

use domain::session::State;
use protocol::{
    SandboxId,
    runner::{AgentStart, RUNNER_PROTOCOL, RunnerStart, WorkspacePlan},
};

use crate::Sessions;

/// `None` for a session that was never made.
pub(super) fn runner_start(
    sessions: &Sessions,
    state: &State,
    sandbox_id: SandboxId,
    generation: u64,
    token: &str,
) -> Option<RunnerStart> {
    let profile = state.profile.as_ref()?;
    let settings = &sessions.0.settings;
    let binding = state
        .queue
        .front()
        .map_or_else(|| profile.binding.clone(), |prompt| prompt.binding.clone());
    Some(RunnerStart {
        protocol: RUNNER_PROTOCOL,
        session_id: profile.id,
        sandbox_id,
        generation,
        token: token.to_owned(),
        uplink: settings.uplink_url.clone(),
        plan: WorkspacePlan {
            clone_url: profile
                .repository
                .as_ref()
                .and_then(|repository| (settings.clone_url)(repository)),
            repository: profile.repository.clone(),
            has_credential: profile.git_token.is_some(),
            setup: profile.setup.clone(),
            clone_timeout_s: settings.policy.clone_timeout_s,
            setup_timeout_s: settings.policy.setup_timeout_s,
            detect_wanted: domain::environment::wanted_files()
                .into_iter()
                .map(ToOwned::to_owned)
                .collect(),
        },
        agent: AgentStart {
            agent: profile.agent.clone(),
            permissions: profile.permissions,
            agent_session_id: state.agent_session_id.clone(),
            model: binding,
        },
    })
}
