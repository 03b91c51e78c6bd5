//! One turn as its events tell it: which messages are its own, what failed, when it may be called over.
//! No waiting and no calls happen here.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use protocol::{
    EventBody, PromptId,
    event::{
        FileChanged, ModelRetrying, PermissionRequested, PlanItem, PlanUpdated, Question, QuestionAsked,
        QuestionOption,
    },
    runner::TurnOutcome,
    session::{Tokens, TurnError},
};
use serde_json::json;

use super::{
    failure,
    parts::Parts,
    wire::{self, Envelope, Listed, Message, Part},
};
use crate::{
    Signal, clock, errors,
    redact::Redactor,
    text::{bound_value, clip, first_line},
};

/// A model's answers that may break off in a row. OpenCode itself would go on asking forever.
const MOST_BROKEN_OFF: u32 = 3;

/// What the owner of the turn has to do after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    /// The session says it is idle: ask whether the turn is over.
    Check,
    /// The model call failed and OpenCode waits to try again.
    Retrying,
    /// The turn is not worth going on with: abort; the error is set.
    GiveUp,
}

pub(super) struct Turn {
    pub(super) prompt: PromptId,
    session: String,
    workspace: Vec<PathBuf>,
    redactor: Redactor,
    pub(super) parts: Parts,
    /// Our own message, and those OpenCode adds to it (after compacting, for example).
    users: HashSet<String>,
    answers: Vec<Message>,
    tokens: HashMap<String, Tokens>,
    asked: HashSet<String>,
    retry_marks: HashSet<(String, u32, u64)>,
    pub(super) retries: u32,
    last_retry: String,
    broken_off: u32,
    error: Option<TurnError>,
    /// Decided here, not by the agent: stays.
    verdict: Option<TurnError>,
    pub(super) cancelled: bool,
}

impl Turn {
    pub(super) fn new(prompt: PromptId, session: &str, workspace: &Path, redactor: Redactor) -> Self {
        let mut roots = vec![workspace.to_owned()];
        roots.extend(workspace.canonicalize().ok());
        Self {
            prompt,
            session: session.to_owned(),
            workspace: roots,
            redactor,
            parts: Parts::new(prompt),
            users: HashSet::new(),
            answers: Vec::new(),
            tokens: HashMap::new(),
            asked: HashSet::new(),
            retry_marks: HashSet::new(),
            retries: 0,
            last_retry: String::new(),
            broken_off: 0,
            error: None,
            verdict: None,
            cancelled: false,
        }
    }

    fn event(&mut self, event: impl Into<EventBody>) {
        self.parts.signals.push(Signal::Event {
            prompt_id: Some(self.prompt),
            event: event.into(),
        });
    }

    /// Takes an event of the stream. `old` are the messages of earlier turns.
    pub(super) fn take(&mut self, event: &Envelope, old: &HashSet<String>) -> Next {
        let own = event.session() == self.session;
        match event.kind.as_str() {
            "message.updated" if own => match event.read::<wire::MessageUpdated>() {
                Some(update) => return self.message(update.info, old),
                None => return Next::Nothing,
            },
            "message.part.updated" => {
                if let Some(update) = event.read::<wire::PartUpdated>() {
                    return self.part(update.part, own);
                }
            }
            "message.part.delta" if own => {
                if let Some(delta) = event.read::<wire::PartDelta>() {
                    self.parts.delta(&delta.part, &delta.field, &delta.delta);
                }
            }
            "session.idle" if own => return Next::Check,
            "session.status" => {
                if let Some(change) = event.read::<wire::StatusChanged>() {
                    return self.status(event.session(), change.status, own);
                }
            }
            "session.error" if own || event.session().is_empty() => {
                let error = &event.properties["error"];
                if !failure::is_abort(error) {
                    self.error = Some(failure::turn_error(error, &self.redactor));
                }
            }
            // A permission or a question of a sub-agent's session concerns this turn too.
            "permission.asked" => {
                if let Some(asked) = event.read() {
                    self.permission(asked);
                }
            }
            "question.asked" => {
                if let Some(asked) = event.read() {
                    self.question(asked);
                }
            }
            "todo.updated" if own => {
                if let Some(update) = event.read() {
                    self.plan(update);
                }
            }
            "file.edited" => self.file(event.properties["file"].as_str().unwrap_or_default()),
            _ => {}
        }
        Next::Nothing
    }

