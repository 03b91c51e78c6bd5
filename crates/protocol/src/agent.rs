//! How an agent reaches its model: a generic binding that carries nothing of a tenant.

use serde::{Deserialize, Serialize};

/// The wire dialect of a model API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Dialect {
    /// `POST {base}/chat/completions`.
    #[serde(rename = "openai-chat")]
    OpenaiChat,
    /// `POST {base}/responses`.
    #[serde(rename = "openai-responses")]
    OpenaiResponses,
    /// `POST {base}/v1/messages`.
    Anthropic,
    Gemini,
}

impl Dialect {
    /// The word used in the API and in `/gateway/{api}/`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenaiChat => "openai-chat",
            Self::OpenaiResponses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }
}

impl std::str::FromStr for Dialect {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "openai-chat" => Ok(Self::OpenaiChat),
            "openai-responses" => Ok(Self::OpenaiResponses),
            "anthropic" => Ok(Self::Anthropic),
            "gemini" => Ok(Self::Gemini),
            other => Err(format!(
                "unknown api `{other}`: expected openai-chat, openai-responses, anthropic or gemini"
            )),
        }
    }
}

/// The model as the agent inside is told: dialect and sizes. The real name is put in by the gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelBinding {
    pub dialect: Dialect,
    /// Context window in tokens.
    pub context: u64,
    /// Most output tokens of one call.
    pub max_output: u64,
}

/// The alias that agents use for whatever model the session has.
pub const MODEL_ALIAS: &str = "session-model";
