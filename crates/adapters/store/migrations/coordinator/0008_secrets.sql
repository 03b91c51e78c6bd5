-- Environment secrets, sealed. An absent environment = the whole organisation.
CREATE TABLE secret (
    id          BLOB PRIMARY KEY,
    org         BLOB NOT NULL,
    environment BLOB,
    name        TEXT NOT NULL,
    phase       TEXT NOT NULL,
    sealed      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- NULLs are all different in an index, so the whole organisation is written as an empty value here.
CREATE UNIQUE INDEX secret_name ON secret (org, coalesce(environment, x''), name);
CREATE INDEX secret_environment ON secret (environment) WHERE environment IS NOT NULL;
-- What is to be sealed anew after an upgrade.
CREATE INDEX model_provider_old ON model_provider (id) WHERE json_extract(sealed_key, '$.version') < 2;
