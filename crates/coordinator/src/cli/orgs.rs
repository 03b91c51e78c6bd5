//! `orgs`: the organisation of the key. Making one, joining one and leaving one is for people, in a browser.

use anyhow::{Context as _, Result};
use clap::Subcommand;
use reqwest::Method;
use serde_json::{Value, json};

use super::list::{self, Common};
use crate::client::{Api, escape};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Organisations that the key sees: its own
    List(Common),
    /// The key's organisation, and when it is going to be deleted, if it is
    Show(Common),
    /// Give it another name; the slug stays
    Rename {
        /// What people are to call it
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Ask for its deletion: at once nothing new is begun, after the time of grace everything of it is erased
    #[command(
        after_long_help = "Until the time that is printed, `coordinator orgs restore` takes it back. Afterwards nothing does."
    )]
    Delete {
        /// Its slug, to be sure
        slug: String,
        #[command(flatten)]
        common: Common,
    },
    /// Take the deletion back, as long as the time of grace lasts
    Restore(Common),
}

/// `/v1/orgs/{id}` of the key, with what `/v1/me` says of it.
pub(super) async fn own(api: &Api) -> Result<(String, Value)> {
    let me = api.get("/v1/me").await?;
    let organisation = me.get("organisation").cloned().unwrap_or_default();
    let id = organisation
        .get("id")
        .and_then(Value::as_str)
        .context("the server did not say which organisation the key belongs to")?;
    Ok((format!("/v1/orgs/{}", escape(id)), organisation))
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List(common) => {
            let answer = common.api()?.get("/v1/orgs").await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("slug", "slug"),
                    ("name", "name"),
                    ("role", "role"),
                    ("deleted", "deletion.effective_at"),
                ];
                list::table(answer, &columns, ("no organisations", ""))
            })
        }
        Command::Show(common) => {
            let api = common.api()?;
            let (path, _) = own(&api).await?;
            let answer = api.get(&path).await?;
            common.show(&answer, shown)
        }
        Command::Rename { name, common } => {
            let api = common.api()?;
            let (path, _) = own(&api).await?;
            let answer = api
                .change(Method::PATCH, &path, Some(&json!({ "name": name })))
                .await?;
            common.show(&answer, shown)
        }
        Command::Delete { slug, common } => {
            let api = common.api()?;
            let (path, organisation) = own(&api).await?;
            let known = list::cell(&organisation, "slug");
            if known != slug {
                return Err(super::Usage(format!(
                    "the key belongs to the organisation `{known}`, not `{slug}`: nothing was changed"
                ))
                .into());
            }
            let answer = api.change(Method::DELETE, &path, None).await?;
            common.show(&answer, |answer| {
                format!(
                    "{slug} will be deleted at {}; until then `orgs restore` takes it back\n",
                    list::cell(answer, "deletion.effective_at")
                )
            })
        }
        Command::Restore(common) => {
            let api = common.api()?;
            let (path, _) = own(&api).await?;
            let answer = api.change(Method::POST, &format!("{path}/restore"), None).await?;
            common.show(&answer, |answer| {
                format!("restored {}\n", list::cell(answer, "slug"))
            })
        }
    }
}

fn shown(organisation: &Value) -> String {
    let mut text = format!(
        "{}  {}  ({})\n",
        list::cell(organisation, "id"),
        super::terminal::one_line(&list::cell(organisation, "name"), 100),
        list::cell(organisation, "slug"),
    );
    if organisation.get("deletion").is_some_and(Value::is_object) {
        text.push_str(&format!(
            "will be deleted at {}\n",
            list::cell(organisation, "deletion.effective_at")
        ));
    }
    text
}
