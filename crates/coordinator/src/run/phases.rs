//! What happens around the agent, each in one line.

use protocol::{
    EventBody,
    keeper::{Enforcement, Isolation, IsolationLevel},
    session::{SessionStatus, TurnError},
};

use crate::cli::{
    figures,
    terminal::{Paint, one_line},
};

/// The line for an event, or `None` when it is told otherwise or not worth a line.
pub(super) fn line(body: &EventBody, paint: Paint) -> Option<String> {
    Some(match body {
        EventBody::PromptQueued(prompt) if prompt.position > 0 => {
            format!("waiting behind {} others", prompt.position)
        }
        EventBody::PromptStarted(prompt) => format!("prompt started on {}", one_line(&prompt.model, 80)),
        EventBody::SandboxRequested(sandbox) => {
            format!("sandbox requested ({})", one_line(&sandbox.provider, 20))
        }
        EventBody::SandboxConnected(sandbox) => {
            let isolation = sandbox.isolation.as_ref().map(isolation).unwrap_or_default();
            format!(
                "sandbox connected after {}{isolation}",
                figures::seconds(sandbox.elapsed_ms)
            )
        }
        EventBody::SandboxLost(sandbox) => {
            paint.warn(&format!("sandbox lost: {}", one_line(&sandbox.cause, 200)))
        }
        EventBody::SandboxFailed(sandbox) => paint.bad(&format!(
            "sandbox failed: {}. {}",
            one_line(&sandbox.cause, 400),
            one_line(&sandbox.next_step, 200)
        )),
        EventBody::SandboxStopped(sandbox) => format!("sandbox stopped: {}", one_line(&sandbox.cause, 200)),
        EventBody::WorkspaceProgress(progress) => {
            let message = progress
                .message
                .as_deref()
                .map(|text| format!(": {}", one_line(text, 160)))
                .unwrap_or_default();
            let phase = one_line(&progress.phase, 20);
            match progress.state.as_str() {
                "completed" => {
                    let took = progress
                        .elapsed_ms
                        .map(|ms| format!(" in {}", figures::seconds(ms)))
                        .unwrap_or_default();
                    format!("{phase} done{took}{message}")
                }
                "failed" => paint.bad(&format!("{phase} failed{message}")),
                "started" => format!("{phase}{}", if message.is_empty() { " …" } else { &message }),
                _ => return None,
            }
        }
        EventBody::EnvironmentDetected(detected) => match &detected.plan.package_manager {
            Some(manager) => format!(
                "environment: {}{}",
                one_line(manager, 40),
                tests(&detected.plan.test)
            ),
            None => "environment: nothing recognised".to_owned(),
        },
        EventBody::AgentReady(agent) => {
            let resumed = if agent.resumed {
                ", conversation goes on"
            } else {
                ""
            };
            format!(
                "{} {} ready in {}{resumed}",
                one_line(&agent.agent, 40),
                one_line(&agent.version, 40),
                figures::seconds(agent.elapsed_ms)
            )
        }
        EventBody::ModelRetrying(retry) => paint.warn(&format!(
            "model asked again (try {}): {}",
            retry.attempt,
            one_line(&retry.message, 200)
        )),
        EventBody::PlanUpdated(plan) => {
            let done = plan
                .items
                .iter()
                .filter(|item| item.status == "completed")
                .count();
            format!("plan: {done} of {} done", plan.items.len())
        }
        EventBody::FileChanged(file) => format!("changed {}", one_line(&file.path, 160)),
        EventBody::EgressDecided(egress) if egress.decision != "allowed" => paint.warn(&format!(
            "no way out to {}:{}: {}",
            one_line(&egress.host, 100),
            egress.port,
            one_line(&egress.reason, 200)
        )),
        EventBody::ErrorRaised(raised) => paint.bad(&error(&raised.error)),
        EventBody::SessionStatusChanged(change) if change.status == SessionStatus::Failed => {
            paint.bad(&format!("session failed: {}", one_line(&change.why.message, 400)))
        }
        EventBody::PermissionResolved(resolved) => {
            format!("permission answered: {:?}", resolved.reply).to_lowercase()
        }
        _ => return None,
    })
}

fn tests(commands: &[String]) -> String {
    commands
        .first()
        .map(|command| format!(" (test: {})", one_line(command, 80)))
        .unwrap_or_default()
}

/// Cause and next step.
pub(super) fn error(error: &TurnError) -> String {
    let mut text = format!(
        "{} ({}). {}",
        one_line(&error.message, 600),
        one_line(&error.code, 40),
        one_line(&error.next_step, 300)
    );
    if let Some(detail) = &error.detail {
        let clean = crate::cli::terminal::harmless(detail);
        let lines: Vec<&str> = clean.lines().collect();
        for line in &lines[lines.len().saturating_sub(15)..] {
            text.push_str(&format!("\n    {line}"));
        }
    }
    text
}

fn isolation(isolation: &Isolation) -> String {
    let level = match isolation.level {
        IsolationLevel::Full => "full",
        IsolationLevel::Reduced => "reduced",
        IsolationLevel::None => "NO",
    };
    let held = if isolation.memory == Enforcement::Hard {
        "hard"
    } else {
        "watched"
    };
    format!(
        ": {level} isolation, memory {} ({held})",
        figures::bytes(isolation.limits.memory_bytes)
    )
}
