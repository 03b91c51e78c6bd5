//! `sessions`: list, show and drive them. Taking the work out is in [`super::sessions_work`].

use anyhow::Result;
use clap::{Args, Subcommand};
use protocol::{SessionId, keeper::Isolation};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Usage, artifacts, bundles, figures,
    list::{self, Common, Paging},
    replay, sessions_work as work,
    terminal::{self, Paint, one_line},
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Newest first
    List {
        /// Only those in this status, for example running or failed
        #[arg(long)]
        status: Option<String>,
        /// Archived ones too
        #[arg(long)]
        archived: bool,
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// One session, and why it is in its state
    Show(One),
    /// What happened in a session
    Events(work::EventsArgs),
    /// The work of a session as a patch
    Diff(One),
    /// Add a prompt; returns at once (`run --session` streams)
    Prompt {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// What the agent is to do; passed on verbatim
        text: String,
        /// Model for this prompt
        #[arg(long)]
        model: Option<String>,
        /// `queue` after those that wait, `steer` before them, `interrupt` ends the running turn and runs next
        #[arg(long, value_parser = ["queue", "steer", "interrupt"])]
        mode: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// End the running turn now
    Interrupt(One),
    /// Stop the sandbox; workspace and conversation are kept
    Hibernate(One),
    /// Start the sandbox again
    Wake(One),
    /// Answer a permission request (once, always, reject) or a question (your answer)
    Answer {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// Id of the permission request or question
        id: String,
        /// once, always or reject for a permission; one answer for each question otherwise
        #[arg(required = true)]
        answer: Vec<String>,
        /// Told to the agent along with `reject`
        #[arg(long)]
        message: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Close a session; its history stays
    Archive(One),
    /// Files that a session leaves behind
    Artifacts(artifacts::ArtifactsArgs),
    /// Remove a session with everything of it
    Delete {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// Do not ask
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        common: Common,
    },
    /// The whole session as one file: log, artifacts, home and workspace, with a hash of each
    #[command(
        after_long_help = "Example:\n  coordinator sessions export ses_… --output work.bundle.tar\n\nA sandbox that the session has is stopped first. While the session works or prompts wait nothing is exported."
    )]
    Export(bundles::ExportArgs),
    /// Make a session of an exported one, here or on another server
    #[command(
        after_long_help = "Example:\n  coordinator sessions import work.bundle.tar\n\nThe session gets a new id. A bundle of which a single byte was changed is refused."
    )]
    Import(bundles::ImportArgs),
    /// Drive an exported session's machine again, step by step; needs no server
    #[command(
        after_long_help = "Example:\n  coordinator sessions replay work.bundle.tar --until 20\n\nExit code 1 when the log does not keep the machine's promises."
    )]
    Replay(replay::ReplayArgs),
    /// List a directory of the workspace, or print a file
    Files(work::FilesArgs),
    /// Download the workspace as a tar file
    ArchiveDownload(work::ArchiveArgs),
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// Id of the session, as `sessions list` shows it
    #[arg(value_name = "SESSION_ID")]
    pub(super) session: SessionId,
    #[command(flatten)]
    pub(super) common: Common,
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List {
            status,
            archived,
            paging,
            common,
        } => {
            let mut path = format!("/v1/sessions?include_archived={archived}");
            if let Some(status) = status {
                path.push_str(&format!("&status={}", escape(&status)));
            }
            let answer = list::all(&common.api()?, &path, &paging).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("status", "status"),
                    ("updated", "updated_at"),
                    ("title", "title"),
                    ("model", "model"),
                    ("cost", "cost_micro_usd"),
                    ("repository", "repository.url"),
                ];
                list::table(
                    answer,
                    &columns,
                    ("no sessions yet", "run \"run: uname -a\" --model demo/scripted"),
                )
            })
        }
        Command::Show(one) => {
            let answer = one
                .common
                .api()?
                .get(&format!("/v1/sessions/{}", one.session))
                .await?;
            one.common.show(&answer, show)
        }
        Command::Events(arguments) => work::events(arguments).await,
        Command::Diff(one) => work::diff(one).await,
        Command::Prompt {
            session,
            text,
            model,
            mode,
            common,
        } => {
            let mut body = json!({ "text": text });
            if let Some(mode) = mode {
                body["mode"] = json!(mode);
            }
            if let Some(model) = model {
                body["model"] = json!(model);
            }
            let answer = common
                .api()?
                .change(
                    Method::POST,
                    &format!("/v1/sessions/{session}/prompts"),
                    Some(&body),
                )
                .await?;
            common.show(&answer, |answer| {
                format!(
                    "{} {} (position {})\n",
                    list::cell(answer, "id"),
                    list::cell(answer, "status"),
                    list::cell(answer, "position")
                )
            })
        }
        Command::Interrupt(one) => post(one, "interrupt", "interrupting").await,
        Command::Hibernate(one) => post(one, "hibernate", "hibernating").await,
        Command::Wake(one) => post(one, "wake", "waking").await,
        Command::Archive(one) => post(one, "archive", "archived").await,
        Command::Answer {
            session,
            id,
            answer,
            message,
            common,
        } => answer_to(session, &id, answer, message, &common).await,
        Command::Delete { session, yes, common } => {
            if !yes && !confirmed(session)? {
                return Err(Usage("nothing was deleted; --yes deletes without asking".into()).into());
            }
            let answer = common
                .api()?
                .change(Method::DELETE, &format!("/v1/sessions/{session}"), None)
                .await?;
            common.show(&answer, |_| format!("deleted {session}\n"))
        }
        Command::Artifacts(arguments) => artifacts::run(arguments).await,
        Command::Export(arguments) => bundles::export(arguments).await,
        Command::Import(arguments) => bundles::import(arguments).await,
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Files(arguments) => work::files(arguments).await,
        Command::ArchiveDownload(arguments) => work::archive(arguments).await,
    }
}

