//! Why a bundle is not accepted. Each failure names the member that it is about.

use std::io;

use crate::FORMAT;

/// A failure of reading or writing a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("this is not a session bundle: {0}")]
    NotABundle(String),
    #[error(
        "`manifest.json`: the bundle has format {found} and this build reads formats up to {FORMAT}; it was made by a newer version"
    )]
    Future { found: u64 },
    #[error("`{member}`: {what}")]
    Member { member: String, what: String },
    #[error("`{member}`: {size} bytes are more than the limit of {limit}")]
    TooLarge { member: String, size: u64, limit: u64 },
    #[error("`log.jsonl.gz`, line {line}: {what}")]
    Log { line: u64, what: String },
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl BundleError {
    pub(crate) fn member(member: &str, what: impl Into<String>) -> Self {
        Self::Member {
            member: member.to_owned(),
            what: what.into(),
        }
    }

    pub(crate) fn log(line: u64, what: impl Into<String>) -> Self {
        Self::Log {
            line,
            what: what.into(),
        }
    }

    /// The member that is at fault.
    #[must_use]
    pub fn of_member(&self) -> Option<&str> {
        match self {
            Self::Member { member, .. } | Self::TooLarge { member, .. } => Some(member),
            Self::Log { .. } => Some(crate::LOG),
            Self::Future { .. } => Some(crate::MANIFEST),
            Self::NotABundle(_) | Self::Io(_) => None,
        }
    }
}
