//! Use cases: one verb a file, grouped by noun. The first line of each is its policy check.
//!
//! The inbound door, the admin socket and the command line all come through here, so that what is allowed and
//! what is refused is decided once. Nothing here knows HTTP; failures carry a problem code and words for the
//! caller, and keep their internal cause apart.

mod address;
mod agents;
mod answers;
mod api_keys;
mod app;
mod artifacts;
mod audit;
mod bundles;
mod environments;
mod error;
mod events;
mod feed;
pub mod gateway;
mod health;
mod idempotency;
mod identity;
mod invitations;
mod limits;
mod master_key;
mod members;
mod model_providers;
mod models;
mod organisations;
mod paging;
mod permit;
mod prompts;
mod retention;
mod runner;
mod runs;
mod secrets;
mod service_accounts;
mod sessions;
mod space;
mod text;
mod tickets;
mod work;

pub use address::{AddressCheck, AddressRefused};
pub use api_keys::OwnApiKey;
pub use app::{App, AppSettings, Limits};
pub use artifacts::{ArtifactTally, NewArtifact, Offered};
pub use audit::AuditQuery;
pub use bundles::{BundleLimits, BundleSettings, BundleStream, BundleUpload, ImportOptions};
pub use domain::organisations::GRACE as ORG_GRACE;
pub use environments::OwnEnvironment;
pub use error::AppError;
pub use events::EventQuery;
pub use feed::FeedQuery;
pub use idempotency::{IdempotencyKey, Outcome};
pub use identity::{
    AccountSettings, Browser, Endings, KEY_PREFIX, LoginBegun, LoginOutcome, LoginReturn, LoginTrouble,
    NewBrowser, SignInOutcome, bootstrap, sign_in_link, sign_in_url,
};
pub use limits::{Admission, Line, OpenSocket, Rates, Turn};
pub use master_key::{MasterKeyReport, change_step, master_key_report};
pub use model_providers::OwnModelProvider;
pub use models::{ResolvedModel, SPOKEN_DIALECTS};
pub use paging::ListQuery;
pub use prompts::{AttachmentContent, MAX_ATTACHMENT_BYTES, MAX_PROMPT_BYTES};
pub use retention::{Retention, Swept};
pub use runner::GitCredentialRequest;
pub use runs::{RunEvents, RunQuery, RunSelection, UsageQuery};
pub use secrets::{OwnSecret, SecretsRequest};
pub use service_accounts::OwnServiceAccount;
pub use sessions::{OwnSession, SessionQuery};
pub use space::FreeSpace;
pub use tickets::Redeemed;
pub use work::{Found, WorkStream};
