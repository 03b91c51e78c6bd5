-- The history of finished turns. Ids are 16 bytes, highest first, so that they sort by time. Filters and figures have
-- columns of their own (figures at most 10^12 each); the record itself is kept whole, as written, a JSON document.
-- Text because a document may have characters that the database's own JSON types refuse.
CREATE TABLE coordinator_run (
    id         bytea PRIMARY KEY CHECK (octet_length(id) = 16),
    org        bytea NOT NULL,
    session    bytea NOT NULL,
    user_id    bytea NOT NULL,
    api_key    bytea,
    model      text COLLATE "C" NOT NULL,
    ended_at   bigint NOT NULL,
    record     text NOT NULL,
    outcome    text NOT NULL,
    input      bigint NOT NULL,
    output     bigint NOT NULL,
    cached     bigint NOT NULL,
    reasoning  bigint NOT NULL,
    tool_calls bigint NOT NULL,
    cost       bigint,
    queued_ms  bigint NOT NULL,
    running_ms bigint NOT NULL
);
CREATE INDEX coordinator_run_org ON coordinator_run (org, id);
CREATE INDEX coordinator_run_session ON coordinator_run (session, id);
CREATE INDEX coordinator_run_org_ended ON coordinator_run (org, ended_at);
