//! Shows whoever has a link what it leads to.

use std::net::IpAddr;

use domain::{organisations::InvitationState, sign_in::TokenHash};
use protocol::{
    ProblemCode,
    api::{InvitationPreview, InvitationToken},
};

use super::{LONGEST_TOKEN, over};
use crate::{App, AppError, identity::Throttle};

/// What stands for the address in the place where wrong links are counted: no address looks like it.
const WRONG_LINKS: &str = "invitation links";

impl App {
    /// For anybody. Links that do not work are counted for each place and held up after a few; those that do never are.
    ///
    /// # Errors
    /// `invitation_expired`, the same for all that do not work; `rate_limited` after too many of them.
    pub async fn preview_invitation(
        &self,
        body: &InvitationToken,
        from: Option<IpAddr>,
    ) -> Result<InvitationPreview, AppError> {
        let token = body.token.expose().trim();
        let now = self.now();
        let found = if token.len() <= LONGEST_TOKEN {
            self.ports()
                .identity
                .find_invitation(TokenHash::of(token))
                .await?
        } else {
            None
        };
        let open = found.filter(|found| {
            found.invitation.state(now) == InvitationState::Open && found.organisation.deletion.is_none()
        });
        match open {
            Some(found) => Ok(InvitationPreview {
                organisation: found.organisation.name,
                role: found.invitation.role.as_str().to_owned(),
                expires_at: found.invitation.expires_at,
            }),
            None => {
                self.throttle()
                    .guess(Throttle::place(WRONG_LINKS, from), now)
                    .map_err(too_often)?;
                Err(over())
            }
        }
    }
}

fn too_often(error: AppError) -> AppError {
    AppError {
        code: ProblemCode::RateLimited,
        detail: "Too many links that do not work came from where you are. Wait a few minutes.".to_owned(),
        ..error
    }
}
