//! Well-formed values for tests, told apart by a number.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use domain::{
    audit::AuditEntry,
    environment_definition::EnvironmentDefinition,
    mail::MailAddress,
    models::{ModelOffer, ModelProvider, Price},
    organisations::Invitation,
    sealed::Sealed,
    secret::EnvironmentSecret,
    sign_in::{
        BrowserSession, Device, LinkedIdentity, PasswordHash, PendingSignUp, ResetLink, SignInLink,
        TokenHash, VerifiedIdentity,
    },
    tenancy::{ApiKey, Organisation, Role, Scope, ServiceAccount, User},
};
use ports::{
    catalog::{KEPT_STEP, SessionRow, Waiting},
    idempotency::IdempotencyEntry,
    session_log::LogEntry,
};
use protocol::{
    ApiKeyId, BrowserId, EnvironmentId, IdentityId, InvitationId, MicroUsd, ModelProviderId, OrgId, PromptId,
    RequestId, RunId, SecretId, SessionId, Timestamp, UserId,
    agent::Dialect,
    api::{SecretPhase, SecretScope},
    audit::{AuditActor, AuditOutcome, AuditRecord},
    run::{RunOutcome, RunRecord},
    session::{Repository, SessionStatus, Tokens, TurnError},
};

/// When samples were made, plus `ms`.
#[must_use]
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(1_769_860_800_000 + ms)
}

#[must_use]
pub fn session_id(n: u64) -> SessionId {
    SessionId::new(at(0).as_ms() + n.cast_signed(), u128::from(n))
}

#[must_use]
pub fn org_id(n: u64) -> OrgId {
    OrgId::new(at(0).as_ms(), u128::from(n))
}

#[must_use]
pub fn user_id(n: u64) -> UserId {
    UserId::new(at(0).as_ms(), u128::from(n))
}

#[must_use]
pub fn user(n: u64) -> User {
    User {
        id: user_id(n),
        email: format!("user{n}@example.org"),
        created_at: at(0),
    }
}

#[must_use]
pub fn author(n: u64) -> protocol::session::Author {
    protocol::session::Author {
        user_id: user_id(n),
        api_key_id: None,
        name: Some(format!("user{n}@example.org")),
    }
}

/// By the `n`th user, at the `n`th millisecond.
#[must_use]
pub fn audit_entry(n: u64, org: OrgId) -> AuditEntry {
    let actor = AuditActor::User {
        user_id: user_id(n),
        api_key_id: None,
        name: format!("user{n}@example.org"),
    };
    AuditEntry {
        request: Some(RequestId::from_bits(n.into())),
        ..AuditEntry::new(
            org,
            at(n.cast_signed()),
            actor,
            "api_key.create",
            AuditOutcome::Allowed,
        )
    }
}

/// The first record of an organisation.
#[must_use]
pub fn audit_record(n: u64, org: OrgId) -> AuditRecord {
    domain::audit::sealed(audit_entry(n, org), 1, &domain::audit::GENESIS)
}

#[must_use]
pub fn organisation(n: u64) -> Organisation {
    Organisation {
        id: org_id(n),
        slug: format!("org-{n}"),
        name: format!("Organisation {n}"),
        created_at: at(0),
        deletion: None,
    }
}

#[must_use]
pub fn api_key(n: u64, org: OrgId, user: UserId) -> ApiKey {
    let mut hash = [0xab; 32];
    hash[..8].copy_from_slice(&n.to_be_bytes());
    ApiKey {
        id: ApiKeyId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org,
        user,
        name: format!("key {n}"),
        hash,
        hint: "ack_abcd".into(),
        scopes: BTreeSet::from([Scope::SessionsRead, Scope::RunsRead]),
        created_at: at(0),
        expires_at: Some(at(1_000_000)),
        revoked_at: None,
        last_used_at: None,
        rate_per_s: None,
        replaces: None,
        replaced_by: None,
    }
}

#[must_use]
pub fn service_account(n: u64, org: OrgId) -> ServiceAccount {
    ServiceAccount {
        id: UserId::new(at(0).as_ms() + n.cast_signed(), 1_000 + u128::from(n)),
        org,
        name: format!("robot {n}"),
        role: Role::Member,
        created_at: at(n.cast_signed()),
    }
}

