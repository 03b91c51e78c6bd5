//! Accounts: sign-ups on their way, forgotten passwords, one's browsers, and the second factor.

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    sign_in::{BrowserSession, PasswordHash, PendingSignUp, ResetLink, SecondFactor, TokenHash},
    tenancy::{Organisation, User},
};
use protocol::{BrowserId, Timestamp, UserId};

use crate::{StoreError, idempotency::Written};

/// What became of a sign-up whose address was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// There is a user now, and where they belong.
    Done,
    /// There is no such sign-up (any more), or it cannot become this user; nothing was written.
    Refused,
    /// The invitation that it came with lets nobody in any more; nothing was written.
    InvitationOver,
}

/// The part of the identity store about people's accounts. Tokens and codes are kept as hashes only.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Browser sessions of a user, the one used last first; those that are over by their age, too.
    async fn list_browser_sessions(&self, user: UserId) -> Result<Vec<BrowserSession>, StoreError>;

    /// Ends one of a user's browser sessions and answers which it was. `None` when the user has no such one.
    async fn end_own_browser_session(
        &self,
        user: UserId,
        id: BrowserId,
    ) -> Result<Option<TokenHash>, StoreError>;

    /// Ends a user's browser sessions but `keep`; answers how many.
    async fn end_browser_sessions(&self, user: UserId, keep: Option<TokenHash>) -> Result<u64, StoreError>;

    /// Keeps a sign-up until its address is proved. Those that are over at its `created_at` go, and of more than
    /// `MOST_SIGN_UPS` for this address the oldest.
    async fn add_sign_up(&self, sign_up: PendingSignUp) -> Result<(), StoreError>;

    /// Those that are over by their age may be returned, too; the caller decides.
    async fn find_sign_up(&self, hash: TokenHash) -> Result<Option<PendingSignUp>, StoreError>;

    /// Uses a sign-up up and makes its user with the password that it carries, all or nothing. One that came with an
    /// invitation uses that up, too, and its user is a member by it; else they own `organisation` where one is given.
    /// The other sign-ups for that address go. `Refused` when there is no such sign-up at this time (any more), it is
    /// for another address than `user`'s, its user exists already, or the organisation's slug is taken.
    async fn complete_sign_up(
        &self,
        hash: TokenHash,
        user: User,
        organisation: Option<Organisation>,
        at: Timestamp,
    ) -> Result<Completed, StoreError>;

    /// Keeps a link that sets a new password. Of more than `MOST_RESETS` of this user those that end first go.
    async fn add_reset(&self, reset: ResetLink) -> Result<(), StoreError>;

    /// Those that are over by their age may be returned, too; the caller decides.
    async fn find_reset(&self, hash: TokenHash) -> Result<Option<ResetLink>, StoreError>;

    /// Uses a reset up: sets the password, ends all browser sessions of the user, and voids their other resets, in one
    /// commit. `None` when there is no such reset at this time (any more).
    async fn redeem_reset(
        &self,
        hash: TokenHash,
        password: PasswordHash,
        at: Timestamp,
    ) -> Result<Option<UserId>, StoreError>;

    /// A user's second factor, confirmed or not.
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, StoreError>;

    /// Keeps a secret that is not confirmed yet, in place of one that was not either. `Refused` when there is a
    /// confirmed one, or no such user.
    async fn start_second_factor(&self, user: UserId, secret: Sealed) -> Result<Written, StoreError>;

    /// From now on the second factor counts. `step` is that of the code that was right, `recovery` the codes that stand
    /// for it. `Refused` when the secret is not `secret` any more or is confirmed already.
    async fn confirm_second_factor(
        &self,
        user: UserId,
        secret: Sealed,
        step: u64,
        recovery: Vec<TokenHash>,
        at: Timestamp,
    ) -> Result<Written, StoreError>;

    /// Notes that the code of this step was used. `Refused` when that one or a newer one was used before.
    async fn use_step(&self, user: UserId, step: u64) -> Result<Written, StoreError>;

    /// Uses a recovery code up. `Refused` when the user has no such one (any more).
    async fn use_recovery_code(&self, user: UserId, code: TokenHash) -> Result<Written, StoreError>;

    /// There is no second factor any more. A second time is fine.
    async fn remove_second_factor(&self, user: UserId) -> Result<(), StoreError>;
}
