//! Who belongs to an organisation, with which role.

mod change;
mod leave;
mod list;
mod transfer;

use domain::{organisations::Member, tenancy::Role};
use protocol::api::MemberInfo;

use crate::AppError;

fn shown(member: Member) -> MemberInfo {
    MemberInfo {
        user_id: member.user.id,
        email: member.user.email,
        role: member.role.as_str().to_owned(),
    }
}

fn missing() -> AppError {
    AppError::not_found("member")
}

/// A role as it is written in a body.
pub(crate) fn role(word: &str) -> Result<Role, AppError> {
    word.parse().map_err(|_| {
        let known = Role::ALL.map(Role::as_str).join(", ");
        AppError::invalid("role", format!("`role` must be one of {known}."))
    })
}
