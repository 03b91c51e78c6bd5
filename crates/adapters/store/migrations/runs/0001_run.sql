-- Filters have columns of their own; the record itself is kept whole, as written.
CREATE TABLE run (
    id       BLOB PRIMARY KEY,
    org      BLOB NOT NULL,
    session  BLOB NOT NULL,
    user     BLOB NOT NULL,
    api_key  BLOB,
    model    TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    record   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_org ON run (org, id);
CREATE INDEX run_session ON run (session, id);
