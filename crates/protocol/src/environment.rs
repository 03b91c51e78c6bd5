//! The plan that environment detection finds in a repository.

use serde::{Deserialize, Serialize};

/// How to set a repository up, with the evidence for each line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvironmentPlan {
    /// The package manager of the main ecosystem (`npm`, `pnpm`, `uv`, `cargo` ...); null when none was recognised.
    pub package_manager: Option<String>,
    /// Number of files whose names were looked at.
    pub files_scanned: u64,
    /// Commands that install dependencies, in order, run at the root unless they say `cd`.
    pub install: Vec<String>,
    pub test: Vec<String>,
    pub start: Vec<String>,
    pub runtimes: Vec<RuntimeWish>,
    pub evidence: Vec<Evidence>,
    /// What was looked for; filled when nothing was recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_for: Vec<String>,
}

/// A language runtime that the repository asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuntimeWish {
    /// For example `node`, `python`, `rust`, `go`.
    pub name: String,
    /// The version or range as the repository writes it; null when it names none.
    pub version: Option<String>,
}

/// Why a conclusion was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// Path in the repository.
    pub file: String,
    /// What was seen there, in words.
    pub because: String,
}
