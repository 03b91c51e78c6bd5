-- Keys: a rate of their own, and which took the place of which.
ALTER TABLE api_key ADD COLUMN rate_per_s INTEGER;
ALTER TABLE api_key ADD COLUMN replaces BLOB;
ALTER TABLE api_key ADD COLUMN replaced_by BLOB;

-- Users that are programs: `home` is the one organisation that they belong to, `name` what they are called.
ALTER TABLE user ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
ALTER TABLE user ADD COLUMN home BLOB;
ALTER TABLE user ADD COLUMN name TEXT;
CREATE INDEX user_service ON user (home, id) WHERE kind = 'service';

-- What quotas are counted from, without a look at every session of an organisation: the first two indexes hold no more
-- rows than the quotas allow, the last is kept by the triggers.
CREATE INDEX session_awake_org ON session (org) WHERE awake = 1;
CREATE INDEX session_busy ON session (org) WHERE status IN ('queued', 'starting', 'running', 'waiting');

CREATE TABLE session_tally (
    org      BLOB PRIMARY KEY,
    sessions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session_tally (org, sessions) SELECT org, count(*) FROM session GROUP BY org;
CREATE TRIGGER session_added AFTER INSERT ON session BEGIN
    INSERT INTO session_tally (org, sessions) VALUES (new.org, 1)
    ON CONFLICT (org) DO UPDATE SET sessions = sessions + 1;
END;
CREATE TRIGGER session_removed AFTER DELETE ON session BEGIN
    UPDATE session_tally SET sessions = sessions - 1 WHERE org = old.org;
    DELETE FROM session_tally WHERE org = old.org AND sessions <= 0;
END;
