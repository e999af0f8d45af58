-- Work that is done later. What waits or runs stands in `jobs`, which stays small; what has ended is moved
-- to `ended_jobs` in the same step. Neither belongs to an organisation by a foreign key: the installation has
-- jobs, too, and a claim must not look at another table.

CREATE TABLE jobs (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT,
    queue TEXT NOT NULL,
    -- `waiting` for its time, `queued` for a worker, or `running`.
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    attempts_most BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    cancelling BOOLEAN NOT NULL,
    -- A JSON object with `done`, `total` and `item`.
    progress TEXT,
    sequence BIGINT NOT NULL,
    problem TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, key)
) WITH (
    -- Rows change in place, and are gone soon.
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0
);
CREATE UNIQUE INDEX jobs_by_id ON jobs (id);
CREATE INDEX jobs_queued ON jobs (queue, tenant_id, run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE ended_jobs (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    course_id UUID,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT,
    queue TEXT NOT NULL,
    -- `done`, `failed`, `cancelled` or `dead`.
    state TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    attempts_most BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    progress TEXT,
    sequence BIGINT NOT NULL,
    problem TEXT,
    -- JSON, as the job gave it.
    result TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX ended_jobs_by_id ON ended_jobs (id);
CREATE INDEX ended_jobs_by_end ON ended_jobs (ended_at);

CREATE TABLE job_events (
    tenant_id UUID NOT NULL,
    job_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- JSON for `progress` and `done`, text for `log` and `failed`.
    told TEXT,
    PRIMARY KEY (tenant_id, job_id, sequence)
);

-- The last turn that was taken of what comes again.
CREATE TABLE job_slots (
    name TEXT NOT NULL PRIMARY KEY,
    slot BIGINT NOT NULL
);
