-- Accounts that are connected by a login or by a token: whose they are at their host, what they are read with, the
-- logins that lead there, and the keys that seal all of it.

ALTER TABLE connections ADD COLUMN kind TEXT NOT NULL DEFAULT 'configured';
-- What stays the same at the host when an account is renamed.
ALTER TABLE connections ADD COLUMN host_account TEXT NOT NULL DEFAULT '';
UPDATE connections SET host_account = account;
-- A JSON array of text, in the host's own words.
ALTER TABLE connections ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';

-- An account is known by what its host calls it for ever, no longer by its name.
DROP INDEX connections_of_account;
CREATE UNIQUE INDEX connections_of_account ON connections (customer_id, provider, host_account);

-- Beside the connections, so that listing those never touches a secret.
CREATE TABLE credentials (
    tenant_id BLOB NOT NULL,
    connection_id BLOB NOT NULL UNIQUE,
    -- Sealed values begin with the number of their data key.
    access TEXT NOT NULL,
    expires_at INTEGER,
    refresh TEXT,
    refresh_expires_at INTEGER,
    -- Grows with every change: of two refreshes one counts.
    generation INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Whose turn it is to refresh, and until when.
    lease_id BLOB,
    lease_until INTEGER,
    PRIMARY KEY (tenant_id, connection_id),
    FOREIGN KEY (tenant_id, connection_id) REFERENCES connections (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE login_attempts (
    tenant_id BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    customer_id BLOB NOT NULL,
    -- The visit that it belongs to; it may be swept away before.
    transaction_id BLOB NOT NULL,
    browser BLOB NOT NULL,
    provider TEXT NOT NULL,
    mode TEXT NOT NULL,
    verifier TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX login_attempts_by_end ON login_attempts (expires_at);
CREATE INDEX login_attempts_of_customer ON login_attempts (customer_id);

CREATE TABLE data_keys (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    number INTEGER NOT NULL,
    wrapped TEXT NOT NULL,
    -- The number of the master key that wrapped it.
    master INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX data_keys_by_master ON data_keys (master);
