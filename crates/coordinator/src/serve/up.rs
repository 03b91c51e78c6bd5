//! `up`: a server, its first owner with a link that signs them in, and a profile, so that the next command works
//! without a flag.

use std::path::Path;

use anyhow::{Context as _, Result};
use app::App;
use clap::Args;
use domain::tenancy::Actor;

use super::{compose::plain, life};
use crate::{
    cli::terminal::{self, Paint},
    client::{Profile, profile_path},
    config::{Config, SettingFlags},
};

#[derive(Debug, Args)]
pub struct UpArgs {
    /// Address of the first owner
    #[arg(long, default_value = "admin@localhost")]
    email: String,
    /// Short name of the organisation
    #[arg(long, value_name = "SLUG", default_value = "default")]
    org: String,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Serves until stopped; answers the exit code.
///
/// # Errors
/// As [`super::serve`]; also when the profile cannot be written.
pub fn up(arguments: UpArgs) -> Result<u8> {
    let UpArgs { email, org, settings } = arguments;
    life::start(settings, Some(Welcome { email, org }))
}

/// What a person needs after the start.
#[derive(Debug)]
pub(super) struct Welcome {
    email: String,
    org: String,
}

impl Welcome {
    pub(super) async fn greet(&self, app: &App, config: &Config) -> Result<()> {
        let path = profile_path()
            .context("there is no HOME to keep the profile in; use `serve` and `bootstrap` instead")?;
        let (made, actor) = self.profile(app, config, &path).await?;
        let token = app.sign_in_link(actor.user, actor.org).await.map_err(plain)?;
        let (paint, me) = (Paint::detect(), terminal::me());
        let line = |name: &str, text: &str, note: &str| {
            terminal::say(format!("  {name:<8} {text} {}", paint.dim(note)).trim_end());
        };
        terminal::say("");
        terminal::say(format!(
            "  {}",
            paint.bold(&format!("agent-coordinator serves at {}", config.url()))
        ));
        terminal::say("");
        line("API", &format!("{}/docs", config.url()), "");
        line("data", &config.storage.data_dir.display().to_string(), "");
        let kept = if made {
            "(new; holds server and API key)"
        } else {
            "(as before)"
        };
        line("profile", &path.display().to_string(), kept);
        terminal::say("");
        terminal::say("  In another terminal:");
        terminal::say("");
        let try_this = |command: &str, note: &str| {
            terminal::say(format!("    {me} {command}"));
            terminal::say(format!("      {}", paint.dim(note)));
        };
        if config.demo {
            try_this(
                "run \"run: uname -a\" --model demo/scripted",
                "a first look: a real agent, a real sandbox, a scripted stand-in for the model",
            );
        }
        try_this("providers add --help", "your own account at a model provider");
        try_this(
            &format!("doctor --data-dir {}", config.storage.data_dir.display()),
            "what this machine offers, and what would break a run",
        );
        terminal::say("");
        terminal::say(paint.dim("  Ctrl-C stops the server and all sandboxes. Its log follows."));
        terminal::say("");
        terminal::say(format!(
            "  Open this to sign in as {} (it works once, within a day):",
            actor.email
        ));
        terminal::say("");
        // Last, and alone on its line, so that it is found and can be taken whole.
        terminal::say(format!(
            "    {}",
            paint.bold(&app::sign_in_url(&config.url(), &token))
        ));
        terminal::say("");
        Ok(())
    }

    /// Keeps a profile whose key works; else makes a key. True when one was made, and whose it is.
    async fn profile(&self, app: &App, config: &Config, path: &Path) -> Result<(bool, Actor)> {
        let server = config
            .server
            .public_url
            .as_ref()
            .map_or_else(|| config.local_url(), |_| config.url());
        if let Ok(Some(profile)) = Profile::load()
            && profile.server == server
            && let Ok(actor) = app.authenticate(&profile.api_key).await
        {
            return Ok((false, actor));
        }
        let made = app.bootstrap(&self.email, &self.org).await.map_err(plain)?;
        let actor = app.authenticate(&made.api_key).await.map_err(plain)?;
        Profile {
            server,
            api_key: made.api_key,
        }
        .save(path)
        .with_context(|| format!("the profile {} cannot be written", path.display()))?;
        Ok((true, actor))
    }
}
