-- Approvals, repository by repository, and the ways to them.

CREATE TABLE authorizations (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    state TEXT NOT NULL,
    -- Since when it is active, or when it was taken back.
    state_at INTEGER,
    purpose TEXT,
    -- Scopes, separated by spaces.
    account_permissions TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Grows with every change, so that two changes do not lose each other.
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX authorizations_of_client ON authorizations (client_id);

CREATE TABLE authorization_connections (
    tenant_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    connection_id BLOB NOT NULL,
    provider TEXT NOT NULL,
    PRIMARY KEY (tenant_id, authorization_id, position),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authorization_repositories (
    tenant_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    connection_id BLOB NOT NULL,
    provider TEXT NOT NULL,
    repository_id TEXT NOT NULL,
    full_name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, authorization_id, position),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE connect_sessions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX connect_sessions_by_end ON connect_sessions (expires_at);

CREATE TABLE pushed_requests (
    tenant_id BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL,
    parameters TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pushed_requests_by_end ON pushed_requests (expires_at);

CREATE TABLE transactions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    browser BLOB NOT NULL,
    client_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    redirect_uri TEXT NOT NULL,
    state TEXT,
    scope TEXT NOT NULL,
    challenge BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX transactions_by_end ON transactions (expires_at);
