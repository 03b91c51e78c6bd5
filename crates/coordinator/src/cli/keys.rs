//! `keys`: API keys of the organisation.

use anyhow::Result;
use clap::Subcommand;
use protocol::Timestamp;
use reqwest::Method;
use serde_json::json;

use super::{
    list::{self, Common},
    terminal,
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Keys with their last use
    List(Common),
    /// Make a key; it is shown this one time
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        /// Limit it: sessions:read, sessions:write, runs:read, admin (repeatable)
        #[arg(long = "scope")]
        scopes: Vec<String>,
        /// When it ends, for example 2030-01-31T12:00:00Z
        #[arg(long, value_parser = parse_time)]
        expires_at: Option<Timestamp>,
        #[command(flatten)]
        common: Common,
    },
    /// End a key, for good
    Revoke {
        /// Id of the key, as `keys list` shows it
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    text.parse()
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List(common) => {
            let answer = common.api()?.get("/v1/api-keys").await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("name", "name"),
                    ("last used", "last_used_at"),
                    ("starts with", "hint"),
                    ("scopes", "scopes"),
                    ("expires", "expires_at"),
                    ("revoked", "revoked_at"),
                ];
                list::table(answer, &columns, ("no keys", "keys create --help"))
            })
        }
        Command::Create {
            name,
            scopes,
            expires_at,
            common,
        } => {
            let mut body = json!({ "name": name });
            if !scopes.is_empty() {
                body["scopes"] = json!(scopes);
            }
            if let Some(end) = expires_at {
                body["expires_at"] = json!(end);
            }
            let answer = common
                .api()?
                .change(Method::POST, "/v1/api-keys", Some(&body))
                .await?;
            if !common.json {
                terminal::note(format!("{}: shown this one time", list::cell(&answer, "id")));
            }
            common.show(&answer, |answer| format!("{}\n", list::cell(answer, "key")))
        }
        Command::Revoke { id, common } => {
            let answer = common
                .api()?
                .change(Method::DELETE, &format!("/v1/api-keys/{}", escape(&id)), None)
                .await?;
            common.show(&answer, |_| format!("revoked {id}\n"))
        }
    }
}
