//! `invitations`: links that make somebody a member, once.

use anyhow::Result;
use clap::Subcommand;
use protocol::Timestamp;
use reqwest::Method;
use serde_json::json;

use super::{
    list::{self, Common, Paging},
    orgs, terminal,
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Invitations, those that are over too; never their links
    List {
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// Make a link that makes somebody a member, once; it is shown this one time
    #[command(
        after_long_help = "Example:\n  coordinator invitations create --role member --email bo@example.org\n\nPass the link on. Without --email whoever opens it first can accept it."
    )]
    Create {
        /// owner, admin, member or viewer; at most your own
        #[arg(long)]
        role: String,
        /// Who may accept it
        #[arg(long)]
        email: Option<String>,
        /// When it ends, for example 2030-01-31T12:00:00Z; 7 days from now unless given, 30 at most
        #[arg(long, value_parser = parse_time)]
        expires_at: Option<Timestamp>,
        #[command(flatten)]
        common: Common,
    },
    /// Take one back: its link leads nowhere any more
    Revoke {
        /// Id of the invitation, as `invitations list` shows it
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
        Command::List { paging, common } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let answer = list::all(&api, &format!("{path}/invitations"), &paging).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("for", "email"),
                    ("role", "role"),
                    ("status", "status"),
                    ("expires", "expires_at"),
                ];
                list::table(answer, &columns, ("no invitations", "invitations create --help"))
            })
        }
        Command::Create {
            role,
            email,
            expires_at,
            common,
        } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let mut body = json!({ "role": role });
            if let Some(email) = email {
                body["email"] = json!(email);
            }
            if let Some(end) = expires_at {
                body["expires_at"] = json!(end);
            }
            let answer = api
                .change(Method::POST, &format!("{path}/invitations"), Some(&body))
                .await?;
            if !common.json {
                terminal::note(format!(
                    "{}: for a {}, until {}; shown this one time",
                    list::cell(&answer, "id"),
                    list::cell(&answer, "role"),
                    list::cell(&answer, "expires_at"),
                ));
            }
            common.show(&answer, |answer| format!("{}\n", list::cell(answer, "link")))
        }
        Command::Revoke { id, common } => {
            let api = common.api()?;
            let (path, _) = orgs::own(&api).await?;
            let answer = api
                .change(
                    Method::DELETE,
                    &format!("{path}/invitations/{}", escape(&id)),
                    None,
                )
                .await?;
            common.show(&answer, |_| format!("revoked {id}\n"))
        }
    }
}
