//! Faults of the part about accounts: those of the identity store, and two writes whose answer is lost.

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    sign_in::{BrowserSession, PasswordHash, PendingSignUp, ResetLink, SecondFactor, TokenHash},
    tenancy::{Organisation, User},
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{Accounts, Completed},
};
use protocol::{BrowserId, Timestamp, UserId};

use super::Faulty;
use crate::fault::{strike, unavailable, unknown};

#[async_trait]
impl Accounts for Faulty {
    async fn list_browser_sessions(&self, user: UserId) -> Result<Vec<BrowserSession>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_browser_sessions(user).await
    }

    async fn end_own_browser_session(
        &self,
        user: UserId,
        id: BrowserId,
    ) -> Result<Option<TokenHash>, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.end_own_browser_session(user, id).await
    }

    async fn end_browser_sessions(&self, user: UserId, keep: Option<TokenHash>) -> Result<u64, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.end_browser_sessions(user, keep).await
    }

    async fn add_sign_up(&self, sign_up: PendingSignUp) -> Result<(), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.add_sign_up(sign_up).await
    }

    async fn find_sign_up(&self, hash: TokenHash) -> Result<Option<PendingSignUp>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_sign_up(hash).await
    }

    async fn complete_sign_up(
        &self,
        hash: TokenHash,
        user: User,
        organisation: Option<Organisation>,
        at: Timestamp,
    ) -> Result<Completed, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let completed = self.inner.complete_sign_up(hash, user, organisation, at).await?;
        strike!(self, "complete_sign_up_unknown_written", unknown());
        Ok(completed)
    }

    async fn add_reset(&self, reset: ResetLink) -> Result<(), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.add_reset(reset).await
    }

    async fn find_reset(&self, hash: TokenHash) -> Result<Option<ResetLink>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_reset(hash).await
    }

    async fn redeem_reset(
        &self,
        hash: TokenHash,
        password: PasswordHash,
        at: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let redeemed = self.inner.redeem_reset(hash, password, at).await?;
        strike!(self, "redeem_reset_unknown_written", unknown());
        Ok(redeemed)
    }

    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
        strike!(self, "second_factor_unavailable", unavailable());
        self.inner.second_factor(user).await
    }

    async fn start_second_factor(&self, user: UserId, secret: Sealed) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.start_second_factor(user, secret).await
    }

    async fn confirm_second_factor(
        &self,
        user: UserId,
        secret: Sealed,
        step: u64,
        recovery: Vec<TokenHash>,
        at: Timestamp,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner
            .confirm_second_factor(user, secret, step, recovery, at)
            .await
    }

    async fn use_step(&self, user: UserId, step: u64) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.use_step(user, step).await
    }

    async fn use_recovery_code(&self, user: UserId, code: TokenHash) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.use_recovery_code(user, code).await
    }

    async fn remove_second_factor(&self, user: UserId) -> Result<(), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.remove_second_factor(user).await
    }
}
