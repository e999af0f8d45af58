-- Approvals, repository by repository, and the ways to them.

CREATE TABLE authorizations (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    state TEXT NOT NULL,
    -- Since when it is active, or when it was taken back.
    state_at BIGINT,
    purpose TEXT,
    -- Scopes, separated by spaces.
    account_permissions TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- Grows with every change, so that two changes do not lose each other.
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);

CREATE INDEX authorizations_of_client ON authorizations (client_id);

CREATE TABLE authorization_connections (
    tenant_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    position BIGINT NOT NULL,
    connection_id UUID NOT NULL,
    provider TEXT NOT NULL,
    PRIMARY KEY (tenant_id, authorization_id, position),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);

CREATE TABLE authorization_repositories (
    tenant_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    position BIGINT NOT NULL,
    connection_id UUID NOT NULL,
    provider TEXT NOT NULL,
    repository_id TEXT NOT NULL,
    full_name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, authorization_id, position),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
);

CREATE TABLE connect_sessions (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    digest BYTEA NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
);

CREATE INDEX connect_sessions_by_end ON connect_sessions (expires_at);

CREATE TABLE pushed_requests (
    tenant_id UUID NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    parameters TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
);

CREATE INDEX pushed_requests_by_end ON pushed_requests (expires_at);

CREATE TABLE transactions (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    browser BYTEA NOT NULL,
    client_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    redirect_uri TEXT NOT NULL,
    state TEXT,
    scope TEXT NOT NULL,
    challenge BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
);

CREATE INDEX transactions_by_end ON transactions (expires_at);
