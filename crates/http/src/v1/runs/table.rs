//! Runs as a table.

use protocol::run::{RunOutcome, RunRecord};

use crate::csv::{Cell, Lines};

pub(super) const HEAD: [&str; 25] = [
    "id",
    "session_id",
    "prompt_id",
    "user_id",
    "api_key_id",
    "agent",
    "model",
    "repository",
    "outcome",
    "error_code",
    "error_message",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "cost_micro_usd",
    "tool_calls",
    "queued_at",
    "started_at",
    "ended_at",
    "queued_ms",
    "running_ms",
    "first_seq",
    "last_seq",
    "repository_ref",
];

pub(super) fn head(lines: &mut Lines) {
    lines.line(HEAD.map(Cell::Text));
}

pub(super) fn line(lines: &mut Lines, run: &RunRecord) {
    let outcome = match run.outcome {
        RunOutcome::Completed => "completed",
        RunOutcome::Failed => "failed",
        RunOutcome::Cancelled => "cancelled",
    };
    let span = |span: std::time::Duration| Cell::number(u64::try_from(span.as_millis()).unwrap_or(u64::MAX));
    let error = run.error.as_ref();
    let repository = run.repository.as_ref();
    let text = |text: Option<&String>| Cell::maybe(text);
    lines.line([
        Cell::maybe(Some(run.id)),
        Cell::maybe(Some(run.session_id)),
        Cell::maybe(Some(run.prompt_id)),
        Cell::maybe(Some(run.user_id)),
        Cell::maybe(run.api_key_id),
        Cell::Text(&run.agent),
        Cell::Text(&run.model),
        text(repository.map(|repository| &repository.url)),
        Cell::Text(outcome),
        text(error.map(|error| &error.code)),
        text(error.map(|error| &error.message)),
        Cell::number(run.tokens.input),
        Cell::number(run.tokens.output),
        Cell::number(run.tokens.cached),
        Cell::number(run.tokens.reasoning),
        run.cost_micro_usd
            .map_or(Cell::Nothing, |cost| Cell::Number(cost.0.into())),
        Cell::number(run.tool_calls),
        Cell::maybe(Some(run.queued_at)),
        Cell::maybe(run.started_at),
        Cell::maybe(Some(run.ended_at)),
        span(run.started_at.unwrap_or(run.ended_at).since(run.queued_at)),
        run.started_at
            .map_or(Cell::Nothing, |started| span(run.ended_at.since(started))),
        Cell::number(run.first_seq),
        Cell::number(run.last_seq),
        text(repository.and_then(|repository| repository.reference.as_ref())),
    ]);
}
