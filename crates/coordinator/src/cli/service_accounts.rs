//! `service-accounts`: users that are programs.

use anyhow::Result;
use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::list::{self, Common};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Service accounts of the organisation
    List(Common),
    /// Make one; its keys are made with `keys create --service-account ID`
    #[command(
        after_long_help = "Example:\n  coordinator service-accounts create --name nightly --role member\n  coordinator keys create --name nightly --service-account usr_…"
    )]
    Create {
        /// What it is for; shown as the author of what it does
        #[arg(long)]
        name: String,
        /// viewer, member or admin
        #[arg(long, default_value = "member")]
        role: String,
        #[command(flatten)]
        common: Common,
    },
    /// Change name or role
    Update {
        /// Id of the account
        id: String,
        #[arg(long)]
        name: Option<String>,
        /// viewer, member or admin
        #[arg(long)]
        role: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Remove one and revoke its keys, for good
    Delete {
        /// Id of the account
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: Command) -> Result<u8> {
    let at = |id: &str| format!("/v1/service-accounts/{}", escape(id));
    match command {
        Command::List(common) => {
            let answer = common.api()?.get("/v1/service-accounts").await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("name", "name"),
                    ("role", "role"),
                    ("made", "created_at"),
                ];
                list::table(
                    answer,
                    &columns,
                    ("no service accounts", "service-accounts create --help"),
                )
            })
        }
        Command::Create { name, role, common } => {
            let body = json!({ "name": name, "role": role });
            let answer = common
                .api()?
                .change(Method::POST, "/v1/service-accounts", Some(&body))
                .await?;
            common.show(&answer, |answer| format!("{}\n", list::cell(answer, "id")))
        }
        Command::Update {
            id,
            name,
            role,
            common,
        } => {
            let mut body = json!({});
            if let Some(name) = name {
                body["name"] = json!(name);
            }
            if let Some(role) = role {
                body["role"] = json!(role);
            }
            let answer = common.api()?.change(Method::PATCH, &at(&id), Some(&body)).await?;
            common.show(&answer, |answer| {
                format!(
                    "{} is {}\n",
                    list::cell(answer, "name"),
                    list::cell(answer, "role")
                )
            })
        }
        Command::Delete { id, common } => {
            let answer = common.api()?.change(Method::DELETE, &at(&id), None).await?;
            common.show(&answer, |_| format!("removed {id}\n"))
        }
    }
}
