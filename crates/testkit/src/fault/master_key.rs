//! Faults of the master key.

use async_trait::async_trait;
use domain::sealed::{Binding, Sealed};
use ports::{
    MasterKey,
    master_key::{KeyError, KeyStanding},
};
use protocol::OrgId;
use secrecy::SecretString;

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "seal_unavailable",
        injects: "nothing can be sealed now",
        outcome: "the secret is not stored and the mutation fails with a stated cause; never stored in the clear",
    },
    Fault {
        name: "open_unavailable",
        injects: "nothing can be opened now",
        outcome: "the model call fails as unavailable and may be repeated",
    },
    Fault {
        name: "does_not_open",
        injects: "the secret was sealed under another master key",
        outcome: "the error says to enter the secret again; the rest of the organisation goes on",
    },
    Fault {
        name: "shred_unavailable",
        injects: "the data key of an organisation cannot be destroyed now",
        outcome: "whoever asked hears of it and asks again; nothing is said to be destroyed that is not",
    },
    Fault {
        name: "rewrap_unavailable",
        injects: "data keys cannot be wrapped anew now",
        outcome: "the change of the master key stops with a stated cause and goes on when it is asked again; both keys open",
    },
];

super::decorator!("master_key", ports::MasterKey);

#[async_trait]
impl MasterKey for Faulty {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError> {
        strike!(self, "seal_unavailable", KeyError::Unavailable("injected".into()));
        self.inner.seal(binding, secret).await
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        strike!(self, "open_unavailable", KeyError::Unavailable("injected".into()));
        strike!(self, "does_not_open", KeyError::DoesNotOpen);
        self.inner.open(binding, sealed).await
    }

    async fn shred(&self, org: OrgId) -> Result<(), KeyError> {
        strike!(
            self,
            "shred_unavailable",
            KeyError::Unavailable("injected".into())
        );
        self.inner.shred(org).await
    }

    async fn rewrap(&self, most: usize) -> Result<usize, KeyError> {
        strike!(
            self,
            "rewrap_unavailable",
            KeyError::Unavailable("injected".into())
        );
        self.inner.rewrap(most).await
    }

    async fn standing(&self) -> Result<KeyStanding, KeyError> {
        self.inner.standing().await
    }

    fn key_id(&self) -> String {
        self.inner.key_id()
    }
}
