//! The hash of a record, and when and what the server signs.

use std::net::IpAddr;

use protocol::{
    OrgId, Timestamp,
    audit::{AuditActor, AuditHash, AuditOutcome, AuditRecord, Hex},
};
use sha2::{Digest, Sha256};

use super::AuditEntry;

/// What stands before the first record.
pub const GENESIS: AuditHash = Hex([0; 32]);

/// Nothing else that is hashed or signed here begins like this.
const RECORD: &[u8] = b"coordinator audit record v1\0";
const CHECKPOINT: &[u8] = b"coordinator audit checkpoint v1\0";

/// A checkpoint follows at the latest after this many records.
const EVERY: u64 = 32;
const HOUR_MS: i64 = 3_600_000;

/// Feeds a hash with fields that cannot run into each other: each is preceded by its length.
struct Fields(Sha256);

impl Fields {
    fn put(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    /// An absent field differs from an empty one.
    fn maybe(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            None => self.0.update([0]),
            Some(bytes) => {
                self.0.update([1]);
                self.put(bytes);
            }
        }
    }
}

/// The hash of a record, whatever hash it says it has.
#[must_use]
pub fn hash_of(previous: &AuditHash, record: &AuditRecord) -> AuditHash {
    let mut fields = Fields(Sha256::new_with_prefix(RECORD));
    fields.put(&previous.0);
    fields.put(&record.org_id.bits().to_be_bytes());
    fields.put(&record.seq.to_be_bytes());
    fields.put(&record.at.as_ms().to_be_bytes());
    match &record.actor {
        AuditActor::User {
            user_id,
            api_key_id,
            name,
        } => {
            fields.put(b"user");
            fields.put(&user_id.bits().to_be_bytes());
            fields.maybe(
                api_key_id
                    .map(|id| id.bits().to_be_bytes())
                    .as_ref()
                    .map(|bits| &bits[..]),
            );
            fields.put(name.as_bytes());
        }
        AuditActor::Operator => fields.put(b"operator"),
        AuditActor::System => fields.put(b"system"),
    }
    fields.put(record.action.as_bytes());
    fields.maybe(record.target.as_deref().map(str::as_bytes));
    fields.put(match record.outcome {
        AuditOutcome::Allowed => b"allowed",
        AuditOutcome::Denied => b"denied",
        AuditOutcome::Failed => b"failed",
    });
    match record.address {
        None => fields.maybe(None),
        Some(IpAddr::V4(address)) => fields.maybe(Some(&address.octets())),
        Some(IpAddr::V6(address)) => fields.maybe(Some(&address.octets())),
    }
    fields.maybe(
        record
            .request_id
            .map(|id| id.bits().to_be_bytes())
            .as_ref()
            .map(|bits| &bits[..]),
    );
    fields.put(&(record.details.len() as u64).to_be_bytes());
    for (name, text) in &record.details {
        fields.put(name.as_bytes());
        fields.put(text.as_bytes());
    }
    Hex(fields.0.finalize().into())
}

/// The record that an entry becomes behind `previous`.
#[must_use]
pub fn sealed(entry: AuditEntry, seq: u64, previous: &AuditHash) -> AuditRecord {
    let entry = entry.bounded();
    let mut record = AuditRecord {
        org_id: entry.org,
        seq,
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        outcome: entry.outcome,
        address: entry.address,
        request_id: entry.request,
        details: entry.details,
        hash: GENESIS,
    };
    record.hash = hash_of(previous, &record);
    record
}

/// What the server signs.
#[must_use]
pub fn checkpoint_message(org: OrgId, seq: u64, hash: &AuditHash, at: Timestamp) -> Vec<u8> {
    let mut message = CHECKPOINT.to_vec();
    message.extend_from_slice(&org.bits().to_be_bytes());
    message.extend_from_slice(&seq.to_be_bytes());
    message.extend_from_slice(&hash.0);
    message.extend_from_slice(&at.as_ms().to_be_bytes());
    message
}

/// Whether a record is to be signed, given the last one that was: the first of all, the first of an hour, and at the
/// latest each 32nd. One that was due and could not be signed leaves the next one due.
#[must_use]
pub fn is_checkpoint_due(last: Option<(u64, Timestamp)>, seq: u64, at: Timestamp) -> bool {
    last.is_none_or(|(signed, then)| {
        seq.saturating_sub(signed) >= EVERY
            || at.as_ms().div_euclid(HOUR_MS) != then.as_ms().div_euclid(HOUR_MS)
    })
}
