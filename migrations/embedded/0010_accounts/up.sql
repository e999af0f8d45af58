-- People may belong to several organisations, and prove who they are by themselves.
--
-- Nothing has been released with the tables as they were, so that they change in one step. SQLite cannot change a
-- reference: tables are made again. References are looked at when everything is there.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE old_users AS SELECT * FROM users;
CREATE TEMPORARY TABLE old_sessions AS SELECT * FROM sessions;
CREATE TEMPORARY TABLE old_apps AS SELECT * FROM apps;
DROP TABLE sessions;
DROP TABLE apps;
DROP TABLE users;

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_of_user ON memberships (user_id, tenant_id);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL REFERENCES users (id),
    -- The organisation that it is in at the moment.
    tenant_id BLOB REFERENCES tenants (id),
    agent TEXT,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE apps (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    id BLOB NOT NULL UNIQUE,
    owner_id BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    description TEXT,
    -- JSON: arrays of text.
    redirect_uris TEXT NOT NULL,
    embed_origins TEXT NOT NULL,
    -- Scopes, separated by spaces.
    default_permissions TEXT NOT NULL,
    require_pkce INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    -- Grows with every change, so that two changes do not lose each other.
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX apps_of_owner ON apps (owner_id, id);

INSERT INTO users SELECT id, email, name, created_at FROM old_users;
-- Whoever was there did everything so far.
INSERT INTO memberships SELECT tenant_id, id, 'owner', created_at FROM old_users;
INSERT INTO sessions
SELECT id, digest, user_id, tenant_id, NULL, created_at, created_at, expires_at, revoked_at FROM old_sessions;
INSERT INTO apps SELECT * FROM old_apps;
DROP TABLE old_users;
DROP TABLE old_sessions;
DROP TABLE old_apps;

-- How people prove who they are. The hash is a PHC string, with its parameters.
CREATE TABLE passwords (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    hash TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authenticators (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    -- Whose data key has sealed the key.
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    sealed_key TEXT NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id),
    digest BLOB NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    id BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_end ON invitations (expires_at);

CREATE TABLE password_links (
    digest BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX password_links_of_user ON password_links (user_id);
CREATE INDEX password_links_by_end ON password_links (expires_at);

-- Who tried to log in how often: an account or a network, as a digest.
CREATE TABLE throttles (
    subject BLOB NOT NULL PRIMARY KEY,
    attempts INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_by_age ON throttles (last_at);
