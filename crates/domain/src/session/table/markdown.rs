//! The reference page, written from the table.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Machine, Row, TABLE, Trigger, places::status_word, rows::MAY, trigger::GROUPS};
use crate::session::{Alarm, CAUSES, Policy, why::step_word};

const HEAD: &str = "# The session machine

Written by `coordinator machine-markdown` from the transition table in `crates/domain/src/session/table`. Tests walk the
machine through many lives and hold table and code against each other both ways: whatever happens is in the table, and
whatever is in the table happens.

A trigger (a command of a person, a report of the runner, the outcome of an effect, an alarm) meets the state and decides
facts; they are committed together; only then effects run, replies go out and events are sent. After each trigger, and in
the same commit, what can begin now begins: that is the step `dispatch` (or `retire`, for a sandbox near its end). The
session's status is told once, as it is at the end of the commit; what the table shows in between is never seen outside.

Names with a dot are events, which everyone sees; the other facts are private. Facts and effects in a row come with it
each time; the table of triggers says what else a trigger may add.

";

const RULES: &str = "## Generations

- Each sandbox has a generation; its number is committed with the request, before anything is started.
- Whatever comes from a sandbox or from an effect on one carries its generation. One that is not the current one is refused
  and changes nothing. Model calls and connections that an older one still made are recorded, but not as part of a turn.
- A runner is believed once it has shown the one-time token of its generation; the secret it exchanges that for dies with
  the generation.
- Times belong to a generation, too: a new sandbox inherits no heartbeat, no progress and no deadline.
- A start that is said to have failed after the runner made contact is ignored: it is there.
- Reports are numbered within a generation; each is taken once and in order.

## Modes of a prompt

| mode | place | turn in flight |
|---|---|---|
| `queue` (default) | after all that wait | goes on |
| `steer` | before those in mode `queue`, after other steering prompts | goes on; the prompt is taken as soon as it has ended |
| `interrupt` | the very next | is ended, as an interrupt by the same author would |

Every prompt is a turn of its own: one `prompt.started` at most, exactly one terminal event, one run record. A steering
prompt is not put into the running turn: an agent's sign that it is done names its conversation and not the message, so with
two messages in one turn nobody could tell which of them failed or was interrupted. `prompt.queued` tells the place
(`position`) and, if it isn't the usual one, the mode; whoever reads the events knows the order.

## The end that a provider sets

Some providers end a sandbox after a time, whatever it does. Theirs is stored with the sandbox. From `expiry` on no turn is
dispatched into it. When nothing runs in it any more, at `expiry floor` at the latest, its workspace is kept by the provider
if it can (`sandbox.snapshotted`), the sandbox is stopped, and what waits goes on in the next one. The margins are never more
than a quarter and an eighth of the sandbox's whole life, so a short-lived sandbox still works for most of it. The local
provider sets no end.

## Failed attempts, and the breaker

Failures that may pass (no contact, no progress, provider busy) are tried again at once, a limited number of times for the
prompts that wait; then those fail with the reason, and the next prompt starts the count anew. Failures that would only be
met again (the provider says so; workspace or agent can't be made ready) fail what waits at once. Several of those in a row,
across prompts, open the breaker: no sandbox is started by itself until its pause is over, prompts wait, and `why` says so
(`breaker_open`) with the time of the next try. Waking the session tries at once. An agent that becomes ready closes it;
making contact does not.

";

/// The whole page.
#[must_use]
pub fn machine_markdown() -> String {
    let mut page = String::from(HEAD);
    for machine in Machine::ALL {
        let rows: Vec<&Row> = TABLE
            .iter()
            .copied()
            .flatten()
            .filter(|row| row.machine == machine)
            .collect();
        section(&mut page, machine, &rows);
    }
    alarms(&mut page);
    causes(&mut page);
    page.push_str(RULES);
    triggers(&mut page);
    page
}

fn section(page: &mut String, machine: Machine, rows: &[&Row]) {
    let word = machine.word();
    let (first, rest) = word.split_at(1);
    let _ = writeln!(page, "## {}{rest}\n", first.to_uppercase());
    diagram(page, machine, rows);
    page.push_str("| from | trigger | when | to | facts | effects |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let on: Vec<&str> = row.on.iter().map(|trigger| trigger.word()).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            row.from.join(", "),
            on.join(", "),
            row.guard,
            row.to,
            code(row.facts),
            code(row.effects)
        );
    }
    page.push('\n');
}

/// Places and ways between them; what leads along each is in the table below it.
fn diagram(page: &mut String, machine: Machine, rows: &[&Row]) {
    let mut ways: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        for from in row.from {
            ways.entry((from, row.to))
                .or_default()
                .extend(row.on.iter().map(|trigger| trigger.word()));
        }
    }
    page.push_str("```mermaid\nstateDiagram-v2\n");
    for ((from, to), mut triggers) in ways {
        let from = if from == "none" { "[*]" } else { from };
        let to = if to == "none" { "[*]" } else { to };
        // So many lead from status to status that naming them would only hide where they lead.
        if machine == Machine::Session {
            let _ = writeln!(page, "  {from} --> {to}");
            continue;
        }
        triggers.sort_unstable();
        triggers.dedup();
        let label = triggers.join(", ").replace(": ", " ");
        let _ = writeln!(page, "  {from} --> {to}: {label}");
    }
    page.push_str("```\n\n");
}

fn code(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn alarms(page: &mut String) {
    page.push_str(
        "## Alarms\n\nWhat is armed follows from the state alone; the earliest is stored with the commit that arms it and rings after a\n\
         restart, too. `next_step` is the word that `why` says while the alarm is the next to do something.\n\n\
         | alarm | due, by default | what comes of it | `next_step` |\n|---|---|---|---|\n",
    );
    let policy = Policy::default();
    for alarm in Alarm::ALL {
        let step = step_word(alarm).map_or_else(String::new, |step| format!("`{step}`"));
        let word = alarm.word().trim_start_matches("alarm: ");
        let _ = writeln!(
            page,
            "| {word} | {} | {} | {step} |",
            alarm.due(&policy),
            alarm.meaning()
        );
    }
    page.push('\n');
}

fn causes(page: &mut String) {
    page.push_str(
        "## Why\n\nEvery state says why it is as it is (`why` of a session, and of each `session.status_changed`): cause, who caused it,\n\
         and, wherever an alarm with a next step is armed, that step and its deadline. Some say it more closely than here.\n\n\
         | status | cause | actor | in words |\n|---|---|---|---|\n",
    );
    for cause in CAUSES {
        let _ = writeln!(
            page,
            "| `{}` | `{}` | {} | {} |",
            status_word(cause.status),
            cause.word,
            cause.actor,
            cause.message
        );
    }
    page.push('\n');
}

fn triggers(page: &mut String) {
    page.push_str("## Triggers\n\n");
    let all: Vec<Trigger> = Trigger::PLAIN
        .into_iter()
        .chain(Alarm::ALL.into_iter().map(Trigger::Alarm))
        .collect();
    for (group, title) in GROUPS {
        let _ = writeln!(
            page,
            "### {title}\n\n| trigger | meaning | facts it may add | effects it may call for |\n|---|---|---|---|"
        );
        for trigger in all.iter().filter(|trigger| trigger.group() == group) {
            let (facts, effects) = MAY
                .iter()
                .find(|(other, _, _)| other == trigger)
                .map_or((&[][..], &[][..]), |(_, facts, effects)| (*facts, *effects));
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} |",
                trigger.word(),
                trigger.meaning(),
                code(facts),
                code(effects)
            );
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
}