    fn message(&mut self, message: Message, old: &HashSet<String>) -> Next {
        if old.contains(&message.id) {
            return Next::Nothing;
        }
        if message.role == "user" {
            self.users.insert(message.id);
            return Next::Nothing;
        }
        if !message
            .parent
            .as_ref()
            .is_some_and(|parent| self.users.contains(parent))
        {
            return Next::Nothing;
        }
        let ended = message.time.completed.is_some();
        let mut newly_ended = ended;
        match self.answers.iter_mut().find(|answer| answer.id == message.id) {
            Some(answer) => {
                newly_ended &= answer.time.completed.is_none();
                // A late event must not take back what the message list has said already.
                if ended || answer.time.completed.is_none() {
                    *answer = message.clone();
                }
            }
            None => {
                // OpenCode went on after an error: it was not the end.
                self.error = None;
                self.answers.push(message.clone());
            }
        }
        if newly_ended && message.error.is_none() {
            if message.finish.as_deref() == Some("unknown") {
                self.broken_off += 1;
                if self.broken_off >= MOST_BROKEN_OFF && self.verdict.is_none() && !self.cancelled {
                    self.verdict = Some(failure::broken_off(self.broken_off));
                    return Next::GiveUp;
                }
            } else if message.finish.is_some() {
                self.broken_off = 0;
            }
        }
        Next::Nothing
    }

    fn part(&mut self, part: Part, own: bool) -> Next {
        if part.kind == "step-finish" {
            let tokens = part.tokens.total();
            if part.reason != "unknown" {
                self.retries = 0;
            }
            self.tokens.insert(part.id, tokens);
        } else if own
            && let Some(answer) = self.answers.iter().find(|answer| answer.id == part.message)
            // What the agent tells itself about the conversation so far is no answer.
            && answer.summary != true
        {
            self.parts.update(part);
        }
        Next::Nothing
    }

    fn status(&mut self, session: &str, status: wire::Status, own: bool) -> Next {
        match status.kind.as_str() {
            "idle" if own => Next::Check,
            "retry" => {
                let mark = (
                    session.to_owned(),
                    status.attempt,
                    status.next.unwrap_or_default(),
                );
                if !self.retry_marks.insert(mark) {
                    return Next::Nothing;
                }
                self.retries += 1;
                self.last_retry = clip(&status.message, 2_000).to_owned();
                let retrying = ModelRetrying {
                    attempt: self.retries,
                    message: self.redactor.apply(&self.last_retry),
                    retry_in_ms: status.next.map(|next| next.saturating_sub(clock::unix_ms())),
                };
                self.event(retrying);
                Next::Retrying
            }
            _ => Next::Nothing,
        }
    }

    /// Too many tries: the turn fails once OpenCode has stopped.
    pub(super) fn give_up_retrying(&mut self) {
        self.verdict = Some(failure::gave_up(self.retries, &self.last_retry, &self.redactor));
    }

    fn permission(&mut self, asked: wire::PermissionAsked) {
        if self.asked.len() > 10_000 || !self.asked.insert(asked.id.clone()) {
            return;
        }
        let call = asked
            .tool
            .as_ref()
            .and_then(|tool| self.parts.call(&tool.message, &tool.call));
        let details = json!({ "tool_call_id": call, "always": asked.always, "metadata": asked.metadata });
        let subject = ["command", "filepath", "filePath", "description", "url"]
            .into_iter()
            .find_map(|name| asked.metadata[name].as_str())
            .map_or_else(|| asked.patterns.join(", "), |subject| self.relative(subject));
        let tool = clip(&asked.permission, 128).to_owned();
        let requested = PermissionRequested {
            permission_id: asked.id,
            title: first_line(&format!("{tool}: {subject}"), 500),
            tool,
            patterns: asked
                .patterns
                .iter()
                .take(100)
                .map(|pattern| clip(pattern, 2_000).to_owned())
                .collect(),
            details: bound_value(&details, 64 * 1024, 256 * 1024),
        };
        self.event(requested);
    }

    fn question(&mut self, asked: wire::QuestionAsked) {
        if self.asked.len() > 10_000 || !self.asked.insert(asked.id.clone()) {
            return;
        }
        let option = |option: &wire::QuestionOption| QuestionOption {
            label: clip(&option.label, 500).to_owned(),
            description: clip(&option.description, 2_000).to_owned(),
        };
        let question = |question: &wire::Question| Question {
            header: clip(&question.header, 200).to_owned(),
            question: clip(&question.question, 8_000).to_owned(),
            options: question.options.iter().take(50).map(option).collect(),
            multiple: question.multiple,
        };
        let questions = asked.questions.iter().take(20).map(question).collect();
        self.event(QuestionAsked {
            question_id: asked.id,
            questions,
        });
    }

