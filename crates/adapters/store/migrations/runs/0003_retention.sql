-- Old runs are found without looking at the others.
CREATE INDEX run_ended ON run (ended_at, id);
