//! Problem documents (RFC 9457) and the one list of their codes.

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[$meta:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)+) => {
        /// Stable codes of everything that can be refused. Each has a page `docs/problems/<slug>.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode { $($(#[$meta])* $name,)+ }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable word: last part of `type`, and the name of the page in the docs.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)+ }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// The same for every occurrence.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// The page of each code, compiled in: a code without a page does not compile.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../../../docs/problems/", $slug, ".md")),)+ }
            }
        }
    };
}

problem_codes! {
    InvalidRequest = "invalid_request", 400, "The request is not valid";
    InvalidCursor = "invalid_cursor", 400, "The cursor is not valid";
    InvalidRepository = "invalid_repository", 400, "The repository URL or ref is not valid";
    Unauthenticated = "unauthenticated", 401, "No valid credential was given";
    SignInFailed = "sign_in_failed", 401, "E-mail address and password do not fit together";
    ProviderSignInFailed = "provider_sign_in_failed", 401, "The provider's answer is not accepted";
    SecondFactorFailed = "second_factor_failed", 401, "The code of the second factor is not accepted";
    CsrfFailed = "csrf_failed", 403, "The request may not come from our own page";
    Forbidden = "forbidden", 403, "This credential may not do that";
    NoOrganisation = "no_organisation", 403, "You belong to no organisation";
    EmailNotVerified = "email_not_verified", 403, "The provider does not vouch for an e-mail address";
    IdentityNotAllowed = "identity_not_allowed", 403, "This way in is for others";
    SignUpClosed = "sign_up_closed", 403, "This server does not take that sign-up";
    NotFound = "not_found", 404, "There is no such thing, or it is not yours to see";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method";
    Conflict = "conflict", 409, "The state does not allow that now";
    IdempotencyConflict = "idempotency_conflict", 409, "The idempotency key was used with another body";
    ArtifactLimit = "artifact_limit", 409, "The session keeps no more artifacts";
    QuotaExceeded = "quota_exceeded", 409, "The organisation has as much of that as it may";
    IdentityNotLinked = "identity_not_linked", 409, "The address has an account that this identity does not open";
    IdentityTaken = "identity_taken", 409, "The identity signs somebody else in";
    LastWayIn = "last_way_in", 409, "Nobody takes their last way in away";
    LastOwner = "last_owner", 409, "An organisation needs an owner";
    OrganisationClosing = "organisation_closing", 409, "The organisation is going to be deleted";
    OrganisationLimit = "organisation_limit", 409, "Nobody may make more organisations than that";
    QueueFull = "queue_full", 409, "The session's prompt queue is full";
    PromptNotCancellable = "prompt_not_cancellable", 409, "Only a queued prompt can be cancelled";
    SessionArchived = "session_archived", 409, "The session is archived";
    AlreadyAnswered = "already_answered", 409, "It has been answered already";
    CursorExpired = "cursor_expired", 410, "The cursor lies before the retained history";
    InvitationExpired = "invitation_expired", 410, "The invitation does not work any more";
    ProviderSignInExpired = "provider_sign_in_expired", 410, "The attempt to sign in is over";
    LinkExpired = "link_expired", 410, "The sign-in link does not work any more";
    BodyTooLarge = "body_too_large", 413, "The request body is too large";
    PromptTooLarge = "prompt_too_large", 413, "The prompt is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be JSON";
    RangeNotSatisfiable = "range_not_satisfiable", 416, "There is no such part";
    ModelUnavailable = "model_unavailable", 422, "This organisation cannot use that model";
    AgentUnavailable = "agent_unavailable", 422, "That agent is not installed here";
    AddressNotAllowed = "address_not_allowed", 422, "The server may not connect to that address";
    RepositoryUnreachable = "repository_unreachable", 422, "The repository could not be read";
    BundleInvalid = "bundle_invalid", 422, "The session bundle is not accepted";
    RateLimited = "rate_limited", 429, "Too many requests";
    Internal = "internal", 500, "Something failed on our side";
    LogCorrupt = "log_corrupt", 500, "The session's log is damaged";
    ProviderUnreachable = "provider_unreachable", 502, "The sign-in provider could not be asked";
    UpstreamFailed = "upstream_failed", 502, "The model provider could not be reached";
    Unavailable = "unavailable", 503, "The server cannot do that at the moment";
    StorageFull = "storage_full", 507, "The server's disk is full";
}

/// A problem document: `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable address of the kind of problem: `/problems/<slug>` on this server.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What went wrong this time and what to do about it.
    pub detail: String,
    /// The limit that was passed, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// The offending field, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Names this request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{}", code.slug()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            limit: None,
            field: None,
            request_id: None,
        }
    }

    /// The code behind `type`, if this build knows it.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        let slug = self.kind.rsplit('/').next()?;
        ProblemCode::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}