#[must_use]
pub fn token_hash(n: u64) -> TokenHash {
    let mut hash = [0xcd; 32];
    hash[..8].copy_from_slice(&n.to_be_bytes());
    TokenHash(hash)
}

#[must_use]
pub fn browser_session(n: u64, user: UserId) -> BrowserSession {
    BrowserSession {
        hash: token_hash(n),
        id: BrowserId::new(at(0).as_ms(), u128::from(n)),
        user,
        org: None,
        by_link: false,
        device: Device::new(
            Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            Some(IpAddr::from([192, 0, 2, 1])),
        ),
        created_at: at(0),
        last_seen_at: at(0),
    }
}

#[must_use]
pub fn sign_in_link(n: u64, org: OrgId, user: UserId) -> SignInLink {
    SignInLink {
        hash: token_hash(1000 + n),
        user,
        org,
        expires_at: at(1_000_000),
    }
}

#[must_use]
pub fn sign_up(n: u64) -> PendingSignUp {
    PendingSignUp {
        hash: token_hash(2000 + n),
        email: user(n).email,
        password: PasswordHash::new(format!("$hash${n}")),
        invitation: None,
        created_at: at(0),
        expires_at: at(1_000_000),
    }
}

#[must_use]
pub fn identity_id(n: u64) -> IdentityId {
    IdentityId::new(at(0).as_ms(), u128::from(n))
}

/// An identity with a subject of its own.
#[must_use]
pub fn identity(n: u64, user: UserId) -> LinkedIdentity {
    LinkedIdentity {
        id: identity_id(n),
        user,
        provider: "corp".parse().expect("a name"),
        issuer: "https://login.example.org".into(),
        subject: format!("subject-{n}"),
        email: Some(format!("user{n}@example.org")),
        name: Some(format!("User {n}")),
        linked_at: at(n.cast_signed()),
        last_used_at: None,
    }
}

/// Whom a provider vouches for, with a verified address.
#[must_use]
pub fn verified_identity(n: u64) -> VerifiedIdentity {
    VerifiedIdentity {
        issuer: "https://login.example.org".into(),
        subject: format!("subject-{n}"),
        email: MailAddress::read(&format!("user{n}@example.org")).ok(),
        email_verified: true,
        name: Some(format!("User {n}")),
        hosted_domain: None,
        organisations: Vec::new(),
    }
}

#[must_use]
pub fn reset_link(n: u64, user: UserId) -> ResetLink {
    ResetLink {
        hash: token_hash(3000 + n),
        user,
        expires_at: at(1_000_000 + n.cast_signed()),
    }
}

/// Open, for a member, for a week.
#[must_use]
pub fn invitation(n: u64, org: OrgId) -> Invitation {
    Invitation {
        id: InvitationId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org,
        hash: token_hash(2000 + n),
        email: None,
        role: Role::Member,
        invited_by: user_id(1),
        created_at: at(0),
        expires_at: at(7 * 24 * 3_600_000),
        revoked_at: None,
        accepted: None,
    }
}

#[must_use]
pub fn model_provider(n: u64, org: OrgId) -> ModelProvider {
    ModelProvider {
        id: ModelProviderId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org,
        slug: format!("provider-{n}"),
        dialect: Dialect::OpenaiChat,
        base_url: Some("https://models.example.org/v1".into()),
        sealed_key: Sealed {
            version: 1,
            key_id: "0a0b0c0d".into(),
            data: "c2VhbGVk".into(),
        },
        key_hint: "…wxyz".into(),
        models: vec![ModelOffer {
            id: "large/one".into(),
            context: Some(200_000),
            max_output: None,
            price: Some(Price {
                input: 3_000_000,
                output: 15_000_000,
                cached: None,
            }),
        }],
        created_at: at(0),
        updated_at: at(1),
    }
}

