//! Prompts that wait in an organisation that is going to be deleted: they are cancelled, so that nothing new begins.

use domain::{session::Command, tenancy::Actor};
use ports::catalog::{SessionFilter, SessionRow};
use protocol::ProblemCode;

use crate::{App, AppError};

/// Sessions looked at in one go.
const PAGE: usize = 200;

impl App {
    /// Turns that are running go on to their end; what waits behind them does not begin. A session that cannot be asked
    /// now is logged and passed over: the deletion itself stands.
    ///
    /// # Errors
    /// When the sessions cannot be looked for.
    pub(super) async fn cancel_waiting(&self, actor: &Actor) -> Result<(), AppError> {
        let mut after = None;
        loop {
            let filter = SessionFilter::default();
            let catalog = &self.ports().catalog;
            let page = catalog.list(actor.org, filter, after, PAGE).await?;
            for row in page.items.iter().filter(|row| row.waiting.prompts > 0) {
                if let Err(error) = self.cancel_queue(actor, row).await {
                    tracing::warn!(session.id = %row.id, %error, "what waits in a session cannot be cancelled now");
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn cancel_queue(&self, actor: &Actor, row: &SessionRow) -> Result<(), AppError> {
        let view = self.sessions().view(row.id).await?;
        for prompt in &view.state.queue {
            let cancel = Command::Cancel {
                prompt_id: prompt.id,
                by: actor.author(),
            };
            match self
                .sessions()
                .command(row.id, cancel, None)
                .await
                .map_err(AppError::from)
            {
                // Begun meanwhile.
                Err(error) if error.code == ProblemCode::PromptNotCancellable => {}
                outcome => {
                    outcome?;
                }
            }
        }
        Ok(())
    }
}
