//! Faults of the identity store.

mod accounts;
mod identities;
mod keys;

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserIdentity, BrowserSession, Membership, PasswordHash, SignInLink, TokenHash},
    tenancy::{ApiKey, Identity, Organisation, User},
};
use ports::{
    IdentityStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};

use super::{Fault, strike, unavailable, unknown};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "read_unavailable",
        injects: "nobody can be looked up",
        outcome: "requests fail closed as unavailable: not let in, and not told that a key is wrong",
    },
    Fault {
        name: "write_unavailable",
        injects: "nothing can be written",
        outcome: "the mutation fails as unavailable; nothing of it is kept",
    },
    Fault {
        name: "write_full",
        injects: "no room to write",
        outcome: "the mutation fails with a stated cause; no key is shown that was not stored",
    },
    Fault {
        name: "add_api_key_unknown_written",
        injects: "the key is stored but the answer is lost",
        outcome: "repeating with the same idempotency key adds no second key",
    },
    Fault {
        name: "rotate_unknown_written",
        injects: "a key is replaced but the answer is lost",
        outcome: "repeating with the same idempotency key makes no third key; the old one works until the overlap ends",
    },
    Fault {
        name: "redeem_unknown_written",
        injects: "a sign-in link is used up but the answer is lost",
        outcome: "nobody is signed in and the link does not work again; another one does",
    },
    Fault {
        name: "complete_sign_up_unknown_written",
        injects: "a sign-up became a user but the answer is lost",
        outcome: "nobody is signed in; signing in with the password works",
    },
    Fault {
        name: "federated_sign_up_unknown_written",
        injects: "a user came to be through a provider but the answer is lost",
        outcome: "nobody is signed in; signing in through the provider again works, and there is one user",
    },
    Fault {
        name: "redeem_reset_unknown_written",
        injects: "a new password is set but the answer is lost",
        outcome: "the caller is told that it is not known; the old password opens nothing, the new one does",
    },
    Fault {
        name: "second_factor_unavailable",
        injects: "whether a user has a second factor cannot be looked up",
        outcome: "signing in fails as unavailable: nobody comes in without the code",
    },
    Fault {
        name: "accept_unknown_written",
        injects: "an invitation is used up and its user a member, but the answer is lost",
        outcome: "repeating with the same idempotency key answers the membership; there is one",
    },
    Fault {
        name: "erase_unavailable",
        injects: "an organisation whose time is over cannot be taken away now",
        outcome: "nobody acts in it, nothing of another is touched, and a later sweep takes it away",
    },
    Fault {
        name: "touch_unavailable",
        injects: "the last use cannot be noted",
        outcome: "the request that used the key or the browser session is served all the same",
    },
];

super::decorator!("identity", ports::IdentityStore);

#[async_trait]
impl IdentityStore for Faulty {
    async fn ensure_owner(
        &self,
        user: User,
        organisation: Organisation,
    ) -> Result<(User, Organisation), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.ensure_owner(user, organisation).await
    }

    async fn lookup_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup_user(id).await
    }

    async fn lookup_organisation(&self, id: OrgId) -> Result<Option<Organisation>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.lookup_organisation(id).await
    }

    async fn add_api_key(
        &self,
        key: ApiKey,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let written = self.inner.add_api_key(key, idempotency).await?;
        strike!(self, "add_api_key_unknown_written", unknown());
        Ok(written)
    }

    async fn find_api_key(&self, hash: &[u8; 32]) -> Result<Option<Identity>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_api_key(hash).await
    }

    async fn list_api_keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_api_keys(org).await
    }

    async fn revoke_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.revoke_api_key(org, id, at, idempotency).await
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        strike!(self, "touch_unavailable", unavailable());
        self.inner.touch_api_key(id, at).await
    }

    async fn find_user(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_user(email).await
    }

    async fn password_of(&self, user: UserId) -> Result<Option<PasswordHash>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.password_of(user).await
    }

    async fn set_password(
        &self,
        user: UserId,
        password: PasswordHash,
        keep: Option<TokenHash>,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.set_password(user, password, keep).await
    }

    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.list_memberships(user).await
    }

    async fn open_browser_session(
        &self,
        session: BrowserSession,
        verified: PasswordHash,
    ) -> Result<Written, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.open_browser_session(session, verified).await
    }

    async fn add_sign_in_link(&self, link: SignInLink) -> Result<(), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.add_sign_in_link(link).await
    }

    async fn redeem_sign_in_link(
        &self,
        link: TokenHash,
        session: BrowserSession,
    ) -> Result<Option<BrowserSession>, StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        let redeemed = self.inner.redeem_sign_in_link(link, session).await?;
        strike!(self, "redeem_unknown_written", unknown());
        Ok(redeemed)
    }

    async fn find_browser_session(&self, hash: TokenHash) -> Result<Option<BrowserIdentity>, StoreError> {
        strike!(self, "read_unavailable", unavailable());
        self.inner.find_browser_session(hash).await
    }

    async fn end_browser_session(&self, hash: TokenHash) -> Result<(), StoreError> {
        strike!(self, "write_unavailable", unavailable());
        strike!(self, "write_full", StoreError::Full);
        self.inner.end_browser_session(hash).await
    }

    async fn touch_browser_session(&self, hash: TokenHash, at: Timestamp) -> Result<(), StoreError> {
        strike!(self, "touch_unavailable", unavailable());
        self.inner.touch_browser_session(hash, at).await
    }
}
