//! `sessions replay`: drives the session machine again from a bundle's log, without a server, and says what every fact
//! did. Ends with 1 when the log does not keep the machine's promises.

use std::{fs::File, path::PathBuf};

use anyhow::{Context as _, Result};
use bundle::{Replay, StatusChange, Step, Violation};
use clap::Args;
use protocol::{Timestamp, session::SessionStatus};
use serde_json::{Value, json};

use super::{
    bundles::generous,
    figures,
    terminal::{self, Paint, one_line},
};

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The bundle
    #[arg(value_name = "FILE")]
    bundle: PathBuf,
    /// Stop after the event with this seq
    #[arg(long, value_name = "SEQ")]
    until: Option<u64>,
    /// One JSON document a line: each fact, then a summary
    #[arg(long)]
    json: bool,
}

pub(super) fn replay(arguments: &ReplayArgs) -> Result<u8> {
    let shown = arguments.bundle.display().to_string();
    let mut file = File::open(&arguments.bundle).with_context(|| shown.clone())?;
    let checked = bundle::check(&mut file, &generous()).with_context(|| shown.clone())?;
    let mut screen = Screen {
        json: arguments.json,
        paint: Paint::detect(),
        last: None,
    };
    screen.head(&checked.manifest);
    let mut replay = Replay::default();
    let mut whole = true;
    for line in checked.lines(&mut file)? {
        let (line, fact) = line?;
        if arguments
            .until
            .is_some_and(|until| line.seq.is_some_and(|seq| seq > until))
        {
            whole = false;
            break;
        }
        let step = replay.step(&line, &fact);
        screen.step(&step);
    }
    // Of a part nothing can be said as a whole.
    let left = if whole { replay.finish() } else { Vec::new() };
    screen.end(&replay, &left, whole);
    Ok(u8::from(replay.violations() > 0))
}

struct Screen {
    json: bool,
    paint: Paint,
    last: Option<Timestamp>,
}

impl Screen {
    fn head(&self, manifest: &bundle::Manifest) {
        if self.json {
            return;
        }
        let title = manifest.session.title.as_deref().unwrap_or("no title");
        terminal::say(format!(
            "{}  {}",
            self.paint.bold(&manifest.origin.session.to_string()),
            one_line(title, 100)
        ));
        terminal::say(self.paint.dim(&format!(
            "{} facts, {} events, {} {}; exported {} from {}; time limits of alarms are the defaults",
            figures::grouped(manifest.counts.facts),
            figures::grouped(manifest.counts.events),
            figures::grouped(manifest.counts.prompts),
            if manifest.counts.prompts == 1 {
                "prompt"
            } else {
                "prompts"
            },
            manifest.made_at,
            one_line(&manifest.origin.installation, 100),
        )));
        terminal::say("");
    }

    fn step(&mut self, step: &Step) {
        if self.json {
            return terminal::say(document(step));
        }
        let paint = self.paint;
        let passed = self.last.map_or(0, |last| step.at.since(last).as_millis());
        self.last = Some(step.at);
        let seq = step.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        let name = format!("{:<24}", one_line(&step.kind, 24));
        let name = if step.seq.is_some() {
            name
        } else {
            paint.dim(&name)
        };
        let mut text = format!(
            "{} {} {} {name}",
            paint.dim(&format!("{:>6}", step.position)),
            format_args!("{seq:>6}"),
            paint.dim(&format!("{} {:>8}", clock(step.at), span(passed))),
        );
        if let Some(told) = &step.told {
            text.push_str(&format!(
                " {} {} {}  {}",
                word(told.before),
                paint.dim("→"),
                paint.bold(&word(told.after)),
                paint.dim(&one_line(&format!("{}: {}", told.cause, told.message), 110)),
            ));
        } else if let Some(change) = &step.status {
            // On the way, within one commit; what it comes to is told by an event of its own.
            let way = format!(" {} → {}", word(change.before), word(change.after));
            text.push_str(&paint.dim(&way));
        }
        terminal::say(text.trim_end());
        let mut alarms: Vec<String> = step
            .armed
            .iter()
            .map(|armed| {
                let sign = if armed.moved { "~" } else { "+" };
                format!("{sign}{} {}", armed.alarm, clock(armed.at))
            })
            .collect();
        alarms.extend(step.disarmed.iter().map(|alarm| format!("-{alarm}")));
        if !alarms.is_empty() {
            terminal::say(paint.dim(&format!("{:38}alarms {}", "", alarms.join(", "))));
        }
        self.complain(&step.violations);
    }

    fn complain(&self, violations: &[Violation]) {
        for violation in violations {
            terminal::say(format!(
                "{} {} {}",
                self.paint.dim(&format!("{:>6}", violation.position)),
                self.paint.bad("violated:"),
                one_line(&violation.what, 300)
            ));
        }
    }

    fn end(&self, replay: &Replay, left: &[Violation], whole: bool) {
        let state = replay.state();
        let status = domain::session::status(state);
        if self.json {
            let mut summary = json!({
                "summary": true,
                "whole": whole,
                "position": state.position,
                "head": state.head,
                "status": status,
                "violations": replay.violations(),
            });
            summary["found_at_the_end"] = left.iter().map(complaint).collect();
            return terminal::say(summary);
        }
        self.complain(left);
        terminal::say("");
        let verdict = match replay.violations() {
            0 => self.paint.good("every promise kept"),
            1 => self.paint.bad("1 promise broken"),
            many => self.paint.bad(&format!("{many} promises broken")),
        };
        terminal::say(format!(
            "{} facts, {} events, {}: {verdict}",
            figures::grouped(state.position),
            figures::grouped(state.head),
            word(status)
        ));
    }
}

fn document(step: &Step) -> Value {
    json!({
        "position": step.position,
        "seq": step.seq,
        "at": step.at,
        "kind": step.kind,
        "prompt_id": step.prompt_id,
        "status": step.status.as_ref().map(changed),
        "told": step.told.as_ref().map(changed),
        "armed": step.armed.iter().map(|armed| json!({"alarm": armed.alarm, "at": armed.at, "moved": armed.moved})).collect::<Vec<_>>(),
        "disarmed": step.disarmed,
        "violations": step.violations.iter().map(complaint).collect::<Vec<_>>(),
    })
}

fn changed(change: &StatusChange) -> Value {
    json!({
        "before": change.before,
        "after": change.after,
        "cause": change.cause,
        "message": change.message,
    })
}

fn complaint(violation: &Violation) -> Value {
    json!({"position": violation.position, "what": violation.what})
}

/// The time of day; the date is in the head.
fn clock(at: Timestamp) -> String {
    let text = at.to_string();
    text.get(11..23).unwrap_or(&text).to_owned()
}

fn span(ms: u128) -> String {
    match ms {
        0 => String::new(),
        1..10_000 => format!("+{ms}ms"),
        10_000..600_000 => format!("+{}s", ms / 1_000),
        600_000..36_000_000 => format!("+{}min", ms / 60_000),
        _ => format!("+{}h", ms / 3_600_000),
    }
}

fn word(status: SessionStatus) -> String {
    format!("{status:?}").to_lowercase()
}
