//! Lists agents, those that are missing too, with the reason.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::api::{AgentInfo, ListPage};

use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it.
    pub fn list_agents(&self, actor: &Actor) -> Result<ListPage<AgentInfo>, AppError> {
        authorise(actor, Action::ReadConfiguration)?;
        Ok(ListPage::whole(self.settings().agents.clone()))
    }
}
