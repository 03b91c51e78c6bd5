//! Signing up, forgotten passwords, one's devices, and the second factor.

use serde::{Deserialize, Serialize};

use crate::{
    BrowserId, Timestamp,
    api::{Secret, SignedIn},
};

/// Body of `POST /v1/auth/sign-up`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    pub email: String,
    /// At least 12 characters, at most 1024 bytes.
    pub password: Secret,
    /// What follows `#token=` in an invitation; needed where sign-up takes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Secret>,
}

/// What may have been done. The same words whether the address is known or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailPromised {
    pub message: String,
}

/// Body of `POST /v1/auth/verify-email`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailVerify {
    /// What follows `#token=` in the message.
    pub token: Secret,
    /// The one that was chosen at sign-up: whoever reads the message and whoever signed up are one person.
    pub password: Secret,
}

/// Body of `POST /v1/auth/reset`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordReset {
    pub email: String,
}

/// Body of `POST /v1/auth/reset/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordResetConfirm {
    /// What follows `#token=` in the message.
    pub token: Secret,
    /// At least 12 characters, at most 1024 bytes.
    pub password: Secret,
}

/// A browser in which the user is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrowserInfo {
    pub id: BrowserId,
    pub created_at: Timestamp,
    /// Noted every five minutes.
    pub last_seen_at: Timestamp,
    /// Browser and system as far as they are known, for example `Firefox on Linux`; as it said when it signed in.
    pub device: Option<String>,
    /// Where it signed in from.
    pub address: Option<String>,
    /// Opened by a link, not by a password.
    pub by_link: bool,
    /// The one that asks.
    pub current: bool,
}

/// Body of `POST /v1/auth/sign-out-everywhere`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignOutEverywhere {
    /// Also this browser.
    #[serde(default)]
    pub include_current: bool,
}

/// The password was right; a code is needed as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorNeeded {
    /// Always true.
    pub second_factor: bool,
    /// To be sent with the code. Works for five guesses, once, until `expires_at`.
    pub challenge: Secret,
    pub expires_at: Timestamp,
}

/// What a right password comes to: signed in, or asked for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignInAnswer {
    SignedIn(Box<SignedIn>),
    SecondFactor(SecondFactorNeeded),
}

/// Body of `POST /v1/auth/sign-in/second-factor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorSignIn {
    pub challenge: Secret,
    /// The six digits that the authenticator shows, or a recovery code.
    pub code: Secret,
}

/// The secret of an authenticator, shown this one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpStarted {
    /// Base32, to be typed in.
    pub secret: Secret,
    /// The same as an `otpauth://` address, to be shown as a QR code.
    pub uri: Secret,
}

/// Body of `POST /v1/auth/totp/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpConfirm {
    /// The six digits that the authenticator shows.
    pub code: Secret,
}

/// Codes that each stand for the authenticator once. Shown this one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<Secret>,
}

/// Body of `DELETE /v1/auth/totp`: one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpRemove {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// The six digits that the authenticator shows, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
}
