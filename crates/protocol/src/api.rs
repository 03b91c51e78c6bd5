//! Bodies of the HTTP API, shared by the inbound door, the CLI and the Rust client.
//!
//! One file for each noun. Requests refuse fields they do not know, so that a misspelt option is an error and not
//! a silent default. Secrets travel as [`Secret`], which never shows itself in `Debug` output.

mod account;
mod agent;
mod answer;
mod artifact;
mod environment;
mod environment_secret;
mod events;
mod health;
mod key;
mod limits;
mod login;
mod me;
mod model;
mod organisation;
mod page;
mod prompt;
mod provider;
mod run;
mod secret;
mod service_account;
mod session;
mod sign_in;
mod ticket;

pub use account::{
    BrowserInfo, EmailVerify, MailPromised, PasswordReset, PasswordResetConfirm, RecoveryCodes,
    SecondFactorNeeded, SecondFactorSignIn, SignInAnswer, SignOutEverywhere, SignUp, TotpConfirm, TotpRemove,
    TotpStarted,
};
pub use agent::AgentInfo;
pub use answer::{PermissionAnswer, QuestionAnswer};
pub use artifact::Artifact;
pub use environment::{
    Environment, EnvironmentCreate, EnvironmentDetect, EnvironmentPatch, EnvironmentRepository,
};
pub use environment_secret::{SecretCreate, SecretInfo, SecretPatch, SecretPhase, SecretScope};
pub use events::EventPage;
pub use health::{Health, Ready};
pub use key::{ApiKeyCreate, ApiKeyCreated, ApiKeyInfo, ApiKeyPatch, ApiKeyRotate, Bootstrapped};
pub use limits::{OrgLimits, OrgQuotas, QuotaUse, RequestLimit};
pub use login::{IdentityInfo, ProviderLink, ProviderStart, ProviderStarted, SignInProvider, SignInWays};
pub use me::{Me, MeMembership, MeOrganisation, MeUser};
pub use model::{ModelInfo, ModelList, ModelProviderState, ModelsOffered};
pub use organisation::{
    InvitationCreate, InvitationCreated, InvitationInfo, InvitationPreview, InvitationToken, MemberInfo,
    MemberPatch, OrganisationCreate, OrganisationDeletion, OrganisationInfo, OrganisationPatch,
    OwnershipTransfer,
};
pub use page::ListPage;
pub use prompt::{PromptAccepted, PromptCreate, PromptInfo};
pub use provider::{
    ModelOfferInput, ModelPrice, ModelProviderCreate, ModelProviderCreated, ModelProviderInfo,
    ModelProviderPatch, ModelProviderTest,
};
pub use run::{RunDetail, UsageReport};
pub use secret::Secret;
pub use service_account::{ServiceAccount, ServiceAccountCreate, ServiceAccountPatch};
pub use session::{
    PendingCounts, PendingRequests, RepositoryInput, SandboxInfo, SandboxPhase, Session, SessionCreate,
    SessionPatch, SessionSummary, WhyInShort,
};
pub use sign_in::{LinkSignIn, PasswordSet, SignIn, SignedIn};
pub use ticket::{Ticket, TicketCreate};

/// A body without anything in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Empty {}

/// Takes `null` for an absent field: many clients write optional fields that way.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de> + Default,
{
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Tells an absent field from one that is `null`, where `null` means "take it away".
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
