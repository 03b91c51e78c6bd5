//! One turn, watched to its end.

use std::time::Duration;

use protocol::{
    Event, EventBody, PromptId, SessionId,
    event::{PromptCompleted, ToolCallCompleted},
    runner::DeltaKind,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::Api,
    clock::Stopwatch,
    run::{Follower, Seen},
};

/// Everything of a turn that a check may look at.
#[derive(Debug, Default)]
pub(super) struct Turn {
    pub(super) events: Vec<Event>,
    pub(super) deltas: u64,
    pub(super) first_delta: Option<Duration>,
    pub(super) completed: Option<PromptCompleted>,
}

impl Turn {
    /// All committed text of the agent.
    pub(super) fn text(&self) -> String {
        let texts = self.events.iter().filter_map(|event| match &event.body {
            EventBody::MessageText(text) => Some(text.text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    pub(super) fn tool_calls(&self) -> impl Iterator<Item = &ToolCallCompleted> {
        self.events.iter().filter_map(|event| match &event.body {
            EventBody::ToolCallCompleted(call) => Some(call),
            _ => None,
        })
    }

    pub(super) fn find<T>(&self, pick: impl Fn(&EventBody) -> Option<T>) -> Option<T> {
        self.events.iter().find_map(|event| pick(&event.body))
    }
}

/// Adds a prompt to the session.
pub(super) async fn prompt(api: &Api, session: SessionId, text: &str) -> Result<PromptId, String> {
    let answer = api
        .change(
            Method::POST,
            &format!("/v1/sessions/{session}/prompts"),
            Some(&json!({ "text": text })),
        )
        .await
        .map_err(|error| error.to_string())?;
    let id = answer
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok());
    id.ok_or_else(|| "the answer to the prompt has no id".to_owned())
}

/// Follows the session until the turn of `prompt` (the first one, if `None`) has ended.
pub(super) async fn watch(
    follower: &mut Follower,
    prompt: Option<PromptId>,
    patience: Duration,
) -> Result<Turn, String> {
    let clock = Stopwatch::start();
    let mut turn = Turn::default();
    let end = tokio::time::timeout(patience, until_end(follower, prompt, &clock, &mut turn)).await;
    match end {
        Ok(Ok(())) => Ok(turn),
        Ok(Err(problem)) => Err(problem),
        Err(_) => {
            let last = turn.events.last().map_or("nothing", |event| event.body.kind());
            Err(format!(
                "not done after {} s; the last event was {last}",
                patience.as_secs()
            ))
        }
    }
}

async fn until_end(
    follower: &mut Follower,
    prompt: Option<PromptId>,
    clock: &Stopwatch,
    turn: &mut Turn,
) -> Result<(), String> {
    let mut prompt = prompt;
    loop {
        match follower.next().await.map_err(|error| error.to_string())? {
            Seen::Delta(delta) => {
                if delta.kind == DeltaKind::Text {
                    turn.deltas += 1;
                    turn.first_delta.get_or_insert_with(|| clock.elapsed());
                }
            }
            Seen::Event(event) => {
                let event = *event;
                if prompt.is_none() && matches!(event.body, EventBody::PromptQueued(_)) {
                    prompt = event.prompt_id;
                }
                let ours = prompt.is_some() && event.prompt_id == prompt;
                turn.events.push(event.clone());
                match event.body {
                    EventBody::PromptCompleted(completed) if ours => {
                        turn.completed = Some(completed);
                        return Ok(());
                    }
                    EventBody::PromptFailed(failed) if ours => {
                        let error = failed.error;
                        let detail = error
                            .detail
                            .map(|detail| format!(" [{detail}]"))
                            .unwrap_or_default();
                        return Err(format!(
                            "the turn failed: {} ({}). {}{detail}",
                            error.message, error.code, error.next_step
                        ));
                    }
                    EventBody::PromptCancelled(cancelled) if ours => {
                        return Err(format!("the turn was cancelled: {}", cancelled.cause));
                    }
                    _ => {}
                }
            }
            Seen::CaughtUp | Seen::Lost { .. } | Seen::Back => {}
        }
    }
}
