//! Which models an organisation can use now, and why not.

use serde::{Deserialize, Serialize};

use super::ModelPrice;
use crate::{ModelProviderId, agent::Dialect};

/// Body of `GET /v1/models`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelList {
    /// Models that are named: those that providers list, and the demo.
    pub items: Vec<ModelInfo>,
    /// Providers; one that takes any model has no line of its own in `items`.
    pub providers: Vec<ModelProviderState>,
    pub next_cursor: Option<String>,
}

/// One model by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelInfo {
    /// As it is given to a session: `provider/model`.
    pub id: String,
    pub provider: String,
    pub api: Dialect,
    pub available: bool,
    /// Why it cannot be used.
    pub reason: Option<String>,
    /// True for the scripted model that needs no key; it answers from a script and thinks nothing.
    pub demo: bool,
    pub label: Option<String>,
    pub context: u64,
    pub max_output: u64,
    /// Null = unknown.
    pub price: Option<ModelPrice>,
}

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelProviderState {
    /// Null for the demo.
    pub id: Option<ModelProviderId>,
    pub provider: String,
    pub api: Dialect,
    pub available: bool,
    pub reason: Option<String>,
    pub models: ModelsOffered,
}

/// Which model names a provider takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ModelsOffered {
    /// Whatever the provider itself knows.
    Any,
    /// Those in `items`.
    Listed,
}
