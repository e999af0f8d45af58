-- What hosts deliver to courses: the doors, each delivery once, its attempts, its effects, and what must add up.

CREATE TABLE hooks (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    project_id UUID,
    digest BYTEA NOT NULL,
    sealed_secret TEXT NOT NULL,
    previous_digest BYTEA,
    sealed_previous TEXT,
    previous_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX hooks_by_id ON hooks (id);
CREATE UNIQUE INDEX hooks_by_secret ON hooks (digest);
CREATE INDEX hooks_by_previous ON hooks (previous_digest) WHERE previous_digest IS NOT NULL;

-- A log: rows are added at its end, and what changes in one is small. What is large is beside it.
CREATE TABLE intake (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    hook_id UUID,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    event TEXT NOT NULL,
    repository_id TEXT,
    path TEXT,
    project_id UUID,
    key BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    ended_at BIGINT,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    forgiven BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
) WITH (fillfactor = 80);
CREATE INDEX intake_pending ON intake (next_at) WHERE state = 'pending';
CREATE INDEX intake_dead ON intake (tenant_id, id) WHERE state = 'dead';
CREATE INDEX intake_done ON intake (received_at) WHERE state IN ('processed', 'ignored');
CREATE INDEX intake_of_project ON intake (tenant_id, project_id, id) WHERE project_id IS NOT NULL;

CREATE TABLE intake_parcels (
    tenant_id UUID NOT NULL,
    intake_id UUID NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id)
    -- A usual delivery stays in its row: moving it out costs four more.
) WITH (toast_tuple_target = 8160);
-- It is sealed: trying to compress it is in vain.
ALTER TABLE intake_parcels ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE intake_attempts (
    tenant_id UUID NOT NULL,
    intake_id UUID NOT NULL,
    number BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (tenant_id, intake_id, number)
);

CREATE TABLE intake_effects (
    tenant_id UUID NOT NULL,
    intake_id UUID NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (tenant_id, intake_id, effect)
);

-- Kept in the transactions that they count. Each takes one of several rows, so that they seldom wait for one another.
CREATE TABLE intake_counts (
    tenant_id UUID NOT NULL,
    slot BIGINT NOT NULL,
    received BIGINT NOT NULL,
    processed BIGINT NOT NULL,
    ignored BIGINT NOT NULL,
    dead BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, slot)
) WITH (fillfactor = 50);

-- When something was last heard of each course project.
CREATE TABLE project_activity (
    tenant_id UUID NOT NULL,
    project_id UUID NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, project_id)
);

CREATE INDEX projects_by_origin ON projects (tenant_id, host, remote_id);
