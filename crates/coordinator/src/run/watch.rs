//! The loop of `run`: events in, text out, answers and interrupts back, until the prompt has ended.

use std::time::Duration;

use anyhow::{Context as _, Result};
use protocol::{Event, EventBody, PromptId, SessionId, session::TurnError};
use reqwest::Method;
use serde_json::json;
use tokio::time::MissedTickBehavior;

use super::{
    Follower, RunArgs, Seen, Transcript,
    ask::{self, Asks},
    phases,
    start::{Started, start},
};
use crate::{
    cli::{
        figures,
        terminal::{self, Paint},
    },
    client::{Api, Endpoint},
};

/// How the prompt ended; also the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Completed,
    Failed,
    Cancelled,
    /// Somebody has to answer, and nobody is here.
    Waiting,
    /// The person left; the session goes on.
    Left,
}

impl Ending {
    fn code(self) -> u8 {
        match self {
            Self::Completed => 0,
            Self::Failed => 1,
            Self::Cancelled | Self::Left => 2,
            Self::Waiting => 3,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Waiting => "waiting",
            Self::Left => "left",
        }
    }
}

/// Runs the command; answers the exit code.
///
/// # Errors
/// When the server refuses or is away for good.
pub async fn run(arguments: RunArgs) -> Result<u8> {
    let api = Api::new(Endpoint::find(&arguments.client)?)?;
    let started = start(&api, &arguments).await?;
    if !arguments.json {
        terminal::say(format!("session {}", started.session));
    }
    let mut watch = Watch::new(api, &started, arguments.json);
    let ending = watch.until_end().await?;
    watch.finish(ending);
    Ok(ending.code())
}

struct Watch {
    api: Api,
    session: SessionId,
    prompt: Option<PromptId>,
    follower: Follower,
    transcript: Transcript,
    asks: Asks,
    json: bool,
    paint: Paint,
    last: Option<Event>,
    /// The error shown last, so that it is not told twice.
    told: Option<TurnError>,
    /// Whether the agent used a tool: there may be changes to look at.
    worked: bool,
}

impl Watch {
    fn new(api: Api, started: &Started, json: bool) -> Self {
        let paint = if json { Paint::default() } else { Paint::detect() };
        Self {
            follower: Follower::new(api.clone(), started.session, started.after),
            session: started.session,
            prompt: started.prompt,
            transcript: Transcript::new(paint, !json && terminal::can_rewrite()),
            asks: Asks::new(started.session, paint),
            api,
            json,
            paint,
            last: None,
            told: None,
            worked: false,
        }
    }

