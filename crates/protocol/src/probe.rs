//! What the one-shot `coordinator-runner probe` inside a sandbox is asked (JSON on standard input) and prints
//! (JSON lines or raw bytes on standard output).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::Secret;

/// What is written to a probe's standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProbeInput {
    #[serde(flatten)]
    pub request: ProbeRequest,
    /// Secrets that the answer must not show, in any of the usual encodings: each byte of one becomes `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hide: Vec<Secret>,
}

/// One question about a workspace, asked inside a sandbox because git must never touch a hostile repository outside.
/// May hold a token: its `Debug` says only what kind of question it is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProbeRequest {
    /// Clone `url` into the (empty) workspace, then answer a [`Listing`]. Needs the relayed network.
    Clone {
        url: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        /// Files whose contents are wanted, by name or relative path; each cut at `max_file_bytes`.
        wanted: Vec<String>,
        max_file_bytes: u64,
        max_files: u64,
    },
    /// Answer a [`Listing`] of the workspace as it is.
    Listing {
        wanted: Vec<String>,
        max_file_bytes: u64,
        max_files: u64,
    },
    /// Print the work since the session's base commit (committed and not, new files too) as a git patch.
    Diff,
    /// Print one file's bytes.
    File { path: String, max_bytes: u64 },
    /// Print a JSON array of [`FileEntry`] for one directory.
    Directory { path: String },
    /// Print the workspace as a tar stream, without `.git` when `with_git` is false.
    Archive { with_git: bool },
    /// Fill the (empty) workspace with the files of the tar archive at `archive`.
    Unpack { archive: String, max_entries: u64 },
}

impl std::fmt::Debug for ProbeRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Clone { .. } => "Clone",
            Self::Listing { .. } => "Listing",
            Self::Diff => "Diff",
            Self::File { .. } => "File",
            Self::Directory { .. } => "Directory",
            Self::Archive { .. } => "Archive",
            Self::Unpack { .. } => "Unpack",
        })
    }
}

/// File names and a few contents: all that environment detection gets to see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Relative paths with `/`, sorted; without what git ignores and without `.git`.
    pub files: Vec<String>,
    /// True when there were more files than asked for.
    pub truncated: bool,
    /// Contents of the wanted files, as text (lossy).
    pub contents: BTreeMap<String, String>,
    /// Commit that is checked out, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileEntry {
    pub name: String,
    /// `file`, `directory`, `symlink` or `other`.
    pub kind: String,
    pub size_bytes: u64,
}

/// Last line on standard error of a probe that failed: cause in a stable code plus words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeFailure {
    /// `clone_failed`, `ref_not_found`, `authentication_required`, `not_found`, `too_large`, `invalid_path`, `invalid_archive`, `no_repository`, `internal`.
    pub code: String,
    pub message: String,
}

/// Where the runner stores the base commit of a session's workspace: a ref that agents have no reason to touch.
pub const BASE_REF: &str = "refs/coordinator/base";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::RunnerFrame;

    #[test]
    fn secrets_do_not_show() {
        let request = ProbeRequest::Clone {
            url: "https://git.example.org/r.git".into(),
            reference: None,
            token: Some("classified".into()),
            wanted: Vec::new(),
            max_file_bytes: 1,
            max_files: 1,
        };
        let hello = RunnerFrame::Hello {
            protocol: 1,
            generation: 1,
            secret: "classified".into(),
            runner_version: "1".into(),
        };
        let input = ProbeInput {
            request: request.clone(),
            hide: vec![Secret::new("classified")],
        };
        let shown = format!("{request:?} {hello:?} {input:?}");
        assert!(!shown.contains("classified"), "{shown}");
    }

    #[test]
    fn a_question_alone_is_an_input() {
        let text = serde_json::to_string(&ProbeRequest::Diff).unwrap();
        let input: ProbeInput = serde_json::from_str(&text).unwrap();
        assert!(matches!(input.request, ProbeRequest::Diff) && input.hide.is_empty());
        assert_eq!(serde_json::to_string(&input).unwrap(), text);
        let text = r#"{"type":"file","path":"a","max_bytes":18446744073709551615,"hide":["hunter22"]}"#;
        let input: ProbeInput = serde_json::from_str(text).unwrap();
        assert!(matches!(
            input.request,
            ProbeRequest::File {
                max_bytes: u64::MAX,
                ..
            }
        ));
        assert_eq!(input.hide, [Secret::new("hunter22")]);
    }
}
