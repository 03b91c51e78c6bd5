//! What an agent asks a person: `/v1/sessions/{id}/permissions` and `/v1/sessions/{id}/questions`.

pub(crate) mod permission;
pub(crate) mod question;