    fn plan(&mut self, update: wire::TodoUpdated) {
        let items = update
            .todos
            .into_iter()
            .take(200)
            .map(|todo| PlanItem {
                content: clip(&todo.content, 2_000).to_owned(),
                status: clip(&todo.status, 64).to_owned(),
                priority: todo.priority.map(|priority| clip(&priority, 64).to_owned()),
            })
            .collect();
        self.event(PlanUpdated { items });
    }

    fn file(&mut self, file: &str) {
        let path = self.relative(file);
        if !path.is_empty() && path.len() <= 4_096 && Path::new(&path).is_relative() {
            self.event(FileChanged { path });
        }
    }

    /// A path in the workspace as seen from its root; anything else as it is.
    fn relative(&self, path: &str) -> String {
        let inside = self
            .workspace
            .iter()
            .find_map(|root| Path::new(path).strip_prefix(root).ok());
        inside.and_then(Path::to_str).unwrap_or(path).to_owned()
    }

    /// Messages as the list has them: whatever the stream missed is made up for.
    pub(super) fn reconcile(&mut self, listed: Vec<Listed>, old: &HashSet<String>) -> Next {
        let mut next = Next::Nothing;
        for Listed { info, parts } in listed {
            if old.contains(&info.id) {
                continue;
            }
            if self.message(info, old) == Next::GiveUp {
                next = Next::GiveUp;
            }
            for part in parts {
                if let Ok(part) = serde_json::from_value::<Part>(part) {
                    self.part(part, true);
                }
            }
        }
        next
    }

    /// True when this turn's own message is in the list (so no older page is of interest).
    pub(super) fn known(&self, id: &str) -> bool {
        self.users.contains(id)
    }

    /// Whether an agent that is not busy has finished this turn.
    pub(super) fn finished(&self) -> bool {
        let ended = |answer: &Message| answer.time.completed.is_some() || answer.error.is_some();
        match self.answers.last() {
            Some(answer) => ended(answer) || self.error.is_some(),
            None => self.error.is_some() && !self.users.is_empty(),
        }
    }

    /// True once the agent has begun with it.
    pub(super) fn begun(&self) -> bool {
        !self.users.is_empty()
    }

    /// Every message of this turn.
    pub(super) fn messages(&self) -> impl Iterator<Item = String> + '_ {
        self.users
            .iter()
            .cloned()
            .chain(self.answers.iter().map(|answer| answer.id.clone()))
    }

    /// Closes what is open and says how the turn ended. `death`: the agent's process is gone.
    pub(super) fn end(mut self, death: Option<TurnError>) -> Vec<Signal> {
        let last_error = self.answers.last().and_then(|answer| answer.error.as_ref());
        let aborted = last_error.is_some_and(failure::is_abort);
        let reported = last_error.filter(|error| !failure::is_abort(error));
        let mut reported = reported
            .map(|error| failure::turn_error(error, &self.redactor))
            .or(self.error.take());
        if let Some(error) = reported.as_mut().filter(|_| self.retries > 0) {
            // OpenCode stopped trying by itself.
            let said = error.message.trim_end_matches('.').to_owned();
            error.message = format!("{said} (tried {} times)", self.retries + 1);
        }
        self.parts.close(match () {
            () if self.cancelled => "The turn was interrupted.",
            () if death.is_some() => "The agent's process ended.",
            () => "The turn ended before the tool did.",
        });
        let tokens = self.tokens.values().copied().reduce(|sum, more| sum + more);
        let outcome = if self.cancelled {
            TurnOutcome::Cancelled
        } else if let Some(error) = death.or(self.verdict.take()).or(reported) {
            TurnOutcome::Failed { error }
        } else if aborted {
            TurnOutcome::Cancelled
        } else if !self.parts.produced {
            TurnOutcome::Failed {
                error: errors::empty(),
            }
        } else {
            TurnOutcome::Completed { tokens }
        };
        self.parts.signals.push(Signal::TurnEnded {
            prompt_id: self.prompt,
            outcome,
        });
        self.parts.signals
    }
}
