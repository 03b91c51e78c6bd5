//! Takes records out, page after page, for as long as somebody reads. That is noted, too.

use domain::{policy::Action, tenancy::Actor};
use futures::{Stream, StreamExt as _, stream};
use ports::{AuditLog, Page, audit::ChainPart};
use protocol::{
    OrgId,
    audit::{AuditHead, AuditLine, AuditRecord},
};

use super::AuditQuery;
use crate::{App, AppError, permit::Deed};

/// Records read at once.
const PAGE: usize = 500;

impl App {
    /// Records for a table, newest first; all of them when no limit is asked for.
    ///
    /// # Errors
    /// When policy, filter or cursor do not allow it, or the first page cannot be read.
    pub async fn export_audit(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<impl Stream<Item = Result<Vec<AuditRecord>, AppError>> + Send + use<>, AppError> {
        self.permit(
            actor,
            Action::ReadAudit,
            Deed::new("audit.export").with("format", "csv"),
        )
        .await?;
        let mut left = match query.page.limit {
            Some(_) => query.page.limit()?,
            None => usize::MAX,
        };
        let (org, filter, after) = (actor.org, query.filter()?, query.page.after()?);
        let log = self.ports().audit.clone();
        let first = log.list(org, filter.clone(), after, PAGE.min(left)).await?;
        left -= first.items.len().min(left);
        let rest = stream::try_unfold((first.next.clone(), left), move |(next, left)| {
            let (log, filter) = (log.clone(), filter.clone());
            async move {
                let Some(after) = next.filter(|_| left > 0) else {
                    return Ok(None);
                };
                let page: Page<AuditRecord> = log.list(org, filter, Some(after), PAGE.min(left)).await?;
                let left = left - page.items.len().min(left);
                Ok(Some((page.items, (page.next, left))))
            }
        });
        Ok(stream::once(async move { Ok(first.items) }).chain(rest))
    }

    /// The whole chain in order, with all that is needed to check it, up to where it ends now.
    ///
    /// # Errors
    /// When policy does not allow it, or the first records cannot be read.
    pub async fn export_audit_chain(
        &self,
        actor: &Actor,
    ) -> Result<impl Stream<Item = Result<Vec<AuditLine>, AppError>> + Send + use<>, AppError> {
        self.permit(
            actor,
            Action::ReadAudit,
            Deed::new("audit.export").with("format", "ndjson"),
        )
        .await?;
        let (org, log) = (actor.org, self.ports().audit.clone());
        let head = log.head(org).await?;
        let (first, after) = piece(&*log, org, head, head.removed).await?;
        let rest = stream::try_unfold(Some(after), move |place| {
            let log = log.clone();
            async move {
                let Some(after) = place else { return Ok(None) };
                let (lines, next) = piece(&*log, org, head, after).await?;
                if next == after {
                    return Ok(Some((vec![AuditLine::Head(head)], None)));
                }
                Ok::<_, AppError>(Some((lines, Some(next))))
            }
        });
        let start = vec![AuditLine::Start(head)];
        Ok(stream::iter([Ok(start), Ok(first)]).chain(rest))
    }
}

/// The lines after a record, and the last record among them.
async fn piece(
    log: &dyn AuditLog,
    org: OrgId,
    head: AuditHead,
    after: u64,
) -> Result<(Vec<AuditLine>, u64), AppError> {
    let ChainPart { records, checkpoints } = log.chain(org, after, PAGE).await?;
    let mut checkpoints = checkpoints.into_iter().peekable();
    let (mut lines, mut last) = (Vec::new(), after);
    for record in records {
        // What came since is not part of it.
        if record.seq > head.seq {
            break;
        }
        last = record.seq;
        lines.push(AuditLine::Record(record));
        while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.seq <= last) {
            lines.push(AuditLine::Checkpoint(checkpoint));
        }
    }
    Ok((lines, last))
}
