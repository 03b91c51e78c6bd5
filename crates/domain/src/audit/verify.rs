//! Checks a chain, record by record, and names the first place where it does not hold.

use std::fmt;

use protocol::{
    OrgId,
    audit::{AuditCheckpoint, AuditHash, AuditHead, AuditRecord},
};

use super::{GENESIS, hash_of};

/// What became of the signature of a checkpoint, as whoever has the keys says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Good,
    Bad,
    /// By a key that is not among those that are trusted.
    Stranger,
    /// No key is known, so signatures were not looked at.
    Unchecked,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the record and its hash do not fit together: one of them, or what stands before, was changed")]
    Changed,
    #[error("the record is missing; the next one there is {0}")]
    Skipped(u64),
    #[error("the record is missing; the log goes up to {0}")]
    Missing(u64),
    #[error("the record stands behind the end of the log, which is {0}")]
    BehindEnd(u64),
    #[error("the record belongs to another organisation")]
    Foreign,
    #[error("the organisation has no end of its log, which every log has")]
    NoHead,
    #[error("the record cannot be read: {0}")]
    Unreadable(String),
    #[error("what is kept of the end of the log does not fit this record's hash")]
    HeadDiffers,
    #[error("what is kept of the start of the log does not fit")]
    StartDiffers,
    #[error("the checkpoint is not of this record's hash")]
    CheckpointDiffers,
    #[error("the checkpoint's signature is wrong")]
    BadSignature,
    #[error("the checkpoint is signed with a key that is not trusted")]
    StrangeKey,
    #[error("there is a checkpoint and no such record")]
    CheckpointWithoutRecord,
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub org: OrgId,
    pub seq: u64,
    pub fault: Fault,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} seq {}: {}", self.org, self.seq, self.fault)
    }
}

impl std::error::Error for Broken {}

/// What a chain that holds amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    pub org: OrgId,
    /// Records that were looked at.
    pub records: u64,
    /// `seq` of the last one.
    pub last: u64,
    /// Up to this one it is signed; what follows rests on the hashes alone.
    pub signed: u64,
    /// Records up to this one were removed on purpose.
    pub removed: u64,
}

/// Checks one organisation's chain, fed in order: records, and each checkpoint behind its record.
#[derive(Debug, Clone)]
pub struct Verifier {
    start: AuditHead,
    seq: u64,
    hash: AuditHash,
    signed: u64,
}

impl Verifier {
    /// `head`: where the chain begins and ends, as it is kept apart from the records.
    ///
    /// # Errors
    /// When the head does not fit itself.
    pub fn begin(head: AuditHead) -> Result<Self, Broken> {
        let fits = head.removed <= head.seq
            && (head.removed > 0 || head.removed_hash == GENESIS)
            && (head.seq > 0 || head.hash == GENESIS);
        if !fits {
            return Err(Broken {
                org: head.org_id,
                seq: head.removed.min(head.seq),
                fault: Fault::StartDiffers,
            });
        }
        Ok(Self {
            start: head,
            seq: head.removed,
            hash: head.removed_hash,
            signed: 0,
        })
    }

    fn broken(&self, seq: u64, fault: Fault) -> Broken {
        Broken {
            org: self.start.org_id,
            seq,
            fault,
        }
    }

    /// The `seq` that comes next.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.seq + 1
    }

    /// # Errors
    /// When the record is not the next one, or its hash is not the one it should have.
    pub fn record(&mut self, record: &AuditRecord) -> Result<(), Broken> {
        let expected = self.next();
        if record.org_id != self.start.org_id {
            return Err(self.broken(expected, Fault::Foreign));
        }
        if record.seq != expected {
            return Err(self.broken(expected, Fault::Skipped(record.seq)));
        }
        if hash_of(&self.hash, record) != record.hash {
            return Err(self.broken(expected, Fault::Changed));
        }
        self.seq = expected;
        self.hash = record.hash;
        Ok(())
    }

    /// Directly behind the record that it is of.
    ///
    /// # Errors
    /// When it is of another hash, or its signature does not hold.
    pub fn checkpoint(&mut self, checkpoint: &AuditCheckpoint, signature: Signed) -> Result<(), Broken> {
        if checkpoint.org_id != self.start.org_id || checkpoint.seq != self.seq || self.seq == 0 {
            return Err(self.broken(checkpoint.seq, Fault::CheckpointWithoutRecord));
        }
        match signature {
            Signed::Bad => return Err(self.broken(self.seq, Fault::BadSignature)),
            Signed::Stranger => return Err(self.broken(self.seq, Fault::StrangeKey)),
            Signed::Good | Signed::Unchecked => {}
        }
        if checkpoint.hash != self.hash {
            return Err(self.broken(self.seq, Fault::CheckpointDiffers));
        }
        if signature == Signed::Good {
            self.signed = self.seq;
        }
        Ok(())
    }

    /// Nothing follows.
    ///
    /// # Errors
    /// When the log says of itself that it goes further, or ends otherwise.
    pub fn end(self) -> Result<Verified, Broken> {
        let head = &self.start;
        if self.seq < head.seq {
            return Err(self.broken(self.seq + 1, Fault::Missing(head.seq)));
        }
        if self.seq > head.seq {
            return Err(self.broken(head.seq + 1, Fault::BehindEnd(head.seq)));
        }
        if self.hash != head.hash {
            return Err(self.broken(self.seq, Fault::HeadDiffers));
        }
        Ok(Verified {
            org: head.org_id,
            records: self.seq - head.removed,
            last: self.seq,
            signed: self.signed,
            removed: head.removed,
        })
    }
}
