//! Signing in through a provider, and the identities that one is signed in with.

use serde::{Deserialize, Serialize};

use crate::{IdentityId, Timestamp, api::Secret};

/// The ways in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInWays {
    /// With an e-mail address and a password.
    pub password: bool,
    /// Who may sign up with a password: `closed`, `invite_only` or `open`. A provider may have a rule of its own.
    #[cfg_attr(feature = "openapi", schema(example = "invite_only"))]
    pub sign_up: String,
    pub providers: Vec<SignInProvider>,
}

/// A provider through which one can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInProvider {
    #[cfg_attr(feature = "openapi", schema(example = "google"))]
    pub id: String,
    /// For the button.
    #[cfg_attr(feature = "openapi", schema(example = "Google"))]
    pub name: String,
    /// `oidc` or `github`.
    #[cfg_attr(feature = "openapi", schema(example = "oidc"))]
    pub kind: String,
}

/// Body of `POST /v1/auth/providers/{id}/start`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderStart {
    /// A path of this server to come back to; anything else is `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// What follows `#token=` in an invitation; needed where signing up takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Secret>,
}

/// Body of `POST /v1/auth/providers/{id}/link`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderLink {
    /// A path of this server to come back to; anything else is `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
}

/// Where the browser goes now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderStarted {
    /// Works once, within ten minutes, in this browser.
    pub url: Secret,
}

/// An identity at a provider that signs one in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityInfo {
    pub id: IdentityId,
    /// Through which it was linked.
    #[cfg_attr(feature = "openapi", schema(example = "google"))]
    pub provider: String,
    /// As the provider said last.
    pub name: Option<String>,
    /// As the provider said last; it opens nothing.
    #[cfg_attr(feature = "openapi", schema(example = "ana@example.org"))]
    pub email: Option<String>,
    pub linked_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}
