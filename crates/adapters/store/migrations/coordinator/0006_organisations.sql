ALTER TABLE organisation ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN created_by BLOB;
ALTER TABLE organisation ADD COLUMN deletion_requested_at INTEGER;
ALTER TABLE organisation ADD COLUMN deletion_at INTEGER;
ALTER TABLE organisation ADD COLUMN erasing INTEGER NOT NULL DEFAULT 0;
UPDATE organisation SET name = slug;
CREATE INDEX organisation_created_by ON organisation (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX organisation_deletion ON organisation (deletion_at, id) WHERE deletion_at IS NOT NULL;

CREATE TABLE invitation (
    id          BLOB PRIMARY KEY,
    org         BLOB NOT NULL REFERENCES organisation (id),
    hash        BLOB NOT NULL UNIQUE,
    email       TEXT,
    role        TEXT NOT NULL,
    invited_by  BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked_at  INTEGER,
    accepted_at INTEGER,
    accepted_by BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_org ON invitation (org, id);
