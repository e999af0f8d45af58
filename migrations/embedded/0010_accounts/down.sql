DROP TABLE throttles;
DROP TABLE password_links;
DROP TABLE invitations;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
DROP TABLE passwords;

-- A person had one organisation: the first is kept. Whoever has none cannot be kept, unless there are apps of theirs.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE old_users AS
SELECT COALESCE(
    (SELECT min(tenant_id) FROM memberships WHERE user_id = it.id),
    (SELECT min(tenant_id) FROM apps WHERE owner_id = it.id)
) AS tenant_id, id, email, name, created_at FROM users AS it;
CREATE TEMPORARY TABLE old_sessions AS SELECT * FROM sessions;
CREATE TEMPORARY TABLE old_apps AS SELECT * FROM apps;
DROP TABLE memberships;
DROP TABLE sessions;
DROP TABLE apps;
DROP TABLE users;

CREATE TABLE users (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    id BLOB NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE apps (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    owner_id BLOB NOT NULL,
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
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX apps_of_owner ON apps (owner_id, id);

INSERT INTO users SELECT * FROM old_users WHERE tenant_id IS NOT NULL;
INSERT INTO sessions
SELECT users.tenant_id, it.id, it.digest, it.user_id, it.created_at, it.expires_at, it.revoked_at
FROM old_sessions AS it JOIN users ON users.id = it.user_id;
-- An app of another organisation goes over to somebody there.
INSERT INTO apps
SELECT it.tenant_id, it.id,
    COALESCE(
        (SELECT id FROM users WHERE tenant_id = it.tenant_id AND id = it.owner_id),
        (SELECT min(id) FROM users WHERE tenant_id = it.tenant_id)
    ),
    it.name, it.description, it.redirect_uris, it.embed_origins, it.default_permissions, it.require_pkce,
    it.created_at, it.updated_at, it.deleted_at, it.revision
FROM old_apps AS it;
DROP TABLE old_users;
DROP TABLE old_sessions;
DROP TABLE old_apps;
