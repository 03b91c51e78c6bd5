//! Environment secrets as rows, sealed before they come here.

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    secret::{EnvironmentSecret, Unfit},
};
use protocol::{ModelProviderId, OrgId, SecretId};

use crate::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// What became of a secret that was to be added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretWritten {
    Written(Written),
    /// Its scope has no room; nothing was written.
    Full(Unfit),
}

/// A sealed value of an older format, wherever it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldSealed {
    pub org: OrgId,
    pub provider: ModelProviderId,
    pub sealed: Sealed,
}

/// Keeps environment secrets. Every call names the organisation; rows of another are absent. A secret goes with the
/// environment it is for, in the same commit.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// `Refused` when there is one of this name in this scope, or no such environment in the organisation.
    async fn add_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError>;

    /// Phase, sealed value, size and time of the row of this id and organisation; `Refused` when there is none.
    async fn update_secret(
        &self,
        secret: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError>;

    /// `Refused` when there is none; a repeat with the same key is answered after the row is gone.
    async fn delete_secret(
        &self,
        org: OrgId,
        id: SecretId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError>;

    async fn lookup_secret(&self, org: OrgId, id: SecretId) -> Result<Option<EnvironmentSecret>, StoreError>;

    /// All scopes, newest first.
    async fn list_secrets(&self, org: OrgId) -> Result<Vec<EnvironmentSecret>, StoreError>;

    /// Up to `most` keys of model providers, of all organisations, that are sealed in a format before 2.
    async fn old_sealed(&self, most: usize) -> Result<Vec<OldSealed>, StoreError>;

    /// How many those are.
    async fn count_old_sealed(&self) -> Result<u64, StoreError>;

    /// Puts `sealed` in the place of `old`, if it is still that; says whether it was.
    async fn reseal(&self, old: OldSealed, sealed: Sealed) -> Result<bool, StoreError>;
}
