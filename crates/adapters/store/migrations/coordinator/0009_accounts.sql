ALTER TABLE browser_session ADD COLUMN id BLOB;
ALTER TABLE browser_session ADD COLUMN device TEXT;
ALTER TABLE browser_session ADD COLUMN address TEXT;
UPDATE browser_session SET id = randomblob(16);
CREATE UNIQUE INDEX browser_session_id ON browser_session (id);

CREATE TABLE sign_up (
    hash       BLOB PRIMARY KEY,
    email      TEXT NOT NULL,
    password   TEXT NOT NULL,
    invitation BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_up_email ON sign_up (email, created_at);
CREATE INDEX sign_up_expires ON sign_up (expires_at);

CREATE TABLE password_reset (
    hash       BLOB PRIMARY KEY,
    user       BLOB NOT NULL REFERENCES user (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX password_reset_user ON password_reset (user, expires_at);

CREATE TABLE second_factor (
    user         BLOB PRIMARY KEY REFERENCES user (id),
    secret       TEXT NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
    user BLOB NOT NULL REFERENCES second_factor (user),
    hash BLOB NOT NULL,
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;
