CREATE TABLE identity (
    id           BLOB PRIMARY KEY,
    user         BLOB NOT NULL REFERENCES user (id),
    provider     TEXT NOT NULL,
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    email        TEXT,
    name         TEXT,
    linked_at    INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_user ON identity (user, linked_at);
