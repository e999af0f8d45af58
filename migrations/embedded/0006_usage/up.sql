-- The journal of reads. It outlives what it names, so that it refers to nothing.

CREATE TABLE usage (
    tenant_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    client_id BLOB NOT NULL,
    token_id BLOB NOT NULL,
    authorization_id BLOB,
    customer_id BLOB,
    connection_id BLOB,
    provider TEXT,
    repository_id TEXT,
    endpoint TEXT NOT NULL,
    status INTEGER NOT NULL,
    error_code TEXT,
    -- Microseconds.
    duration INTEGER NOT NULL,
    upstream_calls INTEGER NOT NULL,
    items INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    withheld INTEGER NOT NULL,
    masked INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, request_id)
) STRICT, WITHOUT ROWID;
