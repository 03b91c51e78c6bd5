-- Without further indexes: a copy of a record in an index would be a second truth that no hash covers.
CREATE TABLE record (
    org     BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    user    BLOB,
    api_key BLOB,
    name    TEXT,
    action  TEXT NOT NULL,
    target  TEXT,
    outcome TEXT NOT NULL,
    address TEXT,
    request BLOB,
    details TEXT NOT NULL,
    hash    BLOB NOT NULL,
    PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    org       BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    at        INTEGER NOT NULL,
    key       BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE head (
    org          BLOB PRIMARY KEY,
    seq          INTEGER NOT NULL,
    hash         BLOB NOT NULL,
    removed      INTEGER NOT NULL,
    removed_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;
