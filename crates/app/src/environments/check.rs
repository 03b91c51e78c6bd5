//! What is acceptable in an environment.

use protocol::session::Repository;

use crate::{App, AppError};

const MAX_COMMANDS: usize = 64;
const MAX_COMMAND_BYTES: usize = 8 * 1024;

pub(crate) fn setup(commands: &[String]) -> Result<(), AppError> {
    if commands.len() > MAX_COMMANDS {
        return Err(AppError::invalid(
            "setup",
            format!("`setup` may have at most {MAX_COMMANDS} commands."),
        )
        .limit(MAX_COMMANDS as u64));
    }
    for command in commands {
        if command.trim().is_empty() || command.len() > MAX_COMMAND_BYTES || command.contains('\0') {
            return Err(AppError::invalid(
                "setup",
                format!("A set-up command has 1 to {MAX_COMMAND_BYTES} bytes and no NUL character."),
            )
            .limit(MAX_COMMAND_BYTES as u64));
        }
    }
    Ok(())
}

impl App {
    /// URL and ref are well formed, and the host is one the server may reach.
    pub(crate) async fn check_repository(&self, repository: &Repository) -> Result<(), AppError> {
        domain::source::check(repository)?;
        self.settings()
            .guard
            .check(&repository.url)
            .await
            .map_err(|refused| AppError::from(refused).field("repository.url"))
    }
}
