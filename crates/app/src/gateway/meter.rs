//! Counts what model calls used: into the session that made them, and into this process's totals.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::session::Command;
use protocol::{MicroUsd, SessionId, session::Tokens};

use crate::{App, AppError};

/// Tokens of this process since it started.
#[derive(Debug, Default)]
pub struct Meter {
    calls: AtomicU64,
    input: AtomicU64,
    output: AtomicU64,
}

impl Meter {
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn input_tokens(&self) -> u64 {
        self.input.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn output_tokens(&self) -> u64 {
        self.output.load(Ordering::Relaxed)
    }

    fn add(&self, tokens: Tokens) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.input.fetch_add(tokens.input, Ordering::Relaxed);
        self.output.fetch_add(tokens.output, Ordering::Relaxed);
    }
}

/// What one model call used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    pub session: SessionId,
    pub generation: u64,
    pub provider: String,
    pub model: String,
    pub tokens: Tokens,
    /// `None` = the price is unknown.
    pub cost: Option<MicroUsd>,
    /// `metered` or `estimated`.
    pub source: String,
    pub duration_ms: u64,
}

impl App {
    /// Writes it into the session's log.
    ///
    /// # Errors
    /// When the session is gone or its store does not answer.
    pub async fn record_usage(&self, usage: Usage) -> Result<(), AppError> {
        self.meter().add(usage.tokens);
        let command = Command::Metered {
            generation: usage.generation,
            provider: usage.provider,
            model: usage.model,
            tokens: usage.tokens,
            cost: usage.cost,
            source: usage.source,
            duration_ms: usage.duration_ms,
        };
        self.sessions().command(usage.session, command, None).await?;
        Ok(())
    }
}
