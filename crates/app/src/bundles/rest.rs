//! Bringing a session to rest, so that its files stand still while they are read.

use std::time::Duration;

use ::sessions::View;
use domain::{
    session::{Command, Life},
    tenancy::Actor,
};
use protocol::ProblemCode;

use crate::{App, AppError, sessions::OwnSession};

/// Looks until the sandbox has stopped, and the pause between them. A stop has its own time limit, which is shorter.
const LOOKS: u32 = 480;
const PAUSE: Duration = Duration::from_millis(250);

impl App {
    /// The session without a sandbox: it is hibernated if it has one. A turn in flight or a prompt that waits is never
    /// cut off for this.
    pub(super) async fn at_rest(&self, actor: &Actor, own: &OwnSession) -> Result<View, AppError> {
        let mut view = self.sessions().view(own.id()).await?;
        for _ in 0..LOOKS {
            let state = &view.state;
            if state.life == Life::Deleted {
                return Err(AppError::not_found("session"));
            }
            if state.turn.is_some() || !state.queue.is_empty() || state.gate.is_some() {
                return Err(AppError::new(
                    ProblemCode::Conflict,
                    "The session works or has prompts that wait. Interrupt it or let it finish, then export it.",
                ));
            }
            if state.sandbox.is_none() {
                return Ok(view);
            }
            if state.life == Life::Active {
                // Safe to repeat: a sandbox that is being stopped is only asked to again.
                let by = actor.author();
                match self
                    .sessions()
                    .command(own.id(), Command::Hibernate { by }, None)
                    .await
                {
                    Ok(_) => {}
                    // Somebody was quicker; the next look says what is the matter.
                    Err(::sessions::SessionError::Refused(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            tokio::time::sleep(PAUSE).await;
            view = self.sessions().view(own.id()).await?;
        }
        Err(
            AppError::unavailable("The session's sandbox has not stopped in time. Try again.")
                .retry_after_s(30),
        )
    }
}
