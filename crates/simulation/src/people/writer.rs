//! Sends requests, each again until it is answered: prompts with their key, and all else that a person does.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use domain::session::{Command, Prompt, Reply};
use ports::Clock;
use protocol::{PromptId, SessionId, session::PromptMode};
use sessions::{Answer, SessionError};

use super::{
    author, binding,
    call::{Outcome, call, entry},
};
use crate::world::{Shared, lock};

/// Tries of a request that may fail for good reason, such as an interrupt.
const TRIES: u32 = 4;

pub(crate) struct Writer {
    place: usize,
    number: usize,
    script: Mutex<VecDeque<Request>>,
    /// Its prompts that were accepted, in order.
    sent: Mutex<Vec<PromptId>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    Prompt(u64),
    /// A prompt that was accepted, once more: the answer got lost on the way to some proxy.
    Again(u64),
    /// Its key with another text.
    Otherwise(u64),
    CancelLast,
    Interrupt,
    Hibernate,
    Wake,
    Rename,
    View,
    Archive,
    Delete,
}

impl Writer {
    pub(crate) fn new(world: &Shared, place: usize, number: usize) -> Self {
        let mut script = VecDeque::new();
        for n in 0..world.plan.requests {
            let request = world.draw(|rng| match rng.below(24) {
                0..12 => Request::Prompt(n),
                12..14 => Request::CancelLast,
                14..17 => Request::Interrupt,
                17 => Request::Hibernate,
                18 => Request::Wake,
                19 => Request::Rename,
                20 => Request::View,
                _ => Request::Prompt(n),
            });
            script.push_back(request);
            if let Request::Prompt(n) = request {
                match world.draw(|rng| rng.below(8)) {
                    0 => script.push_back(Request::Again(n)),
                    1 => script.push_back(Request::Otherwise(n)),
                    _ => {}
                }
            }
        }
        if number == 0 && world.plan.may_delete {
            script.push_back(if world.chance(500) {
                Request::Archive
            } else {
                Request::Delete
            });
        }
        Self {
            place,
            number,
            script: Mutex::new(script),
            sent: Mutex::default(),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        lock(&self.script).is_empty()
    }

    pub(crate) async fn live(self: Arc<Self>, world: Shared) {
        let Some(spot) = world.sessions.get(self.place) else {
            return;
        };
        let id = spot.id().await;
        loop {
            let Some(request) = lock(&self.script).front().copied() else {
                return;
            };
            world.sleep(1, world.plan.think_ms).await;
            if world.oracle().is_deleted(id) {
                lock(&self.script).clear();
                return;
            }
            world.count("requests");
            self.carry_out(&world, id, request).await;
            lock(&self.script).pop_front();
        }
    }

    async fn carry_out(&self, world: &Shared, id: SessionId, request: Request) {
        let by = author();
        match request {
            Request::Prompt(n) | Request::Again(n) => self.prompt(world, id, n, 1).await,
            Request::Otherwise(n) => self.prompt(world, id, n, 2).await,
            Request::CancelLast => {
                let Some(prompt) = lock(&self.sent).last().copied() else {
                    return;
                };
                let command = Command::Cancel {
                    prompt_id: prompt,
                    by,
                };
                self.try_command(world, id, command, Some(prompt)).await;
            }
            Request::Interrupt => self.try_command(world, id, Command::Interrupt { by }, None).await,
            Request::Hibernate => self.try_command(world, id, Command::Hibernate { by }, None).await,
            Request::Wake => self.try_command(world, id, Command::Wake { by }, None).await,
            Request::Rename => {
                let title = format!("title of {}", self.number);
                self.try_command(world, id, Command::Rename { title, by }, None)
                    .await;
            }
            Request::View => self.view(world, id).await,
            Request::Archive => self.try_command(world, id, Command::Archive { by }, None).await,
            Request::Delete => {
                self.try_command(world, id, Command::Delete { by: Some(by) }, None)
                    .await
            }
        }
    }

    /// Until it is known to be accepted or refused. Each attempt is a request of its own: only the key is the same.
    async fn prompt(&self, world: &Shared, id: SessionId, n: u64, body: u8) {
        let key = format!("prompt {} {n}", self.number);
        loop {
            let (at, name, told) = (Arc::clone(world), key.clone(), key.clone());
            let outcome = call(
                world,
                move |host| {
                    let prompt = Box::new(prompt(&at));
                    let entry = entry(&at, &name, body);
                    async move { host.command(id, Command::Enqueue(prompt), Some(entry)).await }
                },
                move |world, answer| {
                    if let Reply::Queued { prompt_id, .. } = answer.reply() {
                        let held = world.oracle().told_queued(id, Some(&told), *prompt_id);
                        world.judge(held);
                    }
                },
            )
            .await;
            match outcome {
                Outcome::Answered(answer) => {
                    if let Reply::Queued { prompt_id, .. } = answer.reply() {
                        world.note(|| format!("{prompt_id} is accepted in {id}"));
                        lock(&self.sent).push(*prompt_id);
                    }
                    if matches!(answer, Answer::Replayed(_)) {
                        world.count("requests replayed");
                    }
                    return;
                }
                Outcome::Refused(SessionError::NotFound) if !world.oracle().is_deleted(id) => {
                    return world.judge(Err(format!("I1: {id} was announced and is not found")));
                }
                Outcome::Refused(SessionError::IdempotencyConflict) if body == 1 => {
                    // Only possible where the other text came first.
                    return world.note(|| format!("{key} stands for another text"));
                }
                Outcome::Refused(error) => {
                    return world.note_error("a prompt is refused", error);
                }
                Outcome::Unknown => world.sleep(1, 2_000).await,
            }
        }
    }

    async fn try_command(&self, world: &Shared, id: SessionId, command: Command, cancels: Option<PromptId>) {
        for _ in 0..TRIES {
            let command = command.clone();
            let outcome = call(
                world,
                move |host| {
                    let command = command.clone();
                    async move { host.command(id, command, None).await }
                },
                move |world, _| {
                    if let Some(prompt) = cancels {
                        let held = world.oracle().told_cancelled(id, prompt);
                        world.judge(held);
                    }
                },
            )
            .await;
            match outcome {
                Outcome::Answered(_) => return,
                Outcome::Refused(error) => return world.note_error("refused", error),
                Outcome::Unknown => world.sleep(1, 1_000).await,
            }
        }
    }

    async fn view(&self, world: &Shared, id: SessionId) {
        let outcome = call(
            world,
            move |host| async move { host.view(id).await },
            move |world, view| {
                let held = world.oracle().told_view(id, view);
                world.judge(held);
            },
        )
        .await;
        if let Outcome::Refused(error) = outcome {
            world.note_error("a view is refused", error);
        }
    }
}

fn prompt(world: &Shared) -> Prompt {
    Prompt {
        id: PromptId::new(
            world.clock.now().as_ms(),
            u128::from(world.draw(crate::rng::Rng::next)),
        ),
        text: "do it".into(),
        attachments: Arc::default(),
        author: author(),
        model: "demo/scripted".into(),
        binding: binding(),
        mode: world.draw(|rng| {
            rng.pick(
                &[
                    PromptMode::Queue,
                    PromptMode::Queue,
                    PromptMode::Queue,
                    PromptMode::Steer,
                    PromptMode::Interrupt,
                ],
                PromptMode::Queue,
            )
        }),
        queued_at: world.clock.now(),
        queued_seq: 0,
    }
}