    async fn until_end(&mut self) -> Result<Ending> {
        let interactive = !self.json && terminal::is_interactive();
        let mut typed = interactive.then(ask::typed_lines);
        let mut interrupts = 0;
        let mut seconds = tokio::time::interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                seen = self.follower.next() => {
                    if let Some(ending) = self.seen(seen?, interactive)? {
                        return Ok(ending);
                    }
                }
                _ = seconds.tick() => terminal::out(&self.transcript.tick()),
                pressed = tokio::signal::ctrl_c() => {
                    pressed.context("Ctrl-C")?;
                    interrupts += 1;
                    if interrupts > 1 {
                        return Ok(Ending::Left);
                    }
                    terminal::out(self.transcript.pause());
                    terminal::note("\ninterrupting; press Ctrl-C again to leave the session to itself");
                    self.api.change(Method::POST, &format!("/v1/sessions/{}/interrupt", self.session), None).await?;
                }
                line = next_line(typed.as_mut()), if !self.asks.is_empty() => match line {
                    Some(line) => {
                        if self.asks.answer(&self.api, &line).await? {
                            terminal::out(&self.asks.text());
                        }
                        self.transcript.hold(!self.asks.is_empty());
                    }
                    None => return Ok(Ending::Waiting),
                },
            }
        }
    }

    fn seen(&mut self, seen: Seen, interactive: bool) -> Result<Option<Ending>> {
        match seen {
            Seen::Event(event) => {
                self.show(&event)?;
                match &event.body {
                    EventBody::ErrorRaised(raised) => self.told = Some(raised.error.clone()),
                    EventBody::ToolCallStarted(_) | EventBody::FileChanged(_) => self.worked = true,
                    _ => {}
                }
                let ending = self.ending(&event);
                let ask = self.asks.note(&event.body);
                self.transcript.hold(!self.asks.is_empty());
                self.last = Some(*event);
                if ending.is_some() {
                    return Ok(ending);
                }
                if ask && interactive {
                    let text = self.asks.text();
                    terminal::out(&self.transcript.end_line());
                    terminal::out(&text);
                }
            }
            Seen::Delta(delta) if !self.json => terminal::out(&self.transcript.delta(&delta)),
            Seen::Lost { reason, wait } => {
                terminal::out(self.transcript.pause());
                terminal::note(self.paint.warn(&format!(
                    "{reason}; trying again in {}, nothing is lost",
                    figures::span(wait)
                )));
            }
            Seen::Back => {
                terminal::out(self.transcript.pause());
                terminal::note(self.paint.good("connected again"));
            }
            Seen::Delta(_) | Seen::CaughtUp => {}
        }
        // What was asked and answered in the past is no reason to stop; only what is open now.
        if !interactive && self.follower.is_live() && !self.asks.is_empty() {
            return Ok(Some(Ending::Waiting));
        }
        Ok(None)
    }

    fn show(&mut self, event: &Event) -> Result<()> {
        if self.json {
            terminal::say(serde_json::to_string(event)?);
        } else {
            terminal::out(&self.transcript.event(event));
        }
        Ok(())
    }

    fn ending(&mut self, event: &Event) -> Option<Ending> {
        if self.prompt.is_none() && matches!(event.body, EventBody::PromptQueued(_)) {
            self.prompt = event.prompt_id;
        }
        if let EventBody::SessionDeleted(_) | EventBody::SessionArchived(_) = event.body {
            return Some(Ending::Cancelled);
        }
        if self.prompt.is_none() || event.prompt_id != self.prompt {
            return None;
        }
        match event.body {
            EventBody::PromptCompleted(_) => Some(Ending::Completed),
            EventBody::PromptFailed(_) => Some(Ending::Failed),
            EventBody::PromptCancelled(_) => Some(Ending::Cancelled),
            _ => None,
        }
    }

    fn finish(&mut self, ending: Ending) {
        let body = self.last.as_ref().map(|event| &event.body);
        let (tokens, cost, ms) = match body {
            Some(EventBody::PromptCompleted(done)) => {
                (Some(done.tokens), done.cost_micro_usd, Some(done.duration_ms))
            }
            Some(EventBody::PromptFailed(failed)) => (
                Some(failed.tokens),
                failed.cost_micro_usd,
                Some(failed.duration_ms),
            ),
            _ => (None, None, None),
        };
        if self.json {
            let asks: Vec<String> = self.asks.elsewhere();
            terminal::say(json!({
                "type": "result",
                "outcome": ending.word(),
                "session_id": self.session,
                "prompt_id": self.prompt,
                "cursor": self.follower.cursor(),
                "tokens": tokens,
                "cost_micro_usd": cost,
                "duration_ms": ms,
                "waiting_for": asks,
            }));
            return;
        }
        if let Some(EventBody::PromptFailed(failed)) = body
            && self.told.as_ref() != Some(&failed.error)
        {
            let text = self.paint.bad(&phases::error(&failed.error));
            terminal::out(&self.transcript.line(&text));
        }
        for text in self.asks.elsewhere() {
            terminal::out(&self.transcript.line(&text));
        }
        let mut facts = vec![match ending {
            Ending::Completed => self.paint.good("completed"),
            Ending::Failed => self.paint.bad("failed"),
            Ending::Cancelled => self.paint.warn("cancelled"),
            Ending::Waiting => self.paint.warn("waiting for an answer"),
            Ending::Left => self.paint.warn("left; the session goes on"),
        }];
        facts.extend(ms.map(figures::seconds));
        if let Some(tokens) = tokens {
            facts.push(figures::tokens(tokens));
            facts.push(figures::money(cost));
        }
        terminal::out(&self.transcript.line(&facts.join(" · ")));
        let (session, me) = (self.session, terminal::me());
        terminal::out(self.transcript.pause());
        if ending == Ending::Left {
            terminal::say(format!("look:    {me} sessions events {session}"));
        }
        if self.worked {
            terminal::say(format!("changes: {me} sessions diff {session}"));
        }
        terminal::say(format!("go on:   {me} run \"…\" --session {session}"));
    }
}

async fn next_line(typed: Option<&mut tokio::sync::mpsc::Receiver<String>>) -> Option<String> {
    match typed {
        Some(typed) => typed.recv().await,
        None => std::future::pending().await,
    }
}
