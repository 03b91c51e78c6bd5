//! `.coordinator/workspace.json` in the agent's home: how far the workspace is. Home and workspace outlive a
//! sandbox, so the next one goes on from there.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};

/// How far preparation got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Begun and not finished: what lies in the workspace is a half clone of ours and may be removed.
    Cloning,
    /// Checked out; set-up commands are still to be run.
    CheckedOut,
    Done,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    pub stage: Stage,
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
    #[serde(default)]
    pub commit: Option<String>,
}

const NAME: &str = "workspace.json";

impl Marker {
    /// Absent when there is none that can be read.
    #[must_use]
    pub fn read(dir: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(dir.join(NAME)).ok()?).ok()
    }

    /// Replaces the marker in one step.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)?;
        let new = dir.join("workspace.json.new");
        std::fs::write(&new, serde_json::to_vec(self)?)?;
        std::fs::rename(new, dir.join(NAME))
    }
}
