//! Invitations: leave to become a member, once, for whom they are meant.

mod accept;
mod create;
mod list;
mod preview;
mod revoke;

use domain::organisations::Invitation;
use protocol::{ProblemCode, Timestamp, api::InvitationInfo};

use crate::AppError;

/// Longest text that is hashed to look for an invitation.
const LONGEST_TOKEN: usize = 128;

/// The same for one that is used, revoked or too old, and for one that never was.
fn over() -> AppError {
    AppError::new(
        ProblemCode::InvitationExpired,
        "This invitation does not work any more: it was used or revoked, is too old, or never was one. Ask for a new link.",
    )
}

fn shown(invitation: Invitation, now: Timestamp) -> InvitationInfo {
    InvitationInfo {
        status: invitation.state(now).as_str().to_owned(),
        id: invitation.id,
        email: invitation.email,
        role: invitation.role.as_str().to_owned(),
        invited_by: invitation.invited_by,
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        accepted_by: invitation.accepted.map(|(_, user)| user),
    }
}
