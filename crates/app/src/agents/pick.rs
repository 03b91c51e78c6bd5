//! Checks that an agent can be used.

use protocol::ProblemCode;

use crate::{App, AppError};

impl App {
    pub(crate) fn pick_agent(&self, name: &str) -> Result<(), AppError> {
        let agents = &self.settings().agents;
        let unavailable =
            |detail: String| AppError::new(ProblemCode::AgentUnavailable, detail).field("agent");
        match agents.iter().find(|agent| agent.name == name) {
            Some(agent) if agent.available => Ok(()),
            Some(agent) => Err(unavailable(format!(
                "The agent `{name}` cannot be used on this server: {}",
                agent.reason.as_deref().unwrap_or("it is not installed.")
            ))),
            None => {
                let known: Vec<&str> = agents
                    .iter()
                    .filter(|agent| agent.available)
                    .map(|agent| agent.name.as_str())
                    .collect();
                Err(unavailable(if known.is_empty() {
                    "No agent is installed on this server; `coordinator doctor` says how to install one."
                        .to_owned()
                } else {
                    format!("This server has no such agent. It has: {}.", known.join(", "))
                }))
            }
        }
    }
}
