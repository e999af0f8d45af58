-- What hosts deliver to courses: the doors, each delivery once, its attempts, its effects, and what must add up.

CREATE TABLE hooks (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    project_id BLOB,
    digest BLOB NOT NULL,
    sealed_secret TEXT NOT NULL,
    previous_digest BLOB,
    sealed_previous TEXT,
    previous_until INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hooks_by_id ON hooks (id);
CREATE UNIQUE INDEX hooks_by_secret ON hooks (digest);
CREATE INDEX hooks_by_previous ON hooks (previous_digest) WHERE previous_digest IS NOT NULL;

-- A log: rows are added at its end, and what changes in one is small. What is large is beside it.
CREATE TABLE intake (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    hook_id BLOB,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    repository_id TEXT,
    path TEXT,
    project_id BLOB,
    key BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    ended_at INTEGER,
    next_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    forgiven INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_pending ON intake (next_at) WHERE state = 'pending';
CREATE INDEX intake_dead ON intake (tenant_id, id) WHERE state = 'dead';
CREATE INDEX intake_done ON intake (received_at) WHERE state IN ('processed', 'ignored');
CREATE INDEX intake_of_project ON intake (tenant_id, project_id, id) WHERE project_id IS NOT NULL;

CREATE TABLE intake_parcels (
    tenant_id BLOB NOT NULL,
    intake_id BLOB NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_attempts (
    tenant_id BLOB NOT NULL,
    intake_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (tenant_id, intake_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_effects (
    tenant_id BLOB NOT NULL,
    intake_id BLOB NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id, effect)
) STRICT, WITHOUT ROWID;

-- Kept in the transactions that they count. Each takes one of several rows, so that they seldom wait for one another.
CREATE TABLE intake_counts (
    tenant_id BLOB NOT NULL,
    slot INTEGER NOT NULL,
    received INTEGER NOT NULL,
    processed INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, slot)
) STRICT, WITHOUT ROWID;

-- When something was last heard of each course project.
CREATE TABLE project_activity (
    tenant_id BLOB NOT NULL,
    project_id BLOB NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, project_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX projects_by_origin ON projects (tenant_id, host, remote_id);
