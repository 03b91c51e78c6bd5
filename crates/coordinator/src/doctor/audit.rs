//! The audit log: that it can be read, and how much there is. Whether it holds is asked with `audit verify`.

use std::path::Path;

use store::AuditFile;

use super::finding::Finding;
use crate::cli::figures;

/// `None` when there is none yet.
pub(super) fn examine(data_dir: &Path) -> Option<Finding> {
    let path = data_dir.join("audit.db");
    if !path.exists() {
        return None;
    }
    let heads = AuditFile::open(&path).and_then(|file| file.heads());
    Some(match heads {
        Ok(heads) => {
            let records: u64 = heads
                .iter()
                .map(|head| head.seq - head.removed.min(head.seq))
                .sum();
            Finding::ok(
                "audit",
                format!(
                    "{} records of {} organisations; coordinator audit verify checks them",
                    figures::grouped(records),
                    heads.len()
                ),
            )
        }
        Err(error) => Finding::fail(
            "audit",
            format!("{}: {error}", path.display()),
            "nothing that has to be noted is done; restore audit.db, or move it away: see docs/guides/audit.md",
        ),
    })
}
