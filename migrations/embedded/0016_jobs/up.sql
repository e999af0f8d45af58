-- Work that is done later. What waits or runs stands in `jobs`, which stays small; what has ended is moved
-- to `ended_jobs` in the same step. Neither belongs to an organisation by a foreign key: the installation has
-- jobs, too, and a claim must not look at another table.

CREATE TABLE jobs (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT,
    queue TEXT NOT NULL,
    -- `waiting` for its time, `queued` for a worker, or `running`.
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_most INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    cancelling INTEGER NOT NULL,
    -- A JSON object with `done`, `total` and `item`.
    progress TEXT,
    sequence INTEGER NOT NULL,
    problem TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_by_id ON jobs (id);
CREATE INDEX jobs_queued ON jobs (queue, tenant_id, run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state = 'waiting';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE ended_jobs (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    course_id BLOB,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    key TEXT,
    queue TEXT NOT NULL,
    -- `done`, `failed`, `cancelled` or `dead`.
    state TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_most INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    progress TEXT,
    sequence INTEGER NOT NULL,
    problem TEXT,
    -- JSON, as the job gave it.
    result TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ended_jobs_by_id ON ended_jobs (id);
CREATE INDEX ended_jobs_by_end ON ended_jobs (ended_at);

CREATE TABLE job_events (
    tenant_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- JSON for `progress` and `done`, text for `log` and `failed`.
    told TEXT,
    PRIMARY KEY (tenant_id, job_id, sequence)
) STRICT, WITHOUT ROWID;

-- The last turn that was taken of what comes again.
CREATE TABLE job_slots (
    name TEXT NOT NULL PRIMARY KEY,
    slot INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
