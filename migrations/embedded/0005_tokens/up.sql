-- Codes, tokens, and the number that tells every process to forget rights.

CREATE TABLE codes (
    tenant_id BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL,
    authorization_id BLOB NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge BLOB,
    permissions TEXT NOT NULL,
    family_id BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX codes_by_age ON codes (issued_at);

CREATE TABLE tokens (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    client_id BLOB NOT NULL,
    authorization_id BLOB,
    family_id BLOB NOT NULL,
    issued_by TEXT NOT NULL,
    permissions TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id),
    FOREIGN KEY (tenant_id, authorization_id) REFERENCES authorizations (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_end ON tokens (expires_at);
-- Only what can still be taken back is looked up by what it belongs to.
CREATE INDEX tokens_of_family ON tokens (family_id) WHERE revoked_at IS NULL;
CREATE INDEX tokens_of_authorization ON tokens (authorization_id) WHERE revoked_at IS NULL;
CREATE INDEX tokens_of_client ON tokens (client_id) WHERE revoked_at IS NULL;

-- One row, of nobody.
CREATE TABLE access_version (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO access_version (id, version) VALUES (1, 0);
