-- What happens in course projects, whoever does it, and how courses are kept up with their hosts.

CREATE TABLE facts (
    tenant_id UUID NOT NULL,
    project_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    -- A commit of which nobody knows what it changed.
    unread BOOLEAN NOT NULL,
    -- A JSON object with the version of its form.
    body TEXT NOT NULL,
    PRIMARY KEY (tenant_id, project_id, kind, id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
);
CREATE INDEX facts_by_time ON facts (tenant_id, project_id, at, kind, id);
CREATE INDEX facts_of_kind ON facts (tenant_id, project_id, kind, at, id);
CREATE INDEX facts_unread ON facts (tenant_id, project_id, at, id) WHERE unread;

-- People, as hosts told of them. Facts name them by the digest.
CREATE TABLE course_actors (
    tenant_id UUID NOT NULL,
    course_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    -- Absent of one who was erased before a host told of them.
    host TEXT COLLATE "C",
    host_user TEXT,
    username TEXT,
    email TEXT,
    name TEXT,
    erased BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, course_id, digest),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
);

CREATE TABLE course_sources (
    tenant_id UUID NOT NULL,
    course_id UUID NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    remote_id TEXT COLLATE "C" NOT NULL,
    connection_id UUID,
    kind TEXT COLLATE "C" NOT NULL,
    address TEXT NOT NULL,
    auto_sync BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    synced_at BIGINT,
    tried_at BIGINT,
    -- How often in a row it failed, why, and until when it is left alone.
    failures BIGINT NOT NULL,
    problem TEXT,
    retry_at BIGINT,
    PRIMARY KEY (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
);
CREATE INDEX course_sources_due ON course_sources (tried_at);

CREATE TABLE project_syncs (
    tenant_id UUID NOT NULL,
    project_id UUID NOT NULL,
    -- The host's id of the source that it was last read from.
    source TEXT COLLATE "C" NOT NULL,
    read_since BIGINT,
    synced_at BIGINT,
    problem TEXT,
    PRIMARY KEY (tenant_id, project_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
);

CREATE TABLE project_hooks (
    tenant_id UUID NOT NULL,
    project_id UUID NOT NULL,
    hook_id UUID NOT NULL,
    -- A JSON array of text.
    remote_ids TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, project_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
);
