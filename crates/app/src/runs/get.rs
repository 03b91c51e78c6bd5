//! Shows a run.

use domain::tenancy::{Action, Actor, authorise};
use protocol::{RunId, run::RunRecord};

use crate::{App, AppError};

impl App {
    /// # Errors
    /// When policy does not allow it, or the organisation has no such run.
    pub async fn get_run(&self, actor: &Actor, id: RunId) -> Result<RunRecord, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let run = self.ports().run_history.lookup(actor.org, id).await?;
        run.filter(|run| run.org_id == actor.org)
            .ok_or_else(|| AppError::not_found("run"))
    }
}
