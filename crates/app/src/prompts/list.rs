//! Lists the prompts of a session, read off its log.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::{
    Event, EventBody, ProblemCode, PromptId,
    api::{ListPage, PromptInfo},
    session::PromptStatus,
};

use crate::{App, AppError, ListQuery, paging, sessions::OwnSession};

/// Events read at a time.
const PAGE: usize = 1000;

impl App {
    /// Oldest first. The cursor is the `seq` of the last prompt's `prompt.queued` event.
    ///
    /// # Errors
    /// When policy or cursor do not allow it.
    pub async fn list_prompts(
        &self,
        actor: &Actor,
        own: &OwnSession,
        query: &ListQuery,
    ) -> Result<ListPage<PromptInfo>, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let limit = paging::limit(query.limit, paging::DEFAULT_LIMIT, paging::MAX_LIMIT)?;
        let start = match &query.cursor {
            Some(cursor) if cursor.bytes().all(|byte| byte.is_ascii_digit()) => {
                cursor.parse::<u64>().map_err(|_| malformed())?
            }
            Some(_) => return Err(malformed()),
            None => 0,
        };
        let mut fold = Fold {
            items: Vec::new(),
            limit,
            more: false,
        };
        let mut after = start;
        loop {
            let page = self
                .sessions()
                .events(own.id(), after, PAGE)
                .await
                .map_err(|error| match error {
                    ::sessions::SessionError::CursorAhead { .. } => malformed(),
                    other => other.into(),
                })?;
            let done = page.events.is_empty();
            after = page.next_after;
            for event in page.events {
                fold.take(event);
            }
            if done || after >= page.head || fold.is_settled() {
                break;
            }
        }
        let next_cursor = fold
            .items
            .last()
            .filter(|_| fold.more)
            .map(|item| item.seq.to_string());
        Ok(ListPage {
            items: fold.items,
            next_cursor,
        })
    }
}

fn malformed() -> AppError {
    AppError::new(
        ProblemCode::InvalidCursor,
        "`cursor` must be a `next_cursor` of this list.",
    )
    .field("cursor")
}

/// The prompts of one page, brought up to date by the events that follow them.
struct Fold {
    items: Vec<PromptInfo>,
    limit: usize,
    more: bool,
}

impl Fold {
    /// Nothing that follows can change the page.
    fn is_settled(&self) -> bool {
        self.more && self.items.iter().all(|item| item.ended_at.is_some())
    }

    fn find(&mut self, id: Option<PromptId>) -> Option<&mut PromptInfo> {
        let id = id?;
        self.items.iter_mut().rev().find(|item| item.id == id)
    }

    fn take(&mut self, event: Event) {
        let Event {
            seq,
            at,
            prompt_id,
            body,
        } = event;
        match body {
            EventBody::PromptQueued(queued) => {
                let Some(id) = prompt_id else { return };
                if self.items.len() == self.limit {
                    self.more = true;
                    return;
                }
                self.items.push(PromptInfo {
                    id,
                    status: PromptStatus::Queued,
                    text: queued.text,
                    mode: queued.mode.unwrap_or_default(),
                    attachments: queued.attachments,
                    model: queued.model,
                    author: queued.author,
                    queued_at: at,
                    started_at: None,
                    ended_at: None,
                    tokens: None,
                    cost_micro_usd: None,
                    error: None,
                    cause: None,
                    seq,
                });
            }
            EventBody::PromptStarted(started) => {
                if let Some(item) = self.find(prompt_id) {
                    item.status = PromptStatus::Running;
                    item.started_at = Some(at);
                    item.model = Some(started.model);
                }
            }
            EventBody::PromptCompleted(completed) => {
                if let Some(item) = self.find(prompt_id) {
                    item.status = PromptStatus::Completed;
                    item.ended_at = Some(at);
                    item.tokens = Some(completed.tokens);
                    item.cost_micro_usd = completed.cost_micro_usd;
                }
            }
            EventBody::PromptFailed(failed) => {
                if let Some(item) = self.find(prompt_id) {
                    item.status = PromptStatus::Failed;
                    item.ended_at = Some(at);
                    item.tokens = Some(failed.tokens);
                    item.cost_micro_usd = failed.cost_micro_usd;
                    item.error = Some(failed.error);
                }
            }
            EventBody::PromptCancelled(cancelled) => {
                if let Some(item) = self.find(prompt_id) {
                    item.status = PromptStatus::Cancelled;
                    item.ended_at = Some(at);
                    item.cause = Some(cancelled.cause);
                }
            }
            _ => {}
        }
    }
}
