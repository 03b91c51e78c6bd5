-- Figures that are summed up have columns, too, each at most 10^12; filled in for what is there already.
ALTER TABLE run ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN input INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN output INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN cached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN reasoning INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN tool_calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN cost INTEGER;
ALTER TABLE run ADD COLUMN queued_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN running_ms INTEGER NOT NULL DEFAULT 0;

UPDATE run SET
    outcome = coalesce(record ->> '$.outcome', ''),
    input = min(cast(coalesce(record ->> '$.tokens.input', 0) AS INTEGER), 1000000000000),
    output = min(cast(coalesce(record ->> '$.tokens.output', 0) AS INTEGER), 1000000000000),
    cached = min(cast(coalesce(record ->> '$.tokens.cached', 0) AS INTEGER), 1000000000000),
    reasoning = min(cast(coalesce(record ->> '$.tokens.reasoning', 0) AS INTEGER), 1000000000000),
    tool_calls = min(cast(coalesce(record ->> '$.tool_calls', 0) AS INTEGER), 1000000000000),
    cost = max(0, min(record ->> '$.cost_micro_usd', 1000000000000)),
    queued_ms = max(0, min(1000000000000, cast(round(1000 * (
        unixepoch(coalesce(record ->> '$.started_at', record ->> '$.ended_at'), 'subsec')
        - unixepoch(record ->> '$.queued_at', 'subsec'))) AS INTEGER))),
    running_ms = max(0, min(1000000000000, coalesce(cast(round(1000 * (
        unixepoch(record ->> '$.ended_at', 'subsec')
        - unixepoch(record ->> '$.started_at', 'subsec'))) AS INTEGER), 0)));

CREATE INDEX run_org_ended ON run (org, ended_at);
