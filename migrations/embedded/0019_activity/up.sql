-- What happens in course projects, whoever does it, and how courses are kept up with their hosts.

CREATE TABLE facts (
    tenant_id BLOB NOT NULL,
    project_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- A commit of which nobody knows what it changed.
    unread INTEGER NOT NULL,
    -- A JSON object with the version of its form.
    body TEXT NOT NULL,
    PRIMARY KEY (tenant_id, project_id, kind, id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_by_time ON facts (tenant_id, project_id, at, kind, id);
CREATE INDEX facts_of_kind ON facts (tenant_id, project_id, kind, at, id);
CREATE INDEX facts_unread ON facts (tenant_id, project_id, at, id) WHERE unread;

-- People, as hosts told of them. Facts name them by the digest.
CREATE TABLE course_actors (
    tenant_id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    digest BLOB NOT NULL,
    -- Absent of one who was erased before a host told of them.
    host TEXT,
    host_user TEXT,
    username TEXT,
    email TEXT,
    name TEXT,
    erased INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, course_id, digest),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE course_sources (
    tenant_id BLOB NOT NULL,
    course_id BLOB NOT NULL,
    host TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    connection_id BLOB,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    auto_sync INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    synced_at INTEGER,
    tried_at INTEGER,
    -- How often in a row it failed, why, and until when it is left alone.
    failures INTEGER NOT NULL,
    problem TEXT,
    retry_at INTEGER,
    PRIMARY KEY (tenant_id, course_id, host, remote_id),
    FOREIGN KEY (tenant_id, course_id) REFERENCES courses (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX course_sources_due ON course_sources (tried_at);

CREATE TABLE project_syncs (
    tenant_id BLOB NOT NULL,
    project_id BLOB NOT NULL,
    -- The host's id of the source that it was last read from.
    source TEXT NOT NULL,
    read_since INTEGER,
    synced_at INTEGER,
    problem TEXT,
    PRIMARY KEY (tenant_id, project_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_hooks (
    tenant_id BLOB NOT NULL,
    project_id BLOB NOT NULL,
    hook_id BLOB NOT NULL,
    -- A JSON array of text.
    remote_ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, project_id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES projects (tenant_id, id)
) STRICT, WITHOUT ROWID;
