-- What customers come back to: sessions on the access page, receipts of what they decided, and their journal.

-- What becomes of the answer to a visit.
ALTER TABLE transactions ADD COLUMN answer TEXT NOT NULL DEFAULT 'query';

CREATE TABLE customer_sessions (
    tenant_id UUID NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);

CREATE INDEX customer_sessions_by_end ON customer_sessions (expires_at);
CREATE INDEX customer_sessions_of_customer ON customer_sessions (customer_id);

-- They outlive what they name, so that they refer to nothing.
CREATE TABLE receipts (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    client_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    -- Counted from 1 for each approval.
    version BIGINT NOT NULL,
    change TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The signed statement: a JWS in its compact form.
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (authorization_id, version)
);

CREATE INDEX receipts_of_customer ON receipts (customer_id, id);
CREATE INDEX usage_of_customer ON usage (customer_id, request_id) WHERE customer_id IS NOT NULL;
CREATE INDEX customers_by_reference ON customers (client_id, reference);

-- What names an account: asked before one of a stranger is deleted, by the sweep and by the references.
CREATE INDEX connections_taken_away ON connections (updated_at) WHERE status = 'disconnected';
CREATE INDEX authorization_connections_of_connection ON authorization_connections (connection_id);
CREATE INDEX authorization_repositories_of_connection ON authorization_repositories (connection_id);
