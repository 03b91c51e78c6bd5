//! Faults of the providers that vouch for people.

use async_trait::async_trait;
use domain::sign_in::VerifiedIdentity;
use ports::{
    LoginProvider,
    logins::{LoginAnswer, LoginError, LoginStart},
};
use protocol::api::Secret;

use super::{Fault, strike};

pub const CATALOGUE: &[Fault] = &[
    Fault {
        name: "start_unavailable",
        injects: "the provider cannot be asked where its sign-in page is",
        outcome: "the browser is sent to the sign-in page, which says so; nothing else changes and another try works",
    },
    Fault {
        name: "finish_unavailable",
        injects: "the provider cannot be asked whose code it is",
        outcome: "nobody is signed in or linked; the attempt is used up and another one works",
    },
    Fault {
        name: "finish_refused",
        injects: "what the provider says is not to be believed",
        outcome: "nobody is signed in or linked, whatever it said; the cause is in the log alone",
    },
];

super::decorator!("logins", ports::LoginProvider);

#[async_trait]
impl LoginProvider for Faulty {
    async fn start(&self, start: &LoginStart) -> Result<Secret, LoginError> {
        strike!(
            self,
            "start_unavailable",
            LoginError::Unavailable("injected".into())
        );
        self.inner.start(start).await
    }

    async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError> {
        strike!(
            self,
            "finish_unavailable",
            LoginError::Unavailable("injected".into())
        );
        strike!(self, "finish_refused", LoginError::Refused("injected".into()));
        self.inner.finish(answer).await
    }
}
