-- Administration: the audit trail, admin keys, grants, and what the firewall blocks beyond what is built in.

-- The end of each chain. The installation's has the id that is all zeros.
CREATE TABLE audit_heads (
    tenant_id BLOB NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    tenant_id BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT,
    reason TEXT,
    network TEXT,
    request_id BLOB,
    outcome TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_by_id ON audit (id);
CREATE INDEX audit_of_chain ON audit (tenant_id, id);

CREATE TABLE admin_keys (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    -- Scopes, separated by blanks.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX grants_by_id ON grants (id);
CREATE INDEX grants_of_client ON grants (client_id, id);
CREATE INDEX grants_of_connection ON grants (connection_id, id);
CREATE INDEX grants_of_authorization ON grants (authorization_id);

-- One row, once somebody changed something.
CREATE TABLE firewall_settings (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    suspended_until INTEGER,
    -- A JSON array of path patterns.
    patterns TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
