//! What organisations keep, held against what they may.

use std::path::Path;

use super::finding::Finding;
use crate::{cli::figures, config::Config};

const REMEDY: &str = "delete sessions or artifacts that nobody needs, or raise COORDINATOR_QUOTA_STORAGE";

/// `None` when there is no store yet, or one of a version that did not count this.
pub(super) fn examine(config: &Config) -> Option<Finding> {
    let path = config.storage.data_dir.join("coordinator.db");
    found(&path, config.limits.quotas.storage)
}

fn found(path: &Path, most: u64) -> Option<Finding> {
    let kept = match store::kept(path) {
        Ok(kept) => kept?,
        Err(error) => {
            return Some(Finding::warn(
                "storage quota",
                format!("{}: {error}", path.display()),
                "",
            ));
        }
    };
    let Some((largest, bytes)) = kept.iter().max_by_key(|(_, bytes)| *bytes) else {
        return Some(Finding::ok("storage quota", limit(most)));
    };
    let said = format!(
        "{}; `{largest}` keeps most, {}",
        limit(most),
        figures::bytes(*bytes)
    );
    // A tenth is left at most: the next artifact may be refused.
    let close: Vec<&str> = kept
        .iter()
        .filter(|(_, bytes)| most > 0 && *bytes >= most - most / 10)
        .map(|(slug, _)| slug.as_str())
        .collect();
    Some(if close.is_empty() {
        Finding::ok("storage quota", said)
    } else {
        let close = close.join(", ");
        Finding::warn(
            "storage quota",
            format!("{said}; nearly full or full: {close}"),
            REMEDY,
        )
    })
}

fn limit(most: u64) -> String {
    match most {
        0 => "none".to_owned(),
        most => format!("{} for each organisation", figures::bytes(most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_store_there_is_nothing_to_say() {
        let dir = tempfile::tempdir().unwrap();
        assert!(found(&dir.path().join("coordinator.db"), 0).is_none());
        assert_eq!(limit(0), "none");
    }
}
