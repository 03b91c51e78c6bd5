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

/// What goes on after an event, for a line that is replaced by the next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Activity {
    /// As before.
    Same,
    Now(String),
    Nothing,
}

/// What goes on after this event.
pub(super) fn activity(body: &EventBody) -> Activity {
    Activity::Now(match body {
        EventBody::SandboxRequested(_) => "starting a sandbox".into(),
        EventBody::SandboxConnected(_) => "preparing the workspace".into(),
        EventBody::WorkspaceProgress(progress) if progress.state == "started" => {
            beginning(&progress.phase, progress.message.as_deref())
        }
        EventBody::WorkspaceProgress(progress) if progress.state == "running" => {
            let percent = progress
                .percent
                .map(|percent| format!(" {percent} %"))
                .unwrap_or_default();
            let step = progress.message.as_deref().unwrap_or_default();
            format!(
                "{}: {}{percent}",
                one_line(&progress.phase, 20),
                one_line(step, 100)
            )
        }
        EventBody::AgentReady(_)
        | EventBody::PromptStarted(_)
        | EventBody::MessageText(_)
        | EventBody::MessageReasoning(_)
        | EventBody::ToolCallCompleted(_)
        | EventBody::PermissionResolved(_)
        | EventBody::QuestionAnswered(_)
        | EventBody::ModelRetrying(_) => "waiting for the model".into(),
        EventBody::ToolCallStarted(call) => format!("running {}", one_line(&call.tool, 40)),
        EventBody::PermissionRequested(_)
        | EventBody::QuestionAsked(_)
        | EventBody::PromptCompleted(_)
        | EventBody::PromptFailed(_)
        | EventBody::PromptCancelled(_)
        | EventBody::SandboxFailed(_)
        | EventBody::SandboxLost(_)
        | EventBody::SessionArchived(_)
        | EventBody::SessionDeleted(_) => return Activity::Nothing,
        _ => return Activity::Same,
    })
}

fn beginning(phase: &str, message: Option<&str>) -> String {
    let message = one_line(message.unwrap_or_default(), 160);
    match phase {
        "clone" if message.contains("://") => format!("cloning {message}"),
        "agent" => format!("starting {message}"),
        phase if message.is_empty() => one_line(phase, 20),
        phase => format!("{}: {message}", one_line(phase, 20)),
    }
}

/// The end of a phase of the workspace.
fn ended(phase: &str, message: &str, took: &str) -> String {
    match phase {
        "clone" if message.contains("://") => format!("cloned {message}{took}"),
        "clone" => format!("workspace {message}"),
        "checkout" if message.len() >= 40 && message.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("checked out {}{took}", &message[..12])
        }
        phase if message.is_empty() => format!("{phase} done{took}"),
        phase => format!("{phase} done{took}: {message}"),
    }
}

/// The line for an event, or `None` when it is told otherwise or not worth a line. `live` means that beginnings are
/// shown by a line that is replaced, so they need none of their own.
pub(super) fn line(body: &EventBody, paint: Paint, live: bool) -> Option<String> {
    Some(match body {
        EventBody::PromptQueued(prompt) if prompt.position > 0 => {
            format!("waiting behind {} others", prompt.position)
        }
        EventBody::PromptStarted(prompt) => format!("prompt started on {}", one_line(&prompt.model, 80)),
        EventBody::SandboxRequested(_) if live => return None,
        EventBody::SandboxRequested(_) => "starting a sandbox".to_owned(),
        EventBody::SandboxConnected(sandbox) => {
            let isolation = sandbox.isolation.as_ref().map(isolation).unwrap_or_default();
            format!(
                "sandbox ready in {}{isolation}",
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
            let message = one_line(progress.message.as_deref().unwrap_or_default(), 160);
            let phase = one_line(&progress.phase, 20);
            match (phase.as_str(), progress.state.as_str()) {
                (_, "failed") => paint.bad(&format!("{phase} failed: {message}")),
                // The sandbox's own line and the agent's tell these.
                ("connect", _) | ("agent", "completed") => return None,
                (_, "completed") => {
                    let took = progress
                        .elapsed_ms
                        .map(|ms| format!(" in {}", figures::seconds(ms)));
                    ended(&phase, &message, &took.unwrap_or_default())
                }
                ("clone" | "setup" | "agent", "started") if !live && !message.is_empty() => {
                    beginning(&phase, Some(&message))
                }
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
        "{} ({})\n    {}",
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

#[cfg(test)]
mod tests {
    use protocol::event::WorkspaceProgress;

    use super::*;

    fn progress(phase: &str, state: &str, message: &str) -> EventBody {
        WorkspaceProgress {
            phase: phase.into(),
            state: state.into(),
            message: (!message.is_empty()).then(|| message.into()),
            elapsed_ms: Some(1200),
            percent: (state == "running").then_some(34),
        }
        .into()
    }

    #[test]
    fn each_phase_takes_one_line() {
        let paint = Paint::default();
        let url = "https://example.org/x.git";
        assert_eq!(line(&progress("clone", "started", url), paint, true), None);
        assert_eq!(
            activity(&progress("clone", "started", url)),
            Activity::Now(format!("cloning {url}"))
        );
        assert_eq!(
            activity(&progress("clone", "running", "Receiving objects")),
            Activity::Now("clone: Receiving objects 34 %".into())
        );
        assert_eq!(
            line(&progress("clone", "completed", url), paint, true).unwrap(),
            format!("cloned {url} in 1.2 s")
        );
        assert_eq!(
            line(&progress("checkout", "completed", &"ab".repeat(20)), paint, true).unwrap(),
            "checked out abababababab in 1.2 s"
        );
        assert_eq!(
            line(&progress("clone", "started", url), paint, false).unwrap(),
            format!("cloning {url}")
        );
    }
}
