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
        /// Limit it: sessions:read, sessions:write, runs:read, audit:read, admin (repeatable)
        #[arg(long = "scope")]
        scopes: Vec<String>,
        /// When it ends, for example 2030-01-31T12:00:00Z
        #[arg(long, value_parser = parse_time)]
        expires_at: Option<Timestamp>,
        /// Requests a second, besides the organisation's limit
        #[arg(long, value_name = "N")]
        rate_per_s: Option<u32>,
        /// Id of the service account that it is for; yourself when absent
        #[arg(long, value_name = "ID")]
        service_account: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Make a key in the place of another, which goes on working for a while
    #[command(after_long_help = "Example:\n  coordinator keys rotate key_… --overlap 3600")]
    Rotate {
        /// Id of the key, as `keys list` shows it
        id: String,
        /// Seconds for which the old key works; a day when absent, at most 30 days
        #[arg(long, value_name = "SECONDS")]
        overlap: Option<u64>,
        #[command(flatten)]
        common: Common,
    },
    /// Change a key's name, scopes or rate
    Update {
        /// Id of the key, as `keys list` shows it
        id: String,
        #[arg(long)]
        name: Option<String>,
        /// All its scopes from now on (repeatable)
        #[arg(long = "scope")]
        scopes: Vec<String>,
        /// Requests a second, besides the organisation's limit; 0 takes the key's own limit away
        #[arg(long, value_name = "N")]
        rate_per_s: Option<u32>,
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
                    ("a second", "rate_per_s"),
                    ("replaced by", "replaced_by"),
                ];
                list::table(answer, &columns, ("no keys", "keys create --help"))
            })
        }
        Command::Create {
            name,
            scopes,
            expires_at,
            rate_per_s,
            service_account,
            common,
        } => {
            let mut body = json!({ "name": name });
            if !scopes.is_empty() {
                body["scopes"] = json!(scopes);
            }
            if let Some(end) = expires_at {
                body["expires_at"] = json!(end);
            }
            if let Some(rate) = rate_per_s {
                body["rate_per_s"] = json!(rate);
            }
            if let Some(account) = service_account {
                body["service_account"] = json!(account);
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
        Command::Rotate { id, overlap, common } => {
            let body = overlap.map_or_else(|| json!({}), |seconds| json!({ "overlap_s": seconds }));
            let path = format!("/v1/api-keys/{}/rotate", escape(&id));
            let answer = common.api()?.change(Method::POST, &path, Some(&body)).await?;
            if !common.json {
                terminal::note(format!(
                    "{}: shown this one time; {id} ends {}",
                    list::cell(&answer, "id"),
                    list::cell(&answer, "replaced_expires_at")
                ));
            }
            common.show(&answer, |answer| format!("{}\n", list::cell(answer, "key")))
        }
        Command::Update {
            id,
            name,
            scopes,
            rate_per_s,
            common,
        } => {
            let mut body = json!({});
            if let Some(name) = name {
                body["name"] = json!(name);
            }
            if !scopes.is_empty() {
                body["scopes"] = json!(scopes);
            }
            if let Some(rate) = rate_per_s {
                body["rate_per_s"] = json!((rate > 0).then_some(rate));
            }
            let path = format!("/v1/api-keys/{}", escape(&id));
            let answer = common.api()?.change(Method::PATCH, &path, Some(&body)).await?;
            common.show(&answer, |_| format!("changed {id}\n"))
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
