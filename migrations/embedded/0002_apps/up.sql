-- Apps and their secrets.

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

CREATE TABLE app_secrets (
    tenant_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (tenant_id, client_id, position),
    FOREIGN KEY (tenant_id, client_id) REFERENCES apps (tenant_id, id)
) STRICT, WITHOUT ROWID;
