//! The manifest: what a bundle says about itself, first of all its members.

use protocol::{
    ArtifactId, OrgId, SessionId, Timestamp,
    session::{Author, Repository, SessionStatus},
};
use serde::{Deserialize, Serialize};

use crate::{BundleError, Limits, frame::MAX_SIZE};

/// The format this build writes, and the newest it reads.
pub const FORMAT: u64 = 1;
/// First member.
pub const MANIFEST: &str = "manifest.json";
/// Second member: the hash of the first.
pub(crate) const SEAL: &str = "manifest.json.sha256";
/// Every fact of the session, one JSON document a line.
pub const LOG: &str = "log.jsonl.gz";
/// The agent's home, with its own conversation.
pub const HOME: &str = "home.tar.gz";
pub const WORKSPACE: &str = "workspace.tar.gz";
/// Where artifacts are.
pub const ARTIFACTS: &str = "artifacts/";
/// Longest manifest.
pub(crate) const MAX_MANIFEST: u64 = 4 << 20;

/// What is in a bundle and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u64,
    pub made_at: Timestamp,
    /// Program and version.
    pub made_by: String,
    pub origin: Origin,
    pub session: About,
    pub counts: Counts,
    /// In the order in which they follow.
    pub members: Vec<Member>,
}

/// Where the session lived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Public address of the server.
    pub installation: String,
    pub org: OrgId,
    pub session: SessionId,
}

/// The session, for somebody who looks into a bundle. The log has the last word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub title: Option<String>,
    pub agent: String,
    pub model: String,
    pub status: SessionStatus,
    pub repository: Option<Repository>,
    pub created_at: Timestamp,
    pub created_by: Author,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Lines of the log.
    pub facts: u64,
    /// Of those, events: the last `seq`.
    pub events: u64,
    pub prompts: u64,
    pub artifacts: u64,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    /// Bytes in the bundle.
    pub size: u64,
    /// SHA-256 of those, hexadecimal.
    pub sha256: String,
    /// Bytes once unpacked; the same as `size` where nothing is packed.
    pub content_size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<ArtifactMeta>,
}

/// What an artifact is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArtifactMeta {
    pub id: ArtifactId,
    pub name: String,
    pub media_type: String,
}

/// The name of an artifact's member.
#[must_use]
pub fn artifact_member(id: ArtifactId) -> String {
    format!("{ARTIFACTS}{id}")
}

impl Manifest {
    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// From its bytes. A newer format is told apart from nonsense.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Version {
            format: u64,
        }
        let broken =
            |error: serde_json::Error| BundleError::member(MANIFEST, format!("it cannot be read: {error}"));
        let version: Version = serde_json::from_slice(bytes).map_err(broken)?;
        if version.format > FORMAT || version.format == 0 {
            return Err(BundleError::Future {
                found: version.format,
            });
        }
        serde_json::from_slice(bytes).map_err(broken)
    }

    /// What it promises must be possible and within bounds before anything is read for it.
    pub(crate) fn sound(&self, limits: &Limits) -> Result<(), BundleError> {
        let wrong = |what: String| Err(BundleError::member(MANIFEST, what));
        if self.members.first().is_none_or(|member| member.name != LOG) {
            return wrong(format!("its first member has to be `{LOG}`"));
        }
        let (mut files, mut artifacts) = (0_u64, 0_u64);
        for (index, member) in self.members.iter().enumerate() {
            let name = member.name.as_str();
            if self.members[..index].iter().any(|other| other.name == name) {
                return wrong(format!("it names `{}` twice", shown(name)));
            }
            let packed = [LOG, HOME, WORKSPACE].contains(&name);
            let limit = match (name, &member.artifact) {
                (LOG, None) => limits.log,
                (HOME | WORKSPACE, None) => {
                    files = files.saturating_add(member.content_size);
                    limits.files
                }
                (_, Some(artifact)) if name == artifact_member(artifact.id) => {
                    artifacts += 1;
                    limits.artifact
                }
                _ => return wrong(format!("it names a member that no bundle has: `{}`", shown(name))),
            };
            let size = member.content_size.max(member.size);
            if size > limit.min(MAX_SIZE) {
                return Err(BundleError::TooLarge {
                    member: name.to_owned(),
                    size,
                    limit: limit.min(MAX_SIZE),
                });
            }
            if !packed && member.size != member.content_size {
                return wrong(format!("the sizes of `{name}` do not agree"));
            }
        }
        if files > limits.files {
            return Err(BundleError::TooLarge {
                member: WORKSPACE.to_owned(),
                size: files,
                limit: limits.files,
            });
        }
        if artifacts > limits.artifacts {
            return wrong(format!("more than {} artifacts", limits.artifacts));
        }
        if artifacts != self.counts.artifacts {
            return wrong("the number of artifacts is not the one it counts".into());
        }
        Ok(())
    }
}

/// A hostile name, made fit to be shown.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}
