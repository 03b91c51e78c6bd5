//! The arguments of `run`.

use clap::{Args, ValueEnum};
use protocol::SessionId;

use crate::client::ClientArgs;

/// Gives an agent a prompt and streams its work.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What the agent is to do; passed on verbatim. `-` reads it from standard input
    pub prompt: String,
    /// Repository to work on, http(s); without one the agent starts in an empty one
    #[arg(long, value_name = "URL", conflicts_with = "session")]
    pub repo: Option<String>,
    /// Branch, tag or commit
    #[arg(long = "ref", value_name = "REF", requires = "repo")]
    pub reference: Option<String>,
    /// Environment variable that holds a token for a private repository
    #[arg(long, value_name = "NAME", requires = "repo")]
    pub repo_token_env: Option<String>,
    /// Model as provider/model; there is no default. `coordinator models` lists what can be used
    #[arg(long, value_name = "PROVIDER/MODEL")]
    pub model: Option<String>,
    /// Coding agent
    #[arg(long, default_value = "opencode", conflicts_with = "session")]
    pub agent: String,
    /// Environment whose set-up commands run after the clone
    #[arg(long = "env", value_name = "ENVIRONMENT_ID", conflicts_with = "session")]
    pub environment: Option<String>,
    /// Title of the session
    #[arg(long, conflicts_with = "session")]
    pub title: Option<String>,
    /// Whether tools ask before they act; the sandbox is the boundary either way
    #[arg(long, value_enum, default_value = "allow", conflicts_with = "session")]
    pub permissions: Permissions,
    /// Go on with this session instead of starting one
    #[arg(long, value_name = "SESSION_ID")]
    pub session: Option<SessionId>,
    /// Print each event as one JSON line, then a line of type `result`
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub client: ClientArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Permissions {
    Allow,
    Ask,
}

impl Permissions {
    /// The API's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
        }
    }
}
