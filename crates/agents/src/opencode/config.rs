//! The configuration OpenCode is started with: generic, nothing of a tenant, and not to be overridden by a
//! repository's configuration.
//!
//! One thing no switch of OpenCode 1.18 prevents: it loads code from `.opencode/plugin` of the project. That is
//! code of the repository running in the sandbox, like its tests or its install scripts; it finds no key of value
//! there and no way out but the proxy's.

use std::{collections::BTreeMap, io, path::Path};

use protocol::{
    agent::{Dialect, MODEL_ALIAS},
    session::PermissionMode,
};
use serde_json::{Value, json};

use crate::{Launch, processes};

const OPENAI: &str = "coordinator-openai";
const ANTHROPIC: &str = "coordinator-anthropic";

/// Everything OpenCode would otherwise fetch, load from elsewhere or announce.
const SWITCHES: &[&str] = &[
    "OPENCODE_DISABLE_AUTOUPDATE",
    "OPENCODE_DISABLE_CLAUDE_CODE",
    "OPENCODE_DISABLE_DEFAULT_PLUGINS",
    "OPENCODE_DISABLE_EMBEDDED_WEB_UI",
    "OPENCODE_DISABLE_EXTERNAL_SKILLS",
    "OPENCODE_DISABLE_LSP_DOWNLOAD",
    "OPENCODE_DISABLE_MODELS_FETCH",
    "OPENCODE_DISABLE_PROJECT_CONFIG",
    "OPENCODE_DISABLE_SHARE",
    "OPENCODE_DISABLE_TERMINAL_TITLE",
    "OPENCODE_ENABLE_QUESTION_TOOL",
    "OPENCODE_PURE",
];

/// The provider that speaks `dialect`, if OpenCode has one.
pub(super) fn provider(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::OpenaiChat => Some(OPENAI),
        Dialect::Anthropic => Some(ANTHROPIC),
        Dialect::OpenaiResponses | Dialect::Gemini => None,
    }
}

/// The complete environment of the agent.
pub(super) fn environment(
    launch: &Launch,
    password: &str,
    mark: &str,
) -> Result<BTreeMap<String, String>, String> {
    let path = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("not a UTF-8 path: {}", path.display()))
    };
    let mut env = launch.env.clone();
    // The agent's own variables come from here alone, whatever the environment of the session says.
    env.retain(|name, _| !name.starts_with("OPENCODE"));
    env.insert("HOME".to_owned(), path(&launch.home)?);
    env.insert("PWD".to_owned(), path(&launch.workspace)?);
    for (name, directory) in XDG {
        env.insert((*name).to_owned(), path(&launch.home.join(directory))?);
    }
    for switch in SWITCHES {
        env.insert((*switch).to_owned(), "1".to_owned());
    }
    env.insert("OPENCODE_SERVER_PASSWORD".to_owned(), password.to_owned());
    env.insert("OPENCODE_CONFIG_CONTENT".to_owned(), content(launch)?.to_string());
    env.insert(processes::MARK.to_owned(), mark.to_owned());
    Ok(env)
}

const XDG: &[(&str, &str)] = &[
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_STATE_HOME", ".local/state"),
    ("XDG_CACHE_HOME", ".cache"),
];

