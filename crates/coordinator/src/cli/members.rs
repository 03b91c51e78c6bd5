//! `members`: who belongs to the organisation, with which role.

use anyhow::Result;
use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::{
    list::{self, Common, Paging},
    orgs,
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Members with their roles
    List {
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// Give a member another role: owner, admin, member or viewer
    #[command(
        after_long_help = "A member who may do less afterwards loses their API keys of this organisation in the same moment."
    )]
    SetRole {
        /// Id of the user, as `members list` shows it
        user: String,
        /// owner, admin, member or viewer; at most your own
        role: String,
        #[command(flatten)]
        common: Common,
    },
    /// End a membership; the member's API keys of this organisation end with it
    Remove {
        /// Id of the user, as `members list` shows it
        user: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List { paging, common } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let answer = list::all(&api, &format!("{path}/members"), &paging).await?;
            common.show(&answer, |answer| {
                let columns = [("user", "user_id"), ("e-mail", "email"), ("role", "role")];
                list::table(answer, &columns, ("no members", "invitations create --help"))
            })
        }
        Command::SetRole { user, role, common } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let answer = api
                .change(
                    Method::PATCH,
                    &format!("{path}/members/{}", escape(&user)),
                    Some(&json!({ "role": role })),
                )
                .await?;
            common.show(&answer, |answer| {
                format!(
                    "{} is {} now\n",
                    list::cell(answer, "email"),
                    list::cell(answer, "role")
                )
            })
        }
        Command::Remove { user, common } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let answer = api
                .change(Method::DELETE, &format!("{path}/members/{}", escape(&user)), None)
                .await?;
            common.show(&answer, |_| format!("removed {user}\n"))
        }
    }
}