async fn post(one: One, verb: &str, done: &str) -> Result<u8> {
    let path = format!("/v1/sessions/{}/{verb}", one.session);
    let answer = one.common.api()?.change(Method::POST, &path, None).await?;
    one.common.show(&answer, |_| format!("{done} {}\n", one.session))
}

async fn answer_to(
    session: SessionId,
    id: &str,
    answer: Vec<String>,
    message: Option<String>,
    common: &Common,
) -> Result<u8> {
    let api = common.api()?;
    let pending = api.get(&format!("/v1/sessions/{session}")).await?;
    let is_question = pending
        .pointer("/pending/questions")
        .and_then(Value::as_array)
        .is_some_and(|ids| ids.iter().any(|open| open.as_str() == Some(id)));
    let (kind, body) = if is_question {
        (
            "questions",
            json!({ "answers": answer.into_iter().map(|one| vec![one]).collect::<Vec<_>>() }),
        )
    } else {
        let [reply] = answer.as_slice() else {
            return Err(Usage("a permission takes one answer: once, always or reject".into()).into());
        };
        if !["once", "always", "reject"].contains(&reply.as_str()) {
            return Err(Usage(format!(
                "`{reply}` is no answer to a permission request: once, always or reject"
            ))
            .into());
        }
        let mut body = json!({ "reply": reply });
        if let Some(message) = message {
            body["message"] = json!(message);
        }
        ("permissions", body)
    };
    let path = format!("/v1/sessions/{session}/{kind}/{}", escape(id));
    let reply = api.change(Method::POST, &path, Some(&body)).await?;
    common.show(&reply, |_| format!("answered {id}\n"))
}

fn confirmed(session: SessionId) -> Result<bool> {
    if !terminal::is_interactive() {
        return Ok(false);
    }
    terminal::out(&format!(
        "Remove {session} with its workspace, history and runs? (y/n) "
    ));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "yes"))
}

/// Level, and how each limit is held.
fn isolation_text(isolation: &Isolation) -> String {
    let limits = isolation.limits;
    let word = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    let mut text = format!(
        "{}; memory {} ({}), {} processes ({}), {} cores ({}), disk {} ({})",
        word(&isolation.level),
        figures::bytes(limits.memory_bytes),
        word(&isolation.memory),
        limits.pids,
        word(&isolation.pids),
        limits.cpu_milli as f64 / 1000.0,
        word(&isolation.cpu),
        figures::bytes(limits.disk_bytes),
        word(&isolation.disk),
    );
    for note in &isolation.notes {
        text.push_str(&format!("; {}", one_line(note, 200)));
    }
    text
}

fn show(session: &Value) -> String {
    let paint = Paint::detect();
    let cell = |path: &str| one_line(&list::cell(session, path), 200);
    let title = Some(cell("title"))
        .filter(|title| title != "-")
        .unwrap_or_default();
    let mut text = format!("{} {title}", paint.bold(&cell("id")))
        .trim_end()
        .to_owned()
        + "\n";
    let mut line = |name: &str, value: String| {
        if value != "-" && !value.is_empty() {
            text.push_str(&format!("  {} {value}\n", paint.dim(&format!("{name:<11}"))));
        }
    };
    line("status", cell("status"));
    line("why", cell("why.message"));
    if cell("why.next_step") != "-" {
        line(
            "next",
            format!("{} at {}", cell("why.next_step"), cell("why.deadline")),
        );
    }
    line("agent", cell("agent"));
    line("model", cell("model"));
    line(
        "repository",
        [cell("repository.url"), cell("repository.ref")]
            .join(" ")
            .trim_end_matches(" -")
            .to_owned(),
    );
    line(
        "sandbox",
        format!("{} {}", cell("sandbox.id"), cell("sandbox.phase")).replace("- -", "-"),
    );
    let isolation = session
        .pointer("/sandbox/isolation")
        .and_then(|value| serde_json::from_value(value.clone()).ok());
    line(
        "isolation",
        isolation.as_ref().map(isolation_text).unwrap_or_default(),
    );
    line("running", cell("running_prompt_id"));
    line("queue", cell("queue"));
    line("permissions", cell("pending.permissions"));
    line("questions", cell("pending.questions"));
    let number = |path: &str| session.pointer(path).and_then(Value::as_u64).unwrap_or(0);
    line(
        "tokens",
        format!(
            "{} in, {} out",
            figures::grouped(number("/tokens/input")),
            figures::grouped(number("/tokens/output"))
        ),
    );
    let cost = session.get("cost_micro_usd").and_then(Value::as_i64);
    line("cost", figures::money(cost.map(protocol::MicroUsd)));
    line("created", cell("created_at"));
    line("updated", cell("updated_at"));
    line("events", cell("head"));
    text
}