/// Makes the home's directories. The agent's own configuration directories go: tools can write there, and what
/// they leave would be merged into ours at the next start.
pub(super) fn prepare_home(home: &Path) -> io::Result<()> {
    for (_, directory) in XDG {
        std::fs::create_dir_all(home.join(directory))?;
    }
    for own in [".config/opencode", ".opencode"] {
        let own = home.join(own);
        let gone = if own.is_symlink() || own.is_file() {
            std::fs::remove_file(&own)
        } else {
            std::fs::remove_dir_all(&own)
        };
        match gone {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn content(launch: &Launch) -> Result<Value, String> {
    let id = provider(launch.model.dialect).ok_or_else(|| {
        format!(
            "it speaks openai-chat and anthropic, not {}",
            launch.model.dialect.as_str()
        )
    })?;
    let alias = format!("{id}/{MODEL_ALIAS}");
    let endpoint = launch.model_endpoint.trim_end_matches('/');
    let model = json!({
        "name": "session model",
        "tool_call": true,
        "reasoning": true,
        "attachment": true,
        "modalities": { "input": ["text", "image", "pdf"], "output": ["text"] },
        "limit": { "context": launch.model.context, "output": launch.model.max_output },
    });
    let provider = |npm: &str, dialect: Dialect| {
        json!({
            "npm": npm,
            "name": "coordinator",
            "options": {
                "baseURL": format!("{endpoint}/{}/v1", dialect.as_str()),
                "apiKey": launch.model_key,
                // The turn has a watchdog of its own, outside.
                "timeout": false,
            },
            "models": { MODEL_ALIAS: model },
        })
    };
    Ok(json!({
        "model": alias,
        "small_model": alias,
        "enabled_providers": [OPENAI, ANTHROPIC],
        "share": "disabled",
        "autoupdate": false,
        "snapshot": false,
        "lsp": false,
        "formatter": false,
        // Switching the project's configuration off switches its instructions off too: they are named here.
        "instructions": [launch.workspace.join("AGENTS.md")],
        "permission": permissions(launch.permissions),
        "provider": {
            OPENAI: provider("@ai-sdk/openai-compatible", Dialect::OpenaiChat),
            ANTHROPIC: provider("@ai-sdk/anthropic", Dialect::Anthropic),
        },
    }))
}

/// The last rule that fits wins, and `*` sorts first. Fetching the web stays off: the way out of the sandbox is
/// for tools that the proxy can judge.
fn permissions(mode: PermissionMode) -> Value {
    match mode {
        PermissionMode::Allow => json!({ "*": "allow", "webfetch": "deny", "websearch": "deny" }),
        PermissionMode::Ask => json!({
            "*": "allow", "bash": "ask", "edit": "ask", "external_directory": "ask",
            "webfetch": "deny", "websearch": "deny",
        }),
    }
}

#[cfg(test)]
mod tests {
    use protocol::agent::ModelBinding;

    use super::*;

    fn launch(dialect: Dialect) -> Launch {
        Launch {
            program: None,
            workspace: "/w".into(),
            home: "/h".into(),
            env: BTreeMap::from([
                ("PATH".to_owned(), "/bin".to_owned()),
                ("OPENCODE_CONFIG".to_owned(), "/evil".to_owned()),
                ("PWD".to_owned(), "/elsewhere".to_owned()),
            ]),
            model_endpoint: "http://127.0.0.1:9/".to_owned(),
            model_key: "worthless-key".to_owned(),
            model: ModelBinding {
                dialect,
                context: 1000,
                max_output: 100,
            },
            permissions: PermissionMode::Ask,
            resume: None,
        }
    }

    #[test]
    fn the_environment_is_the_given_one_and_ours() {
        let env = environment(&launch(Dialect::Anthropic), "pw", "mark").unwrap();
        assert_eq!(env["PATH"], "/bin");
        assert_eq!(env["PWD"], "/w");
        assert_eq!(env["XDG_DATA_HOME"], "/h/.local/share");
        assert!(!env.contains_key("OPENCODE_CONFIG"));
        let config: Value = serde_json::from_str(&env["OPENCODE_CONFIG_CONTENT"]).unwrap();
        assert_eq!(config["small_model"], "coordinator-anthropic/session-model");
        assert_eq!(
            config["provider"][OPENAI]["options"]["baseURL"],
            "http://127.0.0.1:9/openai-chat/v1"
        );
        assert_eq!(
            config["provider"][ANTHROPIC]["models"][MODEL_ALIAS]["limit"]["context"],
            1000
        );
        assert_eq!(config["permission"]["bash"], "ask");
    }

    #[test]
    fn a_dialect_it_cannot_speak_is_refused() {
        assert!(
            environment(&launch(Dialect::Gemini), "pw", "mark")
                .unwrap_err()
                .contains("gemini")
        );
    }
}
