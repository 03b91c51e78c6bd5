-- Wrapped data keys, in a file of their own: so that destroying one can rewrite the whole file. No data = destroyed.
CREATE TABLE organisation_key (
    org     BLOB PRIMARY KEY,
    version INTEGER,
    key_id  TEXT,
    data    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_key_master ON organisation_key (key_id) WHERE data IS NOT NULL;
