-- Administration: the audit trail, admin keys, grants, and what the firewall blocks beyond what is built in.

-- The end of each chain. The installation's has the id that is all zeros.
CREATE TABLE audit_heads (
    tenant_id UUID NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit (
    tenant_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    id UUID NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT,
    reason TEXT,
    network TEXT,
    request_id UUID,
    outcome TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
);
CREATE UNIQUE INDEX audit_by_id ON audit (id);
CREATE INDEX audit_of_chain ON audit (tenant_id, id);

CREATE TABLE admin_keys (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    -- Scopes, separated by blanks.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE grants (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    connection_id UUID NOT NULL,
    authorization_id UUID NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
);
CREATE UNIQUE INDEX grants_by_id ON grants (id);
CREATE INDEX grants_of_client ON grants (client_id, id);
CREATE INDEX grants_of_connection ON grants (connection_id, id);
CREATE INDEX grants_of_authorization ON grants (authorization_id);

-- One row, once somebody changed something.
CREATE TABLE firewall_settings (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    suspended_until BIGINT,
    -- A JSON array of path patterns.
    patterns TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
