-- Old runs are found without looking at the others.
CREATE INDEX coordinator_run_ended ON coordinator_run (ended_at, id);