#[must_use]
pub fn environment(n: u64, org: OrgId) -> EnvironmentDefinition {
    EnvironmentDefinition {
        id: EnvironmentId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org,
        name: format!("environment {n}"),
        repository: Some(repository()),
        setup: vec!["npm ci".into(), "echo 'two words'".into()],
        created_at: at(0),
        updated_at: at(1),
    }
}

#[must_use]
pub fn repository() -> Repository {
    Repository {
        url: "https://git.example.org/o/n.git".into(),
        reference: Some("main".into()),
    }
}

/// Rows with a higher number are newer. Projected once, so that they are listed.
#[must_use]
pub fn session_row(n: u64, org: OrgId) -> SessionRow {
    SessionRow {
        id: session_id(n),
        org,
        created_by: user_id(1),
        created_at: at(n.cast_signed()),
        updated_at: at(n.cast_signed()),
        agent: "opencode".into(),
        model: "openai/gpt-x".into(),
        title: Some(format!("session {n}")),
        repository: Some(repository()),
        status: SessionStatus::Idle,
        tokens: Tokens {
            input: 10,
            output: 2,
            cached: 1,
            reasoning: 0,
        },
        cost_micro_usd: Some(MicroUsd(42)),
        created_by_name: Some("user1@example.org".into()),
        waiting: Waiting {
            permissions: 1,
            questions: 2,
            prompts: 3,
        },
        cause: "ready".into(),
        message: "The sandbox is ready.".into(),
        bytes: KEPT_STEP,
        position: 1,
    }
}

/// Runs with a higher number are newer.
#[must_use]
pub fn run(n: u64, org: OrgId, session: SessionId) -> RunRecord {
    RunRecord {
        id: RunId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org_id: org,
        session_id: session,
        prompt_id: PromptId::from_bits(u128::from(n)),
        user_id: user_id(1),
        api_key_id: Some(ApiKeyId::from_bits(1)),
        agent: "opencode".into(),
        model: "openai/gpt-x".into(),
        repository: Some(repository()),
        outcome: RunOutcome::Failed,
        error: Some(TurnError {
            code: "model_error".into(),
            message: "the model said no".into(),
            next_step: "try again".into(),
            detail: None,
        }),
        tokens: Tokens {
            input: 100,
            output: 20,
            cached: 0,
            reasoning: 5,
        },
        cost_micro_usd: None,
        queued_at: at(0),
        started_at: Some(at(1)),
        ended_at: at(n.cast_signed()),
        tool_calls: 3,
        first_seq: 1,
        last_seq: 9,
    }
}

/// A public fact; `seq` and `position` as given.
#[must_use]
pub fn public(position: u64, seq: u64, body: &str) -> LogEntry {
    LogEntry {
        position,
        seq: Some(seq),
        at: at(position.cast_signed()),
        prompt_id: Some(PromptId::from_bits(7)),
        kind: "message.text".into(),
        body: Arc::from(body),
    }
}

/// A private fact.
#[must_use]
pub fn private(position: u64, body: &str) -> LogEntry {
    LogEntry {
        position,
        seq: None,
        at: at(position.cast_signed()),
        prompt_id: None,
        kind: "generation_started".into(),
        body: Arc::from(body),
    }
}

/// An idempotency key whose body is told apart by `fingerprint`.
#[must_use]
pub fn key(key: &str, fingerprint: u8, reply: &str) -> IdempotencyEntry {
    IdempotencyEntry {
        scope: "org/user/route".into(),
        key: key.into(),
        fingerprint: [fingerprint; 32],
        reply: reply.into(),
        at: at(0),
    }
}

/// A secret of the organisation; its name tells the number.
#[must_use]
pub fn secret(n: u64, org: OrgId) -> EnvironmentSecret {
    EnvironmentSecret {
        id: SecretId::new(at(0).as_ms() + n.cast_signed(), u128::from(n)),
        org,
        scope: SecretScope::Organisation,
        name: format!("SECRET_{n}"),
        phase: SecretPhase::Both,
        sealed: Sealed {
            version: 2,
            key_id: "0a0b0c0d".into(),
            data: "c2VhbGVk".into(),
        },
        size: 20,
        created_at: at(0),
        updated_at: at(1),
    }
}
