//! Signing in and out in a browser, and passwords.

use serde::{Deserialize, Serialize};

use crate::api::{Me, Secret};

/// Body of `POST /v1/auth/sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    pub email: String,
    pub password: Secret,
}

/// Body of `POST /v1/auth/link`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkSignIn {
    /// What follows `#token=` in the link.
    pub token: Secret,
}

/// Somebody is signed in; the cookie comes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    pub me: Me,
    /// To be sent back as `Coordinator-CSRF` with whatever changes something.
    pub csrf_token: Secret,
}

/// Body of `PUT /v1/auth/password`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordSet {
    /// At least 12 characters, at most 1024 bytes.
    pub password: Secret,
    /// Needed when there is a password, unless a link signed in here within the last 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<Secret>,
}
