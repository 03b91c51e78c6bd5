//! The audit log: what is noted before it is done, and who may read it.

mod export;
mod list;
mod once;
mod people;

use domain::audit::{AuditEntry, checkpoint_message};
use ports::{StoreError, audit::Placed, event_bus::Publication};
use protocol::{
    OrgEventBody,
    audit::{AuditCheckpoint, AuditRecord},
    org_event::AuditEvent,
};

use crate::{App, AppError};

pub use list::AuditQuery;
pub(crate) use once::Once;

/// What could not be noted is not done.
pub(crate) fn not_noted(error: StoreError) -> AppError {
    match error {
        StoreError::Full => error.into(),
        error => AppError::unavailable(
            "This could not be written into the audit log, and so it was not done. Try again.",
        )
        .cause(error),
    }
}

impl App {
    /// Writes records. When this returns `Ok` they are durable, and what they speak of may be done.
    ///
    /// # Errors
    /// When the audit log does not take them: then it must not be done.
    pub(crate) async fn note(&self, entries: Vec<AuditEntry>) -> Result<(), AppError> {
        if entries.is_empty() {
            return Ok(());
        }
        let placed = self
            .ports()
            .audit
            .append(entries.clone())
            .await
            .map_err(not_noted)?;
        self.tell_noted(entries, &placed);
        for (index, due) in placed
            .iter()
            .enumerate()
            .filter(|(_, placed)| placed.checkpoint_due)
        {
            // The last of each organisation stands for those before it.
            if !placed[index + 1..].iter().any(|later| later.org == due.org) {
                self.sign_up_to(due).await;
            }
        }
        Ok(())
    }

    /// The same where the deed goes on whatever becomes of the record: ways out, and what was refused anyway.
    pub(crate) async fn note_if_possible(&self, entries: Vec<AuditEntry>) {
        if let Err(error) = self.note(entries).await {
            tracing::warn!(%error, cause = ?error.cause, "an audit record was not written");
        }
    }

    /// A checkpoint that cannot be made now is made with the next record.
    async fn sign_up_to(&self, placed: &Placed) {
        let signer = &self.ports().audit_signer;
        let message = checkpoint_message(placed.org, placed.seq, &placed.hash, placed.at);
        let key = signer.public_key();
        let signature = match signer.sign(&message).await {
            Ok(signature) => signature,
            Err(error) => {
                tracing::warn!(%error, "the audit log could not be signed");
                return;
            }
        };
        if !signer.is_signature(&key, &message, &signature) {
            // The master key was changed between the two.
            tracing::debug!(
                "a checkpoint is left to the next record: the key of the audit log has just changed"
            );
            return;
        }
        let checkpoint = AuditCheckpoint {
            org_id: placed.org,
            seq: placed.seq,
            hash: placed.hash,
            at: placed.at,
            key,
            signature,
        };
        if let Err(error) = self.ports().audit.add_checkpoint(checkpoint).await {
            tracing::warn!(%error, "a checkpoint of the audit log was not kept");
        }
    }

    /// Leaves the records with the organisations' feeds, in their order, and waits for nothing: the log itself is what
    /// counts.
    fn tell_noted(&self, entries: Vec<AuditEntry>, placed: &[Placed]) {
        let publications: Vec<Publication> = entries
            .into_iter()
            .zip(placed)
            .map(|(entry, placed)| {
                let entry = entry.bounded();
                Publication {
                    org: placed.org,
                    session: None,
                    at: placed.at,
                    key: format!("audit:{}:{}", placed.org, placed.seq),
                    body: OrgEventBody::AuditEvent(AuditEvent {
                        record: AuditRecord {
                            org_id: placed.org,
                            seq: placed.seq,
                            at: entry.at,
                            actor: entry.actor,
                            action: entry.action,
                            target: entry.target,
                            outcome: entry.outcome,
                            address: entry.address,
                            request_id: entry.request,
                            details: entry.details,
                            hash: placed.hash,
                        },
                    }),
                }
            })
            .collect();
        let feed = self.sessions().feed().clone();
        let telling = async move {
            if let Err(error) = feed.publish(publications).await {
                tracing::warn!(%error, "an audit record was not told");
            }
        };
        let mut telling = Box::pin(telling);
        // The first step puts it into the queue, before anybody else's next record.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        if telling.as_mut().poll(&mut context).is_pending() {
            tokio::spawn(telling);
        }
    }
}
