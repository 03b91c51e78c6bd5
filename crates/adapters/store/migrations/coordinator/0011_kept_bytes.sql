-- Bytes that sessions keep, and their sum for each organisation, which the triggers keep. Sessions of before count as one step
-- until their row is next brought up to date.
ALTER TABLE session ADD COLUMN bytes INTEGER NOT NULL DEFAULT 65536;
ALTER TABLE session_tally ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE session_tally SET bytes = sessions * 65536;

DROP TRIGGER session_added;
CREATE TRIGGER session_added AFTER INSERT ON session BEGIN
    INSERT INTO session_tally (org, sessions, bytes) VALUES (new.org, 1, new.bytes)
    ON CONFLICT (org) DO UPDATE SET sessions = sessions + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER session_grown AFTER UPDATE OF bytes ON session WHEN new.bytes <> old.bytes BEGIN
    UPDATE session_tally SET bytes = bytes + new.bytes - old.bytes WHERE org = new.org;
END;
DROP TRIGGER session_removed;
CREATE TRIGGER session_removed AFTER DELETE ON session BEGIN
    UPDATE session_tally SET sessions = sessions - 1, bytes = bytes - old.bytes WHERE org = old.org;
    DELETE FROM session_tally WHERE org = old.org AND sessions <= 0;
END;
