//! References that this binary writes about itself; committed under docs/, so that a change shows in review.

use anyhow::Result;
use clap::{Command, CommandFactory as _};
use protocol::{
    ProblemCode,
    event::{EVENT_TYPES, PAYLOAD_FIELDS},
    org_event::ORG_EVENT_TYPES,
};

use super::{Cli, terminal};
use crate::config;

pub(super) fn openapi() -> Result<u8> {
    terminal::say(serde_json::to_string_pretty(&http_door::openapi())?);
    Ok(0)
}

pub(super) fn settings() -> Result<u8> {
    terminal::out(&config::reference());
    Ok(0)
}

pub(super) fn problems() -> Result<u8> {
    for code in ProblemCode::ALL {
        terminal::say(code.slug());
    }
    Ok(0)
}

/// Every event type with the fields of its data; those marked `?` may be absent or null.
pub(super) fn events() -> Result<u8> {
    let mut page = String::from(
        "# Events\n\nWritten by `coordinator events-markdown`. Every event has `seq` (1, 2, 3 ... without gaps in a\n\
         session), `at`, `type`, `data` and, where it belongs to a turn, `prompt_id`. A type that a reader does not know\n\
         is to be passed over, not an error. Fields marked with `?` may be absent or null.\n\n| type | data |\n|---|---|\n",
    );
    for kind in EVENT_TYPES {
        let name: String = kind.split(['.', '_']).map(capitalised).collect();
        let known = PAYLOAD_FIELDS.iter().find(|(payload, _)| *payload == name);
        let fields = known.map_or(&[][..], |(_, fields)| fields);
        let fields = fields.iter().map(|(field, kind)| {
            let mark = if kind.starts_with("Option") { "?" } else { "" };
            format!("`{field}`{mark}")
        });
        page.push_str(&format!(
            "| `{kind}` | {} |\n",
            fields.collect::<Vec<_>>().join(", ")
        ));
    }
    page.push_str(&feed_events());
    terminal::out(&page);
    Ok(0)
}

fn feed_events() -> String {
    let mut page = String::from(
        "\n## The feed of an organisation\n\nEvents of `/v1/events` have `seq` (1, 2, 3 ... without gaps in an organisation), `at`, `type`, `data` and, where\n\
         they are about a session, `session_id`. A name stands for a schema of the HTTP API. The events of a deleted\n\
         session keep their place and have an empty `data`. `audit.event` is told to those who may read the audit log.\n\n| type | data |\n|---|---|\n",
    );
    for (kind, payload) in ORG_EVENT_TYPES {
        let data = match PAYLOAD_FIELDS.iter().find(|(name, _)| name == payload) {
            Some((_, fields)) => {
                let names: Vec<_> = fields.iter().map(|(field, _)| format!("`{field}`")).collect();
                names.join(", ")
            }
            None if *kind == "session.deleted" => "nothing".to_owned(),
            None => format!("`{payload}`"),
        };
        page.push_str(&format!("| `{kind}` | {data} |\n"));
    }
    page
}

/// Who may do what.
pub(super) fn policy() -> Result<u8> {
    terminal::out(&domain::policy::markdown());
    Ok(0)
}

/// What leads where in a session, and why.
pub(super) fn machine() -> Result<u8> {
    terminal::out(&domain::session::machine_markdown());
    Ok(0)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn help() -> Result<u8> {
    let mut root = Cli::command();
    root.build();
    let mut page = String::from("# Command line\n\nWritten by `coordinator help-markdown`.\n");
    describe(&mut root, "", &mut page);
    terminal::out(&page);
    Ok(0)
}

fn describe(command: &mut Command, parent: &str, page: &mut String) {
    let path = format!("{parent} {}", command.get_name()).trim().to_owned();
    let help = command
        .clone()
        .bin_name(path.clone())
        .term_width(100)
        .render_long_help()
        .to_string();
    page.push_str(&format!("\n## `{path}`\n\n```text\n"));
    for line in help.lines() {
        page.push_str(line.trim_end());
        page.push('\n');
    }
    page.push_str("```\n");
    let names: Vec<String> = command
        .get_subcommands()
        .filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        if let Some(sub) = command.find_subcommand_mut(&name) {
            describe(sub, &path, page);
        }
    }
}
