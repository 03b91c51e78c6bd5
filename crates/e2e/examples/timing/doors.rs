//! What is asked at each door, about somebody who has an account or has none.

use serde_json::json;

use crate::people::{PASSWORD, People, WRONG};

/// A door at which time could tell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    SignIn,
    SignUp,
    InvitedSignUp,
    Reset,
    Invitation,
    /// Signing in with a wrong password of one's own, right behind a question about somebody else.
    AfterSignIn,
    AfterSignUp,
    AfterReset,
}

impl Door {
    pub(crate) const ALL: [Self; 8] = [
        Self::SignIn,
        Self::SignUp,
        Self::InvitedSignUp,
        Self::Reset,
        Self::Invitation,
        Self::AfterSignIn,
        Self::AfterSignUp,
        Self::AfterReset,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in, wrong password",
            Self::SignUp => "sign-up",
            Self::InvitedSignUp => "sign-up with an invitation",
            Self::Reset => "forgotten password",
            Self::Invitation => "invitation to an address",
            Self::AfterSignIn => "own sign-in right after a wrong sign-in",
            Self::AfterSignUp => "own sign-in right after a sign-up",
            Self::AfterReset => "own sign-in right after a reset",
        }
    }

    /// Microseconds of the answer.
    pub(crate) async fn ask(self, people: &mut People, exists: bool) -> f64 {
        let email = people.address(exists);
        match self {
            Self::SignIn => sign_in(people, &email).await,
            Self::SignUp => sign_up(people, &email, None).await,
            Self::InvitedSignUp => {
                let invitation = people.invitation.clone();
                sign_up(people, &email, Some(&invitation)).await
            }
            Self::Reset => reset(people, &email).await,
            Self::Invitation => people.timed_invitation(&email).await,
            Self::AfterSignIn => {
                sign_in(people, &email).await;
                own(people).await
            }
            Self::AfterSignUp => {
                sign_up(people, &email, None).await;
                own(people).await
            }
            Self::AfterReset => {
                reset(people, &email).await;
                own(people).await
            }
        }
    }
}

async fn sign_in(people: &mut People, email: &str) -> f64 {
    let body = json!({"email": email, "password": WRONG});
    let (status, time) = people.timed("/v1/auth/sign-in", &body).await;
    assert_eq!(status, 401, "a wrong password");
    time
}

async fn sign_up(people: &mut People, email: &str, invitation: Option<&str>) -> f64 {
    let mut body = json!({"email": email, "password": PASSWORD});
    if let Some(token) = invitation {
        body["invitation"] = json!(token);
    }
    let (status, time) = people.timed("/v1/auth/sign-up", &body).await;
    assert_eq!(status, 202, "a sign-up");
    time
}

async fn reset(people: &mut People, email: &str) -> f64 {
    let (status, time) = people.timed("/v1/auth/reset", &json!({"email": email})).await;
    assert_eq!(status, 202, "a reset");
    time
}

/// One's own sign-in succeeds, and so waits for the disk: for as long as somebody else is writing there, too.
async fn own(people: &mut People) -> f64 {
    let email = people.address(true);
    let body = json!({"email": email, "password": PASSWORD});
    let (status, time) = people.timed("/v1/auth/sign-in", &body).await;
    assert_eq!(status, 200, "one's own password");
    time
}
