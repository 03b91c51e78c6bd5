//! Where an artifact is in a store: `<organisation>/<session>/<artifact>`, ids in their text form. Nothing that a
//! client or an agent said is ever a part of it.

use object_store::path::Path;
use ports::artifacts::ArtifactKey;
use protocol::{OrgId, SessionId};

/// The place of an artifact below `root`.
pub(crate) fn place(root: &Path, key: ArtifactKey) -> Path {
    session(root, key.org, key.session).join(key.artifact.to_string())
}

/// The place that all artifacts of a session are below.
pub(crate) fn session(root: &Path, org: OrgId, session: SessionId) -> Path {
    root.clone().join(org.to_string()).join(session.to_string())
}

/// The key that a place stands for; `None` for what is not ours.
pub(crate) fn of(root: &Path, place: &Path) -> Option<ArtifactKey> {
    let mut parts = place.prefix_match(root)?;
    let key = ArtifactKey {
        org: parts.next()?.as_ref().parse().ok()?,
        session: parts.next()?.as_ref().parse().ok()?,
        artifact: parts.next()?.as_ref().parse().ok()?,
    };
    parts.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use protocol::ArtifactId;

    use super::*;

    #[test]
    fn places_and_keys_are_each_others_opposite() {
        let key = ArtifactKey {
            org: OrgId::from_bits(1),
            session: SessionId::from_bits(2),
            artifact: ArtifactId::from_bits(3),
        };
        for root in [Path::default(), Path::from("some/where")] {
            assert_eq!(of(&root, &place(&root, key)), Some(key));
            assert_eq!(of(&root, &place(&root, key).join("more")), None);
            assert_eq!(of(&root, &session(&root, key.org, key.session)), None);
        }
        assert_eq!(of(&Path::from("some"), &place(&Path::default(), key)), None);
    }
}
