//! The schemas as ladders of steps: forward only, one transaction each. Steps are never edited, only added.

use ports::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Failure, at_commit};

/// `coordinator.db`.
pub(crate) const COORDINATOR: &[&str] = &[
    "
    CREATE TABLE user (
        id         BLOB PRIMARY KEY,
        email      TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE organisation (
        id         BLOB PRIMARY KEY,
        slug       TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE membership (
        org  BLOB NOT NULL REFERENCES organisation (id),
        user BLOB NOT NULL REFERENCES user (id),
        role TEXT NOT NULL,
        PRIMARY KEY (org, user)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX membership_user ON membership (user);

    CREATE TABLE api_key (
        id           BLOB PRIMARY KEY,
        org          BLOB NOT NULL REFERENCES organisation (id),
        user         BLOB NOT NULL REFERENCES user (id),
        name         TEXT NOT NULL,
        hash         BLOB NOT NULL UNIQUE,
        hint         TEXT NOT NULL,
        scopes       TEXT NOT NULL,
        created_at   INTEGER NOT NULL,
        expires_at   INTEGER,
        revoked_at   INTEGER,
        last_used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX api_key_org ON api_key (org, id);
    CREATE INDEX api_key_user ON api_key (user);

    CREATE TABLE model_provider (
        id         BLOB PRIMARY KEY,
        org        BLOB NOT NULL,
        slug       TEXT NOT NULL,
        dialect    TEXT NOT NULL,
        base_url   TEXT,
        sealed_key TEXT NOT NULL,
        key_hint   TEXT NOT NULL,
        models     TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (org, slug)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX model_provider_org ON model_provider (org, id);

    CREATE TABLE environment (
        id         BLOB PRIMARY KEY,
        org        BLOB NOT NULL,
        name       TEXT NOT NULL,
        repository TEXT,
        setup      TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX environment_org ON environment (org, id);

    CREATE TABLE session (
        id         BLOB PRIMARY KEY,
        org        BLOB NOT NULL,
        created_by BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        agent      TEXT NOT NULL,
        model      TEXT NOT NULL,
        title      TEXT,
        repository TEXT,
        status     TEXT NOT NULL,
        tokens     TEXT NOT NULL,
        cost       INTEGER,
        position   INTEGER NOT NULL,
        awake      INTEGER NOT NULL,
        alarm      INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_org ON session (org, id);
    CREATE INDEX session_awake ON session (id) WHERE awake = 1;
    CREATE INDEX session_alarm ON session (alarm, id) WHERE awake = 0 AND alarm IS NOT NULL;

    CREATE TABLE idempotency (
        scope       TEXT NOT NULL,
        key         TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        reply       TEXT NOT NULL,
        session     BLOB,
        at          INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_at ON idempotency (at);
",
    "
    ALTER TABLE session ADD COLUMN created_by_name TEXT;
    ALTER TABLE session ADD COLUMN pending_permissions INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN pending_questions INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN cause TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN message TEXT NOT NULL DEFAULT '';
",
    "
    ALTER TABLE user ADD COLUMN password TEXT;

    CREATE TABLE browser_session (
        hash         BLOB PRIMARY KEY,
        user         BLOB NOT NULL REFERENCES user (id),
        org          BLOB,
        by_link      INTEGER NOT NULL,
        created_at   INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX browser_session_user ON browser_session (user, last_seen_at);
    CREATE INDEX browser_session_created ON browser_session (created_at);
    CREATE INDEX browser_session_seen ON browser_session (last_seen_at);

    CREATE TABLE sign_in_link (
        hash       BLOB PRIMARY KEY,
        user       BLOB NOT NULL REFERENCES user (id),
        org        BLOB NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sign_in_link_expires ON sign_in_link (expires_at);
",
    "
    ALTER TABLE session ADD COLUMN runs_owed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE session ADD COLUMN runs_oldest INTEGER;
    CREATE INDEX session_owing ON session (runs_oldest, id, runs_owed) WHERE awake = 0 AND runs_owed > 0;
",
    "
    CREATE INDEX session_archived ON session (updated_at, id) WHERE status = 'archived';
",
    include_str!("../migrations/coordinator/0006_organisations.sql"),
    include_str!("../migrations/coordinator/0008_secrets.sql"),
    include_str!("../migrations/coordinator/0007_keys.sql"),
    include_str!("../migrations/coordinator/0009_accounts.sql"),
    include_str!("../migrations/coordinator/0010_identities.sql"),
    include_str!("../migrations/coordinator/0011_kept_bytes.sql"),
];

/// `keys.db`.
pub(crate) const KEYS: &[&str] = &[include_str!("../migrations/keys/0001_organisation_key.sql")];

/// `runs.db`.
pub(crate) const RUNS: &[&str] = &[
    include_str!("../migrations/runs/0001_run.sql"),
    include_str!("../migrations/runs/0002_figures.sql"),
    include_str!("../migrations/runs/0003_retention.sql"),
];

/// `audit.db`.
pub(crate) const AUDIT: &[&str] = &[include_str!("../migrations/audit/0001_audit.sql")];

/// `feed.db`. The head of each organisation outlives its events, so that no number is given twice.
pub(crate) const FEED: &[&str] = &["
    CREATE TABLE feed (
        org  BLOB PRIMARY KEY,
        head INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event (
        org     BLOB NOT NULL,
        seq     INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        session BLOB,
        kind    TEXT NOT NULL,
        data    TEXT NOT NULL,
        key     TEXT NOT NULL UNIQUE,
        PRIMARY KEY (org, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX event_session ON event (session) WHERE session IS NOT NULL;

    CREATE TABLE mark (
        session  BLOB PRIMARY KEY,
        position INTEGER NOT NULL,
        told     TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
"];

fn version(connection: &Connection, steps: &[&str]) -> Result<usize, StoreError> {
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|error| Failure::from(error).before_commit())?;
    usize::try_from(version)
        .ok()
        .filter(|version| *version <= steps.len())
        .ok_or_else(|| {
            StoreError::Corrupt(format!(
                "the file has format {version}, this build knows up to {}: it was written by a newer version",
                steps.len()
            ))
        })
}

/// Takes the steps that a file has not taken yet; a file from the future is refused.
pub(crate) fn climb(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let before = |error: rusqlite::Error| Failure::from(error).before_commit();
    while version(connection, steps)? < steps.len() {
        let step = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(before)?;
        // Read again under the lock: another process (the command line, say) may have taken it meanwhile.
        let from = version(&step, steps)?;
        if let Some(sql) = steps.get(from) {
            step.execute_batch(sql).map_err(before)?;
            step.execute_batch(&format!("PRAGMA user_version = {}", from + 1))
                .map_err(before)?;
            step.commit().map_err(|error| at_commit(&error))?;
        }
    }
    Ok(())
}
